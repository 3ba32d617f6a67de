"""Several guesses under each other, each with its bar: how likely, and which one is being looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zeroline.ui.theme import GRID, Size, Theme, face

_LINE = 22
_BAR = 72
_SHARE = 56


@dataclass(frozen=True)
class Likelihood:
    """One guess: what it is called, its probability in words, and the part of the bar that is filled."""

    label: str
    words: str
    share: float


class Likelihoods(QWidget):
    """``chosen(place)`` on a click. The one looked at has a mark and stands in bold."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self._theme.changed.connect(self.update)
        self._rows: tuple[Likelihood, ...] = ()
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Guesses")

    @property
    def rows(self) -> tuple[Likelihood, ...]:
        """What is listed."""
        return self._rows

    @property
    def current(self) -> int:
        """The place of the guess that is looked at."""
        return self._current

    def show_rows(self, rows: Sequence[Likelihood], current: int) -> None:
        """List these, with the one at ``current`` looked at."""
        self._rows, self._current = tuple(rows), current
        told = (
            f"{row.label} {row.words}" + (", looked at" if n == current else "") for n, row in enumerate(rows)
        )
        self.setAccessibleDescription("; ".join(told))
        self.setFixedHeight(_LINE * len(self._rows))
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if len(self._rows) > 1 else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _LINE * len(self._rows))

    def line_centre(self, place: int) -> tuple[int, int]:
        """Where to click for a guess."""
        return self.width() // 3, _LINE * place + _LINE // 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        for place, row in enumerate(self._rows):
            top = _LINE * place
            here = place == self._current
            font = face(Size.SMALL)
            font.setBold(here)
            painter.setFont(font)
            painter.setPen(theme.colour("text"))
            mark = "▸" if here else ""
            painter.drawText(QRectF(0, top, 3 * GRID, _LINE), Qt.AlignmentFlag.AlignVCenter, mark)
            left = 3 * GRID
            right = self.width() - _BAR - _SHARE
            words = painter.fontMetrics().elidedText(row.label, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRectF(left, top, right - left, _LINE), Qt.AlignmentFlag.AlignVCenter, words)
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(right, top, _SHARE - 2 * GRID, _LINE), side, row.words)
            bar = QRectF(right + _SHARE, top + _LINE / 2 - 4, _BAR, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("grid"))
            painter.drawRect(bar)
            painter.setBrush(theme.colour("accent" if here else "muted"))
            bar.setWidth(max(1.0, _BAR * row.share))
            painter.drawRect(bar)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // _LINE
        if event.button() == Qt.MouseButton.LeftButton and 0 <= place < len(self._rows):
            self.chosen.emit(place)
        super().mouseReleaseEvent(event)
