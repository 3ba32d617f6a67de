"""What several fingerprints look for: late rows, rows twice, reversals, odd sizes, stock lying elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from math import log
from typing import Any, TypeVar

from zeroline.domain.diagnosis.hypothesis import Evidence, EvidenceKind
from zeroline.domain.diagnosis.neighbourhood import CORRECTIONS, Line, Neighbourhood, Row, Stock
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE

T = TypeVar("T")


def noted(look: Callable[[Neighbourhood], T]) -> Callable[[Neighbourhood], T]:
    """Look once: several fingerprints ask for the same trace of one neighbourhood."""
    name = f"_noted_{look.__name__}"

    @wraps(look)
    def once(n: Neighbourhood) -> T:
        kept = n.__dict__
        if name not in kept:
            kept[name] = look(n)
        return kept[name]  # type: ignore[no-any-return]

    return once


# --- evidence


def movement(row: Row, code: str, **facts: Any) -> Evidence:
    """A movement as evidence."""
    told = {
        "kind": row.kind,
        "quantity": row.quantity,
        "document": row.document,
        "user": row.user,
        "source": row.source,
        "occurred_at": row.occurred,
        "recorded_at": row.recorded,
    }
    return Evidence(EvidenceKind.MOVEMENT, row.seq, row.reference, code, told | facts)


def document(line: Line, code: str, **facts: Any) -> Evidence:
    """A document line as evidence."""
    told = {
        "kind": line.kind,
        "document": line.number,
        "line": line.line,
        "item": line.item_code,
        "ordered_quantity": line.quantity,
        "done_quantity": line.done,
        "due_at": line.due,
        "partner": line.partner,
    }
    return Evidence(EvidenceKind.DOCUMENT, line.id, line.number, code, told | facts)


def stock(other: Stock, code: str, **facts: Any) -> Evidence:
    """Another stock key as evidence."""
    told = {
        "item": other.item_code,
        "location": other.location,
        "lot": other.lot,
        "status": other.status,
    }
    return Evidence(EvidenceKind.STOCK, other.key, other.location, code, told | facts)


# --- quantities


def fit(n: Neighbourhood, explained: int) -> float:
    """How well a quantity fits what is missing, as a logarithm: an exact hit on a count's word is rare by
    chance, the rarer the larger it is; nearly a hit is one where small things went wrong besides; less than
    what is missing explains a part only."""
    missing = n.missing
    if not explained or (explained > 0) != (missing > 0):
        return -6.0
    size, wanted = abs(explained), abs(missing)
    if n.exact:
        if size == wanted:
            return 1.2 if wanted <= 3 * SCALE else 2.2 if wanted <= 12 * SCALE else 2.8
        if abs(size - wanted) * 7 <= wanted:
            return -0.4
        return -1.2 if 0.5 <= size / wanted <= 2 else -2.2
    if n.floor:
        if size == n.floor:
            return 0.8 if size <= 3 * SCALE else 1.4
        return -0.6 if size >= wanted else max(-4.0, -1.2 + 1.5 * log(size / wanted))
    if size >= wanted:
        return 0.4 if size == wanted else 0.1 if size <= 6 * wanted else -0.3
    return max(-4.0, -1.0 + 1.5 * log(size / wanted))


def alone(n: Neighbourhood, explained: int) -> bool:
    """Whether it accounts for all that is missing."""
    return abs(explained) >= abs(n.missing) and (explained > 0) == (n.missing > 0)


# --- time


@noted
def late_rows(n: Neighbourhood) -> tuple[Row, ...]:
    """Incoming rows that had happened when the stock was taken but were recorded after it."""
    crossing = n.crossing
    if crossing is None or not n.low:
        return ()
    taken = crossing.occurred if crossing.timed else crossing.recorded
    return tuple(
        row
        for row in n.after
        if row.quantity > 0 and row.kind not in CORRECTIONS and row.timed and row.occurred <= taken
    )


def gap(n: Neighbourhood, row: Row) -> int:
    """µs from the crossing being recorded to this row being recorded."""
    return row.recorded - (n.crossing.recorded if n.crossing is not None else n.subject.at)


@noted
def held_back(n: Neighbourhood) -> tuple[Row, ...]:
    """Companions of the late rows that one source held back with them: other documents, recorded in the same
    burst, much later than the source usually is."""
    best: tuple[Row, ...] = ()
    for row in late_rows(n):
        around = n.companions.get(row.seq, ())
        slow = max(20 * MINUTE, 3 * n.usual_lag(row), n.long_lag(row))
        if row.lag < slow:
            continue
        held = tuple(
            other
            for other in around
            if other.seq != row.seq
            and other.document != row.document
            and other.timed
            and other.lag >= min(slow, row.lag // 3)
            and abs(other.recorded - row.recorded) <= HOUR
        )
        near = sum(
            1
            for other in around
            if other.document != row.document and abs(other.recorded - row.recorded) <= HOUR
        )
        if len({other.document for other in held}) > len({other.document for other in best}) and (
            len(held) * 2 >= near
        ):
            best = held
    return best


@noted
def reversals(n: Neighbourhood) -> tuple[tuple[Row, Row], ...]:
    """(booked, taken back) pairs of the key under one document: same kind and size, opposite signs."""
    found = []
    seen: dict[tuple[str, str, int], list[Row]] = {}
    for row in n.here.rows:
        if not row.document or row.kind in CORRECTIONS:
            continue
        opposite = seen.get((row.document, row.kind, -row.quantity))
        if opposite:
            found.append((opposite.pop(), row))
        else:
            seen.setdefault((row.document, row.kind, row.quantity), []).append(row)
    return tuple(found)


def came_for_both(n: Neighbourhood, booked: Row, taken: Row) -> bool:
    """Whether the dock received enough for a booking and for what looks like its reversal: then the second
    is another delivery with the wrong sign, not the first one taken back."""
    if booked.kind != Kind.PUTAWAY:
        return False
    came = sum(
        row.quantity
        for row in n.papers.get(taken.document, ())
        if row.kind == Kind.RECEIPT and row.item == taken.item and row.recorded <= taken.recorded
    )
    return came >= booked.quantity - taken.quantity


def booked_twice(n: Neighbourhood, booked: Row, taken: Row) -> Row | None:
    """Another booking of the same document, line and size, which taking one back left standing."""
    return next(
        (
            row
            for row in n.here.rows
            if row.seq != booked.seq
            and row.recorded < taken.recorded
            and row.kind == booked.kind
            and row.document == booked.document
            and row.line == booked.line
            and row.quantity == booked.quantity
            and abs(row.recorded - booked.recorded) <= 10 * DAY
        ),
        None,
    )


# --- twice


@dataclass(frozen=True, slots=True)
class Twin:
    """A row and its second booking. ``same_instant``: both claim to have happened at the very same time.

    ``habit``: the share of rows of this kind that repeat one of their document at another time anyway, as
    parts of one order that are reported as they are done.
    """

    first: Row
    second: Row
    same_instant: bool
    habit: float = 0.0

    @property
    def doubt(self) -> float:
        """How much weaker it is as a trace where rows repeat by habit."""
        return 0.0 if self.same_instant else min(4.0, 12 * self.habit)


@noted
def repeats(n: Neighbourhood) -> dict[str, float]:
    """By kind: share of the item's rows that repeat place, document, line and size of one at another time."""
    seen: dict[tuple[str, str, str, int, int], int] = {}
    rows: dict[str, list[int]] = {}
    for row in n.all_rows:
        name = (row.kind, row.document, row.line, row.key, row.quantity)
        again = bool(row.document) and name in seen and seen[name] != row.occurred
        seen.setdefault(name, row.occurred)
        of_kind = rows.setdefault(row.kind, [0, 0])
        of_kind[0] += 1
        of_kind[1] += again
    return {kind: max(0, again - 1) / count for kind, (count, again) in rows.items()}


