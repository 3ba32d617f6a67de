"""Proposing adjustments from a case, and taking them back; with it all that can be done with cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from zeroline.domain.views.case import AdjustmentFacts, CaseView
from zeroline.ui.dialogs.casework import Casework
from zeroline.ui.dialogs.writing import Pair

if TYPE_CHECKING:
    from zeroline.domain.views.settlement import Proposal
    from zeroline.services.settlement import Settlement
    from zeroline.ui.dialogs.proposal import ProposalDialog


class CaseVerbs(Casework):
    """Casework, and the way from a case to an adjustment."""

    @property
    def _settlement(self) -> Settlement:
        return self._desk.services.settlement

    def propose(self, view: CaseView, version: Callable[[], int | None] | None = None) -> None:
        """Show what proposing would do, then propose; asks for the cause first when there is none."""
        if view.cause is None or not view.cause.code:
            self.tag([view.case_id], version=version)
            return
        from zeroline.ui.dialogs.proposal import ProposalDialog

        person, code, case_id = self._desk.person, view.cause.code, view.case_id

        def chosen(dialog: ProposalDialog, comment: str, wait_reason: str, guard_reason: str) -> None:
            at = version() if version is not None else None
            dialog.send(
                lambda: self._settlement.propose(
                    person,
                    case_id=case_id,
                    cause=code,
                    comment=comment,
                    wait_reason=wait_reason,
                    guard_reason=guard_reason,
                    version=at,
                    shown=dialog.proposal,
                ),
                lambda made: self._say(f"{made.number} is proposed and waits for an approval."),
            )

        self._show(
            ProposalDialog(
                self._parent,
                self._desk,
                lambda: self._settlement.preview(person, case_id=case_id, cause=code),
                chosen,
                lambda: self.wait(view, version),
                lambda: self.propose_from_documents(view, version),
            )
        )

    def propose_from_documents(self, view: CaseView, version: Callable[[], int | None] | None = None) -> None:
        """Ask how much and which papers, then propose; asks for the cause first when there is none."""
        if view.cause is None or not view.cause.code:
            self.tag([view.case_id], version=version)
            return
        from zeroline.ui.dialogs.from_documents import DocumentsDialog

        person, code, case_id = self._desk.person, view.cause.code, view.case_id

        def read(quantity: int, papers: list[Pair]) -> Proposal:
            return self._settlement.preview(
                person, case_id=case_id, quantity=quantity, cause=code, evidence=tuple(papers)
            )

        def chosen(dialog: ProposalDialog, comment: str, wait_reason: str, guard_reason: str) -> None:
            at = version() if version is not None else None
            shown = dialog.proposal
            assert isinstance(dialog, DocumentsDialog)
            papers = tuple(dialog.picked())
            dialog.send(
                lambda: self._settlement.propose(
                    person,
                    case_id=case_id,
                    quantity=None if shown is None else shown.arithmetic.quantity,
                    cause=code,
                    comment=comment,
                    evidence=papers,
                    wait_reason=wait_reason,
                    guard_reason=guard_reason,
                    version=at,
                    shown=shown,
                ),
                lambda made: self._say(f"{made.number} is proposed and waits for an approval."),
            )

        self._show(DocumentsDialog(self._parent, self._desk, view, read, chosen))

    def reverse(self, adjustment: AdjustmentFacts) -> None:
        """Ask why, show what it comes to, then propose the opposite of a posted adjustment."""
        from zeroline.ui.dialogs.cause import CauseDialog

        def chosen(dialog: CauseDialog, code: str, comment: str) -> None:
            dialog.accept()
            self._propose_reversal(adjustment, code, comment)

        self._show(
            CauseDialog(
                self._parent,
                self._desk,
                f"Why was {adjustment.number} wrong?",
                f"Reverse {adjustment.number} for",
                chosen,
                comment_required=True,
            )
        )

    def _propose_reversal(self, adjustment: AdjustmentFacts, code: str, comment: str) -> None:
        from zeroline.ui.dialogs.proposal import ProposalDialog

        person, id = self._desk.person, adjustment.adjustment_id

        def chosen(dialog: ProposalDialog, said: str, wait_reason: str, guard_reason: str) -> None:
            dialog.send(
                lambda: self._settlement.reverse(
                    person,
                    id,
                    cause=code,
                    comment=said,
                    wait_reason=wait_reason,
                    guard_reason=guard_reason,
                ),
                lambda made: self._say(f"{made.number} is proposed: it reverses {adjustment.number}."),
            )

        dialog = ProposalDialog(
            self._parent,
            self._desk,
            lambda: self._settlement.preview(person, reversal_of=id, cause=code),
            chosen,
            None,
        )
        dialog.comment.setPlainText(comment)
        self._show(dialog)

    def withdraw(self, adjustment: AdjustmentFacts) -> None:
        """Take a proposal back that is not posted yet."""
        self._desk.prompts.confirm(
            self._parent,
            "Withdraw the proposal",
            f"{adjustment.number} is taken off the approver's list. The case goes back to its cause.",
            action=f"Withdraw {adjustment.number}",
            accepted=lambda: self._write(
                lambda: self._settlement.withdraw(
                    self._desk.person, adjustment.adjustment_id, shown_state=adjustment.state
                ),
                f"{adjustment.number} is withdrawn.",
            ),
        )
