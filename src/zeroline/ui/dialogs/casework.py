"""What can be done with cases, from a list or from the case itself: ask what must be asked, then write."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.next_step import Step
from zeroline.domain.person import Right
from zeroline.domain.views.case import CaseView
from zeroline.ui.dialogs.writing import Pair, Refused, Shown, Writing, cases, one_by_one
from zeroline.ui.text.phrase import counted
from zeroline.ui.text.story import Story
from zeroline.wording import cause_label, sentence

if TYPE_CHECKING:
    from zeroline.services import casework as services
    from zeroline.services.diagnosing import Diagnosing

_FILES = "Photos and papers (*.jpg *.jpeg *.png *.webp *.heic *.pdf)"


class Casework(Writing):
    """The verbs over cases."""

    @property
    def _casework(self) -> services.Casework:
        return self._desk.services.casework

    @property
    def _diagnosing(self) -> Diagnosing:
        return self._desk.services.diagnosing

    # several cases at once

    def take(self, ids: Sequence[int]) -> None:
        """They are mine now."""
        if ids:
            shown = self.versions(ids)
            self._write(
                lambda: self._casework.take(self._desk.person, list(ids), versions=shown),
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

        person, shown = self._desk.person, Shown(self.versions, ids)

        def chosen(dialog: AssignDialog, owner: int) -> None:
            at = shown()
            dialog.send(
                lambda: self._casework.assign(person, ids, owner, versions=at),
                lambda _: self._say(f"{cases(ids)} given to {names.get(owner, '')}."),
            )

        self._show(AssignDialog(self._parent, self._desk, f"Who looks into {cases(ids)}?", names, chosen))

    def dismiss(self, ids: Sequence[int]) -> None:
        """Ask for the reason, then take them off the queue."""
        if not ids:
            return
        from zeroline.ui.dialogs.dismiss import DismissDialog

        kept, person = list(ids), self._desk.person
        shown = Shown(self.versions, kept)

        def chosen(dialog: DismissDialog, reason: str) -> None:
            at = shown()
            dialog.send(
                lambda: self._casework.dismiss(person, kept, reason, versions=at),
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
        shown = Shown(self.versions, kept)

        def chosen(dialog: CauseDialog, code: str, said: str) -> None:
            at = shown()

            def write(id: int) -> Changes:
                return self._casework.tag_cause(person, id, code, said, proofs, version=at.get(id))

            def done(refused: Refused | None) -> None:
                if refused is None:
                    self._say(f"{cases(kept)} tagged {code}.")
                else:
                    self._say_part(refused, len(kept), f"tagged {code}")
                if then is not None:
                    then()

            dialog.send(lambda: one_by_one(kept, write), done)

        what = f"Why: {cases(kept)}" if len(kept) > 1 else "Why did it go wrong?"
        self._show(
            CauseDialog(self._parent, self._desk, what, "Tag", chosen, current=current, comment=comment)
        )

    def close_one(self, view: CaseView) -> None:
        """Close a case; a transient one as what it is guessed to be, where its next step says so."""
        guessed = view.next_step.code is Step.CLOSE_TRANSIENT and str(view.next_step.facts.get("cause") or "")
        self.close([view.case_id], view.version, cause=guessed or "")

    def close(
        self, ids: Sequence[int], version: int | None = None, reason: str = "", cause: str = ""
    ) -> None:
        """Close them; asks for a reason only where the cause wanted a correction that was not posted."""
        if not ids:
            return
        kept, person = list(ids), self._desk.person
        shown = self.versions(kept) if version is None else dict.fromkeys(kept, version)

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
                accepted=lambda typed: self.close(kept, version, typed, cause),
            )

        self._desk.tasks.command(
            lambda: self._casework.close(person, kept, cause=cause, reason=reason, versions=shown),
            owner=self,
            done=lambda _: self._say(f"{cases(kept)} closed."),
            failed=refused,
        )

    # guesses

    def accept(self, view: CaseView, cause: str, version: Callable[[], int | None] | None = None) -> None:
        """Tag one of the guesses with its evidence."""
        at = version() if version is not None else view.version
        self._write(
            lambda: self._diagnosing.accept_case(self._desk.person, view.case_id, cause, version=at),
            f"{cause_label(cause)}: tagged with its evidence.",
        )

    def refuse(self, view: CaseView, version: Callable[[], int | None] | None = None) -> None:
        """Say that none of the guesses is right."""
        at = version() if version is not None else view.version
        self._write(
            lambda: self._diagnosing.none_of_these(self._desk.person, view.case_id, version=at),
            "None of these: kept. Tag the cause, or have the shelf counted.",
        )

    def accept_many(self, ids: Sequence[int]) -> None:
        """Ask from which confidence on, show what it comes to, then tag them."""
        if not ids:
            return
        from zeroline.ui.dialogs.accepting import AcceptDialog

        self._show(AcceptDialog(self._parent, self._desk, list(ids)))

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

        person, shown = self._desk.person, Shown(self.versions, [view.case_id])

        def chosen(dialog: WaitDialog, document: str, comment: str, due_at: int) -> None:
            at = shown().get(view.case_id)
            dialog.send(
                lambda: self._casework.wait_for_document(
                    person, view.case_id, document, comment, due_at, version=at
                ),
                lambda _: self._say(f"Waiting for {document}, due {self._desk.format.due(due_at)}."),
            )

        self._show(WaitDialog(self._parent, self._desk, view, chosen))

    def evidence(self, view: CaseView, picked: Sequence[Pair] = ()) -> None:
        """Ask what proves it, then link it."""
        from zeroline.ui.dialogs.evidence import EvidenceDialog

        person = self._desk.person

        def chosen(dialog: EvidenceDialog, proofs: list[Pair]) -> None:
            def write(proof: Pair) -> Changes:
                return self._casework.link_evidence(person, view.case_id, *proof)

            def done(refused: Refused | None) -> None:
                if refused is None:
                    self._say(f"{counted(len(proofs), 'record', 'records')} linked as evidence.")
                else:
                    self._say_part(refused, len(proofs), "linked")

            dialog.send(lambda: one_by_one(proofs, write), done)

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
                lambda: self._casework.reopen(self._desk.person, view.case_id, text, version=view.version),
                "Reopened.",
            ),
        )
