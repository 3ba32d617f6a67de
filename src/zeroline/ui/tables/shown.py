"""Rows as they are shown: formatted in blocks, without Qt, so that exports can be made in the background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroline.ui.tables.column import Column
from zeroline.ui.tables.rows import Arrangement, Group, Rows, Wish, arrange

BLOCK_BITS = 5
BLOCK = 1 << BLOCK_BITS

Cell = tuple[str, str | None, str | None, str]
"""Text, tone, icon name, unit."""


class Block(NamedTuple):
    """Lines ready to draw: ``cells[column][i]``; ``groups[i]`` is the heading on that line or None."""

    cells: list[list[Cell]]
    groups: list[Group | None]


class Shown:
    """Columns, rows and wish, arranged. It never changes: another wish makes another one.

    With ``arrangement`` the lines are where that says. ``fresh`` is then how it will be once the person has
    asked for it, ``gone`` are rows that it has no more, ``waiting`` is how many it has besides.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Rows,
        wish: Wish,
        *,
        arrangement: Arrangement | None = None,
        fresh: Shown | None = None,
        gone: frozenset[int] = frozenset(),
        waiting: int = 0,
    ) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.wish = wish
        self.fresh, self.gone, self.waiting = fresh, gone, waiting
        self.arrangement: Arrangement = arrangement or arrange(rows, columns, wish)
        self.decimals = [rows.decimals(column) for column in columns]
        self.position = {column.key: place for place, column in enumerate(self.columns)}

    def __len__(self) -> int:
        return len(self.arrangement.display)

    def unfiltered(self) -> Shown:
        """The same rows and order without search, filter and grouping."""
        return Shown(self.columns, self.rows, Wish(sort=self.wish.sort))

    def row_at(self, line: int) -> int | None:
        """The row of a line, None for a heading."""
        row = int(self.arrangement.display[line])
        return row if row >= 0 else None

    def group_at(self, line: int) -> Group | None:
        row = int(self.arrangement.display[line])
        return self.arrangement.groups[-1 - row] if row < 0 else None

    def amount_text(self, key: str, value: int) -> str:
        """A number of a column as its cells show it (for totals and limits)."""
        place = self.position.get(key)
        if place is None:
            return str(value)
        column = self.columns[place]
        return column.text(value) if column.scaled is None else column.scaled(value, self.decimals[place])

    def group_title(self, group: Group) -> str:
        """The heading of a group: its value as its column reads."""
        place = self.position.get(self.wish.group_by)
        if place is None:
            return str(group.value)
        column = self.columns[place]
        if group.value is None:
            return f"no {column.title.lower()}"
        return self.amount_text(column.key, group.value) or f"no {column.title.lower()}"

    def group_text(self, group: Group, place: int) -> str:
        """A cell of a heading line: its title first, then the totals."""
        if place == 0:
            return f"{self.group_title(group)} ({group.size})"
        key = self.columns[place].key
        return "" if key not in group.totals else self.amount_text(key, group.totals[key])

    def block(self, start: int, length: int = BLOCK) -> Block:
        """Lines start … start + length − 1, formatted now."""
        lines = self.arrangement.display[start : start + length]
        groups: list[Group | None] = [
            None if row >= 0 else self.arrangement.groups[-1 - row] for row in lines.tolist()
        ]
        if not len(self.rows):
            return Block([[] for _ in self.columns], groups)
        rows = np.maximum(lines, 0)
        return Block([self._cells(place, rows) for place in range(len(self.columns))], groups)

    def _cells(self, place: int, rows: NDArray[Any]) -> list[Cell]:
        column = self.columns[place]
        values = self.rows.fields[column.key].take(rows)
        if column.scaled is not None:
            decimals, scaled = self.decimals[place], column.scaled
            texts = ["" if value is None else scaled(value, decimals) for value in values]
        else:
            text = column.text
            texts = [text(value) for value in values]
        none: list[Any] = [None] * len(values)
        tones = self._beside(column.tone, column.tone_from, values, rows) or none
        icons = self._beside(column.icon, column.icon_from, values, rows) or none
        units = self._beside(None, column.unit_from, values, rows) or [""] * len(values)
        if self.gone:
            tones = ["muted" if row in self.gone else t for row, t in zip(rows.tolist(), tones, strict=True)]
        return list(zip(texts, tones, icons, units, strict=True))

    def _beside(self, call: Any, field: str, values: list[Any], rows: NDArray[Any]) -> list[Any] | None:
        if field and field in self.rows.fields:
            return self.rows.fields[field].take(rows)
        return [call(value) for value in values] if call is not None else None


def held(before: Shown, fresh: Shown) -> Shown:
    """New values in the lines that were on show before: none moves, none comes, and none goes.

    ``fresh`` itself where that is so already.
    """
    old, rows = before.rows, fresh.rows
    display = before.arrangement.display.tolist()
    ids = [old.ids[row] for row in display if row >= 0]
    following = [rows.ids[row] for row in fresh.arrangement.display.tolist() if row >= 0]
    if not ids or ids == following:
        return fresh
    gone = [id for id in ids if rows.row_of(id) is None]
    kept = rows.keeping(old, gone) if gone else rows
    places = [row if row < 0 else kept.row_of(old.ids[row]) for row in display]
    return Shown(
        before.columns,
        kept,
        before.wish,
        arrangement=before.arrangement._replace(display=np.array(places, dtype=np.int64)),
        fresh=fresh,
        gone=frozenset(range(len(rows), len(kept))),
        waiting=len(set(following).difference(ids)),
    )
