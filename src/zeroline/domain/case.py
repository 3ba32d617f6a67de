"""The work item a person owns, its states and the ways between them."""

from __future__ import annotations

from enum import StrEnum

from zeroline.domain.errors import DomainError


class Queue(StrEnum):
    """Exception queues of this version; the value is stored with the case."""

    NEGATIVE = "negative"
    TRANSIENT = "transient"
    REPEAT = "repeat"
    OVERRIDE = "override"
    SELF_CHECK = "self-check"
    COUNTS_DUE = "counts due"


class CaseState(StrEnum):
    """Where a case stands."""

    NEW = "new"
    ASSIGNED = "assigned"
    COUNTING = "counting"
    WAITING_DOCUMENT = "waiting for a document"
    CAUSE_PROPOSED = "cause proposed"
    WAITING_APPROVAL = "waiting for approval"
    POSTED = "posted"
    VERIFIED = "verified"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REOPENED = "reopened"


OPEN_STATES = frozenset(set(CaseState) - {CaseState.CLOSED, CaseState.DISMISSED, CaseState.VERIFIED})

_WORKING = {
    CaseState.NEW,
    CaseState.ASSIGNED,
    CaseState.REOPENED,
    CaseState.COUNTING,
    CaseState.WAITING_DOCUMENT,
    CaseState.CAUSE_PROPOSED,
}

TRANSITIONS: frozenset[tuple[CaseState, CaseState]] = frozenset(
    {
        (here, there)
        for here in _WORKING
        for there in (
            CaseState.ASSIGNED,
            CaseState.COUNTING,
            CaseState.WAITING_DOCUMENT,
            CaseState.CAUSE_PROPOSED,
            CaseState.WAITING_APPROVAL,
            CaseState.DISMISSED,
            CaseState.CLOSED,
        )
        if here != there
    }
    | {
        (CaseState.WAITING_APPROVAL, CaseState.CAUSE_PROPOSED),  # rejected or withdrawn
        (CaseState.WAITING_APPROVAL, CaseState.POSTED),
        (CaseState.POSTED, CaseState.VERIFIED),
        (CaseState.POSTED, CaseState.CLOSED),
        (CaseState.POSTED, CaseState.REOPENED),  # the posting was reversed
        (CaseState.VERIFIED, CaseState.CLOSED),
        (CaseState.VERIFIED, CaseState.REOPENED),
        (CaseState.CLOSED, CaseState.REOPENED),
        (CaseState.DISMISSED, CaseState.REOPENED),
    }
)


def check_transition(here: CaseState, there: CaseState) -> None:
    """Raise DomainError ``case-state`` unless the case may go from here to there."""
    if (here, there) not in TRANSITIONS:
        raise DomainError("case-state", state=here.value, wanted=there.value)
