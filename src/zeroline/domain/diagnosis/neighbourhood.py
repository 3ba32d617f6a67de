"""What one shortage is read from: the ledger of its stock key, and all that has to do with it.

Plain values that storage fills and fingerprints read. Quantities are micro-units of the item's base unit,
instants µs since 1970 UTC. Nothing here knows how many cases there are: a neighbourhood is one shortage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, chain
from typing import Any, NamedTuple

from zeroline.domain.diagnosis.kept import kept
from zeroline.domain.diagnosis.usual import deciles
from zeroline.domain.movement import MovementKind as Kind

CORRECTIONS = frozenset({Kind.COUNT_CORRECTION, Kind.ADJUSTMENT})
"""Kinds that say what somebody found, not what moved."""

BROUGHT_IN = frozenset(
    {Kind.RECEIPT, Kind.PUTAWAY, Kind.TRANSFER_IN, Kind.PRODUCTION_RECEIPT, Kind.CUSTOMER_RETURN}
)
"""Kinds of documents that bring stock to a place."""


class Row(NamedTuple):
    """One movement as the ledger has it. ``entered`` micro-units of ``unit`` ('' when not told).

    ``timed``: the source told both when it happened and when it was recorded; else physical order is unknown.
    """

    seq: int
    key: int
    item: int
    quantity: int
    kind: str
    occurred: int
    recorded: int
    document: str
    line: str
    user: str
    source: str
    entered: int
    unit: str
    override: bool
    timed: bool
    reference: str

    @property
    def lag(self) -> int:
        """µs from happening to recording; 0 where only one of the two is known."""
        return self.recorded - self.occurred if self.timed else 0


class Line(NamedTuple):
    """One line of a document: what was ordered, announced or planned, and how much of it the books have.

    ``kind``: receipt, transfer, production, return, order; reservation. ``location`` '' means any.
    """

    id: int
    kind: str
    number: str
    line: str
    item: int
    item_code: str
    location: str
    lot: str
    quantity: int
    done: int
    open: bool
    due: int | None
    partner: str

    @property
    def outstanding(self) -> int:
        """Micro-units still to come; never below zero."""
        return max(0, self.quantity - self.done)


class Count(NamedTuple):
    """One count of a stock key that Zeroline holds. ``expected`` and ``counted`` micro-units."""

    id: int
    key: int
    at: int
    expected: int
    counted: int
    counter: str
    sheet: str


@dataclass(frozen=True, eq=False)
class Stock:
    """One stock key with its movements of the time looked at, in book order.

    ``before``: balance before the first of ``rows``; ``begins``: nothing moved before the first row.
    ``spot``: kind of the location (bin, dock, staging, production, transit, quarantine).
    """

    key: int
    item: int
    item_code: str
    location: str
    lot: str
    status: str
    spot: str
    zone: str
    site: str
    rows: tuple[Row, ...]
    before: int = 0
    begins: bool = True

    @kept
    def balances(self) -> tuple[int, ...]:
        """Book balance after each row."""
        return tuple(accumulate([row.quantity for row in self.rows], initial=self.before))[1:]

    @kept
    def corrections(self) -> tuple[Row, ...]:
        """Rows that say what somebody found."""
        return tuple([row for row in self.rows if row.kind in CORRECTIONS])

    @kept
    def came_again(self) -> frozenset[str]:
        """Kinds of which several rows brought stock."""
        came = [row.kind for row in self.rows if row.quantity > 0]
        return frozenset([kind for kind in came if came.count(kind) > 1])

    @kept
    def taking(self) -> tuple[tuple[int, Row], ...]:
        """Corrections and transfers that take stock away, each with its place among the rows."""
        return tuple(
            [
                (place, row)
                for place, row in enumerate(self.rows)
                if row.quantity < 0 and (row.kind in CORRECTIONS or "transfer" in row.kind)
            ]
        )

    @kept
    def left_until(self) -> int:
        """When stock was last taken away (µs), other than by a correction; 0: never in these rows."""
        for row in reversed(self.rows):
            if row.quantity < 0 and row.kind not in CORRECTIONS:
                return row.recorded
        return 0

    def at(self, recorded: int) -> int:
        """Book balance after everything recorded up to an instant (µs)."""
        rows = self.rows
        place = len(rows) - 1
        while place >= 0 and rows[place].recorded > recorded:
            place -= 1
        return self.balances[place] if place >= 0 else self.before

    @property
    def now(self) -> int:
        """Book balance after the last row."""
        return self.balances[-1] if self.rows else self.before


class SubjectKind(StrEnum):
    """What is to be explained."""

    EPISODE = "episode"
    VARIANCE = "variance"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be explained, at ``at`` (µs).

    ``crossing`` is the seq of the movement that took the book below zero, or of the count correction that
    showed a variance (0 where a count of Zeroline did, see ``count``); ``closing`` that which brought it
    back, None while open. ``depth``: lowest balance of an episode (negative), or the variance of a count
    (counted − expected).
    """

    kind: SubjectKind
    at: int
    crossing: int
    closing: int | None
    depth: int
    count: int = 0


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """One shortage and all around it. ``here`` is its key, ``others`` the item's other keys.

    ``papers``: rows of any item under the documents that ``here`` and ``others`` name, by document number ·
    ``lines``: document lines of the item, and the other lines of those documents · ``reserved``: reservations
    of the item that stand for a document · ``companions``: by seq of a late row, rows that the same source
    recorded around it · ``company``: by seq of a row that may be one of several spoilt, the rows of the
    documents that its source recorded in those days · ``units``: base units in one further unit ·
    ``counts``: counts of the item's keys · ``names``: item codes by id · ``lags``: by source and kind, the
    median and the ninth decile of how late its rows are recorded (µs), of a sample of the ledger ·
    ``large_units``: by source and kind, the share of that sample entered in a larger unit · ``mirrors``:
    corrections of other items by just the opposite of what was missing here, near in time · ``beside``: other
    items' stock in the bins next to this one, where a count is in doubt · ``begins``: first instant of the
    whole ledger · ``until``: the instant the ledger reaches to · ``forced``: how many of the ledger's newest
    stretches below zero began with a row that was forced, of how many.
    """

    subject: Subject
    here: Stock
    others: tuple[Stock, ...] = ()
    papers: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    reserved: tuple[Line, ...] = ()
    companions: Mapping[int, tuple[Row, ...]] = field(default_factory=dict)
    company: Mapping[int, tuple[Row, ...]] = field(default_factory=dict)
    units: Mapping[str, Fraction] = field(default_factory=dict)
    counts: tuple[Count, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    lags: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    large_units: Mapping[tuple[str, str], float] = field(default_factory=dict)
    mirrors: tuple[Row, ...] = ()
    beside: tuple[Stock, ...] = ()
    begins: int = 0
    until: int = 0
    forced: tuple[int, int] = (0, 0)

    def surrounded(self, **more: Any) -> Neighbourhood:
        """The same with more of ``papers``, ``lines``, ``companions`` … around it. What was found in the
        item's own rows is kept; what has to do with papers is to be asked for only when all are there."""
        near = object.__new__(Neighbourhood)
        near.__dict__.update(self.__dict__, **more)
        return near

    # --- where in the ledger

    @kept
    def crossing_place(self) -> int:
        """Index in ``here.rows`` of the crossing, or of the first row after a count; may be its length."""
        seq = self.subject.crossing
        for place, row in enumerate(self.here.rows):
            if row.seq == seq:
                return place
        return sum(row.recorded <= self.subject.at for row in self.here.rows)

    @kept
    def crossing(self) -> Row | None:
        """The movement that took the book below zero; None for a count of Zeroline's own."""
        place = self.crossing_place
        rows = self.here.rows
        return rows[place] if place < len(rows) and rows[place].seq == self.subject.crossing else None

    @kept
    def closing(self) -> Row | None:
        """The movement that brought it back; None while open and for variances."""
        seq = self.subject.closing
        return next((row for row in self.here.rows if row.seq == seq), None) if seq else None

    @kept
    def before(self) -> tuple[Row, ...]:
        """Rows of the key up to the crossing, the crossing included for an episode."""
        place = self.crossing_place
        return self.here.rows[: place + 1 if self.is_episode else place]

    @kept
    def trusted(self) -> int:
        """Index of the first row of the key after its last count before the crossing: until then the book
        was right, or the count itself was wrong. 0 where it was not counted."""
        place = self.crossing_place
        corrected = next(
            (
                before + 1
                for before in range(place - 1, -1, -1)
                if self.here.rows[before].kind == Kind.COUNT_CORRECTION
            ),
            0,
        )
        counted = max(
            (c.at for c in self.counts if c.key == self.here.key and c.at < self.subject.at), default=0
        )
        return max(corrected, sum(row.recorded <= counted for row in self.here.rows) if counted else 0)

    @kept
    def since_count(self) -> tuple[Row, ...]:
        """Rows from the last count up to the crossing, the crossing included for an episode."""
        return self.before[self.trusted :]

    @kept
    def root(self) -> Row | None:
        """The first movement since the last count that left the book below zero: an earlier stretch that no
        count has corrected goes on in the next one, and shows in the count that comes."""
        end = self.crossing_place + (1 if self.is_episode else 0)
        for place in range(self.trusted, min(end, len(self.here.rows))):
            if self.here.balances[place] < 0 and self.here.rows[place].quantity < 0:
                return self.here.rows[place]
        return None

    @property
    def begun(self) -> int:
        """When the shortage that was never corrected began (µs)."""
        return self.root.recorded if self.root else self.subject.at

    @kept
    def at_root(self) -> Neighbourhood | None:
        """The same seen from the first uncorrected stretch below zero, where that is an earlier one."""
        root = self.root
        if root is None or root.seq == self.subject.crossing or not self.low:
            return None
        rows, balances = self.here.rows, self.here.balances
        first = next(place for place, row in enumerate(rows) if row.seq == root.seq)
        depth, closing = balances[first], None
        for place in range(first, len(rows)):
            if balances[place] >= 0:
                closing = rows[place].seq
                break
            depth = min(depth, balances[place])
        earlier = replace(self, subject=Subject(SubjectKind.EPISODE, root.recorded, root.seq, closing, depth))
        earlier.__dict__.update((name, self.__dict__[name]) for name in _OF_ROWS if name in self.__dict__)
        return earlier

    @kept
    def inside(self) -> tuple[Row, ...]:
        """Rows of the key from the crossing to the closing, both included; to the end while open."""
        rows, place = self.here.rows, self.crossing_place
        if not self.is_episode:
            return ()
        closing = self.subject.closing
        for end in range(place, len(rows)):
            if rows[end].seq == closing:
                return rows[place : end + 1]
        return rows[place:]

    @kept
    def after(self) -> tuple[Row, ...]:
        """Rows of the key after the crossing."""
        return self.here.rows[self.crossing_place + 1 :]

    @property
    def is_episode(self) -> bool:
        """An episode, not a variance."""
        return self.subject.kind is SubjectKind.EPISODE

    # --- how much

    @kept
    def correction(self) -> Row | None:
        """The first correction after the crossing of an episode that added stock: what was found missing."""
        if not self.is_episode:
            return None
        return next((r for r in self.after if r.kind in CORRECTIONS and r.quantity > 0), None)

    @kept
    def missing(self) -> int:
        """Micro-units by which the book is too low (below zero: too high): the count's word where there is
        one, else the depth of the episode, which is the least it can be."""
        if not self.is_episode:
            return self.subject.depth
        return self.correction.quantity if self.correction is not None else -self.subject.depth

    @kept
    def floor(self) -> int:
        """Micro-units that are missing as the book itself tells: whenever the place is empty it shows the
        same balance below zero. 0 where it has not come back to its lowest since the shortage began."""
        begun = self.root or self.crossing
        if not self.is_episode or begun is None:
            return 0
        rows = self.here.rows
        lows: list[int] = []
        for place in range(rows.index(begun), len(rows)):
            if rows[place].kind in CORRECTIONS and rows[place].quantity:
                break
            taken = rows[place].quantity < 0
            if taken and (place + 1 == len(rows) or rows[place + 1].quantity > 0):
                lows.append(self.here.balances[place])
        lowest = min(lows, default=0)
        return -lowest if lowest < 0 and lows.count(lowest) > 1 else 0

    @kept
    def exact(self) -> bool:
        """Whether a count told how much is missing, not only the depth of the episode."""
        return not self.is_episode or self.correction is not None

    @property
    def low(self) -> bool:
        """The book is too low: more lies there than it says."""
        return self.missing > 0

    # --- what is usual

    @kept
    def all_rows(self) -> tuple[Row, ...]:
        """Rows of the item at every place."""
        return tuple(chain(self.here.rows, *[other.rows for other in self.others]))

    @kept
    def kinds(self) -> frozenset[str]:
        """Kinds of the item's rows: what none of them is need not be looked for."""
        return frozenset([row.kind for row in self.all_rows])

    @kept
    def corrected(self) -> bool:
        """Whether anything of the item was ever corrected in the time looked at."""
        return not self.kinds.isdisjoint(CORRECTIONS)

    @kept
    def usual_lags(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """µs: median and ninth decile of the lag by source and kind, of the item's own rows."""
        return deciles(((row.source, row.kind), row.lag) for row in self.all_rows if row.timed)

    def usual_lag(self, row: Row) -> int:
        """The median lag of rows like this one (µs)."""
        return self._lag(row)[0]

    def long_lag(self, row: Row) -> int:
        """The ninth decile of the lag of rows like this one (µs)."""
        return self._lag(row)[1]

    def tells_time(self, row: Row) -> bool:
        """Whether the source of a row says when things happened: one that never records anything later than
        it happened puts down the time of keying twice."""
        if not row.timed or row.lag:
            return row.timed
        name = (row.source, row.kind)
        if name in self.lags:
            return self.lags[name] != (0, 0)
        return any(other.lag for other in self.all_rows if (other.source, other.kind) == name)

    def _lag(self, row: Row) -> tuple[int, int]:
        name = (row.source, row.kind)
        return self.lags.get(name) or self.usual_lags.get(name, (0, 0))

    @kept
    def usual_sizes(self) -> Mapping[str, tuple[int, ...]]:
        """By kind: sizes of the item's outgoing or incoming rows, ascending (micro-units, unsigned)."""
        sizes: dict[str, list[int]] = {kind: [] for kind in self.kinds}
        for row in self.all_rows:
            sizes[row.kind].append(abs(row.quantity))
        return {kind: tuple(sorted(found)) for kind, found in sizes.items()}

    def lines_of(self, *kinds: str) -> Iterable[Line]:
        """Document lines of the item, of these kinds."""
        return (line for line in self.lines if line.item == self.here.item and line.kind in kinds)


_OF_ROWS = ("all_rows", "kinds", "corrected", "usual_lags", "usual_sizes")
"""What is the same whichever stretch of a neighbourhood is looked at."""
