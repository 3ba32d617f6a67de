"""A column of texts that wrap and are always shown whole: it scrolls rather than squeezes them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from zeroline.ui.theme import GRID, kind


class _Sheet(QFrame):
    """As high as its wrapped texts need at the present width; a scroll area alone would cut them."""

    def __init__(self) -> None:
        super().__init__()
        kind(self, "surface")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.fit)

    def fit(self) -> None:
        """Take the height that the texts need."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            self.setMinimumHeight(max(0, needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._later.start()
        return super().event(event)


class ReadingPane(QScrollArea):
    """Put texts into ``column``; call :meth:`fit` after changing many of them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._sheet = _Sheet()
        self.column = QVBoxLayout(self._sheet)
        self.column.setContentsMargins(*[4 * GRID] * 4)
        self.column.setSpacing(3 * GRID)
        self.setWidget(self._sheet)

    @property
    def sheet(self) -> QWidget:
        """What is scrolled."""
        return self._sheet

    def fit(self) -> None:
        """Give every text the height that it needs, at once."""
        self._sheet.fit()
