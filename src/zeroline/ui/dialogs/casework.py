"""What a person can do with cases, from a list or from the case itself: ask what must be asked, then write."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

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
        people = self._desk.services.people
        self._desk.tasks.query(
            people.names, lambda names: self._ask_owner(list(ids), names), owner=self, key="people"
        )

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

            def work() -> Changes:
                return self._each(
                    kept,
                    lambda id: self._casework.tag_cause(person, id, code, said, proofs, version=at),
                )

            def done(_: Any) -> None:
                self._say(f"{cases(kept)} tagged {code}.")
                if then is not None:
                    then()

            dialog.send(work, done)

        what = f"Why: {cases(kept)}" if len(kept) > 1 else "Why did it go wrong?"
        self._show(
            CauseDialog(self._parent, self._desk, what, "Tag", chosen, current=current, comment=comment)
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
                    person, view.case_id, document, due_at, comment=comment, version=at
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
            dialog.send(
                lambda: self._casework.link_evidence(person, view.case_id, proofs),
                lambda _: self._say(f"{counted(len(proofs), 'record', 'records')} linked as evidence."),
            )

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

    def close(self, view: CaseView) -> None:
        """Close it; nothing has to be asked."""
        self._write(
            lambda: self._casework.close(self._desk.person, view.case_id, version=view.version),
            f"{Story(self._desk.format).place(view.key)}: closed.",
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

    def reverse(self, adjustment: AdjustmentFacts, unit: str, decimals: int) -> None:
        """Ask why, then propose the opposite of a posted adjustment."""
        from zeroline.ui.dialogs.cause import CauseDialog

        person, form = self._desk.person, self._desk.format
        back = form.quantity(-adjustment.quantity, unit, decimals, sign=True)

        def chosen(dialog: CauseDialog, code: str, comment: str) -> None:
            dialog.send(
                lambda: self._settlement.reverse(person, adjustment.adjustment_id, code, comment),
                lambda made: self._say(f"{made.number} is proposed: {back}, the reverse of its original."),
            )

        self._show(
            CauseDialog(
                self._parent,
                self._desk,
                f"Reverse {adjustment.number}: propose {back}",
                f"Propose {back} for",
                chosen,
                comment_required=True,
            )
        )

    # how it is written

    def _each(self, ids: Sequence[int], write: Callable[[int], Changes]) -> Changes:
        """One write after the other; what was done before a refusal stays done."""
        made = Changes()
        for id in ids:
            made |= write(id)
        return made

    def _write(self, work: Callable[[], Any], said: str) -> None:
        self._desk.tasks.command(work, owner=self, done=lambda _: self._say(said), failed=self._refused)

    def _say(self, said: str) -> None:
        self._desk.ways.say(said)

    def _refused(self, error: DomainError) -> None:
        self._desk.ways.say(sentence(error), Tone.NEGATIVE)
        if isinstance(error, ChangedMeanwhile):
            self.stale.emit()

    def _show(self, dialog: QDialog) -> None:
        stale = getattr(dialog, "stale", None)
        if stale is not None:
            stale.connect(self.stale)
        dialog.open()


def cases(ids: Sequence[int]) -> str:
    """'1 case', '12 cases'."""
    return counted(len(ids), "case", "cases")
