"""Counting: what a typed entry makes, what was expected, and which count stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zeroline.domain.errors import DomainError
from zeroline.domain.quantity import LARGEST, MINUS, parse, to_base
from zeroline.domain.stock import Unit
from zeroline.domain.tolerance import Tolerance, judge, percentage_applies, variance_percent

LONGEST = 80
"""Characters an entry may have: a scan into the wrong field is refused, not summed."""


class SheetState(StrEnum):
    """Where a count sheet stands; RECOUNT: submitted, but some lines wait for another person."""

    OPEN = "open"
    RECOUNT = "recount"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """Where a line stands. A line that was not counted stays visible as such (rule 8)."""

    TO_COUNT = "to count"
    RECOUNT = "recount"
    HANDED_IN = "handed in"  # counted, and not yet compared with the book by who may see it
    ACCEPTED = "accepted"
    VARIANCE = "variance"
    NOT_COUNTED = "not counted"


COUNTABLE = frozenset({LineState.TO_COUNT, LineState.RECOUNT})


class SheetOrigin(StrEnum):
    """What a sheet was made from."""

    CASES = "cases"
    FILTER = "filter"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One summand: ``entered`` micro-units of ``unit`` make ``quantity`` base micro-units."""

    entered: int
    unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A typed count: its total in base micro-units, and its parts."""

    quantity: int
    parts: tuple[EntryPart, ...]


_PART = re.compile(r"([0-9][0-9.,'\u2019 \u00a0\u202f]*|[.,][0-9]+)([^0-9.,\s].*)?", re.DOTALL)


def parse_entry(
    text: str, base_unit: str, units: Sequence[Unit] = (), decimal: str = ".", thousands: str = ""
) -> Entry:
    """What a counter typed: ``12``, ``2,5`` (decimal ``,``), ``3cs+4``: parts joined by ``+``.

    A part without a unit is in base units; unit codes are matched whatever their case. A thousands mark is
    taken only between groups of three digits, so that ``2,5`` never becomes 25. Raises DomainError
    ``count-empty``, ``count-negative`` (any minus, U+2212 too: a shelf cannot hold less than nothing),
    ``count-unreadable``, ``count-unit-unknown`` (fact ``units``), ``quantity-decimals`` or
    ``quantity-too-large``, all with field ``entry``.
    """
    written = text.strip()
    if not written:
        raise DomainError("count-empty", field="entry")
    if len(written) > LONGEST:
        raise DomainError("count-unreadable", field="entry", value=written[:40] + "…")
    if "-" in written or MINUS in written:
        raise DomainError("count-negative", field="entry", value=written)
    known = {base_unit: Unit(base_unit)} | {unit.code: unit for unit in units}
    parts = tuple(
        _part(part.strip(), written, known, base_unit, decimal, thousands) for part in written.split("+")
    )
    quantity = sum(part.quantity for part in parts)
    if quantity > LARGEST:
        raise DomainError("quantity-too-large", field="entry", value=written)
    return Entry(quantity, parts)


def _part(
    part: str, written: str, known: dict[str, Unit], base_unit: str, decimal: str, thousands: str
) -> EntryPart:
    match = _PART.fullmatch(part)
    if match is None or not part.isprintable():
        raise DomainError("count-unreadable", field="entry", value=written)
    number, code = match[1].strip(), (match[2] or base_unit).strip()
    unit = known.get(code) or next((u for u in known.values() if u.code.casefold() == code.casefold()), None)
    if unit is None:
        raise DomainError("count-unit-unknown", field="entry", unit=code[:20], units=tuple(sorted(known)))
    try:
        entered = parse(_without_groups(number, decimal, thousands), decimal)
        return EntryPart(entered, unit.code, to_base(entered, unit.numerator, unit.denominator))
    except DomainError as error:
        code_ = "count-unreadable" if error.code == "quantity-unreadable" else error.code
        raise DomainError(code_, field="entry", value=written) from error


def _without_groups(number: str, decimal: str, thousands: str) -> str:
    """The number without its thousands marks; as it is where they do not stand between threes."""
    marks = "".join(re.escape(mark) for mark in thousands)
    if marks and re.fullmatch(rf"\d{{1,3}}([{marks}]\d{{3}})+({re.escape(decimal)}\d*)?", number):
        return re.sub(f"[{marks}]", "", number)
    return number


# --- what was expected (rule 6) ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """As much of a movement as a count needs. ``own``: Zeroline posted it, as a correction."""

    seq: int
    quantity: int
    occurred_at: int
    recorded_at: int
    correction: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Rolled:
    """A count rolled forward: ``expected`` = book + late; ``since`` is what moved after the count.

    ``late_rows`` are (row, signed contribution, why) with why ``recorded-later``, ``arrived-later`` or
    ``posted-ahead``; ``since_rows`` the movements after the count in ledger order.
    """

    book: int
    late: int
    since: int
    late_rows: tuple[tuple[LedgerRow, int, str], ...]
    since_rows: tuple[LedgerRow, ...]

    @property
    def expected(self) -> int:
        """What the shelf should have held at the instant of the count."""
        return self.book + self.late


def roll_forward(book: int, book_seq: int, counted_at: int, rows: Iterable[LedgerRow]) -> Rolled:
    """The expectation of a count at ``counted_at``, from what is known of the ledger now (rule 6).

    ``book`` is the balance in book order at that instant and ``book_seq`` the highest sequence in it.
    ``rows`` must hold at least every movement of the key that was recorded or happened after
    ``counted_at``, or has a sequence above ``book_seq``; others do no harm.

    Physical truth decides: what happened up to and including the instant of the count belongs to the
    expectation, whenever it was recorded; what happened after does not, even where it was recorded before
    (posted ahead). So book + late is always the sum of everything that happened by then, and counted +
    since is what the shelf holds now.
    """
    late_rows: list[tuple[LedgerRow, int, str]] = []
    since_rows: list[LedgerRow] = []
    for row in sorted(rows, key=lambda row: row.seq):
        in_book = row.recorded_at <= counted_at and row.seq <= book_seq
        if row.occurred_at > counted_at:
            since_rows.append(row)
            if in_book:
                late_rows.append((row, -row.quantity, "posted-ahead"))
        elif not in_book:
            why = "recorded-later" if row.recorded_at > counted_at else "arrived-later"
            late_rows.append((row, row.quantity, why))
    return Rolled(
        book,
        sum(quantity for _, quantity, _ in late_rows),
        sum(row.quantity for row in since_rows),
        tuple(late_rows),
        tuple(since_rows),
    )


def variance(counted: int, expected: int) -> int:
    """Counted − expected: above zero there was more than the book knew."""
    return counted - expected


# --- is it within tolerance (rule 5) -----------------------------------------------------------------


def judgement(book: int, late: int, counted: int, unit_cost: int, tolerance: Tolerance) -> dict[str, Any]:
    """How a count was judged, as the plain data that is kept with it.

    Judged against the expectation book + ``late``. Where the book itself was below zero, no percentage
    passes even if late movements lift the expectation (rule 5). Keys: ``within``, ``percent`` (millionths),
    ``unit_cost``, ``held`` and ``reasons``: for each limit that failed ``{"code": …, "facts": {…}}`` with
    code ``tolerance-percent``, ``tolerance-quantity``, ``tolerance-value``, ``tolerance-below-zero`` (a
    percentage is set but means nothing here) or ``tolerance-none``.
    """
    expected = book + late
    verdict = judge(expected, counted, unit_cost, tolerance)
    failed, held = list(verdict.failed), list(verdict.held)
    if book < 0 and "percent" in held:
        held.remove("percent")
        failed.insert(0, "percent")
    below = not percentage_applies(min(book, expected), counted)
    limits = {"percent": tolerance.percent, "quantity": tolerance.quantity, "value": tolerance.value}
    reasons: list[dict[str, Any]] = []
    for name in failed:
        if name == "percent" and below:
            reasons.append({"code": "tolerance-below-zero", "facts": {}})
        elif name in limits:
            reasons.append({"code": f"tolerance-{name}", "facts": {f"limit_{name}": limits[name]}})
        else:
            reasons.append({"code": "tolerance-none", "facts": {}})
    return {
        "within": not failed,
        "percent": variance_percent(expected, counted),
        "unit_cost": unit_cost,
        "held": held,
        "reasons": reasons,
    }


# --- which count stands (rule 3) ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """One count of a line, judged: its variance and whether that is within tolerance."""

    variance: int
    within: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a line stands after its counts. ``final`` is the index of the count that stands, or None;
    ``agreed``: another count found the same variance."""

    state: LineState
    final: int | None
    agreed: bool = False


