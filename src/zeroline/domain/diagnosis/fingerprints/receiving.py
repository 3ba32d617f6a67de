"""R: what came in is not what was booked: too little, another item, another place, not at all, or twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zeroline.domain.diagnosis.hypothesis import NEVER, Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Line, Neighbourhood, Row
from zeroline.domain.diagnosis.slips import alike
from zeroline.domain.diagnosis.strays import Stray, mirrored, strays
from zeroline.domain.diagnosis.traces import (
    QUIET,
    document,
    factors,
    fit,
    movement,
    noted,
    stock,
    twins,
)
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE

INCOMING = frozenset({Kind.RECEIPT, Kind.PUTAWAY})

_DAYS_10, _DAYS_30 = 10 * DAY, 30 * DAY

DAYTIME = 12 * HOUR
"""What is due on a day may come at any hour of it."""


def receipts(n: Neighbourhood) -> list[Row]:
    """Rows that brought the item in under a receipt before the shortage, newest first: those of two months,
    or of longer ago where little has moved since."""
    rows = n.since_count
    quiet = len(rows) - QUIET
    return [
        row
        for place, row in reversed([*enumerate(rows)])
        if row.quantity > 0
        and row.kind in INCOMING
        and (place >= quiet or n.subject.at - row.recorded <= 60 * DAY)
    ]


def odd_entry(n: Neighbourhood, row: Row) -> bool:
    """Whether a receipt was entered in pieces while the item's receipts come in cases."""
    in_cases = [
        bool(r.entered) and abs(r.entered) < abs(r.quantity)
        for r in n.all_rows
        if r.kind in INCOMING and r.quantity > 0 and r.seq != row.seq
    ]
    return len(in_cases) >= 3 and sum(in_cases) * 10 >= len(in_cases) * 7 and abs(row.entered) == row.quantity


