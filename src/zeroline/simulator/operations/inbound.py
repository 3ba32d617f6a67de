"""Goods come in: purchase orders, deliveries in parts, dock and putaway, or straight into the bin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import units
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.operations.outbound import Outbound
from zeroline.simulator.papers import Paper
from zeroline.simulator.world import RECEIVERS, SimulatedItem


@dataclass(slots=True)
class Inbound:
    """Orders what runs short and brings it to the shelf."""

    floor: Floor
    outbound: Outbound
    pending: set[tuple[str, str]] = field(default_factory=set)

    def batch(self, item: SimulatedItem, at: int) -> int:
        """How much of an item is bought at once, in whole cases; more in the busy season."""
        season = 1 + 0.3 * self.floor.day(at) / self.floor.world.plan.days
        return units(item.case_size * max(2, round(item.speed * 480 * season)))

    def open(self, at: int) -> None:
        """Opening balances of all bins, carried over from the old system."""
        floor = self.floor
        for item in floor.world.items:
            for letter, codes in item.bins.items():
                for place, code in enumerate(codes):
                    key = StockKey(item.item.code, code, floor.new_lot(item, at))
                    share = floor.random.choice((0.5, 1, 1.5)) if place else 1
                    quantity = max(1, round(self.batch(item, at) * share / SCALE)) * SCALE
                    floor.books.post(
                        [(key, quantity)], MovementKind.OPENING, at, task=floor.books.task(),
                        document="OPENING", user="migration", source="erp", unit=item.item.base_unit,
                    )  # fmt: skip
                    floor.known(key, letter)

    def reorder(self, at: int) -> None:
        """Order what runs short: one purchase order a supplier and site."""
        floor = self.floor
        short: dict[tuple[str, str], list[SimulatedItem]] = defaultdict(list)
        for item in floor.world.items:
            for letter in item.bins:
                if (item.item.code, letter) in self.pending:
                    continue
                if floor.on_hand(item, letter, at) < self.batch(item, at) * 7 // 10:
                    short[item.supplier, letter].append(item)
        for (supplier, letter), items in short.items():
            for first in range(0, len(items), 4):
                self._order(supplier, letter, items[first : first + 4], at)

    def _order(self, supplier: str, letter: str, items: list[SimulatedItem], at: int) -> None:
        floor, random = self.floor, self.floor.random
        number = floor.numbers.next(f"purchase {letter}", at)
        due = at - at % DAY + random.randrange(2, 7) * DAY + 8 * HOUR
        parts = random.choices((1, 2, 3), (78, 16, 6))[0]
        arrivals = [due - 2 * HOUR + random.randrange(-8, 20) * HOUR // 2]
        while len(arrivals) < parts:
            arrivals.append(arrivals[-1] + random.randrange(20, 80) * HOUR)
        for place, item in enumerate(items, 1):
            self.pending.add((item.item.code, letter))
            cases = self.batch(item, at) // SCALE // item.case_size
            paper = floor.papers.write(
                Paper(
                    "receipt", number, f"{place}0", item.item.code, item.bins[letter][0],
                    units(cases * item.case_size), due, supplier, "erp", at,
                )
            )  # fmt: skip
            if random.random() < 0.03:  # the supplier delivers less, and purchasing closes the line
                cases = max(1, cases - random.randrange(1, 3))
                paper.closed_at = arrivals[-1] + random.randrange(20, 60) * HOUR
            elif random.random() < 0.02:  # or more, and it is taken
                cases += random.randrange(1, 3)
            portions = [cases // parts] * parts
            portions[-1] += cases % parts
            for number_of_part, portion in enumerate(portions, 1):
                arrival = arrivals[number_of_part - 1] + random.randrange(0, 40) * MINUTE
                if portion:
                    self._expect(
                        item, letter, portion * item.case_size, arrival, paper, number_of_part == parts
                    )

    def _expect(
        self, item: SimulatedItem, letter: str, count: int, when: int, paper: Paper, last: bool
    ) -> None:
        def arrive(at: int) -> None:
            if last:
                self.pending.discard((item.item.code, letter))
            self.receive(item, letter, units(count), at, paper)

        hour = when % DAY
        if not 5 * HOUR < hour < 20 * HOUR:  # nobody is at the gate at night
            when += (29 * HOUR - hour) % DAY + self.floor.random.randrange(0, 120) * MINUTE
        self.floor.at(when, arrive)

    def receive(self, item: SimulatedItem, letter: str, quantity: int, at: int, paper: Paper) -> None:
        """Goods come to the dock and are put away within an hour or two; or straight into the bin."""
        floor, random, books = self.floor, self.floor.random, self.floor.books
        lot, user, task = floor.new_lot(item, at), random.choice(RECEIVERS[letter]), books.task()
        face = StockKey(item.item.code, item.bins[letter][0], lot)
        empty = floor.on_hand(item, letter, at) <= units(item.case_size)
        reserve = random.choice(item.bins[letter])
        shelf = face if empty or random.random() < 0.3 else StockKey(item.item.code, reserve, lot)
        if item.dockless:
            books.post(
                [(shelf, quantity)], MovementKind.RECEIPT, at, task=task, document=paper.number,
                line=paper.line, user=user, unit=item.pack, factor=item.case_size,
            )  # fmt: skip
            floor.known(shelf, letter)
            self.outbound.supplied(item, letter, at)
            return
        dock = StockKey(item.item.code, floor.world.place(letter, "DOCK"), lot)
        (arrived,) = books.post(
            [(dock, quantity)], MovementKind.RECEIPT, at, task=task, document=paper.number, line=paper.line,
            user=user, source="erp", unit=item.pack, factor=item.case_size, lag=random.randrange(60, 1500),
        )  # fmt: skip

        def put_away(later: int) -> None:
            books.post(
                [(dock, -quantity), (shelf, quantity)], MovementKind.PUTAWAY, later, task=task,
                document=paper.number, line=paper.line, user=user, unit=item.pack, factor=item.case_size,
            )  # fmt: skip
            floor.known(shelf, letter)
            self.outbound.supplied(item, letter, later)

        floor.at(max(at + random.randrange(15 * MINUTE, 90 * MINUTE), arrived.recorded_at), put_away)
