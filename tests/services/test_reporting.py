"""Reports as of an instant: what they hold, and that a re-run says the same whatever came later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.warehouse import CHEAP, SECRET, Warehouse
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.reporting import Scope
from zeroline.reports.press import ReportKind, Wish, compose
from zeroline.services.workbench import Workbench
from zeroline.sources import plan


@pytest.fixture
def services(warehouse: Warehouse) -> Iterator[Workbench]:
    made = Workbench(f"sqlite:///{warehouse.path}", warehouse.clock, hasher=CHEAP)
    yield made
    made.dispose()


def scope_of(warehouse: Warehouse, days: int = 30, **more: object) -> Scope:
    now = warehouse.clock()
    return Scope(now - days * DAY, now, **more)  # type: ignore[arg-type]


def bring(warehouse: Warehouse, services: Workbench, *rows: str) -> None:
    """Import these movements."""
    file = warehouse.path.with_name("movements.csv")
    file.write_text("\n".join(["movement_id,item,location,quantity,recorded_at,document,user", *rows]))
    services.intake.load(warehouse.people.administrator, plan([file]))


def settled(warehouse: Warehouse, services: Workbench) -> int:
    """One negative counted, recounted, explained, approved and posted; answers the adjustment's id."""
    staff, clock = warehouse.people, warehouse.clock
    warehouse.item("BRG-1", cost="2.50", abc_class="A")
    bring(
        warehouse,
        services,
        "m1,BRG-1,A-01,5,2026-03-01T08:00:00Z,PO-1,",
        "m2,BRG-1,A-01,-8,2026-03-01T12:00:00Z,SO-1,r.diaz",
    )
    key = warehouse.key("BRG-1", "A-01")
    sheet = services.counting.create_sheet(staff.supervisor, key_ids=[key], title="Negatives").sheet_id
    for person in (staff.counter, staff.other_counter):
        clock.forward(10 * MINUTE)
        line = services.counting.blind_sheet(person, sheet).lines[0].line_id
        services.counting.enter(person, line, "4")
        services.counting.submit(person, sheet)
    made = services.settlement.propose(
        staff.supervisor,
        entry_id=services.counting.results(staff.supervisor, sheet).lines[0].entries[-1].entry_id,
        cause="K2",
        comment="found in A-02",
    )
    page = services.settlement.approval_view(staff.manager, made.adjustment_id)
    clock.forward(HOUR)
    services.settlement.approve(
        staff.manager,
        [made.adjustment_id],
        SECRET,
        comment="agreed",
        shown_hashes={made.adjustment_id: page.shown_hash},
    )
    return made.adjustment_id


def test_a_reconciliation_traces_a_line_from_snapshot_to_adjustment(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    report = services.reporting.reconciliation(warehouse.people.auditor, scope_of(warehouse))
    (line,) = report.lines
    assert (line.snapshot, line.moved, line.expected, line.final) == (-3 * SCALE, 0, -3 * SCALE, 4 * SCALE)
    assert (line.variance, line.value) == (7 * SCALE, 17_500_000)
    assert (line.first.person, line.recount.person) == ("Cora Counter", "Otto Othercounter")  # type: ignore[union-attr]
    assert (line.before, line.after, line.adjustment) == (-3 * SCALE, 4 * SCALE, "ADJ-000001")
    assert not line.within


def test_the_roll_forward_closes_to_the_stored_balance(warehouse: Warehouse, services: Workbench) -> None:
    settled(warehouse, services)
    report = services.reporting.reconciliation(None, scope_of(warehouse))
    (row,) = report.roll_forward
    assert (row.receipts, row.issues, row.adjustments) == (5 * SCALE, -8 * SCALE, 7 * SCALE)
    assert row.opening + row.receipts + row.issues + row.transfers + row.adjustments == row.closing
    assert row.difference == 0


def test_a_movement_slipped_past_the_balance_shows_as_a_difference(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql("UPDATE balance SET on_hand = on_hand + 1000000")
        work.audit("test", "balance 1")
        work.changed(everything=True)
        work.commit()
    report = services.reporting.reconciliation(None, scope_of(warehouse))
    assert [row.difference for row in report.roll_forward] == [-SCALE]


def test_the_negatives_schedule_names_crossing_cause_and_resolution(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    (row,) = services.reporting.reconciliation(None, scope_of(warehouse)).negatives
    assert (row.crossing.document, row.crossing.user, row.depth) == ("SO-1", "r.diaz", -3 * SCALE)
    assert (row.adjustments, row.is_open) == (("ADJ-000001",), False)


def test_the_duties_of_an_adjustment_are_in_five_different_hands(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    (row,) = services.reporting.register(None, scope_of(warehouse)).rows
    assert row.conflicts == ()
    assert dict(row.names)["approver"] == "Mara Manager"
    assert dict(row.names)["counter"] == "Cora Counter"


def test_a_report_as_of_an_earlier_instant_does_not_know_what_came_later(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    before = Scope(warehouse.clock() - 30 * DAY, warehouse.clock() - HOUR - MINUTE)
    report = services.reporting.reconciliation(None, before)
    assert [row.state for row in report.approvals] == []
    assert [row.is_open for row in report.negatives] == [True]


@pytest.mark.parametrize("kind", [ReportKind.RECONCILIATION, ReportKind.NEGATIVES, ReportKind.REGISTER])
def test_a_re_run_as_of_the_same_instant_gives_the_same_hash_whatever_came_later(
    warehouse: Warehouse, services: Workbench, kind: ReportKind
) -> None:
    adjustment = settled(warehouse, services)
    bring(warehouse, services, "x1,NUT-1,A-09,-2,2026-03-01T09:00:00Z,,")
    wish = Wish(kind, as_of=warehouse.clock())
    first = compose(services, None, wish)
    warehouse.clock.forward(DAY)
    services.settlement.reverse(
        warehouse.people.supervisor, adjustment, cause="C1", comment="counted the wrong bin"
    )
    bring(warehouse, services, "x2,NUT-1,A-09,3,2026-03-01T08:00:00Z,,")
    again = compose(services, None, wish)
    assert again.integrity.data_hash == first.integrity.data_hash
    assert again.integrity.chain_text == first.integrity.chain_text
    later = compose(services, None, Wish(kind, as_of=warehouse.clock()))
    assert later.integrity.data_hash != first.integrity.data_hash


def test_a_counter_makes_no_reports_of_the_book(warehouse: Warehouse, services: Workbench) -> None:
    with pytest.raises(DomainError, match="not-allowed"):
        services.reporting.register(warehouse.people.counter, scope_of(warehouse))


def test_a_period_that_ends_before_it_begins_is_refused(warehouse: Warehouse, services: Workbench) -> None:
    now = warehouse.clock()
    with pytest.raises(DomainError, match="period-upside-down"):
        compose(services, None, Wish(ReportKind.REGISTER, as_of=now, since=now + DAY))


def test_a_count_sheet_needs_to_be_told_which(warehouse: Warehouse, services: Workbench) -> None:
    with pytest.raises(DomainError, match="report-target-missing"):
        compose(services, None, Wish(ReportKind.COUNT_SHEET))
