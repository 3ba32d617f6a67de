"""What all work on the floor shares: the agenda, numbers of documents, lots, and what lies where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from zeroline.domain.instant import DAY, SECOND
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import Books
from zeroline.simulator.papers import Papers
from zeroline.simulator.world import SimulatedItem, World

# document: (first number, digits) by kind and site; a series now and then skips a number
_SERIES = {
    "purchase N": ("45", 7600),
    "purchase S": ("46", 3100),
    "sale": ("SO", 71_400),
    "web": ("W", 240_100),
    "transfer": ("TR", 30_700),
    "move": ("MV-", 9_100),
    "production": ("MO/", 5_200),
    "return": ("RMA-", 12_300),
    "supplier return": ("RTV", 880),
    "count": ("ZL", 4_400),
    "scrap": ("SC-", 610),
    "restock": ("RS", 2_200),
}


@dataclass(slots=True)
class Numbers:
    """Document numbers by series. ``gaps``: numbers that were drawn and never used, with their instant."""

    random: Random
    last: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    def next(self, series: str, at: int) -> str:
        """The next number of a series."""
        prefix, first = _SERIES[series]
        number = self.last.get(series, first) + 1
        while self.random.random() < 0.06:
            self.gaps[series].append((at, f"{prefix}{number:06d}"))
            number += 1
        self.last[series] = number
        return f"{prefix}{number:06d}"

    def unused(self, series: str, at: int) -> str:
        """The unused number of a series nearest to an instant; the next one where there is none."""
        gaps = self.gaps[series]
        if not gaps:
            return self.next(series, at)
        place = min(range(len(gaps)), key=lambda place: abs(gaps[place][0] - at))
        return gaps.pop(place)[1]


@dataclass(slots=True)
class Floor:
    """The floor of all sites. ``lots``: item → lot → when it ends."""

    world: World
    random: Random
    books: Books
    papers: Papers
    numbers: Numbers
    start: int
    lots: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    _live: dict[tuple[str, str], list[StockKey]] = field(default_factory=lambda: defaultdict(list))
    _agenda: list[tuple[int, int, Callable[[int], None]]] = field(default_factory=list)
    _entries: int = 0

    def at(self, when: int, act: Callable[[int], None]) -> None:
        """Something will be done at an instant or within the minute after it; it is told when."""
        when = -(-when // SECOND) * SECOND + self.random.randrange(60) * SECOND
        self._entries += 1
        heappush(self._agenda, (when, self._entries, act))

    def work(self, until: int) -> None:
        """Do everything due before ``until`` in the order of time."""
        while self._agenda and self._agenda[0][0] < until:
            when, _, act = heappop(self._agenda)
            act(when)

    def day(self, at: int) -> int:
        """The day of the plan, from 0."""
        return (at - self.start) // DAY

    def new_lot(self, item: SimulatedItem, at: int) -> str:
        """The lot of a delivery or a report, '' where the item has none."""
        if not item.lot_tracked:
            return ""
        lots = self.lots[item.item.code]
        lot = f"L{self.random.randrange(26000, 27000)}{len(lots):02d}"
        lots[lot] = at + self.random.randrange(35, 150) * DAY
        return lot

    def usable(self, key: StockKey, at: int) -> bool:
        """Whether the lot has not expired."""
        return not key.lot or self.lots[key.item][key.lot] > at

    def known(self, key: StockKey, letter: str) -> None:
        """From now on the key is looked at for stock."""
        keys = self._live[key.item, letter]
        if key not in keys:
            keys.append(key)

    def stock(self, item: SimulatedItem, letter: str, at: int) -> list[StockKey]:
        """Available keys in bins with something on the shelf: oldest lot first, then the pick bin."""
        bins, lots = item.bins.get(letter, []), self.lots[item.item.code]
        shelf = self.books.shelf
        keys = [key for key in self._live[item.item.code, letter] if shelf[key] > 0 and self.usable(key, at)]
        if len(keys) > 1:
            keys.sort(
                key=lambda key: (
                    lots.get(key.lot, 0),
                    bins.index(key.location) if key.location in bins else 9,
                )
            )
        return keys

    def on_hand(self, item: SimulatedItem, letter: str, at: int) -> int:
        """How much of an item can be used at a site."""
        shelf = self.books.shelf
        return sum(
            shelf[key] for key in self._live[item.item.code, letter] if shelf[key] and self.usable(key, at)
        )

    def everywhere(self) -> Iterator[tuple[SimulatedItem, str, StockKey]]:
        """All keys in bins that ever had stock."""
        items = {item.item.code: item for item in self.world.items}
        for (code, letter), keys in list(self._live.items()):
            for key in list(keys):
                yield items[code], letter, key

    def quiet(self, key: StockKey, at: int) -> bool:
        """Whether all that happened to the key is in the books."""
        return self.books.recorded.get(key, 0) <= at

    def pieces(self, *counts: int) -> int:
        """One of these counts, in micro-units."""
        return self.random.choice(counts) * SCALE
