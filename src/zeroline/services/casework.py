"""Casework: everything people do with a case, each verb with its log, audit entry and Changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from zeroline.domain.case import CaseState, EventKind, Queue, check_transition
from zeroline.domain.cause import CATALOGUE, TRANSIENT, AdjustmentRight, check_tag
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.next_step import presumed
from zeroline.domain.person import Person, Right
from zeroline.domain.verdict import refuses
from zeroline.services import tagging
from zeroline.services.tagging import LONGEST_TEXT
from zeroline.storage import casework as stored_casework
from zeroline.storage import people, policies
from zeroline.storage.casework import cases, evidence
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.diagnosis import keeping, learning
from zeroline.storage.diagnosis.record import StoredDiagnosis, newest
from zeroline.storage.engine import Database
from zeroline.storage.queries import around
from zeroline.storage.unit_of_work import UnitOfWork

Versions = Mapping[int, int]
"""The version that each case had when it was shown, by case id."""

LARGEST_FILE: Final = 20 * 2**20

_SIGNATURES: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    ("image/png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ("image/webp", lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    ("application/pdf", lambda content: content.startswith(b"%PDF-")),
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file kept with a case."""

    changes: Changes
    attachment_id: int


class Casework:
    """Verbs over cases. Those that take ``version`` or ``versions`` (by case id) raise ChangedMeanwhile
    ``case-changed`` when somebody else changed a case since it was shown; what one did oneself is no news.
    All need the right to triage (``not-allowed``)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- the queue: several at once

    def sync(self) -> Changes:
        """Bring every case in line with the ledger (nightly job, repair); nothing to do: empty Changes."""
        with self._database.write() as work:
            if not stored_casework.sync(work, None):
                return Changes()
            work.audit("cases synchronised", "ledger")
            work.changed(everything=True)
            return work.commit()

    def take(self, actor: Person, case_ids: Sequence[int], *, versions: Versions | None = None) -> Changes:
        """Assign the cases to oneself."""
        return self.assign(actor, case_ids, actor.id, versions=versions)

    def assign(
        self,
        actor: Person,
        case_ids: Sequence[int],
        owner_id: int | None,
        *,
        versions: Versions | None = None,
    ) -> Changes:
        """Give the cases an owner, or none. Cases that are over are refused (``case-state``), and so is an
        owner who may not do casework (``owner-unsuitable``)."""
        with self._writing(actor) as work:
            if owner_id is not None:
                account = people.by_id(work.connection, owner_id)
                if account is None or not account.person.may(Right.TRIAGE):
                    raise DomainError("owner-unsuitable", field="owner")
            for case in self._shown(work, case_ids, versions):
                self._assign(work, case, owner_id)
            return work.commit()

    def _assign(self, work: UnitOfWork, case: StoredCase, owner_id: int | None) -> None:
        columns: dict[str, Any] = {"owner_id": owner_id}
        if case.state in (CaseState.CLOSED, CaseState.DISMISSED):
            raise DomainError("case-state", state=case.state.value, wanted=CaseState.ASSIGNED.value)
        if owner_id is not None and case.state in (CaseState.NEW, CaseState.REOPENED):
            columns["state"] = CaseState.ASSIGNED.value
        facts = {"owner_id": owner_id, "before": case.owner_id}
        cases.change(work, case, EventKind.ASSIGNED, facts=facts, **columns)

    def dismiss(
        self, actor: Person, case_ids: Sequence[int], reason: str, *, versions: Versions | None = None
    ) -> Changes:
        """Put cases aside for a reason that is written down (``case-reason-missing``, ``case-state``)."""
        why = _text(reason, "case-reason-missing", "reason")
        with self._writing(actor) as work:
            for case in self._shown(work, case_ids, versions):
                check_transition(case.state, CaseState.DISMISSED)
                over: dict[str, Any] = {"state": CaseState.DISMISSED.value, "closed_at": work.at}
                cases.change(work, case, EventKind.DISMISSED, why, reason=why, **over)
            return work.commit()

    def close(
        self,
        actor: Person,
        case_ids: Sequence[int],
        *,
        cause: str = "",
        reason: str = "",
        version: int | None = None,
        versions: Versions | None = None,
    ) -> Changes:
        """Close cases. A transient one without a cause gets ``cause``, or what is presumed of it (see
        :func:`~zeroline.domain.next_step.presumed`), which answers no guess.

        Raises DomainError ``case-cause-missing`` without a final cause, ``case-below-zero`` while the book of
        the key is below zero (queue NEGATIVE), ``case-uncorrected`` when the cause wants a correction that
        was not posted and no ``reason`` says why it may close all the same, ``case-state``.
        """
        with self._writing(actor) as work:
            shown = versions if version is None else dict.fromkeys(case_ids, version)
            for case in self._shown(work, case_ids, shown):
                self._close(work, case, cause, reason.strip()[:LONGEST_TEXT])
            return work.commit()

    def _close(self, work: UnitOfWork, case: StoredCase, cause: str, reason: str) -> None:
        check_transition(case.state, CaseState.CLOSED)
        columns: dict[str, Any] = {"state": CaseState.CLOSED.value, "closed_at": work.at, "reason": reason}
        given, guess = cause, None
        if not given and case.queue is Queue.TRANSIENT and not case.cause:
            given, guess = self._presumed(work, case)
        if given and given != case.cause:
            check_tag(given, reason)
            columns |= {"cause": given, "cause_comment": reason, "cause_by": work.person_id}
            if cause:  # said, not presumed because the case is transient
                guess = keeping.refresh_case(work, case.id)
                tagging.answer(work, case, guess, cause)
            tagging.link_hypothesis(work, case, guess, given)
        known = CATALOGUE.get(columns.get("cause", case.cause))
        if known is None or not known.final:
            raise DomainError("case-cause-missing", case=case.id)
        if case.queue is Queue.NEGATIVE:
            if around.on_hand(work.connection, case.key_id) < 0 and case.closing_seq is None:
                raise DomainError("case-below-zero", case=case.id)
            corrected = case.state in (CaseState.POSTED, CaseState.VERIFIED)
            if known.adjustment_right is not AdjustmentRight.NO and not corrected and not reason:
                raise DomainError("case-uncorrected", case=case.id, cause=known.code, field="reason")
        cases.change(work, case, EventKind.CLOSED, reason, {"cause": known.code}, **columns)

    def _presumed(self, work: UnitOfWork, case: StoredCase) -> tuple[str, StoredDiagnosis | None]:
        """What a transient case is closed as where nobody says why, with the guess behind it."""
        guess = newest(work.connection, [case.id]).get(case.id)
        word = learning.last_word(work.connection, case.id)
        if guess is None or (word is not None and refuses(word.guess, word.second, word.cause, guess.cause)):
            return TRANSIENT, None
        return presumed(guess.cause, guess.probability), guess

    # --- one case

    def note(self, actor: Person, case_id: int, text: str) -> Changes:
        """Write a note into the log (``note-missing``)."""
        written = _text(text, "note-missing", "text")
        with self._writing(actor) as work:
            case = cases.one(work.connection, case_id)
            cases.log(work, case.id, EventKind.NOTE, written)
            work.audit("case note", f"case {case.id}", text=written)
            work.changed(cases={case.id})
            return work.commit()

    def tag_cause(
        self,
        actor: Person,
        case_id: int,
        cause: str,
        comment: str = "",
        evidence_of: Sequence[tuple[str, int]] = (),
        *,
        version: int | None = None,
    ) -> Changes:
        """Say why, as the investigator; ``evidence_of``: (kind, target) pairs to link.

        Z0 says that nobody knows yet: the case keeps its state and is due again within the policy's
        undetermined days. When the key had a settled case of the same cause within the watch window, this
        one counts as its recurrence. The program's guess is kept beside it. Raises DomainError
        ``cause-unknown``, ``cause-comment-required`` (Z9), ``case-state``, ``evidence-unknown``.
        """
        known = check_tag(cause, comment)
        with self._writing(actor) as work:
            case = self._current(work, case_id, version)
            policy = policies.newest(work.connection).policy
            guess = keeping.refresh_case(work, case.id)
            tagging.tag(work, case, known, comment, policy, guess, evidence_of)
            return work.commit()

    def tag_causes(
        self,
        actor: Person,
        case_ids: Sequence[int],
        cause: str,
        comment: str = "",
        *,
        versions: Versions | None = None,
    ) -> Changes:
        """Tag several cases with one cause, all of them or none; raises as :meth:`tag_cause`."""
        known = check_tag(cause, comment)
        with self._writing(actor) as work:
            policy = policies.newest(work.connection).policy
            for case in self._shown(work, case_ids, versions):
                guess = keeping.refresh_case(work, case.id)
                tagging.tag(work, case, known, comment, policy, guess)
            return work.commit()

    def wait_for_document(
        self,
        actor: Person,
        case_id: int,
        document: str,
        reason: str = "",
        due_at: int | None = None,
        *,
        version: int | None = None,
    ) -> Changes:
        """Wait for a document that will explain the shortfall instead of adjusting.

        ``document`` is its number, or else ``reason`` says what is awaited (``document-missing``); ``due_at``
        µs is when to look again (default: the case's own due time).
        """
        if not document.strip() and not reason.strip():
            raise DomainError("document-missing", field="document")
        with self._writing(actor) as work:
            case = self._current(work, case_id, version)
            if case.state is not CaseState.WAITING_DOCUMENT:
                check_transition(case.state, CaseState.WAITING_DOCUMENT)
            due = case.due_at if due_at is None else due_at
            cases.change(
                work,
                case,
                EventKind.WAITING,
                reason.strip()[:LONGEST_TEXT],
                {"document": document.strip(), "due_at": due},
                state=CaseState.WAITING_DOCUMENT.value,
                due_at=due,
            )
            return work.commit()

    def link_evidence(self, actor: Person, case_id: int, kind: str, target: int) -> Changes:
        """Link a count entry, a movement (seq), a document or an attachment to the case's cause.

        Linking the same thing again changes nothing. Raises DomainError ``evidence-unknown``.
        """
        with self._writing(actor) as work:
            case = cases.one(work.connection, case_id)
            if not tagging.link(work, case, kind, target):
                return Changes()
            return work.commit()

    def attach(
        self, actor: Person, case_id: int, name: str, content: bytes, media_type: str = ""
    ) -> Attached:
        """Keep a photo or a PDF with the case and link it as evidence.

        The type is told by the content, whatever the name says: PNG, JPEG, WebP or PDF
        (``attachment-type``), at most 20 MiB (``attachment-too-large``), not empty (``attachment-empty``).
        """
        if not content:
            raise DomainError("attachment-empty")
        if len(content) > LARGEST_FILE:
            raise DomainError("attachment-too-large", most=LARGEST_FILE // 2**20)
        found = next((media for media, fits in _SIGNATURES if fits(content)), "")
        if not found or media_type not in ("", found):
            raise DomainError("attachment-type", name=name)
        called = name.replace("\\", "/").rpartition("/")[2].strip()[:200] or "attachment"
        with self._writing(actor) as work:
            case = cases.one(work.connection, case_id)
            attachment_id, digest = evidence.attach(work, case, called, found, content)
            facts = {"attachment_id": attachment_id, "sha256": digest}
            cases.log(work, case.id, EventKind.ATTACHMENT, called, facts)
            work.audit("case attachment", f"case {case.id}", name=called, **facts)
            tagging.link(work, case, "attachment", attachment_id)
            return Attached(work.commit(), attachment_id)

    def verify(self, actor: Person, case_id: int, *, version: int | None = None) -> Changes:
        """Say that a posted correction holds (``case-below-zero`` while it does not, ``case-state``)."""
        with self._writing(actor) as work:
            case = self._current(work, case_id, version)
            check_transition(case.state, CaseState.VERIFIED)
            if around.on_hand(work.connection, case.key_id) < 0:
                raise DomainError("case-below-zero", case=case.id)
            cases.change(work, case, EventKind.VERIFIED, state=CaseState.VERIFIED.value)
            return work.commit()

    def reopen(self, actor: Person, case_id: int, reason: str, *, version: int | None = None) -> Changes:
        """Take up a case again that was closed, dismissed or verified (``case-reason-missing``,
        ``case-vanished`` when a late movement explained its stretch away, ``case-state``)."""
        why = _text(reason, "case-reason-missing", "reason")
        with self._writing(actor) as work:
            case = self._current(work, case_id, version)
            check_transition(case.state, CaseState.REOPENED)
            if case.queue in (Queue.NEGATIVE, Queue.TRANSIENT) and not case.opening_seq:
                raise DomainError("case-vanished", case=case.id)
            cases.change(
                work,
                case,
                EventKind.REOPENED,
                why,
                {"reason": "person"},
                state=CaseState.REOPENED.value,
                closed_at=None,
                reason="",
            )
            return work.commit()

    # --- inside

    @contextmanager
    def _writing(self, actor: Person) -> Iterator[UnitOfWork]:
        with self._database.write(actor.id) as work:
            people.require(work, Right.TRIAGE)
            yield work

    def _current(self, work: UnitOfWork, case_id: int, version: int | None) -> StoredCase:
        case = cases.one(work.connection, case_id)
        cases.check_version(work.connection, case, version, by=work.person_id)
        return case

    def _shown(
        self, work: UnitOfWork, case_ids: Sequence[int], versions: Versions | None
    ) -> tuple[StoredCase, ...]:
        """The cases as they were shown: one that somebody else changed since then stops all of them."""
        found = cases.some(work.connection, case_ids)
        for case in found:
            cases.check_version(work.connection, case, (versions or {}).get(case.id), by=work.person_id)
        return found


def _text(text: str, code: str, field: str) -> str:
    written = text.strip()
    if not written:
        raise DomainError(code, field=field)
    return written[:LONGEST_TEXT]
