"""Beside the list: the row under the cursor explained. What happened, why, what next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from zeroline.domain.views.case import CaseView
from zeroline.ui.desk import Desk
from zeroline.ui.screens.next_step import StepButton
from zeroline.ui.text.diagnosis import Reasoning, cited
from zeroline.ui.text.story import Story
from zeroline.ui.theme import GRID, Tone, kind, tone
from zeroline.ui.widgets.action_bar import ActionBar
from zeroline.ui.widgets.prose import prose, say
from zeroline.ui.widgets.reading_pane import ReadingPane

if TYPE_CHECKING:
    from zeroline.ui.widgets.balance_chart import BalanceChart


_SHOWN = 2
"""Pieces of evidence told beside the list; the case has them all."""


class ExplainPane(QFrame):
    """``actions`` by name as StepButton wants them; ``beside`` are shown as quiet buttons after it."""

    def __init__(self, desk: Desk, actions: Mapping[str, QAction], beside: Sequence[QAction]) -> None:
        super().__init__()
        kind(self, "surface")
        self.setAccessibleName("Explanation")
        self._desk = desk
        self._story = Story(desk.format)
        self._reasoning = Reasoning(desk.format)
        self.view: CaseView | None = None
        self.chart: BalanceChart | None = None
        self.happened = prose(strong=True)
        self.lasting = prose(Tone.MUTED)
        self.traces = prose()
        self.why = prose(strong=True)
        self.said = prose(Tone.MUTED)
        self.next = prose()
        self.step = StepButton(actions)
        self._chart_place = QVBoxLayout()
        self._chart_place.setContentsMargins(0, 0, 0, 0)
        self._left = QWidget()
        self._body = QWidget()
        self.hint = prose(Tone.MUTED)
        self._selected = QLabel()
        tone(self._selected, Tone.ACCENT)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = ActionBar(beside)
        self.pane = ReadingPane("Why")
        self.pane.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        outer.setSpacing(GRID)
        outer.addWidget(self.hint, 1)
        outer.addWidget(self._body, 1)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.happened)
        middle = QHBoxLayout()
        middle.setSpacing(4 * GRID)
        self._left.setLayout(self._chart_place)
        self._left.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        middle.addWidget(self._left, 11)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        self.pane.column.setContentsMargins(0, 0, 0, 0)
        self.pane.column.setSpacing(GRID)
        for label in (self.lasting, self.why, self.said, self.traces):
            self.pane.column.addWidget(label)
        self.pane.column.addStretch(1)
        right.addWidget(self.pane, 1)
        right.addWidget(self.next)
        middle.addLayout(right, 9)
        column.addLayout(middle, 1)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._selected)
        row.addWidget(self.bar, 1)
        row.addSpacing(GRID)
        row.addWidget(self.step)
        column.addLayout(row)

    # what it shows

    def show_case(self, view: CaseView) -> None:
        """Explain a case."""
        self.view = view
        story, form = self._story, self._desk.format
        self.happened.setText(story.happened(view))
        told = view.crossing or view.forced
        self.happened.setToolTip(form.exact(told.recorded_at) if told is not None else "")
        say(self.lasting, story.lasting(view))
        say(self.traces, "\n".join(self._reasons(view)))
        self.why.setText(story.why(view))
        say(self.said, story.said(view))
        self.next.setText(f"Next: {story.next(view)}")
        self.step.show_step(view, form)
        self.bar.leave_out(self.step.action)
        self.pane.fit()
        self._draw(view)
        self._reveal(True)

    def _reasons(self, view: CaseView) -> list[str]:
        """What speaks for the likeliest cause, numbered as in the case; else what the ledger shows."""
        found = view.diagnosis
        if found is None or not found.enough:
            return list(self._story.traces(view))
        told, leading, unit = self._reasoning, found.leading, view.key.unit
        lines = [f"{n}  {told.evidence(one, unit)}" for n, one in enumerate(leading.evidence[:_SHOWN], 1)]
        return [*lines, *told.besides(found, unit)[:1], told.explains(view, leading)]

    def _draw(self, view: CaseView) -> None:
        if self.chart is None:
            from zeroline.ui.widgets.balance_chart import BalanceChart

            self.chart = BalanceChart(self._desk.format)
            self._chart_place.addWidget(self.chart)
        self.chart.show_history(view.history, view.band)
        found = view.diagnosis
        self.chart.cite(cited(found.leading if found is not None and found.enough else None))
        told = view.crossing or view.forced
        self.chart.select_movement(told.seq if told is not None else None)
        self._left.setVisible(len(view.history) > 0)

    def show_key(self, facts: Mapping[str, Any]) -> None:
        """Explain a stock key that is due to be counted; ``facts`` are the cells of its row."""
        form = self._desk.format
        self.view = None
        last = facts["last_counted_at"]
        where = f"{facts['item']} at {facts['location']}"
        seen = f"was last counted {form.when(last)}" if last is not None else "was never counted"
        self.happened.setText(f"{where} {seen}.")
        wanted = f"The policy wants {facts['counts_per_year']} counts a year"
        say(self.lasting, f"{wanted} for class {facts['abc_class']}." if facts["abc_class"] else f"{wanted}.")
        on_hand = form.quantity(facts["on_hand"], facts["unit"])
        money = form.money(facts["value"], facts["currency"])
        say(self.traces, f"On hand by the book: {on_hand}, worth {money}.")
        due = form.due(facts["due_at"]) if facts["due_at"] is not None else "at once"
        self.why.setText(f"Due {due}." if not str(due).endswith("late") else f"{due}.")
        sheet = facts.get("open_sheet") or ""
        self.next.setText(
            f"Next: it is on count sheet {sheet} already." if sheet else "Next: send it to count."
        )
        self.said.hide()
        self.step.show_action("count")
        self._left.hide()
        self._reveal(True)

    def show_nothing(self, hint: str = "Select a row to see what happened.") -> None:
        """No row."""
        self.view = None
        self.hint.setText(hint)
        self._reveal(False)

    def reading(self, id: Any) -> None:
        """Another row is being read: what is shown is not of it, so its step cannot be done."""
        if self.view is None or self.view.case_id != id:
            self.view = None
            self.step.wait()

    def show_selected(self, number: int) -> None:
        """With several rows selected say what the keys work on."""
        self._selected.setText(f"{self._desk.format.count(number)} rows selected" if number > 1 else "")

    def _reveal(self, told: bool) -> None:
        self.hint.setVisible(not told)
        self._body.setVisible(told)
