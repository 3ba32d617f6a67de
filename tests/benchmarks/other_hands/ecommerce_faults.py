"""What goes wrong in the web shop's fulfilment centre."""

from __future__ import annotations

from benchmarks.other_hands.ecommerce import AUDITORS, BADGES, DRIVERS, Centre
from benchmarks.other_hands.faults import Common
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key
from benchmarks.other_hands.world import Doc, Plan, Row


class Faults(Common):
    """Plans on top of what any company knows; most have to change both legs of a scan."""

    out = "pick"
    office, counters, clerks, source = ["SUP01", "SUP02"], AUDITORS, BADGES, "WMS"

    def __init__(self, centre: Centre) -> None:
        super().__init__(centre.w)
        self.c = centre
        self.legs = {row: rows for rows in centre.lines.values() for row in rows}

    def neighbour(self, item: str) -> str:
        codes = list(self.c.skus)
        at = codes.index(item) + self.rng.choice([-6, -5, -1, 1, 5, 6])
        return codes[at % len(codes)]

    def other_item(self, row: Row) -> Plan | None:
        """Another colour or size went into the tote; some customers send it back."""
        legs = self.legs[row]
        item = self.neighbour(row.item)
        face = self.c.skus[item].face
        if len(legs) != 3 or row.location != self.c.skus[row.item].face:
            return None
        taken, hit = row.item, (item, face, "", "available")
        others = [leg.key for leg in legs] + [(item, legs[1].location, "", "available")]
        back = row.occurred + self.rng.randrange(3, 14) * DAY

        def change() -> None:
            for leg in legs:
                self.w.rebook(leg, item=item, location=face if leg is row else leg.location)

        def sent_back() -> None:
            if self.rng.random() < 0.6 and back < self.w.end - DAY:
                doc, key = self.c.number("RMA"), (taken, "RET-01", "", "quarantine")
                self.w.docs[doc, "1"] = Doc("return", doc, "1", taken, "RET-01", -row.qty, back, row.document)
                self.w.post(key, -row.qty, "customer return", back, back + 9, doc, "1", BADGES[-1], "RETAPP")

        return Plan(f"took {taken} instead", [hit], change, row.occurred, others, after=sent_back)

    def other_bin(self, row: Row) -> Plan | None:
        """Taken from the full case in reserve, confirmed at the pick face."""
        sku = self.c.skus[row.item]
        source = (row.item, sku.reserve, "", "available")
        if not sku.reserve or row.location != sku.face or self.w.low(source, row.recorded, self.w.end) < 0:
            return None
        book = self.w.book(row.key)
        later = next((r for r in book if r.recorded > row.recorded and r.kind == "transfer in"), None)
        if later is None or len(self.legs.get(later, ())) != 2:
            return None
        # what was taken from reserve still lies at the face, so that the next replenishment carries less
        picks = [r.qty for r in book if row.recorded <= r.recorded < later.recorded and r.kind == "pick"]
        more, legs = -sum(picks[: self.rng.randrange(1, 5)]), self.legs[later]
        return (
            Plan(
                f"taken from {source}",
                [row.key],
                lambda: [setattr(leg, "qty", leg.qty + (more if leg.qty < 0 else -more)) for leg in legs],
                row.occurred,
                [source],
            )
            if later.qty > more and legs[0].key == source
            else None
        )

    def misread(self, row: Row) -> Plan | None:
        """Confirmed more than was taken, which stays booked on the stage; or took more than confirmed."""
        legs = self.legs[row]
        if len(legs) != 3:
            return None
        more = self.rng.randrange(1, 4) * UNIT
        if self.rng.random() < 0.5:
            return Plan(
                "confirmed more than was taken",
                [row.key],
                lambda: (
                    setattr(legs[0], "qty", legs[0].qty - more),
                    setattr(legs[1], "qty", legs[1].qty + more),
                ),
                row.occurred,
                [legs[1].key],
            )
        less = legs[1].qty - UNIT
        return (
            None
            if less <= 0
            else Plan(
                "took more than was confirmed",
                [legs[1].key],
                lambda: (setattr(legs[0], "qty", -UNIT), setattr(legs[1], "qty", UNIT)),
                row.occurred,
                [row.key],
            )
        )

    def confirmed_twice(self, row: Row) -> Plan | None:
        legs, gap = self.legs[row], self.rng.randrange(4, 900)
        badge = row.user if self.rng.random() < 0.8 else self.rng.choice(BADGES)
        return (
            Plan(
                "pick confirmed twice",
                [row.key],
                lambda: [
                    self.w.twin(leg, leg.recorded + gap, occurred=leg.occurred + gap, user=badge)
                    for leg in legs[:2]
                ],
                row.occurred,
                [legs[1].key],
            )
            if len(legs) > 1
            else None
        )

    def message_twice(self, row: Row) -> Plan:
        """The interface sends a shipment again after a timeout: the very same message."""
        wait = self.rng.choice([60, 61, 120, 300, 301, 1800])
        return Plan(
            "message posted twice", [row.key], lambda: self.w.twin(row, row.recorded + wait), row.occurred
        )

    def pieces_as_cases(self, row: Row) -> Plan | None:
        """One piece taken, one case confirmed."""
        legs, factor = self.legs[row], self.w.items[row.item].units["CS"]
        return (
            Plan(
                f"pieces confirmed as cases of {factor}",
                [row.key],
                lambda: [self.w.rebook(leg, qty=leg.qty * factor, unit="CS") for leg in legs[:2]],
                row.occurred,
                [legs[1].key],
            )
            if row.qty >= -2 * UNIT and len(legs) > 1
            else None
        )

    def pack(self, row: Row) -> Plan | None:
        """From a delivery on, a case holds more than the master says."""
        factor = self.w.items[row.item].units["CS"]
        real = factor * self.rng.choice([2, 3, 3, 4]) // 2
        sku = self.c.skus[row.item]
        rows = [
            r
            for bin_ in ("DOCK-1", "DOCK-2")
            for r in self.w.index.get((row.item, bin_, "", "available"), ())
            if r.kind == "receipt" and r.recorded >= row.recorded
        ]
        chains = [leg for r in rows for leg in self.legs[r]]
        if len(rows) < 2 or any(r.qty * factor // real < factor * UNIT for r in rows):
            return None
        bin_ = (row.item, sku.reserve or sku.face, "", "available")

        def change() -> None:
            for leg in chains:
                cases = abs(leg.qty) // (real * UNIT)
                leg.qty = cases * factor * UNIT * (1 if leg.qty > 0 else -1)

        if any(leg.status != "available" for leg in chains):
            return None
        return Plan(
            f"{real} in a case, {factor} in the master",
            [bin_],
            change,
            row.occurred,
            sorted({leg.key for leg in chains}),
            within=45,
        )

    def short(self, row: Row) -> Plan | None:
        """Fewer counted in than came; the putaway books what is on the pallet, or what was announced."""
        legs, off = self.legs[row], self.w.items[row.item].units["CS"] * UNIT * self.rng.randrange(1, 3)
        if row.qty <= off or len(legs) != 3:
            return None
        if self.rng.random() < 0.5:
            return Plan(
                "more came than was booked",
                [row.key],
                lambda: setattr(row, "qty", row.qty - off),
                row.occurred,
            )
        return Plan(
            "more came than was booked",
            [legs[2].key],
            lambda: [setattr(leg, "qty", leg.qty + (off if leg.qty < 0 else -off)) for leg in legs],
            row.occurred,
            [row.key],
        )

    def wrong_item(self, row: Row) -> Plan | None:
        """The carton's label was read as its neighbour's, from the dock on."""
        legs, item = self.legs[row], self.neighbour(row.item)
        bin_ = self.c.skus[item].reserve or self.c.skus[item].face
        if len(legs) != 3 or legs[2].status != "available":
            return None
        hit, new = legs[2].key, [(item, row.location, "", "available"), (item, bin_, "", "available")]
        return Plan(
            f"booked as {item}",
            [hit],
            lambda: [
                self.w.rebook(leg, item=item, location=bin_ if leg is legs[2] else leg.location, unit="")
                for leg in list(legs)
            ],
            row.occurred,
            [row.key, *new],
        )

    def wrong_putaway(self, row: Row) -> Plan | None:
        """The bin scanned is not the bin filled."""
        other = self.c.skus[self.neighbour(row.item)]
        location = self.rng.choice([other.face, other.reserve or other.face])
        return Plan(
            f"put away to {location} in the book",
            [row.key],
            lambda: self.w.rebook(row, location=location),
            row.occurred,
            [(row.item, location, row.lot, row.status)],
        )

    def pair(self, row: Row, note: str) -> Plan | None:
        """A change of place or status that nobody scanned."""
        legs = self.legs[row]
        return (
            Plan(note, [row.key], lambda: self.w.drop(*legs), row.occurred, [legs[0].key])
            if len(legs) == 2
            else None
        )

    def misplaced(self, row: Row) -> Plan:
        """A box stood where it does not belong; it was picked from there."""
        place = f"P-{self.rng.randrange(33):02d}-{self.rng.randrange(330):03d}"
        new = (row.item, place, "", "available")
        rows = [r for r in self.w.book(row.key) if r.kind == "pick" and r.recorded >= row.recorded]
        return Plan(
            f"stood in {place}",
            [new],
            lambda: [self.w.rebook(r, location=place) for r in rows[: self.rng.randrange(1, 5)]],
            row.occurred,
            [row.key],
        )

    def no_return(self, row: Row) -> Plan | None:
        """The parcel went back to the shelf without a scan, or only its arrival was not scanned."""
        chain = self.legs[row]
        if self.rng.random() < 0.4:
            return Plan("return never booked", [row.key], lambda: self.w.drop(row), row.occurred)
        if len(chain) != 3 or chain[2].status != "available":
            return None
        return Plan(
            "return never booked", [chain[2].key], lambda: self.w.drop(*chain), row.occurred, [row.key]
        )

    def wrong_condition(self, row: Row) -> Plan | None:
        """Fit for sale and back on the shelf, booked as damaged or on hold."""
        chain = self.legs[row]
        if len(chain) != 3 or chain[2].status != "available":
            return None
        status = self.rng.choice(["damaged", "on hold"])
        return Plan(
            f"restocked as {status}",
            [chain[2].key],
            lambda: self.w.rebook(chain[2], location="RET-01", status=status),
            row.occurred,
            [(row.item, "RET-01", "", status)],
        )

    def forced(self, row: Row) -> Plan | None:
        """Released by a supervisor although the face was empty: the pick waits for the replenishment."""
        picks = self.after(row, "pick", 0, 60)[: self.rng.randrange(1, 3)]
        when = row.occurred - self.rng.randrange(900, 10 * HOUR)
        if not picks or any(len(self.legs.get(r, ())) != 3 for r in picks):
            return None

        def change() -> None:
            for n, r in enumerate(picks):
                for leg in self.legs[r][:2]:
                    leg.occurred, leg.recorded = when + 60 * n, when + 60 * n + 5
                r.override, r.user = True, self.rng.choice(self.office)

        return Plan(
            "forced past the check",
            [row.key],
            change,
            when - 60,
            [self.legs[r][1].key for r in picks],
            settle=False,
            within=2,
        )

    def swapped_counts(self, row: Row) -> Plan | None:
        """Two neighbouring bins counted for each other."""
        item = self.neighbour(row.item)
        other: Key = (item, self.c.skus[item].face, "", "available")
        when = self.w.working(row.recorded)
        off = self.w.balance(other, when) - self.w.balance(row.key, when)
        if off >= 0 or row.location != self.c.skus[row.item].face:
            return None
        who, sheet = self.rng.choice(AUDITORS), self.c.number("CC")
        return Plan(
            f"counted for {other[1]}",
            [row.key],
            lambda: [
                self.w.post(key, qty, "count correction", at - 40, at, sheet, line, who, "WMS")
                for key, qty, at, line in ((row.key, off, when, "1"), (other, -off, when + 140, "2"))
            ],
            when,
            [other],
        )

    def cancelled(self, row: Row) -> Plan:
        """Nothing but a pick of what the book never had."""
        when, order, badge = (
            row.recorded + self.rng.randrange(300, 5 * HOUR),
            self.c.number("O"),
            self.rng.choice(BADGES),
        )
        have = self.w.balance(row.key, when)
        qty, staged = max(0, have) + self.rng.randrange(1, 4) * UNIT, (row.item, "STAGE-03", "", "available")

        def change() -> None:
            if qty <= 6 * UNIT:
                for key, part, kind, wait in (
                    (row.key, -qty, "pick", 0),
                    (staged, qty, "pick", 25),
                    (staged, -qty, "shipment", 8000),
                ):
                    at, source = when + wait, "SHIP" if wait > 99 else "RF1"
                    self.w.post(key, part, kind, at, at + 8, order, "1", badge, source)

        return Plan("more was there than any booking explains", [row.key], change, when, [staged], within=1)

    def defect(self, start: int, signs: bool) -> None:
        """After a release returns are posted with the wrong sign, or replenishments lose their second leg."""
        kind, until = ("customer return", 4) if signs else ("transfer in", 3)
        rows = [
            r
            for r in self.w.rows(kind, positive=True)
            if start <= r.occurred < start + until * DAY
            and r.source == ("RETAPP" if signs else "RF2")
            and r.key not in self.w.claims
        ][:6]
        if rows:
            self.w.inject(
                "S1",
                Plan(
                    "defect since a release",
                    sorted({r.key for r in rows}),
                    lambda: [setattr(r, "qty", -r.qty) if signs else self.w.drop(r) for r in rows],
                    start,
                    within=until + 20,
                ),
            )

    def inject(self) -> None:
        w, rows, day = self.w, self.w.rows, lambda n: self.w.start + n * DAY
        face = lambda: [r for r in rows("pick", positive=False) if r in self.legs]  # noqa: E731
        came = lambda: rows("receipt", positive=True)  # noqa: E731
        filled = lambda: [r for r in rows("transfer in") if r.source == "RF2"]  # noqa: E731
        for n, hours, source in (
            (11, 9, "PORTAL"),
            (24, 14, "RF2"),
            (37, 12, "PORTAL"),
            (52, 7, "PORTAL"),
            (66, 16, "RF2"),
        ):
            self.outage(day(n) + self.rng.randrange(6, 9) * HOUR, hours, source)
        for n, signs in ((18, True), (29, False), (45, False), (59, True)):
            self.defect(day(n) + 5 * HOUR, signs)
        w.spread("U2", 4, came(), self.pack)
        w.spread("N1", 5, rows("customer return", positive=True), self.no_return)
        w.spread("N2", 5, rows("customer return", positive=True), self.wrong_condition)
        w.spread(
            "M4",
            5,
            [r for r in rows("transfer in") if r.source == "WMS"],
            lambda r: self.pair(r, "released, never booked"),
        )
        w.spread("S3", 5, filled(), self.forced)
        w.spread("M2", 5, filled(), lambda r: self.pair(r, "carried over, never booked"))
        w.spread("T3", 5, filled(), lambda r: self.one_leg(r, 8, 70))
        w.spread(
            "M3",
            5,
            [r for r in rows("putaway", positive=True) if r.status == "available"],
            self.wrong_putaway,
        )
        w.spread("R2", 4, came(), self.wrong_item)
        w.spread("R1", 5, came(), self.short)
        w.spread("R4", 4, came(), self.unbooked)
        w.spread("T1", 6, came(), lambda r: self.late(r, 20, 110))
        w.spread("U1", 5, face(), self.pieces_as_cases)
        w.spread("K1", 6, face(), self.other_item)
        w.spread("K2", 5, face(), self.other_bin)
        w.spread("K3", 6, face(), self.misread)
        w.spread("K5", 6, face(), self.confirmed_twice)
        w.spread("S2", 6, rows("shipment"), self.message_twice)
        w.spread("M1", 5, face(), self.misplaced)
        w.spread("C3", 4, face(), self.swapped_counts)
        w.spread("C1", 4, face(), lambda r: self.miscount(r, False))
        w.spread("C4", 3, face(), lambda r: self.miscount(r, True))
        w.spread("S4", 4, rows("opening"), self.opening)
        w.spread("", 4, face(), self.cancelled)
        w.spread("K5", 2, face(), self.confirmed_twice, overlap=True)
        w.spread("C1", 2, face(), lambda r: self.miscount(r, False), overlap=True)
        self.by_count()
        w.forced(0.1, "S3")

    def by_count(self) -> None:
        """A shipment the interface lost stays booked on the stage until it is counted."""
        w = self.w

        def lost(row: Row) -> int:
            w.drop(row)
            return -row.qty

        def scrapped(row: Row, qty: int, when: int) -> None:
            """Some of what fell was scrapped the same morning, the rest swept up unseen."""
            row.qty += UNIT
            w.post(
                row.key,
                -UNIT,
                "scrap",
                when - 30 * HOUR,
                when - 30 * HOUR + 90,
                self.c.number("SCR"),
                "1",
                DRIVERS[0],
                "WMS",
            )

        self.phantom("K4", 5, w.rows("shipment"), lost)
        self.losses("L1", 4, lambda r: r.location[0] == "R", lambda: self.rng.randrange(8, 30), scrapped)
        self.losses(
            "L5", 4, lambda r: w.items[r.item].group == "TECH", lambda: self.rng.randrange(4, 15), again=True
        )
        self.phantom("R5", 3, w.rows("receipt", positive=True), self.doubled)
        self.typed_up("C4", 3)
