"""Beside the chart: why, with what speaks for it and against it, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from zeroline.domain.cause import UNDETERMINED, AdjustmentRight
from zeroline.domain.diagnosis import Hypothesis
from zeroline.domain.views.case import CaseView
from zeroline.ui.screens.next_step import StepButton
from zeroline.ui.text.diagnosis import Reasoning, cited, percent, told
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import guess_label
from zeroline.ui.text.story import Story
from zeroline.ui.theme import GRID, Size, Tone, kind, sized, tone
from zeroline.ui.widgets.action_bar import ActionBar
from zeroline.ui.widgets.likelihoods import Likelihood, Likelihoods
from zeroline.ui.widgets.prose import prose, say
from zeroline.ui.widgets.reading_pane import ReadingPane

_NARROW, _LOW = 340, 230
"""Pixels below which the card puts its parts under each other, and leaves the quiet buttons out."""


class Answer(QFrame):
    """``looked`` when another hypothesis is looked at; which one is ``hypothesis``.

    ``said``: the actions that can be done with it.
    """

    looked = Signal()

    def __init__(self, form: Format, actions: Mapping[str, QAction], said: Sequence[QAction]) -> None:
        super().__init__()
        kind(self, "card")
        self._form = form
        self._story, self._reasoning = Story(form), Reasoning(form)
        self._view: CaseView | None = None
        self._place = 0
        self.why = prose(strong=True)
        self.said = prose(Tone.MUTED)
        self.looking = prose(strong=True)
        self.explains = prose()
        self.besides = prose(Tone.CAUTION)
        self.evidence, self.against, self.helps, self.fixes, self.traces = (prose() for _ in range(5))
        self.evidence.setAccessibleName("Evidence")
        self.bars = Likelihoods()
        self.bars.chosen.connect(self.look_at)
        self._heads = {name: _head(told(name)) for name in ("evidence", "against", "others")}
        self.pane = ReadingPane("Why")
        self.pane.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar = ActionBar(said)
        self.next = prose()
        self.step = StepButton(actions)
        self._lay_out()

    def _lay_out(self) -> None:
        column = self.pane.column
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        for widget in (
            *(self.why, self.said, self.looking, self.explains, self.besides),
            *(self._heads["evidence"], self.evidence, self._heads["against"], self.against),
            *(self.helps, self.fixes, self._heads["others"], self.bars, self.traces),
        ):
            column.addWidget(widget)
        column.addStretch(1)
        tone(self.traces, Tone.MUTED)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*[3 * GRID] * 4)
        outer.setSpacing(GRID)
        self.pane.setMinimumHeight(44)
        outer.addWidget(self.pane, 1)
        outer.addWidget(self.bar)
        line = QFrame()
        line.setFixedHeight(1)
        kind(line, "line")
        outer.addWidget(line)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(2 * GRID)
        self._foot.addWidget(self.next, 1)
        self._foot.addWidget(self.step, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        outer.addLayout(self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the step stands under its sentence, and the keys alone do the rest."""
        narrow = self.width() < _NARROW
        self._foot.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        guessed = self._view is not None and self._view.diagnosis is not None
        self.bar.setVisible(guessed and self.height() >= _LOW)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # at once: the layout was told of this size before this

    # what it shows

    @property
    def hypothesis(self) -> Hypothesis | None:
        """The hypothesis that is looked at."""
        found = self._view.diagnosis if self._view is not None else None
        return None if found is None else found.hypotheses[min(self._place, len(found.hypotheses) - 1)]

    @property
    def cited(self) -> dict[int, int]:
        """Numbers of the evidence by the movement that it is."""
        return cited(self.hypothesis)

    def show_case(self, view: CaseView) -> None:
        """Answer for a case; the hypothesis that was looked at stays while the case does."""
        other = self._view is None or self._view.case_id != view.case_id
        before = None if other else self.hypothesis
        self._view = view
        self._place = 0
        if before is not None and view.diagnosis is not None:
            causes = [one.cause for one in view.diagnosis.hypotheses]
            self._place = causes.index(before.cause) if before.cause in causes else 0
        story = self._story
        self.why.setText(story.why(view))
        say(self.said, story.said(view))
        say(self.traces, "\n".join(story.traces(view)))
        self.next.setText(story.next(view))
        self._tell()

    def show_step(self, view: CaseView) -> None:
        """Offer the one next step, once it is known what the case lets happen."""
        self.step.show_step(view, self._form)
        self.bar.leave_out(self.step.action)

    def look_at(self, place: int) -> None:
        """Look at another hypothesis."""
        if self._view is not None and self._view.diagnosis is not None:
            self._place = place % len(self._view.diagnosis.hypotheses)
            self._tell()
            self.pane.verticalScrollBar().setValue(0)
            self.looked.emit()

    def look_further(self) -> None:
        """The next one, and after the last the first again."""
        self.look_at(self._place + 1)

    def _tell(self) -> None:
        view, hypothesis, reasoning = self._view, self.hypothesis, self._reasoning
        found = view.diagnosis if view is not None else None
        if view is None or found is None or hypothesis is None:
            for label in (self.looking, self.explains, self.besides, self.evidence, self.against):
                say(label, "")
            for label in (self.helps, self.fixes, *self._heads.values()):
                label.hide()
            self.bars.hide()
            self._fit()
            self.pane.fit()
            return
        self._fit()
        unit = view.key.unit
        say(self.looking, reasoning.looked_at(hypothesis) if self._place else "")
        say(self.explains, reasoning.explains(view, hypothesis))
        careful = hypothesis.adjustment is not AdjustmentRight.YES and hypothesis.cause != UNDETERMINED
        tone(self.explains, Tone.CAUTION if careful else Tone.NORMAL)
        say(self.besides, "\n".join(reasoning.besides(found, unit)))
        numbered = [f"{n}  {reasoning.evidence(one, unit)}" for n, one in enumerate(hypothesis.evidence, 1)]
        say(self.evidence, "\n".join(numbered))
        say(self.against, "\n".join(reasoning.evidence(one, unit) for one in hypothesis.against))
        self._heads["evidence"].setVisible(bool(hypothesis.evidence))
        self._heads["against"].setVisible(bool(hypothesis.against))
        settled = reasoning.settle(hypothesis, unit)
        helped = reasoning.helps(found) if not found.enough and not self._place else []
        say(self.helps, "\n".join([settled] * bool(settled) + helped))
        say(self.fixes, "\n".join(reasoning.fixes(hypothesis)))
        several = len(found.hypotheses) > 1
        self._heads["others"].setVisible(several)
        self.bars.setVisible(several)
        self.bars.show_rows(
            [
                Likelihood(guess_label(one.cause), percent(one.probability), one.probability)
                for one in found.hypotheses
            ],
            self._place,
        )
        self.pane.fit()


def _head(text: str) -> QLabel:
    label = QLabel(text)
    sized(label, Size.SMALL)
    tone(label, Tone.MUTED)
    return label
