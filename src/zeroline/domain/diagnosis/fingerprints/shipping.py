"""K4 and K5: what was taken was confirmed not at all, or twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zeroline.domain.diagnosis.fingerprints.picking import TAKEN
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood, Row
from zeroline.domain.diagnosis.traces import document, fit, movement, outgoing, suspects, twins
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def shipped_not_recorded(n: Neighbourhood) -> Iterator[Finding]:
    """K4: it left the building and the book still has it: a pick without its shipment, or a shipment that
    was booked without its pick."""
    if n.low:
        yield from _shipped_without_pick(n)
        return
    for row in n.before[::-1]:
        if n.subject.at - row.recorded > 60 * DAY or not row.document:
            continue
        if row.kind == Kind.PICK and row.quantity > 0:
            left = any(r.kind == Kind.SHIPMENT and r.line == row.line for r in n.papers.get(row.document, ()))
            if left or n.subject.at - row.recorded < DAY // 4:
                continue
            yield Finding(
                "K4",
                4.0 + fit(n, -row.quantity),
                -row.quantity,
                (movement(row, "never-shipped"),),
                settle=Settle("ask-delivery-note", {"document": row.document}),
                lift=((0, row.recorded, -row.quantity),),
            )
    for line in n.lines_of("order"):
        if (
            line.outstanding
            and line.due is not None
            and line.due < n.subject.at
            and (not line.location or line.location == n.here.location)
        ):
            taken = any(r.item == line.item and outgoing(r) for r in n.papers.get(line.number, ()))
            yield Finding(
                "K4",
                (1.8 if not taken else 0.6) + fit(n, -line.outstanding),
                -line.outstanding,
                (document(line, "order-open-past-due"),),
                settle=Settle("ask-delivery-note", {"document": line.number}),
            )


def _shipped_without_pick(n: Neighbourhood) -> Iterator[Finding]:
    crossing = n.crossing
    if crossing is None or crossing.kind != Kind.SHIPMENT or n.here.spot not in ("staging", "dock"):
        return
    rows = [r for r in n.papers.get(crossing.document, ()) if r.item == crossing.item]
    if crossing.document and not any(r.kind == Kind.PICK for r in rows):
        yield Finding(
            "K4",
            3.0 + fit(n, -crossing.quantity),
            -crossing.quantity,
            (movement(crossing, "shipped-without-pick"),),
            settle=Settle("ask-who", {"user": crossing.user, "document": crossing.document}),
        )


def confirmed_twice(n: Neighbourhood) -> Iterator[Finding]:
    """K5: one pick was confirmed twice by the same person, moments apart."""
    yield from _taken_again(n)
    for age, twin in enumerate(reversed(twins(n))):
        row = twin.second
        if row.kind not in (Kind.PICK, Kind.SHIPMENT) or (row.quantity < 0) != n.low:
            continue
        apart = row.recorded - twin.first.recorded
        strength = 4.2 if apart <= 5 * MINUTE else 3.4 if apart <= 30 * MINUTE else 1.6
        strength += 0.8 if row.user and row.user == twin.first.user else -0.8
        strength -= 2.4 if twin.same_instant else 0.0
        strength -= twin.doubt
        strength -= 0.6 if not row.line and not row.document else 0.0
        lines = [o for o in n.lines_of("order") if o.number == row.document]
        strength += 1.5 if any(o.done > o.quantity for o in lines) else -1.0 if lines else 0.0
        yield Finding(
            "K5",
            strength - 0.2 * age + fit(n, -row.quantity),
            -row.quantity,
            (movement(row, "confirmed-again", after_span=apart), movement(twin.first, "confirmed-first")),
            settle=Settle("ask-who", {"user": row.user, "document": row.document}),
            lift=((row.seq, row.recorded, 0),),
        )


def _taken_again(n: Neighbourhood) -> Iterator[Finding]:
    """Where takes carry no paper: as much was booked again by somebody else within two hours, and the book
    is short of just that."""
    if not n.low:
        return
    takes = [row for row in n.here.rows if outgoing(row) and row.kind in TAKEN and not row.document]
    pairs = [
        (first, second)
        for first, second in pairwise(takes)
        if second.quantity == first.quantity
        and second.user != first.user
        and 0 <= second.occurred - first.occurred <= 2 * HOUR
    ]
    often = len(pairs) / len(takes) if takes else 0.0
    known = {row.seq for row in suspects(n)[:30]}
    for first, second in reversed(pairs):
        if second.seq not in known or -second.quantity < min(n.missing, SCALE):
            continue
        stranger = bool(second.user) and sum(row.user == second.user for row in takes) == 1
        yield Finding(
            "K5",
            1.6 - min(3.0, 12 * often) + (1.2 if stranger else 0.0) + fit(n, -second.quantity),
            -second.quantity,
            (
                movement(second, "taken-again", after_span=second.occurred - first.occurred),
                movement(first, "taken-first"),
            ),
            settle=Settle("ask-who", {"user": second.user, "document": second.document}),
            lift=((second.seq, second.recorded, 0),),
        )


def doubled(rows: tuple[Row, ...]) -> int:
    """How many documents of these rows have a row twice: same line, item, place and size."""
    seen: set[tuple[str, str, int, int, int]] = set()
    documents = set()
    for row in rows:
        name = (row.document, row.line, row.key, row.quantity, row.occurred if row.timed else 0)
        if name in seen:
            documents.add(row.document)
        seen.add(name)
    return len(documents)
