"""M: the stock is there, in another place or under another status than the book says."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.fingerprints.other_bin import less_than_a_case
from zeroline.domain.diagnosis.fingerprints.picking import planned_bin
from zeroline.domain.diagnosis.fingerprints.receiving import misplaced
from zeroline.domain.diagnosis.fingerprints.returns import is_return
from zeroline.domain.diagnosis.hypothesis import NEVER, Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood
from zeroline.domain.diagnosis.strays import Stray, elsewhere, least_left, mirrored, strays
from zeroline.domain.diagnosis.traces import (
    document,
    fit,
    for_production,
    gap,
    movement,
    outgoing,
    stock,
)
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind
from zeroline.domain.stock import StockStatus

_PUT = frozenset({Kind.PUTAWAY, Kind.PRODUCTION_RECEIPT, Kind.TRANSFER_IN})


def found(n: Neighbourhood) -> Iterator[Finding]:
    """M1: taken from a place where the book never had the item: misplaced stock that somebody found."""
    crossing = n.crossing
    if not n.low:
        yield from (finding for finding in _carried_off(n) if finding.cause == "M1")
        return
    if crossing is not None and not n.is_episode and n.here.begins and not n.crossing_place:
        yield Finding(
            "M1",
            4.2 + (0.8 if elsewhere(n) else 0.0),
            n.missing,
            (movement(crossing, "found-here"),),
            settle=Settle("count-here", {"location": n.here.location}),
        )
    if crossing is None or n.crossing_place or not n.here.begins or not outgoing(crossing):
        return
    times = {row.document or row.seq for row in n.inside if outgoing(row)}
    if crossing.kind not in (Kind.PICK, Kind.SHIPMENT, Kind.COMPONENT_ISSUE):
        return
    there = elsewhere(n)
    planned = planned_bin(n, crossing)
    strength = 3.0 + (0.8 if planned not in ("", n.here.location) else -1.2 if planned else 0.0)
    strength += (1.0 if there else -2.2) - (0.0, 0.0, 0.8, 2.8)[min(3, len(times))]
    back = next((row for other, _ in elsewhere(n, empty=True) if (row := mirrored(n, other))), None)
    strength += 2.0 if n.exact and back is not None else 0.0
    strength -= 1.5 if n.here.spot != "bin" else 0.0
    strength -= 1.0 if crossing.recorded - n.begins < 10 * DAY else 0.0
    supplied = n.closing is not None and n.closing.kind in BROUGHT_IN and gap(n, n.closing) <= DAY
    strength -= 1.5 if supplied else 0.0
    evidence = [movement(crossing, "never-there-before")]
    evidence += [stock(other, "had-it", on_hand_quantity=lies) for other, lies in there[:1]]
    evidence += [movement(back, "corrected-there")] if n.exact and back is not None else []
    yield Finding(
        "M1",
        strength,
        n.missing,
        tuple(evidence),
        settle=Settle("count-here", {"location": n.here.location}),
        lift=((crossing.seq, crossing.recorded, 0),),
    )


def moved(n: Neighbourhood) -> Iterator[Finding]:
    """M2: carried from bin to bin without a booking, then taken from the new one again and again."""
    if not n.low:
        yield from (finding for finding in _carried_off(n) if finding.cause == "M2")
        return
    yield from _never_booked(n)
    takes = [row for row in n.inside if outgoing(row)]
    taken = -sum(row.quantity for row in takes)
    least = min(n.missing, taken or n.missing)
    bins = [place for row in takes if (place := planned_bin(n, row))]
    single = any(-row.quantity == n.missing for row in (*takes, *n.before) if outgoing(row))
    in_loads = (n.exact or bool(n.floor)) and _in_such_loads(n)
    too_small = n.exact and less_than_a_case(n)
    new = n.here.begins and not n.crossing_place
    always = 0.6 + (0.9 if len(takes) >= 2 else -0.8)
    if new:
        always += (-1.0, -1.0, -1.0, 1.4, 2.0, 2.6)[min(5, len(takes))]
    always += 1.5 if in_loads else -2.0 if too_small else 0.0
    feeders = frozenset() if too_small or for_production(n) else fed_from(n)
    best, likeliest = NEVER, None
    for other, lies in elsewhere(n, empty=True):
        back = mirrored(n, other) if n.corrected else None
        if lies < least and back is None and new and len(takes) > 2:
            piled = min(least, other.at(takes[-1].recorded))  # it goes on being put away there
            lies = max(lies, piled)
        if lies < least and back is None and not (lies > 0 and new and len(takes) > 2):
            continue
        strength = always + min(2, bins.count(other.location))
        strength += 0.5 if other.left_until <= n.subject.at else -0.3
        if back is None:
            rest = least_left(n, other, lies)
            strength += 1.6 if rest == n.missing else -1.6 if rest < least else 0.0
        else:
            strength += 2.4 - (1.6 if single else 0.0)
        strength += 1.7 if other.key in feeders else 0.0
        strength += fit(n, n.missing if n.exact else lies) if back is not None or not n.exact else -0.4
        if strength > best:
            best, likeliest = strength, (other, lies, back)
    if likeliest is not None:
        other, lies, back = likeliest
        explained = n.missing if n.exact else lies
        grew = back is None and lies > other.at(n.subject.at)
        evidence = [
            stock(
                other,
                "piled-up-there" if grew else "had-it" if back is None else "had-it-in-the-book",
                on_hand_quantity=lies,
            )
        ]
        evidence += [movement(back, "corrected-there")] if back is not None else []
        evidence += [movement(row, "taken-here") for row in takes[:2]]
        yield Finding(
            "M2",
            best,
            explained,
            tuple(evidence),
            settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
            lift=((0, n.subject.at - 1, explained),),
        )


def fed_from(n: Neighbourhood) -> frozenset[int]:
    """Keys that transfers bring this place its stock from, where a good part of it comes by transfer."""
    came = [r for r in n.here.rows if r.quantity > 0 and r.kind not in CORRECTIONS]
    loads = [r for r in came if r.kind == Kind.TRANSFER_IN]
    if len(loads) < 2 or len(loads) * 10 < len(came) * 3:
        return frozenset()
    return frozenset(
        leg.key
        for load in loads
        for leg in n.papers.get(load.document, ())
        if leg.quantity < 0 and leg.item == load.item
    )


def _in_such_loads(n: Neighbourhood) -> bool:
    """Whether transfers bring just this quantity here."""
    amount = n.missing if n.exact else n.floor
    return any(r.kind == Kind.TRANSFER_IN and r.quantity == amount for r in n.here.rows)


def _never_booked(n: Neighbourhood) -> Iterator[Finding]:
    """A transfer to this place was ordered, and neither of its legs was ever booked."""
    for line in n.lines_of("transfer"):
        if line.location != n.here.location or not line.open or line.done or n.papers.get(line.number):
            continue
        if line.due is None or not -2 * DAY <= n.subject.at - line.due <= 30 * DAY:
            continue
        yield Finding(
            "M2",
            4.0 + fit(n, line.quantity),
            line.quantity,
            (document(line, "open-transfer"),),
            settle=Settle("look-at-paper", {"document": line.number}),
            lift=((0, min(line.due, n.subject.at) - 1, line.quantity),),
        )


def _carried_off(n: Neighbourhood) -> Iterator[Finding]:
    """The other side: too little here, and another bin went below zero or was corrected up by as much."""
    for other in n.others:
        if other.lot != n.here.lot or other.status != n.here.status or other.location == n.here.location:
            continue
        for row, balance in zip(other.rows, other.balances, strict=True):
            up = row.kind in CORRECTIONS and row.quantity == -n.missing
            if up and abs(row.recorded - n.subject.at) <= 20 * DAY:
                new = other.begins and row is other.rows[0]
                yield Finding(
                    "M1" if new else "M2",
                    (3.8 if new else 1.8) + fit(n, n.missing),
                    n.missing,
                    (movement(row, "corrected-there"), stock(other, "over-there", on_hand_quantity=balance)),
                    settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
                )
                return


def put_away_wrongly(n: Neighbourhood) -> Iterator[Finding]:
    """M3: put away here, booked on another bin, where it still stands in the book."""
    here = n.here
    if not n.low:
        return
    best = NEVER
    for stray in strays(n):
        row, other = stray.row, stray.other
        if row.kind not in _PUT or other.status != here.status or other.lot != here.lot:
            continue
        if other.location == here.location or other.spot != here.spot or other.site != here.site:
            continue
        strength = misplaced(n, stray) + (0.3 if row.kind == Kind.PUTAWAY else -0.6)
        if strength <= best:
            continue
        best = strength
        yield Finding(
            "M3",
            strength,
            row.quantity,
            (
                movement(row, "booked-elsewhere", location=other.location),
                stock(other, "lies-there", on_hand_quantity=stray.lies),
            ),
            settle=Settle("look-in-bin", {"location": other.location, "lot": other.lot}),
            lift=((0, row.recorded, row.quantity),),
        )


def wrong_status(n: Neighbourhood) -> Iterator[Finding]:
    """M4: it lies in this very bin, under another status (or owner) in the book."""
    here = n.here
    if not n.low:
        return
    for stray in strays(n):
        row, other = stray.row, stray.other
        if other.status == here.status:
            continue
        if is_return(n, row):
            yield from _still_held(n, stray)
            continue
        if other.location != here.location or other.lot != here.lot:
            continue
        lines = [line for line in n.lines_of("receipt") if line.number == row.document]
        yield Finding(
            "M4",
            3.2 + misplaced(n, stray) / 2 + fit(n, row.quantity) / 2,
            row.quantity,
            (
                movement(row, "booked-as", status=other.status),
                stock(other, "lies-there", on_hand_quantity=stray.lies),
                *(document(line, "ordered") for line in lines[:1]),
            ),
            settle=Settle("look-at-status", {"location": other.location, "status": other.status}),
            lift=((0, row.recorded, row.quantity),),
        )


def _still_held(n: Neighbourhood, stray: Stray) -> Iterator[Finding]:
    """What came back was held to be looked at and lies on the shelf again: nobody released it in the book."""
    here, row, other = n.here, stray.row, stray.other
    held = other.status in (StockStatus.ON_HOLD, StockStatus.QUARANTINE) and other.status != here.status
    if not held or other.location == here.location or (other.lot, other.site) != (here.lot, here.site):
        return
    yield Finding(
        "M4",
        0.4 + misplaced(n, stray) / 2 + fit(n, row.quantity) / 2,
        row.quantity,
        (
            movement(row, "still-held", status=other.status),
            stock(other, "lies-there", on_hand_quantity=stray.lies),
        ),
        settle=Settle("look-at-status", {"location": other.location, "status": other.status}),
        lift=((0, row.recorded, row.quantity),),
    )
