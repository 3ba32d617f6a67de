"""The simulated ledger while it is written: drafts that faults may still spoil, and the shelf's own truth."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from zeroline.domain.instant import SECOND
from zeroline.domain.movement import Movement, MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey

_SERIES = {"erp": "49{:08d}", "wms": "W{:07d}", "mes": "MES-{:06d}"}
Moment = tuple[int, int]
"""(recorded_at, order): where a draft stands in book order."""


@dataclass(slots=True, eq=False)
class Draft:
    """A movement that may still be spoilt. Taking it out of the books is ``booked = False``.

    ``task``: what was physically one job (a delivery, an order line, a transfer, a report) has one number.
    """

    order: int
    key: StockKey
    quantity: int
    kind: MovementKind
    occurred_at: int
    recorded_at: int
    document: str
    line: str
    user: str
    source: str
    entered_quantity: int
    entered_unit: str
    task: int
    override: bool = False
    booked: bool = True
    reference: str = ""  # the source's own id, given in the order of recording

    @property
    def moment(self) -> Moment:
        """Where it stands in book order."""
        return self.recorded_at, self.order


@dataclass(slots=True)
class Books:
    """Drafts in physical order as they happen, and what truly lies on each shelf."""

    random: Random
    drafts: list[Draft] = field(default_factory=list)
    shelf: dict[StockKey, int] = field(default_factory=lambda: defaultdict(int))
    happened: dict[StockKey, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    recorded: dict[StockKey, int] = field(default_factory=dict)
    tasks: int = 0

    def task(self) -> int:
        """The number of a new job."""
        self.tasks += 1
        return self.tasks

    def post(
        self,
        legs: Sequence[tuple[StockKey, int]],
        kind: MovementKind,
        at: int,
        *,
        task: int,
        document: str = "",
        line: str = "",
        user: str = "",
        source: str = "wms",
        unit: str = "EA",
        factor: int = 1,
        lag: int = 0,
    ) -> list[Draft]:
        """Something truly moved: signed micro-units by key, told by one message, entered in unit × factor."""
        recorded = at + (lag or self.random.randrange(5, 240)) * SECOND
        for key, _ in legs:
            recorded = max(recorded, self.recorded.get(key, 0) + SECOND)
        made = []
        for key, quantity in legs:
            self.recorded[key] = recorded
            draft = Draft(
                len(self.drafts) + 1, key, quantity, kind, at, recorded, document, line, user, source,
                *entered(quantity, unit, factor), task,
            )  # fmt: skip
            self.drafts.append(draft)
            self.shelf[key] += quantity
            self.happened[key].append((at, quantity))
            made.append(draft)
        return made

    def happen(self, key: StockKey, quantity: int, at: int) -> None:
        """Stock came or went and nobody told the books (signed micro-units)."""
        self.shelf[key] += quantity
        insort(self.happened[key], (at, quantity), key=lambda moved: moved[0])

    def copy(self, draft: Draft, **changes: object) -> Draft:
        """A further row that the books get and the shelf does not."""
        made: Draft = replace(draft, order=len(self.drafts) + 1, **changes)  # type: ignore[arg-type]
        self.drafts.append(made)
        return made

    def lay_at(self, key: StockKey, instant: int) -> int:
        """What truly lay there at an instant (µs), micro-units."""
        return sum(quantity for at, quantity in self.happened.get(key, ()) if at <= instant)

    def least(self, key: StockKey, since: int) -> int:
        """The least that truly lies there at ``since`` (µs) or later, micro-units."""
        lies, least = 0, None
        for at, quantity in self.happened.get(key, ()):
            if at > since and least is None:
                least = lies
            lies += quantity
            if least is not None:
                least = min(least, lies)
        return lies if least is None else least

    def number(self, until: int) -> list[Draft]:
        """The rows recorded by ``until`` in book order, each given its source's own id."""
        rows = sorted(
            (row for row in self.drafts if row.booked and row.recorded_at <= until),
            key=lambda row: row.moment,
        )
        told: dict[str, int] = defaultdict(int)
        for row in rows:
            told[row.source] += 1
            row.reference = _SERIES[row.source].format(told[row.source])
        return rows


def entered(quantity: int, unit: str, factor: int) -> tuple[int, str]:
    """The quantity in ``unit`` where it comes out even."""
    return (quantity // factor, unit) if quantity % factor == 0 else (quantity, unit)


def movement(row: Draft, number: int) -> Movement:
    """The row as its source would give it, ``number`` in its file."""
    return Movement(
        reference=row.reference,
        key=row.key,
        quantity=row.quantity,
        kind=row.kind,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        document=row.document,
        document_line=row.line,
        user=row.user,
        entered_quantity=row.entered_quantity,
        entered_unit=row.entered_unit,
        override=row.override,
        source=row.source,
        row=number,
    )


@dataclass(slots=True)
class Pages:
    """The booked rows of each key in book order, kept while rows are changed; ``log`` says what changed.

    The log holds (key, moment, quantity): an entry that was taken out has its quantity with the other sign.
    """

    books: Books
    by_key: dict[StockKey, list[Draft]] = field(default_factory=lambda: defaultdict(list))
    log: list[tuple[StockKey, Moment, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for row in sorted(self.books.drafts, key=lambda row: row.moment):
            if row.booked:
                self.by_key[row.key].append(row)

    def rows(self, key: StockKey) -> Sequence[Draft]:
        """Rows of a key in book order."""
        return self.by_key.get(key, ())

    def balance(self, key: StockKey, at: int) -> int:
        """Book balance with all that was recorded by ``at``."""
        return sum(row.quantity for row in self.rows(key) if row.recorded_at <= at)

    def lowest(self, key: StockKey, since: int, until: int | None = None) -> int:
        """Lowest book balance at ``since`` and after it (until ``until``)."""
        balance, lowest = 0, None
        for row in self.rows(key):
            if row.recorded_at > since and lowest is None:
                lowest = balance
            if until is not None and row.recorded_at > until:
                break
            balance += row.quantity
            if lowest is not None:
                lowest = min(lowest, balance)
        return balance if lowest is None else lowest

    def change(self, row: Draft, **changes: object) -> None:
        """Rewrite a booked row."""
        self.drop(row)
        for name, value in changes.items():
            setattr(row, name, value)
        self.enter(row)

    def drop(self, row: Draft) -> None:
        """Take a row out of the books."""
        self.by_key[row.key].remove(row)
        row.booked = False
        self.log.append((row.key, row.moment, -row.quantity))

    def repeat(self, row: Draft, **changes: object) -> Draft:
        """A further row in the books, like ``row`` but for the changes."""
        made = self.books.copy(row, booked=True, **changes)
        self.enter(made)
        return made

    def enter(self, row: Draft) -> None:
        """Put a row where it belongs in book order."""
        row.booked = True
        rows = self.by_key[row.key]
        rows.insert(bisect_right(rows, row.moment, key=lambda other: other.moment), row)
        self.log.append((row.key, row.moment, row.quantity))


def units(count: int) -> int:
    """Micro-units of a whole number of base units."""
    return count * SCALE
