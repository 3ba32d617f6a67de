"""Production: components go to the line by the bill of material, products come back."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.books import units
from zeroline.simulator.operations.floor import Floor
from zeroline.simulator.operations.outbound import Outbound
from zeroline.simulator.papers import PRODUCT, Paper
from zeroline.simulator.world import MAKERS, PICKERS, SimulatedItem

_Part = tuple[SimulatedItem, int, StockKey, SimulatedItem]  # planned, quantity, taken from, used


@dataclass(slots=True)
class Making:
    """Runs production orders when all their components are there."""

    floor: Floor
    outbound: Outbound
    items: dict[str, SimulatedItem]

    def order(self, at: int) -> None:
        """Plan a production order and start it."""
        floor, random = self.floor, self.floor.random
        product = self.items[random.choice(list(floor.world.bills))]
        letter = random.choice(list(product.bins))
        planned = random.choice((4, 6, 8, 10, 12, 16, 20, 24))
        self._start(product, letter, planned, at, again=True)

    def _start(self, product: SimulatedItem, letter: str, planned: int, at: int, again: bool) -> None:
        """Take the components; where one has to be brought first, start when it is there."""
        floor, random = self.floor, self.floor.random
        parts: list[_Part] = []
        brought = False
        for component, each in floor.world.bills[product.item.code]:
            need = units(planned * each)
            found = self._find(component, letter, need, at, {key for _, _, key, _ in parts})
            if found is None and again and self._bring(component, letter, need, at):
                brought = True
            elif found is not None:
                parts.append((component, need, *found))
        if brought:
            wait = random.randrange(12, 45) * MINUTE
            floor.at(at + wait, lambda when: self._start(product, letter, planned, when, again=False))
        elif len(parts) == len(floor.world.bills[product.item.code]):
            self._make(product, letter, planned, at, parts)

    def _find(
        self, component: SimulatedItem, letter: str, need: int, at: int, taken: set[StockKey]
    ) -> tuple[StockKey, SimulatedItem] | None:
        """The pick bin's stock; now and then a substitute of the same family, booked as such."""
        for key in self.floor.stock(component, letter, at):
            at_hand = key.location == component.bins[letter][0] and key not in taken
            if at_hand and self.floor.books.shelf[key] >= need:
                return key, component
        if self.floor.stock(component, letter, at) and self.floor.random.random() < 0.7:
            return None
        for other in self.floor.world.items:
            if other.item.item_class == component.item.item_class and letter in other.bins:
                for key in self.floor.stock(other, letter, at):
                    if self.floor.books.shelf[key] >= need and key not in taken:
                        return key, other
        return None

    def _bring(self, component: SimulatedItem, letter: str, need: int, at: int) -> bool:
        face = component.bins[letter][0]
        for key in self.floor.stock(component, letter, at):
            lies = self.floor.books.shelf[key]
            if key.location != face and lies >= need:
                more = min(lies, need + units(component.case_size))
                there, user = StockKey(key.item, face, key.lot), self.floor.random.choice(PICKERS[letter])
                self.outbound.move(component, key, there, more, at, user)
                return True
        return False

    def _make(self, product: SimulatedItem, letter: str, planned: int, at: int, parts: list[_Part]) -> None:
        floor, random, books = self.floor, self.floor.random, self.floor.books
        number, user = floor.numbers.next("production", at), random.choice(MAKERS)
        lot, due, face = floor.new_lot(product, at), at - at % DAY + 18 * HOUR, product.bins[letter][0]
        floor.papers.write(
            Paper(
                "production", number, PRODUCT, product.item.code, face, units(planned), due, "", "mes",
                at - random.randrange(1, 30) * HOUR,
            )
        )  # fmt: skip
        task = books.task()
        for line, (component, need, key, used) in enumerate(parts, 1):
            floor.papers.write(
                Paper(
                    "production", number, str(line), component.item.code,
                    component.bins[letter][0], need, due, "", "mes", at - HOUR,
                )
            )  # fmt: skip
            books.post(
                [(key, -need)], MovementKind.COMPONENT_ISSUE, at, task=task, document=number, line=str(line),
                user=user, source="mes", unit=used.item.base_unit,
            )  # fmt: skip
        made = planned
        if random.random() < 0.05:  # some spoilt at the line: the order is closed with less
            made -= random.randrange(1, 3)
            floor.papers.lines[number, PRODUCT].closed_at = at + 8 * HOUR
        reports = [made] if made < 8 or random.random() < 0.6 else [made // 2, made - made // 2]
        key = StockKey(product.item.code, face, lot)
        when = at
        for report in reports:
            when += random.randrange(40, 200) * MINUTE

            def finish(later: int, quantity: int = report * SCALE) -> None:
                books.post(
                    [(key, quantity)], MovementKind.PRODUCTION_RECEIPT, later, task=task, document=number,
                    line=PRODUCT, user=user, source="mes", unit=product.item.base_unit,
                )  # fmt: skip
                floor.known(key, letter)
                self.outbound.supplied(product, letter, later)

            floor.at(when, finish)
