"""A factory: the ERP orders and receives, the WMS carries to the line, the MES reports what was made.

Components are kept in the store and carried to line-side bins; reporting output backflushes them by the bill
of material. Subassemblies feed finished goods. The three systems have their own habits: the WMS posts within
minutes, the MES in batches every quarter of an hour, the ERP when the office has time.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.other_hands.handover import hand_over
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key, Ledger, report
from benchmarks.other_hands.world import Doc, Item, Row, World

STORE = ["nkowalski", "t.abara", "j.lindqvist"]
OFFICE = ["erp.buyer1", "erp.buyer2", "erp.qm"]
COUNTERS = ["inv.team", "s.ferrari", "m.dubois"]
LINES = ["L1", "L2", "L3", "L4", "L5"]
PARTS = ["SCREW", "PCB", "HOUSING", "GASKET", "SPRING", "LABEL", "RESIN", "WIRE", "BEARING", "MOTOR"]


@dataclass
class Product:
    """What is made on which line, of what, and how much at a time."""

    code: str
    line: str
    parts: dict[str, int]
    batch: int
    ships: bool
    busy: float = 0.3
    spare: dict[str, str] = field(default_factory=dict)


class Plant:
    """The plant's days, one event after the other."""

    def __init__(self, seed: int) -> None:
        self.w = World(seed, datetime(2025, 4, 7), 110, COUNTERS, "ERP")  # noqa: DTZ001
        self.rng = self.w.rng
        self.stock: dict[Key, int] = defaultdict(int)
        self.products: list[Product] = []
        self.ordered: set[str] = set()
        self.queue: list[tuple[int, int, Callable[[int], None]]] = []
        self.serial = 0
        self.numbers = {"MO": 701000, "PO": 55000, "KB": 3000, "SO": 88000, "VR": 410, "SC": 900}
        self.reports: dict[Row, list[Row]] = {}  # a production receipt, and the issues reported with it
        self.masters()
        for day in range(self.w.days):
            self.plan(day)
        while self.queue:
            when, _, event = heapq.heappop(self.queue)
            if when < self.w.end - HOUR:
                event(when)
        for key in list(self.w.index):
            self.count(key)
        self.w.tidy()

    def at(self, when: int, event: Callable[[int], None]) -> None:
        self.serial += 1
        heapq.heappush(self.queue, (int(when), self.serial, event))

    def next(self, name: str) -> str:
        self.numbers[name] += self.rng.randrange(1, 3)
        return f"{name}{self.numbers[name]}"

    def masters(self) -> None:
        rng = self.rng
        bought = []
        for n in range(150):
            part = PARTS[n % len(PARTS)]
            base = {"RESIN": "KG", "WIRE": "M"}.get(part, "PC")
            cost = round(rng.lognormvariate(0.4, 1.2), 2)
            item = Item(
                f"{part[:3]}-{2000 + 11 * n}", f"{part.title()} {n}", base, cost, rng.choice("ABBCC"), part
            )
            item.units = {"KG": {"DR": 50}, "M": {"SPL": 200}}.get(
                base, {"BOX": rng.choice([50, 100, 200, 250])}
            )
            self.w.items[item.code] = item
            bought.append(item.code)
        subs: list[str] = []
        for n in range(75):
            is_sub = n < 30
            code = f"SA-{300 + n}" if is_sub else f"FG-{7000 + 5 * n}"
            self.w.items[code] = Item(
                code,
                f"{'Assembly' if is_sub else 'Unit'} {n}",
                "PC",
                round(rng.uniform(8, 160), 2),
                rng.choice("AABC"),
                "SUB" if is_sub else "FIN",
            )
            parts = {p: self.per(p) for p in rng.sample(bought, rng.randrange(2, 5))}
            if not is_sub:
                parts.update(dict.fromkeys(rng.sample(subs, rng.choice([0, 1, 1, 2])), UNIT))
            else:
                subs.append(code)
            product = Product(
                code,
                rng.choice(LINES),
                parts,
                rng.choice([20, 30, 40, 60, 100]),
                not is_sub,
                rng.uniform(0.1, 0.5) * (1.5 if is_sub else 1),
            )
            for p in parts:  # a part that may stand in for another
                if p in bought and rng.random() < 0.25:
                    product.spare[p] = bought[(bought.index(p) + 10) % 150]
            self.products.append(product)
            self.put(
                (code, f"FG-{n % 12:02d}", "", "available"),
                product.batch * UNIT * rng.randrange(1, 4),
                "opening",
                self.w.start - DAY,
                DAY + rng.randrange(50),
                "OPEN-2025",
                "",
                "migration",
                "ERP",
            )
        for code in bought:
            uses = [p for p in self.products if code in p.parts or code in p.spare.values()]
            qty = max((self.need(p, code) for p in uses), default=200 * UNIT)
            self.put(
                (code, self.bin(code), "", "available"),
                qty * rng.randrange(2, 5),
                "opening",
                self.w.start - DAY,
                DAY + rng.randrange(50),
                "OPEN-2025",
                "",
                "migration",
                "ERP",
            )

    def per(self, part: str) -> int:
        """How much of a part goes into one."""
        if self.w.items[part].base != "PC":
            return self.rng.choice([125, 250, 400, 1500])
        return self.rng.choice([1, 1, 1, 2, 2, 4, 6]) * UNIT

    def need(self, product: Product, part: str) -> int:
        asked = next((a for a, b in product.spare.items() if b == part), part)
        return product.batch * product.parts[asked if asked in product.parts else part]

    def bin(self, code: str) -> str:
        """Where the store, or the finished goods' hall, keeps an item."""
        if code[:3] in ("SA-", "FG-"):
            at = [p.code for p in self.products].index(code) if self.products else 0
            return f"FG-{at % 12:02d}"
        number = int(code[4:])
        return f"ST-{number % 9 + 1}-{number % 31:02d}"

    def put(
        self,
        key: Key,
        qty: int,
        kind: str,
        when: int,
        lag: int,
        doc: str,
        line: str,
        user: str,
        source: str,
        **more: str,
    ) -> Row:
        self.stock[key] += qty
        return self.w.post(key, qty, kind, when, when + lag, doc, line, user, source, **more)

    def lag(self, source: str, when: int) -> int:
        """Seconds from the floor to the book, as each system has it."""
        slow = self.rng.random()
        if source == "WMS":
            return self.rng.randrange(1500, 7000) if slow < 0.02 else self.rng.randrange(15, 420)
        if source == "MES":
            return -when % 900 + self.rng.randrange(20, 90) + (2 * HOUR if slow < 0.015 else 0)
        return self.rng.randrange(10 * HOUR, 26 * HOUR) if slow < 0.04 else self.rng.randrange(1200, 4 * HOUR)

    def plan(self, day: int) -> None:
        """Production orders of the day in two shifts, and what is shipped; quiet in the middle."""
        if day % 7 == 6:
            return
        rng, quiet = self.rng, 0.5 if 50 < day < 60 else 1.0
        for product in self.products:
            if rng.random() < product.busy * quiet:
                when = self.w.start + day * DAY + rng.randrange(5 * HOUR, 19 * HOUR)
                self.at(when, lambda t, p=product: self.start(t, p))
            if product.ships and day % 7 < 5 and rng.random() < 0.8 * product.busy + 0.25:
                when = self.w.start + day * DAY + rng.randrange(9 * HOUR, 17 * HOUR)
                self.at(when, lambda t, p=product: self.ship(t, p))

    def start(self, when: int, product: Product) -> None:
        """Carry what is missing to the line, then report in two to five steps."""
        rng, order = self.rng, self.next("MO")
        batch = max(5, int(product.batch * rng.uniform(0.6, 1.3)))
        used, most = {}, batch
        for part, per in product.parts.items():
            side = product.spare[part] if part in product.spare and rng.random() < 0.3 else part
            used[side] = per
            store, line = (
                (side, self.bin(side), "", "available"),
                (side, f"{product.line}-SIDE", "", "available"),
            )
            missing = batch * per - self.stock[line]
            if missing > 0 and self.stock[store]:
                pack = self.w.items[side].units.get("BOX", 1) * UNIT
                want = (
                    -(-missing // pack) * pack
                    if rng.random() < 0.25
                    else missing + rng.choice([0, 0, 0, 1, 2, 5]) * UNIT
                )
                self.carry(when, store, line, min(self.stock[store], want))
            most = min(most, self.stock[line] // per)
            self.restock(when, side, batch * per)
        doc = Doc(
            "production",
            order,
            "1",
            product.code,
            self.bin(product.code),
            batch * UNIT,
            when + 2 * DAY,
            product.line,
            most < batch,
        )
        if most <= 0:
            return
        self.w.docs[order, "1"] = doc
        steps, left, at = rng.randrange(2, 5), min(most, batch), when + 2400
        for n in range(steps):
            made = left if n == steps - 1 else left // (steps - n)
            left -= made
            at += rng.randrange(1500, 7000)
            if made:
                self.at(at, lambda t, q=made: self.report(t, product, order, used, q))

    def carry(self, when: int, store: Key, line: Key, qty: int) -> None:
        doc, user, lag = self.next("KB"), self.rng.choice(STORE), self.lag("WMS", when)
        self.w.docs[doc, "1"] = Doc("transfer", doc, "1", store[0], line[1], qty, when + 2 * HOUR, store[1])
        self.put(store, -qty, "transfer out", when, lag, doc, "1", user, "WMS")
        self.put(line, qty, "transfer in", when + 1200, lag, doc, "1", user, "WMS")

    def report(self, when: int, product: Product, order: str, used: dict[str, int], made: int) -> None:
        """Output and backflush in one message; now and then a piece is scrapped and said so."""
        rng, lag, user = (
            self.rng,
            self.lag("MES", when),
            f"mes.{product.line.lower()}.{when // HOUR % 24 // 12 + 1}",
        )
        made = min(
            [
                made,
                *(self.stock[p, f"{product.line}-SIDE", "", "available"] // per for p, per in used.items()),
            ]
        )
        if made <= 0:
            return
        home = (product.code, self.bin(product.code), "", "available")
        done = self.put(home, made * UNIT, "production receipt", when, lag, order, "1", user, "MES")
        self.reports[done] = []
        for n, (part, per) in enumerate(used.items()):
            key = (part, f"{product.line}-SIDE", "", "available")
            issue = self.put(key, -made * per, "component issue", when, lag, order, str(n + 2), user, "MES")
            self.reports[done].append(issue)
            if rng.random() < 0.03 and self.stock[key] >= UNIT:
                self.put(key, -UNIT, "scrap", when + 60, lag, self.next("SC"), "1", user, "MES")

    def restock(self, when: int, part: str, need: int) -> None:
        """Order bought parts when the store is nearly empty; some of a delivery goes back to the supplier."""
        store, rng = (part, self.bin(part), "", "available"), self.rng
        if part[:3] == "SA-" or part in self.ordered or self.stock[store] > 1.2 * need:
            return
        self.ordered.add(part)
        doc, pack = self.next("PO"), next(iter(self.w.items[part].units.values())) * UNIT
        qty = -(-need * rng.randrange(2, 6) // pack) * pack
        due = when + rng.randrange(1, 8) * DAY
        partner = f"SUP-{len(part) * int(part[4:]) % 23:02d}"
        self.w.docs[doc, "10"] = Doc("receipt", doc, "10", part, store[1], qty, due, partner)
        first = qty if rng.random() < 0.75 else qty // pack // 2 * pack or qty

        def receive(then: int, part_qty: int) -> None:
            self.ordered.discard(part)
            unit = next(iter(self.w.items[part].units)) if rng.random() < 0.5 else ""
            self.put(
                store,
                part_qty,
                "receipt",
                then,
                self.lag("ERP", then),
                doc,
                "10",
                rng.choice(OFFICE[:2]),
                "ERP",
                unit=unit,
            )
            if rng.random() < 0.06:
                self.at(
                    then + rng.randrange(1, 5) * DAY,
                    lambda t: self.send_back(t, store, part_qty // 10 // UNIT * UNIT, partner),
                )

        self.at(due, lambda t: receive(t, first))
        if qty > first:
            self.at(due + rng.randrange(1, 5) * DAY, lambda t: receive(t, qty - first))

    def send_back(self, when: int, key: Key, qty: int, partner: str) -> None:
        if qty := min(qty, self.stock[key]):
            doc = self.next("VR")
            self.w.docs[doc, "1"] = Doc("return", doc, "1", key[0], key[1], qty, when + DAY, partner)
            self.put(key, -qty, "supplier return", when, self.lag("ERP", when), doc, "1", "erp.qm", "ERP")

    def ship(self, when: int, product: Product) -> None:
        key = (product.code, self.bin(product.code), "", "available")
        asked = max(1, int(product.batch * self.rng.uniform(0.15, 0.9))) * UNIT
        doc = self.next("SO")
        self.w.docs[doc, "1"] = Doc(
            "order",
            doc,
            "1",
            product.code,
            key[1],
            asked,
            when,
            f"CU-{self.rng.randrange(40):02d}",
            self.rng.random() < 0.8,
        )
        if qty := min(asked, self.stock[key]):
            self.put(
                key, -qty, "shipment", when, self.lag("WMS", when), doc, "1", self.rng.choice(STORE), "WMS"
            )

    def count(self, key: Key) -> None:
        every = 30 if key[1].endswith("SIDE") else {"A": 40, "B": 60, "C": 90}[self.w.items[key[0]].abc]
        for when in self.w.cycle_counts(key, every):
            off = self.rng.choice([-3, -2, -1, -1, 1, 1, 2]) * UNIT
            if self.rng.random() < 0.2 and self.w.room(key, when, off):
                self.w.post(
                    key,
                    off,
                    "count correction",
                    when - 300,
                    when,
                    user=self.rng.choice(COUNTERS),
                    source="ERP",
                )


def build(seed: int) -> tuple[Ledger, dict[str, int]]:
    from benchmarks.other_hands.factory_faults import Faults

    plant = Plant(seed)
    Faults(plant).inject()
    ledger = hand_over(plant.w, lambda row, at: f"{row.source}-{900000 + at}", "%Y-%m-%dT%H:%M:%S.000Z")
    return ledger, dict(plant.w.injected)


def generate(seed: int) -> Ledger:
    """The factory's ledger, the same for the same seed."""
    return build(seed)[0]


if __name__ == "__main__":
    report("factory", *build(1))
