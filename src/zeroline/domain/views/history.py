"""The balance of one stock key over time, as the chart and the paper draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EpisodeBand:
    """One episode: µs instants, movement ids, depth in micro-units (negative). ``ended_at`` None: open."""

    started_at: int
    ended_at: int | None
    opening_movement: int
    closing_movement: int | None
    depth: int
    transient: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class BalanceHistory:
    """Movements of one stock key in book order, n of them; every array has length n.

    ``movement_ids`` int64 · ``recorded_at``, ``occurred_at`` int64 µs · ``quantities`` signed micro-units ·
    ``balances`` book balance after each movement, micro-units · ``kinds``, ``documents``, ``people`` texts.
    ``physical_order`` int64: the book positions in physical order; ``physical_balances`` int64: the balance
    after each of those, in physical order. With ``physical_known`` False the times when things happened
    were never recorded and no physical line is drawn.
    """

    item: str
    location: str
    unit: str
    movement_ids: NDArray[np.int64]
    recorded_at: NDArray[np.int64]
    occurred_at: NDArray[np.int64]
    quantities: NDArray[np.int64]
    balances: NDArray[np.int64]
    kinds: tuple[str, ...]
    documents: tuple[str, ...]
    people: tuple[str, ...]
    physical_order: NDArray[np.int64]
    physical_balances: NDArray[np.int64]
    episodes: tuple[EpisodeBand, ...] = ()
    opening_balance: int = 0
    physical_known: bool = True
    as_of: int = 0

    def __post_init__(self) -> None:
        n = len(self.movement_ids)
        parts: tuple[Any, ...] = (
            self.recorded_at,
            self.occurred_at,
            self.quantities,
            self.balances,
            self.kinds,
            self.documents,
            self.people,
            self.physical_order,
            self.physical_balances,
        )
        if any(len(part) != n for part in parts):
            raise ValueError("every part of a history has one entry a movement")

    def __len__(self) -> int:
        return len(self.movement_ids)

    def position(self, movement_id: int) -> int | None:
        """Book position of a movement, None when it is not part of this history."""
        found = np.flatnonzero(self.movement_ids == movement_id)
        return int(found[0]) if len(found) else None
