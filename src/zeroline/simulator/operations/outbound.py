"""Goods go out: order lines are picked, staged and shipped; an empty pick bin is replenished first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import units
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.papers import Paper
from zeroline.simulator.world import DRIVERS, PICKERS, SimulatedItem


@dataclass(frozen=True, slots=True)
class _Line:
    item: SimulatedItem
    letter: str
    wanted: int
    number: str
    line: str
    due_at: int
    partner: str
    made_at: int


@dataclass(slots=True)
class Outbound:
    """Fills the orders. Lines that wait for goods are picked as soon as these are on the shelf."""

    floor: Floor
    waiting: dict[tuple[str, str], list[_Line]] = field(default_factory=lambda: defaultdict(list))

    def order(self, items: list[SimulatedItem], at: int) -> None:
        """A customer orders some items of one site; rush orders are picked at once."""
        floor, random = self.floor, self.floor.random
        letter = random.choice(list(items[0].bins))
        web = random.random() < 0.35
        number = floor.numbers.next("web" if web else "sale", at)
        partner = f"Customer {random.randrange(100, 999)}"
        rush = random.random() < 0.06
        due = at - at % DAY + (20 * HOUR if rush else random.randrange(1, 3) * DAY + 18 * HOUR)
        for place, item in enumerate(items, 1):
            if letter not in item.bins:
                continue
            wanted = random.choice((1, 1, 2, 3, 4, 5, 6, 8, 10, item.case_size, item.case_size * 2))
            line = _Line(item, letter, units(wanted), number, f"{place}0", due, partner, at)
            delay = random.randrange(3, 15) if rush else random.randrange(20, 150)
            floor.at(at + delay * MINUTE, lambda when, line=line: self.fill(line, when))  # type: ignore[misc]

    def fill(self, line: _Line, at: int) -> None:
        """Pick a line from the oldest stock; replenish the pick bin, or wait, where there is none."""
        floor, random = self.floor, self.floor.random
        stock = floor.stock(line.item, line.letter, at)
        if not stock:
            if random.random() < 0.8:
                self.waiting[line.item.item.code, line.letter].append(line)
            return
        face = line.item.bins[line.letter][0]
        key = stock[0]
        if key.location != face and random.random() < 0.6:
            quantity = min(units(line.item.case_size * 2), floor.books.shelf[key])
            there = StockKey(key.item, face, key.lot)
            self.move(line.item, key, there, quantity, at, random.choice(PICKERS[line.letter]))
            floor.at(at + random.randrange(9, 25) * MINUTE, lambda when: self.fill(line, when))
            return
        lies = floor.books.shelf[key]
        if lies < line.wanted and len(stock) > 1:  # the rest from the next bin or lot, or all from another
            if random.random() < 0.5:
                self._split(line, key, lies, at)
                return
            key = max(stock, key=lambda other: (floor.books.shelf[other] >= line.wanted, other == key))
        elif lies >= line.wanted >= units(4) and line.wanted % units(2) == 0 and random.random() < 0.03:
            self._split(line, key, line.wanted // 2, at)
            return
        self.pick(line, key, at)

    def _split(self, line: _Line, key: StockKey, first: int, at: int) -> None:
        """Pick a line in two trips, some minutes apart."""
        self.pick(replace(line, wanted=first), key, at)
        rest = replace(line, wanted=line.wanted - first)
        self.floor.at(at + self.floor.random.randrange(1, 9) * MINUTE, lambda when: self.fill(rest, when))

    def pick(self, line: _Line, key: StockKey, at: int) -> None:
        """Take what there is of a line, and ship it an hour or three later."""
        floor, random, books = self.floor, self.floor.random, self.floor.books
        quantity = min(line.wanted, books.shelf[key])
        paper = floor.papers.lines.get((line.number, line.line))
        if paper is not None:
            paper.quantity += quantity
        else:
            paper = Paper(
                "order", line.number, line.line, line.item.item.code, key.location,
                quantity, line.due_at, line.partner, "erp", line.made_at,
            )  # fmt: skip
            floor.papers.write(paper)
        if quantity < line.wanted and random.random() < 0.5:  # the rest is cancelled
            paper.quantity, paper.closed_at = line.wanted, at + DAY
        stage = StockKey(key.item, floor.world.place(line.letter, "STAGE"), key.lot)
        unit, factor, task = line.item.item.base_unit, 1, books.task()
        if quantity % units(line.item.case_size) == 0 and random.random() < 0.3:
            unit, factor = line.item.pack, line.item.case_size
        staged = books.post(
            [(key, -quantity), (stage, quantity)], MovementKind.PICK, at, task=task, document=line.number,
            line=line.line, user=random.choice(PICKERS[line.letter]), unit=unit, factor=factor,
        )[1]  # fmt: skip
        driver = random.choice(DRIVERS)

        def ship(later: int) -> None:
            books.post(
                [(stage, -quantity)], MovementKind.SHIPMENT, later, task=task, document=line.number,
                line=line.line, user=driver, source="erp", unit=line.item.item.base_unit,
                lag=random.randrange(30, 900),
            )  # fmt: skip

        floor.at(max(at + random.randrange(HOUR, 3 * HOUR), staged.recorded_at), ship)

    def supplied(self, item: SimulatedItem, letter: str, at: int) -> None:
        """Goods have come: what waits for them is picked within minutes."""
        for line in self.waiting.pop((item.item.code, letter), ()):
            wait = self.floor.random.randrange(5, 40) * MINUTE
            self.floor.at(at + wait, lambda when, line=line: self.fill(line, when))  # type: ignore[misc]

    def move(
        self,
        item: SimulatedItem,
        here: StockKey,
        there: StockKey,
        quantity: int,
        at: int,
        user: str,
        transit: int = 0,
    ) -> None:
        """Both legs of a transfer under one number and line; ``transit`` µs where it goes by road."""
        floor, books = self.floor, self.floor.books
        letter, unit, task = there.location[0], item.item.base_unit, books.task()
        number = floor.numbers.next("transfer" if transit else "move", at)
        span = transit or floor.random.randrange(2, 7) * MINUTE
        floor.papers.write(
            Paper(
                "transfer", number, "1", item.item.code, there.location, quantity,
                at + span + (DAY if transit else HOUR), "", "wms", at,
            )
        )  # fmt: skip
        books.post(
            [(here, -quantity)], MovementKind.TRANSFER_OUT, at, task=task, document=number, line="1",
            user=user, unit=unit,
        )  # fmt: skip

        def arrive(later: int) -> None:
            books.post(
                [(there, quantity)], MovementKind.TRANSFER_IN, later, task=task, document=number, line="1",
                user=user, unit=unit,
            )  # fmt: skip
            floor.known(there, letter)
            if transit:
                self.supplied(item, letter, later)

        floor.at(at + span, arrive)

    def relocate(self, at: int) -> None:
        """A case or two from a reserve bin to another bin, or to the other site by road."""
        floor, random = self.floor, self.floor.random
        item = random.choice(floor.world.items)
        letter = random.choice(list(item.bins))
        stock = floor.stock(item, letter, at)
        if not stock:
            return
        here = max(stock, key=lambda key: floor.books.shelf[key])
        quantity = min(units(item.case_size * random.randrange(1, 4)), floor.books.shelf[here])
        if len(item.bins) == 2 and random.random() < 0.6:
            away = "S" if letter == "N" else "N"
            there = StockKey(here.item, item.bins[away][0], here.lot)
            transit = random.choice((18, 20, 24, 42, 60, 90)) * HOUR + random.randrange(90) * MINUTE
            self.move(item, here, there, quantity, at, random.choice(DRIVERS), transit)
        elif len(item.bins[letter]) > 1:
            code = random.choice([code for code in item.bins[letter] if code != here.location])
            there = StockKey(here.item, code, here.lot)
            self.move(item, here, there, quantity, at, random.choice(PICKERS[letter]))

    def spread(self, count: int) -> list[int]:
        """Line counts of orders that sum up to ``count``."""
        lines = []
        while count > 0:
            lines.append(min(count, self.floor.random.choices((1, 2, 3, 4), (50, 25, 15, 10))[0]))
            count -= lines[-1]
        return lines
