"""A case as one screen shows it: what happened, why, what next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zeroline.domain.case import CaseState, Queue
from zeroline.domain.diagnosis import Diagnosis
from zeroline.domain.next_step import NextStep
from zeroline.domain.pattern import Pattern
from zeroline.domain.severity import Severity
from zeroline.domain.stock import Unit
from zeroline.domain.views.counting import ArithmeticMovement
from zeroline.domain.views.diagnosis import VerdictFacts
from zeroline.domain.views.history import BalanceHistory, EpisodeBand
from zeroline.domain.views.key import Reason


@dataclass(frozen=True, slots=True)
class CaseKey:
    """One stock key with its item and location. ``unit_cost`` micro-currency per base unit.

    ``time_zone`` is the site's IANA zone.
    """

    key_id: int
    item_id: int
    item: str
    description: str
    unit: str
    decimals: int
    unit_cost: int
    abc_class: str
    item_class: str
    units: tuple[Unit, ...]
    location_id: int
    location: str
    site: str
    warehouse: str
    zone: str
    lot: str
    status: str
    currency: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One movement. Quantities micro-units; ``balance`` is the book balance after it; µs instants.

    ``entered_quantity`` and ``entered_unit`` are as keyed ('' when the source did not say).
    """

    seq: int
    reference: str
    kind: str
    quantity: int
    balance: int
    recorded_at: int
    occurred_at: int
    document: str
    document_line: str
    user: str
    source: str
    entered_quantity: int
    entered_unit: str
    override: bool
    time_basis: str
    adjustment_id: int | None = None
    adjustment: str = ""


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """One episode. ``depth`` micro-units (negative), ``unit_days`` micro-unit-days, ``value_days``
    micro-currency-days, open ones measured to the view's ``as_of``."""

    started_at: int
    ended_at: int | None
    opening_seq: int
    closing_seq: int | None
    depth: int
    unit_days: int
    value_days: int
    duration: int
    transient: bool


@dataclass(frozen=True, slots=True)
class OtherStock:
    """The item somewhere else: another bin, lot or status. ``on_hand`` micro-units of the base unit.

    ``relation``: 'lot' (same bin, other lot or status) · 'bin' (same warehouse) · 'site' (elsewhere).
    """

    key_id: int
    location: str
    warehouse: str
    zone: str
    lot: str
    status: str
    on_hand: int
    last_recorded_at: int
    relation: str


@dataclass(frozen=True, slots=True)
class CountFacts:
    """One count of this key. Quantities micro-units, instants µs.

    ``expected`` = book + late; ``variance`` = counted − expected; ``movements`` are those in ``late``.
    ``within``: a tolerance held; else ``reasons`` says which limits failed. ``percent`` in millionths.
    """

    sheet_id: int
    sheet: str
    line_id: int
    entry_id: int
    round: int
    counter_id: int
    counter: str
    counted_at: int
    counted: int
    entered: str
    book: int
    late: int
    expected: int
    variance: int
    percent: int
    value: int
    line_state: str
    within: bool
    reasons: tuple[Reason, ...] = ()
    movements: tuple[ArithmeticMovement, ...] = ()


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """One adjustment of this key in any state. Quantities micro-units, money micro-currency."""

    adjustment_id: int
    number: str
    kind: str
    state: str
    quantity: int
    value: int
    cause: str
    comment: str
    tier: int
    proposed_at: int
    proposer: str
    decided_at: int | None
    decision: str
    approver: str
    posted_at: int | None
    poster: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A line still open that brings or takes this item. ``outstanding`` micro-units = quantity − done.

    ``explains``: it would bring stock to this place, so it may explain the shortfall (rule 7).
    """

    document_id: int
    line_id: int
    kind: str
    number: str
    line: str
    partner: str
    location: str
    lot: str
    quantity: int
    done: int
    outstanding: int
    due_at: int | None
    source: str
    explains: bool


@dataclass(frozen=True, slots=True)
class ReservationFacts:
    """Stock promised to an order. ``location`` '' means any."""

    reservation_id: int
    reference: str
    document: str
    location: str
    lot: str
    quantity: int
    due_at: int | None


@dataclass(frozen=True, slots=True)
class Money:
    """Micro-currency: ``value`` of what is on hand, ``depth_value`` at the deepest point, value-days."""

    unit_cost: int
    value: int
    depth_value: int
    value_days: int
    currency: str


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One line of the case's log. ``kind`` is a code of domain.case.EventKind; ``text`` a person's."""

    event_id: int
    at: int
    person_id: int
    person: str
    kind: str
    text: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """A photo or paper kept with the case; ``size`` bytes."""

    attachment_id: int
    name: str
    media_type: str
    sha256: str
    size: int
    person: str
    at: int


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """Something linked to the cause. ``kind``: count (entry id), movement (seq), document, attachment.

    ``label`` is what it is called: document number, movement reference, sheet number, file name.
    """

    kind: str
    target: int
    label: str
    person: str
    at: int


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """The cause as tagged. ``by`` is the investigator."""

    code: str
    comment: str
    by_id: int | None
    by: str


