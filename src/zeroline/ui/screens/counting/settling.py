"""What to do about the lines of a sheet: one more count, or the cause and the adjustment."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.counting import ResultLine
from zeroline.ui.desk import Desk
from zeroline.ui.screens.counting.results import ResultsPage
from zeroline.ui.text.counting import place
from zeroline.ui.text.phrase import counted
from zeroline.ui.theme import Tone
from zeroline.wording import sentence

_SETTLED = ("proposed", "approved", "posted")


class LineVerbs(QObject):
    """Works on the lines that are selected in the results; ``stale``: read them again."""

    stale = Signal()

    def __init__(self, desk: Desk, parent: QWidget, results: ResultsPage) -> None:
        super().__init__(parent)
        self._desk, self._parent, self._results = desk, parent, results

    def can_recount(self) -> bool:
        """Whether every selected line may be counted once more."""
        picked = self._results.picked()
        return (
            self._desk.person.may(Right.TRIAGE)
            and bool(picked)
            and all(line.state in ("accepted", "variance") and not _settled(line) for line in picked)
        )

    def can_propose(self) -> bool:
        """Whether the line under the cursor has a difference that nobody proposed to settle yet."""
        line = self._results.line
        return (
            self._desk.person.may(Right.PROPOSE)
            and line is not None
            and line.final is not None
            and line.final.variance != 0
            and not _settled(line)
        )

    def has_case(self) -> bool:
        """Whether the line belongs to a case."""
        return self._results.line is not None and self._results.line.case_id is not None

    def open_case(self) -> None:
        """The case that the line was counted for."""
        line = self._results.line
        if line is not None and line.case_id is not None:
            self._desk.ways.go("case", line.case_id)

    def ask_recount(self) -> None:
        """One more count of the selected lines, by somebody who has not counted them."""
        picked = self._results.picked() if self.can_recount() else []
        if not picked:
            return
        counting, person = self._desk.services.counting, self._desk.person
        ids = [line.line_id for line in picked]
        lines = counted(len(ids), "line is", "lines are")
        self._desk.tasks.command(
            lambda: counting.ask_recount(person, ids),
            owner=self,
            done=lambda _: self._said(f"{lines} counted once more, by somebody who has not counted them."),
            failed=self._refused,
        )

    def propose(self) -> None:
        """Ask why, show what proposing would do, then propose."""
        line = self._results.line
        if line is None or line.final is None or not self.can_propose():
            return
        from zeroline.ui.dialogs.cause import CauseDialog

        def chosen(dialog: CauseDialog, cause: str, comment: str) -> None:
            dialog.accept()
            self._preview(line, cause, comment)

        CauseDialog(self._parent, self._desk, f"Why: {place(line.key)}", "Go on with", chosen).open()

    def _preview(self, line: ResultLine, cause: str, said: str) -> None:
        from zeroline.ui.dialogs.proposal import ProposalDialog

        assert line.final is not None
        settlement, person, entry_id = self._desk.services.settlement, self._desk.person, line.final.entry_id

        def chosen(dialog: ProposalDialog, comment: str, wait_reason: str, guard_reason: str) -> None:
            dialog.send(
                lambda: settlement.propose(
                    person,
                    case_id=line.case_id,
                    entry_id=entry_id,
                    cause=cause,
                    comment=comment or said,
                    wait_reason=wait_reason,
                    guard_reason=guard_reason,
                    shown=dialog.proposal,
                ),
                lambda made: self._said(f"{made.number} is proposed and waits for an approval."),
            )

        dialog = ProposalDialog(
            self._parent,
            self._desk,
            lambda: settlement.preview(person, case_id=line.case_id, entry_id=entry_id, cause=cause),
            chosen,
            None,
        )
        dialog.comment.setPlainText(said)
        dialog.open()

    def _said(self, words: str) -> None:
        self._desk.ways.say(words)
        self.stale.emit()

    def _refused(self, error: DomainError) -> None:
        self._desk.ways.say(sentence(error), Tone.NEGATIVE)
        if isinstance(error, ChangedMeanwhile):
            self.stale.emit()


def _settled(line: ResultLine) -> bool:
    return any(state in _SETTLED for _, _, state in line.adjustments)
