"""What the lines, grounds and shapes of the chart mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from zeroline.domain.views.history import BalanceHistory
from zeroline.ui.theme import GRID, Size, Theme, face
from zeroline.ui.widgets.balance_chart import markers

_GAP = 4 * GRID
_LINES = {
    "book": ("text", Qt.PenStyle.SolidLine),
    "physical": ("accent", Qt.PenStyle.DashLine),
    "supposed": ("verified", Qt.PenStyle.DotLine),
}


class Legend(QWidget):
    """One line; names only what the history on show has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self._entries: list[tuple[str, markers.Marker | str]] = []
        self._history_entries: list[tuple[str, markers.Marker | str]] = []
        self._supposed = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def suppose(self, label: str) -> None:
        """Name the line that is drawn as if; '' while there is none."""
        self._supposed = label
        self._name()

    def show_for(self, history: BalanceHistory) -> None:
        """Name what this history has."""
        entries: list[tuple[str, markers.Marker | str]] = [("book", "book")]
        if history.physical_known:
            entries.append(("as it happened", "physical"))
        if any(not band.transient for band in history.episodes):
            entries.append(("below zero", "negative_ground"))
        if any(band.transient for band in history.episodes):
            entries.append(("below zero only in the book", "caution_ground"))
        present = {markers.BY_KIND.get(kind, markers.OPENING) for kind in history.kinds}
        if history.episodes:
            present.add(markers.CROSSING)
        entries += [(marker.label, marker) for marker in markers.LEGEND if marker in present]
        self._history_entries = entries
        self._name()

    def _name(self) -> None:
        entries = list(self._history_entries)
        if self._supposed:
            entries.insert(1, (self._supposed, "supposed"))
        self._entries = entries
        self.setAccessibleName("Legend: " + ", ".join(label for label, _ in entries))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(face(Size.SMALL))
        metrics = painter.fontMetrics()
        x, middle = 2 * GRID, self.height() / 2
        for label, sign in self._entries:
            width = 20 if isinstance(sign, str) else 12
            if x + width + metrics.horizontalAdvance(label) > self.width():
                break
            self._sign(painter, sign, x, middle, width)
            painter.setPen(self._theme.colour("muted"))
            x += width + GRID
            painter.drawText(QPointF(x, middle + metrics.capHeight() / 2), label)
            x += metrics.horizontalAdvance(label) + _GAP
        painter.end()

    def _sign(
        self, painter: QPainter, sign: markers.Marker | str, x: float, middle: float, width: int
    ) -> None:
        theme = self._theme
        if isinstance(sign, markers.Marker):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(sign.role))
            shape = QTransform().translate(x + width / 2, middle).scale(10, 10).map(markers.path(sign.shape))
            painter.drawPath(shape)
        elif sign in _LINES:
            role, style = _LINES[sign]
            pen = QPen(theme.colour(role), 2)
            pen.setStyle(style)
            painter.setPen(pen)
            painter.drawLine(QPointF(x, middle), QPointF(x + width, middle))
        else:
            painter.setPen(theme.colour("edge"))
            painter.setBrush(theme.colour(sign))
            painter.drawRect(QRectF(x + 2, middle - 5, width - 4, 10))
