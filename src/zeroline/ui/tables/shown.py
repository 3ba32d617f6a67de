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
    """Columns, rows and wish, arranged. It never changes: another wish makes another one."""

    def __init__(self, columns: Sequence[Column], rows: Rows, wish: Wish) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.wish = wish
        self.arrangement: Arrangement = arrange(rows, columns, wish)
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
        return list(zip(texts, tones, icons, units, strict=True))

    def _beside(self, call: Any, field: str, values: list[Any], rows: NDArray[Any]) -> list[Any] | None:
        if field and field in self.rows.fields:
            return self.rows.fields[field].take(rows)
        return [call(value) for value in values] if call is not None else None
