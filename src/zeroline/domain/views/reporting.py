"""What the reports are made from: frozen rows as of one instant.

Quantities and money in micro-units, instants µs UTC, shares with 1,000,000 = 100 %, durations µs.
"""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.accuracy import Accuracy
from zeroline.domain.duties import Hands
from zeroline.domain.views.key import KeyFacts, Reason


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report covers. ``site`` '' means every site; ``sheet_id`` narrows the counts to one sheet.

    ``since`` and ``as_of`` bound the period; ``as_of`` is also the instant the books are taken at.
    """

    since: int
    as_of: int
    site: str = ""
    sheet_id: int | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What every report rests on, printed in its header.

    ``known_by``: the ledger holds what Zeroline had recorded by then. It is ``as_of``, unless that lies
    before the first import: then it is the instant of the run. ``last_seq`` is the last movement that
    counts, ``chain_position`` and ``chain_head`` the last audit entry by ``known_by``.
    """

    entity: str
    site: str
    zone: str
    currency: str
    since: int
    as_of: int
    known_by: int
    last_seq: int
    policy: int
    chain_position: int
    chain_head: str
    generated_at: int
    generated_by: str
    cut_off: tuple[tuple[str, str, int], ...] = ()  # (document kind of movement, last document, recorded_at)
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class CountOnce:
    """One count of a line, blind."""

    entry_id: int
    person_id: int
    person: str
    at: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """A planned line, counted or not. Everything from ``snapshot`` on is None where it was not counted."""

    sheet: str
    position: int
    key: KeyFacts
    unit_cost: int
    state: str
    reason: str  # why it was not counted
    found: bool
    snapshot: int | None  # book when the sheet was made
    moved: int | None  # movements from the snapshot to the count: expected − snapshot
    expected: int | None
    first: CountOnce | None
    recount: CountOnce | None
    final: int | None
    variance: int | None
    percent: int | None  # share
    value: int | None  # of the variance
    within: bool
    failed: tuple[Reason, ...]  # which tolerance failed
    cause: str
    evidence: tuple[tuple[str, int], ...]
    adjustment: str  # number, '' where none
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Lines of one ABC class ('' unranked). ``due`` in the period by policy."""

    abc_class: str
    due: int
    planned: int
    counted: int
    recounted: int
    not_counted: int


@dataclass(frozen=True, slots=True)
class AccuracyBy:
    """Accuracy over the counted lines of one group: ``by`` is class, cause, user or location."""

    by: str
    name: str
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class RollForward:
    """One item over the scope's site: opening + receipts − issues ± transfers ± adjustments = closing.

    All signed as they change stock. ``stored`` is the balance Zeroline keeps, taken back to the as-of
    instant; ``difference`` = closing − stored and must be 0.
    """

    item: str
    description: str
    unit: str
    decimals: int
    unit_cost: int
    opening: int
    receipts: int
    issues: int
    transfers: int
    adjustments: int
    closing: int
    stored: int

    @property
    def difference(self) -> int:
        """Closing re-derived from the ledger minus the stored balance."""
        return self.closing - self.stored


@dataclass(frozen=True, slots=True)
class CrossingMovement:
    """The movement that crossed zero (or came back)."""

    reference: str
    kind: str
    document: str
    user: str
    quantity: int
    recorded_at: int
    occurred_at: int


@dataclass(frozen=True, slots=True)
class NegativeRow:
    """One episode that touches the period."""

    key: KeyFacts
    unit_cost: int
    started_at: int
    ended_at: int | None
    depth: int
    on_hand: int
    unit_days: int
    value_days: int
    transient: bool
    crossing: CrossingMovement
    closing: CrossingMovement | None
    case_id: int | None
    cause: str
    outcome: str  # of the case: closed, dismissed, …; '' while it is worked on
    resolution: str  # adjustment number, '' where none
    age: int  # to ended_at, or to as_of while open

    @property
    def is_open(self) -> bool:
        """Still below zero at the as-of instant."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ApprovedRow:
    """An adjustment that was proposed, decided or posted in the period."""

    adjustment_id: int
    number: str
    kind: str
    state: str  # at the as-of instant
    key: KeyFacts
    quantity: int
    unit_cost: int
    value: int
    before: int
    cause: str
    comment: str
    tier: int
    policy: int
    proposed_at: int
    proposer: str
    decision: str
    approver: str
    approver_role: str
    limit_value: int | None
    cumulated_value: int | None
    decided_at: int | None
    decision_comment: str
    meaning: str
    guard_reason: str
    posted_at: int | None
    poster: str
    reversal_of: str
    hands: Hands
    names: tuple[tuple[str, str], ...]  # (hand, person) for the matrix
    evidence: tuple[tuple[str, int], ...]

    @property
    def conflicts(self) -> tuple[tuple[str, str], ...]:
        """Hands that were one person and must not be; empty as it should be."""
        return self.hands.conflicts()


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of the negatives in the period."""

    episodes: int
    open: int
    transient: int
    negative_keys: int
    active_keys: int
    days_negative: int  # Σ duration within the period, µs
    unit_days: int
    value_days: int
    mean_closed: int | None  # MTTR, µs
    adjustments: int
    adjusted_up: int
    adjusted_down: int
    items_counted: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Report (a): everything an auditor accepts in a reconciliation report."""

    basis: Basis
    lines: tuple[ReconciliationLine, ...]
    coverage: tuple[CoverageRow, ...]
    total: Accuracy
    groups: tuple[AccuracyBy, ...]
    roll_forward: tuple[RollForward, ...]
    negatives: tuple[NegativeRow, ...]
    approvals: tuple[ApprovedRow, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Report (b): negatives open at the as-of instant and those of the period."""

    basis: Basis
    negatives: tuple[NegativeRow, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class Register:
    """Report (d): adjustments with their approvals."""

    basis: Basis
    rows: tuple[ApprovedRow, ...]


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of a case's audit trail: position and hash in the chain, who, when, what."""

    seq: int
    at: int
    person: str
    action: str
    subject: str
    facts: str
    hash: str
