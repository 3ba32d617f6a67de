"""Which columns of a list are shown, and in which order; all of it by keyboard too."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
)

from zeroline.ui.tables.view import TableView
from zeroline.ui.theme import GRID, Tone, kind, tone

_PLACE = int(Qt.ItemDataRole.UserRole)


class ColumnChooser(QDialog):
    """Works on the list at once, so that the result is seen while choosing."""

    def __init__(self, view: TableView, reset: Callable[[], None]) -> None:
        super().__init__(view)
        self._view, self._reset = view, reset
        self._filling = False
        self.setWindowTitle("Columns")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.listed = QListWidget()
        self.listed.setAccessibleName("Columns")
        self.listed.itemChanged.connect(self._ticked)
        hint = QLabel("Space shows or hides. Ctrl+↑ and Ctrl+↓ move.")
        tone(hint, Tone.MUTED)
        self.up, self.down = QPushButton("Up"), QPushButton("Down")
        self.reset_button, self.close_button = QPushButton("Reset layout"), QPushButton("Done")
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.reset_button.clicked.connect(self._start_over)
        self.close_button.clicked.connect(self.accept)
        kind(self.close_button, "primary")
        row = QHBoxLayout()
        for button in (self.up, self.down, self.reset_button, self.close_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.insertStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * GRID] * 4)
        column.addWidget(self.listed, 1)
        column.addWidget(hint)
        column.addLayout(row)
        QShortcut(QKeySequence("Ctrl+Up"), self, lambda: self._move(-1))
        QShortcut(QKeySequence("Ctrl+Down"), self, lambda: self._move(1))
        self._fill(0)
        self.resize(380, 440)

    def _fill(self, current: int) -> None:
        self._filling = True
        self.listed.clear()
        header = self._view.horizontalHeader()
        for visual in range(header.count()):
            place = header.logicalIndex(visual)
            item = QListWidgetItem(self._view.columns[place].title or self._view.columns[place].help)
            item.setData(_PLACE, place)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            hidden = header.isSectionHidden(place)
            item.setCheckState(Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)
            self.listed.addItem(item)
        self.listed.setCurrentRow(current)
        self._filling = False

    def _ticked(self, item: QListWidgetItem) -> None:
        if self._filling:
            return
        key = self._view.columns[item.data(_PLACE)].key
        self._view.show_column(key, item.checkState() == Qt.CheckState.Checked)
        self._fill(self.listed.currentRow())

    def _move(self, step: int) -> None:
        row = self.listed.currentRow()
        target = row + step
        if row >= 0 and 0 <= target < self.listed.count():
            place = self.listed.item(row).data(_PLACE)
            self._view.move_column(self._view.columns[place].key, target)
            self._fill(target)

    def _start_over(self) -> None:
        self._reset()
        self._fill(0)
