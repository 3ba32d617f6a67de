"""Both sides read from end to end, side by side, and what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice, zip_longest
from typing import Any

from zeroline.domain.views.moving import Compared, Watch
from zeroline.storage.driver import Texts
from zeroline.storage.postgres.moving import origin
from zeroline.storage.postgres.moving.table import CARRIED, Carried, Row

Block = list[Row]

_BLOCK, _HEAVY_BLOCK = 20_000, 4
"""Rows of each side that are held at a time; the latter where one may be megabytes."""


def compare(here: Texts, raw: Any, of: int, watch: Watch) -> tuple[Compared, ...]:
    """Every table of the file and of the server, each row and column, the derived ones too."""
    found: list[Compared] = []
    for table in CARRIED:
        before = sum(one.rows_before for one in found)

        def look(rows: int, before: int = before, name: str = table.name) -> None:
            watch(before + rows, of, "compare", name)

        found.append(_table(here, raw, table, look))
    return tuple(found)


class _Side:
    """One side of a table: rows and the digest of their text so far."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._sum = hashlib.sha256()
        self.rows = 0

    def next(self) -> Block:
        """The next rows, none at the end."""
        block = next(self._blocks, [])
        for row in block:
            self._sum.update(repr(tuple(map(_short, row))).encode())
        self.rows += len(block)
        return block

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


def _short(cell: Any) -> Any:
    """A cell, one of bytes by what they come to."""
    return hashlib.sha256(cell).hexdigest() if isinstance(cell, bytes) else cell


def _table(here: Texts, raw: Any, table: Carried, look: Callable[[int], None]) -> Compared:
    ours, theirs = _Side(_of_file(here, table)), _Side(_of_server(raw, table))
    differs = ""
    while True:
        look(ours.rows)
        mine, other = ours.next(), theirs.next()
        if not mine and not other:
            break
        if not differs and mine != other:
            differs = table.told(_first(table, mine, other))
    return Compared(table.name, ours.rows, theirs.rows, ours.digest, theirs.digest, differs)


def _first(table: Carried, mine: Block, other: Block) -> Row:
    """The key of the first row that only one side has, or that is not the same on both."""
    for one, two in zip_longest(mine, other):
        if one != two:
            keys = [table.key_of(row) for row in (one, two) if row is not None]
            return min(keys)
    raise AssertionError("called for blocks that differ")


def _blocks(read: Callable[[Row | None, int], Iterator[Row]], table: Carried) -> Iterator[Block]:
    limit, after = _HEAVY_BLOCK if table.heavy else _BLOCK, None
    while True:
        block = list(islice(read(after, limit), limit))
        if block:
            yield block
            after = table.key_of(block[-1])
        if len(block) < limit:
            return


def _of_file(here: Texts, table: Carried) -> Iterator[Block]:
    return _blocks(lambda after, limit: origin.rows(here, table, after, limit), table)


def _of_server(raw: Any, table: Carried) -> Iterator[Block]:
    def read(after: Row | None, limit: int) -> Iterator[Row]:
        query = table.query("%s", after is not None, blank=False)
        with raw.cursor(binary=True) as cursor:
            cursor.execute(query, (*(after or ()), limit))
            yield from cursor.fetchall()

    return _blocks(read, table)
