"""N: what customers sent back stands on the shelf, not in the book, or under another condition."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.fingerprints.receiving import misplaced
from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood, Row
from zeroline.domain.diagnosis.strays import strays
from zeroline.domain.diagnosis.traces import document, fit, movement, stock
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind


def not_recorded(n: Neighbourhood) -> Iterator[Finding]:
    """N1: a return was announced, stands on the shelf and was never booked."""
    if not n.low:
        yield from _sent_back_to_supplier(n)
        return
    yield from _inspected_without_arrival(n)
    for line in n.lines_of("return"):
        rows = [r for r in n.papers.get(line.number, ()) if r.kind == Kind.CUSTOMER_RETURN]
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


def _never_came(n: Neighbourhood, number: str) -> bool:
    """Whether nothing was ever booked in under the paper of a return."""
    came = any(r.kind == Kind.CUSTOMER_RETURN and r.quantity > 0 for r in n.papers.get(number, ()))
    return not came and any(line.number == number for line in n.lines_of("return"))


def _inspected_without_arrival(n: Neighbourhood) -> Iterator[Finding]:
    """Taken from where returns wait, under a return paper that never came in."""
    for age, row in enumerate(reversed(n.since_count[-12:])):
        if row.quantity < 0 and row.document and _never_came(n, row.document):
            line = next(line for line in n.lines_of("return") if line.number == row.document)
            yield Finding(
                "N1",
                5.0 - (0.4 if age else 0.0) + fit(n, -row.quantity),
                -row.quantity,
                (document(line, "return-not-booked"), movement(row, "crossed" if not age else "taken-on-it")),
                settle=Settle("look-at-paper", {"document": row.document}),
                lift=((0, row.occurred - 1, -row.quantity),),
            )
            return


def _sent_back_to_supplier(n: Neighbourhood) -> Iterator[Finding]:
    """The other way: goods went back to the supplier and nobody booked it."""
    for line in n.lines_of("return"):
        rows = [r for r in n.papers.get(line.number, ()) if r.kind == Kind.SUPPLIER_RETURN]
        if not line.outstanding or rows or (line.location and line.location != n.here.location):
            continue
        yield Finding(
            "N1",
            3.2 + fit(n, -line.outstanding),
            -line.outstanding,
            (document(line, "return-not-booked"),),
            settle=Settle("look-at-paper", {"document": line.number}),
        )


def is_return(n: Neighbourhood, row: Row) -> bool:
    """Whether a row books what a customer sent back, itself or in a later step of the same paper."""
    return row.kind == Kind.CUSTOMER_RETURN or (
        bool(row.document)
        and (
            any(r.kind == Kind.CUSTOMER_RETURN for r in n.papers.get(row.document, ()))
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
        if other.site != here.site or _never_came(n, row.document):
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
