"""The one table model: an arrangement of rows, read in blocks of formatted text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from zeroline.ui.tables.column import Align, Column
from zeroline.ui.tables.rows import Arrangement, Group, Rows, Wish, arrange

BLOCK_BITS = 6
BLOCK = 1 << BLOCK_BITS

ID_ROLE = int(Qt.ItemDataRole.UserRole)
"""The id of the row, None on a group heading."""
TONE_ROLE = ID_ROLE + 1
VALUE_ROLE = ID_ROLE + 2

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_EDIT = int(Qt.ItemDataRole.EditRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)

_ALIGNMENTS = {
    Align.LEFT: int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
    Align.RIGHT: int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
    Align.CENTRE: int(Qt.AlignmentFlag.AlignCenter),
}

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Block:
    """64 lines ready to draw: ``cells[column][i]`` = (text, tone, icon, unit), ``groups[i]`` or None."""

    cells: list[list[tuple[str, str | None, str | None, str]]]
    groups: list[Group | None]


class TableModel(QAbstractTableModel):
    """Shows Rows as a Wish arranges them. Change what is shown with ``set_rows`` and ``set_wish``."""

    edited = Signal(object, str, str)
    """Somebody typed into an editable cell: row id, column key, text."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows = Rows.empty(columns)
        self.wish = Wish()
        self.arrangement = Arrangement(np.zeros(0, dtype=np.int64))
        self._blocks: dict[int, Block] = {}
        self._decimals: list[int] = [0] * len(self.columns)
        self._position = {column.key: place for place, column in enumerate(self.columns)}

    def place(self, key: str) -> int:
        """The logical column of a key. Raises KeyError."""
        return self._position[key]

    def set_rows(self, rows: Rows) -> None:
        self.beginResetModel()
        self.rows = rows
        self._decimals = [rows.decimals(column) for column in self.columns]
        self._arrange()
        self.endResetModel()

    def set_wish(self, wish: Wish) -> None:
        self.beginResetModel()
        self.wish = wish
        self._arrange()
        self.endResetModel()

    def fold(self, group: Group, collapsed: bool) -> None:
        """Fold or unfold one group."""
        others = self.wish.collapsed - {group.value}
        self.set_wish(replace(self.wish, collapsed=others | {group.value} if collapsed else others))

    def _arrange(self) -> None:
        self.arrangement = arrange(self.rows, self.columns, self.wish)
        self._blocks.clear()

    # what the rest of the table asks, line by line

    def row_at(self, line: int) -> int | None:
        """The row of a line, None for a heading."""
        row = int(self.arrangement.display[line])
        return row if row >= 0 else None

    def group_at(self, line: int) -> Group | None:
        row = int(self.arrangement.display[line])
        return self.arrangement.groups[-1 - row] if row < 0 else None

    def id_at(self, line: int) -> Any | None:
        row = self.row_at(line)
        return None if row is None else self.rows.ids[row]

    def amount_text(self, key: str, value: int) -> str:
        """A number of a column as its cells show it (for totals and limits)."""
        place = self._position.get(key)
        if place is None:
            return str(value)
        column = self.columns[place]
        if column.scaled is None:
            return column.text(value)
        return column.scaled(value, self._decimals[place])

    def decimals_of(self, place: int) -> int:
        return self._decimals[place]

    def block(self, number: int) -> Block:
        """Lines 64·number … of the display, formatted once."""
        ready = self._blocks.get(number)
        if ready is None:
            if len(self._blocks) > 64:
                self._blocks.clear()
            ready = self._blocks[number] = self._format(number << BLOCK_BITS)
        return ready

    def _format(self, start: int) -> Block:
        lines = self.arrangement.display[start : start + BLOCK]
        groups: list[Group | None] = [
            None if row >= 0 else self.arrangement.groups[-1 - row] for row in lines.tolist()
        ]
        rows = np.maximum(lines, 0)
        if not len(self.rows):
            return Block([[] for _ in self.columns], groups)
        return Block([self._cells(place, rows) for place in range(len(self.columns))], groups)

    def _cells(self, place: int, rows: Any) -> list[tuple[str, str | None, str | None, str]]:
        column = self.columns[place]
        values = self.rows.fields[column.key].take(rows)
        if column.scaled is not None:
            decimals, scaled = self._decimals[place], column.scaled
            texts = ["" if value is None else scaled(value, decimals) for value in values]
        else:
            text = column.text
            texts = [text(value) for value in values]
        none: list[Any] = [None] * len(values)
        tones = self._beside(column.tone, column.tone_from, values, rows) or none
        icons = self._beside(column.icon, column.icon_from, values, rows) or none
        units = self._beside(None, column.unit_from, values, rows) or [""] * len(values)
        return list(zip(texts, tones, icons, units, strict=True))

    def _beside(self, call: Any, field: str, values: list[Any], rows: Any) -> list[Any] | None:
        if field and field in self.rows.fields:
            return self.rows.fields[field].take(rows)
        return [call(value) for value in values] if call is not None else None

    # Qt's side

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.arrangement.display)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            line, place = index.row(), index.column()
            if not (0 <= line < len(self.arrangement.display) and 0 <= place < len(self.columns)):
                return None
            block = self.block(line >> BLOCK_BITS)
            group = block.groups[line & (BLOCK - 1)]
            if group is not None:
                return self._group_text(group, place)
            return block.cells[place][line & (BLOCK - 1)][0]
        if role == _ALIGNMENT:
            return _ALIGNMENTS[self.columns[index.column()].align] if index.isValid() else None
        if role in _DETAILS and index.isValid():
            return self._detail(index.row(), index.column(), role)
        return None

    def _detail(self, line: int, place: int, role: int) -> Any:
        column = self.columns[place]
        row = self.row_at(line)
        if row is None:
            group = self.group_at(line)
            return self._group_text(group, place) if group is not None and role == _ACCESSIBLE else None
        text, tone, _, unit = self.block(line >> BLOCK_BITS).cells[place][line & (BLOCK - 1)]
        if role == _ACCESSIBLE:
            return f"{text} {unit}".strip()
        if role == ID_ROLE:
            return self.rows.ids[row]
        if role == TONE_ROLE:
            return tone
        if role == VALUE_ROLE:
            return self.rows.value(column.key, row)
        if role == _EDIT:
            return text
        if column.tooltip_from:
            return self.rows.value(column.tooltip_from, row)
        return column.tooltip(self.rows.value(column.key, row)) if column.tooltip else None

    def _group_text(self, group: Group, place: int) -> str:
        if place == 0:
            return f"{self.group_title(group)} ({group.size})"
        total = group.totals.get(self.columns[place].key)
        return "" if total is None else self.amount_text(self.columns[place].key, total)

    def group_title(self, group: Group) -> str:
        """The heading of a group: its value as its column reads."""
        place = self._position.get(self.wish.group_by)
        if place is None:
            return str(group.value)
        column = self.columns[place]
        text = (
            column.text(group.value) if column.scaled is None else self.amount_text(column.key, group.value)
        )
        return text or f"no {column.title.lower()}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (_DISPLAY, _ACCESSIBLE):
            return column.title
        if role == _TOOLTIP:
            return column.help or None
        if role == _ALIGNMENT:
            return _ALIGNMENTS[column.align]
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if self.columns[index.column()].editable and self.row_at(index.row()) is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: AnyIndex, value: Any, role: int = _EDIT) -> bool:
        """Never changes the rows: announces ``edited``; the screen writes and brings new rows."""
        id = self.id_at(index.row()) if index.isValid() else None
        if role != _EDIT or id is None or not self.columns[index.column()].editable:
            return False
        self.edited.emit(id, self.columns[index.column()].key, str(value))
        return True


_DETAILS = frozenset((_TOOLTIP, _ACCESSIBLE, _EDIT, ID_ROLE, TONE_ROLE, VALUE_ROLE))
