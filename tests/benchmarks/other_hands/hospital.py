"""A hospital group: a central store, a pharmacy, ward cabinets, and a room where surgical sets are packed.

Medicines carry lots and are used oldest first; a cabinet is filled up to its par level from the store or the
pharmacy. Cabinets send what happened in bundles every two hours, the office types deliveries in by hand, the
handhelds of the store post within minutes, and the set room reports a set when its tray is closed.
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

OFFICE, STORE = ["ek.brandt", "ek.osei", "ek.virtanen", "apo.leitung"], ["lg07", "lg11", "lg12", "lg19"]
COUNTERS = ["inventur1", "inventur2", "apo.kunz", "lg11"]
SETS = ["zsva.roth", "zsva.adeyemi", "zsva.klein"]
WARDS = ["ST1A", "ST2B", "ST3A", "ST3C", "ITS", "NEO", "AMB", "OP-ANAE"]
DOCK, KITS, FRIDGE = "ZL-WE", "SET-RAUM", "APO-KUEHL"
BATCH = 2 * HOUR

MEDICINES = [
    *(("Ceftriaxon 2 g", "VIAL", "ANTI"), ("Insulin lispro", "ML", "COLD"), ("Heparin 5000", "AMP", "ANTI")),
    *(("Propofol 1 %", "AMP", "NARC"), ("Paracetamol inf.", "BTL", "INFU"), ("Noradrenalin", "AMP", "NARC")),
    *(("NaCl 0.9 % 500", "BTL", "INFU"), ("Rituximab 100", "VIAL", "BIO"), ("Glucose 5 %", "BTL", "INFU")),
    *(("Oxytocin", "AMP", "COLD"), ("Pantoprazol 40", "VIAL", "ANTI"), ("Morphin 10", "AMP", "NARC")),
]
GOODS = [
    "Cannula",
    "Compress",
    "Suture",
    "Drape",
    "Syringe",
    "Glove pair",
    "Drain",
    "Blade",
    "Catheter",
    "Clip",
]


@dataclass
class Surgical:
    """A set of instruments and disposables: what is packed into one, and how often it is asked for."""

    code: str
    parts: dict[str, int]
    busy: float
    home: str
    spare: dict[str, str] = field(default_factory=dict)


class Hospital:
    """The hospital's days, one event after the other."""

    def __init__(self, seed: int) -> None:
        self.w = World(seed, datetime(2026, 2, 2), 90, COUNTERS, "SAP")  # noqa: DTZ001
        self.rng = self.w.rng
        self.stock: dict[Key, int] = defaultdict(int)
        self.lots: dict[str, list[str]] = {}  # of an item, the oldest first
        self.par: dict[tuple[str, str], int] = {}
        self.daily: dict[tuple[str, str], float] = {}
        self.use: dict[str, float] = defaultdict(float)
        self.sets: list[Surgical] = []
        self.ordered: set[str] = set()
        self.queue: list[tuple[int, int, Callable[[int], None]]] = []
        self.serial = 0
        self.numbers = {"45": 120400, "UL": 77010, "RX": 310900, "OP": 6020, "SET": 1480}
        self.numbers.update(RT=2204, FG=610, VN=140, LR=88)
        self.legs: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.packed: dict[Row, list[Row]] = {}  # a set's receipt, and what was packed into it
        self.masters()
        for day in range(self.w.days):
            self.plan(day)
        while self.queue:
            when, _, event = heapq.heappop(self.queue)
            if when < self.w.end - HOUR:
                event(when)
        self.w.tidy()
        for key in list(self.w.index):
            self.count(key)
        self.w.tidy()

    # Masters

    def masters(self) -> None:
        rng = self.rng
        for n in range(72):
            name, base, group = MEDICINES[n % len(MEDICINES)]
            cost = round(rng.lognormvariate(1.6, 1.0) * (20 if group == "BIO" else 1), 2)
            code = f"{1040 + 7 * n}"
            item = Item(code, f"{name} {'ABCDEF'[n // 12]}", base, cost, rng.choice("AABBC"), group)
            item.units = {"ML": {"VIAL": 10}, "BTL": {"KT": rng.choice([10, 12, 20])}}.get(
                base, {"PK": rng.choice([5, 10, 10, 25])}
            )
            self.w.items[code] = item
            self.lots[code] = [self.lot()]
        for n in range(54):
            code = f"{5203 + 11 * n}"
            name = GOODS[n % len(GOODS)]
            item = Item(
                code,
                f"{name} {n // 10 + 1}",
                "ST",
                round(rng.lognormvariate(0.3, 1.1), 2),
                rng.choice("ABBCC"),
                name.upper()[:6],
            )
            item.units = {"PK": 10, "KT": rng.choice([100, 200])} if rng.random() < 0.5 else {"PK": 20}
            self.w.items[code] = item
            self.lots[code] = [self.lot()] if name in ("Suture", "Catheter", "Drain") else [""]
        goods = [code for code in self.w.items if code >= "5000"]
        for n in range(14):
            code = f"SET-{210 + 3 * n}"
            self.w.items[code] = Item(
                code, f"Set {n}", "ST", round(rng.uniform(30, 260), 2), rng.choice("AAB"), "SET"
            )
            self.lots[code] = [""]
            parts = {p: rng.choice([1, 1, 2, 2, 3, 5]) * UNIT for p in rng.sample(goods, rng.randrange(4, 7))}
            made = Surgical(code, parts, rng.uniform(0.18, 0.4), f"STERI-{n % 4 + 1}")
            for p in parts:
                if rng.random() < 0.4:
                    made.spare[p] = next(
                        g for g in goods[goods.index(p) :] + goods if g != p and g not in parts
                    )
            self.sets.append(made)
            self.open((code, made.home, "", "available"), rng.randrange(2, 8) * UNIT)
        for code in [c for c in self.w.items if c < "SET"]:
            for ward in rng.sample(WARDS, rng.choice([1, 1, 1, 2])):
                self.daily[code, ward] = rng.uniform(0.05, 0.27)
                par = rng.choice([4, 6, 8, 10, 12, 20] if code < "5000" else [10, 15, 20, 30, 40]) * UNIT
                self.par[code, ward] = par
                self.open((code, ward, self.lots[code][0], "available"), par)
                self.use[code] += par / 6
        for one in self.sets:
            for p, per in one.parts.items():
                self.par[p, KITS] = max(self.par.get((p, KITS), 0), per * 8)
                self.use[p] += one.busy * per * 3
        for (code, place), par in self.par.items():
            if place == KITS:
                self.open((code, KITS, self.lots[code][0], "available"), par)
        for code, each in self.use.items():
            home = (code, self.home(code), self.lots[code][0], "available")
            self.open(home, (int(each * rng.uniform(4, 12)) // UNIT + 2) * UNIT)

    def lot(self) -> str:
        return f"{self.rng.choice('ABCHKX')}{self.rng.randrange(2400, 2640)}{self.rng.randrange(10, 99)}"

    def open(self, key: Key, qty: int) -> None:
        when = self.w.start - DAY
        self.put(key, qty, "opening", when, DAY + self.rng.randrange(90), "UEB-0201", "", "it.wagner", "SAP")

    def home(self, code: str) -> str:
        """Where the pharmacy, the store or the sterile shelf keeps an item."""
        if code.startswith("SET-"):
            return next(one.home for one in self.sets if one.code == code)
        if self.w.items[code].group == "COLD":
            return FRIDGE
        return (
            f"APO-R{int(code) % 6 + 1}"
            if code < "5000"
            else f"ZL-{'ABCD'[int(code) % 4]}{int(code) % 23:02d}"
        )

    # Booking

    def at(self, when: int, event: Callable[[int], None]) -> None:
        self.serial += 1
        heapq.heappush(self.queue, (int(when), self.serial, event))

    def next(self, name: str) -> str:
        self.numbers[name] += self.rng.choice([1, 1, 1, 2, 4])
        return f"{name}{self.numbers[name]}" if name == "45" else f"{name}-{self.numbers[name]}"

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
        """Seconds until it is in the book: cabinets in bundles, the office by hand and by day."""
        slow = self.rng.random()
        if source == "CABINET":
            return -when % BATCH + 20 + when % BATCH // 40 + (BATCH if slow < 0.02 else 0)
        if source == "LAGERWEB":
            return self.rng.randrange(HOUR, 5 * HOUR) if slow < 0.02 else self.rng.randrange(20, 480)
        if source == "SETDOK":
            return self.rng.randrange(200, 2400)
        if when % DAY > 15 * HOUR or slow < 0.05:
            return DAY - when % DAY + self.rng.randrange(7 * HOUR, 10 * HOUR)
        return self.rng.randrange(1800, 4 * HOUR)

    def person(self, place: str) -> str:
        return f"{place.lower()}.{self.rng.randrange(1, 9) * 37 % 100:02d}"

    def oldest(self, code: str, place: str, qty: int) -> list[tuple[Key, int]]:
        """Which lots of a place give that much, the oldest first; less if there is less."""
        found: list[tuple[Key, int]] = []
        for lot in self.lots[code]:
            key = (code, place, lot, "available")
            if qty > 0 and self.stock[key] > 0:
                found.append((key, min(qty, self.stock[key])))
                qty -= found[-1][1]
        return found

    def held(self, code: str, place: str) -> int:
        return sum(self.stock[code, place, lot, "available"] for lot in self.lots[code])

    # The day

    def plan(self, day: int) -> None:
        """Withdrawals around the clock, filling up after the morning round, sets and operations by day."""
        rng, begin, weekend = self.rng, self.w.start + day * DAY, day % 7 > 4
        for (code, ward), daily in self.daily.items():
            busy = daily * (0.6 if weekend and ward in ("AMB", "OP-ANAE") else 1.0)
            for _ in range(sum(rng.random() < busy / 2 for _ in range(2))):
                when = begin + int(min(23.5, max(0.2, rng.gauss(12, 5))) * HOUR)
                self.at(when, lambda t, c=code, p=ward: self.withdraw(t, c, p))
            if not weekend or ward == "ITS":
                when = begin + rng.randrange(12 * HOUR, 14 * HOUR)
                self.at(when, lambda t, c=code, p=ward: self.fill(t, c, p))
        for code, place in [each for each in self.par if each[1] == KITS]:
            if not weekend:
                when = begin + rng.randrange(6 * HOUR, 7 * HOUR)
                self.at(when, lambda t, c=code, p=place: self.fill(t, c, p))
        for one in self.sets:
            if not weekend and rng.random() < one.busy:
                self.at(begin + rng.randrange(8 * HOUR, 15 * HOUR), lambda t, s=one: self.pack(t, s))
            for _ in range(sum(rng.random() < one.busy for _ in range(3 if not weekend else 1))):
                self.at(begin + rng.randrange(6 * HOUR, 17 * HOUR), lambda t, s=one: self.operate(t, s))
        if day % 30 == 24:
            self.at(begin + rng.randrange(9 * HOUR, 12 * HOUR), self.clear_out)

    def withdraw(self, when: int, code: str, ward: str) -> None:
        """For a patient, against a prescription for a medicine; in parts of a bottle where it is one."""
        rng, base = self.rng, self.w.items[code].base
        qty = {"ML": rng.choice([300, 500, 800, 1200]), "BTL": rng.choice([250, 500, 1000, 1000, 2000])}.get(
            base, rng.choice([1, 1, 1, 2, 2, 3, 5] if code < "5000" else [1, 2, 2, 4, 5, 6, 10]) * UNIT
        )
        doc = self.next("RX") if code < "5000" else ""
        asked = qty
        for n, (key, part) in enumerate(self.oldest(code, ward, qty)):
            line, user = str(n + 1) if doc else "", self.person(ward)
            if doc:
                self.w.docs[doc, line] = Doc(
                    "order", doc, line, code, ward, part, when, f"FALL-{when // 97 % 9999}"
                )
            asked -= part
            lag = self.lag("CABINET", when)
            row = self.put(key, -part, "shipment", when, lag, doc, line, user, "CABINET")
            if doc and part >= UNIT and rng.random() < 0.06:
                self.at(when + rng.randrange(4, 30) * HOUR, lambda t, r=row: self.bring_back(t, r))
        if doc and asked and (doc, "1") in self.w.docs and rng.random() < 0.5:
            self.w.docs[doc, "1"].qty += asked  # the rest was wanted and not there

    def bring_back(self, when: int, row: Row) -> None:
        """Not given to the patient: back to the pharmacy, to the shelf if it may be used again."""
        code, doc = row.item, self.next("RT")
        status = "quarantine" if self.w.items[code].group in ("COLD", "BIO") else "available"
        qty = max(UNIT, -row.qty // 2 // UNIT * UNIT) if self.rng.random() < 0.3 else -row.qty
        self.w.docs[doc, "1"] = Doc("return", doc, "1", code, self.home(code), qty, when + DAY, row.location)
        key = (code, self.home(code), row.lot, status)
        self.put(key, qty, "customer return", when, self.lag("SAP", when), doc, "1", OFFICE[3], "SAP")

    def fill(self, when: int, code: str, place: str) -> None:
        """Up to par, if the place is well below it; by whole packs when a pack fits."""
        have, par = self.held(code, place), self.par[code, place]
        if have > par * 0.3:
            return
        want, pack = par - have, next(iter(self.w.items[code].units.values())) * UNIT
        if want >= pack and self.rng.random() < 0.6:
            want = want // pack * pack
        want = max(want // UNIT, 1) * UNIT
        doc, source = self.next("UL"), self.home(code)
        for n, (key, part) in enumerate(self.oldest(code, source, want)):
            self.carry(when + 30 * n, key, place, part, doc, str(n + 1))
        self.restock(when, code)

    def carry(self, when: int, key: Key, place: str, qty: int, doc: str, line: str) -> None:
        lag, to = self.lag("LAGERWEB", when), (key[0], place, key[2], key[3])
        row = self.put(key, -qty, "transfer out", when, lag, doc, line, self.rng.choice(STORE), "LAGERWEB")
        self.w.docs[doc, line] = Doc("transfer", doc, line, key[0], place, qty, when + 6 * HOUR, key[1])
        self.legs[doc, line].append(row)

        def arrive(then: int) -> None:
            system = "SETDOK" if place == KITS else "CABINET"
            user = self.rng.choice(SETS) if place == KITS else self.person(place)
            lag = self.lag(system, then)
            self.legs[doc, line].append(self.put(to, qty, "transfer in", then, lag, doc, line, user, system))

        self.at(when + self.rng.randrange(1800, 3 * HOUR), arrive)

    def restock(self, when: int, code: str) -> None:
        """Ordered when nearly out; a delivery may come in two parts, or in a new lot, or wait for release."""
        rng, home, item = self.rng, self.home(code), self.w.items[code]
        if code in self.ordered or self.held(code, home) > self.use[code] * 2:
            return
        self.ordered.add(code)
        doc, pack = self.next("45"), next(iter(item.units.values())) * UNIT
        qty = -(-int(self.use[code] * rng.uniform(5, 14)) // pack) * pack
        due = (when // DAY + rng.choice([1, 1, 2, 3, 5])) * DAY + rng.randrange(7 * HOUR, 13 * HOUR)
        partner = f"LF{sum(map(int, code)) * 7 % 19 + 300}"
        at_dock = code > "5000"
        self.w.docs[doc, "10"] = Doc("receipt", doc, "10", code, DOCK if at_dock else home, qty, due, partner)
        first = qty if rng.random() < 0.78 or qty < 2 * pack else qty // pack // 2 * pack
        self.at(due, lambda t: self.receive(t, code, first, doc))
        if qty > first:
            self.at(due + rng.randrange(1, 6) * DAY, lambda t: self.receive(t, code, qty - first, doc))

    def receive(self, when: int, code: str, qty: int, doc: str) -> None:
        rng, home, user = self.rng, self.home(code), self.rng.choice(OFFICE[:3])
        self.ordered.discard(code)
        if self.lots[code][-1] and rng.random() < 0.6:
            self.lots[code].append(self.lot())
        lot, lag = self.lots[code][-1], self.lag("SAP", when)
        unit = next(iter(self.w.items[code].units)) if rng.random() < 0.45 else ""
        if code > "5000":
            self.put(
                (code, DOCK, lot, "available"), qty, "receipt", when, lag, doc, "10", user, "SAP", unit=unit
            )
            self.at(
                when + lag + rng.randrange(600, 3 * HOUR), lambda t: self.put_away(t, code, lot, qty, doc)
            )
        elif self.w.items[code].group == "BIO":
            held = (code, home, lot, "quarantine")
            self.put(held, qty, "receipt", when, lag, doc, "10", user, "SAP", unit=unit)
            self.at(when + lag + rng.randrange(4 * HOUR, 30 * HOUR), lambda t: self.release(t, held, qty))
        else:
            key = (code, home, lot, "available")
            self.put(key, qty, "receipt", when, lag, doc, "10", user, "SAP", unit=unit)
            if rng.random() < 0.14:
                self.at(when + rng.randrange(1, 6) * DAY, lambda t: self.send_back(t, key, qty // 8))

    def put_away(self, when: int, code: str, lot: str, qty: int, doc: str) -> None:
        lag, user = self.lag("LAGERWEB", when), self.rng.choice(STORE)
        for place, sign in ((DOCK, -1), (self.home(code), 1)):
            key = (code, place, lot, "available")
            row = self.put(key, sign * qty, "putaway", when, lag + max(0, sign), doc, "10", user, "LAGERWEB")
            self.legs[doc, f"{lot}{when}"].append(row)

    def release(self, when: int, held: Key, qty: int) -> None:
        """The pharmacist releases a lot: from quarantine to available, in the same place."""
        doc, lag = self.next("FG"), self.lag("SAP", when)
        self.w.docs[doc, "1"] = Doc("transfer", doc, "1", held[0], held[1], qty, when + DAY, held[1])
        for status, sign, kind in (("quarantine", -1, "transfer out"), ("available", 1, "transfer in")):
            key = (*held[:3], status)
            self.legs[doc, "1"].append(
                self.put(key, sign * qty, kind, when, lag + max(0, sign), doc, "1", OFFICE[3], "SAP")
            )

    def send_back(self, when: int, key: Key, qty: int) -> None:
        if qty := min(qty, self.stock[key]) // UNIT * UNIT:
            doc = self.next("LR")
            self.w.docs[doc, "1"] = Doc("return", doc, "1", key[0], key[1], qty, when + DAY, "LF-RUECK")
            lag = self.lag("SAP", when)
            self.put(key, -qty, "supplier return", when, lag, doc, "1", self.rng.choice(OFFICE), "SAP")

    def clear_out(self, when: int) -> None:
        """Once a month what has expired is thrown away and written off."""
        doc = self.next("VN")
        old = [k for k, q in self.stock.items() if q >= UNIT and k[2] and k[2] in self.lots[k[0]][:-2]]
        for n, key in enumerate(self.rng.sample(old, min(len(old), 8))):
            qty, then = self.stock[key] // UNIT * UNIT, when + 200 * n
            self.put(key, -qty, "scrap", then, self.lag("SAP", then), doc, str(n + 1), "apo.kunz", "SAP")

    def pack(self, when: int, one: Surgical) -> None:
        """Trays of one set, each reported when it is closed; a substitute is said so."""
        rng, doc, trays = self.rng, self.next("SET"), self.rng.choice([2, 3, 3, 4, 6])
        used = {one.spare[p] if p in one.spare and rng.random() < 0.2 else p: q for p, q in one.parts.items()}
        for part in used:
            if (part, KITS) not in self.par:
                self.par[part, KITS] = 16 * UNIT
                self.fill(when, part, KITS)
        able = min(trays, *(self.held(p, KITS) // per for p, per in used.items()))
        if not able:
            return
        asked, shut = trays * UNIT, able < trays
        self.w.docs[doc, "1"] = Doc("production", doc, "1", one.code, one.home, asked, when + DAY, KITS, shut)
        first = able // 2 if able > 3 else able
        self.close(when, one, doc, used, first)
        if able > first:
            self.at(when + 3 * HOUR, lambda t: self.close(t, one, doc, used, able - first))

    def close(self, when: int, one: Surgical, doc: str, used: dict[str, int], trays: int) -> None:
        trays = min(trays, *(self.held(p, KITS) // per for p, per in used.items()))
        if not trays:
            return
        user, lag = self.rng.choice(SETS), self.lag("SETDOK", when)
        key = (one.code, one.home, "", "available")
        done = self.put(key, trays * UNIT, "production receipt", when, lag, doc, "1", user, "SETDOK")
        self.packed[done] = []
        line = 2
        for part, per in used.items():
            for source, qty in self.oldest(part, KITS, per * trays):
                row = self.put(source, -qty, "component issue", when, lag, doc, str(line), user, "SETDOK")
                self.packed[done].append(row)
                line += 1

    def operate(self, when: int, one: Surgical) -> None:
        key, asked = (one.code, one.home, "", "available"), self.rng.choice([1, 1, 1, 2]) * UNIT
        doc = self.next("OP")
        self.w.docs[doc, "1"] = Doc("order", doc, "1", one.code, one.home, asked, when, "OP-SAAL", True)
        if qty := min(asked, self.stock[key]):
            lag = self.lag("LAGERWEB", when)
            self.put(key, -qty, "shipment", when, lag, doc, "1", self.rng.choice(SETS), "LAGERWEB")

    def count(self, key: Key) -> None:
        """Counted in turn while there is something to count; now and then one too few or too many."""
        times = self.w.cycle_counts(key, 24 if key[1] in WARDS else 40)
        self.w.counts[key] = [when for when in times if self.w.balance(key, when) > 0]
        for when in self.w.counts[key]:
            off = self.rng.choice([-2, -1, -1, -1, 1, 1]) * UNIT
            if self.rng.random() < 0.09 and self.w.room(key, when, off):
                user = self.rng.choice(COUNTERS)
                self.w.post(key, off, "count correction", when - 300, when, user=user, source="SAP")


def build(seed: int) -> tuple[Ledger, dict[str, int]]:
    from benchmarks.other_hands.hospital_faults import Faults

    hospital = Hospital(seed)
    Faults(hospital).inject()
    ledger = hand_over(hospital.w, lambda row, at: f"{row.source[:3]}{20260000 + 3 * at}")
    return ledger, dict(hospital.w.injected)


def generate(seed: int) -> Ledger:
    """The hospital's ledger, the same for the same seed."""
    return build(seed)[0]


if __name__ == "__main__":
    report("hospital", *build(1))
