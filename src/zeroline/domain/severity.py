"""How much a case hurts: its level, the reason for it, and the order of a queue.

Levels, first match wins (what the queues of the domain law call 'severity first'):

high:   below zero, and an order needs the stock · or it is worth HIGH_VALUE_DAYS · or it is HIGH_AGE old;
medium: below zero otherwise, a self-check difference, a movement forced below zero;
low:    nothing is missing now: transient, back above zero, or only repeating.

Within a level the value-days decide, then the age.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.quantity import SCALE

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

HIGH_VALUE_DAYS = 500 * SCALE
HIGH_AGE = 7 * DAY

_STEP = 10**17  # room for a level's own order below the next level
_FIT = 2**62
_END = 2**63 - 1


class Level(StrEnum):
    """How soon somebody must look; policy's ``due_hours`` gives the hours by this word."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


LEVELS = (Level.LOW, Level.MEDIUM, Level.HIGH)
"""By rank, the least first."""


class Reason(StrEnum):
    """Why a level was given; the facts are quoted beside it."""

    ORDERS_AT_RISK = "orders-at-risk"
    VALUE_DAYS = "value-days"
    AGE = "age"
    ABOVE_ZERO = "above-zero"
    TRANSIENT = "transient"
    DIFFERENCE = "difference"
    REPEATS = "repeats"
    FORCED = "forced"


REASONS = tuple(Reason)


class Severity(NamedTuple):
    """Level, the code of its reason, the facts that the reason quotes, and the number that sorts."""

    level: Level
    reason: Reason
    facts: Mapping[str, Any] = MappingProxyType({})
    score: int = 0


class Severities(NamedTuple):
    """Of n cases: ``rank`` int64 position in LEVELS, ``reason`` int32 position in REASONS, ``score``."""

    rank: Ints
    reason: NDArray[np.int32]
    score: Ints


def severities(below: Flags, orders: Ints, value_days: Ints, age: Ints, otherwise: Reason) -> Severities:
    """Severity of n cases; all arrays have length n.

    ``below``: the book is below zero now · ``orders``: how many reservations and order lines need the stock ·
    ``value_days`` micro-currency-days · ``age`` µs below zero. ``otherwise`` is the reason of those that
    are not below zero: DIFFERENCE and FORCED are medium, the others low.
    """
    at_risk = below & (orders > 0)
    dear = below & (value_days >= HIGH_VALUE_DAYS)
    old = below & (age >= HIGH_AGE)
    floor = 1 if otherwise in (Reason.DIFFERENCE, Reason.FORCED) else 0
    rank = np.select([at_risk | dear | old, below], [2, 1], floor).astype(np.int64)
    reason = np.select(
        [at_risk, dear, below],
        [REASONS.index(Reason.ORDERS_AT_RISK), REASONS.index(Reason.VALUE_DAYS), REASONS.index(Reason.AGE)],
        REASONS.index(otherwise),
    ).astype(np.int32)
    # value-days down to a hundredth of a currency-day, then hours of age
    worth = np.clip(value_days // (SCALE // 100), 0, 10**11 - 1)
    hours = np.clip(age // HOUR, 0, 10**6 - 1)
    return Severities(rank, reason, rank * _STEP + worth * 10**6 + hours)


def values_of(quantity: Ints, unit_cost: Ints) -> Ints:
    """Money in micro-currency of n quantities in micro-units at n unit costs, each half to even.

    Also value-days from unit-days. What leaves int64 stays at its end: these rank and show, they book
    nothing.
    """
    if not len(quantity):
        return np.zeros(0, np.int64)
    largest = max(-int(quantity.min()), int(quantity.max())) * int(unit_cost.max())
    if largest >= _FIT:
        pairs = zip(quantity.tolist(), unit_cost.tolist(), strict=True)
        return np.array([_kept(_rounded(units * cost, SCALE)) for units, cost in pairs], dtype=np.int64)
    whole, rest = np.divmod(quantity * unit_cost, SCALE)
    up = (2 * rest > SCALE) | ((2 * rest == SCALE) & (whole & 1 == 1))
    rounded: Ints = whole + up
    return rounded


def grown_unit_days(unit_days: Ints, on_hand: Ints, measured_to: Ints, as_of: int) -> Ints:
    """Unit-days of n open episodes measured on to ``as_of`` while the balances ``on_hand`` hold.

    Micro-units and µs; an episode measured beyond ``as_of`` keeps what it has. Half to even; what leaves
    int64 stays at its end.
    """
    elapsed = np.maximum(as_of - measured_to, 0)
    short = np.maximum(-on_hand, 0)
    if len(short) and int(short.max()) * int(elapsed.max()) >= _FIT:
        each = zip(unit_days.tolist(), short.tolist(), elapsed.tolist(), strict=True)
        sums = (had + _rounded(units * time, DAY) for had, units, time in each)
        return np.array([_kept(total) for total in sums], dtype=np.int64)
    whole, rest = np.divmod(short * elapsed, DAY)
    up = (2 * rest > DAY) | ((2 * rest == DAY) & (whole & 1 == 1))
    grown: Ints = unit_days + whole + up
    return grown


def _kept(number: int) -> int:
    return max(-_END, min(number, _END))


def _rounded(numerator: int, denominator: int) -> int:
    """Half to even, without the fraction in between: this is the hot path of large products."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole & 1 == 1))
