"""A hundred and twenty clean days: receipts, picks, shipments, transfers, production, returns, counts.

Nothing here ever takes from a shelf what is not on it, and each key's rows are recorded in the order in
which they happened: without faults no balance is ever below zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.simulator.books import units
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.operations.inbound import Inbound
from zeroline.simulator.operations.making import Making
from zeroline.simulator.operations.outbound import Outbound
from zeroline.simulator.operations.upkeep import Upkeep
from zeroline.simulator.papers import Paper


@dataclass(slots=True)
class Operations:
    """Runs the days on a floor."""

    floor: Floor
    outbound: Outbound = field(init=False)
    inbound: Inbound = field(init=False)
    making: Making = field(init=False)
    upkeep: Upkeep = field(init=False)

    def __post_init__(self) -> None:
        floor = self.floor
        self.outbound = Outbound(floor)
        self.inbound = Inbound(floor, self.outbound)
        self.making = Making(floor, self.outbound, {item.item.code: item for item in floor.world.items})
        self.upkeep = Upkeep(floor)

    def run(self) -> None:
        """All days of the plan, then what stays open."""
        floor, plan = self.floor, self.floor.world.plan
        self.inbound.open(floor.start)
        totals = list(accumulate(item.speed for item in floor.world.items))
        last = plan.ends_at - HOUR - 10 * MINUTE  # what is done is in the books at the end
        for day in range(plan.days + 1):
            begin = floor.start + day * DAY
            self._plan(begin, self._busy(day, plan.order_lines_a_day), totals)
            floor.work(min(begin + DAY, last))
        self._expect()

    def _busy(self, day: int, mean: int) -> int:
        weekday = (0.95, 1.05, 1.0, 1.1, 1.2, 0.7, 0.4)[day % 7]
        season = 0.92 + 0.25 * (day / self.floor.world.plan.days) ** 2
        month_end = 1.15 if day % 30 > 26 else 1
        return round(mean * weekday * season * month_end * self.floor.random.uniform(0.9, 1.1))

    def _plan(self, begin: int, lines: int, totals: list[float]) -> None:
        """Put a day on the agenda."""
        floor, random, upkeep = self.floor, self.floor.random, self.upkeep
        items = floor.world.items

        def some(first: int, last: int, low: int, high: int) -> list[int]:
            return [
                begin + random.randrange(first * 60, last * 60) * MINUTE
                for _ in range(random.randrange(low, high))
            ]

        for count in self.outbound.spread(lines):
            chosen = random.choices(items, cum_weights=totals, k=count)
            wanted = list({item.item.code: item for item in chosen}.values())
            at = begin + random.randrange(6 * 60, 18 * 60) * MINUTE
            floor.at(at, lambda when, wanted=wanted: self.outbound.order(wanted, when))  # type: ignore[misc]
        for at in some(6, 14, 5, 12):
            floor.at(at, self.making.order)
        for at in some(7, 18, 3, 9):
            floor.at(at, self.outbound.relocate)
        for at in some(8, 16, 3, 8):
            floor.at(at, upkeep.send_back)
        for at in some(9, 17, 0, 2):
            floor.at(at, upkeep.return_to_supplier)
        for at in some(6, 20, 1, 4):
            floor.at(at, upkeep.break_something)
        for at in some(7, 19, 1, 4):
            floor.at(at, lambda when: upkeep.count(random.choice("NS"), when, 2))
        for letter in "NS":
            floor.at(
                begin + 21 * HOUR + random.randrange(90) * MINUTE,
                lambda when, letter=letter: upkeep.count(letter, when, 9),  # type: ignore[misc]
            )
        if floor.day(begin) % 3 == 2:
            floor.at(begin + 20 * HOUR + 30 * MINUTE, upkeep.expire)
        floor.at(begin + 19 * HOUR, self.inbound.reorder)

    def _expect(self) -> None:
        """Orders of the next days, not picked yet."""
        floor, random = self.floor, self.floor.random
        end, items = floor.world.plan.ends_at, floor.world.items
        for item in random.sample(items, min(90, len(items))):
            letter = random.choice(list(item.bins))
            made = end - random.randrange(1, 30) * HOUR
            floor.papers.write(
                Paper(
                    "order", floor.numbers.next("sale", made), "10", item.item.code,
                    item.bins[letter][0], units(random.randrange(1, 12)),
                    end + random.randrange(1, 5) * DAY, f"Customer {random.randrange(100, 999)}", "erp",
                    made,
                )
            )  # fmt: skip