@noted
def twins(n: Neighbourhood) -> tuple[Twin, ...]:
    """Rows of the key that were booked twice before the shortage showed (or within it)."""
    last = n.inside[-1].recorded if n.inside else n.subject.at
    found: list[Twin] = []
    seen: dict[tuple[str, str, str, int], list[Row]] = {}
    undone = {row.seq for pair in reversals(n) for row in pair}
    for row in n.here.rows[max(0, n.trusted - 1) :]:
        if row.recorded > last:
            break
        if row.kind in CORRECTIONS or row.kind == Kind.OPENING or row.seq in undone:
            continue
        name = (row.document, row.line, row.kind, row.quantity)
        before = seen.setdefault(name, [])
        if before:
            at_once = (one for one in reversed(before) if row.timed and one.occurred == row.occurred)
            earlier = next(at_once, before[-1])
            same = row.timed and row.occurred == earlier.occurred
            apart = row.recorded - earlier.recorded
            if (row.document or same) and (same or apart <= 3 * DAY) and apart <= 10 * DAY:
                found.append(Twin(earlier, row, same, repeats(n).get(row.kind, 0.0)))
        before.append(row)
    return tuple(found)


# --- sizes


def factors(n: Neighbourhood) -> tuple[Fraction, ...]:
    """What one of the item's larger units holds, in base units; above 1."""
    return tuple(sorted({factor for factor in n.units.values() if factor > 1}))


