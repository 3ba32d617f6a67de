"""The simulated warehouse: clean days stay above zero, faults are known, the same plan is the same ledger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from zeroline.domain.stock import StockKey
from zeroline.simulator.faults import FAULTS
from zeroline.simulator.warehouse import Simulation, simulate
from zeroline.simulator.world import Plan

SMALL = Plan(
    ends_at=1_790_000_000_000_000, seed=7, days=60, items=240, bins=400, order_lines_a_day=90, faults=1
)


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
    assert len(spoilt.truths) == len(FAULTS)


def test_every_cause_group_a_ledger_can_show_has_a_fault(spoilt: Simulation) -> None:
    assert {truth.cause[0] for truth in spoilt.truths} == set("TRKMUPNLCS")


def test_the_truth_names_rows_that_the_books_really_hold_or_really_lack(spoilt: Simulation) -> None:
    booked = {movement.reference for movement in spoilt.movements}
    for truth in spoilt.truths:
        missing = [name for name in truth.references if name not in booked]
        never_booked = truth.cause in {"R4", "K4", "M2", "P2", "N1"}
        assert bool(missing) == never_booked, truth


def test_faults_take_many_balances_below_zero(spoilt: Simulation) -> None:
    negative = {key for key, lowest in lowest_balances(spoilt).items() if lowest < 0}
    assert len(negative & {truth.key for truth in spoilt.truths}) > len(FAULTS) // 2
