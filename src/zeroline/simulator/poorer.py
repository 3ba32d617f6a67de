"""The same simulation as a poorer system would tell it: no times of occurrence, no documents, lost rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from zeroline.domain.movement import Movement, MovementKind, TimeBasis
from zeroline.domain.stock import StockKey
from zeroline.simulator.answers import Answer
from zeroline.simulator.warehouse import Simulation


def without_occurrence(simulation: Simulation) -> Simulation:
    """Only the time of recording is known."""
    return replace(
        simulation,
        movements=tuple(
            replace(row, occurred_at=row.recorded_at, time_basis=TimeBasis.RECORDED)
            for row in simulation.movements
        ),
    )


def without_documents(simulation: Simulation, *, numbers: bool = False) -> Simulation:
    """No documents are known; with ``numbers`` the movements do not name them either."""
    rows = simulation.movements
    if numbers:
        rows = tuple(replace(row, document="", document_line="") for row in rows)
    return replace(simulation, documents=(), movements=rows)


def with_losses(simulation: Simulation, seed: int, share: float = 0.05) -> Simulation:
    """A share of the rows, drawn by ``seed``, is lost.

    ``answers`` keeps those whose row is still there and still does what it did; ``truths`` stays as it is.
    A stretch below zero without an answer comes from the loss.
    """
    random = Random(seed)
    rows = tuple(row for row in simulation.movements if random.random() >= share)
    return replace(simulation, movements=rows, answers=_still_true(simulation.answers, rows))


def _still_true(answers: Sequence[Answer], rows: Sequence[Movement]) -> tuple[Answer, ...]:
    balances: dict[StockKey, int] = defaultdict(int)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        before = balances[row.key]
        balances[row.key] += row.quantity
        if balances[row.key] < 0 <= before:
            seen.add(("negative", row.reference))
        if row.kind is MovementKind.COUNT_CORRECTION:
            seen.add(("variance", row.reference))
    return tuple(found for found in answers if (found.symptom.kind, found.symptom.reference) in seen)
