"""What goes wrong where the hospital takes in, moves and hands out."""

from __future__ import annotations

from collections import defaultdict

from benchmarks.other_hands.faults import Common
from benchmarks.other_hands.hospital import COUNTERS, DOCK, OFFICE, WARDS, Hospital
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key
from benchmarks.other_hands.world import Doc, Plan, Row


class Places(Common):
    """Plans about lots, cabinets, rounds and release."""

    office, counters, clerks, source = OFFICE, COUNTERS, ["st1a.74", "its.11", "amb.48", "zsva.klein"], "SAP"

    def __init__(self, hospital: Hospital) -> None:
        super().__init__(hospital.w)
        self.h = hospital
        self.by_code = {one.code: one for one in hospital.sets}
        self.orders: dict[str, list[Row]] = defaultdict(list)
        for done in hospital.packed:
            self.orders[done.document].append(done)
        self.legs_of = {row: legs for legs in hospital.legs.values() for row in legs}

    def slip(self, name: str, when: int) -> str:
        """A free number of a series, next to those that were given out at the time."""
        head = name if name == "45" else f"{name}-"
        given = [r for rows in self.w.index.values() for r in rows if r.document.startswith(head)]
        used = {*(r.document for r in given), *(doc for doc, _ in self.w.docs)}
        before = [int(r.document.removeprefix(head)) for r in given if r.occurred <= when]
        number = max(before, default=self.h.numbers[name])
        while f"{head}{number}" in used:
            number += 1
        return f"{head}{number}"

    # Time

    def race(self, row: Row) -> Plan | None:
        """Taken and confirmed within the hour; the supply, at its usual pace, gets into the book after it."""
        taken = [r for r in self.w.book(row.key) if r.qty < 0 and 0 < r.occurred - row.occurred < 10 * HOUR]
        if not taken:
            return None
        wait = self.rng.randrange(600, 2 * HOUR)

        def change() -> None:
            for r in taken[:2]:
                r.recorded = min(r.recorded, r.occurred + self.rng.randrange(20, 300))
            row.recorded = max(row.recorded, taken[0].recorded + wait)

        return Plan(
            "taken before its supply was posted", [row.key], change, row.occurred, settle=False, within=1
        )

    def both_late(self, row: Row) -> Plan:
        """The tray is closed and reported before the round that brought the parts is confirmed."""
        legs, wait = self.legs_of[row], self.rng.randrange(4 * HOUR, 20 * HOUR)
        return Plan(
            "packed before the round was confirmed",
            [row.key],
            lambda: [setattr(leg, "recorded", row.occurred + wait + n) for n, leg in enumerate(legs)],
            row.occurred,
            [leg.key for leg in legs],
            settle=False,
            within=2,
        )

    def entered_again(self, row: Row) -> Plan:
        """Cancelled as of its own date days later, and entered again, under its own or a new number."""
        gone = row.recorded + self.rng.randrange(5 * HOUR, 6 * DAY)
        again, user = gone + self.rng.randrange(2 * HOUR, 4 * DAY), self.rng.choice(OFFICE)
        own = row.kind != "receipt" or self.rng.random() < 0.4
        doc = row.document if own else self.slip("45", gone)

        def change() -> None:
            self.w.twin(row, gone, qty=-row.qty, user=user, source="SAP")
            if again < self.w.end:
                self.w.twin(row, again, document=doc, user=user, source="SAP")

        def paper() -> None:
            if doc != row.document:
                line = row.line
                self.w.docs[doc, line] = Doc(
                    "receipt", doc, line, row.item, row.location, row.qty, row.occurred, ""
                )

        note = "cancelled and entered again"
        return Plan(note, [row.key], change, gone, settle=False, within=6, after=paper)

    def cabinet_down(self, ward: str, start: int, hours: float) -> None:
        """One cabinet is offline; what it kept comes in whatever order it is sent again."""
        until = start + int(hours * HOUR)
        rows = [
            r
            for r in self.w.rows("shipment", "transfer in")
            if r.location == ward and start <= r.occurred < until and self.free(r.key)
        ]
        places = self.rng.sample(range(len(rows)), len(rows))

        def change() -> None:
            for r, place in zip(rows, places, strict=True):
                r.recorded = until + 40 + 7 * place

        hit = sorted({r.key for r in rows})
        self.w.inject("T6", Plan(f"{ward} was offline", hit, change, start, settle=False, within=3))

    def known(self, row: Row, item: str = "") -> list[Key]:
        """Lots of an item in a movement's place that had been booked there by then; its own item's others."""
        return [
            key
            for key, rows in self.w.index.items()
            if key[:2] == (item or row.item, row.location)
            and key != row.key
            and key[3] == "available"
            and any(r.recorded < row.recorded for r in rows)
        ]

    # Receiving

    def neighbour(self, row: Row) -> str:
        """Another item of the same place, of the same kind if there is one."""
        base = self.w.items[row.item].base
        near = sorted({k[0] for k in self.w.index if k[1] == row.location and k[0] != row.item})
        near = [c for c in near if self.w.items[c].base == base and (c < "5000") == (row.item < "5000")]
        same = [c for c in near if self.w.items[c].group == self.w.items[row.item].group]
        return self.rng.choice(same or near) if near else ""

    def other_item(self, row: Row) -> Plan | None:
        other = self.neighbour(row)
        if not other:
            return None
        note, to = f"entered as {other}", (other, *row.key[1:])
        return Plan(
            note, [row.key], lambda: self.w.rebook(row, item=other, unit=""), row.occurred, [to], within=30
        )

    def other_place(self, row: Row) -> Plan:
        """Entered for another shelf, or the lot number misread from the label."""
        lot, place = row.lot, row.location
        if lot and self.rng.random() < 0.6:
            n = self.rng.randrange(1, len(lot) - 1)
            lot = lot[:n] + lot[n + 1] + lot[n] + lot[n + 2 :]
            lot = lot if lot != row.lot else lot[:-1] + str((int(lot[-1]) + 3) % 10)
        else:
            place = (
                f"APO-R{self.rng.randrange(1, 7)}"
                if row.item < "5000"
                else f"ZL-D{self.rng.randrange(23):02d}"
            )
        to = (row.item, place, lot, row.status)
        return Plan(
            f"entered as {place} {lot}",
            [row.key],
            lambda: self.w.rebook(row, location=place, lot=lot),
            row.occurred,
            [to] if to != row.key else [],
            within=30,
        )

    # Taking

    def wrong_item(self, row: Row) -> Plan | None:
        """The neighbour was taken; what was ordered is in the book."""
        other = self.neighbour(row)
        if not other or not row.document or row.qty % UNIT:
            return None
        doc = self.w.docs[row.document, row.line]
        lots = self.known(row, other)
        if not lots:
            return None
        lot = self.rng.choice(lots)[2]
        return Plan(
            f"{row.item} taken for {other}",
            [(other, row.location, lot, "available")],
            lambda: self.w.rebook(row, item=other, lot=lot),
            row.occurred,
            [row.key],
            after=lambda: setattr(doc, "item", other),
        )

    def other_lot(self, row: Row) -> Plan | None:
        """Taken from one lot, confirmed from another of the same place."""
        lots = self.known(row)
        if not lots:
            return None
        to = self.rng.choice(lots)
        return Plan(
            f"taken from lot {row.lot}",
            [to],
            lambda: self.w.rebook(row, lot=to[2]),
            row.occurred,
            [row.key],
        )

    def other_shelf(self, row: Row) -> Plan | None:
        """The round took it from one place, the handheld said another."""
        places = [
            key
            for key, rows in self.w.index.items()
            if key[0] == row.item
            and key[2:] == row.key[2:]
            and key[1] not in (row.location, DOCK)
            and any(r.recorded < row.recorded for r in rows)
        ]
        if not places:
            return None
        to = self.rng.choice(places)
        return Plan(
            f"taken from {row.location}",
            [to],
            lambda: self.w.rebook(row, location=to[1]),
            row.occurred,
            [row.key],
        )

    def wrong_figure(self, row: Row) -> Plan | None:
        """More booked than was taken: another figure, against what the paper asked for or with it."""
        doc = self.w.docs.get((row.document, row.line))
        if doc is None or row.qty % UNIT:
            return None
        more = self.rng.choice([1, 1, 2, 3, 4, 9]) * UNIT
        return Plan(
            "booked more than was taken",
            [row.key],
            lambda: setattr(row, "qty", row.qty - more),
            row.occurred,
            after=lambda: setattr(doc, "short_closed", True),
        )

    # Place and status

    def unseen(self, row: Row) -> Plan:
        """Fetched from the store without a slip, or with one that nobody confirmed."""
        legs, slip = self.legs_of[row], self.rng.random() < 0.25
        return Plan(
            "fetched, never booked",
            [row.key],
            lambda: self.w.drop(*legs),
            row.occurred,
            [leg.key for leg in legs],
            after=lambda: None if slip else self.w.docs.pop((row.document, row.line), None),
        )

    def put_elsewhere(self, row: Row) -> Plan | None:
        """Put away on the right shelf and confirmed for another, or filled in for another ward."""
        if row.kind == "putaway":
            place = f"ZL-{self.rng.choice('ABCD')}{self.rng.randrange(23):02d}"
        else:
            place = self.rng.choice(WARDS)
        if place == row.location:
            return None
        return Plan(
            f"confirmed for {place}",
            [row.key],
            lambda: self.w.rebook(row, location=place),
            row.occurred,
            [(row.item, place, row.lot, row.status)],
        )

    def not_released(self, row: Row) -> Plan:
        legs = self.legs_of[row]
        note, keys = "released and used, never booked so", [leg.key for leg in legs]
        return Plan(note, [row.key], lambda: self.w.drop(*legs), row.occurred, keys, within=30)

    def in_quarantine(self, row: Row) -> Plan:
        to = (*row.key[:3], "quarantine")
        return Plan(
            "entered as quarantine, put on the shelf",
            [row.key],
            lambda: self.w.rebook(row, status="quarantine"),
            row.occurred,
            [to],
            within=35,
        )
