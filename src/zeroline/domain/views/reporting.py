"""What the reports are made from: frozen rows as of one instant.

Quantities and money in micro-units, instants µs UTC, shares with 1,000,000 = 100 %, durations µs.
"""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.accuracy import Accuracy
from zeroline.domain.duties import Hands
from zeroline.domain.instant import DAY
from zeroline.domain.quantity import SCALE, half_even
from zeroline.domain.views.explanation import Explained
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
    counts, ``chain_position`` and ``chain_head`` the last audit entry by ``known_by``. ``limited``: without a
    site, the codes of the sites whose rows alone there are, for a reader who sees no others.
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
    limited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetThen:
    """A count sheet in scope, as it stood. ``origin``: cases, filter, overdue, recount."""

    number: str
    title: str
    origin: str
    created_by: str
    created_at: int
    submitted_at: int | None
    cancelled: str  # the reason, '' while it stands


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
    why: Explained | None  # of the case it was adjusted for, where it says the same cause
    evidence: tuple[tuple[str, str], ...]  # (kind, what it is called)
    adjustment: str  # number, '' where none
    adjustment_state: str
    before: int | None  # book just before the posting; when proposed, where it is not posted
    after: int | None  # None where it was rejected or withdrawn


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Lines of one ABC class ('' unranked). ``due`` in the period by policy.

    ``planned`` = ``counted`` + ``recount_open`` + ``not_counted``.
    """

    abc_class: str
    due: int
    planned: int
    counted: int  # with a count that stands
    recounted: int
    recount_open: int  # counted once, and somebody else must count again
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
    why: Explained
    outcome: str  # of the case: closed, dismissed, …; '' while it is worked on
    adjustments: tuple[str, ...]  # numbers posted for its case
    age: int  # to ended_at, or to as_of while open
    days_within: int  # µs of it within the period
    unit_days_within: int
    value_days_within: int

    @property
    def is_open(self) -> bool:
        """Still below zero at the as-of instant."""
        return self.ended_at is None

    @property
    def cause(self) -> str:
        """What a person said, '' where nobody has said why."""
        return self.why.cause


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
    why: Explained | None  # of the case it was proposed for, where it says the same cause
    comment: str
    tier: int  # as signed, as proposed while it waits
    tier_reasons: tuple[str, ...]
    policy: int
    required: tuple[str, ...]  # roles that may sign this tier and value by that policy
    proposed_at: int
    proposer: str
    decision: str
    approver: str
    approver_role: str  # at the decision
    limit_value: int | None
    cumulated_value: int | None
    decided_at: int | None
    decision_comment: str
    meaning: str
    overrides: tuple[tuple[str, str], ...]  # (what was overridden, reason): 'open documents', 'waiting'
    posted_at: int | None
    poster: str
    reversal_of: str
    hands: Hands
    names: tuple[tuple[str, str], ...]  # (hand, person) for the matrix
    evidence: tuple[tuple[str, str], ...]

    @property
    def conflicts(self) -> tuple[tuple[str, str], ...]:
        """Hands that were one person and must not be; empty as it should be."""
        return self.hands.conflicts()


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of the period, by the formulas of the domain law. Shares: 1,000,000 = 100 %."""

    period: int  # µs
    episodes: int
    closed: int
    transient: int
    negative_keys: int  # below zero at the as-of instant
    active_keys: int  # with any movement
    active_items: int
    days_negative: int  # Σ duration within the period, µs
    unit_days: int  # ∫ max(0, −balance) dt within the period
    value_days: int
    mean_closed: int | None  # MTTR, µs, over whole closed episodes
    adjustments: int
    adjusted_up: int
    adjusted_down: int
    items_counted: int
    lines_counted: int  # at least once
    accepted_at_first: int  # of them, without a recount
    cases_closed: int
    cases_recurred: int  # reopened within the watch window

    @property
    def frequency(self) -> int | None:
        """Episodes per item with movements per 30 days, millionths."""
        return _share(self.episodes * 30 * DAY, self.active_items * self.period)

    @property
    def transient_share(self) -> int | None:
        """Transient episodes ÷ episodes."""
        return _share(self.transient, self.episodes)

    @property
    def negative_share(self) -> int | None:
        """Negative keys ÷ active keys."""
        return _share(self.negative_keys, self.active_keys)

    @property
    def adjustments_per_item(self) -> int | None:
        """Posted adjustments ÷ items counted, millionths."""
        return _share(self.adjustments, self.items_counted)

    @property
    def first_count_yield(self) -> int | None:
        """Lines accepted without recount ÷ lines counted."""
        return _share(self.accepted_at_first, self.lines_counted)

    @property
    def recurrence(self) -> int | None:
        """Cases reopened within the watch window ÷ cases closed."""
        return _share(self.cases_recurred, self.cases_closed)


def _share(part: int, whole: int) -> int | None:
    return half_even(part * SCALE, whole) if whole > 0 else None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Report (a): everything an auditor accepts in a reconciliation report."""

    basis: Basis
    sheets: tuple[SheetThen, ...]
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
