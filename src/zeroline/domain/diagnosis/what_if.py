"""What the balance would have been had it been done right, and what adjusting now would make of it.

Pure arithmetic over a key's movements and a hypothesis's ``lift``: rows as they would stand, (seq, new
instant µs, new quantity); a seq of 0 is a row that was never booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.cause import AdjustmentRight
from zeroline.domain.diagnosis.hypothesis import Diagnosis, Hypothesis
from zeroline.domain.quantity import SCALE

Ints: TypeAlias = NDArray[np.int64]
Lift: TypeAlias = Sequence[tuple[int, int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Supposed:
    """The balance under a hypothesis: ``instants`` µs ascending, ``balances`` after each, micro-units."""

    instants: Ints
    balances: Ints

    @property
    def now(self) -> int | None:
        """The balance after the last row; None where there is no row."""
        return int(self.balances[-1]) if len(self.balances) else None


def what_if(movement_ids: Ints, recorded_at: Ints, quantities: Ints, opening: int, lift: Lift) -> Supposed:
    """The balance had the rows of ``lift`` stood as it says, all others as the book has them.

    ``opening`` is the balance before the first movement. Of equal instants the earlier in the book comes
    first, rows never booked last; a row of another key's history is left out.
    """
    instants, amounts = recorded_at.copy(), quantities.copy()
    places = {int(seq): place for place, seq in enumerate(movement_ids.tolist())}
    new: list[tuple[int, int]] = []
    for seq, at, quantity in lift:
        place = places.get(seq)
        if place is not None:
            instants[place], amounts[place] = at, quantity
        elif seq == 0:
            new.append((at, quantity))
    if new:
        instants = np.concatenate((instants, np.array([at for at, _ in new], dtype=np.int64)))
        amounts = np.concatenate((amounts, np.array([quantity for _, quantity in new], dtype=np.int64)))
    order = np.argsort(instants, kind="stable")
    return Supposed(instants[order], opening + np.cumsum(amounts[order], dtype=np.int64))


LIKELY = 0.1
"""Hypotheses below this probability do not speak against an adjustment."""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """What an adjustment leaves too much while a hypothesis holds: ``quantity`` micro-units from ``since``
    (µs) on; None: from when the missing record is booked, whenever that is. ``probability`` in millionths."""

    cause: str
    probability: int
    quantity: int
    since: int | None


def too_much(diagnosis: Diagnosis, adjustment: int, now: int, *, counted: bool) -> tuple[TooMuch, ...]:
    """What adding ``adjustment`` now leaves too much, for each likely hypothesis that speaks against it.

    What a late or missing record brings comes on top of the adjustment. A record that has come already is in
    the book: the figure of a count (``counted``) has it, any other adjustment stands beside it at once.
    """
    found = []
    for hypothesis in diagnosis.hypotheses:
        surplus = min(adjustment, hypothesis.explained)
        if hypothesis.adjustment is AdjustmentRight.YES or hypothesis.probability < LIKELY or surplus <= 0:
            continue
        since: int | None = None
        if hypothesis.adjustment is AdjustmentRight.NO and _has_come(hypothesis):
            if counted:
                continue
            since = now
        else:
            dues = [one.facts.get("due_at") for one in hypothesis.evidence]
            since = next((due for due in dues if isinstance(due, int) and due > now), None)
        probability = round(hypothesis.probability * SCALE)
        found.append(TooMuch(hypothesis.cause, probability, surplus, since))
    return tuple(found)


def _has_come(hypothesis: Hypothesis) -> bool:
    """Every row that would have made the difference is in the book by now, only late."""
    return bool(hypothesis.lift) and all(seq for seq, _, _ in hypothesis.lift)
