"""What went wrong in the same way around it: one slip is a person's, several within days are a system's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from zeroline.domain.diagnosis.neighbourhood import Neighbourhood, Row
from zeroline.domain.diagnosis.papers import paper_gaps
from zeroline.domain.diagnosis.traces import noted
from zeroline.domain.instant import DAY
from zeroline.domain.movement import MovementKind as Kind

COMPANY = 2 * DAY
"""How far apart rows may be that one defect spoilt (µs)."""

_STILL_MOVING = 4 * DAY
"""A transfer that left so shortly before the end of the ledger may still arrive."""


@noted
def lone_legs(n: Neighbourhood) -> tuple[Row, ...]:
    """Transfers that took the item from another place and never arrived anywhere; they may have been for
    this one."""
    if Kind.TRANSFER_OUT not in n.kinds:
        return ()
    at = n.subject.at
    found = []
    for other in n.others:
        for leg in other.rows:
            if leg.kind != Kind.TRANSFER_OUT or leg.quantity >= 0 or leg.recorded > at + DAY:
                continue
            if n.begun - leg.recorded > 30 * DAY or not leg.document:
                continue
            paper = n.papers.get(leg.document, ())
            if not paper or _arrived(paper):
                continue
            lines = [line for line in n.lines if line.number == leg.document]
            here = any(line.location == n.here.location for line in lines)
            if here or all(line.location in ("", other.location) for line in lines):
                found.append(leg)
    return tuple(found)


@noted
def tenfold(n: Neighbourhood) -> tuple[Row, ...]:
    """Picks of just ten times what was shipped: a key held too long, or a decimal point."""
    return tuple(gap.row for gap in paper_gaps(n)[:4] if gap.times(10))


@noted
def brought_too_much(n: Neighbourhood) -> tuple[tuple[Row, int], ...]:
    """The same seen from the stage: (row, what left) where ten times as much came, or a hundred or more."""
    found = []
    for row in () if n.low else reversed(n.since_count[-60:]):
        if row.kind != Kind.PICK or row.quantity <= 0 or not row.document:
            continue
        rows = [r for r in n.papers.get(row.document, ()) if r.key == row.key and r.line == row.line]
        left = -sum(r.quantity for r in rows if r.kind == Kind.SHIPMENT)
        if left > 0 and row.quantity in (10 * left, 100 * left, 1000 * left):
            found.append((row, left))
    return tuple(found)


def company_wanted(n: Neighbourhood) -> tuple[Row, ...]:
    """Rows of which it matters whether other documents of those days are wrong in the same way."""
    return (*lone_legs(n)[:2], *tenfold(n)[:2], *(row for row, _ in brought_too_much(n)[:2]))


def lost_too(n: Neighbourhood, leg: Row) -> tuple[Row, ...]:
    """Legs of other transfers of the same days that never arrived either, one a document."""
    until = n.until - _STILL_MOVING if n.until else leg.recorded
    return tuple(
        next(row for row in paper if row.kind == Kind.TRANSFER_OUT)
        for paper in _others(n, leg)
        if not _arrived(paper) and all(row.recorded <= until for row in paper)
    )


def tenfold_too(n: Neighbourhood, row: Row) -> tuple[Row, ...]:
    """Picks of other documents of those days that are ten times what was shipped, one a document."""
    found = []
    for paper in _others(n, row):
        taken: dict[tuple[int, str], list[Row]] = defaultdict(list)
        shipped: dict[tuple[int, str], int] = defaultdict(int)
        for other in paper:
            if other.kind == Kind.SHIPMENT:
                shipped[other.item, other.line] -= other.quantity
            elif other.kind == row.kind and other.quantity < 0:
                taken[other.item, other.line].append(other)
        shifted = (
            rows[0]
            for name, rows in taken.items()
            if -sum(r.quantity for r in rows) == 10 * shipped[name] != 0
        )
        found += [*shifted][:1]
    return tuple(found)


def _arrived(paper: Iterable[Row]) -> bool:
    return any(row.kind == Kind.TRANSFER_IN and row.quantity > 0 for row in paper)


def _others(n: Neighbourhood, row: Row) -> Iterable[list[Row]]:
    """The documents around a row that have a row like it, other than its own."""
    papers: Mapping[str, list[Row]] = defaultdict(list)
    for other in n.company.get(row.seq, ()):
        if other.document != row.document:
            papers[other.document].append(other)
    return [paper for paper in papers.values() if any(other.kind == row.kind for other in paper)]
