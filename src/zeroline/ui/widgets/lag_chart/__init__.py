"""How late a source tells, week by week: the median, the 95th percentile, and the weeks that caused cases.

pyqtgraph is loaded when the first chart comes on screen, not with the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from zeroline.ui.text.format import Format
from zeroline.ui.theme import GRID, Size, Theme, face
from zeroline.ui.widgets.chart_frame import ChartFrame
from zeroline.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from zeroline.ui.widgets.lag_chart.plot import LagPlot


@dataclass(frozen=True, slots=True)
class LagWeek:
    """One week: its Monday (instant, µs), how many movements, median and 95th percentile of their lag (µs),
    how many took over an hour, how many cases that caused."""

    monday: int
    count: int
    middle: int
    high: int
    late: int
    cases: int


class LagChart(ChartFrame):
    """``week_selected(place)`` when the person picks a week; ← and → step through them."""

    week_selected = Signal(int)

    def __init__(self, form: Format, parent: QWidget | None = None) -> None:
        self.title = ElidedLabel()
        self.title.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        self.legend = _Legend()
        nothing = "Choose a source and kind in the list."
        super().__init__((self.title, self.legend), "Week", nothing, parent)
        self._form = form
        self._plot: LagPlot | None = None
        self.weeks: tuple[LagWeek, ...] = ()
        self.selected: int | None = None
        self.setMinimumHeight(140)

    def show_weeks(self, title: str, weeks: Sequence[LagWeek]) -> None:
        """Draw the weeks of one stream, under its title."""
        self.weeks = tuple(weeks)
        self.selected = None
        self.title.setText(title)
        self.setAccessibleName(f"{title} week by week")
        worst = max(self.weeks, key=lambda week: week.high, default=None)
        told = [] if worst is None else [f"{len(self.weeks)} weeks", f"latest: {self.week_text(worst)}"]
        self.setAccessibleDescription(", ".join(told))
        self._draw()
        self._read_out()

    def week_text(self, week: LagWeek) -> str:
        """One week in words."""
        form = self._form
        told = [
            f"week of {form.date(week.monday)}",
            f"{form.count(week.count)} told",
            f"half within {form.duration(max(0, week.middle))}",
            f"95 % within {form.duration(max(0, week.high))}",
        ]
        if week.late:
            told.append(f"{form.count(week.late)} over an hour")
        if week.cases:
            told.append(f"{form.count(week.cases)} cases")
        return " · ".join(told)

    def select(self, place: int) -> None:
        """Mark a week and read it out."""
        self.selected = place
        if self._plot is not None:
            self._plot.select(place)
        self._read_out()
        self.week_selected.emit(place)

    def _read_out(self, place: int | None = None) -> None:
        chosen = self.selected if place is None else place
        if chosen is not None:
            self.readout.setText(self.week_text(self.weeks[chosen]))
        else:
            self.readout.setText("Point at a week, or step through them with ← and →." if self.weeks else "")

    def _draw(self) -> None:
        self.legend.update()
        if not self.isVisible():
            return
        if not self.weeks:
            self._stack.setCurrentWidget(self._nothing)
            return
        if self._plot is None:
            from zeroline.ui.widgets.lag_chart.plot import LagPlot

            self._plot = LagPlot(self._form)
            self._plot.pointed.connect(self._read_out)
            self._plot.clicked.connect(self.select)
            self._stack.addWidget(self._plot)
        self._stack.setCurrentWidget(self._plot)
        self._plot.draw(self.weeks)
        self._plot.select(self.selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        last = len(self.weeks) - 1
        if step is None or last < 0:
            super().keyPressEvent(event)
        elif self.selected is None:
            self.select(last)
        else:
            self.select(min(last, max(0, self.selected + step)))


class _Legend(QWidget):
    """What the lines and the dots mean."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = Theme.active()
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend: median, 95 % within, week with cases, one hour")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(face(Size.SMALL))
        left, middle = 2 * GRID, self.height() // 2
        dashes, dots = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
        for label, role, style in (
            ("half within", "text", Qt.PenStyle.SolidLine),
            ("95 % within", "accent", dashes),
            ("one hour", "muted", dots),
            ("week with cases", "negative", None),
        ):
            wide = 28 + painter.fontMetrics().horizontalAdvance(label)
            if left + wide > self.width():
                break  # rather left out than cut
            painter.setPen(QPen(self._theme.colour(role), 1.8, style or Qt.PenStyle.SolidLine))
            if style is None:
                painter.setBrush(self._theme.colour(role))
                painter.drawEllipse(left + 7, middle - 4, 8, 8)
            else:
                painter.drawLine(left, middle, left + 22, middle)
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(left + 28, middle + 4, label)
            left += wide + 4 * GRID
        painter.end()
