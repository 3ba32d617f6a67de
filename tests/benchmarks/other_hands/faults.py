"""Faults that any company knows: papers that lie about, wrong numbers, wrong counts, doubled postings."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.other_hands.ledger import DAY, HOUR, UNIT, Key
from benchmarks.other_hands.world import Doc, Plan, Row, World


class Common:
    """Plans that change what was booked; a company adds its own."""

    out = "shipment"  # the movement by which goods leave a bin here
    office: tuple[str, ...] | list[str] = ()
    counters: tuple[str, ...] | list[str] = ()
    clerks: tuple[str, ...] | list[str] = ()
    source = ""

    def __init__(self, world: World) -> None:
        self.w, self.rng = world, world.rng

    def after(self, row: Row, kind: str, low: float, high: float) -> list[Row]:
        """Movements of a kind on the same key within some hours after a row happened."""
        return [
            r
            for r in self.w.book(row.key)
            if r.kind == kind
            and (kind != self.out or r.qty < 0)
            and low * HOUR < r.occurred - row.occurred < high * HOUR
        ]

    def late(self, row: Row, low: float, high: float) -> Plan:
        hours = self.rng.uniform(low, high)
        return Plan(
            f"posted {hours:.0f} h after it happened",
            [row.key],
            lambda: setattr(row, "recorded", row.occurred + int(hours * HOUR)),
            row.occurred,
            settle=False,
        )

    def race(self, row: Row) -> Plan | None:
        """The receipt is posted at its usual pace, but the delivery is typed in faster, or beforehand."""
        ahead = self.rng.random() < 0.4
        fast = self.after(row, self.out, 0, 16 if ahead else 2.4)
        if not fast:
            return None

        def change() -> None:
            row.recorded = row.occurred + self.rng.randrange(8700, 10700)
            for r in fast[:2]:
                r.recorded = row.occurred - self.rng.randrange(600, 9000) if ahead else r.occurred + 60

        return Plan(
            "delivery posted before its receipt",
            [row.key],
            change,
            row.occurred - DAY,
            settle=False,
            within=3,
        )

    def deleted(self, row: Row, doc: str) -> Plan:
        """The receipt is cancelled as of its own date days later, and entered again under ``doc``."""
        gone = row.recorded + self.rng.randrange(8 * HOUR, 6 * DAY)
        again = gone + self.rng.randrange(6 * HOUR, 5 * DAY)

        def change() -> None:
            self.w.twin(row, gone, qty=-row.qty, user=self.rng.choice(self.office))
            if again < self.w.end:
                self.w.twin(row, again, document=doc, line="10", user=self.rng.choice(self.office))
                self.w.docs[doc, "10"] = Doc(
                    "receipt", doc, "10", row.item, row.location, row.qty, row.occurred, ""
                )

        return Plan("receipt cancelled and entered again", [row.key], change, gone, settle=False, within=6)

    def short(self, row: Row) -> Plan:
        off = row.qty * self.rng.choice([4, 8, 10, 20, 30]) // 100 // UNIT * UNIT or UNIT
        return Plan(
            "more came than was booked",
            [row.key],
            lambda: self.w.rebook(row, qty=row.qty - off, unit=""),
            row.occurred,
        )

    def confirmed_twice(self, row: Row) -> Plan:
        gap = self.rng.randrange(40, 7000)
        return Plan(
            "delivery posted twice",
            [row.key],
            lambda: self.w.twin(
                row, row.recorded + gap, occurred=row.occurred + gap, user=self.rng.choice(self.clerks)
            ),
            row.occurred,
        )

    def wrong_unit(self, row: Row) -> Plan | None:
        """Cartons received as pieces, or pieces delivered as cartons."""
        unit, factor = next(iter(self.w.items[row.item].units.items()), ("", 0))
        if not factor or row.qty % (factor * UNIT if row.qty > 0 else UNIT) or row.qty < -6 * UNIT:
            return None
        new = (
            {"qty": row.qty // factor, "unit": ""}
            if row.qty > 0
            else {"qty": row.qty * factor, "unit": unit, "uncounted": True}
        )
        return Plan(f"unit mistaken by {factor}", [row.key], lambda: self.w.rebook(row, **new), row.occurred)

    def pack(self, row: Row) -> Plan | None:
        """The supplier packs more into a carton than the master says, from a day on."""
        unit, factor = next(iter(self.w.items[row.item].units.items()), ("", 0))
        rows = [r for r in self.w.index[row.key] if r.kind == "receipt" and r.recorded >= row.recorded]
        real = factor * self.rng.choice([120, 125, 133, 150, 200]) // 100
        if len(rows) < 2 or not factor or any(r.qty < 3 * real * UNIT for r in rows):
            return None

        def change() -> None:
            for r in rows:
                r.qty, r.unit = r.qty // (real * UNIT) * factor * UNIT, unit
                self.w.docs[r.document, r.line].qty = r.qty

        return Plan(f"{real} in a carton, {factor} in the master", [row.key], change, row.occurred, within=40)

    def unbooked(self, row: Row) -> Plan:
        return Plan("never booked", [row.key], lambda: self.w.drop(row), row.occurred)

    def opening(self, row: Row) -> Plan:
        part = self.rng.choice([0, 10, 10, 40, 70, -8])
        return Plan(
            "wrong opening balance",
            [row.key],
            lambda: setattr(row, "qty", row.qty * part // 100 // UNIT * UNIT),
            self.w.start,
            within=70,
        )

    def miscount(self, row: Row, keyed: bool) -> Plan | None:
        """A count finds too little: not everything was seen, or a digit was typed wrongly."""
        when = self.w.working(row.recorded)
        have = self.w.balance(row.key, when) // UNIT
        seen = (
            int(str(have)[::-1] if self.rng.random() < 0.4 else str(have)[:-1] or "0")
            if keyed
            else (have - have * self.rng.randrange(5, 50) // 100)
        )
        if not 0 <= seen < have or have < 12:
            return None
        return Plan(
            f"counted {seen}, there were {have}",
            [row.key],
            lambda: self.w.post(
                row.key,
                (seen - have) * UNIT,
                "count correction",
                when - 600,
                when,
                user=self.rng.choice(self.counters),
                source=self.source,
            ),
            when,
        )

    def cut_off(self, row: Row) -> Plan:
        """Counted after the goods had left and before the paper was typed in."""
        when = row.occurred + self.rng.randrange(HOUR, 4 * HOUR)

        def change() -> None:
            row.recorded = when + self.rng.randrange(2 * HOUR, 22 * HOUR)
            self.w.post(
                row.key,
                row.qty,
                "count correction",
                when - 600,
                when,
                user=self.rng.choice(self.counters),
                source=self.source,
            )

        return Plan("delivery counted out and posted out", [row.key], change, row.occurred)

    def forced(self, row: Row) -> Plan | None:
        """Invoiced by force before the goods are there; they leave after the next receipt."""
        sold = self.after(row, self.out, 0, 200)[: self.rng.randrange(1, 3)]
        if not sold:
            return None

        def change() -> None:
            when = row.occurred - self.rng.randrange(3 * HOUR, 3 * DAY)
            for r in sold:
                r.occurred, r.recorded, r.override, r.user = (
                    when,
                    when + 120,
                    True,
                    self.rng.choice(self.office),
                )

        return Plan(
            "forced past the check", [row.key], change, row.occurred - 4 * DAY, settle=False, within=5
        )

    def misread(self, row: Row) -> Plan:
        """More booked than was taken; the order may have asked for what was taken or for what was booked."""
        more, doc = (
            max(1, -row.qty // UNIT * self.rng.randrange(10, 90) // 100) * UNIT,
            self.w.docs[row.document, row.line],
        )

        def change() -> None:
            row.qty -= more
            if self.rng.random() < 0.4:
                doc.qty += more
            doc.short_closed = True

        return Plan("booked more than was taken", [row.key], change, row.occurred)

    # Only a count shows these

    def phantom(self, cause: str, wanted: int, rows: list[Row], raise_by: Callable[[Row], int]) -> None:
        """Something adds stock to the book that is not there; a later count takes it out."""
        self.rng.shuffle(rows)
        for row in rows:
            when = self.w.working(row.recorded + self.rng.randrange(2, 30) * DAY)
            if wanted and row.key not in self.w.claims and when < self.w.end and (more := raise_by(row)):
                self.w.counted(cause, row.key, -more, when, "found by count")
                wanted -= 1

    def over(self, row: Row) -> int:
        """Booked as announced, less was in the boxes."""
        more = max(1, row.qty * self.rng.choice([3, 5, 10, 15]) // 100 // UNIT) * UNIT
        row.qty, row.unit = row.qty + more, ""
        if doc := self.w.docs.get((row.document, row.line)):
            doc.qty = max(doc.qty, row.qty)
        return more

    def doubled(self, row: Row) -> int:
        self.w.twin(row, row.recorded + self.rng.randrange(300, 20 * HOUR))
        return row.qty

    def losses(
        self,
        cause: str,
        wanted: int,
        fits: Callable[[Row], bool],
        share: Callable[[], int],
        trace: Callable[[Row, int, int], object] | None = None,
        again: bool = False,
    ) -> None:
        """Losses out of what was there at the start, a share in percent each, sometimes repeated."""
        rows = [row for row in self.w.rows("opening") if fits(row)]
        self.rng.shuffle(rows)
        for row in rows:
            qty = row.qty * share() // 100 // UNIT * UNIT
            when = self.w.working(self.w.start + self.rng.randrange(15, self.w.days - 6) * DAY)
            if not wanted or not self.w.variance(cause, row.key, -qty, when, "found by count"):
                continue
            wanted -= 1
            if trace:
                trace(row, qty, when)
            later = self.w.working(when + self.rng.randrange(8, 20) * DAY)
            if again and later < self.w.end:
                row.qty += qty
                self.w.counted(cause, row.key, -qty, later, "found by count again")

    def typed_up(self, cause: str, wanted: int) -> None:
        """A digit too many, put right by the next count."""
        rows = self.w.rows(self.out)
        self.rng.shuffle(rows)
        for row in rows:
            when = self.w.working(row.recorded)
            have = self.w.balance(row.key, when) // UNIT
            if not wanted or row.key in self.w.claims or have < 11 or when > self.w.end - 8 * DAY:
                continue
            text = str(have)
            seen = int(self.rng.choice([text + text[-1], text[0] + text, text[::-1]]))
            if seen <= have:
                continue
            more = (seen - have) * UNIT
            self.w.counted(cause, row.key, more, when, f"{seen} typed for {have}")
            self.w.counted(
                cause, row.key, -more, self.w.working(when + self.rng.randrange(DAY, 6 * DAY)), "put right"
            )
            wanted -= 1

    def outage(self, start: int, hours: float, source: str) -> None:
        """One system's messages wait, and come in one burst in any order; the others post on."""
        until = start + int(hours * HOUR)
        rows = [
            r
            for found in list(self.w.index.values())
            for r in found
            if r.source == source and start <= r.occurred < until and r.key not in self.w.claims
        ]
        places = self.rng.sample(range(len(rows)), len(rows))

        def change() -> None:
            for r, place in zip(rows, places, strict=True):
                r.recorded = until + 3 + 2 * place

        hit = sorted({r.key for r in rows})
        self.w.inject("T6", Plan(f"{source} was down", hit, change, start, settle=False, within=2))

    def one_leg(self, row: Row, low: float, high: float) -> Plan:
        if self.rng.random() < 0.55:
            return self.late(row, low, high)
        return Plan("second leg never posted", [row.key], lambda: self.w.drop(row), row.occurred)

    def free(self, *keys: Key) -> bool:
        return not any(key in self.w.claims for key in keys)
