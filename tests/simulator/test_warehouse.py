"""The simulated warehouse: clean days stay above zero, faults are known, the same plan is the same ledger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from zeroline.domain.cause import CATALOGUE
from zeroline.domain.movement import MovementKind
from zeroline.domain.stock import StockKey
from zeroline.simulator.warehouse import Simulation, simulate
from zeroline.simulator.world import Plan

SMALL = Plan(
    ends_at=1_790_000_000_000_000, seed=7, days=60, items=240, bins=400, order_lines_a_day=90, faults=1
)
NOT_IN_A_LEDGER = {"U5", "L2", "L4", "L6", "Z0", "Z9"}


@pytest.fixture(scope="module")
def clean() -> Simulation:
    return simulate(replace(SMALL, faults=0))


@pytest.fixture(scope="module")
def spoilt() -> Simulation:
    return simulate(SMALL)


def lowest_balances(simulation: Simulation) -> dict[StockKey, int]:
    balances: dict[StockKey, int] = defaultdict(int)
    lowest: dict[StockKey, int] = {}
    for movement in simulation.movements:
        balances[movement.key] += movement.quantity
        lowest[movement.key] = min(lowest.get(movement.key, 0), balances[movement.key])
    return lowest


def test_clean_days_never_take_a_balance_below_zero(clean: Simulation) -> None:
    assert min(lowest_balances(clean).values()) == 0


def test_a_clean_ledger_agrees_with_the_shelf(clean: Simulation) -> None:
    books: dict[StockKey, int] = defaultdict(int)
    for movement in clean.movements:
        books[movement.key] += movement.quantity
    assert {key: quantity for key, quantity in books.items() if quantity} == clean.shelf


def test_the_same_plan_gives_the_same_ledger(spoilt: Simulation) -> None:
    assert simulate(SMALL) == spoilt


def test_movements_come_in_order_of_recording_with_ids_of_their_own(spoilt: Simulation) -> None:
    times = [movement.recorded_at for movement in spoilt.movements]
    assert times == sorted(times)
    assert len({movement.reference for movement in spoilt.movements}) == len(spoilt.movements)


def test_every_fault_finds_a_place(spoilt: Simulation) -> None:
    shown = {truth.cause for truth in spoilt.truths if truth.symptoms}
    assert shown >= {cause for cause in CATALOGUE if cause not in NOT_IN_A_LEDGER} | {""}


def test_the_truth_names_rows_that_the_books_really_hold(spoilt: Simulation) -> None:
    booked = {movement.reference for movement in spoilt.movements}
    for truth in spoilt.truths:
        assert set(truth.references) <= booked, truth


def test_every_stretch_below_zero_has_a_fault_behind_it(spoilt: Simulation) -> None:
    negative = [found for found in spoilt.answers if found.symptom.kind == "negative"]
    assert negative
    for found in negative:
        assert found.causes, found
        for place in found.truths:
            assert found.symptom in spoilt.truths[place].symptoms


def test_a_symptom_is_found_in_the_ledger_by_its_reference(spoilt: Simulation) -> None:
    rows = {movement.reference: movement for movement in spoilt.movements}
    balances: dict[StockKey, int] = defaultdict(int)
    after: dict[str, int] = {}
    for movement in spoilt.movements:
        balances[movement.key] += movement.quantity
        after[movement.reference] = balances[movement.key]
    for found in spoilt.answers:
        symptom = found.symptom
        row = rows[symptom.reference]
        assert (row.key, row.recorded_at) == (symptom.key, symptom.at)
        if symptom.kind == "negative":
            assert after[symptom.reference] == symptom.quantity < 0
            assert after[symptom.reference] - row.quantity >= 0
        else:
            assert row.kind is MovementKind.COUNT_CORRECTION
            assert row.quantity == symptom.quantity != 0


def test_all_stretches_below_zero_are_answered(spoilt: Simulation) -> None:
    balances: dict[StockKey, int] = defaultdict(int)
    crossings = set()
    for movement in spoilt.movements:
        before = balances[movement.key]
        balances[movement.key] += movement.quantity
        if before >= 0 > balances[movement.key]:
            crossings.add(movement.reference)
    assert crossings == {
        found.symptom.reference for found in spoilt.answers if found.symptom.kind == "negative"
    }
