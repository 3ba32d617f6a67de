"""Where a fault looks for a place that will show: the books so far, by key, and what is still unspoilt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import exp, log
from random import Random

from zeroline.domain.instant import DAY, HOUR, MINUTE, SECOND
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Books, Draft, Pages
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.operations.noise import Message, messages
from zeroline.simulator.papers import Paper
from zeroline.simulator.world import COUNTERS, SimulatedItem

_MOST = 1500  # rows looked at for one fault


@dataclass(slots=True)
class Scene:
    """The books while they are spoilt. A fault tries changes, and either commits or undoes them."""

    floor: Floor
    pages: Pages
    random: Random
    items: dict[str, SimulatedItem] = field(init=False)
    messages: list[Message] = field(init=False)
    focus: StockKey | None = None  # the one key where to look, spoilt or not
    _jobs: dict[int, list[Draft]] = field(init=False)
    _kinds: dict[tuple[MovementKind, bool], list[Draft]] = field(init=False)
    _keys_at: dict[str, list[StockKey]] = field(init=False)
    _undo: list[tuple[Draft, dict[str, object] | None]] = field(default_factory=list)
    _counts: list[Draft] = field(default_factory=list)
    _moved: list[tuple[StockKey, int, int]] = field(default_factory=list)
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

    # where to look

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

    # what to do

    def change(self, row: Draft, **changes: object) -> None:
        """Rewrite a row."""
        self._undo.append((row, {name: getattr(row, name) for name in changes}))
        self.pages.change(row, **changes)

    def drop(self, row: Draft) -> None:
        """The row never reached the books."""
        self._undo.append((row, {"booked": True}))
        self.pages.drop(row)

    def repeat(self, row: Draft, **changes: object) -> Draft:
        """The books get a further row like this one."""
        made = self.pages.repeat(row, **changes)
        self._undo.append((made, None))
        return made

    def happen(self, key: StockKey, quantity: int, at: int) -> bool:
        """Stock truly came or went unseen; False where there is not enough for it at any later time."""
        if self.books.least(key, at) + quantity < 0:
            return False
        self.books.happen(key, quantity, at)
        self._moved.append((key, at, quantity))
        return True

    def postpone(self, rows: list[Draft], until: int) -> None:
        """Record rows one after the other from an instant on."""
        for row in rows:
            self.change(row, recorded_at=max(row.recorded_at, until))
            until += self.random.randrange(1, 90) * SECOND

    def resize(self, row: Draft, quantity: int) -> None:
        """Another quantity, entered in base units unless it comes out even in the row's own unit."""
        size = row.quantity // row.entered_quantity if row.entered_quantity else 1
        if size and quantity % size == 0:
            self.change(row, quantity=quantity, entered_quantity=quantity // size)
        else:
            unit = self.item(row.key).item.base_unit
            self.change(row, quantity=quantity, entered_quantity=quantity, entered_unit=unit)

    def shows(self) -> bool:
        """Whether a key that was changed is below zero at some moment before the end."""
        return any(self._crosses(key) for key in {key for key, _, _ in self.pages.log})

    def crossing(self, key: StockKey) -> Draft | None:
        """The row that takes a key below zero first."""
        balance = 0
        for row in self.pages.rows(key):
            balance += row.quantity
            if balance < 0:
                return row
        return None

    def crossed(self) -> list[StockKey]:
        """The changed keys that are below zero at some moment."""
        return sorted(key for key in {key for key, _, _ in self.pages.log} if self._crosses(key))

    def _crosses(self, key: StockKey) -> bool:
        row = self.crossing(key)
        return row is not None and row.recorded_at < self.ends_at

    def undo(self) -> None:
        """Take back all that was tried."""
        for row, before in reversed(self._undo):
            if before is None:
                self.pages.drop(row)
            elif before == {"booked": True}:
                self.pages.enter(row)
            else:
                self.pages.change(row, **before)
        for key, at, quantity in self._moved:
            self.books.happened[key].remove((at, quantity))
            self.books.shelf[key] -= quantity
        self._clear()

    def commit(
        self,
        cause: str,
        key: StockKey,
        quantity: int,
        rows: list[Draft],
        note: str,
        only: list[StockKey] | None = None,
    ) -> Committed:
        """Write down the truth and keep every key concerned (``only`` some) from being spoilt again."""
        self._forget_counts()
        made = Committed(cause, key, quantity, rows, note, list(self.pages.log), list(self._counts))
        concerned = made.touched() | {key for key, _, _ in self._moved} if only is None else set(only)
        self._spoilt |= concerned | {key}
        self._clear()
        return made

    def _clear(self) -> None:
        self._undo.clear()
        self._counts.clear()
        self._moved.clear()
        self.pages.log.clear()

    def _forget_counts(self) -> None:
        """Counts that would have met the trouble were not made: what they found when clean is not so."""
        log = [(key, moment, quantity) for key, moment, quantity in self.pages.log]
        log += [(key, (at, 0), -quantity) for key, at, quantity in self._moved]
        for key in {key for key, _, _ in log}:
            for row in list(self.pages.rows(key)):
                if row.kind is MovementKind.COUNT_CORRECTION and row not in self._counts:
                    wrong = sum(
                        quantity for name, moment, quantity in log if name == key and moment <= row.moment
                    )
                    if wrong:
                        self.pages.drop(row)

    # counts by the other system

    def reveal(self, key: StockKey, since: int, low: float = 4, high: float = 300) -> Draft | None:
        """Count a key some hours after ``since``, when nothing is on its way, and correct the books."""
        for _ in range(12):
            at = since + self.span(low, high)
            if at + 2 * HOUR < self.ends_at and self.quiet(key, at):
                return self.count(key, at, self.books.lay_at(key, at))
        return None

    def quiet(self, key: StockKey, at: int) -> bool:
        """Whether all that happened by then is recorded and the other way round."""
        return all((row.occurred_at <= at) == (row.recorded_at <= at) for row in self.pages.rows(key))

    def count(self, key: StockKey, at: int, counted: int, lag: int | None = None) -> Draft:
        """A count by somebody of the site, corrected as the other system does it: counted − book."""
        user = self.random.choice(COUNTERS[key.location[0]])
        quantity = counted - self.pages.balance(key, at)
        made = self.repeat(
            self.books.drafts[0], key=key, quantity=quantity, kind=MovementKind.COUNT_CORRECTION,
            occurred_at=at,
            recorded_at=at + (self.random.randrange(120, 3600) * SECOND if lag is None else lag),
            document=self.floor.numbers.unused("count", at), line=str(self.random.randrange(1, 4)),
            user=user, source="wms", entered_quantity=quantity,
            entered_unit=self.item(key).item.base_unit, task=self.books.task(), override=False,
        )  # fmt: skip
        self._counts.append(made)
        return made

    def correct(self, made: Committed, others: list[Committed]) -> None:
        """Count what a fault left wrong, some days later, and bring the book to the shelf."""
        for key in sorted(made.touched()):
            since = max(moment[0] for name, moment, _ in made.log if name == key)
            if self.books.lay_at(key, since) == self.pages.balance(key, since):
                continue
            crossing = self.crossing(key)
            if crossing is not None:
                since = max(since, crossing.recorded_at)
            if not self.is_bin(key):  # stage and dock are cleared soon
                soon = (6, 60) if self.random.random() < 0.85 else None
            elif self.random.random() < (0.4 if key == made.key else 0.2):
                soon = (8, 240)
            else:
                soon = None
            if soon is None:
                continue
            count = self.reveal(key, since, *soon)
            if count is not None:
                for other in others:
                    if other.effect(key, count.moment):
                        other.counts.append(count)
                        other.log.append((key, count.moment, count.quantity))
            self._clear()

    # magnitudes

    def span(self, low: float, high: float) -> int:
        """A span of time between low and high hours, short ones more often, in µs."""
        return int(exp(self.random.uniform(log(low), log(high))) * HOUR)

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


Fault = Callable[[Scene], Committed | None]
