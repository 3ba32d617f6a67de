"""Ctrl+K: find any item, bin, document or case."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from zeroline.ui.desk import Desk
from zeroline.ui.theme import kind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListWidget

    from zeroline.domain.views.found import Hit

_ICONS = {"item": "box", "location": "location", "document": "note", "case": "queue-negative"}
"""By the value of a hit's kind."""


class FindBox(QLineEdit):
    """A field whose answers hang below it while one types; Enter opens the marked one, Esc closes.

    The answers are drawn over ``over``, which the field lies in. ``left``: the keys go back to the screen.
    """

    left = Signal()

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__()
        self._over = over
        self._desk = desk
        self._hits: list[Hit] = []
        self.setPlaceholderText("Find item, bin, document   Ctrl+K")
        self.setAccessibleName("Find item, bin, document or case")
        self.setMinimumWidth(360)
        self.setClearButtonEnabled(True)
        shortcut = QShortcut(QKeySequence("Ctrl+K"), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self._begin)
        self.textEdited.connect(self._search)
        self._panel: QFrame | None = None

    @cached_property
    def list(self) -> QListWidget:
        """The answers; made when there are some."""
        from PySide6.QtWidgets import QListWidget

        made = QListWidget()
        made.setAccessibleName("Found")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.itemClicked.connect(lambda item: self._open(made.row(item)))
        self._panel = QFrame(self._over)
        self._panel.hide()
        kind(self._panel, "card")
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(made)
        return made

    def _begin(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _search(self, text: str) -> None:
        wanted, services, person = text.strip(), self._desk.services, self._desk.person
        if len(wanted) < 2:
            self._close()
            return
        self._desk.tasks.query(
            lambda: services.lookup.find(person, wanted), self._found, owner=self, key="find"
        )

    def _found(self, hits: tuple[Hit, ...]) -> None:
        if len(self.text().strip()) < 2 or not self.hasFocus():
            return
        from PySide6.QtWidgets import QListWidgetItem

        self._hits = [*hits]
        self.list.clear()
        for hit in hits:
            more = f" · {len(hit.case_ids)} open" if hit.case_ids and hit.kind != "case" else ""
            entry = QListWidgetItem(self._desk.theme.icon(_ICONS[hit.kind]), "")
            entry.setText(f"{hit.label}   {hit.detail}{more}")
            entry.setToolTip(hit.kind.value)
            self.list.addItem(entry)
        if not hits:
            nothing = QListWidgetItem("Nothing found. Try part of a code, a bin or a document number.")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        else:
            self.list.setCurrentRow(0)
        self._show()

    def _show(self) -> None:
        assert self._panel is not None
        below = self.mapTo(self._over, QPoint(0, self.height() + 2))
        height = min(12, max(1, self.list.count())) * (self.list.sizeHintForRow(0) + 2) + 8
        self._panel.setGeometry(below.x(), below.y(), max(self.width(), 480), height)
        self._panel.show()
        self._panel.raise_()

    def _close(self) -> None:
        if self._panel is not None:
            self._panel.hide()
        self._hits = []

    def _open(self, row: int) -> None:
        if not 0 <= row < len(self._hits):
            return
        hit = self._hits[row]
        self._close()
        self.clear()
        if hit.case_ids:
            self._desk.ways.go("case", hit.case_ids[0])
        elif hit.kind == "case":
            self._desk.ways.go("case", hit.target)
        else:
            self._desk.ways.go("stock", (hit.kind, hit.target))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.count():
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.list.currentRow())
        elif key == Qt.Key.Key_Escape:
            self._close()
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()
