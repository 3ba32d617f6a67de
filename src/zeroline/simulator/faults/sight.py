"""What a fault sees of the books: rows by kind, job and key, neighbours and relatives, what is unspoilt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp, log
from random import Random

from zeroline.domain.instant import DAY, HOUR, MINUTE, SECOND
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import Books, Draft, Pages
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.operations.noise import Message, messages
from zeroline.simulator.papers import Paper
from zeroline.simulator.world import SimulatedItem

_MOST = 1500  # rows looked at for one fault


@dataclass(slots=True)
class Sight:
    """The books, seen from where a fault looks for its place."""

    floor: Floor
    pages: Pages
    random: Random
    items: dict[str, SimulatedItem] = field(init=False)
    messages: list[Message] = field(init=False)
    focus: StockKey | None = None  # the one key where to look, spoilt or not
    _jobs: dict[int, list[Draft]] = field(init=False)
    _kinds: dict[tuple[MovementKind, bool], list[Draft]] = field(init=False)
    _keys_at: dict[str, list[StockKey]] = field(init=False)
    _spoilt: set[StockKey] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pages.log.clear()
        self.items = {item.item.code: item for item in self.floor.world.items}
        self.messages = sorted(messages(self.pages), key=lambda message: message[0].moment)
        self._jobs, self._kinds = defaultdict(list), defaultdict(list)
        for row in self.books.drafts:
            self._jobs[row.task].append(row)
            if self.is_bin(row.key):
                self._kinds[row.kind, row.quantity > 0].append(row)
        self._keys_at = defaultdict(list)
        for key in sorted(self.pages.by_key):
            self._keys_at[key.location].append(key)

    @property
    def books(self) -> Books:
        """The books that are spoilt."""
        return self.pages.books

    @property
    def ends_at(self) -> int:
        """The last instant of the simulation."""
        return self.floor.world.plan.ends_at

    def is_bin(self, key: StockKey) -> bool:
        """Whether the key lies in an ordinary bin, not at a dock, stage or the like."""
        return key.location.count("-") == 3

    def free(self, key: StockKey) -> bool:
        """Whether no fault has touched the key yet (or the scene is focused on it)."""
        return key not in self._spoilt or key == self.focus

    def candidates(self, *kinds: MovementKind, incoming: bool) -> Iterator[Draft]:
        """Rows of these kinds on ordinary bins whose whole job is unspoilt, in random order.

        They lie between the first days and the last, most with some days of aftermath.
        """
        first = self.floor.start + 3 * DAY
        last = self.ends_at - self.random.choice((8 * HOUR, 2 * DAY, 6 * DAY, 6 * DAY, 12 * DAY))
        rows = [row for kind in kinds for row in self._kinds[kind, incoming]]
        if self.focus is not None:
            rows = [row for row in rows if row.key == self.focus]
        for row in self.random.sample(rows, min(_MOST, len(rows))):
            early = row.occurred_at < first and row.kind is not MovementKind.OPENING
            if not early and row.recorded_at < last and row.booked and self.untouched(row):
                yield row

    def untouched(self, row: Draft) -> bool:
        """Whether all rows of its job are booked on free keys."""
        return all(part.booked and self.free(part.key) for part in self._jobs[row.task])

    def job(self, row: Draft, *kinds: MovementKind) -> list[Draft]:
        """Booked rows of the same job (of these kinds), in the order they happened."""
        return [part for part in self._jobs[row.task] if part.booked and (not kinds or part.kind in kinds)]

    def message(self, row: Draft) -> list[Draft]:
        """The rows that were told together with ``row``."""
        return [part for part in self.job(row, row.kind) if part.occurred_at == row.occurred_at]

    def missed_at(self, draft: Draft, less: int | None = None) -> Draft | None:
        """The later row that would cross zero if ``less`` of ``draft`` (all of it) were not there."""
        balance, seen = -(draft.quantity if less is None else less), False
        for row in self.pages.rows(draft.key):
            balance += row.quantity
            if seen and balance < 0:
                return row
            seen = seen or row is draft
        return None

    def missed(self, *kinds: MovementKind) -> Iterator[tuple[Draft, Draft]]:
        """Incoming rows that later rows depend on, each with the first row that would go below zero."""
        for draft in self.candidates(*kinds, incoming=True):
            crossing = self.missed_at(draft)
            if crossing is not None:
                yield draft, crossing

    def strained(self, *kinds: MovementKind, more: float = 1) -> Iterator[Draft]:
        """Outgoing rows whose key goes below zero if so many times their quantity goes out in addition."""
        for draft in self.candidates(*kinds, incoming=False):
            if self.pages.lowest(draft.key, draft.recorded_at) + draft.quantity * more < 0:
                yield draft

    def item(self, key: StockKey) -> SimulatedItem:
        """The item of a key."""
        return self.items[key.item]

    def paper(self, row: Draft) -> Paper | None:
        """The line of the document that a row belongs to."""
        return self.floor.papers.lines.get((row.document, row.line))

    def other_bins(self, key: StockKey) -> list[StockKey]:
        """The same stock in other bins, unspoilt: the item's own, then the neighbours; shuffled."""
        own = [code for code in self.item(key).bins[key.location[0]] if code != key.location]
        near = self.neighbours(key.location, 2)
        found = [StockKey(key.item, code, key.lot, key.status) for code in [*own, *own, *near]]
        self.random.shuffle(found)
        return [other for other in found if self.free(other)]

    def neighbours(self, location: str, reach: int) -> list[str]:
        """The bins beside a bin."""
        bins = self.floor.world.bins[location[0]]
        place = bins.index(location)
        return [code for code in bins[max(0, place - reach) : place + reach + 1] if code != location]

    def other_items(self, key: StockKey) -> list[StockKey]:
        """Unspoilt keys of other items at the site: neighbouring bins and the same family; shuffled."""
        family = self.item(key).item.item_class
        near = [other for code in self.neighbours(key.location, 3) for other in self._keys_at[code]]
        kin = [
            StockKey(other.item.code, code, lot)
            for other in self.floor.world.items
            if other.item.item_class == family
            for code in other.bins.get(key.location[0], ())[:1]
            for lot in [self.newest_lot(other.item.code)]
        ]
        found = [other for other in near + kin if other.item != key.item and self.free(other)]
        self.random.shuffle(found)
        return found

    def kin(self, key: StockKey, other: StockKey) -> bool:
        """Whether both are of one family."""
        return self.item(key).item.item_class == self.item(other).item.item_class

    def beside(self, key: StockKey) -> list[StockKey]:
        """Keys in the bins directly beside, unspoilt; shuffled."""
        found = [other for code in self.neighbours(key.location, 1) for other in self._keys_at[code]]
        found = [other for other in found if self.free(other) and other.status == key.status]
        self.random.shuffle(found)
        return found

    def walk(self, key: StockKey) -> list[StockKey]:
        """Other keys that are passed when this one is counted; shuffled."""
        places = [key.location]
        if self.is_bin(key):
            places += self.neighbours(key.location, 4)
        found = [other for place in places for other in self._keys_at[place] if other != key]
        self.random.shuffle(found)
        return found

    def deliveries(self, item: str, letter: str) -> list[Draft]:
        """The rows that brought deliveries of an item into the bins of a site."""
        return [
            row
            for kind in (MovementKind.PUTAWAY, MovementKind.RECEIPT)
            for row in self._kinds[kind, True]
            if row.key.item == item and row.key.location[0] == letter and row.booked
            and (paper := self.paper(row)) is not None and paper.kind == "receipt"
        ]  # fmt: skip

    def issues(self, item: str) -> list[Draft]:
        """The rows that took an item into production."""
        return [row for row in self._kinds[MovementKind.COMPONENT_ISSUE, False] if row.key.item == item]

    def colleague(self, row: Draft) -> str:
        """The user of the row, or somebody who does the same work at the site."""
        others = {
            other.user
            for other in self._kinds[row.kind, row.quantity > 0][:300]
            if other.key.location[0] == row.key.location[0]
        }
        return self.random.choice([row.user, *sorted(others)])

    def newest_lot(self, item: str) -> str:
        """A lot of the item, '' where it has none."""
        return self.random.choice([*self.floor.lots[item]] or [""])

    # magnitudes

    def span(self, low: float, high: float) -> int:
        """A span of time between low and high hours, short ones more often, in µs."""
        return int(exp(self.random.uniform(log(low), log(high))) * HOUR) // SECOND * SECOND

    def daytime(self, at: int) -> int:
        """The instant, or the next morning where it falls into the night."""
        hour = at % DAY
        if 5 * HOUR <= hour < 22 * HOUR:
            return at
        return at + (29 * HOUR - hour) % DAY + self.minutes(10, 150)

    def minutes(self, low: int, high: int) -> int:
        """A span of time between low and high minutes, to the second, in µs."""
        return self.random.randrange(low * MINUTE, high * MINUTE) // SECOND * SECOND

    def part(self, quantity: int, low: float, high: float) -> int:
        """A part of a quantity in whole units, one at least (micro-units)."""
        return max(SCALE, int(quantity * self.random.uniform(low, high)) // SCALE * SCALE)

    def mistyped(self, quantity: int) -> int:
        """What comes out when the quantity is typed wrong: a zero too many, a digit twice, two swapped."""
        digits = str(abs(quantity) // SCALE)
        ways = [digits + "0", digits + digits[-1], digits[0] + digits]
        if len(digits) > 1:
            ways += [digits[:-1], digits[:-2] + digits[-1] + digits[-2], digits[1] + digits[0] + digits[2:]]
        ways = [way for way in ways if int(way) not in (0, int(digits))]
        wrong = int(self.random.choice(ways)) * SCALE
        return wrong if quantity > 0 else -wrong
