"""What a list says when it has nothing to show, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from zeroline.ui.theme import GRID, Size, Theme, Tone, kind, sized, tone
from zeroline.ui.widgets.buttons import ActionButton

_WIDTH = 460


class EmptyState(QFrame):
    """An icon, a heading, a sentence and at most one action."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self._name = "check"
        self._picture = QLabel()
        self.title = QLabel()
        sized(self.title, Size.LARGE)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setFixedWidth(_WIDTH)
        tone(self.text, Tone.MUTED)
        self._button: ActionButton | None = None
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2 * GRID)
        self._column.addStretch(2)
        for widget in (self._picture, self.title, self.text):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(GRID)
        self._column.addStretch(3)
        kind(self, "surface")
        self._theme.changed.connect(self._draw)

    def show_as(self, title: str, text: str, icon: str = "check", action: QAction | None = None) -> None:
        """Say why there is nothing and what to do next."""
        self._name = icon
        self.title.setText(title)
        self.text.setText(text)
        self.text.ensurePolished()
        self.text.setFixedHeight(max(0, self.text.heightForWidth(_WIDTH)))  # centred, a label guesses it
        if self._button is not None:
            self._button.hide()
            self._button.deleteLater()
            self._button = None
        if action is not None:
            self._button = ActionButton(action)
            self._column.insertWidget(
                self._column.count() - 1, self._button, 0, Qt.AlignmentFlag.AlignHCenter
            )
        self._draw()

    def _draw(self) -> None:
        self._picture.setPixmap(self._theme.pixmap(self._name, "muted", 32))
