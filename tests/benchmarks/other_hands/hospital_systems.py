"""What goes wrong in the hospital's masters, set room, counts and interfaces."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.other_hands.hospital import COUNTERS, DOCK, KITS
from benchmarks.other_hands.hospital_places import Places
from benchmarks.other_hands.ledger import DAY, HOUR, UNIT
from benchmarks.other_hands.world import Doc, Plan, Row


class Systems(Places):
    """Plans about units, codes, surgical sets and messages."""

    # Units and masters

    def as_packs(self, row: Row) -> Plan | None:
        """So many packs taken, says the cabinet; it was as many pieces."""
        unit, factor = next(iter(self.w.items[row.item].units.items()))
        if row.qty < -4 * UNIT:
            return None
        return Plan(
            f"unit mistaken by {factor}",
            [row.key],
            lambda: self.w.rebook(row, qty=row.qty * factor, unit=unit),
            row.occurred,
        )

    def pack_size(self, row: Row) -> Plan | None:
        """A pack holds more than the master says, from a delivery on."""
        unit, factor = next(iter(self.w.items[row.item].units.items()))
        came = [r for r in self.w.rows("receipt") if r.item == row.item and r.recorded >= row.recorded]
        fits = [real for real in (factor * 2, factor * 3 // 2, factor * 6 // 5) if real > factor]
        fits = [real for real in fits if all(r.qty % (real * UNIT) == 0 for r in came)]
        if not came or not fits or any(r.qty < 0 for r in came):
            return None
        real = self.rng.choice(fits)
        rows = list(came)
        for r in came:
            rows += [
                p
                for p in self.w.rows("putaway")
                if p.document == r.document and p.lot == r.lot and p.item == r.item and abs(p.qty) == r.qty
            ]
        if any(not self.free(r.key) for r in rows):
            return None

        def change() -> None:
            for r in rows:
                r.qty = abs(r.qty) // real * factor * (1 if r.qty > 0 else -1)
                r.unit = unit if r.kind == "receipt" else ""

        def paper() -> None:
            for document, line in {(r.document, r.line) for r in came}:
                doc = self.w.docs[document, line]
                doc.qty = doc.qty // (real * UNIT) * factor * UNIT

        keys = list(dict.fromkeys(r.key for r in rows if r.qty > 0 and r.location != DOCK))
        other = [r.key for r in rows if r.location == DOCK]
        note = f"{real} in a {unit}, {factor} in the master"
        return Plan(note, keys, change, row.occurred, other, within=45, after=paper)

    def cross_reference(self, row: Row) -> Plan | None:
        """A code on the pack leads to another item: from a day on, every scan of the one books the other."""
        other, kind = self.neighbour(row), row.kind
        rows = [
            r
            for r in self.w.rows(kind, positive=row.qty > 0)
            if r.item == row.item and r.location == row.location and r.recorded >= row.recorded
        ][:14]
        if not other or len(rows) < (2 if kind == "receipt" else 4):
            return None
        lots = [key[2] for key in self.known(row, other) if self.free(key)]
        lot = self.rng.choice(lots or [""])
        same = kind == "receipt"
        to = {(other, r.location, r.lot if same else lot, r.status) for r in rows}
        own = {r.key for r in rows}

        def change() -> None:
            for r in rows:
                self.w.rebook(r, item=other, lot=r.lot if same else lot, unit="")

        hit, more = (own, to) if same else (to, own)
        return Plan(
            f"scans of {row.item} book {other}",
            sorted(hit),
            change,
            row.occurred,
            sorted(more),
            within=35,
        )

    def lot_master(self, row: Row) -> Plan | None:
        """The lot is known by another name, or without one, at one place: every withdrawal goes there."""
        lot = self.rng.choice(["", f"0{row.lot}", f"{row.lot[:1]}-{row.lot[1:]}", row.lot.lower()])
        rows = [r for r in self.w.book(row.key) if r.kind == row.kind and r.recorded >= row.recorded][:9]
        if not row.lot or len(rows) < 2:
            return None
        return Plan(
            f"lot {row.lot} known as {lot or 'none'}",
            [(*row.key[:2], lot, row.status)],
            lambda: [self.w.rebook(r, lot=lot) for r in rows],
            row.occurred,
            [row.key],
        )

    # Sets

    def bill(self, row: Row) -> Plan | None:
        """The bill of material of a set asks for more of a part than is packed, from a change on."""
        made = self.w.docs[row.document, "1"].item
        per = self.by_code[made].parts.get(row.item)
        if not per:
            return None
        wrong, until = (
            per + self.rng.choice([1, 1, 2]) * UNIT,
            row.recorded + self.rng.randrange(15, 50) * DAY,
        )
        rows = [
            issue
            for done, issues in self.h.packed.items()
            if done.item == made
            for issue in issues
            if issue.item == row.item and row.recorded <= issue.recorded < until and issue.qty % per == 0
        ]
        if len(rows) < 4:
            return None
        return Plan(
            f"{made} asks for {wrong / UNIT:g} instead of {per / UNIT:g}",
            sorted({r.key for r in rows}),
            lambda: [setattr(r, "qty", r.qty // per * wrong) for r in rows],
            row.occurred,
            within=30,
        )

    def unreported(self, row: Row) -> Plan:
        """The parts are issued; the sets made of them are not reported, or not all."""
        left = row.qty * self.rng.choice([0, 0, 34, 50, 67]) // 100 // UNIT * UNIT
        change: Callable[[], object] = (
            (lambda: setattr(row, "qty", left)) if left else (lambda: self.w.drop(row))
        )
        return Plan("sets not reported", [row.key], change, row.occurred)

    def order_twice(self, row: Row) -> Plan:
        """The same trays reported under two orders."""
        reports, wait = self.orders[row.document], self.rng.randrange(HOUR, 26 * HOUR)
        other = self.slip("SET", row.occurred + wait)
        issues = [issue for done in reports for issue in self.h.packed[done]]

        def change() -> None:
            for r in [*reports, *issues]:
                self.w.twin(r, r.recorded + wait, occurred=r.occurred + wait, document=other)

        def paper() -> None:
            old = self.w.docs[row.document, "1"]
            self.w.docs[other, "1"] = Doc(**{**vars(old), "document": other})

        return Plan(
            f"{row.document} once more as {other}",
            sorted({i.key for i in issues}),
            change,
            row.occurred,
            [row.key],
            within=14,
            after=paper,
        )

    def report_twice(self, row: Row) -> Plan:
        issues, wait = self.h.packed[row], self.rng.choice([5, 60, 300, 301, 3600])
        return Plan(
            "report sent twice",
            sorted({i.key for i in issues}),
            lambda: [self.w.twin(r, r.recorded + wait, uncounted=True) for r in [row, *issues]],
            row.occurred,
            [row.key],
            within=14,
        )

    def substitute(self, row: Row) -> Plan | None:
        """The right part was out, another was packed; the bill of material was booked."""
        spare = self.by_code[self.w.docs[row.document, "1"].item].spare
        asked = next((a for a, b in spare.items() if b == row.item), None)
        if asked is None:
            return None
        rows = [i for done in self.orders[row.document] for i in self.h.packed[done] if i.item == row.item]
        lots = self.known(row, asked)
        if not lots:
            return None
        lot = lots[-1][2]
        return Plan(
            f"{row.item} packed instead",
            [(asked, KITS, lot, "available")],
            lambda: [self.w.rebook(r, item=asked, lot=lot) for r in rows],
            row.occurred,
            [r.key for r in rows],
            within=12,
        )

    # Returns

    def not_taken_back(self, row: Row) -> Plan:
        """Back on the shelf and used again; the slip was never entered."""
        slip = self.rng.random() < 0.7
        return Plan(
            "return never entered",
            [row.key],
            lambda: self.w.drop(row),
            row.occurred,
            within=45,
            after=lambda: None if slip else self.w.docs.pop((row.document, row.line), None),
        )

    # Counting and systems

    def wrong_place_counted(self, row: Row) -> Plan | None:
        """Counted at another cabinet and entered for this one."""
        when = self.w.working(row.recorded)
        have = self.w.balance(row.key, when)
        others = [
            k for k in self.w.index if k[0] == row.item and k[1] != row.location and k[2:] == row.key[2:]
        ]
        seen = [(self.w.balance(k, when), k[1]) for k in others]
        seen = [(qty, place) for qty, place in seen if 0 < qty <= have - 2 * UNIT]
        if not seen:
            return None
        qty, place = self.rng.choice(seen)
        return Plan(
            f"counted at {place}",
            [row.key],
            lambda: self.w.post(
                row.key,
                qty - have,
                "count correction",
                when - 400,
                when,
                user=self.rng.choice(COUNTERS),
                source="SAP",
            ),
            when,
        )

    def decimals_lost(self, row: Row) -> Plan | None:
        """After an update a cabinet sends its quantities without the point, until it is noticed."""
        until = row.recorded + self.rng.randrange(20, 120) * HOUR
        rows = [
            r
            for r in self.w.rows("shipment")
            if r.location == row.location
            and row.recorded <= r.recorded < until
            and r.qty % UNIT
            and self.free(r.key)
        ]
        if not rows:
            return None
        return Plan(
            "decimal point lost",
            sorted({r.key for r in rows}),
            lambda: [setattr(r, "qty", r.qty * (100 if r.qty % 100 else 10)) for r in rows],
            row.occurred,
        )

    def sign_turned(self, row: Row) -> Plan:
        """What a cabinet was filled with arrives with the wrong sign, a day long."""
        until = row.recorded + self.rng.randrange(8, 40) * HOUR
        rows = [
            r
            for r in self.w.rows("transfer in")
            if r.location == row.location and row.recorded <= r.recorded < until and self.free(r.key)
        ]
        return Plan(
            "sign turned",
            sorted({r.key for r in rows}),
            lambda: [setattr(r, "qty", -r.qty) for r in rows],
            row.occurred,
        )

    def bundle_twice(self, row: Row) -> Plan:
        """A cabinet sends a whole bundle again."""
        rows = [
            r
            for r in self.w.rows("shipment", "transfer in")
            if r.location == row.location and abs(r.recorded - row.recorded) < 300 and self.free(r.key)
        ]
        wait = self.rng.choice([310, 600, 2 * HOUR, 26 * HOUR])
        return Plan(
            "bundle sent twice",
            sorted({r.key for r in rows}),
            lambda: [self.w.twin(r, r.recorded + wait, uncounted=True) for r in rows],
            row.occurred,
        )

    def forced(self, row: Row) -> Plan | None:
        """Booked out past the warning before the supply is there; handed over when it is."""
        taken = [r for r in self.w.book(row.key) if r.qty < 0 and 0 < r.occurred - row.occurred < 5 * DAY]
        when = row.occurred - self.rng.randrange(2 * HOUR, 40 * HOUR)

        def change() -> None:
            for n, r in enumerate(taken[: self.rng.randrange(1, 3)]):
                r.occurred, r.recorded, r.override = when + 70 * n, when + 70 * n + 30, True

        note = "forced past the warning"
        return Plan(note, [row.key], change, when - HOUR, settle=False, within=3) if taken else None

    def nothing_tells(self, row: Row) -> Plan | None:
        """An ordinary withdrawal of what the book never had."""
        when = row.recorded + self.rng.randrange(HOUR, DAY)
        have = max(0, self.w.balance(row.key, when))
        qty = (have // UNIT + self.rng.choice([1, 1, 2, 2, 3, 5])) * UNIT
        if qty > 4 * -row.qty or qty <= have or row.location == DOCK:
            return None
        doc = self.slip(row.document[:2], when) if row.document else ""

        def paper() -> None:
            partner = self.w.docs[row.document, row.line].partner
            self.w.docs[doc, "1"] = Doc("order", doc, "1", row.item, row.location, qty, when, partner)

        return Plan(
            "more was there than any booking explains",
            [row.key],
            lambda: self.w.post(
                row.key,
                -qty,
                "shipment",
                when - 300,
                when,
                doc,
                "1" if doc else "",
                row.user,
                row.source,
            ),
            when,
            within=1,
            after=paper if doc else None,
        )
