"""The item's stock at other keys when it was missed here: what may have been meant for this one."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood, Row, Stock
from zeroline.domain.diagnosis.traces import noted
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind


class Stray(NamedTuple):
    """Stock of the item that came in somewhere else and still lay there when it was missed here.

    ``lies``: what still lay there at the crossing. ``new``: that place never had the item before.
    ``taken_back``: a later row that took just that away again.
    """

    other: Stock
    row: Row
    lies: int
    new: bool
    untouched: bool
    taken_back: Row | None


@noted
def strays(n: Neighbourhood) -> tuple[Stray, ...]:
    """Incoming rows at the item's other keys that may have been meant for this one, newest first."""
    at, least = n.subject.at, abs(n.subject.depth)
    first = at - 120 * DAY
    if n.trusted:
        first = max(first, n.here.rows[n.trusted - 1].recorded)
    found: list[Stray] = []
    brought = {(row.document, row.quantity) for row in n.here.rows if row.quantity > 0 and row.document}
    takes = n.corrected or any("transfer" in kind for kind in n.kinds)
    for other, end in zip(n.others, ends(n), strict=True):
        rows, balances, taking = other.rows, other.balances, other.taking if takes else ()
        low, of_other = balances[end - 1] if end else 0, []
        taken = sum([row.quantity < 0 for row in rows[end:]])
        for place in range(end - 1, -1, -1):
            row = rows[place]
            if balances[place] < low:
                low = balances[place]
            quantity = row.quantity
            if quantity <= 0:
                taken += quantity < 0
                continue
            if row.recorded < first:
                break
            if (low < quantity and low < least and not taking) or row.kind not in BROUGHT_IN:
                continue
            back = _taken_back(taking, place, row, brought) if taking else None
            lowest = low
            if back is not None and back.recorded <= at:
                until = [
                    b
                    for r, b in zip(rows[place + 1 : end], balances[place + 1 : end], strict=True)
                    if r.recorded < back.recorded
                ]
                lowest = min([balances[place], *until])
            if lowest < quantity and lowest < least:
                continue
            lies = lowest if lowest < quantity else quantity
            untouched = taken == (back is not None)
            of_other.append(Stray(other, row, lies, place == 0 and other.begins, untouched, back))
        found += reversed(of_other)
    found.sort(key=lambda stray: -stray.row.recorded)
    return tuple(found)


@noted
def ends(n: Neighbourhood) -> tuple[int, ...]:
    """How many rows of each of the item's other keys were recorded until it was missed here."""
    at = n.subject.at
    found = []
    for other in n.others:
        rows = other.rows
        end = len(rows)
        while end and rows[end - 1].recorded > at:
            end -= 1
        found.append(end)
    return tuple(found)


def _taken_back(
    taking: Iterable[tuple[int, Row]], place: int, row: Row, brought: Container[tuple[str, int]]
) -> Row | None:
    """A later row that took away just what a row brought, not to bring it here."""
    quantity = row.quantity
    return next(
        (
            r
            for p, r in taking
            if p > place and r.quantity == -quantity and (r.document, quantity) not in brought
        ),
        None,
    )


def elsewhere(n: Neighbourhood, *, empty: bool = False) -> tuple[tuple[Stock, int], ...]:
    """The item's other keys of the same lot and status with stock when it was missed here, fullest first;
    with ``empty`` also those the book had nothing of by then."""
    found = _same_stock(n)
    return found if empty else tuple(pair for pair in found if pair[1] > 0)


def found_right(n: Neighbourhood, other: Stock) -> bool:
    """Whether the first count of another key since the crossing found just what its book had: nothing of what
    is missing here lies there or was taken from there."""
    first = next((row for row in other.corrections if row.recorded > n.subject.at), None)
    counts = [c for c in n.counts if c.key == other.key and c.at > n.subject.at]
    own = min(counts, key=lambda count: count.at, default=None)
    if own is not None and (first is None or own.at < first.recorded):
        return own.counted == own.expected
    return first is not None and first.kind == Kind.COUNT_CORRECTION and not first.quantity


@noted
def _same_stock(n: Neighbourhood) -> tuple[tuple[Stock, int], ...]:
    here = n.here
    counted = n.corrected or bool(n.counts)
    found = [
        (other, other.balances[end - 1] if end else other.before)
        for other, end in zip(n.others, ends(n), strict=True)
        if other.lot == here.lot
        and other.status == here.status
        and other.site == here.site
        and other.location != here.location
        and other.spot == here.spot
        and not (counted and found_right(n, other))
    ]
    return tuple(sorted(found, key=lambda pair: -pair[1]))


def least_left(n: Neighbourhood, other: Stock, lies: int) -> int:
    """What the book of another key never fell below after the crossing until it was corrected, or ``lies``,
    from where it began, if that is less; micro-units."""
    low, at = lies, n.subject.at
    for place in range(len(other.rows) - 1, -1, -1):
        row = other.rows[place]
        if row.recorded <= at:
            break
        if row.kind in CORRECTIONS:
            low = lies
        elif other.balances[place] < low:
            low = other.balances[place]
    return low


def mirrored(n: Neighbourhood, other: Stock) -> Row | None:
    """A correction at another key that took away just what was missing here; where only the depth of an
    episode is known, that much or somewhat more."""
    if not n.corrected:
        return None
    most = n.missing if n.exact else 2 * n.missing
    return next(
        (
            row
            for row in other.corrections
            if n.missing <= -row.quantity <= most and row.recorded >= n.subject.at - 20 * DAY
        ),
        None,
    )
