"""Where a fault looks for a place that will show: the books so far, by key, and what is still unspoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.movement import MovementKind
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import Books, Draft, Truth
from zeroline.simulator.world import SimulatedItem, World


@dataclass(slots=True)
class Scene:
    """The books before spoiling. ``keys`` holds each key's rows in book order as they were when clean."""

    world: World
    books: Books
    random: Random
    keys: dict[StockKey, list[Draft]] = field(init=False)
    documents: dict[str, list[Draft]] = field(init=False)
    items: dict[str, SimulatedItem] = field(init=False)
    _spoilt: set[StockKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys = self.books.by_key()
        self.documents = {}
        for draft in self.books.drafts:
            self.documents.setdefault(draft.document, []).append(draft)
        self.items = {item.item.code: item for item in self.world.items}

    @property
    def ends_at(self) -> int:
        """The last instant of the simulation."""
        return self.world.plan.ends_at

    def candidates(self, *kinds: MovementKind, incoming: bool) -> Iterator[Draft]:
        """Unspoilt rows of these kinds on ordinary bins, in random order, the last four weeks first."""
        rows = [
            draft
            for draft in self.books.drafts
            if draft.kind in kinds
            and (draft.quantity > 0) == incoming
            and draft.booked
            and self.is_bin(draft.key)
        ]
        self.random.shuffle(rows)
        recent = self.ends_at - self.random.choice((4, 25, 25, 90)) * DAY
        rows.sort(key=lambda draft: draft.occurred_at < recent)
        return (draft for draft in rows if draft.key not in self._spoilt)

    def family(self, key: StockKey) -> str:
        """Item class of the key's item."""
        return self.items[key.item].item.item_class

    def is_bin(self, key: StockKey) -> bool:
        """Whether the key lies in an ordinary bin, not at a dock, stage or the like."""
        return key.location.count("-") == 3

    def spoil(
        self, cause: str, rows: list[Draft], key: StockKey, quantity: int, note: str, *others: StockKey
    ) -> Truth:
        """Write down the truth and keep every key concerned from being spoilt again."""
        self._spoilt.update(row.key for row in rows)
        self._spoilt.update(others, (key,))
        return Truth(cause, key, quantity, tuple(row.reference() for row in rows), note)

    def free(self, key: StockKey) -> bool:
        """Whether no fault has touched the key yet."""
        return key not in self._spoilt

    def lowest_after(self, draft: Draft) -> int:
        """Lowest balance of the draft's key from the draft on (micro-units)."""
        balance, lowest, seen = 0, 1 << 62, False
        for row in self.keys[draft.key]:
            balance += row.quantity
            seen = seen or row is draft
            if seen:
                lowest = min(lowest, balance)
        return lowest

    def missed_at(self, draft: Draft) -> Draft | None:
        """The row that would cross zero if ``draft`` (incoming) were not there, or None."""
        balance, seen = 0, False
        for row in self.keys[draft.key]:
            if row is draft:
                seen = True
                continue
            balance += row.quantity
            if seen and balance < 0:
                return row
        return None

    def missed(self, *kinds: MovementKind) -> Iterator[tuple[Draft, Draft]]:
        """Incoming rows that later rows depend on, each with the first row that would go below zero."""
        for draft in self.candidates(*kinds, incoming=True):
            crossing = self.missed_at(draft)
            if crossing is not None:
                yield draft, crossing

    def strained(self, *kinds: MovementKind, factor: int = 2) -> Iterator[Draft]:
        """Outgoing rows whose key goes below zero if ``factor`` times the quantity is taken."""
        for draft in self.candidates(*kinds, incoming=False):
            if self.lowest_after(draft) + draft.quantity * (factor - 1) < 0:
                yield draft

    def partners(self, draft: Draft) -> list[Draft]:
        """Booked rows of the same document and item."""
        return [
            row
            for row in self.documents[draft.document]
            if row.key.item == draft.key.item and row.booked and row.document
        ]

    def another_bin(self, key: StockKey) -> StockKey | None:
        """The same item and lot in another of its home bins, unspoilt."""
        item = self.items[key.item]
        codes = [code for code in item.bins[key.location[0]] if code != key.location]
        keys = [StockKey(key.item, code, key.lot, key.status) for code in codes]
        keys = [other for other in keys if other not in self._spoilt]
        return self.random.choice(keys) if keys else None

    def another_item(self, key: StockKey, least: int) -> StockKey | None:
        """A key of another item at the same site whose book later falls below ``least``, unspoilt."""
        names = [
            other
            for other in self.keys
            if other.location[0] == key.location[0]
            and other.item != key.item
            and self.is_bin(other)
            and other not in self._spoilt
        ]
        self.random.shuffle(names)
        for other in names[:200]:
            rows = self.keys[other]
            if sum(row.quantity for row in rows) < least:
                return other
        return None

    def hours(self, low: float, high: float) -> int:
        """A span of time between low and high hours, in µs."""
        return int(self.random.uniform(low, high) * HOUR)


Fault = Callable[[Scene], Truth | None]
