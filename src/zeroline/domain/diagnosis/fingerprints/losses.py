"""L: the book has more than the shelf, and nothing was posted wrongly: it is gone."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, Neighbourhood
from zeroline.domain.diagnosis.traces import movement, outgoing, stock
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind


def damaged(n: Neighbourhood) -> Iterator[Finding]:
    """L1: broken and thrown away; some of the same accident was booked as scrap or damaged."""
    if n.low:
        return
    at = n.subject.at
    for row in n.all_rows:
        if row.kind == Kind.SCRAP and row.quantity < 0 and -2 * DAY <= at - row.recorded <= 45 * DAY:
            if row.recorded > at and row.quantity == n.missing:
                continue
            here = row.key == n.here.key
            apart = abs(at - row.recorded)
            near = 2.0 if apart <= 4 * DAY else 0.8 if apart <= 14 * DAY else 0.0
            yield Finding(
                "L1",
                (2.8 if here else 0.6) + near,
                n.missing,
                (movement(row, "scrapped"),),
                settle=Settle("ask-who", {"user": row.user, "document": row.document}),
            )
    for other in n.others:
        if other.status == "damaged" and other.location == n.here.location:
            yield Finding(
                "L1",
                1.6,
                n.missing,
                (stock(other, "damaged-there", on_hand_quantity=other.at(at)),),
                settle=Settle("look-at-status", {"location": other.location, "status": other.status}),
            )


def expired(n: Neighbourhood) -> Iterator[Finding]:
    """L3: an old lot that nobody takes from any more, while newer ones go, was counted at nothing."""
    if n.low or not n.here.lot:
        return
    rows = n.before
    came = [row for row in rows if row.quantity > 0 and row.kind in BROUGHT_IN | {Kind.OPENING}]
    last = max((row.recorded for row in rows if outgoing(row)), default=0)
    newer = [
        other
        for other in n.others
        if other.lot
        and other.lot != n.here.lot
        and any(outgoing(row) and row.recorded > last for row in other.rows)
    ]
    book = n.here.at(n.subject.at) - (n.crossing.quantity if n.crossing is not None else 0)
    empty = book + n.missing <= 0
    if not newer:
        return
    age = n.subject.at - (came[-1].recorded if came else n.begins)
    idle = n.subject.at - last if last else age
    strength = (
        2.4 + (1.8 if empty else -0.2) + (0.8 if idle > 14 * DAY else -0.4) + (0.4 if age > 45 * DAY else 0.0)
    )
    yield Finding(
        "L3",
        strength,
        n.missing,
        (
            *(movement(row, "old-lot", age_span=age) for row in came[-1:]),
            stock(newer[0], "newer-lot-goes", on_hand_quantity=newer[0].at(n.subject.at)),
        ),
        settle=Settle("look-at-expiry", {"lot": n.here.lot}),
    )


def unexplained(n: Neighbourhood) -> Iterator[Finding]:
    """L5: less was counted than the book has, and no record says why."""
    if n.low or n.is_episode:
        return
    evidence = (movement(n.crossing, "counted-less"),) if n.crossing is not None else ()
    needed = min(n.here.balances[n.crossing_place :], default=0) < 0
    yield Finding(
        "L5",
        2.6 - (1.6 if needed else 0.0),
        n.missing,
        evidence,
        settle=Settle("count-here", {"location": n.here.location}),
    )