@noted
def _middle_receipt(n: Neighbourhood) -> int:
    """The median quantity of the item's receipts; 0 where there are too few to say."""
    sizes = sorted([row.quantity for row in n.all_rows if row.kind in INCOMING and row.quantity > 0])
    return sizes[len(sizes) // 2] if len(sizes) >= 4 else 0


def _parts(n: Neighbourhood, line: Line) -> list[Row]:
    """What was booked of one order line at the first step that books it, a row a delivery."""
    rows = [
        row
        for row in n.papers.get(line.number, ())
        if row.item == line.item and row.quantity > 0 and row.kind in INCOMING
        if not line.line or not row.line or row.line == line.line
    ]
    return [row for row in rows if row.kind == rows[0].kind]


def one_part_never_came(n: Neighbourhood, line: Line) -> bool:
    """Whether what is outstanding looks like a whole delivery of several: as large as one that was booked,
    or all that was booked came a day or more after it was due."""
    parts = _parts(n, line)
    if (
        line.due is None
        or line.outstanding * 4 < line.quantity
        or sum(r.quantity for r in parts) != line.done
    ):
        return False
    if not parts or any(line.quantity == line.done * factor for factor in factors(n)):
        return False
    late = parts[0].recorded - line.due >= 20 * HOUR and line.outstanding * 3 >= line.quantity
    telling = len(parts) > 1 or line.outstanding > 3 * SCALE  # half of two pieces is no delivery
    return late or (telling and any(row.quantity == line.outstanding for row in parts))


def short_receipt(n: Neighbourhood) -> Iterator[Finding]:
    """R1: less (or more) was booked in than came: the order line asked for another quantity."""
    yield from _booked_by_the_paper(n)
    lines: dict[str, list[Line]] = {}
    for line in n.lines_of("receipt"):
        lines.setdefault(line.number, []).append(line)
    for age, row in enumerate(receipts(n)[:6]):
        of_paper = lines.get(row.document, ())
        if not of_paper:
            middle = _middle_receipt(n)
            if middle and n.low and row.quantity * 10 <= middle * 7:
                yield Finding(
                    "R1",
                    0.4 + fit(n, middle - row.quantity),
                    middle - row.quantity,
                    (movement(row, "smaller-than-usual", usual_quantity=middle),),
                    settle=Settle("ask-delivery-note", {"document": row.document}),
                    lift=((row.seq, row.recorded, middle),),
                )
            continue
        ordered = sum(line.quantity for line in of_paper)
        booked = sum(
            r.quantity
            for r in n.here.rows
            if r.document == row.document and r.kind == row.kind and r.quantity > 0
        )
        others = sum(
            r.quantity
            for other in n.others
            for r in other.rows
            if r.document == row.document
            and r.kind == row.kind
            and r.quantity > 0
            and other.spot == n.here.spot
        )
        differs = ordered - booked - others
        waits = any(
            line.open and (line.due is None or line.due > n.subject.at + DAYTIME) for line in of_paper
        )
        if differs and not waits:
            by_unit = any(ordered == booked * f or booked == ordered * f for f in factors(n))
            expected = any(line.open for line in of_paper)
            yield Finding(
                "R1",
                4.0
                - 0.2 * age
                + fit(n, differs)
                - (2.0 if by_unit else 0.0)
                + (1.6 if odd_entry(n, row) else -0.3 if differs * 10 > ordered * 4 else 0.0)
                - sum(
                    2.0 for line in of_paper if line.outstanding == differs and one_part_never_came(n, line)
                )
                - (3.0 if any(twin.second.document == row.document for twin in twins(n)) else 0.0),
                differs,
                (
                    movement(row, "booked-in-part" if expected else "booked-in"),
                    document(of_paper[0], "ordered", booked_quantity=booked),
                ),
                settle=Settle("ask-delivery-note", {"document": row.document}),
                lift=((row.seq, row.recorded, row.quantity + differs),),
            )


def _booked_by_the_paper(n: Neighbourhood) -> Iterator[Finding]:
    """The first count after a delivery that was booked just as it was ordered finds a part of it missing."""
    rows = receipts(n)[:1]
    if n.low or n.is_episode or not rows or n.subject.at - rows[0].recorded > 20 * DAY:
        return
    row = rows[0]
    ordered = [line for line in n.lines_of("receipt") if line.number == row.document]
    if ordered and -n.missing * 5 <= row.quantity * 2 and not any(line.outstanding for line in ordered):
        yield Finding(
            "R1",
            2.2,
            n.missing,
            (movement(row, "booked-in"), document(ordered[0], "booked-as-ordered")),
            settle=Settle("ask-delivery-note", {"document": row.document}),
            lift=((row.seq, row.recorded, row.quantity + n.missing),),
        )


def misbooked(n: Neighbourhood) -> list[tuple[Line, Row]]:
    """(line of our item, row of another item) under one receipt document that has nothing of ours.

    The other item is none of that order's, or came in beyond what its own line asks for.
    """
    found = []
    for line in n.lines_of("receipt"):
        rows = [r for r in n.papers.get(line.number, ()) if r.kind in INCOMING and r.quantity > 0]
        of_line = [r for r in rows if r.line == line.line and line.line]
        if of_line and any(r.item != line.item for r in of_line):
            found.append((line, next(r for r in of_line if r.item != line.item)))
            continue
        if not rows or (any(r.item == line.item for r in rows) and not line.outstanding):
            continue
        asked: dict[int, int] = {}
        for other in n.lines:
            if other.number == line.number:
                asked[other.item] = asked.get(other.item, 0) + other.quantity
        strangers = [
            r
            for r in rows
            if r.kind == rows[0].kind
            and r.item != line.item
            and (
                r.item not in asked
                or 2
                * (sum(o.quantity for o in rows if o.item == r.item and o.kind == r.kind) - asked[r.item])
                > r.quantity
            )
        ]
        if strangers:
            best = min(strangers, key=lambda r: (r.line != line.line, abs(r.quantity - line.quantity)))
            found.append((line, best))
    before = [pair for pair in found if pair[1].recorded <= n.subject.at]
    if not before:
        return []
    first = min(row.recorded for _, row in before)
    return sorted(
        (pair for pair in found if pair[1].recorded >= first),
        key=lambda pair: (pair[1].recorded > n.subject.at, -pair[1].recorded),
    )


def times_astray(n: Neighbourhood, found: list[tuple[Line, Row]]) -> int:
    """How many deliveries came in as the other item: one order may bring several."""
    deliveries = {
        (row.document, row.occurred)
        for line, stray in found
        if not on_the_same_order(n, line.number, stray.item)
        for row in n.papers.get(line.number, ())
        if row.item == stray.item and row.kind == stray.kind and row.quantity > 0
    }
    return max(len(found), len(deliveries))


def received_right(n: Neighbourhood, since: int) -> bool:
    """Whether the item came in as itself again after an instant."""
    return any(r.kind in INCOMING and r.quantity > 0 and r.recorded > since for r in n.all_rows)


def on_the_same_order(n: Neighbourhood, number: str, item: int) -> bool:
    """Whether a document asks for this item too."""
    return any(line.number == number and line.item == item for line in n.lines)


def wrong_item(n: Neighbourhood) -> Iterator[Finding]:
    """R2: the delivery was booked in as another item; its order line is of this one."""
    found = misbooked(n)
    if found:
        line, row = found[0]
        sizes = [q for q in (line.outstanding, line.quantity, row.quantity) if q]
        explained = max(sizes, key=lambda q: fit(n, q))
        yield Finding(
            "R2",
            5.4
            + fit(n, explained)
            - 1.6 * (times_astray(n, found) - 1)
            + (0.8 if on_the_same_order(n, line.number, row.item) else 0.0)
            + (0.6 if received_right(n, row.recorded) else -0.4),
            explained,
            (
                document(line, "ordered-this-item"),
                movement(row, "came-in-as-other", other=n.names.get(row.item, "")),
            ),
            settle=Settle("count-item", {"item": n.names.get(row.item, "")}),
            lift=((0, row.recorded, row.quantity),),
        )
    yield from _mixed_paper(n, "R2", 5.0)


def _mixed_paper(n: Neighbourhood, cause: str, strength: float) -> Iterator[Finding]:
    """Under one document the dock has one item and the shelf another: receipt and putaway disagree."""
    for row in receipts(n)[:1] + [r for r in n.inside if r.kind == Kind.PUTAWAY and r.quantity < 0]:
        if row.quantity > 0 or not row.document:
            continue
        rows = n.papers.get(row.document, ())
        other = next(
            (
                r
                for r in rows
                if r.item != row.item and r.quantity == -row.quantity and r.kind == Kind.RECEIPT
            ),
            None,
        )
        own = any(r.item == row.item and r.kind == Kind.RECEIPT for r in rows)
        if other is not None and not own:
            yield Finding(
                cause,
                strength + fit(n, -row.quantity),
                -row.quantity,
                (
                    movement(other, "came-in-as-other", other=n.names.get(other.item, "")),
                    movement(row, "crossed"),
                ),
                settle=Settle("count-item", {"item": n.names.get(other.item, "")}),
            )


def misplaced(n: Neighbourhood, stray: Stray) -> float:
    """How strongly stock that came in elsewhere looks as if it had been meant for (or lies in) this place."""
    here, seen, row, other = n.here, _seen_here(n), stray.row, stray.other
    strength = 0.6 + (0.8 if stray.untouched else -0.4)
    age = n.subject.at - row.recorded
    strength += 0.6 if age <= _DAYS_10 else 0.0 if age <= _DAYS_30 else -0.8
    strength += 0.6 if row.kind in seen.brought_by else seen.brought_otherwise
    if other.lot == here.lot:
        strength += 2.2 if stray.new else 0.0
        strength -= 0.9 if row.kind in other.came_again else 0.0
    meant_for = seen.meant_for.get(row.document)
    if meant_for is not None and other.location != here.location:
        loose = _put_elsewhere_by_habit(n)
        strength += max(0.3, 3.0 - 9 * loose) if meant_for == here.location else -0.8
    if stray.taken_back is not None:
        strength += 2.0
    if n.exact and n.corrected and mirrored(n, other) is not None:
        strength += 2.0
    return strength + fit(n, row.quantity)


class _Seen(NamedTuple):
    """What is the same for all stock that lies elsewhere: kinds of rows that brought stock to this place,
    what another kind is worth, and by document number the place that the first line of it that names one
    brings the item to."""

    brought_by: frozenset[str]
    brought_otherwise: float
    meant_for: Mapping[str, str]


@noted
def _seen_here(n: Neighbourhood) -> _Seen:
    meant_for: dict[str, str] = {}
    for line in n.lines_of("receipt", "transfer", "return"):
        if line.location:
            meant_for.setdefault(line.number, line.location)
    brought_by = frozenset([row.kind for row in n.here.rows if row.quantity > 0])
    return _Seen(brought_by, -1.4 if not n.here.begins or n.crossing_place else 0.0, meant_for)


@noted
def _put_elsewhere_by_habit(n: Neighbourhood) -> float:
    """Share of the item's receipts that are put away elsewhere than their order line says, the most suspect
    one left out."""
    named = {line.number: line.location for line in n.lines_of("receipt") if line.location}
    other = [
        named[row.document] != place.location
        for place in (n.here, *n.others)
        for row in place.rows
        if row.quantity > 0 and row.kind in INCOMING and row.document in named and place.spot == n.here.spot
    ]
    return max(0, sum(other) - 1) / max(4, len(other))


def wrong_bin_or_lot(n: Neighbourhood) -> Iterator[Finding]:
    """R3: received into another bin, or under another lot, than the one it is taken from."""
    here = n.here
    if not n.low:
        return
    best, likeliest = NEVER, None
    for stray in strays(n):
        row, other = stray.row, stray.other
        if other.status != here.status:
            continue
        other_lot = other.lot != here.lot
        if not other_lot and (row.kind != Kind.RECEIPT or other.spot != here.spot or other.site != here.site):
            continue
        if other_lot and row.kind not in INCOMING:
            continue
        strength = misplaced(n, stray)
        if other_lot:
            strength += 0.4 if other.location == here.location else -0.8
            strength += 3.0 if alike(other.lot, here.lot) else -1.4
            strength += 1.2 if here.begins and n.crossing_place == 0 else -1.2
        if strength > best:
            best, likeliest = strength, stray
    if likeliest is not None:
        row, other = likeliest.row, likeliest.other
        yield Finding(
            "R3",
            best,
            row.quantity,
            (
                movement(row, "received-elsewhere", location=other.location, lot=other.lot),
                stock(other, "lies-there", on_hand_quantity=likeliest.lies),
            ),
            settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
            lift=((0, row.recorded, row.quantity),),
        )
