"""Which of it goes wrong in one hospital, and how often."""

from __future__ import annotations

from benchmarks.other_hands.hospital import DOCK, KITS, STORE, WARDS
from benchmarks.other_hands.hospital_systems import Systems
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key
from benchmarks.other_hands.world import Row


class Faults(Systems):
    """All that is put in."""

    def inject(self) -> None:
        w, rng = self.w, self.rng
        rows = w.rows
        came = lambda: rows("receipt", positive=True)  # noqa: E731
        usable = lambda: [r for r in came() if r.status == "available"]  # noqa: E731
        moved = lambda: [  # noqa: E731
            r
            for r in rows("transfer in")
            if len(legs := self.legs_of.get(r, [])) == 2 and legs[0].location != legs[1].location
        ]
        to_sets = lambda: [r for r in moved() if r.location == KITS]  # noqa: E731
        to_wards = lambda: [r for r in moved() if r.location != KITS]  # noqa: E731
        released = lambda: [r for r in rows("transfer in") if r.document.startswith("FG")]  # noqa: E731
        shelved = lambda: rows("putaway", positive=True)  # noqa: E731
        closed = lambda: [r for r in rows("production receipt") if r in self.h.packed]  # noqa: E731
        packed, taken = lambda: rows("component issue"), lambda: rows("shipment")
        backs = lambda: rows("customer return", positive=True)  # noqa: E731
        sent = lambda: rows("transfer out")  # noqa: E731
        some = lambda low, high: rng.randrange(low, high + 1)  # noqa: E731

        w.spread("", some(8, 11), taken(), self.nothing_tells)
        w.spread("P3", some(2, 3), closed(), self.order_twice)
        w.spread("P2", some(3, 4), closed(), self.unreported)
        w.spread("T4", some(1, 2), closed(), lambda r: self.late(r, 9, 40))
        w.spread("T4", 2, to_sets(), self.both_late)
        w.spread("S3", 3, [*usable(), *to_wards()], self.forced)
        w.spread("S3", 1, closed(), self.forced)
        w.spread("T2", 3, [*to_wards(), *usable(), *released()], self.race)
        w.spread("T2", 1, closed(), self.race)
        w.spread("S2", some(1, 2), closed(), self.report_twice)
        w.spread("S1", 2, [r for r in taken() if r.qty % UNIT], self.decimals_lost)
        w.spread("S1", 1, to_wards(), self.sign_turned)
        w.spread("S2", some(2, 3), [*rows("shipment"), *to_wards()], self.bundle_twice)
        for days in ((8, 30), (31, 55), (56, 84)):
            before, wished = w.injected["T6"], rng.choice([1, 1, 2])
            for _ in range(60):
                if w.injected["T6"] < before + wished:
                    when = w.start + some(*days) * DAY + some(5, 15) * HOUR
                    if rng.random() < 0.4:
                        self.outage(when, some(5, 14), rng.choice(["SETDOK", "SETDOK", "LAGERWEB"]))
                    else:
                        self.cabinet_down(rng.choice(WARDS), when, some(14, 70))
        w.spread("P4", some(3, 4), packed(), self.substitute)
        w.spread("U4", some(2, 3), packed(), self.bill)
        w.spread("M4", 2, released(), self.not_released)
        w.spread("M4", 2, [r for r in usable() if r.location != DOCK], self.in_quarantine)
        w.spread("N1", some(3, 4), [r for r in backs() if r.status == "available"], self.not_taken_back)
        w.spread("N2", some(3, 4), [r for r in backs() if r.status == "available"], self.in_quarantine)
        w.spread("U2", some(3, 4), usable(), self.pack_size)
        w.spread("U3", 2, taken(), self.cross_reference)
        w.spread("U3", 2, usable(), self.cross_reference)
        w.spread("U5", some(3, 4), [*taken(), *sent()], self.lot_master)
        w.spread("C3", some(3, 4), [*taken(), *packed()], self.wrong_place_counted)
        w.spread("C2", some(3, 4), [*taken(), *sent()], self.cut_off)
        w.spread("C1", some(3, 4), [*taken(), *sent()], lambda r: self.miscount(r, False))
        w.spread("C4", some(2, 3), [*taken(), *sent()], lambda r: self.miscount(r, True))
        w.spread("K1", some(3, 4), taken(), self.wrong_item)
        w.spread("K2", 3, [*taken(), *packed()], self.other_lot)
        w.spread("K2", 2, sent(), self.other_shelf)
        w.spread("K3", some(3, 5), taken(), self.wrong_figure)
        w.spread("K5", some(3, 5), taken(), self.confirmed_twice)
        w.spread("M2", some(3, 5), moved(), self.unseen)
        w.spread("M3", 2, shelved(), self.put_elsewhere)
        w.spread("M3", 2, to_wards(), self.put_elsewhere)
        w.spread("T3", some(3, 5), moved(), lambda r: self.one_leg(r, 9, 70))
        w.spread("T5", some(3, 5), [*usable(), *to_wards()], self.entered_again)
        w.spread("T1", some(4, 6), usable(), lambda r: self.late(r, 30, 150))
        w.spread("R1", some(3, 5), usable(), self.short)
        w.spread("R2", some(3, 4), usable(), self.other_item)
        w.spread("R3", some(3, 5), usable(), self.other_place)
        w.spread("R4", some(3, 5), usable(), self.unbooked)
        w.spread("U1", 2, usable(), self.wrong_unit)
        w.spread("U1", 2, taken(), self.as_packs)
        w.spread("S4", some(3, 5), rows("opening"), self.opening)
        w.spread("T1", 1, usable(), lambda r: self.late(r, 30, 150), overlap=True)
        w.spread("K5", 2, taken(), self.confirmed_twice, overlap=True)
        self.by_count()
        w.forced(0.07, "S3")

    def by_count(self) -> None:
        """What no balance shows until somebody counts."""
        w, rng, items = self.w, self.rng, self.w.items

        def dropped(row: Row) -> int:
            w.drop(row)
            return -row.qty

        def broken(row: Row, qty: int, when: int) -> None:
            """Of what fell, some was written off at once."""
            part = max(UNIT, qty // 3 // UNIT * UNIT)
            row.qty += part
            told = when - 30 * HOUR
            doc = self.slip("VN", told)
            w.post(row.key, -part, "scrap", told, told + HOUR, doc, "1", rng.choice(STORE), "SAP")

        self.spoilt(4)
        self.expired(4)
        self.mislaid(3)
        self.phantom("K4", 4, [r for r in w.rows("shipment") if r.document], dropped)
        self.phantom("N1", 2, w.rows("supplier return"), dropped)
        received = [r for r in w.rows("receipt", positive=True) if r.location != DOCK]
        self.phantom("R1", 3, received, self.over)
        self.phantom("R5", 4, received, self.doubled)
        fragile = ("INFU", "BIO", "ANTI", "SYRING")
        self.losses("L1", 4, lambda r: items[r.item].group in fragile, lambda: rng.randrange(15, 50), broken)
        sought = ("NARC", "GLOVE ", "COMPRE")
        self.losses(
            "L5", 4, lambda r: items[r.item].group in sought, lambda: rng.randrange(8, 25), again=True
        )
        self.typed_up("C4", 2)

    def spoilt(self, wanted: int) -> None:
        """Fell on the floor while a set was packed and was fetched once more; nobody wrote it off."""
        rows = [r for r in self.w.rows("transfer in") if r.location == KITS and r in self.legs_of]
        self.rng.shuffle(rows)
        for row in rows:
            legs = self.legs_of[row]
            store: Key = legs[0].key
            opening = [r for r in self.w.index[store] if r.kind == "opening"]
            when = self.w.working(row.recorded + self.rng.randrange(6 * HOUR, 6 * DAY))
            more = self.rng.choice([1, 2, 2, 3, 5]) * UNIT
            if (
                not wanted
                or not opening
                or len(legs) < 2
                or when > self.w.end
                or not self.free(row.key, store)
            ):
                continue
            opening[0].qty += more
            for leg in legs:
                leg.qty += more if leg.qty > 0 else -more
            self.w.docs[row.document, row.line].qty += more
            self.w.counted("P1", row.key, -more, when, "spoilt in the set room, never reported")
            wanted -= 1

    def expired(self, wanted: int) -> None:
        """What was left of an old lot was thrown away with the rest of the month's, without its line."""
        rows = [r for r in self.w.rows("opening") if r.lot and r.location not in (KITS, DOCK)]
        self.rng.shuffle(rows)
        for row in rows:
            month = self.rng.choice([24, 54, 84])
            when = self.w.working(self.w.start + (month + self.rng.randrange(1, 4)) * DAY)
            left = self.w.balance(row.key, when)
            gone = all(r.recorded < when - 4 * DAY for r in self.w.index[row.key])
            if wanted and not left and gone and self.h.lots[row.item][-1] != row.lot:
                qty = self.rng.choice([1, 2, 3, 4, 6, 8]) * UNIT
                wanted -= self.w.variance("L3", row.key, -qty, when, "expired and thrown away")

    def mislaid(self, wanted: int) -> None:
        """Laid in another place of the house: one count misses it, another finds it there."""
        rows = self.w.rows("opening")
        self.rng.shuffle(rows)
        for row in rows:
            places = sorted(
                {k[1] for k in self.w.index if k[1] != row.location and k[1][:2] == row.location[:2]}
            )
            when = self.w.working(self.w.start + self.rng.randrange(15, 75) * DAY)
            qty = self.rng.choice([1, 2, 3, 5]) * UNIT
            if not wanted or not places:
                continue
            to = (row.item, self.rng.choice(places), row.lot, row.status)
            if self.free(to) and self.w.variance("M1", row.key, -qty, when, f"laid in {to[1]}"):
                later = self.w.working(when + self.rng.randrange(HOUR, 7 * DAY))
                if later < self.w.end:
                    self.w.counted("M1", to, qty, later, f"belongs to {row.location}")
                wanted -= 1
