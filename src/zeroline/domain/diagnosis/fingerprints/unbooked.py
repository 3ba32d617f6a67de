"""R4 and R5: what came in was not booked at all, or twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zeroline.domain.diagnosis.fingerprints.receiving import (
    DAYTIME,
    INCOMING,
    odd_entry,
    one_part_never_came,
    receipts,
)
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Line, Neighbourhood
from zeroline.domain.diagnosis.traces import (
    QUIET,
    booked_twice,
    document,
    fit,
    late_rows,
    movement,
    reversals,
    twins,
)
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.movement import MovementKind as Kind

_EARLY = 3 * DAY
"""How much earlier than it is due a delivery may come; believed where a count found just that much."""


def not_recorded(n: Neighbourhood) -> Iterator[Finding]:
    """R4: the delivery came and was never booked: its order line is open past its date."""
    at = n.subject.at
    for line in n.lines_of("receipt"):
        if not line.outstanding or not line.open:
            continue
        elsewhere = bool(line.location) and line.location != n.here.location
        early = _EARLY if n.exact and line.outstanding == n.missing else DAYTIME
        if line.due is None or line.due > max(at + DAYTIME, min(at + early, n.until)):
            continue
        moved = sum(line.due < row.recorded < at for row in n.since_count)
        if n.begun - line.due > 45 * DAY and (line.done or moved > QUIET):
            continue
        part = one_part_never_came(n, line)
        since = any(r.kind in INCOMING and r.recorded >= at for r in n.papers.get(line.number, ()))
        if since and not part:
            continue
        overdue = (n.until or at) - line.due
        strength = 3.4 if overdue > 3 * DAY else 2.4
        strength += 0.6 if line.location == n.here.location else -0.6 if elsewhere else 0.0
        whole = line.outstanding * 10 > line.quantity * 4
        strength += 0.5 if not line.done else -1.2 if whole else -2.4
        strength += 2.0 if part else 0.0
        strength -= (
            1.8 if any(odd_entry(n, row) for row in receipts(n) if row.document == line.number) else 0.0
        )
        strength += 2.0 if line.done and _put_away_unbooked(n, line) else 0.0
        yield Finding(
            "R4",
            strength + fit(n, line.outstanding),
            line.outstanding,
            (document(line, "part-past-due" if line.done else "open-past-due", overdue_span=overdue),),
            settle=Settle("ask-delivery-note", {"document": line.number}),
            lift=((0, min(line.due, at) - HOUR, line.outstanding),),
        )
    yield from _without_date(n)
    yield from _put_away_alone(n)
    if n.low and not any(True for _ in n.lines_of("receipt")):
        yield from _rhythm(n)


def _without_date(n: Neighbourhood) -> Iterator[Finding]:
    """Where orders name no date: nothing of one was booked. The more such orders, the less each says."""
    lines = [
        line
        for line in n.lines_of("receipt")
        if line.open
        and line.outstanding
        and line.due is None
        and not line.done
        and line.location in ("", n.here.location)
        and not any(r.kind in INCOMING for r in n.papers.get(line.number, ()))
    ]
    for line in lines[:6]:
        yield Finding(
            "R4",
            1.8
            + (0.6 if line.location == n.here.location else 0.0)
            - 0.7 * (len(lines) - 1)
            + fit(n, line.outstanding),
            line.outstanding,
            (document(line, "open-without-date"),),
            settle=Settle("ask-delivery-note", {"document": line.number}),
            lift=((0, n.subject.at - HOUR, line.outstanding),),
        )


def _put_away_alone(n: Neighbourhood) -> Iterator[Finding]:
    """Put away from the dock although nothing had come in there under that paper."""
    crossing = n.crossing
    if crossing is None or crossing.kind != Kind.PUTAWAY or crossing.quantity >= 0:
        return
    if any(line.number == crossing.document for line in n.lines_of("return")):
        return
    came = [
        r
        for r in n.papers.get(crossing.document, ())
        if r.kind == Kind.RECEIPT and r.item == crossing.item and r.quantity > 0
    ]
    whole = n.here.balances[n.crossing_place] == crossing.quantity
    rest = any(
        line.number == crossing.document and line.outstanding == -crossing.quantity
        for line in n.lines_of("receipt")
    )
    if not came or (whole and sum(r.quantity for r in came) <= -crossing.quantity and not late_rows(n)):
        yield Finding(
            "R4",
            4.6 + (0.4 if not came else 0.8 if rest else -1.0) + fit(n, -crossing.quantity),
            -crossing.quantity,
            (movement(crossing, "put-away-alone"),),
            settle=Settle("ask-delivery-note", {"document": crossing.document}),
            lift=((0, crossing.occurred - HOUR, -crossing.quantity),),
        )


def _put_away_unbooked(n: Neighbourhood, line: Line) -> bool:
    """Whether a whole putaway of this order crossed zero: its receipt is what is missing."""
    crossing = n.crossing
    return (
        crossing is not None
        and crossing.kind == Kind.PUTAWAY
        and crossing.document == line.number
        and n.here.balances[n.crossing_place] == crossing.quantity
    )


def _rhythm(n: Neighbourhood) -> Iterator[Finding]:
    """Without documents: receipts used to come at a steady pace and one is overdue."""
    rows = [r for r in n.here.rows if r.kind in INCOMING and r.quantity > 0]
    before = [r.recorded for r in rows if r.recorded <= n.subject.at]
    if len(before) < 3:
        return
    paces = sorted(later - earlier for earlier, later in pairwise(before))
    pace = paces[len(paces) // 2]
    waited = n.subject.at - before[-1]
    if pace > DAY and waited > 1.5 * pace:
        usual = sorted(r.quantity for r in rows)[len(rows) // 2]
        yield Finding(
            "R4",
            0.8 + fit(n, usual),
            usual,
            (movement(rows[len(before) - 1], "last-receipt", usual_span=pace, waited_span=waited),),
            settle=Settle("ask-delivery-note", {"document": ""}),
            lift=((0, before[-1] + pace, usual),),
        )


def _cancelled_too_late(n: Neighbourhood) -> Iterator[Finding]:
    """Booked in twice, taken from both, and only then one of the two cancelled: the book falls below zero."""
    for booked, taken in reversals(n):
        other = booked_twice(n, booked, taken)
        if other is None or booked.quantity <= 0 or booked.kind not in INCOMING:
            continue
        if taken.recorded > n.subject.at or n.subject.at - taken.recorded > 30 * DAY:
            continue
        yield Finding(
            "R5",
            6.0 + fit(n, booked.quantity) / 2,
            booked.quantity,
            (
                movement(taken, "taken-back"),
                movement(booked, "booked-again"),
                movement(other, "booked-first"),
            ),
            settle=Settle("count-here", {"location": n.here.location}),
        )


def twice(n: Neighbourhood) -> Iterator[Finding]:
    """R5: one delivery was booked in twice; the book promises what is not there."""
    yield from _cancelled_too_late(n)
    for twin in twins(n):
        row = twin.second
        if row.quantity <= 0 or row.kind not in INCOMING:
            continue
        lines = [line for line in n.lines_of("receipt") if line.number == row.document]
        ordered = sum(line.quantity for line in lines)
        over = 1.5 if ordered and ordered < twin.first.quantity + row.quantity else 0.0
        over -= 4.0 if ordered >= twin.first.quantity + row.quantity else 0.0
        over += 0.0 if n.low or twin.same_instant else 1.0  # a hand entered it twice, and a count found it
        yield Finding(
            "R5",
            4.6 + over + (0.5 if twin.same_instant else 0.0) + fit(n, -row.quantity) - twin.doubt,
            -row.quantity,
            (movement(row, "booked-again"), movement(twin.first, "booked-first")),
            settle=Settle("ask-delivery-note", {"document": row.document}),
            lift=((row.seq, row.recorded, 0),),
        )
