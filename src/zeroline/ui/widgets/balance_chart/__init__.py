"""The balance of one stock key over time: the book, what really happened, and where it crossed zero.

pyqtgraph is loaded when the first chart comes on screen, not with the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from zeroline.domain.diagnosis.what_if import Supposed
from zeroline.domain.views.history import BalanceHistory, EpisodeBand
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import upper_first
from zeroline.ui.widgets.balance_chart import lines
from zeroline.ui.widgets.balance_chart.legend import Legend
from zeroline.ui.widgets.chart_frame import ChartFrame

if TYPE_CHECKING:
    from zeroline.ui.widgets.balance_chart.plot import Plot


class BalanceChart(ChartFrame):
    """Shows a BalanceHistory; ``movement_selected(id)`` when the person picks a movement.

    ← and → step through the movements, Home and End go to the first and last, Z changes between the episode
    and the whole history, + and − zoom. The line under the legend reads the movement out.
    """

    movement_selected = Signal(object)

    def __init__(self, form: Format, parent: QWidget | None = None) -> None:
        self.legend = Legend()
        super().__init__((self.legend,), "Movement", "No movements yet.", parent)
        self._form = form
        self._history: BalanceHistory | None = None
        self._episode: EpisodeBand | None = None
        self._selected: int | None = None
        self._whole = False
        self._cited: Mapping[int, int] = {}
        self._supposed: tuple[Supposed, str] | None = None
        self._plot: Plot | None = None
        self.setMinimumHeight(160)

    # what it shows

    def show_history(self, history: BalanceHistory, episode: EpisodeBand | None = None) -> None:
        """Show a history, zoomed to ``episode`` (the last one when None). A selected movement stays."""
        chosen = self.selected_movement()
        self._history = history
        self._episode = episode or (history.episodes[-1] if history.episodes else None)
        self._selected = history.position(chosen) if chosen is not None else None
        self._whole = self._episode is None
        self._describe()
        self.legend.show_for(history)
        self._draw()
        self._zoom()

    def cite(self, numbers: Mapping[int, int]) -> None:
        """Write the numbers of the evidence beside its movements, by movement id."""
        self._cited = dict(numbers)
        if self._plot is not None:
            self._plot.cite(self._places())

    def suppose(self, supposed: Supposed | None, label: str = "") -> None:
        """Draw the line as it would be beside the real one, called ``label`` in the legend; None: no more."""
        self._supposed = None if supposed is None else (supposed, label)
        self.legend.suppose(label if supposed is not None else "")
        if self._history is not None:
            self._describe()
            self._draw()
            self._zoom()

    @property
    def supposed(self) -> Supposed | None:
        """The line that is drawn beside the real one."""
        return None if self._supposed is None else self._supposed[0]

    def _places(self) -> dict[int, int]:
        history = self._history
        places = {} if history is None else {history.position(seq): n for seq, n in self._cited.items()}
        return {place: number for place, number in places.items() if place is not None}

    def select_movement(self, movement_id: int | None) -> None:
        """Mark a movement chosen elsewhere (the ledger); nothing is announced."""
        history = self._history
        self._choose(
            history.position(movement_id) if history is not None and movement_id is not None else None
        )

    def selected_movement(self) -> int | None:
        """The id of the marked movement."""
        if self._history is None or self._selected is None:
            return None
        return int(self._history.movement_ids[self._selected])

    @property
    def shows_whole(self) -> bool:
        """Whether the whole history is in sight rather than the episode."""
        return self._whole

    def toggle_zoom(self) -> None:
        """Episode ↔ whole history."""
        self._whole = not self._whole or self._episode is None
        self._zoom()

    # drawing

    def showEvent(self, event: QShowEvent) -> None:
        first = self._plot is None
        super().showEvent(event)
        if first:
            self._zoom()

    def _draw(self) -> None:
        history = self._history
        self.legend.update()
        if history is None or not self.isVisible():
            return
        if not len(history):
            self._stack.setCurrentWidget(self._nothing)
            return
        if self._plot is None:
            from zeroline.ui.widgets.balance_chart.plot import Plot

            self._plot = Plot(self._form)
            self._plot.pointed.connect(self._read_out)
            self._plot.clicked.connect(self._picked)
            self._stack.addWidget(self._plot)
        self._stack.setCurrentWidget(self._plot)
        supposed = None if self._supposed is None else self._supposed[0]
        self._plot.draw(history, self._episode, supposed)
        self._plot.cite(self._places())
        self._plot.select(self._selected)
        self._read_out(None)

    def _zoom(self) -> None:
        if self._plot is None or self._history is None:
            return
        episode = self._episode
        if self._whole or episode is None:
            self._plot.zoom(*lines.whole(self._history))
        else:
            self._plot.zoom(*lines.around(self._history, episode))

    def _describe(self) -> None:
        history, form = self._history, self._form
        if history is None:
            return
        self.setAccessibleName(f"Balance of {history.item} at {history.location} over time")
        if not len(history):
            self.setAccessibleDescription("No movements yet.")
            return
        lowest = form.quantity(int(history.balances.min()), history.unit)
        now = form.quantity(int(history.balances[-1]), history.unit)
        count = len(history.episodes)
        below = (
            "never below zero"
            if not count
            else f"{count} times below zero"
            if count > 1
            else "once below zero"
        )
        told = f"{len(history)} movements, {below}, lowest {lowest}, now {now}."
        if self._supposed is not None and self._supposed[0].now is not None:
            would = form.quantity(self._supposed[0].now, history.unit)
            told += f" {upper_first(self._supposed[1])}: now {would}."
        self.setAccessibleDescription(told)

    # reading out and choosing

    def movement_text(self, position: int) -> str:
        """One movement in words: document, kind, quantity, balance, both times, who."""
        history, form = self._history, self._form
        assert history is not None
        recorded, occurred = int(history.recorded_at[position]), int(history.occurred_at[position])
        quantity = form.quantity(int(history.quantities[position]), history.unit, sign=True)
        parts = [
            history.documents[position],
            f"{history.kinds[position]} {quantity}",
            f"balance {form.quantity(int(history.balances[position]), history.unit)}",
            f"recorded {form.exact(recorded)}",
        ]
        if history.physical_known and occurred != recorded:
            parts.append(f"happened {form.exact(occurred)}")
        parts.append(history.people[position])
        return " · ".join(part for part in parts if part)

    def _read_out(self, position: object) -> None:
        if self._history is None:
            return
        place = position if isinstance(position, int) else self._selected
        if place is not None:
            self.readout.setText(self.movement_text(place))
        elif self._history.physical_known:
            self.readout.setText("Point at a movement, or step through them with ← and →. Z: whole history.")
        else:
            self.readout.setText("The source does not say when things happened: physical order is not known.")

    def _choose(self, position: int | None) -> None:
        self._selected = position
        if self._plot is not None:
            if position is not None:
                self._plot.bring_in_sight(position)
            self._plot.select(position)
        self._read_out(None)

    def _picked(self, position: int) -> None:
        self._choose(position)
        self.movement_selected.emit(self.selected_movement())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        history, key = self._history, event.key()
        last = len(history) - 1 if history is not None else -1
        if last < 0:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Left:
            self._picked(max(0, self._start(last) - 1 if self._selected is not None else self._start(last)))
        elif key == Qt.Key.Key_Right:
            self._picked(
                min(last, self._start(last) + 1 if self._selected is not None else self._start(last))
            )
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._picked(0 if key == Qt.Key.Key_Home else last)
        elif key == Qt.Key.Key_Z and not event.modifiers():
            self.toggle_zoom()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal) and self._plot is not None:
            left, right = self._plot.in_sight()
            middle, half = (left + right) / 2, (right - left) / 2
            half *= 2.0 if key == Qt.Key.Key_Minus else 0.5
            self._plot.zoom(int((middle - half) * lines.SECOND), int((middle + half) * lines.SECOND))
        else:
            super().keyPressEvent(event)

    def _start(self, last: int) -> int:
        """Where stepping begins: the marked movement, or the one that crossed zero, or the last."""
        if self._selected is not None:
            return self._selected
        history, episode = self._history, self._episode
        if history is not None and episode is not None:
            crossing = history.position(episode.opening_movement)
            if crossing is not None:
                return crossing
        return last
