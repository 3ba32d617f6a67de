"""The one thing to do next with a case, from its facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zeroline.domain.case import CaseState, Queue
from zeroline.domain.cause import CATALOGUE, TRANSIENT, AdjustmentRight


class Step(StrEnum):
    """What a person does next; the window has one primary button for each that can be done."""

    CLOSE_TRANSIENT = "close-transient"  # nothing is missing; no count needed
    CLOSE_AGREES = "close-agrees"  # the self-check agrees again
    ASSIGN = "assign"  # nobody's yet: take it
    COUNT = "count"  # send to count
    ENTER_COUNT = "enter-count"  # a sheet is out
    RECOUNT = "recount"  # out of tolerance: another person counts
    TAG_CAUSE = "tag-cause"  # say why
    ACCEPT = "accept-cause"  # the guess is sure enough to be agreed to
    WAIT_DOCUMENT = "wait-document"  # T cause: the document is coming, do not adjust
    MAKE_RECORD = "make-record"  # the cause wants its record made (move, receipt, return) before any rest
    PROPOSE = "propose"  # propose the adjustment
    DECIDE = "decide"  # approve or reject
    POST = "post"  # approved, somebody else posts
    VERIFY = "verify"  # posted: look that it holds
    CLOSE = "close"  # verified, or explained and above zero
    EXAMINE = "examine"  # look into the movement or the difference
    NOTHING = "nothing"  # closed or dismissed


SURE = 800_000
"""A guess at least this probable (millionths) is offered to be accepted."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step and the facts its sentence quotes (quantities micro-units, instants µs)."""

    code: Step
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides the next step. Quantities micro-units, instants µs.

    ``counted``: a count of this key was entered since the case opened, with ``variance`` against expected
    and ``recount_wanted`` while another person must count; ``on_sheet``: an open sheet holds the key.
    ``adjustment_state``: of the newest adjustment of the case ('' none). ``document``: the open document
    that would explain the shortfall, if any. ``differs``: the self-check still shows a difference.
    ``guess``: the likeliest cause, '' while there is not enough to say or after a person refused it, with
    its ``probability`` in millionths.
    """

    queue: Queue
    state: CaseState
    on_hand: int
    below_zero: bool
    transient: bool = False
    owned: bool = False
    cause: str = ""
    on_sheet: bool = False
    counted: bool = False
    recount_wanted: bool = False
    variance: int = 0
    adjustment_state: str = ""
    document: str = ""
    document_due_at: int | None = None
    waiting_until: int | None = None
    differs: bool = False
    guess: str = ""
    probability: int = 0

    @property
    def guess_right(self) -> AdjustmentRight | None:
        """Whether an adjustment is right by a guess that is sure enough; None without one."""
        if self.guess not in CATALOGUE or self.probability < SURE:
            return None
        return CATALOGUE[self.guess].adjustment_right


def presumed(guess: str, probability: int) -> str:
    """What closing a transient case says where nobody says why: a guess (``probability`` in millionths) that
    is sure and leaves nothing to correct, else that it was posted out of order."""
    known = CATALOGUE.get(guess)
    if known is None or not known.final or probability < SURE:
        return TRANSIENT
    return guess if known.adjustment_right is AdjustmentRight.NO else TRANSIENT


def next_step(case: Situation) -> NextStep:
    """The one next step.

    In order: what is over stays over; a proposal on its way is decided or posted; what was posted is
    verified; a transient is closed; a self-check that agrees again is closed; a count on its way is finished;
    then the cause decides between waiting, making the missing record and adjusting; without a cause a sure
    guess is accepted, at once where it speaks against adjusting now and after the count where it asks for
    one, else the shelf is counted first and the cause tagged after.
    """
    settled = _settled(case)
    if settled is not None:
        return settled
    if (case.queue is Queue.TRANSIENT or (case.transient and not case.below_zero)) and not _wants_more(case):
        return _transient(case)
    if case.queue is Queue.SELF_CHECK and not case.differs:
        return NextStep(Step.CLOSE_AGREES)
    if case.recount_wanted:
        return NextStep(Step.RECOUNT, {"variance_quantity": case.variance})
    if case.on_sheet or (case.state is CaseState.COUNTING and not case.counted):
        return NextStep(Step.ENTER_COUNT)
    right = CATALOGUE[case.cause].adjustment_right if case.cause in CATALOGUE else None
    if case.cause == "" or right is None or not CATALOGUE[case.cause].final:
        return _unexplained(case)
    return _explained(case, right)


def _settled(case: Situation) -> NextStep | None:
    if case.state in (CaseState.CLOSED, CaseState.DISMISSED):
        return NextStep(Step.NOTHING)
    if case.state is CaseState.VERIFIED:
        return NextStep(Step.CLOSE)
    if case.adjustment_state == "approved":
        return NextStep(Step.POST)
    if case.state is CaseState.WAITING_APPROVAL or case.adjustment_state == "proposed":
        return NextStep(Step.DECIDE)
    if case.state is CaseState.POSTED:
        return NextStep(Step.VERIFY, {"on_hand_quantity": case.on_hand})
    return None


def _wants_more(case: Situation) -> bool:
    """Whether the tagged cause of a transient says that more than the order was wrong."""
    found = CATALOGUE.get(case.cause)
    return found is not None and found.final and found.adjustment_right is not AdjustmentRight.NO


def _transient(case: Situation) -> NextStep:
    """Nothing is missing, and the guess says why; a guess by which something is wrong is looked at first."""
    right = None if case.cause in CATALOGUE and CATALOGUE[case.cause].final else case.guess_right
    if right is None:
        return NextStep(Step.CLOSE_TRANSIENT)
    if right is AdjustmentRight.NO:
        return NextStep(Step.CLOSE_TRANSIENT, {"cause": case.guess, "probability": case.probability})
    return _accept(case, right)


def _accept(case: Situation, right: AdjustmentRight) -> NextStep:
    facts = {"cause": case.guess, "probability": case.probability, "adjustment": right.value}
    return NextStep(Step.ACCEPT, facts)


def _unexplained(case: Situation) -> NextStep:
    right = case.guess_right
    if case.counted:
        if right is not None and right is not AdjustmentRight.NO:
            return _accept(case, right)
        return NextStep(Step.TAG_CAUSE, {"variance_quantity": case.variance})
    if case.queue in (Queue.OVERRIDE, Queue.SELF_CHECK):
        return NextStep(Step.EXAMINE) if case.owned else NextStep(Step.ASSIGN)
    if right is AdjustmentRight.YES and case.below_zero:
        return NextStep(Step.COUNT)
    if right is not None:
        return _accept(case, right)
    if case.document:
        return NextStep(Step.WAIT_DOCUMENT, {"document": case.document, "due_at": case.document_due_at})
    if not case.below_zero and case.queue is Queue.NEGATIVE:
        return NextStep(Step.TAG_CAUSE, {"variance_quantity": 0})
    return NextStep(Step.COUNT)


def _explained(case: Situation, right: AdjustmentRight) -> NextStep:
    if right is AdjustmentRight.NO:
        if case.below_zero:
            due = case.waiting_until if case.waiting_until is not None else case.document_due_at
            return NextStep(Step.WAIT_DOCUMENT, {"document": case.document, "due_at": due})
        return NextStep(Step.CLOSE)
    if case.counted:
        if case.variance:
            return NextStep(Step.PROPOSE, {"variance_quantity": case.variance})
        return NextStep(Step.COUNT) if case.below_zero else NextStep(Step.CLOSE)
    if right is AdjustmentRight.LATER and case.below_zero:
        return NextStep(Step.MAKE_RECORD, {"cause": case.cause})
    if case.queue in (Queue.OVERRIDE, Queue.REPEAT, Queue.SELF_CHECK):
        return NextStep(Step.CLOSE)
    return NextStep(Step.COUNT)
