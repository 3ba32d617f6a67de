"""The one table model: an arrangement of rows, read in blocks of formatted text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from zeroline.ui.tables.column import Align, Column
from zeroline.ui.tables.rows import Arrangement, Group, Rows, Wish
from zeroline.ui.tables.shown import BLOCK, BLOCK_BITS, Block, Shown

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


class TableModel(QAbstractTableModel):
    """Shows Rows as a Wish arranges them."""

    edited = Signal(object, str, str)
    """Somebody typed into an editable cell: row id, column key, text."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.shown = Shown(self.columns, Rows.empty(columns), Wish())
        self._blocks: dict[int, Block] = {}

    @property
    def rows(self) -> Rows:
        return self.shown.rows

    @property
    def wish(self) -> Wish:
        return self.shown.wish

    @property
    def arrangement(self) -> Arrangement:
        return self.shown.arrangement

    def place(self, key: str) -> int:
        """The logical column of a key. Raises KeyError."""
        return self.shown.position[key]

    def show(self, shown: Shown) -> None:
        """Show something else, in one reset."""
        self.beginResetModel()
        self.shown = shown
        self._blocks.clear()
        self.endResetModel()

    def id_at(self, line: int) -> Any | None:
        """The id of a line, None for a heading."""
        row = self.shown.row_at(line)
        return None if row is None else self.rows.ids[row]

    def group_at(self, line: int) -> Group | None:
        return self.shown.group_at(line)

    def block(self, number: int) -> Block:
        """Lines 32·number … of the display, formatted once."""
        ready = self._blocks.get(number)
        if ready is None:
            if len(self._blocks) > 64:
                self._blocks.clear()
            ready = self._blocks[number] = self.shown.block(number << BLOCK_BITS)
        return ready

    # Qt's side

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            line, place = index.row(), index.column()
            if not (0 <= line < len(self.shown) and 0 <= place < len(self.columns)):
                return None
            block = self.block(line >> BLOCK_BITS)
            group = block.groups[line & (BLOCK - 1)]
            if group is not None:
                return self.shown.group_text(group, place)
            return block.cells[place][line & (BLOCK - 1)][0]
        if role == _ALIGNMENT:
            return _ALIGNMENTS[self.columns[index.column()].align] if index.isValid() else None
        if role in _DETAILS and index.isValid():
            return self._detail(index.row(), index.column(), role)
        return None

    def _detail(self, line: int, place: int, role: int) -> Any:
        column = self.columns[place]
        row = self.shown.row_at(line)
        if row is None:
            group = self.group_at(line)
            return self.shown.group_text(group, place) if group is not None and role == _ACCESSIBLE else None
        text, tone, _, unit = self.block(line >> BLOCK_BITS).cells[place][line & (BLOCK - 1)]
        if role == _ACCESSIBLE:
            gone = " (gone)" if row in self.shown.gone else ""
            return f"{text} {unit}".strip() + gone
        if role == ID_ROLE:
            return self.rows.ids[row]
        if role == TONE_ROLE:
            return tone
        if role == VALUE_ROLE:
            return self.rows.value(column.key, row)
        if role == _EDIT:
            return text
        if row in self.shown.gone:
            return "No longer in this list"
        if column.tooltip_from:
            return self.rows.value(column.tooltip_from, row)
        return column.tooltip(self.rows.value(column.key, row)) if column.tooltip else None

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
        if self.columns[index.column()].editable and self.shown.row_at(index.row()) is not None:
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
