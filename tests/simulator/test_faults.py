"""Each fault leaves in the books what its docstring says, and only that."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.stock import StockKey, StockStatus
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Books, Draft, Pages
from zeroline.simulator.faults import (
    BROAD,
    FAULTS,
    counting,
    keeping,
    making,
    master,
    mixed,
    picking,
    placing,
    receiving,
    systems,
    timing,
)
from zeroline.simulator.faults.scene import Fault, Scene
from zeroline.simulator.operations import Operations
from zeroline.simulator.operations.floor import Floor, Numbers
from zeroline.simulator.operations.noise import scan_late
from zeroline.simulator.papers import PRODUCT, Paper, Papers
from zeroline.simulator.world import Plan, build

PLAN = Plan(
    ends_at=1_790_000_000_000_000, seed=3, days=70, items=260, bins=420, order_lines_a_day=110, faults=1
)
Check = Callable[[Scene, Committed], None]


@pytest.fixture(scope="module")
def committed() -> tuple[Scene, dict[Fault, Committed]]:
    """One simulation with every fault committed once, the broad ones first."""
    random = Random(PLAN.seed)
    world, books, papers = build(PLAN, random), Books(random), Papers()
    start = PLAN.ends_at - PLAN.days * DAY
    floor = Floor(world, random, books, papers, Numbers(random), start - start % DAY)
    Operations(floor).run()
    pages = Pages(books)
    scan_late(pages, random, PLAN.ends_at)
    scene = Scene(floor, pages, random)
    made = {fault: fault(scene) for fault in (*BROAD, *FAULTS)}
    return scene, {fault: found for fault, found in made.items() if found is not None}


def below_zero(scene: Scene, *keys: StockKey) -> bool:
    return any(scene.crossing(key) is not None for key in keys)


def paper_of(scene: Scene, row: Draft) -> Paper:
    paper = scene.paper(row)
    assert paper is not None
    return paper


def same_message(one: Draft, other: Draft) -> bool:
    return (one.key, one.quantity, one.kind, one.document, one.line) == (
        other.key,
        other.quantity,
        other.kind,
        other.document,
        other.line,
    )


def receipt_late(scene: Scene, fault: Committed) -> None:
    crossing = scene.crossing(fault.key)
    assert crossing is not None
    for row in fault.rows:
        assert row.recorded_at > crossing.recorded_at + HOUR
        assert row.occurred_at < crossing.occurred_at
    assert len({row.document for row in fault.rows}) == 1


def minutes_apart(scene: Scene, fault: Committed) -> None:
    crossing = scene.crossing(fault.key)
    assert crossing is not None
    for row in fault.rows:
        assert 0 < row.recorded_at - crossing.recorded_at <= 16 * MINUTE
        assert row.occurred_at < crossing.occurred_at
        assert row.recorded_at - row.occurred_at < 90 * MINUTE


def leg_late(scene: Scene, fault: Committed) -> None:
    out, into = fault.rows
    assert (out.kind, into.kind) == (Kind.TRANSFER_OUT, Kind.TRANSFER_IN)
    crossing = scene.crossing(fault.key)
    assert crossing is not None
    assert not into.booked or into.recorded_at > crossing.recorded_at


def supply_late(scene: Scene, fault: Committed) -> None:
    crossing = scene.crossing(fault.key)
    assert crossing is not None
    assert crossing.kind is Kind.COMPONENT_ISSUE or fault.rows[0].kind is Kind.PRODUCTION_RECEIPT
    assert all(0 < row.recorded_at - crossing.recorded_at < 10 * HOUR for row in fault.rows)


def cancelled_and_entered_again(scene: Scene, fault: Committed) -> None:
    third = len(fault.rows) // 3
    first, reverse, again = fault.rows[:third], fault.rows[third : 2 * third], fault.rows[2 * third :]
    assert [row.quantity for row in reversed(first)] == [-row.quantity for row in reverse]
    assert [(row.occurred_at, row.quantity) for row in first] == [
        (row.occurred_at, row.quantity) for row in again
    ]
    assert again[0].recorded_at > first[0].recorded_at + 3 * HOUR


def old_issue(scene: Scene, fault: Committed) -> None:
    issue, count = fault.rows
    assert issue.recorded_at - issue.occurred_at > DAY
    assert issue.occurred_at < count.occurred_at < issue.recorded_at
    assert count.quantity <= issue.quantity < 0


def one_source_in_a_burst(scene: Scene, fault: Committed) -> None:
    assert len({row.source for row in fault.rows}) == 1
    assert len({row.document for row in fault.rows}) > 3
    times = sorted(row.recorded_at for row in fault.rows)
    assert times[-1] - times[0] < HOUR


def short_of_the_order(scene: Scene, fault: Committed) -> None:
    assert below_zero(scene, fault.key)
    receipt = next(row for row in fault.rows if row.kind is Kind.RECEIPT)
    assert 0 < receipt.quantity < paper_of(scene, receipt).quantity
    assert fault.quantity > 0


def counted_short(scene: Scene, fault: Committed) -> None:
    (count,) = fault.counts
    assert count.key == fault.key
    assert count.quantity < 0
    assert fault.quantity < 0


def other_item_of_the_delivery(scene: Scene, fault: Committed) -> None:
    assert all(row.key.item != fault.key.item for row in fault.rows)
    others = [
        paper.item for paper in scene.floor.papers.lines.values() if paper.number == fault.rows[0].document
    ]
    assert {row.key.item for row in fault.rows} < set(others)
    assert fault.key.item in others


def other_place(scene: Scene, fault: Committed) -> None:
    row = next(row for row in fault.rows if scene.is_bin(row.key))
    assert row.key.item == fault.key.item
    assert (row.key.location, row.key.lot) != (fault.key.location, fault.key.lot)


def never_booked(scene: Scene, fault: Committed) -> None:
    assert fault.rows
    assert not any(row.booked for row in fault.rows)
    assert below_zero(scene, fault.key)


def booked_again_later(scene: Scene, fault: Committed) -> None:
    half = len(fault.rows) // 2
    assert all(map(same_message, fault.rows[:half], fault.rows[half:]))
    assert fault.rows[half].recorded_at > fault.rows[0].recorded_at + 20 * MINUTE


def receipt_twice(scene: Scene, fault: Committed) -> None:
    booked_again_later(scene, fault)
    counted_short(scene, fault)


def item_of_the_order_shipped(scene: Scene, fault: Committed) -> None:
    pick = next(row for row in fault.rows if scene.is_bin(row.key))
    assert paper_of(scene, pick).item != pick.key.item
    (shipment,) = scene.job(pick, Kind.SHIPMENT)
    assert shipment.key.item == paper_of(scene, pick).item


def one_pick_elsewhere(scene: Scene, fault: Committed) -> None:
    (pick,) = fault.rows
    assert pick.kind is Kind.PICK
    assert pick.key == fault.key
    assert below_zero(scene, fault.key)


def shipment_is_right(scene: Scene, fault: Committed) -> None:
    pick = next(row for row in fault.rows if row.quantity < 0)
    (shipment,) = scene.job(pick, Kind.SHIPMENT)
    assert pick.quantity != shipment.quantity
    assert fault.quantity == shipment.quantity - pick.quantity


def stage_counted(scene: Scene, fault: Committed) -> None:
    assert fault.key.location.endswith("STAGE")
    assert not scene.job(fault.rows[0], Kind.SHIPMENT)
    counted_short(scene, fault)


def confirmed_twice(scene: Scene, fault: Committed) -> None:
    first, stage, again, stage_again = fault.rows
    assert same_message(first, again)
    assert same_message(stage, stage_again)
    assert first.user == again.user
    assert 0 < again.occurred_at - first.occurred_at == again.recorded_at - first.recorded_at < 5 * MINUTE


def first_row_of_the_bin(scene: Scene, fault: Committed) -> None:
    assert scene.pages.rows(fault.key)[0].kind in (Kind.PICK, Kind.COUNT_CORRECTION)


def several_picks_below_zero(scene: Scene, fault: Committed) -> None:
    balance = picks = 0
    for row in scene.pages.rows(fault.key):
        balance += row.quantity
        picks += balance < 0 and row.quantity < 0
    assert picks >= 2


def putaway_on_another_bin(scene: Scene, fault: Committed) -> None:
    (row,) = fault.rows
    assert row.kind is Kind.PUTAWAY
    assert row.key.item == fault.key.item
    assert row.key.location != fault.key.location
    assert below_zero(scene, fault.key)


def another_status(scene: Scene, fault: Committed) -> None:
    (row,) = fault.rows
    assert row.key.location == fault.key.location
    assert row.key.status != fault.key.status == StockStatus.AVAILABLE
    assert below_zero(scene, fault.key)


def cases_for_pieces(scene: Scene, fault: Committed) -> None:
    pick = fault.rows[0]
    assert pick.entered_unit == scene.item(pick.key).pack
    (shipment,) = scene.job(pick, Kind.SHIPMENT)
    assert pick.quantity == shipment.quantity * scene.item(pick.key).case_size


def pieces_for_cases(scene: Scene, fault: Committed) -> None:
    receipt = fault.rows[0]
    assert receipt.entered_unit == scene.item(receipt.key).item.base_unit
    assert receipt.quantity * scene.item(receipt.key).case_size <= paper_of(scene, receipt).quantity * 2


def wrong_factor_for_a_time(scene: Scene, fault: Committed) -> None:
    factors = {row.quantity // row.entered_quantity for row in fault.rows}
    assert len(factors) == 1
    assert factors != {scene.item(fault.key).case_size}
    assert len({row.task for row in fault.rows}) >= 2


def every_receipt_as_another(scene: Scene, fault: Committed) -> None:
    assert len({row.task for row in fault.rows}) >= 2
    assert len({row.key.item for row in fault.rows}) == 1
    for row in fault.rows:
        assert paper_of(scene, row).item == fault.key.item != row.key.item


def every_order_too_much(scene: Scene, fault: Committed) -> None:
    assert len({row.document for row in fault.rows}) >= 2
    bills = scene.floor.world.bills
    for row in fault.rows:
        product = scene.floor.papers.lines[row.document, PRODUCT]
        each = max(each for part, each in bills[product.item] if part.item.code == row.key.item)
        assert -row.quantity > product.quantity * each


def line_lost_components(scene: Scene, fault: Committed) -> None:
    counted_short(scene, fault)
    order = scene.floor.papers.lines[fault.rows[0].document, PRODUCT]
    made = sum(row.quantity for row in scene.job(fault.rows[0], Kind.PRODUCTION_RECEIPT))
    assert 0 < made < order.quantity
    assert order.closed_at is not None


def only_components(scene: Scene, fault: Committed) -> None:
    assert {row.kind for row in fault.rows} == {Kind.COMPONENT_ISSUE}
    assert not scene.job(fault.rows[0], Kind.PRODUCTION_RECEIPT)
    assert below_zero(scene, fault.key)


def planned_but_not_there(scene: Scene, fault: Committed) -> None:
    (row,) = fault.rows
    assert row.key.item == paper_of(scene, row).item
    assert scene.pages.balance(row.key, row.recorded_at) < 0


def scrap_of_the_day(scene: Scene, fault: Committed) -> None:
    (scrap,) = fault.rows
    assert (scrap.kind, scrap.key) == (Kind.SCRAP, fault.key)
    counted_short(scene, fault)
    assert fault.counts[0].recorded_at - scrap.recorded_at < 6 * DAY


def lot_counted_zero(scene: Scene, fault: Committed) -> None:
    (count,) = fault.counts
    assert fault.key.lot
    assert scene.books.lay_at(fault.key, count.occurred_at) == 0
    assert count.quantity == fault.quantity < 0


def wrong_correction(scene: Scene, fault: Committed) -> None:
    count = fault.rows[0]
    assert count.kind is Kind.COUNT_CORRECTION
    assert count in fault.counts
    assert fault.quantity == -count.quantity != 0


def count_of_the_neighbour(scene: Scene, fault: Committed) -> None:
    count = fault.rows[0]
    wrote = scene.pages.balance(fault.key, count.recorded_at)
    beside = scene.neighbours(fault.key.location, 1)
    there = {
        scene.books.lay_at(key, count.occurred_at) for key in scene.books.happened if key.location in beside
    }
    assert wrote in there


def counted_during_the_pick(scene: Scene, fault: Committed) -> None:
    count, pick = fault.rows
    assert count.quantity == pick.quantity < 0
    assert pick.occurred_at <= count.occurred_at < pick.recorded_at


def one_kind_of_message_spoilt(scene: Scene, fault: Committed) -> None:
    assert len({row.kind for row in fault.rows}) == 1
    assert len({row.source for row in fault.rows}) == 1
    assert len({row.task for row in fault.rows}) >= 2


def same_occurrence_again(scene: Scene, fault: Committed) -> None:
    half = len(fault.rows) // 2
    for first, again in zip(fault.rows[:half], fault.rows[half:], strict=True):
        assert same_message(first, again)
        assert first.occurred_at == again.occurred_at
        assert again.recorded_at > first.recorded_at
    assert len({row.task for row in fault.rows}) >= 2


def forced(scene: Scene, fault: Committed) -> None:
    (pick,) = fault.rows
    assert pick.override
    assert scene.pages.balance(pick.key, pick.recorded_at) < 0


def opening_short(scene: Scene, fault: Committed) -> None:
    assert fault.rows[0].kind is Kind.OPENING
    assert below_zero(scene, fault.key)


def no_trace(scene: Scene, fault: Committed) -> None:
    assert (fault.cause, fault.rows) == ("", [])
    assert below_zero(scene, fault.key)


def fixed_then_late(scene: Scene, fault: Committed) -> None:
    *rows, fix = fault.rows
    assert fix.kind is Kind.COUNT_CORRECTION
    assert fix.quantity > 0
    assert min(row.recorded_at for row in rows) > fix.occurred_at


CHECKS: dict[Fault, Check] = {
    timing.receipt_posted_late: receipt_late,
    timing.issue_before_receipt: minutes_apart,
    timing.transfer_leg_late: leg_late,
    timing.consumed_before_supply: supply_late,
    timing.document_entered_again: cancelled_and_entered_again,
    timing.old_issue_entered: old_issue,
    timing.interface_delayed: one_source_in_a_burst,
    receiving.short_booking: short_of_the_order,
    receiving.over_booking: counted_short,
    receiving.wrong_item_received: other_item_of_the_delivery,
    receiving.wrong_place_received: other_place,
    receiving.receipt_not_recorded: never_booked,
    receiving.duplicate_receipt: receipt_twice,
    picking.wrong_item_picked: item_of_the_order_shipped,
    picking.other_bin_picked: one_pick_elsewhere,
    picking.mistyped_pick: shipment_is_right,
    picking.shipped_not_recorded: stage_counted,
    picking.pick_confirmed_twice: confirmed_twice,
    placing.misplaced: first_row_of_the_bin,
    placing.found: first_row_of_the_bin,
    placing.moved_unrecorded: several_picks_below_zero,
    placing.picked_from_new_bin: several_picks_below_zero,
    placing.wrong_bin_putaway: putaway_on_another_bin,
    placing.wrong_status: another_status,
    master.case_for_piece: cases_for_pieces,
    master.piece_for_case: pieces_for_cases,
    master.wrong_pack_size: wrong_factor_for_a_time,
    master.wrong_cross_reference: every_receipt_as_another,
    master.wrong_bill_of_material: every_order_too_much,
    making.scrap_not_reported: line_lost_components,
    making.output_not_reported: only_components,
    making.order_reported_twice: booked_again_later,
    making.substitution_not_recorded: planned_but_not_there,
    keeping.return_not_recorded: never_booked,
    keeping.wrong_condition: another_status,
    keeping.damaged_in_house: scrap_of_the_day,
    keeping.expired: lot_counted_zero,
    keeping.shrink: counted_short,
    counting.miscount: wrong_correction,
    counting.keying_error: wrong_correction,
    counting.neighbour_counted: count_of_the_neighbour,
    counting.cut_off: counted_during_the_pick,
    systems.field_defect: one_kind_of_message_spoilt,
    systems.delivered_twice: same_occurrence_again,
    systems.forced_below_zero: forced,
    systems.opening_too_low: opening_short,
    mixed.stock_nobody_booked: no_trace,
    mixed.sold_beyond_the_books: no_trace,
    mixed.corrected_then_late: fixed_then_late,
}


def test_every_fault_has_its_check() -> None:
    assert set(CHECKS) == {*BROAD, *FAULTS}


@pytest.mark.parametrize("fault", [*BROAD, *FAULTS], ids=lambda fault: fault.__name__)
def test_a_fault_leaves_what_its_docstring_says(
    fault: Fault, committed: tuple[Scene, dict[Fault, Committed]]
) -> None:
    scene, made = committed
    assert (fault.__doc__ or "").startswith(made[fault].cause or "No cause")
    CHECKS[fault](scene, made[fault])