def standing(counts: Sequence[Judged]) -> Standing:
    """Which of a line's counts, oldest first, stands.

    The first stands when it is within tolerance; otherwise somebody else must recount. From the second on,
    the newest count that agrees with another in its variance stands, and where none agree the newest: a
    recount by another person outweighs the first count. Variances are compared, not quantities, because
    stock may have moved between the counts.
    """
    if not counts:
        return Standing(LineState.TO_COUNT, None)
    if len(counts) == 1:
        return Standing(LineState.ACCEPTED, 0) if counts[0].within else Standing(LineState.RECOUNT, None)
    found = [judged.variance for judged in counts]
    agreeing = [index for index, amount in enumerate(found) if found.count(amount) > 1]
    final = agreeing[-1] if agreeing else len(counts) - 1
    state = LineState.ACCEPTED if counts[final].within else LineState.VARIANCE
    return Standing(state, final, bool(agreeing))


# --- when a key is due (policy: counts a year by ABC class) ------------------------------------------

YEAR = 365 * 86_400 * 1_000_000


def due_at(last_counted_at: int | None, counts_per_year: int) -> int | None:
    """When a key is due again; 0 (at once) when it was never counted, None when policy asks for none."""
    if counts_per_year <= 0:
        return None
    if last_counted_at is None:
        return 0
    return last_counted_at + YEAR // counts_per_year
