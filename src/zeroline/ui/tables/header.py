"""The column headings: click sorts, Shift+click adds a further order, and the order is written on them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from zeroline.ui.tables.column import Align, Column
from zeroline.ui.tables.rows import Sort
from zeroline.ui.theme import Size, Theme, face

PAD = 8


class Header(QHeaderView):
    """Draws titles, arrows and the place of each column in the order."""

    wanted = Signal(str, bool)
    """A person asks to sort by a column: its key, and whether as a further order."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = tuple(columns)
        self._sort: tuple[Sort, ...] = ()
        self._theme = Theme.active()
        self._adding = False
        self._face = face(Size.SMALL, strong=True)
        self._metrics = QFontMetrics(self._face)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(32)
        self.setFixedHeight(28)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName("Columns")
        self.sectionClicked.connect(self._clicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def show_sort(self, sort: Sequence[Sort]) -> None:
        self._sort = tuple(sort)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)

    def _clicked(self, section: int) -> None:
        self.wanted.emit(self._columns[section].key, self._adding)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme, column = self._theme, self._columns[logicalIndex]
        painter.fillRect(rect, theme.colour("raised"))
        painter.setPen(theme.colour("grid"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight().x(), rect.top() + 6, rect.topRight().x(), rect.bottom() - 6)
        place = next((n for n, step in enumerate(self._sort) if step.key == column.key), None)
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        painter.setFont(self._face)
        painter.setPen(theme.colour("muted" if place is None else "text"))
        room = 0 if place is None else (20 if len(self._sort) > 1 else 12)
        metrics = self._metrics
        title, free = column.title, inner.width() - room
        if metrics.horizontalAdvance(title) > free:
            title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, free)
        if column.align is Align.RIGHT:
            text_rect = inner
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            arrow = inner.right() - metrics.horizontalAdvance(title) - room
        else:
            text_rect = inner
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            arrow = inner.left() + metrics.horizontalAdvance(title) + 4
        painter.drawText(text_rect, flags, title)
        if place is not None:
            self._draw_arrow(painter, arrow, rect, self._sort[place].descending)
            if len(self._sort) > 1:
                digit = QRect(arrow + 9, rect.top(), 10, rect.height())
                painter.drawText(digit, Qt.AlignmentFlag.AlignCenter, str(place + 1))

    def _draw_arrow(self, painter: QPainter, left: int, rect: QRect, descending: bool) -> None:
        painter.save()
        middle = rect.center().y() + 1
        tip, foot = (3, -3) if descending else (-3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(left, middle + foot),
                    QPointF(left + 8, middle + foot),
                    QPointF(left + 4, middle + tip),
                ]
            )
        )
        painter.restore()
