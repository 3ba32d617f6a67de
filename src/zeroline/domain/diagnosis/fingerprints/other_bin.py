"""K2: it was taken from another bin or lot than the one that was confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.fingerprints.picking import TAKEN, naming, planned_bin
from zeroline.domain.diagnosis.hypothesis import Evidence, Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood, Row, Stock
from zeroline.domain.diagnosis.strays import elsewhere, mirrored
from zeroline.domain.diagnosis.traces import (
    document,
    factors,
    fit,
    movement,
    noted,
    outgoing,
    stock,
    suspects,
)
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.quantity import SCALE


def taken_elsewhere(n: Neighbourhood) -> Iterator[Finding]:
    """K2: one pick was confirmed here and taken from another bin (or lot) that had it."""
    if not n.low:
        yield from _taken_here(n)
        return
    yield from _short_there(n)
    yield from _lot_run_dry(n)
    yield from _as_much(n)
    wanted = n.missing if n.exact else n.floor
    crossing = n.crossing
    for row in suspects(n)[:12]:
        ordered = row.kind == Kind.TRANSFER_OUT and planned_bin(n, row) not in ("", n.here.location)
        if not _picked(n, row) and row.kind != Kind.COMPONENT_ISSUE and not ordered:
            continue
        is_crossing = crossing is not None and row.seq == crossing.seq
        if not is_crossing and -row.quantity != wanted:
            continue
        yield from _other_lot(n, row)
        for other, lies, back in _there(n):
            if lies < -row.quantity and back is None:
                continue
            takes = sum(1 for r in n.inside if outgoing(r))
            planned = planned_bin(n, row)
            strength = -1.2 + (0.5 if is_crossing else -0.5)
            strength += 4.3 if planned == other.location else -1.0 if planned == n.here.location else 0.0
            strength += 0.9 if takes == 1 else -0.7
            strength += 3.5 + _rare(row) if back is not None and back.quantity == row.quantity else 0.0
            strength += 0.4 if any(r.kind == row.kind and outgoing(r) for r in other.rows) else 0.0
            strength -= 6.4 if n.here.begins and n.crossing_place == 0 else 0.0
            evidence = [movement(row, "confirmed-here"), stock(other, "had-it", on_hand_quantity=lies)]
            evidence += _named(n, row, other)
            if back is not None:
                evidence.append(movement(back, "corrected-there"))
            yield Finding(
                "K2",
                strength + fit(n, -row.quantity),
                -row.quantity,
                tuple(evidence),
                settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
                lift=((row.seq, row.recorded, 0),),
            )
            break


@noted
def _there(n: Neighbourhood) -> tuple[tuple[Stock, int, Row | None], ...]:
    """Three other bins it may have been taken from, with what lay there and a correction that mirrors it."""
    if not n.corrected:
        return tuple([(other, lies, None) for other, lies in elsewhere(n, empty=True)[:3]])
    there = [(other, lies, mirrored(n, other)) for other, lies in elsewhere(n, empty=True)]
    return tuple(sorted(there, key=lambda entry: entry[2] is None)[:3])


def _as_much(n: Neighbourhood) -> Iterator[Finding]:
    """Nobody has counted yet, and an earlier pick took just what the book is short of now."""
    crossing = n.crossing
    if n.exact or n.floor or crossing is None:
        return
    takes = [r for r in suspects(n)[:12] if -r.quantity == n.missing and r.seq != crossing.seq]
    row = next((r for r in takes if _picked(n, r)), None)
    there = next((pair for pair in elsewhere(n) if pair[1] >= n.missing), None) if row else None
    if there is None or row is None:
        return
    emptied = crossing.kind == Kind.TRANSFER_OUT  # who moves more than the book has moves all of it
    yield Finding(
        "K2",
        -1.2 + _rare(row) + (1.2 if emptied else 0.0) + fit(n, n.missing),
        n.missing,
        (movement(row, "took-as-much"), stock(there[0], "had-it", on_hand_quantity=there[1])),
        settle=Settle("look-in-bin", {"location": there[0].location, "lot": there[0].lot}),
        lift=((row.seq, row.recorded, 0),),
    )


def _named(n: Neighbourhood, row: Row, other: Stock) -> list[Evidence]:
    """What says that it was to be taken from that place."""
    named = naming(n, row)
    if named is None or named[1] != other.location:
        return []
    if named[0].kind == "reservation":
        return [stock(other, "reserved-there", document=row.document)]
    return [document(named[0], "names-that-bin", bin=other.location)]


def _picked(n: Neighbourhood, row: Row) -> bool:
    """Whether it was taken off a shelf: what leaves a stage was picked to it before."""
    if row.kind != Kind.SHIPMENT:
        return row.kind in TAKEN
    return not any(
        r.kind == Kind.PICK and r.quantity > 0 and r.key == row.key for r in n.papers.get(row.document, ())
    )


def _rare(row: Row) -> float:
    """How much a quantity that is found again says: single pieces are found missing everywhere."""
    size = abs(row.quantity)
    return -1.2 if size <= SCALE else 0.0 if size <= 3 * SCALE else 0.8 if size <= 12 * SCALE else 1.4


def _other_places(n: Neighbourhood) -> list[Stock]:
    """Where the item might have been taken from instead: other bins and other lots of the same kind."""
    here = n.here
    return [
        other
        for other in n.others
        if other.status == here.status and other.site == here.site and other.spot == here.spot
    ]


def _short_there(n: Neighbourhood) -> Iterator[Finding]:
    """A count found another bin or lot short of just what was taken here at once, or in a few takes."""
    found = n.corrected and [
        (other, back)
        for other in _other_places(n)
        for back in other.corrections
        if back.quantity < 0 and back.recorded >= n.subject.at - 20 * DAY
    ]
    if found:
        takes = [row for row in suspects(n)[:30] if _picked(n, row)]
        few = [row for row in n.inside if outgoing(row) and _picked(n, row)][:4]
        for other, back in found:
            row = next(
                (
                    r
                    for r in takes
                    if r.quantity == back.quantity and 0 <= back.recorded - r.recorded <= 45 * DAY
                ),
                None,
            )
            sums = [sum(r.quantity for r in few[:count]) for count in range(2, len(few) + 1)]
            pieces = n.exact and back.quantity == -n.missing and bool(few) and less_than_a_case(n)
            if row is None and back.quantity not in sums and not pieces:
                continue
            explained = -back.quantity
            yield Finding(
                "K2",
                (2.6 if row is not None else 2.2 if pieces else 1.0)
                + _rare(back)
                - (2.4 if n.here.begins and n.crossing_place == 0 else 0.0)
                + max(-1.5, fit(n, explained)),
                explained,
                (
                    movement(row if row is not None else few[0], "booked-here"),
                    movement(back, "corrected-there"),
                ),
                settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
                lift=((row.seq, row.recorded, 0),) if row is not None else (),
            )


def less_than_a_case(n: Neighbourhood) -> bool:
    """Whether less is missing than the smallest load that is carried here: pieces were taken, not moved."""
    loads = [r.quantity for r in n.here.rows if r.kind == Kind.TRANSFER_IN]
    sizes = factors(n)
    return bool(sizes) and n.missing < sizes[0] * SCALE <= max(loads, default=0)


def _lot_run_dry(n: Neighbourhood) -> Iterator[Finding]:
    """A lot that had run out was confirmed, while another one of the item was being taken from."""
    crossing = n.crossing
    if not n.here.lot or crossing is None or not _picked(n, crossing) or not n.crossing_place:
        return
    last = n.here.rows[n.crossing_place - 1]
    if n.here.balances[n.crossing_place - 1] != 0 or crossing.recorded - last.recorded < 7 * DAY:
        return
    takes = sum(1 for r in n.inside if outgoing(r))
    for other in _other_places(n):
        used = any(outgoing(r) and abs(r.recorded - crossing.recorded) <= 10 * DAY for r in other.rows)
        if other.lot == n.here.lot or not used or other.at(crossing.recorded) < -crossing.quantity:
            continue
        yield Finding(
            "K2",
            2.2
            + (0.8 if other.location == n.here.location else 0.0)
            + (0.5 if takes == 1 else -0.7)
            + max(-1.0, fit(n, -crossing.quantity)),
            -crossing.quantity,
            (
                movement(crossing, "had-run-out"),
                stock(other, "had-it", on_hand_quantity=other.at(crossing.recorded)),
            ),
            settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
            lift=((crossing.seq, crossing.recorded, 0),),
        )


def _other_lot(n: Neighbourhood, row: Row) -> Iterator[Finding]:
    """Confirmed on this lot, and another lot of the item came to the stage."""
    if not n.here.lot or row.kind != Kind.PICK or not row.document:
        return
    lots = {stock.key: stock for stock in (n.here, *n.others)}
    for staged in n.papers.get(row.document, ()):
        place = lots.get(staged.key)
        if (
            place is not None
            and staged.kind == Kind.PICK
            and staged.quantity == -row.quantity
            and staged.line == row.line
            and abs(staged.occurred - row.occurred) <= DAY // 4
            and place.lot != n.here.lot
        ):
            yield Finding(
                "K2",
                5.6 + max(-1.0, fit(n, -row.quantity)),
                -row.quantity,
                (movement(row, "confirmed-this-lot"), movement(staged, "staged-other-lot", lot=place.lot)),
                settle=Settle("look-in-bin", {"location": n.here.location, "lot": place.lot}),
                lift=((row.seq, row.recorded, 0),),
            )
            return


def _taken_here(n: Neighbourhood) -> Iterator[Finding]:
    """The other side of it: the book here is too high by what another bin is short of."""
    for other in n.others:
        for row in other.rows:
            if row.quantity != n.missing or row.kind not in TAKEN or row.recorded > n.subject.at:
                continue
            balance = other.at(row.recorded)
            if balance < 0 and n.subject.at - row.recorded <= 60 * DAY:
                yield Finding(
                    "K2",
                    1.2 + fit(n, row.quantity),
                    row.quantity,
                    (movement(row, "confirmed-there"), stock(other, "short-there", on_hand_quantity=balance)),
                    settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
                )
                return
