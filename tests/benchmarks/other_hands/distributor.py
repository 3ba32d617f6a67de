"""A trading company on an ERP: receipts and deliveries straight to and from the bin, booked by clerks.

Three warehouses, numeric documents, transfers with two legs, metres and kilograms, lots for some items. There
is no staging bin and no handheld: what the paper list says is typed in at the desk, some of it next morning.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.other_hands.handover import hand_over
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key, Ledger, report
from benchmarks.other_hands.world import Doc, Item, World

CLERKS = ["BRANDTM", "OKAFORJ", "PETROVAL", "SILVAR", "WEISSK"]
OFFICE = ["ADMIN01", "HALLE", "MORITZP"]
COUNTERS = ["INVENT1", "INVENT2", "SILVAR"]
SUPPLIERS = [f"{70000 + 37 * n}" for n in range(18)]
CUSTOMERS = [f"{20000 + 113 * n}" for n in range(60)]
FAMILIES = [
    "Hex bolt",
    "Cable NYM",
    "Seal ring",
    "Pipe clamp",
    "Grease",
    "Flat bar",
    "Switch",
    "Hose",
    "Valve",
]


@dataclass
class Point:
    """An item in one warehouse: its picking bin, perhaps a bulk bin, and how it sells."""

    item: str
    site: str
    main: str
    bulk: str
    rate: float
    size: int
    step: int
    lots: bool
    waiting: list[tuple[int, str, str]] = field(default_factory=list)
    ordered: int = 0


class Trade:
    """The company's days, one event after the other."""

    def __init__(self, seed: int) -> None:
        self.w = World(seed, datetime(2025, 2, 3), 120, COUNTERS, "ERP")  # noqa: DTZ001
        self.rng = self.w.rng
        self.stock: dict[Key, int] = {}
        self.bins: dict[str, list[Key]] = defaultdict(list)
        self.points: list[Point] = []
        self.queue: list[tuple[int, int, Callable[[int], None]]] = []
        self.numbers = {"po": 4500012000, "so": 8000450, "tr": 6100300, "lot": 250101, "rma": 9300100}
        self.open_po: dict[tuple[str, str, int], list[str]] = {}
        self.masters()
        for day in range(self.w.days):
            if day % 7 < 6:
                self.sell(day)
        while self.queue:
            when, _, event = heapq.heappop(self.queue)
            if when < self.w.end - HOUR:
                event(when)
        for key in list(self.w.index):
            self.count(key)
        for rows in self.w.index.values():
            for row in rows:
                row.recorded = max(row.recorded, row.occurred)
        self.w.tidy()

    def at(self, when: int, event: Callable[[int], None]) -> None:
        heapq.heappush(self.queue, (when, len(self.queue) + self.rng.randrange(10**9), event))

    def next(self, name: str, step: int = 1) -> str:
        self.numbers[name] += step
        return str(self.numbers[name])

    def lag(self, receipt: bool, when: int) -> int:
        """Minutes at the desk; a few papers lie until the next morning."""
        if self.rng.random() < (0.05 if receipt else 0.025):
            return (
                (when - self.w.start) // DAY * DAY + self.w.start + DAY + 7 * HOUR + self.rng.randrange(HOUR)
            )
        return when + self.rng.randrange(900, 10800) if receipt else when + self.rng.randrange(120, 2700)

    def masters(self) -> None:
        rng = self.rng
        for n in range(260):
            code = str(100400 + 7 * n)
            base = rng.choices(["PCS", "M", "KG"], [76, 14, 10])[0]
            units = {
                "PCS": {"CTN": rng.choice([6, 10, 12, 20, 24, 25, 50])},
                "M": {"ROL": 100},
                "KG": {"BAG": 25},
            }
            family = rng.choice(FAMILIES)
            abc = rng.choices("ABC", [18, 30, 52])[0]
            item = Item(
                code,
                f"{family} {rng.randrange(4, 90)}x{rng.randrange(10, 400)}",
                base,
                round(rng.lognormvariate(1.6, 1.1), 2),
                abc,
                family.split()[0].upper(),
            )
            item.units = units[base] if rng.random() < 0.6 else {}
            self.w.items[code] = item
            lots = rng.random() < 0.22
            for site in rng.sample(["10", "20", "30"], rng.choices([1, 2, 3], [50, 40, 10])[0]):
                bin_ = f"{site}-{rng.choice('ABCDEF')}{rng.randrange(1, 20):02d}-{rng.randrange(1, 6)}"
                bulk = (
                    f"{site}-X{rng.randrange(1, 40):02d}-{rng.randrange(1, 4)}" if rng.random() < 0.35 else ""
                )
                rate = {"A": 0.75, "B": 0.42, "C": 0.22}[abc] * rng.uniform(0.6, 1.5)
                size = max(2, int(rng.lognormvariate(2.3, 0.8)))
                point = Point(code, site, bin_, bulk, rate, size, UNIT if base == "PCS" else 250, lots)
                self.points.append(point)
                self.bring(
                    point,
                    bin_,
                    point.size * UNIT * rng.randrange(4, 16),
                    self.w.start - 30 * DAY,
                    self.w.start + rng.randrange(60),
                    "opening",
                    "INIT2025",
                    "",
                    "MIGRATION",
                )

    def bring(
        self,
        point: Point,
        bin_: str,
        qty: int,
        when: int,
        recorded: int,
        kind: str,
        doc: str,
        line: str,
        user: str,
        lot: str | None = None,
    ) -> None:
        if lot is None:
            lot = f"L{self.next('lot', self.rng.randrange(1, 4))}" if point.lots else ""
        key = (point.item, bin_, lot, "available")
        if key not in self.bins[point.item]:
            self.bins[point.item].append(key)
        self.stock[key] = self.stock.get(key, 0) + qty
        self.w.post(key, qty, kind, when, recorded, doc, line, user, "ERP")

    def on_hand(self, point: Point, bin_: str) -> int:
        return sum(self.stock[key] for key in self.bins[point.item] if key[1] == bin_)

    def sell(self, day: int) -> None:
        """A day's orders: one to four lines each, more towards the end of the week and in spring."""
        rng = self.rng
        season = (0.8 + 0.6 * day / self.w.days) * (0.45 if day % 7 == 5 else 1 + 0.06 * (day % 7))
        lines = [p for p in self.points if rng.random() < p.rate * season]
        rng.shuffle(lines)
        while lines:
            size = rng.randrange(1, 5)
            doc, when = self.next("so"), self.w.start + day * DAY + rng.randrange(7 * HOUR, 17 * HOUR)
            for at, point in enumerate(lines[:size]):
                qty = max(
                    point.step, int(rng.lognormvariate(0, 0.6) * point.size * UNIT) // point.step * point.step
                )
                line = str(10 * (at + 1))
                place = point.main
                self.w.docs[doc, line] = Doc(
                    "order",
                    doc,
                    line,
                    point.item,
                    place,
                    qty,
                    when + 6 * HOUR,
                    rng.choice(CUSTOMERS),
                    rng.random() < 0.4,
                )
                self.at(when + 120 * at, lambda t, p=point, q=qty, d=doc, n=line: self.deliver(t, p, q, d, n))
            del lines[:size]

    def deliver(self, when: int, point: Point, qty: int, doc: str, line: str) -> None:
        rng, recorded, user = self.rng, self.lag(False, when), self.rng.choice(CLERKS)
        wanted = qty
        for key in self.bins[point.item]:
            took = min(wanted, self.stock[key]) if key[1] == point.main else 0
            if took:
                self.stock[key] -= took
                wanted -= took
                self.w.post(
                    key,
                    -took,
                    "shipment",
                    when,
                    recorded,
                    doc,
                    line,
                    user,
                    "ERP",
                    override=rng.random() < 0.004,
                )
        if wanted and not self.w.docs[doc, line].short_closed:
            point.waiting.append((wanted, doc, line))
        if wanted < qty and rng.random() < 0.025:
            self.at(when + rng.randrange(4, 16) * DAY, lambda t: self.back(t, point, doc, line, qty - wanted))
        if point.bulk and self.on_hand(point, point.main) < 2 * point.size * UNIT:
            self.at(when + rng.randrange(1200, 9000), lambda t: self.refill(t, point))
        self.reorder(when, point)

    def reorder(self, when: int, point: Point) -> None:
        rng = self.rng
        have = self.on_hand(point, point.main) + (self.on_hand(point, point.bulk) if point.bulk else 0)
        if have + point.ordered > point.size * UNIT * (1 + 5 * point.rate):
            return
        qty = point.size * UNIT * rng.randrange(8, 22)
        point.ordered += qty
        twin = next(
            (
                p
                for p in self.points
                if p.item == point.item and p.site != point.site and self.on_hand(p, p.main) > 2 * qty // 3
            ),
            None,
        )
        if twin and rng.random() < 0.6:
            qty, point.ordered = qty // 2 // UNIT * UNIT, point.ordered - qty + qty // 2 // UNIT * UNIT
            self.at(when + rng.randrange(2, 20) * HOUR, lambda t: self.send(t, twin, point, qty))
            return
        supplier = SUPPLIERS[int(point.item) % len(SUPPLIERS)]
        day = (when - self.w.start) // DAY
        lines = self.open_po.setdefault((supplier, point.site, day // 3), [self.next("po")])
        lines.append(str(10 * len(lines)))
        doc, line = lines[0], lines[-1]
        due = when + rng.randrange(3, 15) * DAY
        self.w.docs[doc, line] = Doc(
            "receipt", doc, line, point.item, point.bulk or point.main, qty, due, supplier
        )
        parts = (
            [qty] if rng.random() < 0.78 else [qty * 3 // 5 // UNIT * UNIT, qty - qty * 3 // 5 // UNIT * UNIT]
        )
        for n, part in enumerate(parts):
            came = due + rng.randrange(-2, 3) * DAY + n * rng.randrange(2, 7) * DAY
            came = (came - self.w.start) // DAY * DAY + self.w.start + rng.randrange(6 * HOUR, 15 * HOUR)
            self.at(max(came, when + DAY), lambda t, q=part: self.receive(t, point, q, doc, line))

    def receive(self, when: int, point: Point, qty: int, doc: str, line: str) -> None:
        point.ordered -= qty
        self.bring(
            point,
            point.bulk or point.main,
            qty,
            when,
            self.lag(True, when),
            "receipt",
            doc,
            line,
            self.rng.choice(CLERKS[:3]),
        )
        if point.bulk:
            self.at(when + self.rng.randrange(1800, 9000), lambda t: self.refill(t, point))
        self.serve(when, point)

    def serve(self, when: int, point: Point) -> None:
        waiting, point.waiting = point.waiting, []
        for n, (qty, doc, line) in enumerate(waiting):
            self.at(
                when + self.rng.randrange(600, 12000) + 60 * n,
                lambda t, a=(qty, doc, line): self.deliver(t, point, *a),
            )

    def refill(self, when: int, point: Point) -> None:
        have = [key for key in self.bins[point.item] if key[1] == point.bulk and self.stock[key]]
        if have and self.on_hand(point, point.main) < 3 * point.size * UNIT:
            qty = min(self.stock[have[0]], 6 * point.size * UNIT)
            self.move(when, have[0], point, qty, 300)

    def send(self, when: int, source: Point, target: Point, qty: int) -> None:
        have = max(
            (key for key in self.bins[source.item] if key[1] == source.main), key=lambda key: self.stock[key]
        )
        target.ordered -= qty
        if qty := min(qty, self.stock[have]):
            self.move(when, have, target, qty, self.rng.randrange(5, 30) * HOUR)

    def move(self, when: int, key: Key, target: Point, qty: int, travel: int) -> None:
        doc, user = self.next("tr"), self.rng.choice(CLERKS)
        self.stock[key] -= qty
        self.w.post(key, -qty, "transfer out", when, self.lag(False, when), doc, "1", user, "ERP")
        self.w.docs[doc, "1"] = Doc(
            "transfer", doc, "1", key[0], target.main, qty, when + travel + DAY, key[1][:2]
        )

        def arrive(then: int) -> None:
            self.bring(
                target, target.main, qty, then, self.lag(False, then), "transfer in", doc, "1", user, key[2]
            )
            self.serve(then, target)

        self.at(when + travel, arrive)

    def back(self, when: int, point: Point, sale: str, line: str, sold: int) -> None:
        qty, doc = (
            max(point.step, sold // self.rng.randrange(1, 4) // point.step * point.step),
            self.next("rma"),
        )
        key = next(key for key in reversed(self.bins[point.item]) if key[1] == point.main)
        self.w.docs[doc, line] = Doc("return", doc, line, point.item, point.main, qty, when, f"SO {sale}")
        self.bring(
            point,
            point.main,
            qty,
            when,
            self.lag(True, when),
            "customer return",
            doc,
            line,
            self.rng.choice(CLERKS),
            key[2],
        )

    def count(self, key: Key) -> None:
        """Cycle counts; a quarter of them find a little."""
        for when in self.w.cycle_counts(key, {"A": 35, "B": 60, "C": 110}[self.w.items[key[0]].abc]):
            step = UNIT if self.w.items[key[0]].base == "PCS" else 250
            off = step * self.rng.choice([-3, -2, -1, -1, -1, 1, 1, 2])
            if self.rng.random() < 0.25 and self.w.room(key, when, off):
                self.w.post(
                    key,
                    off,
                    "count correction",
                    when - 600,
                    when,
                    user=self.rng.choice(COUNTERS),
                    source="ERP",
                )


def build(seed: int) -> tuple[Ledger, dict[str, int]]:
    from benchmarks.other_hands.distributor_faults import Faults

    trade = Trade(seed)
    Faults(trade).inject()
    ids = iter(range(49000000 + trade.rng.randrange(1000), 10**9))
    ledger = hand_over(trade.w, lambda row, at: str(next(ids)))
    return ledger, dict(trade.w.injected)


def generate(seed: int) -> Ledger:
    """The trading company's ledger, the same for the same seed."""
    return build(seed)[0]


if __name__ == "__main__":
    report("distributor", *build(1))
