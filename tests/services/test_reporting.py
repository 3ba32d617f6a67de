"""Reports as of an instant: what they hold, and that a re-run says the same whatever came later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from support.warehouse import CHEAP, SECRET, Warehouse
from zeroline.domain import instant
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.person import Role
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.reporting import Scope
from zeroline.reports.press import ReportKind, Wish, compose
from zeroline.services.workbench import Workbench
from zeroline.sources import plan


@pytest.fixture
def services(warehouse: Warehouse) -> Iterator[Workbench]:
    made = Workbench(warehouse.url, warehouse.clock, hasher=CHEAP)
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


REPRODUCED = [ReportKind.RECONCILIATION, ReportKind.NEGATIVES, ReportKind.REGISTER, ReportKind.CASE_TRAIL]


def same_again(warehouse: Warehouse, services: Workbench, change: Callable[[], object]) -> None:
    """Whatever ``change`` does, every report as of before says what it said."""
    wishes = [Wish(kind, as_of=warehouse.clock(), target=1) for kind in REPRODUCED[3:]]
    wishes += [Wish(kind, as_of=warehouse.clock()) for kind in REPRODUCED[:3]]
    first = [compose(services, None, wish).integrity.data_hash for wish in wishes]
    warehouse.clock.forward(HOUR)
    change()
    again = [compose(services, None, wish).integrity.data_hash for wish in wishes]
    assert again == first


def test_a_report_of_then_knows_no_later_description_class_or_zone(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    items, places = (warehouse.path.with_name(name) for name in ("items.csv", "places.csv"))
    items.write_text("item,description,abc_class,item_class,cost\nBRG-1,Ball bearing,C,parts,9.99\n")
    places.write_text("location,site,warehouse,zone\nA-01,MAIN,W9,Z9\n")

    def change() -> None:
        for file, kind in ((items, RecordKind.ITEMS), (places, RecordKind.LOCATIONS)):
            services.intake.load(warehouse.people.administrator, plan([file], kind=kind))

    same_again(warehouse, services, change)
    (line,) = services.reporting.reconciliation(None, scope_of(warehouse)).lines
    assert (line.key.description, line.key.abc_class, line.key.zone) == ("Ball bearing", "C", "Z9")


def test_a_report_of_then_knows_no_later_policy_or_role(warehouse: Warehouse, services: Workbench) -> None:
    settled(warehouse, services)
    staff = warehouse.people

    def change() -> None:
        policy = replace(services.policies.current(), counts_per_year={"A": 12})
        services.policies.change(staff.other_manager, policy, "count A every month")
        services.people.change_role(staff.administrator, staff.manager.id, Role.AUDITOR)

    same_again(warehouse, services, change)
    (row,) = services.reporting.register(None, scope_of(warehouse)).rows
    assert (row.approver_role, row.required) == ("manager", ("manager", "supervisor"))


def test_a_report_of_then_knows_no_later_end_of_an_open_sheet(
    warehouse: Warehouse, services: Workbench
) -> None:
    settled(warehouse, services)
    staff, counting = warehouse.people, services.counting
    warehouse.location("A-02")
    codes = ("NUT-1", "NUT-2", "NUT-3")
    bring(warehouse, services, *(f"{code},{code},A-01,3,2026-03-01T08:00:00Z,," for code in codes))
    warehouse.clock.forward(MINUTE)
    one, other = (
        counting.create_sheet(staff.supervisor, key_ids=[warehouse.key(code, "A-01") for code in codes])
        for codes in (("NUT-1", "NUT-2"), ("NUT-3",))
    )

    def change() -> None:
        counting.cancel(staff.supervisor, other.sheet_id, "the aisle is closed")
        lines = counting.blind_sheet(staff.counter, one.sheet_id).lines
        counting.enter(staff.counter, lines[0].line_id, "3")
        counting.add_found(staff.counter, one.sheet_id, "BRG-1", "A-02")
        found = counting.blind_sheet(staff.counter, one.sheet_id).lines[-1]
        counting.enter(staff.counter, found.line_id, "1")
        counting.submit(staff.counter, one.sheet_id, "no ladder")

    same_again(warehouse, services, change)
    report = services.reporting.reconciliation(None, scope_of(warehouse))
    told = {(line.key.item, line.key.location): (line.state, line.reason) for line in report.lines}
    assert told["NUT-2", "A-01"] == ("not counted", "no ladder")
    assert told["NUT-3", "A-01"] == ("not counted", "sheet cancelled: the aisle is closed")
    assert ("BRG-1", "A-02") in told
    (coverage,) = [row for row in report.coverage if row.abc_class == ""]
    assert coverage.planned == coverage.counted + coverage.recount_open + coverage.not_counted == 3


def test_a_report_of_then_knows_no_later_turn_of_its_cases(warehouse: Warehouse, services: Workbench) -> None:
    settled(warehouse, services)
    staff = warehouse.people
    services.casework.close(staff.supervisor, [1])
    same_again(
        warehouse,
        services,
        lambda: bring(warehouse, services, f"m9,BRG-1,A-01,-9,{instant.iso(warehouse.clock())},SO-9,r.diaz"),
    )
    then = services.reporting.case(None, 1, scope_of(warehouse))[1]
    before = services.reporting.case(None, 1, Scope(0, warehouse.clock() - HOUR))[1]
    assert (then.state, before.state) == ("reopened", "closed")
    assert before.on_hand == 4 * SCALE
    assert then.on_hand == -5 * SCALE
    negatives = services.reporting.exceptions(None, scope_of(warehouse)).negatives
    assert [(row.case_id, row.cause, row.is_open) for row in negatives] == [(1, "K2", True), (1, "K2", False)]


def test_a_case_that_did_not_exist_yet_is_unknown(warehouse: Warehouse, services: Workbench) -> None:
    settled(warehouse, services)
    with pytest.raises(DomainError, match="case-unknown"):
        services.reporting.case(None, 1, Scope(0, warehouse.clock() - DAY))


def test_the_figures_are_those_of_the_raw_tables(warehouse: Warehouse, services: Workbench) -> None:
    """Four lines: +7 of 2.50 on −3, −2 of 1.00 on 10, 0 of 1.00 on 4, +1 of 0.10 on 0."""
    settled(warehouse, services)
    staff, counting = warehouse.people, services.counting
    keys = []
    for code, cost, book in (("NUT-1", "1.00", "10"), ("NUT-2", "1.00", "4"), ("NUT-3", "0.10", "1")):
        warehouse.item(code, cost=cost)
        warehouse.move(code, "A-01", book)
        keys.append(warehouse.key(code, "A-01"))
    warehouse.move("NUT-3", "A-01", "-1")
    warehouse.clock.forward(MINUTE)
    sheet = counting.create_sheet(staff.supervisor, key_ids=keys).sheet_id
    for person in (staff.counter, staff.other_counter):
        for line in counting.blind_sheet(person, sheet).lines:
            shelf = {"NUT-1": "8", "NUT-2": "4", "NUT-3": "1"}[line.key.item]
            if not line.blocked and line.state == "to count":
                counting.enter(person, line.line_id, shelf)
        counting.submit(person, sheet)
    report = services.reporting.reconciliation(None, scope_of(warehouse))

    with warehouse.database.read() as raw:
        lines = raw.exec_driver_sql(
            "SELECT e.quantity, (SELECT sum(m.quantity) FROM movement m WHERE m.key_id = l.key_id"
            " AND m.recorded_at <= e.counted_at), i.unit_cost FROM count_entry e"
            " JOIN count_line l ON l.id = e.line_id JOIN stock_key k ON k.id = l.key_id"
            " JOIN item i ON i.id = k.item_id"
            " WHERE e.round = (SELECT max(round) FROM count_entry WHERE line_id = l.id)"
        ).fetchall()
    assert len(lines) == 4
    units = [(Fraction(c, SCALE), Fraction(b, SCALE), Fraction(v, SCALE)) for c, b, v in lines]
    right = sum(c == b for c, b, _ in units)
    off = sum(abs(c - b) for c, b, _ in units)
    net = sum((c - b) * v for c, b, v in units)
    gross = sum(abs(c - b) * v for c, b, v in units)
    total = report.total
    assert (total.lines, total.within) == (4, right)
    assert total.record_accuracy == round(Fraction(right, 4) * SCALE)
    assert total.unit_accuracy == round((1 - off / sum(max(abs(b), abs(c)) for c, b, _ in units)) * SCALE)
    assert (total.net_value, total.gross_value) == (net * SCALE, gross * SCALE)
    assert total.net_share == round(net / sum(b * v for _, b, v in units) * SCALE)
    assert total.gross_share == round(gross / sum(abs(b) * v for _, b, v in units) * SCALE)
    assert report.measures.first_count_yield == SCALE // 4
    for by in ("class", "cause", "user", "location"):
        groups = [group.accuracy for group in report.groups if group.by == by]
        assert sum(group.lines for group in groups) == 4
        assert sum(group.net_value for group in groups) == total.net_value
        assert sum(group.gross_value for group in groups) == total.gross_value


def test_days_negative_and_unit_days_are_those_within_the_period(
    warehouse: Warehouse, services: Workbench
) -> None:
    """Three below zero for ten days, of which the period has the last four."""
    bring(
        warehouse,
        services,
        "m1,BRG-1,A-01,-3,2026-02-10T00:00:00Z,SO-1,",
        "m2,BRG-1,A-01,3,2026-02-20T00:00:00Z,PO-1,",
    )
    scope = Scope(instant.parse("2026-02-16T00:00:00Z"), instant.parse("2026-03-01T00:00:00Z"))
    report = services.reporting.exceptions(None, scope)
    (row,) = report.negatives
    assert (row.age, row.days_within) == (10 * DAY, 4 * DAY)
    assert (row.unit_days, row.unit_days_within) == (30 * SCALE, 12 * SCALE)
    found = report.measures
    assert (found.days_negative, found.unit_days, found.mean_closed) == (4 * DAY, 12 * SCALE, 10 * DAY)
    assert found.frequency == round(Fraction(30, 13) * SCALE)
    assert (found.negative_share, found.transient_share) == (0, 0)


def test_sites_of_two_currencies_are_not_added_up(warehouse: Warehouse, services: Workbench) -> None:
    settled(warehouse, services)
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql("INSERT INTO site (code, currency) VALUES ('EAST', 'CZK')")
        work.audit("test", "site")
        work.changed(everything=True)
        work.commit()
    with pytest.raises(DomainError, match="currencies-mixed"):
        services.reporting.register(None, scope_of(warehouse))
    assert services.reporting.register(None, scope_of(warehouse, site="MAIN")).basis.currency == "EUR"


def test_an_unknown_site_has_no_report(warehouse: Warehouse, services: Workbench) -> None:
    with pytest.raises(DomainError, match="site-unknown"):
        services.reporting.register(None, scope_of(warehouse, site="MOON"))


def test_the_reports_name_whose_books_these_are(warehouse: Warehouse, services: Workbench) -> None:
    with pytest.raises(DomainError, match="entity-missing"):
        services.sites.name_entity("  ", warehouse.people.manager)
    with pytest.raises(DomainError, match="not-allowed"):
        services.sites.name_entity("Acme", warehouse.people.supervisor)
    services.sites.name_entity(" Acme  Ltd ", warehouse.people.manager)
    services.sites.name_entity("Acme Limited")
    assert services.sites.entity() == "Acme Limited"
    assert services.reporting.register(None, scope_of(warehouse)).basis.entity == "Acme Limited"


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
