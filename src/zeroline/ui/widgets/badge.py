"""A short word or number on a tinted ground: states, counts, tiers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zeroline.ui.theme import GRID, Size, Theme, Tone, face

_GROUNDS = {
    Tone.NEGATIVE: "negative_ground",
    Tone.CAUTION: "caution_ground",
    Tone.VERIFIED: "verified_ground",
    Tone.ACCENT: "accent_ground",
}


class Badge(QWidget):
    """Says ``text`` in a tone, with an icon before it if one is named; the text itself tells the meaning."""

    def __init__(
        self, text: str = "", tone: Tone = Tone.MUTED, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self._theme.changed.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_as(text, tone, icon)

    def show_as(self, text: str, tone: Tone = Tone.MUTED, icon: str = "") -> None:
        """Change what it says."""
        self.text, self.tone, self.icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(face(Size.SMALL, strong=True))
        width = metrics.horizontalAdvance(self.text) + 4 * GRID + (20 if self.icon else 0)
        return QSize(max(width, 24), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(_GROUNDS.get(self.tone, "raised")))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        area = self.rect().adjusted(2 * GRID, 0, -2 * GRID, 0)
        if self.icon:
            pixmap = self._theme.pixmap(self.icon, self.tone, 16, self.devicePixelRatioF())
            painter.drawPixmap(area.left() - 2, 2, pixmap)
            area.setLeft(area.left() + 18)
        painter.setFont(face(Size.SMALL, strong=True))
        painter.setPen(self._theme.colour(self.tone))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()
