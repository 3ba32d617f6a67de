"""The drawing of lags with pyqtgraph; made when the first chart is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zeroline.domain.instant import DAY, HOUR, SECOND
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Size, Theme, face
from zeroline.ui.widgets.balance_chart.axis import TimeAxis, quiet
from zeroline.ui.widgets.lag_chart import LagWeek

_STEPS = (60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800, 1_209_600)


class LagAxis(pg.AxisItem):  # type: ignore[misc]
    """Seconds, written as lengths of time at whole minutes, hours and days."""

    def __init__(self, form: Format) -> None:
        super().__init__(orientation="left")
        self._form = form
        self.enableAutoSIPrefix(False)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        wanted = (maxVal - minVal) / max(2.0, size / 40)
        step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
        while (maxVal - minVal) / step > 40:
            step *= 2
        first = max(0, int(minVal // step))
        return [(float(step), [float(n * step) for n in range(first, int(maxVal // step) + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [self._form.duration(int(value) * SECOND) if value else "0" for value in values]


class LagPlot(QWidget):
    """``pointed(place or None)`` while the mouse is near a week, ``clicked(place)``."""

    pointed = Signal(object)
    clicked = Signal(int)

    def __init__(self, form: Format, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self._weeks: tuple[LagWeek, ...] = ()
        self._plot = pg.PlotWidget(axisItems={"bottom": TimeAxis(form), "left": LagAxis(form)})
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleName("Drawing of the lags")
        self._plot.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        item = self._plot.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())  # else it outlives the window
        self._box = item.getViewBox()
        self._box.setMouseEnabled(x=False, y=False)
        self._box.disableAutoRange()
        self._plot.viewport().setMouseTracking(True)
        self._plot.viewport().installEventFilter(self)
        self._cursor: Any = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)

    @property
    def viewport(self) -> QWidget:
        """What the mouse hits."""
        port: QWidget = self._plot.viewport()
        return port

    def draw(self, weeks: Sequence[LagWeek]) -> None:
        """Draw anew, in the colours of the theme."""
        self._weeks = tuple(weeks)
        theme, item = self._theme, self._plot.getPlotItem()
        item.clear()
        self._plot.setBackground(theme.colour("surface"))
        for name in ("bottom", "left"):
            quiet(item.getAxis(name), theme.colour("grid"), theme.colour("muted"), face(Size.SMALL))
        x = self._middles()
        middle = np.array([max(0, week.middle) / SECOND for week in weeks])
        high = np.array([max(0, week.high) / SECOND for week in weeks])
        hour = pg.mkPen(theme.colour("muted"), width=1, style=Qt.PenStyle.DotLine)
        item.addItem(pg.InfiniteLine(HOUR / SECOND, angle=0, pen=hour))
        dashed = pg.mkPen(theme.colour("accent"), width=1.6, style=Qt.PenStyle.DashLine)
        item.addItem(pg.PlotCurveItem(x, high, pen=dashed))
        item.addItem(pg.PlotCurveItem(x, middle, pen=pg.mkPen(theme.colour("text"), width=1.8)))
        spots = [
            {
                "pos": (x[place], high[place]),
                "size": 10 if week.cases else 6,
                "brush": pg.mkBrush(theme.colour("negative" if week.cases else "accent")),
                "pen": pg.mkPen(theme.colour("surface"), width=1),
            }
            for place, week in enumerate(weeks)
        ]
        item.addItem(pg.ScatterPlotItem(spots=spots, pxMode=True))
        self._cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme.colour("accent"), width=1))
        self._cursor.hide()
        item.addItem(self._cursor)
        half = 4 * DAY / SECOND
        self._box.setXRange(float(x.min()) - half, float(x.max()) + half, padding=0)
        self._box.setYRange(0, max(float(high.max(initial=0)), 2 * HOUR / SECOND) * 1.12, padding=0)

    def select(self, place: int | None) -> None:
        """Mark one week, or none."""
        if self._cursor is None:
            return
        self._cursor.setVisible(place is not None)
        if place is not None:
            self._cursor.setValue(float(self._middles()[place]))

    def place_of(self, place: int) -> QPointF:
        """Where a week is drawn, in pixels of the viewport."""
        at = QPointF(float(self._middles()[place]), max(0, self._weeks[place].high) / SECOND)
        return QPointF(self._plot.mapFromScene(self._box.mapViewToScene(at)))

    def _middles(self) -> Any:
        """Seconds of the middle of each week."""
        return np.array([(week.monday + 7 * DAY // 2) / SECOND for week in self._weeks])

    def _nearest(self, at: QPointF) -> int | None:
        if not self._weeks:
            return None
        mouse = self._box.mapSceneToView(self._plot.mapToScene(at.toPoint()))
        away = np.abs(self._middles() - mouse.x())
        best = int(away.argmin())
        return best if away[best] <= 7 * DAY / SECOND else None

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            place = self._nearest(event.position())
            if event.type() == QEvent.Type.MouseMove and not event.buttons():
                self.pointed.emit(place)
            elif event.type() == QEvent.Type.MouseButtonRelease and place is not None:
                self.clicked.emit(place)
        elif event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        elif isinstance(event, QWheelEvent):
            event.ignore()  # the page scrolls
            return True
        return False
