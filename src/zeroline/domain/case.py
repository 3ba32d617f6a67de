"""The work item a person owns, its states and the ways between them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from zeroline.domain.errors import DomainError


class Queue(StrEnum):
    """Exception queues of this version; the value is stored with the case."""

    NEGATIVE = "negative"
    TRANSIENT = "transient"
    REPEAT = "repeat"
    OVERRIDE = "override"
    SELF_CHECK = "self-check"
    COUNTS_DUE = "counts due"


GUESSED: Final = (Queue.NEGATIVE, Queue.TRANSIENT, Queue.REPEAT)
"""Queues about whose cases there are guesses: one time below zero, or a place that goes wrong repeatedly."""


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


class EventKind(StrEnum):
    """What a line of a case's log says; the window turns code and facts into a sentence.

    Facts: ASSIGNED ``owner_id`` · DISMISSED, CLOSED, REOPENED ``reason`` · CAUSE ``cause``, ``before``, and
    where the program had a guess ``guess``, ``probability`` (millionths), as NONE_OF_THESE ·
    WAITING ``document``, ``due_at`` · EVIDENCE ``kind``, ``target`` ·
    ATTACHMENT ``attachment_id``, ``sha256`` · MOVED ``queue``, ``before`` ·
    SHIFTED ``opening_seq``, ``before`` · ABOVE_ZERO, VERIFIED ``closing_seq`` ·
    EXPLAINED ``seq`` (the late movement, 0 unknown), ``reference``, ``document`` · MERGED ``case_id`` ·
    RECURRED ``case_id`` (the earlier case of the same cause) · AGREES ``stored``, ``summed``, ``as_of`` ·
    COUNT ``sheet_id``, ``line_id`` · ADJUSTMENT ``adjustment_id``, ``state``.
    """

    OPENED = "opened"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    DISMISSED = "dismissed"
    NOTE = "note"
    CAUSE = "cause"
    WAITING = "waiting"
    NONE_OF_THESE = "none of these"
    EVIDENCE = "evidence"
    ATTACHMENT = "attachment"
    STATE = "state"
    VERIFIED = "verified"
    CLOSED = "closed"
    MOVED = "moved"
    SHIFTED = "shifted"
    ABOVE_ZERO = "above zero"
    BELOW_AGAIN = "below again"
    EXPLAINED = "explained"
    MERGED = "merged"
    RECURRED = "recurred"
    AGREES = "agrees"
    COUNT = "count"
    ADJUSTMENT = "adjustment"


TAGGABLE = frozenset(
    {CaseState.NEW, CaseState.ASSIGNED, CaseState.REOPENED, CaseState.CAUSE_PROPOSED, CaseState.COUNTING}
    | {CaseState.WAITING_DOCUMENT}
)
"""States in which a cause can be tagged: later ones have a proposal or a posting that rests on it."""

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
        (CaseState.WAITING_DOCUMENT, CaseState.VERIFIED),  # the document came and the book is above zero
        (CaseState.CAUSE_PROPOSED, CaseState.VERIFIED),  # likewise, for a cause that wants no adjustment
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
