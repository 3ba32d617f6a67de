"""A web shop's fulfilment centre: a fast WMS, three scans to an order line, everything in its second.

Goods come to a dock, are put away to reserve or to a pick face, replenished, picked in waves to a stage and
shipped from there by the shipping interface. Returns wait in quarantine until somebody has looked at them.
The shop keeps the orders: only receipts and returns are exported.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from benchmarks.other_hands.handover import hand_over
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key, Ledger, report
from benchmarks.other_hands.world import Doc, Item, Row, World

BADGES = [f"B{1040 + 17 * n}" for n in range(22)]
DRIVERS = [f"F{310 + 7 * n}" for n in range(6)]
AUDITORS = ["C901", "C914", "C933"]
STAGES = ["STAGE-01", "STAGE-02", "STAGE-03", "STAGE-04"]
BRANDS = ["NOVA", "KIRO", "LUMA", "PEAK", "TERRA", "ZEST"]
COLOURS = ["BLK", "WHT", "RED", "NVY", "GRN"]


@dataclass
class Sku:
    """How an item is stored and how it sells."""

    code: str
    face: str
    reserve: str
    rate: float
    case: int
    ordered: bool = False
    called: bool = False


class Centre:
    """The centre's days, one event after the other."""

    def __init__(self, seed: int) -> None:
        self.w = World(seed, datetime(2025, 9, 8), 80, AUDITORS, "WMS")  # noqa: DTZ001
        self.rng = self.w.rng
        self.stock: dict[Key, int] = defaultdict(int)
        self.skus: dict[str, Sku] = {}
        self.queue: list[tuple[int, int, Callable[[int], None]]] = []
        self.lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.serial = 0
        self.masters()
        for day in range(self.w.days):
            for wave in range(3):
                self.wave(day, wave)
        while self.queue:
            when, _, event = heapq.heappop(self.queue)
            if when < self.w.end - HOUR:
                event(when)
        for key in list(self.w.index):
            if not key[1].startswith(("STAGE", "DOCK", "RET")):
                self.count(key)
        self.w.tidy()

    def at(self, when: int, event: Callable[[int], None]) -> None:
        self.serial += 1
        heapq.heappush(self.queue, (int(when), self.serial, event))

    def number(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}{self.rng.randrange(16**4):04X}{self.serial:06d}"

    def masters(self) -> None:
        rng = self.rng
        for n in range(330):
            code = f"{BRANDS[n % 6]}-{1000 + n // 6 * 3}-{COLOURS[n % 5]}"
            abc = rng.choices("ABC", [20, 30, 50])[0]
            cost = round(rng.lognormvariate(2.2, 0.9), 2)
            case = rng.choice([6, 8, 10, 12, 12, 20, 24])
            item = Item(
                code,
                f"{code.title()} {rng.choice('SMLX')}",
                "EA",
                cost,
                abc,
                rng.choice(["APPAREL", "HOME", "TECH"]),
            )
            item.units = {"CS": case, "PAL": case * 20} if rng.random() < 0.3 else {"CS": case}
            self.w.items[code] = item
            rate = {"A": 0.42, "B": 0.2, "C": 0.07}[abc] * rng.uniform(0.6, 1.6)
            reserve = (
                f"R-{rng.randrange(1, 13):02d}-{n % 90:02d}-{rng.randrange(1, 6)}"
                if rng.random() < 0.6
                else ""
            )
            sku = Sku(code, f"P-{n // 10:02d}-{n:03d}", reserve, rate, case)
            self.skus[code] = sku
            for bin_ in filter(None, (sku.face, reserve)):
                qty = rng.randrange(1, case * (2 if bin_ == sku.face else 5)) * UNIT
                self.put(
                    (code, bin_, "", "available"),
                    qty,
                    "opening",
                    self.w.start - DAY,
                    rng.randrange(DAY, DAY + 90),
                    "GO-LIVE",
                    "",
                    "SYSTEM",
                    "MIG",
                )

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
        unit: str = "",
    ) -> Row:
        self.stock[key] += qty
        return self.w.post(key, qty, kind, when, when + lag, doc, line, user, source, unit=unit)

    def scan(self, slow: float = 0.015) -> int:
        """Seconds until a scan is in the book; some handhelds sleep."""
        return self.rng.randrange(600, 2600) if self.rng.random() < slow else self.rng.randrange(1, 20)

    def truck(self) -> int:
        """Forklift terminals buffer a little."""
        return self.rng.randrange(3600, 3 * HOUR) if self.rng.random() < 0.02 else self.rng.randrange(40, 700)

    def wave(self, day: int, number: int) -> None:
        """A wave of orders with one to three lines; Mondays and the weeks before a sale are fuller."""
        rng = self.rng
        busy = (1.5 if day % 7 == 0 else 1) * (2.1 if 60 < day < 72 else 1) * (0.75 + 0.5 * day / self.w.days)
        when = self.w.start + day * DAY + (6 + 5 * number) * HOUR
        lines = [sku for sku in self.skus.values() if rng.random() < sku.rate * busy * 0.52]
        rng.shuffle(lines)
        stage = rng.choice(STAGES)
        while lines:
            size, order = rng.choice([1, 1, 1, 2, 2, 3]), self.number("O")
            badge, start = rng.choice(BADGES), when + rng.randrange(0, 4 * HOUR)
            for at, sku in enumerate(lines[:size]):
                qty = rng.choices([1, 2, 3, 5], [70, 20, 8, 2])[0] * UNIT
                self.at(
                    start + 35 * at,
                    lambda t, a=(sku, qty, order, str(at + 1), stage, badge): self.pick(t, *a),
                )
            del lines[:size]

    def pick(self, when: int, sku: Sku, qty: int, order: str, line: str, stage: str, badge: str) -> None:
        key, staged = (sku.code, sku.face, "", "available"), (sku.code, stage, "", "available")
        qty = min(qty, self.stock[key])
        if qty:
            lag = self.scan()
            rows = self.lines[order, line]
            rows.append(self.put(key, -qty, "pick", when, lag, order, line, badge, "RF1"))
            rows.append(self.put(staged, qty, "pick", when + 30, lag, order, line, badge, "RF1"))
            rows[0].override = self.rng.random() < 0.003

            def ship(then: int) -> None:
                rows.append(
                    self.put(
                        staged,
                        -qty,
                        "shipment",
                        then,
                        self.rng.randrange(20, 300),
                        order,
                        line,
                        "shipsvc",
                        "SHIP",
                    )
                )

            self.at(when + self.rng.randrange(1500, 5 * HOUR), ship)
            if self.rng.random() < 0.075:
                self.at(when + self.rng.randrange(4, 20) * DAY, lambda t: self.returned(t, sku, qty, order))
        self.supply(when, sku)

    def supply(self, when: int, sku: Sku) -> None:
        face, need = self.stock[sku.code, sku.face, "", "available"], sku.case * UNIT * 0.3
        reserve = self.stock[sku.code, sku.reserve, "", "available"] if sku.reserve else 0
        if face < need and reserve and not sku.called:
            sku.called = True
            self.at(when + self.rng.randrange(1200, 7 * HOUR), lambda t: self.replenish(t, sku))
        if face + reserve < need * 2 and not sku.ordered:
            sku.ordered = True
            cases = self.rng.randrange(2, 9)
            po, due = self.number("PO-"), when + self.rng.randrange(2, 9) * DAY
            bin_ = sku.reserve or sku.face
            self.w.docs[po, "1"] = Doc(
                "receipt",
                po,
                "1",
                sku.code,
                "DOCK-1",
                cases * sku.case * UNIT,
                due,
                f"V{len(sku.code) * 7 + sku.case}",
            )
            first = cases if self.rng.random() < 0.8 else max(1, cases - 2)
            for n, part in enumerate([first, cases - first]):
                if part:
                    came = due + n * self.rng.randrange(1, 5) * DAY
                    came = (
                        (came - self.w.start) // DAY * DAY
                        + self.w.start
                        + self.rng.randrange(6 * HOUR, 14 * HOUR)
                    )
                    self.at(max(came, when + HOUR), lambda t, c=part: self.receive(t, sku, c, po, bin_))

    def receive(self, when: int, sku: Sku, cases: int, po: str, bin_: str) -> None:
        rng, qty, driver = self.rng, cases * sku.case * UNIT, self.rng.choice(DRIVERS)
        sku.ordered = False
        lag = rng.randrange(3 * HOUR, 8 * HOUR) if rng.random() < 0.03 else rng.randrange(120, 1800)
        dock = (sku.code, rng.choice(["DOCK-1", "DOCK-2"]), "", "available")
        held = rng.random() < 0.16
        rows = self.lines[po, f"1/{when}"]
        rows.append(
            self.put(dock, qty, "receipt", when, lag, po, "1", rng.choice(BADGES[:5]), "PORTAL", "CS")
        )
        target = (sku.code, bin_, "", "on hold" if held else "available")

        def away(then: int) -> None:
            seconds = self.truck()
            rows.append(self.put(dock, -qty, "putaway", then, seconds, po, "1", driver, "RF2"))
            rows.append(self.put(target, qty, "putaway", then + 20, seconds, po, "1", driver, "RF2"))
            self.supply(then, sku)

        def release(then: int) -> None:
            self.change(
                then, target, (*target[:3], "available"), qty, self.number("QA-"), "QA" + driver[1:], "WMS"
            )
            self.supply(then, sku)

        self.at(when + rng.randrange(1800, 5 * HOUR), away)
        if held:
            self.at(when + rng.randrange(8, 80) * HOUR, release)

    def change(self, when: int, source: Key, target: Key, qty: int, doc: str, user: str, system: str) -> None:
        """Two legs: from one place or status to another."""
        rows, lag = self.lines[doc, "1"], self.truck() if system == "RF2" else self.scan()
        rows.append(self.put(source, -qty, "transfer out", when, lag, doc, "1", user, system))
        rows.append(self.put(target, qty, "transfer in", when + 60, lag, doc, "1", user, system))

    def replenish(self, when: int, sku: Sku) -> None:
        sku.called = False
        source = (sku.code, sku.reserve, "", "available")
        qty = min(self.stock[source], self.rng.randrange(1, 4) * sku.case * UNIT)
        if qty:
            self.change(
                when,
                source,
                (sku.code, sku.face, "", "available"),
                qty,
                self.number("RPL"),
                self.rng.choice(DRIVERS),
                "RF2",
            )

    def returned(self, when: int, sku: Sku, qty: int, order: str) -> None:
        """A return, and a day or three later what the inspection made of it."""
        rng, doc, badge = self.rng, self.number("RMA"), self.rng.choice(BADGES[-3:])
        self.w.docs[doc, "1"] = Doc("return", doc, "1", sku.code, "RET-01", qty, when + DAY, order)
        fresh = (sku.code, "RET-01", "", "quarantine")
        self.lines[doc, "1"].append(
            self.put(fresh, qty, "customer return", when, self.scan(), doc, "1", badge, "RETAPP")
        )
        fate = rng.choices(["available", "damaged", "on hold"], [76, 13, 11])[0]
        target = (sku.code, sku.face if fate == "available" else "RET-01", "", fate)

        def inspect(then: int) -> None:
            self.change(then, fresh, target, qty, doc, badge, "RETAPP")
            if fate == "damaged":
                self.at(
                    then + rng.randrange(2, 8) * DAY,
                    lambda t: self.put(target, -qty, "scrap", t, 60, self.number("SCR"), "1", badge, "WMS"),
                )
            if fate == "on hold":
                self.at(
                    then + rng.randrange(1, 6) * DAY,
                    lambda t: self.change(
                        t,
                        target,
                        (sku.code, sku.face, "", "available"),
                        qty,
                        self.number("QA-"),
                        badge,
                        "WMS",
                    ),
                )

        self.at(when + rng.randrange(4, 70) * HOUR, inspect)

    def count(self, key: Key) -> None:
        every = {"A": 18, "B": 30, "C": 60}[self.w.items[key[0]].abc]
        for when in self.w.cycle_counts(key, every):
            off = self.rng.choice([-2, -1, -1, 1, 1]) * UNIT
            if self.rng.random() < 0.12 and self.w.room(key, when, off):
                user = self.rng.choice(AUDITORS)
                self.w.post(
                    key, off, "count correction", when - 30, when, self.number("CC"), "1", user, "WMS"
                )


def build(seed: int) -> tuple[Ledger, dict[str, int]]:
    from benchmarks.other_hands.ecommerce_faults import Faults

    centre = Centre(seed)
    Faults(centre).inject()
    bits = centre.rng.getrandbits
    ledger = hand_over(
        centre.w,
        lambda row, at: f"{bits(32):08x}-{bits(16):04x}-{bits(16):04x}-{at:012x}",
        "%Y-%m-%dT%H:%M:%S+00:00",
    )
    return ledger, dict(centre.w.injected)


def generate(seed: int) -> Ledger:
    """The web shop's ledger, the same for the same seed."""
    return build(seed)[0]


if __name__ == "__main__":
    report("ecommerce", *build(1))
