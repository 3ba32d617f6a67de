"""What goes wrong at the trading company."""

from __future__ import annotations

from benchmarks.other_hands.distributor import CLERKS, COUNTERS, CUSTOMERS, OFFICE, Trade
from benchmarks.other_hands.faults import Common
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key
from benchmarks.other_hands.world import Doc, Plan, Row


class Faults(Common):
    """What goes wrong at this company."""

    out = "shipment"
    office, counters, clerks, source = OFFICE, COUNTERS, CLERKS, "ERP"

    def __init__(self, trade: Trade) -> None:
        super().__init__(trade.w)
        self.t = trade

    def siblings(self, row: Row, same_item: bool) -> list[Key]:
        """Keys a clerk could take for this one: the same item in the site, or a neighbour in the list."""
        near = {row.item} if same_item else {str(int(row.item) + step) for step in (-14, -7, 7, 14)}
        return [
            key
            for item in sorted(near)
            for key in self.t.bins.get(item, ())
            if key != row.key and key[1][:2] == row.location[:2] and (same_item or key[2] == row.lot == "")
        ]

    def edited(self, row: Row) -> Plan:
        when, more = (
            row.recorded + self.rng.randrange(8, 26) * DAY,
            -abs(row.qty) * self.rng.randrange(40, 130) // 100,
        )
        return Plan(
            "closed delivery raised afterwards as of its old date",
            [row.key],
            lambda: self.w.twin(row, when, qty=more // UNIT * UNIT, user=self.rng.choice(OFFICE)),
            when,
        )

    def elsewhere(self, row: Row, same_item: bool) -> Plan | None:
        """A receipt booked to another bin or lot of the item, or to a neighbouring item."""
        keys = self.siblings(row, same_item)
        if not keys:
            return None
        key = self.rng.choice(keys)
        return Plan(
            f"booked to {key}",
            [row.key],
            lambda: self.w.rebook(row, item=key[0], location=key[1], lot=key[2]),
            row.occurred,
            [key],
        )

    def reference(self, row: Row) -> Plan | None:
        """From a day on, the supplier's number leads to the neighbour: every receipt goes there."""
        keys = self.siblings(row, False)
        rows = [r for r in self.w.index[row.key] if r.kind == "receipt" and r.recorded >= row.recorded]
        if not keys or len(rows) < 2:
            return None
        return Plan(
            f"supplier's number leads to {keys[0][0]}",
            [row.key],
            lambda: [self.w.rebook(r, item=keys[0][0], location=keys[0][1]) for r in rows],
            row.occurred,
            [keys[0]],
        )

    def twice(self, row: Row) -> Plan | None:
        """A receipt booked twice: the phantom is sold before anybody cancels it."""
        cancel = row.recorded + self.rng.randrange(DAY, 9 * DAY)
        sold = [r for r in self.after(row, "shipment", 24, 500) if r.recorded > cancel][
            : self.rng.randrange(1, 4)
        ]
        if not sold or sum(r.qty for r in sold) + row.qty < 0:
            return None

        def change() -> None:
            self.w.twin(
                row, row.recorded + self.rng.randrange(240, 20 * HOUR), user=self.rng.choice(CLERKS[:3])
            )
            for r in sold:
                r.occurred = self.rng.randrange(row.recorded + 20 * HOUR, cancel)
                r.recorded = r.occurred + 300
            self.w.twin(row, cancel, qty=-row.qty, occurred=cancel - 300, user=self.rng.choice(OFFICE))

        return Plan("booked twice, sold, then cancelled", [row.key], change, row.recorded, settle=False)

    def other_item(self, row: Row) -> Plan | None:
        """Ordered and booked one item, took its neighbour; sometimes the customer sends it back."""
        keys = self.siblings(row, False)
        if not keys:
            return None
        key, other, back = self.rng.choice(keys), row.key, row.occurred + self.rng.randrange(3, 15) * DAY

        def change() -> None:
            self.w.rebook(row, item=key[0], location=key[1])
            doc = self.w.docs[row.document, row.line]
            doc.item, doc.location = key[0], key[1]

        def sent_back() -> None:
            if self.rng.random() < 0.6 and back < self.w.end - DAY:
                doc = self.t.next("rma")
                self.w.docs[doc, "10"] = Doc(
                    "return", doc, "10", other[0], other[1], -row.qty, back, f"SO {row.document}"
                )
                self.w.post(other, -row.qty, "customer return", back, back + HOUR, doc, "10", "WEISSK", "ERP")

        return Plan(f"took {other[0]} instead", [key], change, row.occurred, [other], after=sent_back)

    def other_bin(self, row: Row) -> Plan | None:
        keys = self.siblings(row, True)
        if not keys:
            return None
        key = self.rng.choice(keys)
        return Plan(
            f"taken from {row.key}",
            [key],
            lambda: self.w.rebook(row, location=key[1], lot=key[2]),
            row.occurred,
            [row.key],
        )

    def unseen_move(self, row: Row) -> Plan | None:
        legs = [
            r
            for key in self.t.bins[row.item]
            for r in self.w.index.get(key, ())
            if r.document == row.document and r.kind == "transfer out" and r.location[:2] == row.location[:2]
        ]
        return (
            Plan(
                f"carried over from {legs[0].key}",
                [row.key],
                lambda: (self.w.drop(row, *legs), self.w.docs.pop((row.document, "1"), None)),
                row.occurred,
                [legs[0].key],
            )
            if legs
            else None
        )

    def lot_typed(self, row: Row) -> Plan | None:
        """The lot on the label and the lot in the system are written differently."""
        if not row.lot:
            return None
        lot = self.rng.choice(
            [row.lot.replace("0", "O", 1), row.lot[1:], row.lot + "A", row.lot[:3] + row.lot[4:]]
        )
        rows = [r for r in self.w.book(row.key) if r.kind == "shipment" and r.recorded >= row.recorded][:3]
        return Plan(
            f"lot {row.lot} written as {lot}",
            [(row.item, row.location, lot, row.status)],
            lambda: [self.w.rebook(r, lot=lot) for r in rows],
            row.occurred,
            [row.key],
        )

    def nothing_tells(self, row: Row) -> Plan:
        """An ordinary delivery of goods the book never had."""
        when, doc = row.recorded + self.rng.randrange(HOUR, DAY), self.t.next("so")
        qty = (
            max(0, self.w.balance(row.key, when))
            + max(1, -row.qty // UNIT * self.rng.randrange(20, 120) // 100) * UNIT
        )
        if qty > -3 * row.qty:
            return Plan("", [row.key], lambda: None, when)

        def change() -> None:
            self.w.post(
                row.key, -qty, "shipment", when - 900, when, doc, "10", self.rng.choice(CLERKS), "ERP"
            )
            self.w.docs[doc, "10"] = Doc("order", doc, "10", row.item, row.location, qty, when, CUSTOMERS[3])

        return Plan("more was there than any booking explains", [row.key], change, when, within=1)

    def inject(self) -> None:
        w, rows = self.w, self.w.rows
        sold = lambda: rows("shipment")  # noqa: E731
        came = lambda: rows("receipt", positive=True)  # noqa: E731
        w.spread("R5", 4, came(), self.twice)
        w.spread("U2", 4, came(), self.pack)
        w.spread("U3", 4, came(), self.reference)
        w.spread("N1", 4, rows("customer return"), self.unbooked)
        w.spread("S4", 5, rows("opening"), self.opening)
        w.spread("S3", 5, came(), self.forced)
        w.spread("T2", 6, came(), self.race)
        w.spread("M2", 5, rows("transfer in"), self.unseen_move)
        w.spread(
            "T3",
            6,
            [r for r in rows("transfer in") if r.recorded - r.occurred < DAY],
            lambda r: self.one_leg(r, 40, 190),
        )
        w.spread("U5", 4, sold(), self.lot_typed)
        w.spread("U1", 3, came(), self.wrong_unit)
        w.spread("U1", 3, sold(), self.wrong_unit)
        w.spread("R2", 5, came(), lambda r: self.elsewhere(r, False))
        w.spread("R3", 5, came(), lambda r: self.elsewhere(r, True))
        w.spread("T1", 6, came(), lambda r: self.late(r, 30, 180))
        w.spread("T5", 3, came(), lambda row: self.deleted(row, self.t.next("po")))
        w.spread("T5", 3, sold(), self.edited)
        w.spread("R1", 5, came(), self.short)
        w.spread("R4", 5, came(), self.unbooked)
        w.spread("K1", 5, sold(), self.other_item)
        w.spread("K2", 5, sold(), self.other_bin)
        w.spread("K3", 5, sold(), self.misread)
        w.spread("K5", 5, sold(), self.confirmed_twice)
        w.spread("C1", 4, sold(), lambda r: self.miscount(r, False))
        w.spread("C4", 4, sold(), lambda r: self.miscount(r, True))
        w.spread("C2", 4, sold(), self.cut_off)
        w.spread("", 4, sold(), self.nothing_tells)
        for cause, pool, plan in (
            ("K5", sold(), self.confirmed_twice),
            ("R4", came(), self.unbooked),
            ("T1", came(), lambda r: self.late(r, 40, 150)),
        ):
            w.spread(cause, 2, pool, plan, overlap=True)
        self.by_count()
        w.forced(0.15, "S3")

    def by_count(self) -> None:
        """Losses that no balance shows until somebody counts."""
        w, items = self.w, self.w.items

        def still_open(row: Row, qty: int, when: int) -> None:
            doc, due = self.t.next("so"), when - self.rng.randrange(2, 12) * DAY
            w.docs[doc, "10"] = Doc("order", doc, "10", row.item, row.location, qty, due, CUSTOMERS[7])

        self.losses("L5", 4, lambda r: items[r.item].abc != "C", lambda: self.rng.randrange(3, 9), again=True)
        self.losses("L3", 4, lambda r: bool(r.lot), lambda: self.rng.randrange(15, 60))
        self.losses("K4", 4, lambda r: True, lambda: self.rng.randrange(8, 30), still_open)
        self.phantom("R1", 3, w.rows("receipt", positive=True), self.over)
        self.phantom("R5", 3, w.rows("receipt", positive=True), self.doubled)
        self.typed_up("C4", 3)
