"""The drawing of a balance history with pyqtgraph; made when the first chart is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zeroline.domain.diagnosis.what_if import Supposed
from zeroline.domain.views.history import BalanceHistory, EpisodeBand
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Size, Theme, face
from zeroline.ui.widgets.balance_chart import lines, markers
from zeroline.ui.widgets.balance_chart.axis import AmountAxis, TimeAxis, quiet

_CROWD = 400
"""With more movements than this in sight only those that matter are marked."""
_REACH = 18
"""Pixels from a movement within which it is meant."""
_ABOVE = 1.6
"""How far above its movement a number ends, in heights of a number."""
_SPECIAL = frozenset(("adjustment", "count correction", "opening"))


class Plot(QWidget):
    """``pointed(position or None)`` while the mouse is near a movement, ``clicked(position)``; positions
    are those of the history, in book order."""

    pointed = Signal(object)
    clicked = Signal(int)

    def __init__(self, form: Format, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = Theme.active()
        self._history: BalanceHistory | None = None
        self._episode: EpisodeBand | None = None
        self._selected: int | None = None
        self._lines: list[lines.Steps] = []
        self._symbols = {m.shape: markers.path(m.shape) for m in markers.LEGEND}
        self._plot = pg.PlotWidget(axisItems={"bottom": TimeAxis(form), "left": AmountAxis(form)})
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setAccessibleName("Drawing of the balance")
        self._plot.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        item = self._plot.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())  # else it outlives the window
        self._box = item.getViewBox()
        self._box.setMouseEnabled(x=True, y=False)
        self._box.disableAutoRange()
        self._box.sigXRangeChanged.connect(self._range_changed)
        self._box.sigResized.connect(self._range_changed)
        self._plot.viewport().setMouseTracking(True)
        self._plot.viewport().installEventFilter(self)
        self._pressed: QPointF | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self._dots: Any = None
        self._numbers: list[Any] = []
        self._ring: Any = None

    @property
    def viewport(self) -> QWidget:
        """What the mouse hits."""
        port: QWidget = self._plot.viewport()
        return port

    def draw(
        self, history: BalanceHistory, episode: EpisodeBand | None, supposed: Supposed | None = None
    ) -> None:
        """Draw anew, in the colours of the theme; ``supposed`` is drawn dotted beside the real line."""
        self._history, self._episode = history, episode
        theme, plot = self._theme, self._plot
        item = plot.getPlotItem()
        item.clear()
        plot.setBackground(theme.colour("surface"))
        for name in ("bottom", "left"):
            quiet(item.getAxis(name), theme.colour("grid"), theme.colour("muted"), face(Size.SMALL))
        start, end = lines.whole(history)
        book = lines.steps(history.recorded_at, history.balances, history.opening_balance, start, end)
        self._lines = [book]
        for band in history.episodes:
            self._add_band(band, end)
        item.addItem(
            pg.PlotCurveItem(
                book.x,
                np.minimum(book.y, 0.0),
                pen=None,
                fillLevel=0,
                brush=self._tint("negative", 90),
            )
        )
        item.addItem(pg.InfiniteLine(0, angle=0, pen=pg.mkPen(theme.colour("text"), width=1.4)))
        if history.physical_known and len(history):
            times = history.occurred_at[history.physical_order]
            physical = lines.steps(times, history.physical_balances, history.opening_balance, start, end)
            self._lines.append(physical)
            pen = pg.mkPen(theme.colour("accent"), width=1.6, style=Qt.PenStyle.DashLine)
            item.addItem(pg.PlotCurveItem(physical.x, physical.y, pen=pen))
        item.addItem(pg.PlotCurveItem(book.x, book.y, pen=pg.mkPen(theme.colour("text"), width=1.8)))
        if supposed is not None and len(supposed.instants):
            would = lines.steps(supposed.instants, supposed.balances, history.opening_balance, start, end)
            self._lines.append(would)
            pen = pg.mkPen(theme.colour("verified"), width=2.4, style=Qt.PenStyle.DotLine)
            item.addItem(pg.PlotCurveItem(would.x, would.y, pen=pen))
        self._numbers = []
        self._dots = pg.ScatterPlotItem(pxMode=True)
        self._ring = pg.ScatterPlotItem(pxMode=True)
        self._cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme.colour("accent"), width=1))
        for over in (self._cursor, self._dots, self._ring):
            item.addItem(over)
        self._cursor.setZValue(-5)
        self.select(self._selected)
        self._mark_visible()

    def cite(self, numbers: Mapping[int, int]) -> None:
        """Write numbers beside movements, by position."""
        history, theme = self._history, self._theme
        for old in self._numbers:
            self._plot.removeItem(old)
        self._numbers = []
        if history is None:
            return
        for position, number in numbers.items():
            label = pg.TextItem(
                str(number),
                color=theme.colour("on_accent"),
                fill=pg.mkBrush(theme.colour("accent")),
                anchor=(0.5, _ABOVE),
            )
            label.setFont(face(Size.SMALL))
            label.setPos(
                int(history.recorded_at[position]) / lines.SECOND, int(history.balances[position]) / 1e6
            )
            label.setZValue(20)
            self._plot.addItem(label)
            self._numbers.append(label)
        self._numbers.sort(key=lambda label: label.pos().x())
        self._range_changed()

    def _add_band(self, band: EpisodeBand, end: int) -> None:
        last = band.ended_at if band.ended_at is not None else max(end, band.started_at)
        role = "caution_ground" if band.transient else "negative_ground"
        colour = QColor(self._theme.colour(role))
        colour.setAlpha(255 if band == self._episode else 150)
        region = pg.LinearRegionItem(
            (band.started_at / lines.SECOND, last / lines.SECOND),
            movable=False,
            brush=pg.mkBrush(colour),
            pen=pg.mkPen(None),
        )
        region.setZValue(-20)
        self._plot.addItem(region)

    def _tint(self, role: str, alpha: int) -> QColor:
        colour = QColor(self._theme.colour(role))
        colour.setAlpha(alpha)
        return colour

    # what is in sight

    def zoom(self, first: int, last: int) -> None:
        """Show the stretch between two instants (µs)."""
        self._box.setXRange(first / lines.SECOND, last / lines.SECOND, padding=0)
        self._range_changed()

    def in_sight(self) -> tuple[float, float]:
        """Seconds at the left and at the right edge."""
        left, right = self._box.viewRange()[0]
        return float(left), float(right)

    def bring_in_sight(self, position: int) -> None:
        """Move sideways until a movement can be seen."""
        history = self._history
        if history is None:
            return
        at, (left, right) = int(history.recorded_at[position]) / lines.SECOND, self.in_sight()
        if not left <= at <= right:
            half = (right - left) / 2
            self.zoom(int((at - half) * lines.SECOND), int((at + half) * lines.SECOND))

    def _range_changed(self, *_: object) -> None:
        left, right = self.in_sight()
        low, high = lines.bounds(self._lines, left, right)
        tall = max((label.boundingRect().height() for label in self._numbers), default=0.0)
        room = min(0.5, (_ABOVE + 0.1) * tall / max(1.0, self._box.height()))
        for label in self._numbers:
            if left <= label.pos().x() <= right:
                high = max(high, (label.pos().y() - room * low) / (1 - room))
        self._box.setYRange(low, high, padding=0)
        self._spread_numbers()
        self._mark_visible()

    def _spread_numbers(self) -> None:
        """Numbers of movements that lie upon each other stand side by side."""
        before, beside = QPointF(), 0.5
        for label in self._numbers:
            here = self._box.mapViewToScene(label.pos())
            size = label.boundingRect()
            close = abs(here.x() - before.x()) < size.width() and abs(here.y() - before.y()) < size.height()
            beside = beside - 1.1 if close and label is not self._numbers[0] else 0.5
            label.setAnchor((beside, _ABOVE))
            before = here

    def _mark_visible(self) -> None:
        history = self._history
        if history is None or self._dots is None:
            return
        left, right = self.in_sight()
        x, y = lines.seconds(history.recorded_at), lines.units(history.balances)
        sight = np.flatnonzero((x >= left) & (x <= right))
        crossings = {band.opening_movement for band in history.episodes}
        if len(sight) > _CROWD:
            chosen = [
                p
                for p in sight.tolist()
                if history.kinds[p] in _SPECIAL or int(history.movement_ids[p]) in crossings
            ]
        else:
            chosen = sight.tolist()
        spots = []
        for p in chosen:
            crossing = int(history.movement_ids[p]) in crossings
            marker = markers.CROSSING if crossing else markers.BY_KIND.get(history.kinds[p], markers.OPENING)
            spots.append(
                {
                    "pos": (x[p], y[p]),
                    "symbol": self._symbols[marker.shape],
                    "size": 14 if crossing else 10,
                    "brush": pg.mkBrush(self._theme.colour(marker.role)),
                    "pen": pg.mkPen(self._theme.colour("surface"), width=1),
                }
            )
        self._dots.setData(spots=spots)

    # pointing and choosing

    def select(self, position: int | None) -> None:
        """Mark one movement, or none."""
        self._selected = position
        history = self._history
        if self._ring is None or history is None:
            return
        if position is None or position >= len(history):
            self._ring.setData([])
            self._cursor.hide()
            return
        x, y = int(history.recorded_at[position]) / lines.SECOND, int(history.balances[position]) / 1e6
        ring = pg.mkPen(self._theme.colour("accent"), width=2)
        self._ring.setData([x], [y], symbol="o", size=20, brush=None, pen=ring)
        self._cursor.setValue(x)
        self._cursor.show()

    def place_of(self, position: int) -> QPointF:
        """Where a movement is drawn, in pixels of the viewport."""
        assert self._history is not None
        x = int(self._history.recorded_at[position]) / lines.SECOND
        y = int(self._history.balances[position]) / 1e6
        scene = self._box.mapViewToScene(QPointF(x, y))
        return QPointF(self._plot.mapFromScene(scene))

    def nearest(self, at: QPointF) -> int | None:
        """The movement drawn nearest to a point of the viewport, if it is near enough."""
        history = self._history
        if history is None or not len(history):
            return None
        origin = self._box.mapViewToScene(QPointF(0, 0))
        unit = self._box.mapViewToScene(QPointF(1, 1))
        mouse = self._plot.mapToScene(at.toPoint())
        dx = origin.x() + lines.seconds(history.recorded_at) * (unit.x() - origin.x()) - mouse.x()
        dy = origin.y() + lines.units(history.balances) * (unit.y() - origin.y()) - mouse.y()
        distance = np.hypot(dx, dy)
        best = int(distance.argmin())
        return best if distance[best] <= _REACH else None

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseMove and not event.buttons():
                self.pointed.emit(self.nearest(event.position()))
            elif event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                moved = (event.position() - self._pressed).manhattanLength()
                place = self.nearest(event.position())
                if moved < 4 and place is not None and event.button() == Qt.MouseButton.LeftButton:
                    self.clicked.emit(place)
        elif event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        elif isinstance(event, QWheelEvent) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # the page scrolls; Ctrl and the wheel zoom
            return True
        return False
