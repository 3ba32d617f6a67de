"""What the pages over a period have in common: they read in the background and say what they looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from zeroline.domain.person import Right
from zeroline.domain.views.patterns import Period
from zeroline.ui.desk import Desk
from zeroline.ui.screens.screen import Screen
from zeroline.ui.screens.why.cases import CaseList, open_in_queue
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import GRID, kind
from zeroline.ui.widgets.buttons import ActionButton


class PeriodPage(Screen):
    """``days`` is the length of the period, ``period_told`` its dates. A page names its selection in
    ``called``."""

    period_told = Signal(str)
    reloads_on = ("cases", "ledger")

    def __init__(self, desk: Desk, name: str, *, several_causes: bool) -> None:
        super().__init__(desk, name)
        kind(self, "surface")
        self.days = 30
        self.cases = CaseList(desk, several_causes)
        self.queue_action = self.action(
            "Open the cases in their queue", "O", self.open_queue, help="The queue, narrowed to these cases"
        )
        self.may_tag = desk.person.may(Right.TRIAGE)

    def spoil(self) -> None:
        """What is shown is of another period: read again on the next visit."""
        self._stale = True

    def called(self) -> str:
        """What the cases on show have in common, for the chip of the queue's filter."""
        return self.cases.title.text()

    def open_queue(self) -> None:
        """The queue narrowed to the cases on show."""
        if self.cases.cases:
            open_in_queue(self.desk, self.cases.cases, self.called())

    def dates(self, period: Period) -> str:
        """'12 Feb – 12 Mar'."""
        return f"{self.desk.format.date(period.since)} – {self.desk.format.date(period.until)}"

    def looked_at(self, period: Period) -> str:
        """'41 cases · 12 400 movements'."""
        told = [
            counted(period.cases, "case", "cases"),
            f"{self.desk.format.count(period.movements)} movements",
        ]
        if period.shortened:
            told.append("the newest only: more than can be compared at once")
        if period.undiagnosed:
            told.append(f"{period.undiagnosed} not explained yet")
        return " · ".join(told)


def foot(*buttons: ActionButton) -> QWidget:
    """The line of buttons below a page, the primary one last."""
    made = QWidget()
    kind(made, "raised")
    row = QHBoxLayout(made)
    row.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
    row.setSpacing(2 * GRID)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return made
