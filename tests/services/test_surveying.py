"""Patterns and clocks of a real ledger, read through the service."""

from __future__ import annotations

import pytest

from support.floor import refused
from support.planted import Planted, document_of, guess, plant
from support.warehouse import Warehouse
from zeroline.domain.diagnosis.patterns import Feature
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.services.casework import Casework
from zeroline.services.surveying import Surveying
from zeroline.storage.diagnosis import period


@pytest.fixture
def planted(warehouse: Warehouse) -> Planted:
    return plant(warehouse)


def test_the_supplier_behind_late_receipts_is_found_in_the_ledger(
    warehouse: Warehouse, planted: Planted
) -> None:
    view = Surveying(warehouse.database).patterns(warehouse.people.supervisor, 30)
    (cluster,) = view.found.clusters
    assert cluster.features == (Feature("partner", "ACME"),)
    assert (cluster.cause, cluster.kind) == ("T1", "receipt")
    assert (cluster.shared, cluster.of, cluster.usual) == (10, 11, 14)
    assert cluster.among == planted.receipts
    assert cluster.cases == planted.late
    assert set(view.cases) == set(planted.late)
    case = view.cases[planted.late[0]]
    assert (case.item, case.location, case.queue) == ("LATE-0", "A-20", "transient")
    assert (case.cause, case.tagged, case.probability, case.open) == ("T1", False, 920_000, True)
    assert view.period.cases == 11
    assert view.period.undiagnosed == 0


def test_a_persons_tag_counts_more_than_the_guess(warehouse: Warehouse, planted: Planted) -> None:
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, planted.late[0], "T3")
    view = Surveying(warehouse.database).patterns(warehouse.people.supervisor, 30)
    (cluster,) = view.found.clusters
    assert cluster.cases == planted.late[1:]


def test_cases_before_the_period_and_dismissed_ones_are_left_out(
    warehouse: Warehouse, planted: Planted
) -> None:
    Casework(warehouse.database).dismiss(warehouse.people.supervisor, [planted.late[-1]], "a test scan")
    view = Surveying(warehouse.database).patterns(warehouse.people.supervisor, 14)
    assert {case for cluster in view.found.clusters for case in cluster.cases} <= set(planted.late[5:-1])
    assert view.period.cases < 6


def test_a_case_without_a_guess_is_counted_but_compared_with_nothing(warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", -5)
    with warehouse.database.read() as connection:
        connection.exec_driver_sql("SELECT COUNT(*) FROM diagnosis")
    view = Surveying(warehouse.database).patterns(warehouse.people.auditor, 30)
    assert view.found.clusters == ()
    assert view.period.cases == 1
    assert view.period.undiagnosed + view.found.compared == 1


def test_a_guess_without_a_movement_blames_the_crossing(warehouse: Warehouse) -> None:
    crossing = warehouse.move("ITEM-1", "A-01", -5)
    (case,) = guess(warehouse, {crossing: 0}, "K1")
    with warehouse.database.read() as connection:
        cases = period.Cases(connection, 0, warehouse.clock() + DAY)
    assert [(blame.case, blame.cause, blame.seq) for blame in cases.blames] == [(case, "K1", crossing)]
    assert cases.timing == []


def test_a_cause_that_nobody_guessed_blames_the_crossing(warehouse: Warehouse) -> None:
    crossing = warehouse.move("ITEM-1", "A-01", -5)
    (case,) = guess(warehouse, {crossing: 77}, "Z0")
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, case, "K1")
    with warehouse.database.read() as connection:
        cases = period.Cases(connection, 0, warehouse.clock() + DAY)
    assert [(blame.cause, blame.seq) for blame in cases.blames] == [("K1", crossing)]


def test_a_tag_is_heard_where_nothing_was_guessed(warehouse: Warehouse) -> None:
    crossing = warehouse.move("ITEM-1", "A-01", -5)
    with warehouse.database.read() as connection:
        before = period.Cases(connection, 0, warehouse.clock() + DAY)
    (case,) = before.by_id
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, case, "T1")
    with warehouse.database.read() as connection:
        cases = period.Cases(connection, 0, warehouse.clock() + DAY)
    assert cases.blames == cases.timing
    assert [(blame.cause, blame.seq) for blame in cases.blames] == [("T1", crossing)]


def test_only_the_newest_movements_are_looked_at_and_it_is_said(
    warehouse: Warehouse, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period, "MOST", 40)
    view = Surveying(warehouse.database).patterns(warehouse.people.supervisor, 30)
    assert view.period.shortened
    assert view.period.movements < planted.receipts


def test_partners_are_those_of_the_document_unless_two_share_its_number(warehouse: Warehouse) -> None:
    for number in ("IN/1", "IN/2"):
        warehouse.move("ITEM-1", "A-01", 5, document=number)
        document_of(warehouse, number, "ACME", "wms")
    document_of(warehouse, "IN/2", "Borg", "erp")
    with warehouse.database.read() as connection:
        made = period.postings(connection, 0, warehouse.clock() + DAY)
    assert [made.partner.at(row) for row in range(2)] == ["ACME", ""]


def test_a_site_in_a_zone_that_nobody_knows_goes_by_utc(warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", 5)
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql("UPDATE site SET zone = 'Mars/Olympus'")
        work.audit("test zone", "site")
        work.changed(everything=True)
        work.commit()
    with warehouse.database.read() as connection:
        made = period.postings(connection, 0, warehouse.clock() + DAY)
    assert str(made.clocks["MAIN"]) == "UTC"


def test_lags_orders_and_their_cases_are_told(warehouse: Warehouse, planted: Planted) -> None:
    view = Surveying(warehouse.database).clocks(warehouse.people.supervisor, 30)
    streams = {(one.source, one.kind): one for one in view.clocks.streams}
    receipts = streams["erp", "receipt"]
    assert (receipts.whole.count, receipts.whole.late) == (planted.receipts, 11)
    assert receipts.whole.middle == MINUTE
    assert receipts.whole.cases == tuple(sorted((*planted.late, planted.other)))
    assert sum(lags.late for _, lags in receipts.weeks) == 11
    (inversion,) = view.clocks.inversions
    assert (inversion.late, inversion.early, inversion.pairs) == ("erp", "wms", 11)
    assert inversion.middle == 7 * HOUR
    assert set(inversion.cases) == set(view.cases) == {*planted.late, planted.other}


def test_an_empty_ledger_has_neither(warehouse: Warehouse) -> None:
    service = Surveying(warehouse.database)
    assert service.patterns(warehouse.people.manager, 30).found.clusters == ()
    assert service.clocks(warehouse.people.manager, 30).clocks.streams == ()


def test_who_counts_blind_sees_neither(warehouse: Warehouse) -> None:
    service = Surveying(warehouse.database)
    for verb in (service.patterns, service.clocks):
        with refused("not-allowed"):
            verb(warehouse.people.counter, 30)
