"""S: the systems themselves: a wrong sign, a message twice, a check forced, a balance carried over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zeroline.domain.diagnosis.bills import all_shifted, used_a_piece
from zeroline.domain.diagnosis.fingerprints.picking import doubled, planned_bin
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, Neighbourhood, Row
from zeroline.domain.diagnosis.traces import (
    came_for_both,
    fit,
    late_rows,
    movement,
    outgoing,
    paper_gaps,
    reversals,
    twins,
)
from zeroline.domain.instant import DAY, MINUTE
from zeroline.domain.movement import MovementKind as Kind


def _wrong_sign(n: Neighbourhood, row: Row) -> bool:
    """A document that brings stock took it, and nothing it could take back was booked before."""
    if row.quantity >= 0 or row.kind not in BROUGHT_IN:
        return False
    booked = next((b for b, taken in reversals(n) if taken is row), None)
    if booked is not None and came_for_both(n, booked, row) is False:
        return False
    if row.kind == Kind.PUTAWAY:
        paper = [r for r in n.papers.get(row.document, ()) if r.item == row.item and r.kind == row.kind]
        usual = [r.quantity < 0 for r in n.here.rows if r.kind == row.kind and r.seq != row.seq]
        whole = any(r.quantity == -row.quantity for r in paper if r.seq != row.seq)
        return not any(usual) if whole and len(usual) >= 2 else not whole and sum(usual) * 2 <= len(usual)
    return True


def defect(n: Neighbourhood) -> Iterator[Finding]:
    """S1: an interface sent a wrong sign: a receipt that takes stock away."""
    yield from _shifted(n)
    yield from _picks_shifted(n)
    yield from _issues_shifted(n)
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
            5.5 + min(1.0, 0.4 * len(companions)) + fit(n, explained),
            explained,
            (movement(row, "wrong-sign"), *(movement(other, "wrong-sign-too") for other in companions[:1])),
            settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
            lift=((row.seq, row.recorded, -row.quantity),),
        )
        return


def _picks_shifted(n: Neighbourhood) -> Iterator[Finding]:
    """Picks a hundred times what was shipped, or ten times in several lines at once: no hand types that."""
    gaps = paper_gaps(n)
    for row, shipped, shipment in gaps[:6]:
        if not shipped or -row.quantity % shipped:
            continue
        ratio = -row.quantity // shipped
        alike = len({r.document for r, s, _ in gaps if s and -r.quantity == s * ratio})
        if ratio in (100, 1000) or (ratio == 10 and alike > 1):
            yield Finding(
                "S1",
                5.6 + fit(n, -row.quantity - shipped),
                -row.quantity - shipped,
                (
                    movement(row, "point-shifted", right_quantity=shipped),
                    movement(shipment, "shipped-less", shipped_quantity=shipped),
                ),
                settle=Settle("ask-interface", {"source": row.source, "until_at": row.recorded}),
                lift=((row.seq, row.recorded, -shipped),),
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
        strength = 4.2 if twin.same_instant else 1.6
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
    """S3: the system said there was not enough, somebody forced it through."""
    if not n.low:
        return
    rows = [row for row in n.inside if row.override and row.quantity < 0]
    if n.root is not None and n.root.override and n.root not in rows:
        rows.insert(0, n.root)
    if not rows:
        return
    first = rows[0]
    crossing = first in (n.crossing, n.root)
    yield Finding(
        "S3",
        (4.6 if crossing else 3.4) + fit(n, -first.quantity) - (2.0 if late_rows(n) else 0.0),
        -first.quantity,
        (movement(first, "forced"),),
        settle=Settle("ask-who", {"user": first.user, "document": first.document}),
        lift=((first.seq, first.recorded, 0),),
    )


def opening(n: Neighbourhood) -> Iterator[Finding]:
    """S4: the balance carried over from the old system was wrong or missing: nothing else came since."""
    if not n.low or not n.here.begins:
        return
    first = n.here.rows[0] if n.here.rows else None
    crossing = n.crossing
    if first is None or crossing is None:
        return
    came = [r for r in n.before if r.quantity > 0 and r.kind in BROUGHT_IN]
    corrected = [r for r in n.before if r.kind in (Kind.COUNT_CORRECTION, Kind.ADJUSTMENT)]
    age = crossing.recorded - n.begins
    carried = [r for r in n.before if r.kind == Kind.OPENING]
    if carried:
        if corrected:
            return
        strength = 2.1 if not came else 0.5 if len(came) == 1 else -0.8
        strength += 1.0 if age <= 21 * DAY else 0.3 if age <= 40 * DAY else -0.5
        takes = sum(1 for row in n.before if outgoing(row))
        strength += 0.2 if takes > 3 else 0.0
        strength -= 2.5 if planned_bin(n, crossing) not in ("", n.here.location) else 0.0
        yield Finding(
            "S4",
            strength + (0.6 if n.exact else 0.0),
            n.missing,
            (movement(carried[0], "carried-over"), movement(crossing, "crossed")),
            settle=Settle("look-at-old-system", {"location": n.here.location}),
            lift=((carried[0].seq, carried[0].recorded, carried[0].quantity + n.missing),),
        )
    elif not corrected and first.recorded - n.begins <= 21 * DAY and age <= 45 * DAY and n.crossing_place:
        if any(r.kind == Kind.OPENING for r in n.all_rows):
            yield Finding(
                "S4",
                1.5 - 0.6 * len(came),
                n.missing,
                (movement(first, "nothing-carried-over"), movement(crossing, "crossed")),
                settle=Settle("look-at-old-system", {"location": n.here.location}),
                lift=((0, n.begins, n.missing),),
            )
    elif n.crossing_place == 0 and age <= 30 * DAY:
        opened = any(r.kind == Kind.OPENING for r in n.all_rows)
        takes = sum(1 for row in n.inside if outgoing(row))
        planned = [planned_bin(n, row) for row in n.inside if outgoing(row)]
        sent = sum(place == n.here.location for place in planned) - sum(
            place not in ("", n.here.location) for place in planned
        )
        soon = 1.2 if age <= 7 * DAY else -0.2 if age <= 15 * DAY else -1.2
        yield Finding(
            "S4",
            1.2
            + (0.8 if opened else 0.0)
            + soon
            + (0.7 if takes > 1 else 0.0)
            + max(-3.0, min(1.6, 1.2 * sent)),
            n.missing,
            (movement(crossing, "nothing-carried-over"),),
            settle=Settle("look-at-old-system", {"location": n.here.location}),
            lift=((0, n.begins, n.missing),),
        )
