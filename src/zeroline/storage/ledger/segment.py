"""A segment: tens of thousands of movements as five compact columns in one BLOB.

Layout, little-endian: for each of key, sequence, occurred_at, recorded_at, quantity a header (least value
int64, step int64, width in bytes uint8), then the columns one after the other, each value as (value − least)
÷ step in an unsigned number of that width; width 0 when all values are the same. occurred_at is kept as
recorded_at − occurred_at, which is mostly 0. The rows lie in book order of each key, keys ascending, so the
movements of a range of keys are one slice.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.episode import Ints
from zeroline.domain.replay import MovementColumns, book_order

SEGMENT_ROWS = 65_536

_HEADER = struct.Struct("<qqB")
_COLUMNS = 5
_BEGIN = _HEADER.size * _COLUMNS


def pack(movements: MovementColumns) -> bytes:
    """The BLOB of one or more movements given in any order."""
    order = book_order(movements)
    book = movements if order is None else movements.take(order)
    headers, bodies = [], []
    for column in (
        book.key,
        book.sequence,
        book.recorded_at - book.occurred_at,
        book.recorded_at,
        book.quantity,
    ):
        header, body = _packed(column.astype(np.int64, copy=False))
        headers.append(header)
        bodies.append(body)
    return b"".join(headers + bodies)


def _packed(column: Ints) -> tuple[bytes, bytes]:
    least = int(column.min())
    # Differences are taken modulo 2**64, so columns that span more than half of int64 fit as well.
    offsets = (column - least).view(np.uint64)
    step = int(np.gcd.reduce(offsets)) or 1
    if step >= 2**63:
        step = 1
    offsets //= np.uint64(step)
    width = (int(offsets.max()).bit_length() + 7) // 8
    width = next(size for size in (0, 1, 2, 4, 8) if size >= width)
    body = offsets.astype(f"<u{width}").tobytes() if width else b""
    return _HEADER.pack(least, step, width), body


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    least: int
    step: int
    packed: NDArray[np.unsignedinteger[Any]] | None  # None: every value is the least

    def values(self, rows: range) -> Ints:
        if self.packed is None:
            return np.full(len(rows), self.least, np.int64)
        offsets = self.packed[rows.start : rows.stop : rows.step].astype(np.uint64)
        if self.step != 1:
            offsets *= np.uint64(self.step)
        values: Ints = offsets.view(np.int64)
        values += self.least
        return values


class Segment:
    """A BLOB of :func:`pack`, unpacked slice by slice; ``rows`` movements."""

    def __init__(self, blob: bytes, rows: int) -> None:
        self.rows = rows
        self._columns: list[_Column] = []
        offset = _BEGIN
        for place in range(_COLUMNS):
            least, step, width = _HEADER.unpack_from(blob, place * _HEADER.size)
            packed = np.frombuffer(blob, f"<u{width}", rows, offset) if width else None
            self._columns.append(_Column(least, step, packed))
            offset += width * rows

    def movements(self, low: int | None = None, high: int | None = None) -> MovementColumns:
        """The movements of keys from ``low`` on and below ``high``, in book order of each key."""
        rows = range(0 if low is None else self._place(low), self.rows if high is None else self._place(high))
        key, sequence, late, recorded, quantity = (column.values(rows) for column in self._columns)
        return MovementColumns(key, sequence, recorded - late, recorded, quantity)

    def keys(self, step: int) -> Ints:
        """Every ``step``-th key."""
        return self._columns[0].values(range(0, self.rows, step))

    def _place(self, key: int) -> int:
        column = self._columns[0]
        wanted = -(-(key - column.least) // column.step)
        if wanted <= 0:
            return 0
        if column.packed is None or wanted > int(column.packed[-1]):
            return self.rows
        return int(np.searchsorted(column.packed, column.packed.dtype.type(wanted)))
