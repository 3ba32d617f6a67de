"""Queues and their badges as people look them up, and who may look."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from support.surroundings import open_document, put, reserve
from support.warehouse import Warehouse
from zeroline.domain.case import Queue
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR, parse
from zeroline.domain.next_step import Step
from zeroline.domain.pattern import Pattern
from zeroline.domain.person import Person
from zeroline.domain.quantity import SCALE
from zeroline.domain.severity import Level
from zeroline.services.casework import Casework
from zeroline.services.counting import Counting
from zeroline.services.lookup import Lookup
from zeroline.storage import casework as stored_casework
from zeroline.storage import schema


@pytest.fixture
def lookup(warehouse: Warehouse) -> Lookup:
    return Lookup(warehouse.database)


def case_of(warehouse: Warehouse, queue: str = "negative") -> int:
    with warehouse.database.read() as connection:
        return connection.execute(
            select(schema.stock_case.c.id).where(schema.stock_case.c.queue == queue)
        ).scalar_one()


def rows(lookup: Lookup, warehouse: Warehouse, queue: Queue) -> list[dict[str, Any]]:
    table = lookup.queue(warehouse.people.supervisor, queue)
    return [table.row(row) for row in range(len(table))]


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
    assert table.value("since", 0) == parse("2026-03-02T03:00:00Z")  # the last time it went wrong
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
