"""S: the systems themselves: a wrong sign, a message twice, a check forced, a balance carried over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from math import log

from zeroline.domain.diagnosis.bills import all_shifted, used_a_piece
from zeroline.domain.diagnosis.company import brought_too_much, lone_legs, lost_too, tenfold_too
from zeroline.domain.diagnosis.fingerprints.picking import planned_bin
from zeroline.domain.diagnosis.fingerprints.shipping import doubled
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, Neighbourhood, Row
from zeroline.domain.diagnosis.papers import order_gaps, paper_gaps
from zeroline.domain.diagnosis.traces import (
    came_for_both,
    document,
    fit,
    late_rows,
    movement,
    outgoing,
    reversals,
    twins,
)
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def _wrong_sign(n: Neighbourhood, row: Row) -> bool:
    """A document that brings stock took it, and nothing it could take back was booked before."""
    if row.quantity >= 0 or row.kind not in BROUGHT_IN:
        return False
    booked = next((b for b, taken in reversals(n) if taken is row), None)
    if booked is not None and came_for_both(n, booked, row) is False:
        return False
    if row.kind == Kind.PUTAWAY:
        if _back_to_the_dock(n, row):
            return True
        paper = [r for r in n.papers.get(row.document, ()) if r.item == row.item and r.kind == row.kind]
        usual = [r.quantity < 0 for r in n.here.rows if r.kind == row.kind and r.seq != row.seq]
        whole = any(r.quantity == -row.quantity for r in paper if r.seq != row.seq)
        return not any(usual) if whole and len(usual) >= 2 else not whole and sum(usual) * 2 <= len(usual)
    return True


def _back_to_the_dock(n: Neighbourhood, row: Row) -> bool:
    """Whether a putaway takes from a shelf, and brings it to the very place where it had come in."""
    paper = [r for r in n.papers.get(row.document, ()) if r.item == row.item and r.quantity > 0]
    dock = {r.key for r in paper if r.kind == Kind.RECEIPT and r.recorded <= row.recorded} - {row.key}
    return any(r.key in dock and r.kind == row.kind and r.quantity == -row.quantity for r in paper)


def defect(n: Neighbourhood) -> Iterator[Finding]:
    """S1: an interface sent a wrong sign: a receipt that takes stock away."""
    yield from _shifted(n)
    yield from _picks_shifted(n)
    yield from _issues_shifted(n)
    yield from _legs_lost(n)
    yield from _taken_where_brought(n)
    near = n.inside + tuple(reversed(n.since_count[-150:]))
    for row in near:
        if not _wrong_sign(n, row):
            continue
        twin = -2 * row.quantity
        explained = twin if fit(n, twin) >= fit(n, -row.quantity) else -row.quantity
        companions = [
            other
            for other in n.companions.get(row.seq, ())
            if other.kind == row.kind and other.quantity < 0 and other.document != row.document
        ]
        yield Finding(
            "S1",
            6.5 + min(1.0, 0.4 * len(companions)) + fit(n, explained),
            explained,
            (movement(row, "wrong-sign"), *(movement(other, "wrong-sign-too") for other in companions[:1])),
            settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
            lift=((row.seq, row.recorded, -row.quantity),),
        )
        return


def _picks_shifted(n: Neighbourhood) -> Iterator[Finding]:
    """Picks a hundred times what was shipped, or ten times in several lines at once: no hand types that."""
    yield from _brought_shifted(n)
    yield from _ordered_shifted(n)
    gaps = paper_gaps(n)
    for gap in gaps[:6]:
        ratio = next((power for power in (10, 100, 1000) if gap.times(power)), None)
        if ratio is None:
            continue
        row = gap.row
        alike = len({other.row.document for other in gaps if other.times(ratio)})
        others = tenfold_too(n, row) if ratio == 10 else ()
        lone = ratio == 10 and alike == 1 and not others and len(gap.picks) == 1  # may be a hand's slip
        yield Finding(
            "S1",
            (3.2 if lone else 5.6) + min(2.4, 1.2 * len(others)) + fit(n, gap.over),
            gap.over,
            (
                movement(row, "point-shifted", right_quantity=-row.quantity // ratio),
                movement(gap.shipment, "shipped-less", shipped_quantity=gap.shipped),
                *(movement(other, "point-shifted-too") for other in others[:1]),
            ),
            settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
            lift=gap.lift,
        )
        return


def _brought_shifted(n: Neighbourhood) -> Iterator[Finding]:
    """The same at the stage, which got ten or a hundred times what left it."""
    for row, left in brought_too_much(n)[:2]:
        others = tenfold_too(n, row) if row.quantity == 10 * left else ()
        if others or row.quantity != 10 * left:
            yield Finding(
                "S1",
                5.0 + min(2.4, 1.2 * len(others)) + fit(n, left - row.quantity),
                left - row.quantity,
                (
                    movement(row, "point-shifted", right_quantity=left),
                    *(movement(other, "point-shifted-too") for other in others[:1]),
                ),
                settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
                lift=((row.seq, row.recorded, left),),
            )


def _ordered_shifted(n: Neighbourhood) -> Iterator[Finding]:
    """A hundred or a thousand times what the order line asks for left the place; or ten times, where it asks
    for a part of a piece: there a point was lost, for no larger unit holds ten parts."""
    for row, ordered, line in order_gaps(n)[:6]:
        parts = bool(ordered % SCALE) and -row.quantity == 10 * ordered
        if parts or -row.quantity in (100 * ordered, 1000 * ordered):
            yield Finding(
                "S1",
                (7.4 if parts else 6.0) + fit(n, -row.quantity - ordered),
                -row.quantity - ordered,
                (movement(row, "point-shifted", right_quantity=ordered), document(line, "ordered-less")),
                settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
                lift=((row.seq, row.recorded, -ordered),),
            )


def _legs_lost(n: Neighbourhood) -> Iterator[Finding]:
    """Several transfers of the same days left and never arrived: the interface loses their second leg."""
    for leg in lone_legs(n)[:2]:
        others = lost_too(n, leg)
        if len(others) > 1:
            yield Finding(
                "S1",
                3.4 + min(3.0, 0.8 * len(others)) + fit(n, -leg.quantity),
                -leg.quantity,
                (movement(leg, "never-arrived"), *(movement(other, "lost-too") for other in others[:2])),
                settle=Settle("ask-interface", {"source": leg.source, "until_at": leg.recorded}),
                lift=((0, leg.occurred + HOUR, -leg.quantity),),
            )


def _taken_where_brought(n: Neighbourhood) -> Iterator[Finding]:
    """The other end of a wrong sign: what came in here under a paper was put away from here, and booked as
    if it had come once more."""
    if n.low:
        return
    for row in reversed(n.since_count[-60:]):
        if row.kind != Kind.PUTAWAY or row.quantity <= 0 or not row.document:
            continue
        rows = [r for r in n.papers.get(row.document, ()) if r.item == row.item]
        came = any(
            r.key == row.key and r.kind != row.kind and r.kind in BROUGHT_IN and r.quantity >= row.quantity
            for r in rows
        )
        end = next((r for r in rows if r.kind == row.kind and r.quantity == -row.quantity), None)
        if came and end is not None and end.key != row.key:
            yield Finding(
                "S1",
                5.5 + fit(n, -2 * row.quantity),
                -2 * row.quantity,
                (movement(end, "wrong-sign"), movement(row, "wrong-sign-here")),
                settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
                lift=((row.seq, row.recorded, -row.quantity),),
            )
            return


def _issues_shifted(n: Neighbourhood) -> Iterator[Finding]:
    """A component issue ten, a hundred or a thousand times what a piece of the product usually takes."""
    near = {row.seq for row in (*n.since_count[-60:], *n.inside)}
    for found in used_a_piece(n).values():
        usual = Counter(ratio for _, ratio in found).most_common(1)[0][0]
        for row, ratio in found:
            if row.seq not in near or row.key != n.here.key or not usual:
                continue
            multiple = ratio / usual
            if multiple not in (10, 100, 1000):
                continue
            right = int(-row.quantity / multiple)
            yield Finding(
                "S1",
                4.8 + fit(n, -row.quantity - right),
                -row.quantity - right,
                (movement(row, "point-shifted", right_quantity=right),),
                settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
                lift=((row.seq, row.recorded, -right),),
            )


def _shifted(n: Neighbourhood) -> Iterator[Finding]:
    """A quantity ten, a hundred or a thousand times what the same paper has in its other steps."""
    for row in (*n.inside[:6], *reversed(n.since_count[-150:])):
        used = row.kind == Kind.COMPONENT_ISSUE
        if row.kind not in BROUGHT_IN and row.kind != Kind.TRANSFER_OUT and not used:
            continue
        if used and not all_shifted(n, row):
            continue
        others = [
            abs(r.quantity)
            for r in n.papers.get(row.document, ())
            if r.item == row.item and r.seq != row.seq and r.kind != row.kind
        ]
        others += [
            line.quantity
            for line in n.lines
            if line.number == row.document and (line.item == row.item or (used and line.line == row.line))
        ]
        size = abs(row.quantity)
        for other in others:
            large, small = max(size, other), min(size, other)
            if not small or large % small or large // small not in (10, 100, 1000):
                continue
            explained = (size - other) * (-1 if row.quantity > 0 else 1)
            companions = [r for r in n.companions.get(row.seq, ()) if r.document != row.document]
            yield Finding(
                "S1",
                (5.6 if used else 4.6) + (0.5 if companions else 0.0) + fit(n, explained),
                explained,
                (movement(row, "point-shifted", right_quantity=other),),
                settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
                lift=((row.seq, row.recorded, other if row.quantity > 0 else -other),),
            )
            return


def message_twice(n: Neighbourhood) -> Iterator[Finding]:
    """S2: one message was delivered twice: the same event, at the same instant, under another id."""
    for age, twin in enumerate(reversed(twins(n))):
        row = twin.second
        apart = row.recorded - twin.first.recorded
        production = row.kind in (Kind.COMPONENT_ISSUE, Kind.PRODUCTION_RECEIPT)
        receipt = row.kind in (Kind.RECEIPT, Kind.PUTAWAY)
        if not twin.same_instant and row.timed:
            continue
        others = doubled(n.companions.get(row.seq, ()))
        strength = (4.2 if receipt else 5.0) if twin.same_instant else 1.6
        strength += 0.4 if apart > 4 * MINUTE else 0.0 if twin.same_instant else -1.6
        strength += min(2.4, 0.9 * others)
        strength += 0.8 if production and twin.same_instant else 0.0
        strength -= 3.2 if receipt and not others else 0.0
        yield Finding(
            "S2",
            strength - 0.2 * age + fit(n, -row.quantity),
            -row.quantity,
            (
                movement(row, "delivered-again", after_span=apart, others=others),
                movement(twin.first, "delivered-first"),
            ),
            settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
            lift=((row.seq, row.recorded, 0),),
        )


def forced(n: Neighbourhood) -> Iterator[Finding]:
    """S3: the system said there was not enough, somebody forced it through.

    Where people may force, they do so whatever made the book too low: it speaks loudest where there was
    nothing at all, and that a count found as much again says only that it was this pick. Where forcing is
    usual the goods mostly stood there and their receipt came later: it says less, and least of what a count
    found to be missing.
    """
    if not n.low:
        return
    rows = [row for row in n.inside if row.override and row.quantity < 0]
    if n.root is not None and n.root.override and n.root not in rows:
        rows.insert(0, n.root)
    if not rows:
        yield from _forced_before(n)
        return
    first = rows[0]
    crossing = first in (n.crossing, n.root)
    place = n.here.rows.index(first)
    there = max(0, n.here.balances[place] - first.quantity)
    strength = (4.2 if crossing else 3.4) + (
        0.4 if not there else 0.0 if 2 * there <= -first.quantity else -0.6
    )
    yield Finding(
        "S3",
        strength
        + min(0.4, fit(n, -first.quantity))
        - (2.0 if late_rows(n) else 0.0)
        - (2.0 * _usually_forced(n) if n.exact else 0.0),
        -first.quantity,
        (movement(first, "forced"),),
        settle=Settle("ask-who", {"user": first.user, "document": first.document}),
        lift=((first.seq, first.recorded, 0),),
    )


def _forced_before(n: Neighbourhood) -> Iterator[Finding]:
    """What was forced took the last of the place within the day, and who came next by right found none."""
    taken = takewhile(lambda row: row.quantity <= 0, reversed(n.before))
    for row in taken:
        if row.override and n.subject.at - row.recorded <= DAY:
            yield Finding(
                "S3",
                3.0 + min(0.4, fit(n, -row.quantity)) - (2.0 if late_rows(n) else 0.0),
                -row.quantity,
                (movement(row, "forced-before"),),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
                lift=((row.seq, row.recorded, 0),),
            )
            return


_RARELY_FORCED = 0.025
_STRETCHES = 50
"""As many stretches below zero as the first guess is worth, of which one was forced."""


def _usually_forced(n: Neighbourhood) -> float:
    """How much less a forced row says where many stretches below zero begin with one: 0 and more."""
    forced, stretches = n.forced
    return max(0.0, log((forced + 1) / (stretches + _STRETCHES) / _RARELY_FORCED))


def opening(n: Neighbourhood) -> Iterator[Finding]:
    """S4: the balance carried over from the old system was wrong or missing: nothing else came since."""
    if not n.low or not n.here.begins:
        return
    first = n.here.rows[0] if n.here.rows else None
    crossing = n.crossing
    if first is None or crossing is None:
        return
    corrected = any(r.kind in (Kind.COUNT_CORRECTION, Kind.ADJUSTMENT) for r in n.before)
    carried = next((r for r in n.before if r.kind == Kind.OPENING), None)
    strength: float | None = None
    if not corrected:
        strength = _carried_over(n, crossing) if carried else _nothing_carried_over(n, first, crossing)
    if strength is None:
        return
    if carried is None:
        opened = movement(first, "nothing-carried-over")
    else:
        opened = movement(carried, "carried-over" if _came(n) else "only-carried-over")
    evidence = (opened, movement(crossing, "crossed"))
    lift = (
        (carried.seq, carried.recorded, carried.quantity + n.missing) if carried else (0, n.begins, n.missing)
    )
    yield Finding(
        "S4",
        strength,
        n.missing,
        evidence if carried or n.crossing_place else evidence[:1],
        settle=Settle("look-at-old-system", {"location": n.here.location}),
        lift=(lift,),
    )


def _came(n: Neighbourhood) -> int:
    """How often stock came here by the time it was missed: the more, the less depends on the opening."""
    return sum(1 for r in n.before if r.quantity > 0 and r.kind in BROUGHT_IN)


def _carried_over(n: Neighbourhood, crossing: Row) -> float:
    """The opening is all that ever came here, and no count has looked at it since."""
    came = _came(n)
    age = crossing.recorded - n.begins
    strength = 2.5 if not came else 0.5 if came == 1 else -0.8
    strength += 1.6 if age <= 7 * DAY else 1.0 if age <= 21 * DAY else 0.4 if age <= 45 * DAY else -0.5
    strength += 0.2 if sum(1 for row in n.before if outgoing(row)) > 3 else 0.0
    strength -= 2.5 if planned_bin(n, crossing) not in ("", n.here.location) else 0.0
    return strength + (0.2 if n.exact else 0.0)


def _nothing_carried_over(n: Neighbourhood, first: Row, crossing: Row) -> float | None:
    """This place has no opening: none of the item's places has one though the ledger was opened, or it is
    taken from without ever having been filled."""
    age = crossing.recorded - n.begins
    opened = any(r.kind == Kind.OPENING for r in n.all_rows)
    if not opened and any(kind == Kind.OPENING for _, kind in n.large_units):
        known = all(other.begins for other in n.others)
        if known and first.recorded - n.begins <= 45 * DAY:
            return 4.2 - 0.8 * min(3, _came(n))
    if n.crossing_place:
        if opened and first.recorded - n.begins <= 21 * DAY and age <= 45 * DAY:
            return 1.5 - 0.6 * _came(n)
        return None
    planned = [planned_bin(n, row) for row in n.inside if outgoing(row)]
    sent = sum(place == n.here.location for place in planned) - sum(
        place not in ("", n.here.location) for place in planned
    )
    soon = 1.2 if age <= 7 * DAY else 0.3 if age <= 21 * DAY else 0.0
    if n.here.lot and age > 21 * DAY:  # most lots began after the ledger
        sent, soon = min(0, sent), -1.4
    takes = sum(1 for row in n.inside if outgoing(row))
    return (2.0 if opened else 1.2) + soon + (0.7 if takes > 1 else 0.0) + max(-3.0, min(1.6, 1.2 * sent))
