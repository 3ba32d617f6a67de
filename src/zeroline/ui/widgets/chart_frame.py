"""What charts have around them: a legend, a line that reads out, a sentence where there is nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QStackedLayout, QVBoxLayout, QWidget

from zeroline.ui.theme import GRID, Size, Theme, Tone, kind, sized, tone
from zeroline.ui.widgets.elided_label import ElidedLabel


class ChartFrame(QFrame):
    """``_draw`` makes the plot when it is first seen, and puts it on the stack."""

    def __init__(self, above: tuple[QWidget, ...], reads: str, nothing: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        kind(self, "chart")
        self.readout = ElidedLabel()
        self.readout.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        self.readout.setAccessibleName(reads)
        sized(self.readout, Size.SMALL)
        tone(self.readout, Tone.MUTED)
        self._nothing = QLabel(nothing)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tone(self._nothing, Tone.MUTED)
        place = QWidget()
        self._stack = QStackedLayout(place)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, GRID, 2, 2)
        column.setSpacing(0)
        for widget in (*above, self.readout):
            column.addWidget(widget)
        column.addWidget(place, 1)
        self._theme.changed.connect(self._draw)

    def _draw(self) -> None:
        """Draw again, if it can be seen."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()  # what it shows and its colours may have changed while it could not be seen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
