"""Returns, damage, lots that expire, and cycle counts that find little."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.instant import DAY, HOUR, SECOND
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey, StockStatus
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.papers import Paper
from zeroline.simulator.world import COUNTERS, PICKERS, RECEIVERS, SimulatedItem


@dataclass(slots=True)
class Upkeep:
    """Keeps the shelves in order."""

    floor: Floor

    def send_back(self, at: int) -> None:
        """A customer announces a return; most of them come: to the shelf, or first to quarantine."""
        floor, random = self.floor, self.floor.random
        item = random.choice(floor.world.items)
        letter = random.choice(list(item.bins))
        stock = floor.stock(item, letter, at)
        if not stock:
            return
        key, quantity = stock[0], floor.pieces(1, 1, 2, 3, 4, 6)
        number = floor.numbers.next("return", at)
        arrival = at + random.randrange(10, 120) * HOUR
        paper = floor.papers.write(
            Paper(
                "return", number, "1", item.item.code, key.location, quantity, arrival + DAY,
                f"Customer {random.randrange(100, 999)}", "erp", at,
            )
        )  # fmt: skip
        if random.random() < 0.93:
            straight = random.random() < 0.5
            floor.at(
                arrival, lambda when: self._take_back(item, letter, key, quantity, when, paper, straight)
            )

    def _take_back(
        self,
        item: SimulatedItem,
        letter: str,
        key: StockKey,
        quantity: int,
        at: int,
        paper: Paper,
        straight: bool,
    ) -> None:
        floor, random, books = self.floor, self.floor.random, self.floor.books
        user, unit, task = random.choice(RECEIVERS[letter]), item.item.base_unit, books.task()
        quarantine = StockKey(
            key.item, floor.world.place(letter, "QUAR"), key.lot, StockStatus.QUARANTINE.value
        )
        (row,) = books.post(
            [(key if straight else quarantine, quantity)], MovementKind.CUSTOMER_RETURN, at, task=task,
            document=paper.number, line="1", user=user, unit=unit,
        )  # fmt: skip
        if straight:
            return
        good = random.random() < 0.75

        def judge(later: int) -> None:
            if good:
                books.post(
                    [(quarantine, -quantity), (key, quantity)], MovementKind.PUTAWAY, later, task=task,
                    document=paper.number, line="1", user=user, unit=unit,
                )  # fmt: skip
                floor.known(key, letter)
            else:
                books.post(
                    [(quarantine, -quantity)], MovementKind.SCRAP, later, task=task,
                    document=paper.number, line="1", user=user, unit=unit,
                )  # fmt: skip

        floor.at(max(at + random.randrange(4, 40) * HOUR, row.recorded_at), judge)

    def return_to_supplier(self, at: int) -> None:
        """A case goes back to its supplier."""
        self._take_out(at, MovementKind.SUPPLIER_RETURN, "supplier return")

    def break_something(self, at: int) -> None:
        """Pieces are broken in a bin and booked as scrap at once."""
        self._take_out(at, MovementKind.SCRAP, "scrap")

    def _take_out(self, at: int, kind: MovementKind, series: str) -> None:
        floor, random = self.floor, self.floor.random
        item = random.choice(floor.world.items)
        letter = random.choice(list(item.bins))
        stock = floor.stock(item, letter, at)
        if not stock:
            return
        whole = kind is MovementKind.SUPPLIER_RETURN
        quantity = floor.pieces(item.case_size) if whole else floor.pieces(1, 1, 2, 3, 5)
        floor.books.post(
            [(stock[0], -min(quantity, floor.books.shelf[stock[0]]))], kind, at, task=floor.books.task(),
            document=floor.numbers.next(series, at), line="1",
            user=random.choice((RECEIVERS if whole else PICKERS)[letter]), unit=item.item.base_unit,
        )  # fmt: skip

    def expire(self, at: int) -> None:
        """What is past its date is thrown away and booked as scrap."""
        floor = self.floor
        for item, letter, key in floor.everywhere():
            lies = floor.books.shelf[key]
            if lies > 0 and not floor.usable(key, at):
                floor.books.post(
                    [(key, -lies)], MovementKind.SCRAP, at, task=floor.books.task(),
                    document=floor.numbers.next("scrap", at), line="1",
                    user=floor.random.choice(RECEIVERS[letter]), unit=item.item.base_unit,
                )  # fmt: skip

    def count(self, letter: str, at: int, most: int) -> None:
        """A sheet of some bins: most are right, a few differ by little, and the books follow the count."""
        floor, random = self.floor, self.floor.random
        items = [item for item in floor.world.items if letter in item.bins]
        number, user = floor.numbers.next("count", at), random.choice(COUNTERS[letter])
        instant, line = at, 0
        for item in random.sample(items, min(most, len(items))):
            for key in floor.stock(item, letter, at)[:2]:
                line += 1
                instant += random.randrange(50, 300) * SECOND
                floor.at(
                    instant,
                    lambda when, key=key, line=line, unit=item.item.base_unit: self._counted(  # type: ignore[misc]
                        key, when, number, str(line), user, unit
                    ),
                )

    def _counted(self, key: StockKey, at: int, number: str, line: str, user: str, unit: str) -> None:
        floor, random = self.floor, self.floor.random
        lies = floor.books.shelf[key]
        if not floor.quiet(key, at):
            return  # something is on its way: counted another time
        found = random.choices((0, -1, -2, -3, 1, 2), (84, 6, 3, 1, 4, 2))[0] * SCALE
        if lies + found < 0 or abs(found) * 20 > lies:
            found = 0
        floor.books.post(
            [(key, found)], MovementKind.COUNT_CORRECTION, at, task=floor.books.task(), document=number,
            line=line, user=user, unit=unit, lag=random.randrange(120, 3600),
        )  # fmt: skip
