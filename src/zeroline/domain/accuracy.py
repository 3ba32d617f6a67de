"""How right the books were: the accuracy formulas of the domain law, in exact whole numbers.

b book, c counted, d = c − b, v unit cost, over lines of item × location × lot. Shares are whole numbers
with 1,000,000 = 100 %, rounded half to even; None where nothing was counted, for then there is no share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zeroline.domain.quantity import SCALE, half_even, value_of


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A counted line: quantities in micro-units, cost in micro-currency per unit."""

    expected: int
    counted: int
    unit_cost: int
    within: bool  # |d| within tolerance


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures over some lines. ``net`` and ``gross`` are money; always shown side by side."""

    lines: int
    within: int
    record_accuracy: int | None  # IRA = lines within tolerance ÷ lines; +5 and −5 are two misses
    unit_accuracy: int | None  # max(0, 1 − Σ|d| ÷ Σ max(|b|,|c|))
    book_value: int  # Σ b·v
    net_value: int  # Σ d·v
    gross_value: int  # Σ |d|·v
    net_share: int | None  # Σ d·v ÷ Σ b·v
    gross_share: int | None  # Σ |d|·v ÷ Σ |b|·v


def _share(part: int, whole: int) -> int | None:
    return half_even(part * SCALE, whole) if whole > 0 else None


def accuracy(lines: Iterable[CountedLine]) -> Accuracy:
    """Accuracy over lines (product law, 'Formulas'); the net share is None where Σ b·v is not above zero."""
    count = within = deviation = largest = book = gross_book = net = gross = 0
    for line in lines:
        difference = line.counted - line.expected
        count += 1
        within += line.within
        deviation += abs(difference)
        largest += max(abs(line.expected), abs(line.counted))
        book += value_of(line.expected, line.unit_cost)
        gross_book += value_of(abs(line.expected), line.unit_cost)
        net += value_of(difference, line.unit_cost)
        gross += value_of(abs(difference), line.unit_cost)
    unit = None
    if count:
        unit = max(0, SCALE - half_even(deviation * SCALE, largest)) if largest else SCALE
    return Accuracy(
        lines=count,
        within=within,
        record_accuracy=_share(within, count),
        unit_accuracy=unit,
        book_value=book,
        net_value=net,
        gross_value=gross,
        net_share=_share(net, book),
        gross_share=_share(gross, gross_book),
    )
