"""The movements of a ledger as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.episode import Ints

Whole: TypeAlias = NDArray[np.signedinteger[Any]]
Rows: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class MovementColumns:
    """n movements in any order; every array has length n.

    ``key`` and ``sequence`` any signed integer type (int32 halves the memory) · ``occurred_at``,
    ``recorded_at`` int64 µs · ``quantity`` int64 micro-units, signed. ``sequence`` is unique.
    Raises ValueError when lengths or types do not fit.
    """

    key: Whole
    sequence: Whole
    occurred_at: Ints
    recorded_at: Ints
    quantity: Ints

    def __post_init__(self) -> None:
        for name in self.__slots__:
            column = getattr(self, name)
            if column.ndim != 1 or len(column) != len(self.key):
                raise ValueError("every column of movements has one entry a movement")
            wanted = np.signedinteger if name in ("key", "sequence") else np.int64
            if not np.issubdtype(column.dtype, wanted):
                raise ValueError(f"{name} holds {column.dtype}, not {wanted.__name__}")

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: Rows | NDArray[np.bool_] | slice) -> MovementColumns:
        """The movements at ``rows`` (positions, flags or a slice), in that order."""
        return MovementColumns(
            self.key[rows],
            self.sequence[rows],
            self.occurred_at[rows],
            self.recorded_at[rows],
            self.quantity[rows],
        )

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, int, int]]) -> MovementColumns:
        """From rows of (key, sequence, occurred_at, recorded_at, quantity)."""
        table = np.array(list(rows), dtype=np.int64).reshape(-1, 5)
        return cls(*(np.ascontiguousarray(table[:, column]) for column in range(5)))

    @classmethod
    def join(cls, parts: list[MovementColumns]) -> MovementColumns:
        """The movements of several parts one after the other."""
        if not parts:
            return cls.of(())
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))
