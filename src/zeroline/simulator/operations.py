"""A hundred and twenty clean days: receipts, putaway, picks, shipments, transfers, production, returns.

Nothing here ever takes from a shelf what is not on it, and each key's rows are recorded in the order in
which they happened: without faults no balance is ever below zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.movement import MovementKind
from zeroline.domain.stock import StockKey, StockStatus
from zeroline.simulator.books import Books, OpenLine, units
from zeroline.simulator.world import DRIVERS, MAKERS, PICKERS, RECEIVERS, SUPPLIERS, SimulatedItem, World


@dataclass(slots=True)
class _Order:
    due_at: int
    number: str
    item: SimulatedItem
    letter: str
    quantity: int
    partner: str


@dataclass(slots=True)
class Operations:
    """Runs the days. ``books`` receives what happened, ``open_lines`` what is still to come at the end."""

    world: World
    random: Random
    books: Books
    open_lines: list[OpenLine] = field(default_factory=list)
    _inbound: list[_Order] = field(default_factory=list)
    _pending: set[tuple[str, str]] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)
    _lots: dict[str, list[str]] = field(default_factory=dict)

    def run(self) -> None:
        """All days of the plan, then what stays open."""
        plan = self.world.plan
        start = plan.ends_at - plan.days * DAY
        start -= start % DAY
        self._open(start)
        totals = list(accumulate(item.speed for item in self.world.items))
        for day in range(plan.days):
            morning = start + day * DAY + 5 * HOUR
            if morning + 15 * HOUR > plan.ends_at:
                break
            self._receive(morning)
            self._produce(morning + HOUR)
            for at in sorted(
                morning + self.random.randrange(2 * HOUR, 14 * HOUR)
                for _ in range(self._busy(day, plan.order_lines_a_day))
            ):
                self._sell(self.random.choices(self.world.items, cum_weights=totals)[0], at)
            self._transfer(morning + 8 * HOUR)
            self._returns(morning + 9 * HOUR)
            self._reorder(morning + 14 * HOUR)
        self._leave_open()

    def number(self, prefix: str) -> str:
        """The next number of a document series."""
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}{self._numbers[prefix]:05d}"

    def _busy(self, day: int, mean: int) -> int:
        weekday = (0.95, 1.05, 1.0, 1.1, 1.2, 0.7, 0.4)[day % 7]
        season = 1 + 0.15 * (day / self.world.plan.days)
        return round(mean * weekday * season * self.random.uniform(0.9, 1.1))

    def _lot(self, item: SimulatedItem) -> str:
        if not item.lot_tracked:
            return ""
        lots = self._lots.setdefault(item.item.code, [])
        lots.append(f"L{self.random.randrange(26000, 27000)}{len(lots):02d}")
        return lots[-1]

    def _stock(self, item: SimulatedItem, letter: str) -> list[StockKey]:
        """Keys of the item in its home bins with something on the shelf, fullest first."""
        keys = [
            StockKey(item.item.code, code, lot)
            for code in item.bins.get(letter, ())
            for lot in (self._lots.get(item.item.code, ()) if item.lot_tracked else ("",))
        ]
        return sorted((k for k in keys if self.books.shelf[k] > 0), key=lambda k: -self.books.shelf[k])

    def _batch(self, item: SimulatedItem) -> int:
        return units(item.case_size * max(2, round(item.speed * 600)))

    def _open(self, at: int) -> None:
        for item in self.world.items:
            for codes in item.bins.values():
                for code in codes:
                    key = StockKey(item.item.code, code, self._lot(item))
                    quantity = self._batch(item) * 2
                    self.books.move(
                        key, quantity, MovementKind.OPENING, at, document="OPENING", user="migration",
                        source="erp", unit=item.item.base_unit,
                    )  # fmt: skip

    def _receive(self, morning: int) -> None:
        due = [order for order in self._inbound if order.due_at <= morning]
        self._inbound = [order for order in self._inbound if order.due_at > morning]
        for order in due:
            at = morning + self.random.randrange(0, 2 * HOUR)
            self._pending.discard((order.item.item.code, order.letter))
            self.receive(order.item, order.letter, order.quantity, at, order.number)

    def receive(self, item: SimulatedItem, letter: str, quantity: int, at: int, number: str) -> None:
        """Goods come to the dock, are counted in as cases and put away an hour later."""
        lot, user = self._lot(item), self.random.choice(RECEIVERS[letter])
        dock = StockKey(item.item.code, self.world.place(letter, "DOCK"), lot)
        shelf = StockKey(item.item.code, self.random.choice(item.bins[letter]), lot)
        self.books.move(
            dock, quantity, MovementKind.RECEIPT, at, document=number, line="1", user=user,
            source="erp", unit=item.pack, factor=item.case_size, lag=self.random.randrange(60, 1500),
        )  # fmt: skip
        later = max(at + self.random.randrange(20 * MINUTE, 90 * MINUTE), self.books._recorded[dock])
        for key, moved in ((dock, -quantity), (shelf, quantity)):
            self.books.move(
                key, moved, MovementKind.PUTAWAY, later, document=number, line="1", user=user,
                unit=item.pack, factor=item.case_size,
            )  # fmt: skip

    def _sell(self, item: SimulatedItem, at: int) -> None:
        letter = self.random.choice(list(item.bins))
        stock = self._stock(item, letter)
        if not stock:
            return
        key = stock[0] if self.random.random() < 0.7 else self.random.choice(stock)
        wanted = self.random.choice((1, 1, 2, 3, 4, 5, 6, 8, 10, item.case_size))
        quantity = min(units(wanted), self.books.shelf[key])
        number, user = self.number("SO-7"), self.random.choice(PICKERS[letter])
        stage = StockKey(item.item.code, self.world.place(letter, "STAGE"), key.lot)
        unit = item.item.base_unit
        self.books.move(
            key, -quantity, MovementKind.PICK, at, document=number, line="10", user=user, unit=unit
        )
        staged = self.books.move(
            stage, quantity, MovementKind.PICK, at, document=number, line="10", user=user, unit=unit
        )
        self.books.move(
            stage, -quantity, MovementKind.SHIPMENT,
            max(at + self.random.randrange(HOUR, 3 * HOUR), staged.recorded_at),
            document=number, line="10", user=self.random.choice(DRIVERS), source="erp", unit=unit,
            lag=self.random.randrange(30, 900),
        )  # fmt: skip

    def _transfer(self, at: int) -> None:
        for _ in range(self.random.randrange(3, 9)):
            item = self.random.choice(self.world.items)
            for letter in item.bins:
                stock = self._stock(item, letter)
                if not stock or len(item.bins[letter]) < 2:
                    continue
                here = stock[0]
                there = StockKey(here.item, self.random.choice(item.bins[letter]), here.lot)
                quantity = min(units(item.case_size), self.books.shelf[here])
                if there == here:
                    continue
                self.move_between(item, here, there, quantity, at, self.random.choice(PICKERS[letter]))
            if len(item.bins) == 2 and (stock := self._stock(item, "N")) and self.random.random() < 0.5:
                there = StockKey(stock[0].item, item.bins["S"][0], stock[0].lot)
                quantity = min(units(item.case_size * 2), self.books.shelf[stock[0]])
                self.move_between(item, stock[0], there, quantity, at, DRIVERS[0], transit=20 * HOUR)

    def move_between(
        self,
        item: SimulatedItem,
        here: StockKey,
        there: StockKey,
        quantity: int,
        at: int,
        user: str,
        transit: int = 6 * MINUTE,
    ) -> None:
        """Both legs of a transfer under one number."""
        number, unit = self.number("TR-3"), item.item.base_unit
        self.books.move(
            here, -quantity, MovementKind.TRANSFER_OUT, at, document=number, line="1", user=user, unit=unit
        )
        self.books.move(
            there, quantity, MovementKind.TRANSFER_IN, at + transit, document=number, line="2", user=user,
            unit=unit,
        )  # fmt: skip

    def _produce(self, at: int) -> None:
        """Kits are made from three components of the same site and put on the line's own shelf."""
        for _ in range(self.random.randrange(3, 7)):
            made = self.random.choice(self.world.items[: len(self.world.items) // 3])
            letter = self.random.choice(list(made.bins))
            parts = [
                (item, stock[0])
                for item in self.random.sample(self.world.items, 12)
                if item is not made and (stock := self._stock(item, letter))
            ][:3]
            quantity = units(self.random.randrange(2, 9))
            parts = [(item, key) for item, key in parts if self.books.shelf[key] >= quantity]
            if not parts:
                continue
            number, user = self.number("MO-2"), self.random.choice(MAKERS)
            for line, (item, key) in enumerate(parts, 1):
                self.books.move(
                    key, -quantity, MovementKind.COMPONENT_ISSUE, at, document=number, line=str(line),
                    user=user, source="mes", unit=item.item.base_unit,
                )  # fmt: skip
            self.books.move(
                StockKey(made.item.code, made.bins[letter][0], self._lot(made)), quantity,
                MovementKind.PRODUCTION_RECEIPT, at + HOUR, document=number, line="0", user=user,
                source="mes", unit=made.item.base_unit,
            )  # fmt: skip

    def _returns(self, at: int) -> None:
        for _ in range(self.random.randrange(2, 7)):
            item = self.random.choice(self.world.items)
            letter = self.random.choice(list(item.bins))
            stock = self._stock(item, letter)
            if not stock:
                continue
            quantity, number = units(self.random.choice((1, 1, 2, 3))), self.number("RMA-1")
            user, unit = self.random.choice(RECEIVERS[letter]), item.item.base_unit
            good = self.random.random() < 0.8
            key = (
                stock[0]
                if good
                else StockKey(
                    item.item.code,
                    self.world.place(letter, "QUAR"),
                    stock[0].lot,
                    StockStatus.DAMAGED.value,
                )
            )
            self.books.move(
                key,
                quantity,
                MovementKind.CUSTOMER_RETURN,
                at,
                document=number,
                line="1",
                user=user,
                unit=unit,
            )
            if not good and self.random.random() < 0.6:
                self.books.move(
                    key, -quantity, MovementKind.SCRAP, at + 3 * HOUR, document=number, user=user, unit=unit
                )
        item = self.random.choice(self.world.items)
        letter = next(iter(item.bins))
        if (stock := self._stock(item, letter)) and self.random.random() < 0.5:
            quantity = min(units(item.case_size), self.books.shelf[stock[0]])
            self.books.move(
                stock[0], -quantity, MovementKind.SUPPLIER_RETURN, at + HOUR, document=self.number("RTV-6"),
                line="1", user=RECEIVERS[letter][0], unit=item.item.base_unit,
            )  # fmt: skip

    def _reorder(self, at: int) -> None:
        for item in self.world.items:
            for letter in item.bins:
                name = (item.item.code, letter)
                if name in self._pending:
                    continue
                on_hand = sum(self.books.shelf[key] for key in self._stock(item, letter))
                if on_hand < self._batch(item):
                    self._pending.add(name)
                    self._inbound.append(
                        _Order(
                            at + self.random.randrange(1, 6) * DAY,
                            self.number("PO-45"),
                            item,
                            letter,
                            self._batch(item),
                            self.random.choice(SUPPLIERS),
                        )
                    )

    def _leave_open(self) -> None:
        end = self.world.plan.ends_at
        for order in self._inbound:
            self.open_lines.append(
                OpenLine(
                    "receipt", order.number, "1", order.item.item.code, order.item.bins[order.letter][0],
                    order.quantity, 0, order.due_at, order.partner,
                )
            )  # fmt: skip
        for item in self.random.sample(self.world.items, min(90, len(self.world.items))):
            letter = self.random.choice(list(item.bins))
            quantity = units(self.random.randrange(1, 12))
            self.open_lines.append(
                OpenLine(
                    "order", self.number("SO-9"), "10", item.item.code, item.bins[letter][0], quantity, 0,
                    end + self.random.randrange(1, 5) * DAY, f"Customer {self.random.randrange(100, 999)}",
                )
            )  # fmt: skip
