"""What goes wrong in the factory."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.other_hands.factory import COUNTERS, OFFICE, STORE, Plant
from benchmarks.other_hands.faults import Common
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key
from benchmarks.other_hands.world import Doc, Plan, Row


class Faults(Common):
    """Plans on top of what any company knows: about orders, bills of material and the line side."""

    out = "component issue"
    office, counters, clerks, source = OFFICE, COUNTERS, STORE, "ERP"

    def __init__(self, plant: Plant) -> None:
        super().__init__(plant.w)
        self.p = plant
        self.by_code = {product.code: product for product in plant.products}
        self.orders: dict[str, list[Row]] = defaultdict(list)
        for done in plant.reports:
            self.orders[done.document].append(done)
        self.carried: dict[str, list[Row]] = defaultdict(list)
        for row in self.w.rows("transfer out", "transfer in"):
            self.carried[row.document].append(row)

    def output_late(self, row: Row) -> Plan:
        """What was made is reported the next shift or the next day; it is used or shipped at once."""
        hours = self.rng.uniform(7, 44)
        return Plan(
            "output reported late",
            [row.key],
            lambda: setattr(row, "recorded", row.occurred + int(hours * HOUR)),
            row.occurred,
            settle=False,
            within=2,
        )

    def carry_late(self, row: Row) -> Plan:
        """The line reports at once, the driver confirms his round at the end of the shift: both legs."""
        legs, wait = self.carried[row.document], self.rng.randrange(3 * HOUR, 11 * HOUR)
        return Plan(
            "backflushed before the round was confirmed",
            [row.key],
            lambda: [setattr(leg, "recorded", row.occurred + wait + n) for n, leg in enumerate(legs)],
            row.occurred,
            [leg.key for leg in legs],
            settle=False,
            within=1,
        )

    def carry_unseen(self, row: Row) -> Plan:
        legs = self.carried[row.document]

        def change() -> None:
            self.w.drop(*legs)
            if self.rng.random() < 0.5:
                self.w.docs.pop((row.document, "1"))

        return Plan(
            "carried to the line, never booked", [row.key], change, row.occurred, [leg.key for leg in legs]
        )

    def other_bin(self, row: Row) -> Plan:
        place = f"ST-{self.rng.randrange(1, 10)}-{self.rng.randrange(31):02d}"
        return Plan(
            f"booked to {place}",
            [row.key],
            lambda: self.w.rebook(row, location=place),
            row.occurred,
            [(row.item, place, "", "available")],
        )

    def bill(self, row: Row) -> Plan | None:
        """The bill of material asks for more than goes in, from a change of the master on."""
        product = self.w.docs[row.document, "1"].item
        per = self.by_code[product].parts.get(row.item)
        if not per:
            return None
        wrong = per + max(
            UNIT if per >= UNIT else 1, per // self.rng.choice([2, 4, 5]) // UNIT * UNIT or per // 4
        )
        until = row.recorded + self.rng.randrange(15, 60) * DAY
        rows = [
            issue
            for done, issues in self.p.reports.items()
            if done.item == product
            for issue in issues
            if issue.item == row.item and row.recorded <= issue.recorded < until
        ]
        if len(rows) < 4:
            return None
        return Plan(
            f"{product} asks for {wrong / UNIT:g} instead of {per / UNIT:g}",
            [row.key],
            lambda: [setattr(r, "qty", r.qty // per * wrong) for r in rows],
            row.occurred,
        )

    def output_missing(self, row: Row) -> Plan:
        """The parts are issued, what was made of them is not reported, or only in part."""
        left = row.qty * self.rng.choice([0, 0, 30, 50, 75]) // 100 // UNIT * UNIT
        change = (lambda: setattr(row, "qty", left)) if left else (lambda: self.w.drop(row))
        return Plan("output not reported", [row.key], change, row.occurred)

    def order_twice(self, row: Row) -> Plan:
        """The same work reported under two orders."""
        reports, other = self.orders[row.document], self.p.next("MO")
        wait = self.rng.randrange(HOUR, 20 * HOUR)
        issues = [issue for done in reports for issue in self.p.reports[done]]

        def change() -> None:
            for r in [*reports, *issues]:
                self.w.twin(r, r.recorded + wait, occurred=r.occurred + wait, document=other)
            old = self.w.docs[row.document, "1"]
            self.w.docs[other, "1"] = Doc(
                "production",
                other,
                "1",
                old.item,
                old.location,
                old.qty,
                old.due,
                old.partner,
                old.short_closed,
            )

        return Plan(
            f"order {row.document} once more as {other}",
            sorted({i.key for i in issues}),
            change,
            row.occurred,
            [row.key],
            within=12,
        )

    def message_twice(self, row: Row) -> Plan:
        """The MES sends a report again: output and issues, in every particular the same."""
        issues, wait = self.p.reports[row], self.rng.choice([30, 60, 900, 901, 3600])
        return Plan(
            "report posted twice",
            sorted({i.key for i in issues}),
            lambda: [self.w.twin(r, r.recorded + wait, uncounted=True) for r in [row, *issues]],
            row.occurred,
            [row.key],
            within=12,
        )

    def substitute(self, row: Row) -> Plan | None:
        """Another part was built in because the right one was out; the right one was backflushed."""
        spare = self.by_code[self.w.docs[row.document, "1"].item].spare
        asked = next((a for a, b in spare.items() if b == row.item), None)
        if asked is None:
            return None
        rows = [i for done in self.orders[row.document] for i in self.p.reports[done] if i.item == row.item]
        return Plan(
            f"{row.item} built in instead",
            [(asked, row.location, "", "available")],
            lambda: [self.w.rebook(r, item=asked) for r in rows],
            row.occurred,
            [row.key],
            within=6,
        )

    def forced(self, row: Row) -> Plan | None:
        """Shipped on paper for the month's turnover before the output is there."""
        sold = self.after(row, "shipment", 0, 90)[: self.rng.randrange(1, 3)]
        when = row.occurred - self.rng.randrange(3 * HOUR, 40 * HOUR)

        def change() -> None:
            for n, r in enumerate(sold):
                r.occurred, r.recorded, r.override, r.user = (
                    when + 90 * n,
                    when + 90 * n + 60,
                    True,
                    OFFICE[2],
                )

        return (
            Plan("forced past the check", [row.key], change, when - HOUR, settle=False, within=3)
            if sold
            else None
        )

    def nothing_tells(self, row: Row) -> Plan:
        """An ordinary shipment of what the book never had."""
        when, doc = row.recorded + self.rng.randrange(HOUR, DAY), self.p.next("SO")
        qty = max(0, self.w.balance(row.key, when)) + self.rng.randrange(2, 15) * UNIT

        def change() -> None:
            if qty <= -3 * row.qty:
                self.w.post(
                    row.key, -qty, "shipment", when - 200, when, doc, "1", self.rng.choice(STORE), "WMS"
                )
                self.w.docs[doc, "1"] = Doc("order", doc, "1", row.item, row.location, qty, when, "CU-07")

        return Plan("more was there than any booking explains", [row.key], change, when, within=1)

    def unreported_scrap(self, wanted: int) -> None:
        """More was carried to the line than the bill asks for, because some was spoilt and nobody said so."""
        rows = self.w.rows("transfer in")
        self.rng.shuffle(rows)
        for row in rows:
            legs = self.carried[row.document]
            store: Key = next(leg.key for leg in legs if leg.qty < 0)
            opening = [r for r in self.w.index[store] if r.kind == "opening"]
            when = self.w.working(row.recorded + self.rng.randrange(8 * HOUR, 6 * DAY))
            more = max(1, row.qty // UNIT * self.rng.randrange(3, 15) // 100) * UNIT
            if not wanted or not opening or when > self.w.end or not self.free(row.key, store):
                continue
            opening[0].qty += more
            for leg in legs:
                leg.qty += more if leg.qty > 0 else -more
            self.w.docs[row.document, "1"].qty += more
            self.w.counted("P1", row.key, -more, when, "scrap never reported")
            wanted -= 1

    def inject(self) -> None:
        w, rows, day = self.w, self.w.rows, lambda n: self.w.start + n * DAY
        came = lambda: rows("receipt", positive=True)  # noqa: E731
        carried = lambda: [r for r in rows("transfer in") if r.document in self.carried]  # noqa: E731
        made = lambda: [r for r in rows("production receipt") if r in self.p.reports]  # noqa: E731
        issued, shipped = lambda: rows("component issue"), lambda: rows("shipment")
        w.spread("", 4, shipped(), self.nothing_tells)
        w.spread("C2", 4, shipped(), self.cut_off)
        w.spread("K3", 4, shipped(), self.misread)
        w.spread("K5", 4, shipped(), self.confirmed_twice)
        for n, hours, source in ((17, 6, "WMS"), (43, 7, "MES"), (72, 5, "WMS")):
            self.outage(day(n) + self.rng.randrange(6, 10) * HOUR, hours, source)
        w.spread("P3", 4, made(), self.order_twice)
        w.spread("S2", 4, made(), self.message_twice)
        w.spread("P4", 5, issued(), self.substitute)
        w.spread("U4", 5, issued(), self.bill)
        w.spread("U2", 4, came(), self.pack)
        w.spread("P2", 5, made(), self.output_missing)
        w.spread("T4", 3, made(), self.output_late)
        w.spread("T4", 3, carried(), self.carry_late)
        w.spread("S3", 4, made(), self.forced)
        w.spread("S4", 5, rows("opening"), self.opening)
        w.spread("M2", 5, carried(), self.carry_unseen)
        w.spread("T3", 5, carried(), lambda r: self.one_leg(r, 6, 60))
        w.spread("T5", 4, came(), lambda row: self.deleted(row, self.p.next("PO")))
        w.spread("T1", 5, came(), lambda r: self.late(r, 34, 130))
        w.spread("R1", 5, came(), self.short)
        w.spread("R3", 5, came(), self.other_bin)
        w.spread("R4", 4, came(), self.unbooked)
        w.spread("U1", 4, came(), self.wrong_unit)
        w.spread("C1", 4, issued(), lambda r: self.miscount(r, False))
        w.spread("C4", 3, issued(), lambda r: self.miscount(r, True))
        w.spread("K5", 2, shipped(), self.confirmed_twice, overlap=True)
        w.spread("T1", 2, came(), lambda r: self.late(r, 40, 130), overlap=True)
        self.by_count()
        w.forced(0.12, "S3")

    def by_count(self) -> None:
        """Losses that no balance shows until somebody counts."""
        w, items = self.w, self.w.items

        def not_sent(row: Row) -> int:
            w.drop(row)
            return -row.qty

        def scrapped(row: Row, qty: int, when: int) -> None:
            part = max(UNIT, qty // 4 // UNIT * UNIT)
            row.qty += part
            w.post(
                row.key,
                -part,
                "scrap",
                when - 28 * HOUR,
                when - 27 * HOUR,
                self.p.next("SC"),
                "1",
                STORE[0],
                "WMS",
            )

        self.unreported_scrap(5)
        self.phantom("N1", 4, w.rows("supplier return"), not_sent)
        self.phantom("R1", 3, w.rows("receipt", positive=True), self.over)
        self.phantom("R5", 3, w.rows("receipt", positive=True), self.doubled)
        self.losses(
            "L1",
            4,
            lambda r: items[r.item].group in ("HOUSING", "PCB", "FIN"),
            lambda: self.rng.randrange(4, 20),
            scrapped,
        )
        self.losses(
            "L3", 4, lambda r: items[r.item].group in ("RESIN", "GASKET"), lambda: self.rng.randrange(20, 60)
        )
        self.losses("L5", 4, lambda r: items[r.item].abc != "C", lambda: self.rng.randrange(2, 7), again=True)
