"""N: what customers sent back stands on the shelf, not in the book, or under another condition."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.fingerprints.receiving import misplaced
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood, Row
from zeroline.domain.diagnosis.traces import document, fit, movement, stock, strays
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind


def not_recorded(n: Neighbourhood) -> Iterator[Finding]:
    """N1: a return was announced, stands on the shelf and was never booked."""
    if not n.low:
        return
    for line in n.lines_of("return"):
        rows = [r for r in n.papers.get(line.number, ()) if r.kind == Kind.CUSTOMER_RETURN.value]
        if not line.outstanding or rows:
            continue
        if line.due is not None and line.due > n.subject.at + DAY:
            continue
        if line.location and line.location != n.here.location:
            continue
        yield Finding(
            "N1",
            4.0 + (0.6 if line.location == n.here.location else 0.0) + fit(n, line.outstanding),
            line.outstanding,
            (document(line, "return-not-booked"),),
            settle=Settle("look-at-paper", {"document": line.number}),
            lift=((0, (line.due or n.subject.at) - 1, line.outstanding),),
        )


def is_return(n: Neighbourhood, row: Row) -> bool:
    """Whether a row books what a customer sent back, itself or in a later step of the same paper."""
    return row.kind == Kind.CUSTOMER_RETURN.value or (
        bool(row.document)
        and (
            any(r.kind == Kind.CUSTOMER_RETURN.value for r in n.papers.get(row.document, ()))
            or any(line.kind == "return" and line.number == row.document for line in n.lines)
        )
    )


def wrong_condition(n: Neighbourhood) -> Iterator[Finding]:
    """N2: a return was booked under another condition than it is picked in."""
    here = n.here
    if not n.low:
        return
    for stray in strays(n):
        row, other = stray.row, stray.other
        if other.status == here.status or other.lot != here.lot or not is_return(n, row):
            continue
        if other.site != here.site:
            continue
        near = other.location == here.location
        yield Finding(
            "N2",
            (3.4 if near else 1.4) + misplaced(n, stray) / 2 + fit(n, row.quantity) / 2,
            row.quantity,
            (
                movement(row, "returned-as", status=other.status),
                stock(other, "lies-there", on_hand_quantity=stray.lies),
            ),
            settle=Settle("look-at-status", {"location": other.location, "status": other.status}),
            lift=((0, row.recorded, row.quantity),),
        )
