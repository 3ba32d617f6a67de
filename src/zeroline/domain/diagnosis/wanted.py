"""What more has to be read before the fingerprints of a shortage can tell: documents, company, counts."""

from __future__ import annotations

from collections import Counter

from zeroline.domain.diagnosis.neighbourhood import BROUGHT_IN, CORRECTIONS, Neighbourhood, Row
from zeroline.domain.diagnosis.papers import came_after
from zeroline.domain.diagnosis.strays import strays
from zeroline.domain.diagnosis.traces import late_rows, twins, wrong_counts
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind as Kind

_NEAR = 24
"""Rows of the key before the shortage whose documents are looked up."""


_SEVERAL_LEGS = frozenset({Kind.TRANSFER_OUT, Kind.PRODUCTION_RECEIPT, Kind.COMPONENT_ISSUE})
"""Kinds of rows whose documents book more than one item or place."""

_ONE_LEG = frozenset({Kind.RECEIPT, Kind.PUTAWAY})
"""Kinds of which, of stock that lies elsewhere, nothing more is to be learned from the document, unless it
lies there under another status: then it may be a return."""


def papers_wanted(n: Neighbourhood) -> tuple[str, ...]:
    """Numbers of the documents whose other rows and lines matter: those of the shortage and just before,
    transfers and production of the item, and receipts and orders that name it."""
    here = n.here.rows
    place = n.crossing_place
    numbers = {row.document for row in here[max(0, place - _NEAR) : place + 1]}
    loads = [row for row in here if row.kind == Kind.TRANSFER_IN and row.quantity > 0]
    numbers.update(row.document for row in loads[-3:] + loads[:3])
    numbers.update(wrong.row.document for wrong in wrong_counts(n)[:2])
    if n.root is not None:
        first = here.index(n.root)
        numbers.update(row.document for row in here[max(0, first - _NEAR // 2) : first + 6])
    numbers.update(row.document for row in n.inside[:_NEAR])
    numbers.update(row.document for row in late_rows(n))
    moments = [n.subject.at] + ([n.root.recorded] if n.root is not None else [])
    first = min(moments) - 45 * DAY
    for row in () if n.kinds.isdisjoint(_SEVERAL_LEGS) else n.all_rows:
        if row.kind not in _SEVERAL_LEGS or row.recorded < first:
            continue
        if row.kind != Kind.TRANSFER_OUT or row.recorded <= n.subject.at + DAY:
            numbers.add(row.document)
    numbers.update(
        stray.row.document
        for stray in strays(n)[:4]
        if stray.row.kind not in _ONE_LEG or stray.other.status != n.here.status
    )
    for line in n.lines:
        begun = line.kind == "production" and line.open and not line.done
        if line.due is None or any(
            abs(line.due - moment) <= (120 if begun else 60) * DAY for moment in moments
        ):
            numbers.add(line.number)
    numbers.discard("")
    return tuple(sorted(numbers))


def companions_wanted(n: Neighbourhood) -> tuple[Row, ...]:
    """Rows for which it matters what else the same source recorded around them: late ones, second bookings,
    what came after it had left, a back-dated crossing, receipts that take stock."""
    wanted = [row for row in late_rows(n) if row.lag >= 20 * MINUTE][:2]
    wanted += came_after(n)[:1]
    wanted += [twin.second for twin in twins(n)[-2:]]
    crossing = n.crossing
    if crossing is not None and crossing.timed and crossing.lag >= 6 * HOUR:
        wanted.append(crossing)
    wanted += [r for r in (*n.before[-12:], *n.inside[:12]) if r.quantity < 0 and r.kind in BROUGHT_IN][:2]
    return tuple({row.seq: row for row in wanted}.values())


def counts_in_doubt(n: Neighbourhood) -> Row | None:
    """The correction of which it matters whether the bin beside was counted instead."""
    wrong = wrong_counts(n)
    if wrong:
        return wrong[0].row
    crossing = n.crossing
    return crossing if not n.is_episode and crossing is not None and crossing.kind in CORRECTIONS else None


def part_wanted(n: Neighbourhood) -> int | None:
    """Where no plan names the orders of an item that is made: the component of which issues to orders without
    any output are to be looked for, because most of its own orders took it."""
    if not n.low or Kind.PRODUCTION_RECEIPT not in n.kinds or any(True for _ in n.lines_of("production")):
        return None
    orders = {row.document for row in n.all_rows if row.kind == Kind.PRODUCTION_RECEIPT and row.document}
    taken = Counter(
        part
        for number in orders
        for part in {r.item for r in n.papers.get(number, ()) if r.kind == Kind.COMPONENT_ISSUE}
    )
    return max(taken, key=lambda part: (taken[part], part), default=None)
