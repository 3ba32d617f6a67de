"""What can be done with cases, from a list or from the case itself: ask what must be asked, then write."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Right
from zeroline.domain.views.case import AdjustmentFacts, CaseView
from zeroline.ui.desk import Desk
from zeroline.ui.text.story import Story, counted
from zeroline.ui.theme import Tone
from zeroline.wording import sentence

_FILES = "Photos and papers (*.jpg *.jpeg *.png *.webp *.heic *.pdf)"

Pair = tuple[str, int]
T = TypeVar("T")


class CaseVerbs(QObject):
    """``stale``: somebody else was faster; what is on show should be read again."""

    stale = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._parent = parent
        self._casework = desk.services.casework
        self._settlement = desk.services.settlement
        self.may_triage = desk.person.may(Right.TRIAGE)
        self.may_propose = desk.person.may(Right.PROPOSE)

    # several cases at once

    def take(self, ids: Sequence[int]) -> None:
        """They are mine now."""
        if ids:
            self._write(
                lambda: self._casework.take(self._desk.person, list(ids)),
                f"{counted(len(ids), 'case is', 'cases are')} yours now.",
            )

    def assign(self, ids: Sequence[int]) -> None:
        """Ask to whom, then give them."""
        if not ids:
            return
        people, person = self._desk.services.people, self._desk.person

        def who() -> dict[int, str]:
            return {
                row.person.id: row.person.name for row in people.list(person) if row.person.may(Right.TRIAGE)
            }

        self._desk.tasks.query(who, lambda names: self._ask_owner(list(ids), names), owner=self, key="people")

    def _ask_owner(self, ids: list[int], names: dict[int, str]) -> None:
        from zeroline.ui.dialogs.assign import AssignDialog

        person = self._desk.person

        def chosen(dialog: AssignDialog, owner: int) -> None:
            dialog.send(
                lambda: self._casework.assign(person, ids, owner),
                lambda _: self._say(f"{cases(ids)} given to {names.get(owner, '')}."),
            )

        self._show(AssignDialog(self._parent, self._desk, f"Who looks into {cases(ids)}?", names, chosen))

    def dismiss(self, ids: Sequence[int]) -> None:
        """Ask for the reason, then take them off the queue."""
        if not ids:
            return
        from zeroline.ui.dialogs.dismiss import DismissDialog

        kept, person = list(ids), self._desk.person

        def chosen(dialog: DismissDialog, reason: str) -> None:
            dialog.send(
                lambda: self._casework.dismiss(person, kept, reason),
                lambda _: self._say(f"{cases(kept)} dismissed."),
            )

        self._show(DismissDialog(self._parent, self._desk, cases(kept), chosen))

    def tag(
        self,
        ids: Sequence[int],
        *,
        current: str = "",
        comment: str = "",
        evidence: Sequence[Pair] = (),
        version: Callable[[], int | None] | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Ask why, then tag all of them; ``evidence`` is linked with it, ``then`` follows."""
        if not ids:
            return
        from zeroline.ui.dialogs.cause import CauseDialog

        kept, person, proofs = list(ids), self._desk.person, tuple(evidence)

        def chosen(dialog: CauseDialog, code: str, said: str) -> None:
            at = version() if version is not None and len(kept) == 1 else None

            def write(id: int) -> Changes:
                return self._casework.tag_cause(person, id, code, said, proofs, version=at)

            def done(refused: _Refused | None) -> None:
                if refused is None:
                    self._say(f"{cases(kept)} tagged {code}.")
                else:
                    self._say_part(refused, len(kept), f"tagged {code}")
                if then is not None:
                    then()

            dialog.send(lambda: _one_by_one(kept, write), done)

        what = f"Why: {cases(kept)}" if len(kept) > 1 else "Why did it go wrong?"
        self._show(
            CauseDialog(self._parent, self._desk, what, "Tag", chosen, current=current, comment=comment)
        )

    def close(self, ids: Sequence[int], version: int | None = None, reason: str = "") -> None:
        """Close them; asks for a reason only where the cause wanted a correction that was not posted."""
        if not ids:
            return
        kept, person = list(ids), self._desk.person

        def refused(error: DomainError) -> None:
            if error.code != "case-uncorrected" or reason:
                self._refused(error)
                return
            self._desk.prompts.ask_text(
                self._parent,
                "Close without a correction",
                f"{sentence(error)}\nWhy may it be closed all the same?",
                action=f"Close {cases(kept)}",
                lines=3,
                accepted=lambda typed: self.close(kept, version, typed),
            )

        self._desk.tasks.command(
            lambda: self._casework.close(person, kept, reason=reason, version=version),
            owner=self,
            done=lambda _: self._say(f"{cases(kept)} closed."),
            failed=refused,
        )

    def send_to_count(self, case_ids: Sequence[int] = (), key_ids: Sequence[int] = ()) -> None:
        """Make one count sheet of all of them and say its number."""
        if not case_ids and not key_ids:
            return
        counting, person = self._desk.services.counting, self._desk.person

        def done(made: Any) -> None:
            lines = counted(made.lines, "line", "lines")
            told = f"Count sheet {made.number} with {lines} is made; it waits under Count sheets."
            if made.already:
                told += f" {counted(len(made.already), 'place is', 'places are')} on another sheet already."
            self._say(told)

        self._desk.tasks.command(
            lambda: counting.create_sheet(person, case_ids=list(case_ids), key_ids=list(key_ids)),
            owner=self,
            done=done,
            failed=self._refused,
        )

    # one case

    def note(self, view: CaseView) -> None:
        """Write a line into its log."""
        self._desk.prompts.ask_text(
            self._parent,
            "Note",
            f"A note on {view.key.item} at {view.key.location}",
            action="Keep the note",
            lines=4,
            accepted=lambda text: self._write(
                lambda: self._casework.note(self._desk.person, view.case_id, text), "Note kept."
            ),
        )

    def wait(self, view: CaseView, version: Callable[[], int | None] | None = None) -> None:
        """Ask for which document and until when, then wait instead of adjusting."""
        from zeroline.ui.dialogs.wait import WaitDialog

        person = self._desk.person

        def chosen(dialog: WaitDialog, document: str, comment: str, due_at: int) -> None:
            at = version() if version is not None else None
            dialog.send(
                lambda: self._casework.wait_for_document(
                    person, view.case_id, document, comment, due_at, version=at
                ),
                lambda _: self._say(f"Waiting for {document}, due {self._desk.format.due(due_at)}."),
            )

        self._show(WaitDialog(self._parent, self._desk, view, chosen))

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
            )
        )

    def evidence(self, view: CaseView, picked: Sequence[Pair] = ()) -> None:
        """Ask what proves it, then link it."""
        from zeroline.ui.dialogs.evidence import EvidenceDialog

        person = self._desk.person

        def chosen(dialog: EvidenceDialog, proofs: list[Pair]) -> None:
            def write(proof: Pair) -> Changes:
                return self._casework.link_evidence(person, view.case_id, *proof)

            def done(refused: _Refused | None) -> None:
                if refused is None:
                    self._say(f"{counted(len(proofs), 'record', 'records')} linked as evidence.")
                else:
                    self._say_part(refused, len(proofs), "linked")

            dialog.send(lambda: _one_by_one(proofs, write), done)

        self._show(EvidenceDialog(self._parent, self._desk, view, picked, chosen))

    def attach(self, view: CaseView) -> None:
        """Ask for a photo or paper, then keep it with the case."""
        person = self._desk.person

        def chosen(path: Path) -> None:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self._write(
                lambda: self._casework.attach(person, view.case_id, path.name, path.read_bytes(), kind),
                f"{path.name} is attached.",
            )

        self._desk.prompts.open_file(self._parent, "Attach a photo or paper", _FILES, accepted=chosen)

    def verify(self, view: CaseView) -> None:
        """Say that what was posted holds."""
        self._write(
            lambda: self._casework.verify(self._desk.person, view.case_id, version=view.version),
            f"{Story(self._desk.format).place(view.key)}: verified.",
        )

    def reopen(self, view: CaseView) -> None:
        """Ask why, then work on it again."""
        self._desk.prompts.ask_text(
            self._parent,
            "Reopen",
            "Why is it worked on again?",
            action="Reopen the case",
            accepted=lambda text: self._write(
                lambda: self._casework.reopen(self._desk.person, view.case_id, text), "Reopened."
            ),
        )

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
                lambda: self._settlement.withdraw(self._desk.person, adjustment.adjustment_id),
                f"{adjustment.number} is withdrawn.",
            ),
        )

    # how it is written

    def _write(self, work: Callable[[], Any], said: str) -> None:
        self._desk.tasks.command(work, owner=self, done=lambda _: self._say(said), failed=self._refused)

    def _say(self, said: str) -> None:
        self._desk.ways.say(said)

    def _say_part(self, refused: _Refused, whole: int, what: str) -> None:
        """Some were written, then one was refused."""
        told = f"{refused.done} of {whole} {what}; then: {sentence(refused.error)}"
        self._desk.ways.say(told, Tone.CAUTION)

    def _refused(self, error: DomainError) -> None:
        self._desk.ways.say(sentence(error), Tone.NEGATIVE)
        if isinstance(error, ChangedMeanwhile):
            self.stale.emit()

    def _show(self, dialog: QDialog) -> None:
        stale = getattr(dialog, "stale", None)
        if stale is not None:
            stale.connect(self.stale)
        dialog.open()


@dataclass(frozen=True)
class _Refused:
    """How far a series of writes came, and what stopped it."""

    done: int
    error: DomainError


def _one_by_one(things: Sequence[T], write: Callable[[T], Changes]) -> tuple[_Refused | None, Changes]:
    """Write each; a refusal after the first leaves what was written and says how far it came."""
    made = Changes()
    for number, thing in enumerate(things):
        try:
            made |= write(thing)
        except DomainError as error:
            if not number:
                raise
            return _Refused(number, error), made
    return None, made


def cases(ids: Sequence[int]) -> str:
    """'1 case', '12 cases'."""
    return counted(len(ids), "case", "cases")