def for_production(n: Neighbourhood) -> bool:
    """Whether production took what was not there."""
    return n.crossing is not None and n.crossing.kind == Kind.COMPONENT_ISSUE


def outgoing(row: Row) -> bool:
    """Whether it takes stock away, other than by a correction."""
    return row.quantity < 0 and row.kind not in CORRECTIONS


@noted
def suspects(n: Neighbourhood) -> tuple[Row, ...]:
    """Outgoing rows that may have taken too much: those of the shortage first, then the ones before it."""
    inside = [row for row in n.inside if outgoing(row)]
    known = {row.seq for row in inside}
    earlier = [row for row in reversed(n.since_count[-60:]) if outgoing(row) and row.seq not in known]
    return tuple(inside + earlier)


def share_below(n: Neighbourhood, row: Row) -> float:
    """How far this row's size stands out among rows of its kind: size ÷ the 90th percentile of the others;
    0 where there are too few to say."""
    sizes = n.usual_sizes.get(row.kind, ())
    if len(sizes) < 6:
        return 0.0
    upper = sizes[min(len(sizes) - 2, len(sizes) * 9 // 10)]
    return abs(row.quantity) / upper if upper else 0.0


# --- counts


@dataclass(frozen=True, slots=True)
class WrongCount:
    """A correction that took stock from the book which was on the shelf: expected and counted micro-units."""

    row: Row
    expected: int
    counted: int


QUIET = 30
"""Rows: what was booked or counted longer ago still tells where the place has moved so little since."""


def nearly(n: Neighbourhood, explained: int) -> bool:
    """Whether a count found just this, or but for a twentieth: other small things go wrong in between."""
    return n.exact and abs(explained - n.missing) * 20 <= abs(n.missing)


@noted
def wrong_counts(n: Neighbourhood) -> tuple[WrongCount, ...]:
    """Corrections before the crossing without which the book would not have gone below zero; newest first."""
    if not n.is_episode:
        return ()
    found = []
    balances = n.here.balances
    for place in range(n.crossing_place, -1, -1):
        row = n.here.rows[place]
        quiet = place >= n.crossing_place - QUIET
        if n.subject.at - row.recorded > 60 * DAY and not quiet and not nearly(n, -row.quantity):
            continue
        if row.kind in CORRECTIONS and row.quantity < 0 and -row.quantity >= -n.subject.depth:
            counted = balances[place]
            found.append(WrongCount(row, counted - row.quantity, counted))
    return tuple(found)


# --- beside late rows


def went_on(n: Neighbourhood, row: Row) -> int:
    """How many documents the source of a late row recorded as usual while this one was waiting."""
    slow = max(20 * MINUTE, n.long_lag(row))
    return len(
        {
            other.document
            for other in n.companions.get(row.seq, ())
            if row.occurred + slow < other.recorded < row.recorded - 10 * MINUTE
            and other.lag <= slow
            and other.document != row.document
        }
    )
