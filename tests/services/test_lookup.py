"""Queues, cases, searches and scans as people look them up."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from support.warehouse import Warehouse
from zeroline.domain.case import Queue
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR, parse
from zeroline.domain.next_step import Step
from zeroline.domain.pattern import Pattern
from zeroline.domain.person import Person
from zeroline.domain.quantity import SCALE
from zeroline.domain.severity import Level
from zeroline.domain.views.found import HitKind, ScanKind
from zeroline.services.casework import Casework
from zeroline.services.counting import Counting
from zeroline.services.lookup import Lookup
from zeroline.storage import casework as stored_casework
from zeroline.storage import schema


@pytest.fixture
def lookup(warehouse: Warehouse) -> Lookup:
    return Lookup(warehouse.database)


def put(warehouse: Warehouse, table: Any, **values: Any) -> Any:
    """One row of a table, as an import would leave it."""
    with warehouse.database.write() as work:
        made = work.connection.execute(insert(table).values(**values))
        work.audit("test record", table.name)
        work.changed(everything=True)
        work.commit()
    return made.inserted_primary_key[0]


def reserve(warehouse: Warehouse, item: str, location: str | None, quantity: int, **more: Any) -> None:
    put(
        warehouse,
        schema.reservation,
        source_id=warehouse.source(),
        reference=f"R-{item}-{location}-{quantity}",
        item_id=warehouse.item(item),
        location_id=None if location is None else warehouse.location(location),
        quantity=quantity * SCALE,
        **more,
    )


def open_document(
    warehouse: Warehouse, kind: str, number: str, item: str, location: str | None, quantity: int, **more: Any
) -> int:
    document = put(warehouse, schema.document, source_id=warehouse.source(), kind=kind, number=number, **more)
    put(
        warehouse,
        schema.document_line,
        document_id=document,
        line="1",
        item_id=warehouse.item(item),
        location_id=None if location is None else warehouse.location(location),
        quantity=quantity * SCALE,
    )
    return document


def case_of(warehouse: Warehouse, queue: str = "negative") -> int:
    with warehouse.database.read() as connection:
        return connection.execute(
            select(schema.stock_case.c.id).where(schema.stock_case.c.queue == queue)
        ).scalar_one()


def rows(lookup: Lookup, warehouse: Warehouse, queue: Queue) -> list[dict[str, Any]]:
    table = lookup.queue(warehouse.people.supervisor, queue)
    return [table.row(row) for row in range(len(table))]


# --- who may look


@pytest.mark.parametrize(
    "ask",
    [
        lambda lookup, who: lookup.queue(who, Queue.NEGATIVE),
        lambda lookup, who: lookup.queue_counts(who),
        lambda lookup, who: lookup.case(who, 1),
        lambda lookup, who: lookup.find(who, "BRG"),
        lambda lookup, who: lookup.attachment(who, 1),
        lambda lookup, who: lookup.recent_causes(who),
    ],
)
def test_a_counter_is_shown_nothing_of_the_book(warehouse, lookup, ask):
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z")
    with pytest.raises(DomainError) as refused:
        ask(lookup, warehouse.people.counter)
    assert refused.value.code == "not-allowed"


def test_an_auditor_reads_every_queue(warehouse, lookup):
    for queue in Queue:
        assert len(lookup.queue(warehouse.people.auditor, queue)) == 0


# --- queues


def test_a_negative_shows_what_it_is_worth_and_who_took_it_below_zero(warehouse, lookup):
    """−8 by R. Diaz with OUT/00033, a day ago, at 2.50"""
    warehouse.move(
        "BRG-6204",
        "E-02",
        "-8",
        "2026-03-01T06:00:00Z",
        document="OUT/00033",
        user="R. Diaz",
        kind="shipment",
    )
    [row] = rows(lookup, warehouse, Queue.NEGATIVE)
    expected = {
        "item": "BRG-6204",
        "location": "E-02",
        "site": "MAIN",
        "zone": "A",
        "on_hand": -8 * SCALE,
        "unit": "EA",
        "currency": "EUR",
        "value": -20 * SCALE,
        "value_days": 20 * SCALE,
        "since": parse("2026-03-01T06:00:00Z"),
        "document": "OUT/00033",
        "user": "R. Diaz",
        "kind": "shipment",
        "state": "new",
        "owner": "",
        "owner_id": None,
        "cause": "",
        "ended_at": None,
        "level": "medium",
    }
    assert {name: row[name] for name in expected} == expected


def test_the_queue_grows_worse_while_one_looks_on(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T06:00:00Z")
    later = lookup.queue(warehouse.people.supervisor, Queue.NEGATIVE, warehouse.clock() + DAY)
    assert later.value("value_days", 0) == 40 * SCALE


def test_what_an_order_needs_comes_first_and_says_so(warehouse, lookup):
    """−100 of what nobody wants; −1 of what two orders want"""
    warehouse.move("BULK", "A-01", "-100", "2026-03-01T06:00:00Z")
    warehouse.move("WANTED", "A-02", "-1", "2026-03-02T05:00:00Z")
    reserve(warehouse, "WANTED", "A-02", 3, document="SO-1")
    open_document(warehouse, "order", "SO-1", "WANTED", "A-02", 3)
    open_document(warehouse, "order", "SO-2", "WANTED", "A-02", 4)
    table = lookup.queue(warehouse.people.supervisor, Queue.NEGATIVE)
    assert [table.value("item", row) for row in range(2)] == ["WANTED", "BULK"]
    assert table.severity_reason(0) == (
        "orders-at-risk",
        {"orders": 2, "orders_quantity": 7 * SCALE, "unit": "EA"},
    )


def test_a_promise_without_a_place_counts_only_when_the_item_cannot_cover_it(warehouse, lookup):
    """−1 here, plenty there; −1 here, nothing else"""
    warehouse.move("COVERED", "A-01", "-1", "2026-03-02T05:00:00Z")
    warehouse.move("COVERED", "A-02", "50", "2026-03-02T05:00:00Z")
    warehouse.move("SHORT", "A-03", "-1", "2026-03-02T05:00:00Z")
    reserve(warehouse, "COVERED", None, 3)
    reserve(warehouse, "SHORT", None, 3)
    found = {row["item"]: row["orders"] for row in rows(lookup, warehouse, Queue.NEGATIVE)}
    assert found == {"COVERED": 0, "SHORT": 1}


def test_a_promise_of_another_lot_is_no_risk_here(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-1", "2026-03-02T05:00:00Z", lot="L1")
    reserve(warehouse, "ITEM-1", "A-01", 3, lot="L2")
    assert rows(lookup, warehouse, Queue.NEGATIVE)[0]["orders"] == 0
    reserve(warehouse, "ITEM-1", "A-01", 2, lot="L1")
    assert rows(lookup, warehouse, Queue.NEGATIVE)[0]["orders"] == 1


def test_back_above_zero_the_case_is_low_and_worth_nothing(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T06:00:00Z")
    warehouse.move("ITEM-1", "A-01", "30", "2026-03-01T18:00:00Z")
    table = lookup.queue(warehouse.people.supervisor, Queue.NEGATIVE)
    assert (table.value("level", 0), table.value("value", 0)) == (Level.LOW, 0)
    assert table.severity_reason(0) == ("above-zero", {"ended_at": parse("2026-03-01T18:00:00Z")})


def test_transients_of_one_pattern_can_be_grouped(warehouse, lookup):
    """two items shipped at nine, received at eight, posted in the afternoon"""
    for item in ("A", "B"):
        warehouse.move(item, "A-01", "-8", "2026-03-01T09:00:00Z", document="OUT/1", kind="shipment")
        warehouse.move(item, "A-01", "30", "2026-03-01T16:30:00Z", "2026-03-01T08:40:00Z")
    found = rows(lookup, warehouse, Queue.TRANSIENT)
    assert {row["pattern"] for row in found} == {Pattern("shipment", "receipt", "wms", "OUT", "hours")}
    assert [row["value"] for row in found] == [-20 * SCALE] * 2


def test_a_forced_movement_is_shown_with_its_own_quantity(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "5", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", user="R. Diaz", override=True)
    table = lookup.queue(warehouse.people.supervisor, Queue.OVERRIDE)
    assert table.value("value", 0) == -20 * SCALE
    assert table.severity_reason(0) == ("forced", {"quantity": -8 * SCALE, "user": "R. Diaz"})


def store_balance(warehouse: Warehouse, item: str, location: str, on_hand: int, as_of: str) -> None:
    key_id = warehouse.key(item, location)
    put(
        warehouse,
        schema.stored_balance,
        source_id=warehouse.source(),
        key_id=key_id,
        on_hand=on_hand * SCALE,
        as_of=parse(as_of),
    )
    with warehouse.database.write() as work:
        stored_casework.sync(work, [key_id])
        work.audit("test sync", "ledger")
        work.changed(ledger={key_id})
        work.commit()


def test_a_stored_balance_that_differs_from_its_movements_is_shown_with_both(warehouse, lookup):
    """+10, −3 by noon; the source says 9 at noon; −2 later changes nothing"""
    warehouse.move("ITEM-1", "A-01", "10", "2026-03-01T08:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-3", "2026-03-01T09:00:00Z")
    store_balance(warehouse, "ITEM-1", "A-01", 9, "2026-03-01T12:00:00Z")
    warehouse.move("ITEM-1", "A-01", "-2", "2026-03-01T13:00:00Z")
    [row] = rows(lookup, warehouse, Queue.SELF_CHECK)
    shown = (row["stored"], row["summed"], row["difference"], row["source"], row["level"])
    assert shown == (9 * SCALE, 7 * SCALE, 2 * SCALE, "wms", "medium")
    view = lookup.case(warehouse.people.auditor, row["id"])
    assert (view.self_check.difference, view.next_step.code) == (2 * SCALE, Step.ASSIGN)


def test_a_stored_balance_that_agrees_is_no_case(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "10", "2026-03-01T08:00:00Z")
    store_balance(warehouse, "ITEM-1", "A-01", 10, "2026-03-01T12:00:00Z")
    assert rows(lookup, warehouse, Queue.SELF_CHECK) == []


def test_a_self_check_that_agrees_again_puts_its_case_aside_and_brings_it_back(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "10", "2026-03-01T08:00:00Z")
    store_balance(warehouse, "ITEM-1", "A-01", 9, "2026-03-01T12:00:00Z")
    [row] = rows(lookup, warehouse, Queue.SELF_CHECK)
    store_balance(warehouse, "ITEM-1", "A-01", 10, "2026-03-01T13:00:00Z")
    assert rows(lookup, warehouse, Queue.SELF_CHECK) == []
    store_balance(warehouse, "ITEM-1", "A-01", 8, "2026-03-02T07:00:00Z")
    [again] = rows(lookup, warehouse, Queue.SELF_CHECK)
    assert (again["id"], again["state"], again["reopened"]) == (row["id"], "reopened", 1)


def test_a_dismissed_difference_stays_dismissed_until_a_newer_balance_differs(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "10", "2026-03-01T08:00:00Z")
    store_balance(warehouse, "ITEM-1", "A-01", 9, "2026-03-01T12:00:00Z")
    Casework(warehouse.database).dismiss(
        warehouse.people.supervisor, [case_of(warehouse, "self-check")], "known"
    )
    warehouse.move("ITEM-1", "A-01", "1", "2026-03-01T13:00:00Z")
    assert rows(lookup, warehouse, Queue.SELF_CHECK) == []


def test_a_repeat_says_how_often(warehouse, lookup):
    for hour, quantity in ((1, "-1"), (2, "1"), (3, "-1"), (4, "1")):
        warehouse.move("ITEM-1", "A-01", quantity, f"2026-03-02T{hour:02d}:00:00Z")
    table = lookup.queue(warehouse.people.supervisor, Queue.REPEAT)
    assert table.severity_reason(0) == ("repeats", {"episodes": 2, "misses": 0})
    view = lookup.case(warehouse.people.supervisor, int(table.ids[0]))
    assert (view.repeat.episodes, view.repeat.days) == (2, 90)


def test_a_repeat_that_has_grown_old_still_says_what_there_is_now(warehouse, lookup):
    for hour, quantity in ((1, "-1"), (2, "1"), (3, "-1"), (4, "1")):
        warehouse.move("ITEM-1", "A-01", quantity, f"2026-03-02T{hour:02d}:00:00Z")
    warehouse.clock.forward(200 * DAY)
    warehouse.move("ITEM-2", "A-01", "5")
    [row] = rows(lookup, warehouse, Queue.REPEAT)
    assert (row["episodes"], row["misses"]) == (0, 0)
    assert lookup.case(warehouse.people.supervisor, row["id"]).repeat.episodes == 0


def test_counts_are_due_by_class_and_never_counted_comes_first(warehouse, lookup):
    """an A item counted 92 days ago, one counted 90 days ago, one never; one without a class"""
    for item in ("OLD", "FRESH", "NEVER"):
        warehouse.item(item, abc_class="A")
    for item in ("OLD", "FRESH", "NEVER", "PLAIN"):
        warehouse.move(item, "A-01", "5", "2025-11-01T08:00:00Z")
    first = warehouse.clock()
    count(warehouse, "OLD", "A-01", "5", [warehouse.people.counter])
    warehouse.clock.forward(2 * DAY)
    count(warehouse, "FRESH", "A-01", "5", [warehouse.people.counter])
    warehouse.clock.forward(90 * DAY)
    found = rows(lookup, warehouse, Queue.COUNTS_DUE)
    assert [(row["item"], row["counts_per_year"]) for row in found] == [("NEVER", 4), ("OLD", 4)]
    assert [row["last_counted_at"] for row in found] == [None, first]
    assert [row["due_at"] for row in found] == [None, first + 365 * DAY // 4]


def count(warehouse: Warehouse, item: str, location: str, entered: str, counters: list[Person]) -> None:
    """A sheet of its own, counted by one after the other."""
    counting = Counting(warehouse.database)
    sheet = counting.create_sheet(warehouse.people.supervisor, key_ids=[warehouse.key(item, location)])
    for counter in counters:
        [line] = counting.blind_sheet(counter, sheet.sheet_id).lines
        counting.enter(counter, line.line_id, entered)
        counting.submit(counter, sheet.sheet_id)


def test_the_badges_say_how_much_waits_and_how_much_is_mine(warehouse, lookup):
    warehouse.item("A-ITEM", abc_class="A")
    warehouse.move("A-ITEM", "A-01", "-8", "2026-03-01T06:00:00Z")
    warehouse.move("ITEM-2", "A-01", "-4", "2026-03-01T06:00:00Z")
    Casework(warehouse.database).take(warehouse.people.supervisor, [1])
    warehouse.clock.forward(30 * HOUR)
    badges = {badge.queue: badge for badge in lookup.queue_counts(warehouse.people.supervisor)}
    negative = badges[Queue.NEGATIVE]
    assert (negative.total, negative.mine, negative.overdue, negative.value) == (2, 1, 2, -30 * SCALE)
    assert (badges[Queue.COUNTS_DUE].total, badges[Queue.TRANSIENT].total) == (1, 0)
    assert list(badges) == list(Queue)


def test_a_badge_counts_what_its_queue_lists(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T06:00:00Z")
    Casework(warehouse.database).dismiss(warehouse.people.supervisor, [1], "test stock")
    assert lookup.queue_counts(warehouse.people.supervisor)[0].total == 0
    assert rows(lookup, warehouse, Queue.NEGATIVE) == []


# --- the case


def test_a_case_tells_what_happened_in_both_orders(warehouse, lookup):
    """+3; −11 at nine; +30 of 08:40 posted at 16:30"""
    warehouse.move("BRG-6204", "E-02", "3", "2026-03-01T08:00:00Z")
    crossing = warehouse.move("BRG-6204", "E-02", "-11", "2026-03-01T09:12:00Z", user="R. Diaz")
    closing = warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T16:30:00Z", "2026-03-01T08:40:00Z")
    view = lookup.case(warehouse.people.supervisor, 1)
    assert (view.crossing.seq, view.crossing.balance, view.crossing.user) == (crossing, -8 * SCALE, "R. Diaz")
    assert view.closing.seq == closing
    assert view.history.balances.tolist() == [3 * SCALE, -8 * SCALE, 22 * SCALE]
    assert view.history.physical_balances.tolist() == [3 * SCALE, 33 * SCALE, 22 * SCALE]
    assert [row.balance for row in view.ledger] == view.history.balances.tolist()
    assert (view.episode.depth, view.episode.transient, len(view.episodes)) == (-8 * SCALE, True, 1)
    assert view.pattern == Pattern("pick", "receipt", "wms", "", "hours")
    assert view.next_step.code is Step.CLOSE_TRANSIENT


def test_a_case_knows_where_else_the_item_lies(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    warehouse.move("ITEM-1", "A-01", "2", "2026-03-01T09:00:00Z", lot="L1")
    warehouse.move("ITEM-1", "A-02", "8", "2026-03-01T09:00:00Z")
    warehouse.location("Z-01", site="NORTH")
    warehouse.move("ITEM-1", "Z-01", "5", "2026-03-01T09:00:00Z")
    view = lookup.case(warehouse.people.supervisor, 1)
    found = [(other.location, other.lot, other.on_hand, other.relation) for other in view.elsewhere]
    assert found == [
        ("A-01", "L1", 2 * SCALE, "lot"),
        ("A-02", "", 8 * SCALE, "bin"),
        ("Z-01", "", 5 * SCALE, "site"),
    ]
    assert view.item_on_hand == 7 * SCALE


def test_a_case_shows_the_open_document_that_may_explain_it_and_waits_for_it(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    open_document(warehouse, "order", "SO-1", "ITEM-1", "A-01", 4)
    open_document(warehouse, "receipt", "IN/8", "ITEM-1", "A-02", 30)
    open_document(warehouse, "receipt", "IN/7", "ITEM-1", None, 30, due_at=5)
    view = lookup.case(warehouse.people.supervisor, 1)
    assert [(document.number, document.explains) for document in view.documents] == [
        ("IN/7", True),
        ("IN/8", False),
        ("SO-1", False),
    ]
    assert (view.next_step.code, dict(view.next_step.facts)) == (
        Step.WAIT_DOCUMENT,
        {"document": "IN/7", "due_at": 5},
    )


def test_a_case_shows_who_was_promised_the_stock(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    reserve(warehouse, "ITEM-1", "A-01", 3, document="SO-1", due_at=9)
    reserve(warehouse, "ITEM-1", "A-02", 4)
    reserve(warehouse, "ITEM-1", None, 5)
    view = lookup.case(warehouse.people.supervisor, 1)
    assert [(promise.location, promise.quantity) for promise in view.reservations] == [
        ("A-01", 3 * SCALE),
        ("", 5 * SCALE),
    ]
    assert (view.severity.level, view.severity.facts["orders"]) == (Level.HIGH, 2)


def test_a_case_without_physical_times_says_so(warehouse, lookup):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", time_basis="recorded")
    view = lookup.case(warehouse.people.supervisor, 1)
    assert (view.physical_known, view.time_basis) == (False, "recorded")


def test_a_case_shows_its_counts_with_the_arithmetic_and_asks_for_the_cause(warehouse, lookup):
    """−8; counted 12"""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z")
    counting, people = Counting(warehouse.database), warehouse.people
    sheet = counting.create_sheet(people.supervisor, case_ids=[1])
    assert lookup.case(people.supervisor, 1).next_step.code is Step.ENTER_COUNT
    [line] = counting.blind_sheet(people.counter, sheet.sheet_id).lines
    counting.enter(people.counter, line.line_id, "12")
    counting.submit(people.counter, sheet.sheet_id)
    view = lookup.case(people.supervisor, 1)
    [counted] = view.counts
    assert (counted.counted, counted.book, counted.variance) == (12 * SCALE, -8 * SCALE, 20 * SCALE)
    assert (counted.counter, counted.within) == ("Cora Counter", False)
    assert view.next_step.code is Step.RECOUNT


def test_two_counts_out_of_tolerance_make_a_repeat_and_one_with_its_recount_does_not(warehouse, lookup):
    """+5; counted and recounted as 9 on one sheet, and on another"""
    warehouse.move("ITEM-1", "A-01", "5", "2026-03-01T09:00:00Z")
    people = warehouse.people
    for expected in ([], [2]):
        warehouse.clock.forward(HOUR)
        count(warehouse, "ITEM-1", "A-01", "9", [people.counter, people.other_counter])
        warehouse.clock.forward(HOUR)
        warehouse.move("ITEM-2", "A-01", "1")
        Casework(warehouse.database).sync()
        assert [row["misses"] for row in rows(lookup, warehouse, Queue.REPEAT)] == expected


def test_a_forced_movement_is_the_subject_of_its_case(warehouse, lookup):
    forced = warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    view = lookup.case(warehouse.people.supervisor, case_of(warehouse, "override"))
    assert (view.forced.seq, view.crossing) == (forced, None)
    assert view.other_cases == ((case_of(warehouse), "negative", "new"),)


def test_a_long_ledger_is_shown_around_the_crossing(warehouse, lookup):
    """600 receipts, the crossing, 600 issues"""
    from zeroline.storage import ledger

    key_id, at = warehouse.key("ITEM-1", "A-01"), parse("2026-03-01T00:00:00Z")
    quantities = [SCALE] * 600 + [-601 * SCALE] + [-SCALE] * 600
    movements = [
        ledger.NewMovement(key_id, quantity, "pick", at + n, at + n, warehouse.source(), f"m{n}")
        for n, quantity in enumerate(quantities)
    ]
    with warehouse.database.write() as work:
        stored_casework.sync(work, ledger.append(work.connection, movements).keys)
        work.commit()
    view = lookup.case(warehouse.people.supervisor, 1)
    assert (view.ledger_before, len(view.ledger), view.ledger_after) == (100, 1000, 101)
    assert view.crossing.balance == -SCALE
    assert len(view.history) == 1201


def test_an_unknown_case_is_refused(warehouse, lookup):
    with pytest.raises(DomainError) as refused:
        lookup.case(warehouse.people.supervisor, 5)
    assert refused.value.code == "case-unknown"


def test_an_unknown_attachment_is_refused(warehouse, lookup):
    with pytest.raises(DomainError) as refused:
        lookup.attachment(warehouse.people.supervisor, 5)
    assert refused.value.code == "attachment-unknown"


def test_a_person_finds_the_causes_they_used_last(warehouse, lookup):
    for item in ("A", "B", "C"):
        warehouse.move(item, "A-01", "-8", "2026-03-01T09:00:00Z")
    casework = Casework(warehouse.database)
    for case_id, cause in ((1, "K2"), (2, "T1"), (3, "K2")):
        casework.tag_cause(warehouse.people.supervisor, case_id, cause)
    assert lookup.recent_causes(warehouse.people.supervisor) == ("K2", "T1")
    assert lookup.recent_causes(warehouse.people.supervisor, 1) == ("K2",)
    assert lookup.recent_causes(warehouse.people.manager) == ()


# --- finding and scanning


def test_finding_puts_the_exact_code_first(warehouse, lookup):
    for code in ("XBRG", "BRG-62045", "BRG-6204"):
        warehouse.item(code)
    hits = lookup.find(warehouse.people.supervisor, "brg-6204")
    assert [hit.label for hit in hits] == ["BRG-6204", "BRG-62045"]
    assert [hit.label for hit in lookup.find(warehouse.people.supervisor, "BRG")][-1] == "XBRG"


def test_an_item_is_found_by_its_description_and_its_barcode_with_its_cases(warehouse, lookup):
    warehouse.item("BRG-6204", description="Ball bearing")
    put(
        warehouse, schema.item_barcode, barcode="5901234123457", item_id=warehouse.item("BRG-6204"), unit="CS"
    )
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:00:00Z")
    [by_words] = lookup.find(warehouse.people.supervisor, "ball")
    [by_barcode] = lookup.find(warehouse.people.supervisor, "59012341")
    assert by_words == by_barcode
    assert (by_words.kind, by_words.label, by_words.case_ids) == (HitKind.ITEM, "BRG-6204", (1,))


def test_a_bin_is_found_with_where_it_is(warehouse, lookup):
    warehouse.location("E-02", warehouse="WH1", zone="E")
    [hit] = lookup.find(warehouse.people.supervisor, "e-02")
    assert (hit.kind, hit.label, hit.detail) == (HitKind.LOCATION, "E-02", "MAIN · WH1 · E")


def test_a_document_is_found_imported_or_in_the_ledger_of_a_case(warehouse, lookup):
    open_document(warehouse, "receipt", "IN/00007", "BRG-6204", "E-02", 30)
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:00:00Z", document="OUT/00033", kind="shipment")
    [receipt] = lookup.find(warehouse.people.supervisor, "IN/0")
    [shipment] = lookup.find(warehouse.people.supervisor, "00033")
    assert (receipt.kind, receipt.detail, receipt.state) == (HitKind.DOCUMENT, "receipt", "open")
    assert (shipment.label, shipment.detail, shipment.case_ids) == ("OUT/00033", "shipment", (1,))


def test_a_case_is_found_by_its_number(warehouse, lookup):
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:00:00Z")
    for text in ("1", "#1", "case 1"):
        hit = lookup.find(warehouse.people.supervisor, text)[0]
        assert (hit.kind, hit.target, hit.detail) == (HitKind.CASE, 1, "BRG-6204 · E-02")
    assert lookup.find(warehouse.people.supervisor, "#99") == ()


def test_signs_that_mean_anything_in_sql_are_only_themselves(warehouse, lookup):
    warehouse.item("50%-OFF")
    warehouse.item("500-OFF")
    assert [hit.label for hit in lookup.find(warehouse.people.supervisor, "50%")] == ["50%-OFF"]
    assert lookup.find(warehouse.people.supervisor, "  ") == ()


def test_a_scan_knows_badges_sheets_bins_and_items_of_the_house(warehouse, lookup):
    warehouse.item("BRG-6204")
    warehouse.location("E-02")
    put(warehouse, schema.item_barcode, barcode="X-CASE", item_id=warehouse.item("BRG-6204"), unit="CS")
    key_id = warehouse.key("BRG-6204", "E-02")
    sheet = Counting(warehouse.database).create_sheet(warehouse.people.supervisor, key_ids=[key_id])
    badge = lookup.scan("BADGE-counter")
    assert (badge.kind, badge.target) == (ScanKind.BADGE, warehouse.people.counter.id)
    assert (lookup.scan("E-02").kind, lookup.scan("e-02").label) == (ScanKind.LOCATION, "E-02")
    assert (lookup.scan("BRG-6204").kind, lookup.scan("brg-6204").label) == (ScanKind.ITEM, "BRG-6204")
    assert (lookup.scan("X-CASE").label, lookup.scan("X-CASE").unit) == ("BRG-6204", "CS")
    assert (lookup.scan(sheet.number).kind, lookup.scan(sheet.number).target) == (
        ScanKind.SHEET,
        sheet.sheet_id,
    )


def test_a_scan_of_nothing_known_is_unknown(warehouse, lookup):
    assert lookup.scan("nonsense").kind is ScanKind.UNKNOWN
    assert lookup.scan("  ").kind is ScanKind.UNKNOWN


def test_a_gs1_code_brings_item_lot_quantity_and_expiry(warehouse, lookup):
    put(
        warehouse, schema.item_barcode, barcode="5901234123457", item_id=warehouse.item("BRG-6204"), unit="CS"
    )
    scan = lookup.scan("]C1010590123412345717260131\x1d10LOT-7\x1d3712\x1d21S1")
    assert (scan.kind, scan.label, scan.unit, scan.lot) == (ScanKind.ITEM, "BRG-6204", "CS", "LOT-7")
    assert (scan.quantity, scan.expires, scan.serial) == (12 * SCALE, "2026-01-31", "S1")


def test_a_gtin_that_no_item_has_is_told_all_the_same(warehouse, lookup):
    scan = lookup.scan("(01)05901234123457(10)L1")
    assert (scan.kind, scan.gtin, scan.lot) == (ScanKind.UNKNOWN, "05901234123457", "L1")
