"""A ledger as text: the docstring of a test is its ledger.

One movement a line, in the order of arrival: when it happened, when it was recorded, how much, what it was;
before them, where there are several, the stock key::

    A1  08:40  16:30  +30  receipt
    A1  09:12  09:12  −11  shipment

A time is a minute of the first day, or of a later one as ``2/09:12``. Other lines are prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from zeroline.domain.quantity import parse
from zeroline.domain.replay import MovementColumns

MINUTE = 60_000_000
START = 1_750_000_000_000_000 // (1440 * MINUTE) * (1440 * MINUTE)  # midnight that begins day 1, µs
TIME = r"(?:\d+/)?\d\d:\d\d"
_ROW = re.compile(rf"(?:(\w+)\s+)?({TIME})\s+({TIME})\s+([+\-−]?[\d.]+)\s*(.*)")


@dataclass(frozen=True)
class Row:
    """One movement: instants in µs, quantity in micro-units; ``key`` counts the keys from 1."""

    key: int
    sequence: int
    occurred_at: int
    recorded_at: int
    quantity: int
    kind: str = ""

    def __iter__(self):
        return iter((self.key, self.sequence, self.occurred_at, self.recorded_at, self.quantity))


def at(text: str) -> int:
    """``09:12`` or ``2/09:12`` in µs."""
    day, _, clock = text.rpartition("/")
    hour, minute = clock.split(":")
    return START + ((int(day or 1) - 1) * 1440 + int(hour) * 60 + int(minute)) * MINUTE


def read_ledger(text: str | None) -> list[Row]:
    """The movements written in ``text``."""
    names: dict[str, int] = {}
    rows = []
    for line in (text or "").splitlines():
        found = _ROW.fullmatch(line.strip())
        if found:
            key = names.setdefault(found[1] or "", len(names) + 1)
            rows.append(
                Row(key, len(rows) + 1, at(found[2]), at(found[3]), parse(found[4]), found[5].strip())
            )
    assert rows, "a ledger test writes its ledger into its docstring"
    return rows


def columns(rows: list[Row]) -> MovementColumns:
    """The same movements as arrays."""
    return MovementColumns.of(tuple(row) for row in rows)


def empty_columns() -> MovementColumns:
    """No movements."""
    nothing = np.zeros(0, np.int64)
    return MovementColumns(nothing, nothing, nothing, nothing, nothing)
