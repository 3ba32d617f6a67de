"""The tables that are carried over, in the order of what refers to what, and how their rows are read.

Both sides are read by the same words, in the order of the primary key, which is byte order on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, String, Table

from zeroline.storage.schema import metadata
from zeroline.storage.types import Whole

ROWS = 20_000
"""Rows of one step; what was copied in a step that is cut off is copied again."""
_HEAVY_ROWS = 64
"""The same where a row may be megabytes."""

_NOT_CARRIED = ("presence",)
"""Who has what open now is of one place."""

_BLANK = {"person": ("secret_hash", "pin_hash")}
"""Proofs of secrets, which a server could not use and everybody on it could read: empty there."""

Row = tuple[Any, ...]


class Kind(NamedTuple):
    """What a server takes in a column: SQLite's word for it, and the largest number or the most letters
    (0: any)."""

    word: str
    most: int


@dataclass(frozen=True)
class Carried:
    """A table: ``columns`` in order, ``key`` and ``answers`` (yes or no) are positions in it."""

    name: str
    kinds: Mapping[str, Kind]
    columns: tuple[str, ...]
    key: tuple[int, ...]
    answers: tuple[int, ...]
    heavy: bool

    def step(self, rows: int) -> int:
        """How many rows are copied at a time, of ``rows`` where rows are small."""
        return min(rows, _HEAVY_ROWS) if self.heavy else rows

    def query(self, mark: str, after: bool, blank: bool) -> str:
        """Rows behind a key, if ``after``, up to a limit; ``blank`` columns are read as empty."""
        empty = _BLANK.get(self.name, ()) if blank else ()
        columns = ", ".join(f"'' AS {name}" if name in empty else f'"{name}"' for name in self.columns)
        key = ", ".join(f'"{self.columns[place]}"' for place in self.key)
        marks = ", ".join(mark for _ in self.key)
        behind = f" WHERE ({key}) > ({marks})" if after else ""
        return f'SELECT {columns} FROM "{self.name}"{behind} ORDER BY {key} LIMIT {mark}'

    def key_of(self, row: Row) -> Row:
        """The primary key of a row."""
        return tuple(row[place] for place in self.key)

    def plain(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows of a file with its 0 and 1 as no and yes where that is meant; ValueError for another one."""
        if not self.answers:
            yield from rows
            return
        for row in rows:
            cells = list(row)
            for place in self.answers:
                cells[place] = (False, True).index(cells[place]) == 1
            yield tuple(cells)

    def told(self, key: Row) -> str:
        """A key in words: ``item_id 4, unit cs``."""
        return ", ".join(f"{self.columns[place]} {cell}" for place, cell in zip(self.key, key, strict=True))


def _carried(table: Table) -> Carried:
    names = [column.name for column in table.columns]
    return Carried(
        table.name,
        {column.name: _kind(column) for column in table.columns},
        tuple(names),
        tuple(names.index(column.name) for column in table.primary_key.columns),
        tuple(place for place, column in enumerate(table.columns) if isinstance(column.type, Boolean)),
        any(isinstance(column.type, LargeBinary) for column in table.columns),
    )


def _kind(column: Column[Any]) -> Kind:
    if isinstance(column.type, Boolean):
        return Kind("integer", 1)
    if isinstance(column.type, LargeBinary):
        return Kind("blob", 0)
    if isinstance(column.type, String):
        return Kind("text", column.type.length or 0)
    big = isinstance(column.type, BigInteger | Whole)
    return Kind("integer", 2**63 - 1 if big else 2**31 - 1)


CARRIED = tuple(_carried(table) for table in metadata.sorted_tables if table.name not in _NOT_CARRIED)
