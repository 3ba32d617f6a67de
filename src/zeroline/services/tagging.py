"""Saying why: what tagging a cause does to a case, for one case and for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from zeroline.domain.case import TAGGABLE, CaseState, EventKind
from zeroline.domain.cause import Cause
from zeroline.domain.diagnosis import Evidence, EvidenceKind
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY
from zeroline.domain.policy import Policy
from zeroline.storage.casework import cases, evidence, recurrence
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.diagnosis import learning
from zeroline.storage.diagnosis.record import StoredDiagnosis
from zeroline.storage.unit_of_work import UnitOfWork

LONGEST_TEXT: Final = 4_000


def tag(
    work: UnitOfWork,
    case: StoredCase,
    known: Cause,
    comment: str,
    policy: Policy,
    guess: StoredDiagnosis | None,
    links: Sequence[tuple[str, int]] = (),
) -> None:
    """Set the cause of a case as the writing person's, and keep what they said to the ``guess`` of then.

    Raises DomainError ``case-state``, ``evidence-unknown``.
    """
    if case.state not in TAGGABLE:
        raise DomainError("case-state", state=case.state.value, wanted=CaseState.CAUSE_PROPOSED.value)
    columns: dict[str, Any] = {
        "cause": known.code,
        "cause_comment": comment.strip()[:LONGEST_TEXT],
        "cause_by": work.person_id,
    }
    if not known.final:
        expires = work.at + policy.undetermined_days * DAY
        columns["due_at"] = expires if case.due_at is None else min(case.due_at, expires)
    elif case.state not in (CaseState.COUNTING, CaseState.WAITING_DOCUMENT):
        columns["state"] = CaseState.CAUSE_PROPOSED.value
    earlier = recurrence.earlier_case(work, case, known.code, policy) if known.final else None
    if earlier is not None and not case.reopened:
        columns["reopened"] = 1
    facts = {"cause": known.code, "before": case.cause} | answer(work, case, guess, known.code)
    cases.change(work, case, EventKind.CAUSE, columns["cause_comment"], facts, **columns)
    if "reopened" in columns:
        cases.log(work, case.id, EventKind.RECURRED, facts={"case_id": earlier})
    for kind, target in links:
        link(work, case, kind, target)


def answer(work: UnitOfWork, case: StoredCase, guess: StoredDiagnosis | None, cause: str) -> dict[str, Any]:
    """Keep what the writing person says to a guess (``cause`` '': none of these); the facts of it."""
    if guess is None:
        learning.say(work, case.id, "", 0, "", cause)
        return {}
    learning.say(work, case.id, guess.cause, guess.probability, guess.second, cause)
    return {"guess": guess.cause, "probability": guess.probability}


def link(work: UnitOfWork, case: StoredCase, kind: str, target: int) -> bool:
    """Link evidence to a case, with its log; False where it was linked already. ``evidence-unknown``."""
    if not evidence.link(work, case, kind, target):
        return False
    facts = {"kind": kind, "target": target}
    cases.log(work, case.id, EventKind.EVIDENCE, facts=facts)
    work.audit("case evidence", f"case {case.id}", **facts)
    work.changed(cases={case.id})
    return True


def link_hypothesis(work: UnitOfWork, case: StoredCase, guess: StoredDiagnosis | None, cause: str) -> None:
    """Link what a guess cites for a cause, where it does."""
    for hypothesis in () if guess is None else guess.diagnosis.hypotheses:
        if hypothesis.cause == cause:
            for kind, target in links_of(work, case, hypothesis.evidence):
                link(work, case, kind, target)


def links_of(work: UnitOfWork, case: StoredCase, found: Iterable[Evidence]) -> list[tuple[str, int]]:
    """What of a guess's evidence can be linked to the case: movements, documents and counts about its item or
    on its documents. Stock lying elsewhere is seen, not linked."""
    pairs = []
    for one in found:
        target: int | None = one.target
        if one.kind is EvidenceKind.DOCUMENT:
            target = evidence.document_of_line(work.connection, one.target)
        if target is not None and evidence.known(work.connection, case, one.kind.value, target):
            pairs.append((one.kind.value, target))
    return list(dict.fromkeys(pairs))
