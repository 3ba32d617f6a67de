"""The simulated ledger while it is written: drafts that faults may still spoil, and the shelf's own truth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from random import Random

from zeroline.domain.instant import SECOND
from zeroline.domain.movement import Movement, MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey


@dataclass(slots=True, eq=False)
class Draft:
    """A movement that may still be spoilt. Removing it from the books is ``booked = False``."""

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
    override: bool = False
    booked: bool = True

    def reference(self) -> str:
        """The source system's own id."""
        return f"{self.source.upper()}{self.order:07d}"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an open document: quantity micro-units, of which ``done`` are done."""

    kind: str
    number: str
    line: str
    item: str
    location: str
    quantity: int
    done: int
    due_at: int
    partner: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What was really wrong: the cause, the key where it shows, the movements it spoilt."""

    cause: str
    key: StockKey
    quantity: int
    references: tuple[str, ...]
    note: str


@dataclass(slots=True)
class Books:
    """Drafts in physical order as they happen, and what truly lies on each shelf."""

    random: Random
    drafts: list[Draft] = field(default_factory=list)
    shelf: dict[StockKey, int] = field(default_factory=lambda: defaultdict(int))
    happened: list[tuple[int, StockKey, int]] = field(default_factory=list)
    _recorded: dict[StockKey, int] = field(default_factory=dict)
    _order: int = 0

    def move(
        self,
        key: StockKey,
        quantity: int,
        kind: MovementKind,
        at: int,
        *,
        document: str = "",
        line: str = "",
        user: str = "",
        source: str = "wms",
        unit: str = "EA",
        factor: int = 1,
        lag: int = 0,
    ) -> Draft:
        """Something truly moved: ``quantity`` micro-units of the base unit, entered in ``unit`` × factor."""
        recorded = max(
            at + (lag or self.random.randrange(5, 240)) * SECOND, self._recorded.get(key, 0) + SECOND
        )
        self._recorded[key] = recorded
        self._order += 1
        draft = Draft(
            self._order, key, quantity, kind, at, recorded, document, line, user, source,
            quantity // factor if quantity % factor == 0 else quantity,
            unit,
        )  # fmt: skip
        self.drafts.append(draft)
        self._happen(at, key, quantity)
        return draft

    def lose(self, key: StockKey, quantity: int, at: int) -> None:
        """Stock went from the shelf and nobody told the books (``quantity`` micro-units, above zero)."""
        self._happen(at, key, -quantity)

    def _happen(self, at: int, key: StockKey, quantity: int) -> None:
        self.shelf[key] += quantity
        self.happened.append((at, key, quantity))

    def copy(self, draft: Draft, **changes: object) -> Draft:
        """A second row that the books got and the shelf did not."""
        self._order += 1
        made: Draft = replace(draft, order=self._order, **changes)  # type: ignore[arg-type]
        self.drafts.append(made)
        return made

    def by_key(self) -> dict[StockKey, list[Draft]]:
        """Booked drafts of each key in book order."""
        keys: dict[StockKey, list[Draft]] = defaultdict(list)
        for draft in sorted(self.drafts, key=lambda row: (row.recorded_at, row.order)):
            if draft.booked:
                keys[draft.key].append(draft)
        return keys

    def movements(self, until: int) -> list[Movement]:
        """The ledger as the sources would give it: booked rows recorded by ``until``, in that order."""
        rows = sorted(
            (row for row in self.drafts if row.booked and row.recorded_at <= until),
            key=lambda row: (row.recorded_at, row.order),
        )
        return [
            Movement(
                reference=row.reference(),
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
            for number, row in enumerate(rows, 1)
        ]


def units(count: int) -> int:
    """Micro-units of a whole number of base units."""
    return count * SCALE
