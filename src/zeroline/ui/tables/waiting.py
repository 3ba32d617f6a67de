"""Below a list: what waits to be shown because another person's change must not move the list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from zeroline.ui.tables.shown import Shown
from zeroline.ui.tables.view import TableView
from zeroline.ui.theme import GRID, kind

REST = 20_000
"""ms without a key, a click or a turn of the wheel after which the list shows by itself what waits."""

_HANDS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class Waiting(QFrame):
    """'3 new · 1 gone · show'. Hidden while the list is as it would be."""

    def __init__(self, table: TableView) -> None:
        super().__init__()
        kind(self, "raised")
        self._table = table
        self.show_button = QPushButton()
        kind(self.show_button, "quiet")
        self.show_button.setAutoDefault(False)
        self.show_button.setToolTip("Others changed this list meanwhile: show it as it is now (F5)")
        self.show_button.clicked.connect(self._show_now)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        row.addWidget(self.show_button)
        row.addStretch(1)
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.setInterval(REST)
        self.rest.timeout.connect(table.catch_up)
        for watched in (table, table.viewport()):
            watched.installEventFilter(self)
        table.arranged.connect(self._look)
        self.hide()

    def _show_now(self) -> None:
        self._table.setFocus()
        self._table.catch_up()

    def _look(self) -> None:
        shown = self._table.table.shown
        text = words(shown)
        self.show_button.setText(text)
        self.show_button.setAccessibleName(text)
        self.setVisible(bool(text))
        if text:
            self.rest.start()
        else:
            self.rest.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS and self.rest.isActive():
            self.rest.start()
        return False


def words(shown: Shown) -> str:
    """What waits, in words; '' for nothing."""
    if shown.fresh is None:
        return ""
    parts = [f"{shown.waiting} new"] if shown.waiting else []
    parts += [f"{len(shown.gone)} gone"] if shown.gone else []
    return " · ".join([*(parts or ["Order changed"]), "show"])
