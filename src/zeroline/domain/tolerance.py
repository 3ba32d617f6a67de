"""How far a count may stand from the book and still be accepted (rule 5), safe at and below zero."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.errors import DomainError
from zeroline.domain.quantity import SCALE, half_even

UNIT = SCALE
"""One base unit in micro-units: the least that a variance is measured against."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Limits for |variance|; None is 'not set'. Every limit that is set must hold; none set: nothing passes.

    ``percent`` in millionths (1 % = 10,000), ``quantity`` micro-units, ``value`` micro-currency.
    Raises DomainError ``policy-limit-negative`` for a limit below zero.
    """

    percent: int | None = None
    quantity: int | None = None
    value: int | None = None

    def __post_init__(self) -> None:
        if any(limit is not None and limit < 0 for limit in (self.percent, self.quantity, self.value)):
            raise DomainError("policy-limit-negative")


NOTHING_PASSES = Tolerance()
"""What holds where policy sets no tolerance at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a line is within tolerance, and the limits that held and failed.

    Limits are named ``percent``, ``quantity``, ``value``; ``failed`` is ``("no limit",)`` where none is set.
    A variance of zero passes with both empty: there is nothing to tolerate.
    """

    passes: bool
    held: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def facts(self) -> dict[str, object]:
        """The same as plain data for the record of the count."""
        return {"passes": self.passes, "held": list(self.held), "failed": list(self.failed)}


def measure(book: int, counted: int) -> int:
    """What a variance is a share of: max(|book|, |counted|, 1 unit), micro-units (rule 5)."""
    return max(abs(book), abs(counted), UNIT)


def variance_percent(book: int, counted: int) -> int:
    """|counted − book| ÷ max(|book|, |counted|, 1 unit) in millionths, rounded half to even, for showing."""
    return half_even(abs(counted - book) * SCALE, measure(book, counted))


def percentage_applies(book: int, counted: int) -> bool:
    """False where a percentage means nothing: the book is negative, or zero with something counted."""
    return book > 0 or (book == 0 and counted == 0)


def judge(book: int, counted: int, unit_cost: int, tolerance: Tolerance) -> Verdict:
    """Rule 5 for one line: ``book`` and ``counted`` in micro-units, ``unit_cost`` in micro-currency a unit.

    Compared exactly, never through the rounded percentage or the rounded value.
    """
    distance = abs(counted - book)
    if distance == 0:
        return Verdict(True)
    limits: dict[str, bool] = {}
    if tolerance.percent is not None:
        limits["percent"] = percentage_applies(
            book, counted
        ) and distance * SCALE <= tolerance.percent * measure(book, counted)
    if tolerance.quantity is not None:
        limits["quantity"] = distance <= tolerance.quantity
    if tolerance.value is not None:
        limits["value"] = distance * unit_cost <= tolerance.value * SCALE
    if not limits:
        return Verdict(False, failed=("no limit",))
    held = tuple(name for name, holds in limits.items() if holds)
    failed = tuple(name for name, holds in limits.items() if not holds)
    return Verdict(not failed, held, failed)
