"""What the papers of a shortage say against its rows: more picked than left, more taken than ordered, gone
before it came."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from zeroline.domain.diagnosis.neighbourhood import Line, Neighbourhood, Row
from zeroline.domain.diagnosis.traces import noted, suspects
from zeroline.domain.movement import MovementKind as Kind

_COMES_FIRST: dict[str, str] = {Kind.SHIPMENT: Kind.PICK, Kind.PUTAWAY: Kind.RECEIPT}
"""What has to be brought to a stage or a dock before it can leave it, under one line of a paper."""


@noted
def came_after(n: Neighbourhood) -> tuple[Row, ...]:
    """Rows recorded after what they were for had left, as their paper tells where no source tells the time:
    the pick of a line that was shipped, the receipt of one that was put away."""
    if not n.low or not n.is_episode or n.here.spot not in ("staging", "dock"):
        return ()
    left = {
        (row.document, row.line, _COMES_FIRST[row.kind]): row.recorded
        for row in n.inside
        if row.quantity < 0 and row.document and row.kind in _COMES_FIRST
    }
    return tuple(
        row
        for row in n.after
        if row.quantity > 0
        and not row.timed
        and left.get((row.document, row.line, row.kind), row.recorded) < row.recorded
    )


class Gap(NamedTuple):
    """A line of a paper of which another quantity was picked than left the building: its largest pick from
    the place, all of its picks from there, what they took together, how much of what left is theirs, and a
    shipment."""

    row: Row
    picks: tuple[Row, ...]
    picked: int
    shipped: int
    shipment: Row

    @property
    def over(self) -> int:
        """How much more was picked than left."""
        return self.picked - self.shipped

    @property
    def twice(self) -> bool:
        """Whether the surplus is a pick that stands there twice."""
        return sum(self.over == -r.quantity for r in self.picks) > 1

    def times(self, factor: Fraction | int) -> bool:
        """Whether so many times what left was picked, by all of the picks or by the largest alone."""
        largest = -self.row.quantity - self.over
        whole = self.shipped > 0 and self.picked == factor * self.shipped
        return whole or (largest > 0 and -self.row.quantity == factor * largest)

    @property
    def lift(self) -> tuple[tuple[int, int, int], ...]:
        """The picks as they would have been: the largest less the surplus, or what left shared among them."""
        row = self.row
        if self.over < -row.quantity:
            return ((row.seq, row.recorded, row.quantity + self.over),)
        return tuple((r.seq, r.recorded, r.quantity * self.shipped // self.picked) for r in self.picks)


@noted
def paper_gaps(n: Neighbourhood) -> tuple[Gap, ...]:
    """Lines whose shipment differs from what was picked, by their picks in doubt; a line once."""
    found: dict[tuple[str, str], Gap] = {}
    for row in suspects(n):
        if row.kind != Kind.PICK or not row.document or (row.document, row.line) in found:
            continue
        rows = [r for r in n.papers.get(row.document, ()) if r.item == row.item and r.line == row.line]
        picks = tuple(r for r in rows if r.kind == Kind.PICK and r.key == row.key and r.quantity < 0)
        elsewhere = [r.quantity for r in rows if r.kind == Kind.PICK and r.key != row.key and r.quantity < 0]
        shipments = [r for r in rows if r.kind == Kind.SHIPMENT and r.quantity < 0]
        largest = min(picks, key=lambda r: r.quantity, default=row)
        picked = -sum(r.quantity for r in picks)
        shipped = -sum(r.quantity for r in shipments) + sum(elsewhere)
        clear = not elsewhere or (largest.quantity < min(elsewhere) and 0 < shipped < picked)
        if shipments and picked > 0 and clear and shipped != picked:
            found[row.document, row.line] = Gap(largest, picks, picked, shipped, shipments[0])
    return tuple(found.values())


@noted
def order_gaps(n: Neighbourhood) -> tuple[tuple[Row, int, Line], ...]:
    """(row, ordered, line): outgoing rows larger than the whole order line they were for."""
    by_number: dict[str, list[Line]] = {}
    for line in n.lines_of("order"):
        by_number.setdefault(line.number, []).append(line)
    found = []
    for row in suspects(n):
        of_paper = by_number.get(row.document, [])
        of_line = [line for line in of_paper if line.line == row.line] or (
            of_paper if len(of_paper) == 1 else []
        )
        if of_line and 0 < of_line[0].quantity < -row.quantity:
            found.append((row, of_line[0].quantity, of_line[0]))
    return tuple(found)
