"""The bar above a screen: one sentence, its tone by icon and words, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from zeroline.ui.theme import GRID, Theme, Tone, kind

_ICONS = {
    Tone.NEGATIVE: "blocked",
    Tone.CAUTION: "warning",
    Tone.VERIFIED: "check",
    Tone.ACCENT: "info",
    Tone.NORMAL: "info",
    Tone.MUTED: "info",
}


class Banner(QFrame):
    """Hidden until something is said. Red and amber stay until they are closed; the rest goes by itself.

    Never takes the focus, so that neither typing nor scanning is interrupted. ``closed`` comes when the
    sentence is gone.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None, passing: int = 6_000) -> None:
        super().__init__(parent)
        self._passing = passing
        self._tone = Tone.NORMAL
        self._stays = True
        self._lasting = False
        self._again: Callable[[], None] | None = None
        self._theme = Theme.active()
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._act)
        self._shut = QToolButton()
        self._shut.setIcon(self._theme.icon("cross"))
        self._shut.setAccessibleName("Close the message")
        self._shut.setToolTip("Close the message")
        self._shut.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        kind(self._shut, "quiet")
        self._shut.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID, GRID, GRID, GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        row.addWidget(self._shut)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self._theme.changed.connect(self._draw)
        self.hide()

    @property
    def text(self) -> str:
        """What the bar says, '' when it is away."""
        return "" if self.isHidden() else self._words.text()

    @property
    def tone(self) -> Tone:
        return self._tone

    def say(
        self,
        sentence: str,
        tone: Tone = Tone.ACCENT,
        action: str = "",
        do: Callable[[], None] | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Show one sentence; ``action`` names a button, such as Retry, that calls ``do`` and closes.

        ``stays``: what is said goes on, so neither the button nor the person takes it away.
        """
        self._tone, self._again, self._lasting = tone, do, stays
        self._shut.setVisible(not stays)
        self._words.setText(sentence)
        self._words.setAccessibleName(sentence)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._draw()
        self.show()
        self._stays = tone in (Tone.NEGATIVE, Tone.CAUTION) or bool(action)
        self._timer.stop()
        if self.isVisible():
            self._count_down()

    def _count_down(self) -> None:
        if not self._stays:
            self._timer.start(self._passing)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._count_down()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def clear(self) -> None:
        """Take the sentence away."""
        self._timer.stop()
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _act(self) -> None:
        again = self._again
        if not self._lasting:
            self.clear()
        if again is not None:
            again()

    def _draw(self) -> None:
        look = self._tone if self._tone in (Tone.NEGATIVE, Tone.CAUTION, Tone.VERIFIED) else Tone.ACCENT
        if self.property("banner") != str(look):
            self.setProperty("banner", str(look))
            self.style().unpolish(self)
            self.style().polish(self)
        self._icon.setPixmap(self._theme.pixmap(_ICONS[self._tone], look, 20))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._lasting:
            self.clear()
        else:
            super().keyPressEvent(event)