@dataclass(frozen=True, slots=True)
class SelfCheckFacts:
    """Stored balance of a source against the sum of the movements up to ``as_of``; micro-units."""

    source: str
    stored: int
    summed: int
    difference: int
    as_of: int


@dataclass(frozen=True, slots=True)
class RepeatFacts:
    """How often within ``days`` before ``until`` (µs): episodes, counts out of tolerance."""

    days: int
    until: int
    episodes: int
    misses: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything one screen shows of a case, read in one moment ``as_of`` (µs).

    ``ledger``: rows in book order, all of them or a stretch around the crossing; ``ledger_before`` and
    ``ledger_after`` say how many more there are. ``physical_known`` False: the source never said when
    things happened (see ``time_basis``), so physical order is unknown. ``counts`` is empty for a person who
    may not read the book. ``diagnosis`` is of this moment, for cases that stand for an episode; ``verdict``
    what somebody said last to a guess. ``item_hidden``: the item lies at sites that the reader does not see
    too, which ``item_on_hand`` and ``elsewhere`` are without.
    """

    case_id: int
    version: int
    as_of: int
    queue: Queue
    state: CaseState
    owner_id: int | None
    owner: str
    opened_at: int
    closed_at: int | None
    due_at: int | None
    reason: str
    reopened: int
    key: CaseKey
    on_hand: int
    episode: EpisodeFacts | None
    crossing: LedgerRow | None
    closing: LedgerRow | None
    history: BalanceHistory
    ledger: tuple[LedgerRow, ...]
    ledger_before: int
    ledger_after: int
    elsewhere: tuple[OtherStock, ...]
    item_on_hand: int
    item_hidden: bool
    episodes: tuple[EpisodeFacts, ...]
    counts: tuple[CountFacts, ...]
    adjustments: tuple[AdjustmentFacts, ...]
    documents: tuple[OpenDocument, ...]
    reservations: tuple[ReservationFacts, ...]
    money: Money
    events: tuple[EventFacts, ...]
    attachments: tuple[AttachmentFacts, ...]
    evidence: tuple[EvidenceFacts, ...]
    cause: CauseFacts | None
    severity: Severity
    next_step: NextStep
    physical_known: bool
    time_basis: str
    pattern: Pattern | None = None
    forced: LedgerRow | None = None
    self_check: SelfCheckFacts | None = None
    repeat: RepeatFacts | None = None
    diagnosis: Diagnosis | None = None
    verdict: VerdictFacts | None = None
    other_cases: tuple[tuple[int, str, str], ...] = field(default=())  # (case id, queue, state), same key

    @property
    def band(self) -> EpisodeBand | None:
        """The stretch of the history that belongs to the case."""
        opening = self.episode.opening_seq if self.episode is not None else None
        return next((band for band in self.history.episodes if band.opening_movement == opening), None)
