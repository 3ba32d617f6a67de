"""One case as one screen shows it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from support.surroundings import open_document, reserve
from support.warehouse import Warehouse
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import parse
from zeroline.domain.next_step import Step
from zeroline.domain.pattern import Pattern
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
