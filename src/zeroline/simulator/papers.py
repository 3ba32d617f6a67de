"""Documents as the ERP and the WMS would export them: what was ordered, and what the books say was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zeroline.domain.movement import MovementKind as Kind
from zeroline.simulator.books import Draft

# kind of document: the kind of movement that does it, with the sign of doing
_DONE_BY = {
    "receipt": (Kind.RECEIPT, 1),
    "order": (Kind.SHIPMENT, -1),
    "transfer": (Kind.TRANSFER_IN, 1),
    "return": (Kind.CUSTOMER_RETURN, 1),
}
PRODUCT = "0"
"""The line of a production order that names the product; the others name its components."""

_Done = Mapping[tuple[str, str, Kind], int]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of a document: quantity micro-units, of which ``done`` are done by the books."""

    kind: str  # receipt, transfer, production, return, order
    number: str
    line: str
    item: str
    location: str
    quantity: int
    done: int
    due_at: int
    partner: str
    state: str  # open, closed
    source: str
    made_at: int


@dataclass(slots=True)
class Paper:
    """A line of a document as it was written. ``closed_at``: somebody closed it though not all was done."""

    kind: str
    number: str
    line: str
    item: str
    location: str
    quantity: int
    due_at: int
    partner: str
    source: str
    made_at: int
    closed_at: int | None = None
    lost: bool = False  # nobody ever wrote it

    def done(self, moved: _Done) -> int:
        """How much of it is done where ``moved`` is what the books have by document, line and kind."""
        kind, sign = _DONE_BY.get(self.kind, (Kind.COMPONENT_ISSUE, -1))
        if self.kind == "production" and self.line == PRODUCT:
            kind, sign = Kind.PRODUCTION_RECEIPT, 1
        return max(0, sign * moved.get((self.number, self.line, kind), 0))

    def closed(self, done: int, until: int) -> bool:
        """Whether it is finished or was closed by ``until``."""
        return done >= self.quantity or (self.closed_at is not None and self.closed_at <= until)


@dataclass(slots=True)
class Papers:
    """All documents by number and line."""

    lines: dict[tuple[str, str], Paper] = field(default_factory=dict)

    def write(self, paper: Paper) -> Paper:
        """A new line of a document."""
        self.lines[paper.number, paper.line] = paper
        return paper

    def export(self, rows: Iterable[Draft], until: int) -> list[DocumentLine]:
        """The lines written by ``until``, done as ``rows`` (booked) have it.

        The lines of a production order are closed with its product.
        """
        moved: dict[tuple[str, str, Kind], int] = defaultdict(int)
        for row in rows:
            moved[row.document, row.line, row.kind] += row.quantity
        exported = []
        for paper in self.lines.values():
            if paper.made_at > until or paper.lost:
                continue
            decides = paper
            if paper.kind == "production":
                decides = self.lines[paper.number, PRODUCT]
            state = "closed" if decides.closed(decides.done(moved), until) else "open"
            exported.append(
                DocumentLine(
                    paper.kind, paper.number, paper.line, paper.item, paper.location, paper.quantity,
                    paper.done(moved), paper.due_at, paper.partner, state, paper.source, paper.made_at,
                )
            )  # fmt: skip
        return exported
