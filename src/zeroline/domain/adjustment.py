"""Adjustments: their kinds and states, what lifts their tier, and the text that is signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zeroline.domain.audit import canonical
from zeroline.domain.cause import CATALOGUE, AdjustmentRight, CauseGroup
from zeroline.domain.errors import DomainError
from zeroline.domain.movement import MovementKind
from zeroline.domain.policy import Flag, Policy, TierVerdict
from zeroline.domain.quantity import SCALE, half_even
from zeroline.domain.stock import StockStatus
from zeroline.domain.tolerance import measure


class AdjustmentKind(StrEnum):
    """What is posted; not why (that is the cause)."""

    COUNT_CORRECTION = "count correction"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"

    @property
    def movement(self) -> MovementKind:
        """The kind of movement it posts."""
        if self is AdjustmentKind.COUNT_CORRECTION:
            return MovementKind.COUNT_CORRECTION
        return MovementKind.ADJUSTMENT


class AdjustmentState(StrEnum):
    """Where an adjustment stands. Posted is never undone, only reversed by another (rule 2)."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    POSTED = "posted"


OPEN = frozenset({AdjustmentState.PROPOSED, AdjustmentState.APPROVED})
"""On its way: a stock key has at most one of these, so that no figure is corrected twice at once."""

LIVE = OPEN | {AdjustmentState.POSTED}
"""What counts towards the cumulated limits (rule 3)."""


class Next(StrEnum):
    """What a cause asks for before, or instead of, an adjustment."""

    ADJUST = "adjust"
    WAIT = "wait for the document"
    RECORD = "make the record"
    FIND = "find the cause"


def next_for(cause: str) -> Next:
    """What is right for a cause: a T cause waits for its document, Z0 is looked into, others adjust.

    RECORD: the missing record (move, receipt, return) comes first, only what still differs is adjusted; a
    count that was taken says what still differs, so going on needs no reason.
    """
    found = CATALOGUE.get(cause)
    if found is None:
        return Next.ADJUST
    if found.group is CauseGroup.TIMING:
        return Next.WAIT
    if found.adjustment_right is AdjustmentRight.NO:
        return Next.FIND
    return Next.RECORD if found.adjustment_right is AdjustmentRight.LATER else Next.ADJUST


NEEDS_REASON = frozenset({Next.WAIT, Next.FIND})
"""Adjusting in spite of these takes a typed reason."""


def flags_of(kind: AdjustmentKind, cause: str, status: str, against: bool) -> frozenset[Flag]:
    """What lifts the tier whatever the size. ``against``: open documents, or a cause that says wait."""
    given = {
        Flag.THEFT: cause == "L4",
        Flag.UNEXPLAINED: cause == "L5",
        Flag.OPEN_DOCUMENTS: against,
        Flag.RESTRICTED_STATUS: status != StockStatus.AVAILABLE,
        Flag.REVERSAL: kind is AdjustmentKind.REVERSAL,
        Flag.NO_COUNT: kind is AdjustmentKind.ADJUSTMENT,
    }
    return frozenset(flag for flag, holds in given.items() if holds)


def percent_of(quantity: int, before: int, after: int) -> int:
    """|quantity| ÷ max(|before|, |after|, 1 unit) in millionths: the measure of rule 5."""
    return half_even(abs(quantity) * SCALE, measure(before, after))


@dataclass(frozen=True, slots=True)
class Cumulated:
    """Σ |value| and Σ |quantity| of a key's live adjustments by one proposer within a day, this included."""

    value: int
    quantity: int


def tier_of(
    policy: Policy, value: int, quantity: int, percent: int, flags: frozenset[Flag], cumulated: Cumulated
) -> TierVerdict:
    """The tier an adjustment needs: the cumulated value and quantity decide, so splitting does not help."""
    together = max(abs(quantity), cumulated.quantity)
    return policy.tier(value, together, percent, flags, cumulated.value)


WAYS = frozenset(
    {
        (AdjustmentState.PROPOSED, AdjustmentState.APPROVED),
        (AdjustmentState.PROPOSED, AdjustmentState.REJECTED),
        (AdjustmentState.PROPOSED, AdjustmentState.WITHDRAWN),
        (AdjustmentState.APPROVED, AdjustmentState.WITHDRAWN),
        (AdjustmentState.APPROVED, AdjustmentState.POSTED),
    }
)


def check_way(here: str, there: AdjustmentState) -> None:
    """DomainError ``adjustment-state`` (state, wanted) unless an adjustment may go from here to there."""
    if (here, there) not in WAYS:
        raise DomainError("adjustment-state", state=here, wanted=there.value)


# --- what is signed ----------------------------------------------------------------------------------

SIGNED = (
    *("number", "kind", "key_id", "case_id", "entry_id", "reversal_of", "quantity", "book_before"),
    *("unit_cost", "value", "arithmetic", "cause", "comment", "tier", "tier_reasons", "policy"),
    *("proposer_id", "investigator_id", "counter_id", "recounter_id", "proposed_at"),
    *("guard", "guard_reason", "wait_reason"),
)
"""Columns of an adjustment that an approver decides on; none of them ever changes."""


def record_hash(record: Mapping[str, Any], evidence: Iterable[tuple[str, int]]) -> str:
    """SHA-256 (hex) over the canonical text of an adjustment's deciding facts and its evidence."""
    facts = {name: record[name] for name in SIGNED} | {"evidence": sorted(map(list, evidence))}
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def shown_hash(record: str, guard: str, renewed: int, tier: int, cumulated: int) -> str:
    """SHA-256 (hex) of what an approver is shown: the record's hash and what may have changed since.

    ``guard`` is the canonical text of the open documents of now, ``renewed`` the quantity the arithmetic
    gives now, ``tier`` and ``cumulated`` those of now. What is on hand moves by itself, changes nothing about
    the decision, and is not in it.
    """
    return hashlib.sha256(canonical([record, guard, renewed, tier, cumulated]).encode()).hexdigest()
