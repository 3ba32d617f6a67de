"""Documents of the simulation say what was ordered, and of what was done what the books say."""

from __future__ import annotations

from collections import defaultdict

import pytest

from zeroline.domain.incoming import DocumentRow
from zeroline.domain.movement import MovementKind, TimeBasis
from zeroline.simulator import told
from zeroline.simulator.poorer import with_losses, without_documents, without_occurrence
from zeroline.simulator.warehouse import Simulation, simulate
from zeroline.simulator.world import Plan

SMALL = Plan(
    ends_at=1_790_000_000_000_000, seed=7, days=60, items=240, bins=400, order_lines_a_day=90, faults=1
)
DONE_BY = {
    "receipt": MovementKind.RECEIPT,
    "order": MovementKind.SHIPMENT,
    "transfer": MovementKind.TRANSFER_IN,
    "return": MovementKind.CUSTOMER_RETURN,
}


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(SMALL)


def test_there_are_open_and_closed_documents_of_every_kind(simulation: Simulation) -> None:
    kinds = {(line.kind, line.state) for line in simulation.documents}
    assert kinds >= {(kind, state) for kind in (*DONE_BY, "production") for state in ("open", "closed")} - {
        ("transfer", "open")
    }


def test_what_is_done_is_what_the_books_have(simulation: Simulation) -> None:
    moved: dict[tuple[str, str, MovementKind], int] = defaultdict(int)
    for row in simulation.movements:
        moved[row.document, row.document_line, row.kind] += row.quantity
    for line in simulation.documents:
        if line.kind in DONE_BY:
            sign = -1 if line.kind == "order" else 1
            assert line.done == max(0, sign * moved[line.number, line.line, DONE_BY[line.kind]])


def test_an_open_line_is_not_done_and_open_lines_are_those(simulation: Simulation) -> None:
    assert simulation.open_lines
    for line in simulation.open_lines:
        assert line.done < line.quantity or line.kind == "production"
    assert set(simulation.open_lines) == {line for line in simulation.documents if line.state == "open"}


def test_a_production_order_names_its_product_and_its_components(simulation: Simulation) -> None:
    lines = defaultdict(set)
    for line in simulation.documents:
        if line.kind == "production":
            lines[line.number].add(line.line)
    assert lines
    assert all("0" in names and len(names) > 1 for names in lines.values())


def test_a_line_of_a_document_is_named_once(simulation: Simulation) -> None:
    names = [(line.kind, line.number, line.line) for line in simulation.documents]
    assert len(names) == len(set(names))


def test_documents_are_told_with_their_state(simulation: Simulation) -> None:
    records = told.documents(simulation.documents, "all of them").records
    assert [record.state for record in records if isinstance(record, DocumentRow)] == [
        line.state for line in simulation.documents
    ]


def test_reservations_are_for_open_orders_only(simulation: Simulation) -> None:
    wanted = {f"{line.number}-{line.line}" for line in simulation.open_lines if line.kind == "order"}
    told_of = {getattr(record, "reference", "") for record in told.reservations(simulation.documents).records}
    assert told_of <= wanted
    assert told_of


def test_deliveries_come_in_parts_and_now_and_then_short(simulation: Simulation) -> None:
    parts: dict[tuple[str, str], int] = defaultdict(int)
    for row in simulation.movements:
        if row.kind is MovementKind.RECEIPT:
            parts[row.document, row.document_line] += 1
    assert sum(count > 1 for count in parts.values()) > len(parts) // 20
    receipts = [line for line in simulation.documents if line.kind == "receipt" and line.state == "closed"]
    assert any(0 < line.done < line.quantity for line in receipts)
    assert any(line.done > line.quantity for line in receipts)


def test_some_rows_of_every_source_are_recorded_hours_late(simulation: Simulation) -> None:
    for source in ("erp", "wms", "mes"):
        lags = [row.recorded_at - row.occurred_at for row in simulation.movements if row.source == source]
        late = sum(lag > 3_600_000_000 for lag in lags)
        assert 0.005 < late / len(lags) < 0.2


def test_ids_run_without_gaps_in_the_order_of_recording(simulation: Simulation) -> None:
    for source, prefix in (("erp", "49"), ("wms", "W"), ("mes", "MES-")):
        names = [row.reference for row in simulation.movements if row.source == source]
        assert [int(name.removeprefix(prefix)) for name in names] == list(range(1, len(names) + 1))


def test_nobody_works_only_on_faults(simulation: Simulation) -> None:
    spoilt = {name for truth in simulation.truths for name in truth.references}
    spoilt |= {symptom.reference for truth in simulation.truths for symptom in truth.symptoms}
    clean = {row.user for row in simulation.movements if row.reference not in spoilt}
    assert {row.user for row in simulation.movements} == clean


def test_without_occurrence_only_the_time_of_recording_is_left(simulation: Simulation) -> None:
    poorer = without_occurrence(simulation)
    assert all(row.occurred_at == row.recorded_at for row in poorer.movements)
    assert {row.time_basis for row in poorer.movements} == {TimeBasis.RECORDED}
    assert poorer.answers == simulation.answers


def test_without_documents_none_is_known(simulation: Simulation) -> None:
    assert without_documents(simulation).documents == ()
    assert without_documents(simulation).movements == simulation.movements
    assert {row.document for row in without_documents(simulation, numbers=True).movements} == {""}


def test_with_losses_one_row_in_twenty_is_gone_and_answers_still_hold(simulation: Simulation) -> None:
    poorer = with_losses(simulation, seed=1)
    assert 0.94 < len(poorer.movements) / len(simulation.movements) < 0.96
    assert poorer == with_losses(simulation, seed=1)
    left = {row.reference for row in poorer.movements}
    assert poorer.answers
    assert all(found.symptom.reference in left for found in poorer.answers)
    assert len(poorer.answers) < len(simulation.answers)
