"""The one list view: draws the visible lines itself, keeps the selection by id, remembers its layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolTip, QWidget

from zeroline.ui.tables.anchor import Anchor
from zeroline.ui.tables.column import Column
from zeroline.ui.tables.header import Header
from zeroline.ui.tables.model import TableModel
from zeroline.ui.tables.painting import LinePainter
from zeroline.ui.tables.rows import Rows, Sort, Wish
from zeroline.ui.tables.shown import Shown, held
from zeroline.ui.theme import Row, Theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_SELECT_ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class TableView(QTableView):
    """Lists rows. Ids go in and out; indexes, lines and arrays stay inside.

    ``current_changed(id)`` (None on a heading or an empty list), ``selection_changed()``,
    ``activated_id(id)`` on Enter or double click, ``arranged()`` after rows, order, search, filter or
    grouping changed, ``layout_changed()`` after widths, order or visibility of columns changed.
    """

    current_changed = Signal(object)
    selection_changed = Signal()
    activated_id = Signal(object)
    arranged = Signal()
    layout_changed = Signal()

    def __init__(
        self, columns: Sequence[Column], parent: QWidget | None = None, height: Row = Row.NORMAL
    ) -> None:
        super().__init__(parent)
        self.table = TableModel(columns, self)
        self._theme = Theme.active()
        self._header = Header(columns, self)
        self._lines = LinePainter(self.table, self._theme)
        self._restoring = False
        self._fitted = True
        self._announced: Any = None
        self.setHorizontalHeader(self._header)
        self.setModel(self.table)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(side.ResizeMode.Fixed)
        self.set_row_height(height)
        for place, column in enumerate(columns):
            self._header.resizeSection(place, column.width)
            self._header.setSectionHidden(place, column.hidden)
        self._header.wanted.connect(self._sort_wanted)
        self._header.sectionResized.connect(self._resized)
        self._header.sectionMoved.connect(self._moved)
        self._theme.changed.connect(self._restyle)

    # what is shown

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.table.columns

    @property
    def wish(self) -> Wish:
        return self.table.wish

    def set_row_height(self, height: Row) -> None:
        """24, 28 or 36 pixels a line."""
        side = self.verticalHeader()
        side.setMinimumSectionSize(int(height))
        side.setDefaultSectionSize(int(height))

    def set_rows(self, rows: Rows, *, still: bool = False) -> None:
        """Show other rows; selection, current row and place stay where the ids are still there.

        ``still``: the lines stay where they are, with the new values; what came, went or has another place
        now waits for :meth:`catch_up`, or for any other order or filter.
        """
        fresh = Shown(self.columns, rows, self.wish)
        self._replace(held(self.table.shown, fresh) if still else fresh)

    def catch_up(self) -> None:
        """Show what waits: new rows, rows that are gone, rows that have another place."""
        fresh = self.table.shown.fresh
        if fresh is not None:
            self._replace(fresh)

    def _replace(self, shown: Shown) -> None:
        chosen, current = self.selected_ids(), self.current_id()
        place, anchor = self._cursor_column(), Anchor.of(self)
        self._restoring = True
        self.table.show(shown)
        rows = shown.rows
        kept = [row for id in chosen if (row := rows.row_of(id)) is not None]
        self._restore(kept, rows.row_of(current), place, anchor)

    def arrange(self, **changes: Any) -> None:
        """Change parts of the Wish: search, filter, sort, group_by, collapsed.

        Raises UnreadableFilter, and then nothing has changed.
        """
        wish = self.wish._replace(**changes)
        if wish == self.wish:
            return
        rows = (self.table.shown.fresh or self.table.shown).rows
        shown = Shown(self.columns, rows, wish)
        chosen, index = [row for row in self._selected_rows() if row < len(rows)], self.currentIndex()
        current = self.table.shown.row_at(index.row()) if index.isValid() else None
        current = current if current is not None and current < len(rows) else None
        place = self._cursor_column()
        self._restoring = True
        self.table.show(shown)
        self._header.show_sort(wish.sort)
        self._restore(chosen, current, place)

    def _restore(
        self, rows: Sequence[int], current: int | None, place: int, anchor: Anchor | None = None
    ) -> None:
        display = self.table.arrangement.display
        lines = np.zeros(0, dtype=np.intp)
        if len(rows) == 1 and not self.table.arrangement.groups:
            lines = np.flatnonzero(display == rows[0])
        elif rows:
            wanted = np.zeros(len(self.table.rows), dtype=np.bool_)
            wanted[np.asarray(rows)] = True
            lines = np.flatnonzero(wanted[np.maximum(display, 0)] & (display >= 0))
        at = np.flatnonzero(display == current) if current is not None else lines[:1]
        selection = QItemSelection()
        if len(lines):
            breaks = np.flatnonzero(np.diff(lines) > 1)
            last = self.table.columnCount() - 1
            firsts = lines[np.r_[0, breaks + 1]].tolist()
            for first, final in zip(firsts, lines[np.r_[breaks, len(lines) - 1]].tolist(), strict=True):
                selection.select(self.table.index(first, 0), self.table.index(final, last))
        picked = self.selectionModel()
        if len(at):
            index = self.table.index(int(at[0]), place)
            picked.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)
        if anchor is not None:
            anchor.hold(self)
        picked.select(selection, _SELECT_ROWS)
        self._restoring = False
        self._announce()
        self.selection_changed.emit()
        self.arranged.emit()

    # sorting

    def _sort_wanted(self, key: str, further: bool) -> None:
        self.sort_by(key, further=further)

    def sort_by(self, key: str, descending: bool | None = None, further: bool = False) -> None:
        """Order by a column; the same column again turns the order round. ``further``: after the others."""
        before = next((step for step in self.wish.sort if step.key == key), None)
        if descending is None:
            descending = not before.descending if before is not None else False
        step = Sort(key, descending)
        if not further:
            self.arrange(sort=(step,))
        elif before is None:
            self.arrange(sort=(*self.wish.sort, step))
        else:
            self.arrange(sort=tuple(step if old.key == key else old for old in self.wish.sort))
        self.layout_changed.emit()

    def group_by(self, key: str) -> None:
        """Group by a column, or not at all with an empty key."""
        self.arrange(group_by=key, collapsed=frozenset())
        self.layout_changed.emit()

    # selection by id

    def selected_ids(self) -> list[Any]:
        """Ids of the selected rows from top to bottom; headings never count."""
        ids = self.table.rows.ids
        return [ids[row] for row in self._selected_rows()]

    def selected_lines(self) -> list[int]:
        """Selected lines from top to bottom, headings among them."""
        return [line for first, after in self._stretches() for line in range(first, after)]

    def _selected_rows(self) -> list[int]:
        display = self.table.arrangement.display
        return [
            row for first, after in self._stretches() for row in display[first:after].tolist() if row >= 0
        ]

    def _stretches(self) -> list[tuple[int, int]]:
        """Selected lines as (first, after the last), none twice; there may be very many."""
        picked = self.selectionModel().selection() if self.model() is not None else QItemSelection()
        pieces = (picked.at(place) for place in range(picked.size()))
        stretches = sorted((piece.top(), piece.bottom()) for piece in pieces)
        found: list[tuple[int, int]] = []
        after = 0
        for top, bottom in stretches:
            if bottom >= after:
                found.append((max(top, after), bottom + 1))
                after = bottom + 1
        return found

    def current_id(self) -> Any | None:
        """Id of the row the cursor is on."""
        index = self.currentIndex()
        return self.table.id_at(index.row()) if index.isValid() else None

    def select_ids(self, ids: Iterable[Any]) -> None:
        """Select these rows (those on show), put the cursor on the first and scroll to it."""
        rows = [row for id in ids if (row := self.table.rows.row_of(id)) is not None]
        place = self._cursor_column()
        self._restoring = True
        self.selectionModel().clear()
        self._restore(rows, None, place)

    def select_first(self) -> None:
        """Put the cursor on the first row, if there is one."""
        for line in range(min(self.table.rowCount(), 2)):
            id = self.table.id_at(line)
            if id is not None:
                self.select_ids([id])
                return

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.viewport().update()
        if not self._restoring:
            self._announce()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._restoring:
            self.selection_changed.emit()

    def _announce(self) -> None:
        id = self.current_id()
        if id != self._announced:
            self._announced = id
            self.current_changed.emit(id)

    # columns

    def visible_columns(self) -> list[int]:
        """Logical columns in the order a person sees them."""
        header = self._header
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [place for place in order if not header.isSectionHidden(place)]

    def _cursor_column(self) -> int:
        """Where the cursor stays: its column, or the first one that a person sees."""
        index = self.currentIndex()
        return index.column() if index.isValid() else self._first_visible()

    def _first_visible(self) -> int:
        shown = self.visible_columns()
        return shown[0] if shown else 0

    def show_column(self, key: str, visible: bool) -> None:
        """Show or hide a column; the last visible one stays."""
        place = self.table.place(key)
        if not visible and self.visible_columns() == [place]:
            return
        self._header.setSectionHidden(place, not visible)
        self.fit()
        self.layout_changed.emit()

    def move_column(self, key: str, place: int) -> None:
        """Put a column at a visual place, 0 at the left."""
        self._header.moveSection(self._header.visualIndex(self.table.place(key)), place)

    def fitted(self, place: int) -> bool:
        """Whether a column's width follows the room there is."""
        return self._fitted and self.columns[place].stretch

    def set_width(self, key: str, width: int) -> None:
        """Pixels at 100 %; a stretching column stops following the room there is."""
        place = self.table.place(key)
        self._fitted = self._fitted and not self.columns[place].stretch
        self._header.resizeSection(place, width)

    def restore_columns(self) -> None:
        """Places, widths and visibility of the columns as they were designed."""
        self._fitted = True
        for place, column in enumerate(self.columns):
            self._header.moveSection(self._header.visualIndex(place), place)
            self._header.setSectionHidden(place, column.hidden)
            self._header.resizeSection(place, column.width)
        self.fit()

    def _resized(self, place: int, old: int, new: int) -> None:
        if self.columns[place].stretch and self.underMouse():
            self._fitted = False
        self._lines.forget_widths()
        self.viewport().update()
        self.layout_changed.emit()

    def _moved(self, *_: int) -> None:
        self.viewport().update()
        self.layout_changed.emit()

    def fit(self) -> None:
        """Give the room that is left to the stretching column."""
        stretching = [p for p in self.visible_columns() if self.columns[p].stretch]
        if not stretching or not self._fitted:
            return
        place = stretching[0]
        others = sum(self._header.sectionSize(p) for p in self.visible_columns() if p != place)
        wanted = max(self.columns[place].width, self.viewport().width() - others)
        if wanted != self._header.sectionSize(place):
            self._header.blockSignals(True)
            self._header.resizeSection(place, wanted)
            self._header.blockSignals(False)
            self._lines.forget_widths()
            self.updateGeometries()
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    # drawing, keys and tooltips

    def setModel(self, model: QAbstractItemModel | None) -> None:
        if model is not self.table:
            raise ValueError("a TableView shows its own model")
        super().setModel(model)

    def _restyle(self) -> None:
        self._lines.forget_widths()
        self.viewport().update()
        self._header.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lines.paint(self, event.rect(), self.visible_columns())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        group = self.table.group_at(index.row()) if index.isValid() else None
        key, modifiers = event.key(), event.modifiers()
        if group is not None and key in (*_ENTER, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
            folding = not group.collapsed if key in (*_ENTER, Qt.Key.Key_Space) else key == Qt.Key.Key_Left
            self._fold(index.row(), folding)
        elif key in _ENTER and index.isValid() and not modifiers:
            if self.state() != QAbstractItemView.State.EditingState:
                self.activated_id.emit(self.current_id())
        elif modifiers & Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            if index.isValid():
                further = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
                self.sort_by(self.columns[index.column()].key, key == Qt.Key.Key_Down, further)
        elif modifiers == _WIDER and key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and index.isValid():
            width = self._header.sectionSize(index.column()) + (16 if key == Qt.Key.Key_Right else -16)
            self.set_width(self.columns[index.column()].key, max(32, width))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands of the screen or go to the search field; they do not jump."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        group = self.table.group_at(index.row()) if index.isValid() else None
        if group is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setCurrentIndex(index)
            self._fold(index.row(), not group.collapsed)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        id = self.table.id_at(index.row()) if index.isValid() else None
        if id is not None and event.button() == Qt.MouseButton.LeftButton:
            self.activated_id.emit(id)

    def _fold(self, line: int, collapsed: bool) -> None:
        group = self.table.group_at(line)
        if group is None or group.collapsed == collapsed:
            return
        others = self.wish.collapsed - {group.value}
        self.arrange(collapsed=others | {group.value} if collapsed else others)
        for at in range(self.table.rowCount()):
            again = self.table.group_at(at)
            if again is not None and again.value == group.value:
                self.setCurrentIndex(self.table.index(at, self._first_visible()))
                break

    def fold_all(self, collapsed: bool) -> None:
        """Fold or unfold every group."""
        values = frozenset(group.value for group in self.table.arrangement.groups)
        self.arrange(collapsed=values if collapsed else frozenset())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tooltip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tooltip_at(self, point: QPoint) -> str:
        """The tooltip of a cell; the whole text where the cell had to shorten it."""
        index = self.indexAt(point)
        if not index.isValid():
            return ""
        given = index.data(int(Qt.ItemDataRole.ToolTipRole))
        if given:
            return str(given)
        text = str(index.data() or "")
        width = self._header.sectionSize(index.column())
        return text if self._lines.shortened(index.column(), text, width) else ""
