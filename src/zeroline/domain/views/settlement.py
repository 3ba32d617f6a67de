"""Adjustments as people see them: the proposal, the approver's page, the register.

Quantities and money are micro-units, instants µs UTC, percents millionths (12.5 % is 125_000).
"""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.changes import Changes
from zeroline.domain.diagnosis.what_if import TooMuch
from zeroline.domain.views.counting import ArithmeticMovement, CountedEntry
from zeroline.domain.views.key import KeyFacts, Reason


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a quantity came about (rule 6): ``quantity`` = counted − (book_at_count + late).

    ``on_hand`` now + ``quantity`` = ``after``; for a count also counted + ``since`` = ``after``.
    For an adjustment from documents and for a reversal ``counted``, ``counted_at``, ``book_at_count``,
    ``late`` and ``since`` are None and the movements empty.
    """

    quantity: int
    on_hand: int
    after: int
    counted: int | None = None
    counted_at: int | None = None
    book_at_count: int | None = None
    late: int | None = None
    since: int | None = None
    late_movements: tuple[ArithmeticMovement, ...] = ()
    since_movements: tuple[ArithmeticMovement, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardDocument:
    """Something open that would explain the same shortfall (rule 7).

    ``kind``: receipt, transfer, production, return; or ``correction``: a correction that another system
    posted after the count (``document_id`` is then the movement). ``open_quantity`` is what is still to come.
    """

    document_id: int
    kind: str
    number: str
    line: str
    open_quantity: int
    due_at: int | None
    partner: str
    location: str
    lot: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an adjustment rests on. ``kind``: count, movement, document, attachment; ``target`` its id;
    ``label`` its number, name or what was counted; ``facts`` more of it for the page."""

    kind: str
    target: int
    label: str
    at: int | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """The size of an adjustment: ``value`` signed; ``percent`` of what was on the book or counted."""

    unit_cost: int
    value: int
    percent: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What proposing would do, before anybody does it. ``next`` is ``adjust`` or ``wait for the document``.

    ``needs_wait_reason``: the cause says that waiting is right, so going on needs a typed reason.
    ``needs_guard_reason``: ``guard`` is not empty, so going on needs a typed reason.
    ``too_much``: what it leaves too much while a likely hypothesis holds; shown with the guard.
    ``blocked`` holds why it cannot be proposed now (nothing to adjust, recount open, …); empty when it can.
    """

    case_id: int | None
    entry_id: int | None
    kind: str
    key: KeyFacts
    cause: str
    next: str
    arithmetic: Arithmetic
    money: Money
    tier: int
    tier_reasons: tuple[Reason, ...]
    cumulated_value: int
    counts: tuple[CountedEntry, ...]
    guard: tuple[GuardDocument, ...]
    needs_wait_reason: bool
    needs_guard_reason: bool
    policy: int
    blocked: tuple[Reason, ...] = ()
    too_much: tuple[TooMuch, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that is now waiting for approval."""

    changes: Changes
    adjustment_id: int
    number: str
    tier: int


@dataclass(frozen=True, slots=True)
class Hand:
    """Why this person may not decide (rule 3). ``code``: role, proposed, counted, recounted, investigated,
    changed-policy, over-limit, approved (the poster may not be the approver). Facts: person, at_at,
    limit_value, value_value, cumulated_value, tier, policy as the code needs."""

    code: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """An adjustment in the approver's queue. ``hand`` is None when the reader may decide it."""

    adjustment_id: int
    number: str
    kind: str
    state: str
    key: KeyFacts
    quantity: int
    value: int
    cause: str
    tier: int
    tier_reasons: tuple[Reason, ...]
    proposer_id: int
    proposer: str
    proposed_at: int
    case_id: int | None
    guard_documents: int
    outdated: bool
    hand: Hand | None
    shown_hash: str
    version: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, how, and what the signature means."""

    person_id: int
    person: str
    decision: str
    at: int
    tier: int
    limit_value: int
    cumulated_value: int
    comment: str
    meaning: str
    guard_reason: str
    shown_hash: str


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """Everything an approver needs on one page; ``shown_hash`` is the SHA-256 of exactly the deciding facts.

    The moving figures (``arithmetic.on_hand``, ``since``, ``after``) are of this instant and are not in the
    hash: stock may move on without making the page stale. ``arithmetic.quantity`` is what was proposed;
    ``renewed_quantity`` is what the arithmetic gives now, and when it differs the proposal is ``outdated``.
    ``guard`` is of now; ``guard_reason`` what the proposer typed against the guard of then.
    """

    adjustment_id: int
    number: str
    kind: str
    state: str
    key: KeyFacts
    case_id: int | None
    entry_id: int | None
    reversal_of: int | None
    reversal_of_number: str
    reversed_by: str
    arithmetic: Arithmetic
    renewed_quantity: int
    outdated: bool
    money: Money
    cause: str
    comment: str
    wait_reason: str
    tier: int
    tier_reasons: tuple[Reason, ...]
    cumulated_value: int
    limit_value: int | None  # the reader's limit, None where the reader may not approve at all
    policy: int
    proposer_id: int
    proposer: str
    proposed_at: int
    investigator: str
    counter: str
    recounter: str
    counts: tuple[CountedEntry, ...]
    evidence: tuple[Evidence, ...]
    guard: tuple[GuardDocument, ...]
    guard_reason: str
    needs_guard_reason: bool
    meaning: str
    hand: Hand | None
    decision: Decision | None
    poster: str
    posted_at: int | None
    movement_id: int | None
    shown_hash: str
    version: int
    too_much: tuple[TooMuch, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One adjustment in the register, with its decision and its posting."""

    adjustment_id: int
    number: str
    kind: str
    state: str
    key: KeyFacts
    quantity: int
    unit_cost: int
    value: int
    book_before: int
    cause: str
    comment: str
    tier: int
    policy: int
    case_id: int | None
    reversal_of: str
    proposer: str
    proposed_at: int
    counter: str
    recounter: str
    investigator: str
    guard_reason: str
    evidence: tuple[Evidence, ...]
    decision: Decision | None
    poster: str
    posted_at: int | None
    movement_id: int | None


@dataclass(frozen=True, slots=True)
class Posted:
    """What one decision did: adjustments decided, and those of them that are now on the ledger."""

    changes: Changes
    decided: tuple[int, ...]
    posted: tuple[int, ...]
    waiting_for_posting: tuple[int, ...] = ()
