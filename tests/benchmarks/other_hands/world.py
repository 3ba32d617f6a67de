"""A book that can be made wrong on purpose.

A company first lives through its days without a fault: what happened and what was booked are the same, so no
balance goes below zero. A fault then changes only what was booked. What the book differs by, from when, is
kept for every key, and tells afterwards which fault stands behind each negative.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.other_hands.ledger import DAY, HOUR, Key


@dataclass(eq=False, slots=True)
class Row:
    """One booked movement; times are seconds since 1970, the quantity is in thousandths of the base unit."""

    item: str
    location: str
    lot: str
    status: str
    qty: int
    kind: str
    occurred: int
    recorded: int
    document: str
    line: str
    user: str
    source: str
    seq: int
    unit: str = ""
    override: bool = False
    uncounted: bool = False  # a second posting that the document does not count as done
    id: str = ""

    @property
    def key(self) -> Key:
        return (self.item, self.location, self.lot, self.status)


@dataclass
class Item:
    """Master data of one item; units other than the base unit with their factor."""

    code: str
    description: str
    base: str
    cost: float
    abc: str
    group: str
    units: dict[str, int] = field(default_factory=dict)


@dataclass
class Doc:
    """One document line as it was agreed; what is done follows from the booked movements."""

    kind: str
    document: str
    line: str
    item: str
    location: str
    qty: int
    due: int
    partner: str
    short_closed: bool = False


@dataclass
class Plan:
    """One way to make the book wrong: the keys it touches, which go below zero, and the change."""

    note: str
    hit: list[Key]
    change: Callable[[], object]
    since: int
    others: list[Key] = field(default_factory=list)
    settle: bool = True
    within: int = 25
    after: Callable[[], object] | None = None  # what then really happens, booked rightly


@dataclass(eq=False)
class Claim:
    """A fault that was put in, with what it adds to each key's book and when."""

    cause: str
    note: str
    effects: dict[Key, list[tuple[int, int]]]

    def deviation(self, key: Key, at: int) -> int:
        return sum(qty for when, qty in self.effects.get(key, ()) if when <= at)


DONE_BY = {
    "receipt": ("receipt",),
    "order": ("shipment",),
    "transfer": ("transfer in",),
    "production": ("production receipt",),
    "return": ("customer return", "supplier return"),
}


class World:
    """The book of one company while it is being written, and the faults put into it."""

    def __init__(self, seed: int, start: datetime, days: int, counter: list[str], count_source: str) -> None:
        self.rng = random.Random(seed)
        self.start = int(start.replace(tzinfo=UTC).timestamp())
        self.end = self.start + days * DAY
        self.days = days
        self.items: dict[str, Item] = {}
        self.index: dict[Key, list[Row]] = defaultdict(list)
        self.docs: dict[tuple[str, str], Doc] = {}
        self.counts: dict[Key, list[int]] = defaultdict(list)
        self.claims: dict[Key, list[Claim]] = defaultdict(list)
        self.variances: list[tuple[Row, str]] = []
        self.counter, self.count_source = counter, count_source
        self.injected: dict[str, int] = defaultdict(int)
        self._seq = 0

    # Booking

    def post(
        self,
        key: Key,
        qty: int,
        kind: str,
        occurred: int,
        recorded: int,
        document: str = "",
        line: str = "",
        user: str = "",
        source: str = "",
        **more: object,
    ) -> Row:
        """Book one movement."""
        self._seq += 1
        at = (int(occurred), int(recorded))
        row = Row(*key, qty, kind, *at, document, line, user, source, self._seq, **more)  # type: ignore[arg-type]
        self.index[key].append(row)
        return row

    def rows(self, *kinds: str, positive: bool | None = None) -> list[Row]:
        """Movements of these kinds, of one sign if asked."""
        return [
            row
            for rows in self.index.values()
            for row in rows
            if row.kind in kinds and (positive is None or (row.qty > 0) == positive)
        ]

    def drop(self, *rows: Row) -> None:
        for row in rows:
            self.index[row.key].remove(row)

    def rebook(self, row: Row, **fields: object) -> None:
        """Book a movement on another key, or with other particulars."""
        self.index[row.key].remove(row)
        for name, value in fields.items():
            setattr(row, name, value)
        self.index[row.key].append(row)

    def twin(self, row: Row, recorded: int, **fields: object) -> Row:
        """Book the same movement once more."""
        more = {
            "occurred": row.occurred,
            "document": row.document,
            "line": row.line,
            "user": row.user,
            "source": row.source,
            "qty": row.qty,
            "kind": row.kind,
            "unit": row.unit,
            **fields,
        }
        key = more.pop("key", row.key)
        return self.post(key, more.pop("qty"), more.pop("kind"), recorded=recorded, **more)  # type: ignore[arg-type]

    # Replay

    def book(self, key: Key) -> list[Row]:
        """A key's movements in book order."""
        return sorted(self.index.get(key, ()), key=lambda row: (row.recorded, row.occurred, row.seq))

    def balance(self, key: Key, at: int) -> int:
        """The book just before an instant."""
        return sum(row.qty for row in self.index.get(key, ()) if row.recorded < at)

    def low(self, key: Key, since: int, until: int) -> int:
        """The lowest book from one instant until another."""
        total = lowest = self.balance(key, since)
        for row in self.book(key):
            if since <= row.recorded < until:
                total += row.qty
                lowest = min(lowest, total)
        return lowest

    def episodes(self, key: Key) -> list[tuple[Row, Row | None]]:
        """Stretches below zero in book order: the movement that crossed and the one that brought it back."""
        found: list[tuple[Row, Row | None]] = []
        total, crossed = 0, None
        for row in self.book(key):
            total += row.qty
            if total < 0 and crossed is None:
                crossed = row
            elif total >= 0 and crossed is not None:
                found.append((crossed, row))
                crossed = None
        return found + ([(crossed, None)] if crossed else [])

    def room(self, key: Key, when: int, off: int) -> bool:
        """Whether a count may find that little less, in what was booked and in what happened."""
        if off > 0:
            return True
        total, lowest = 0, 10**12
        for row in sorted(self.index[key], key=lambda row: (row.occurred, row.seq)):
            lowest = min(lowest, total) if row.occurred >= when - 2 * DAY else lowest
            total += row.qty
        return min(lowest, total, self.low(key, when - 2 * DAY, self.end)) + off >= 0

    def tidy(self) -> None:
        """Post a supply in time wherever its usual delay alone would put a clean key below zero."""
        for key in list(self.index):
            while found := self.episodes(key):
                cross = found[0][0]
                late = [
                    r
                    for r in self.index[key]
                    if r.qty > 0 and r.occurred <= cross.recorded <= r.recorded and r is not cross
                ]
                if late:
                    row = min(late, key=lambda r: (r.occurred, r.seq))
                    row.recorded = row.occurred if row.recorded > row.occurred else row.occurred - 1
                    continue
                soon = [r for r in self.index[key] if r.qty > 0 and 0 < r.occurred - cross.occurred < HOUR]
                if not soon:
                    raise AssertionError(f"clean key below zero: {cross}")
                soon[0].occurred = soon[0].recorded = cross.occurred - 1

    # Faults

    def owner(self, key: Key, at: int, more: Iterable[Claim] = ()) -> Claim | None:
        """The fault that takes most from a key's book at an instant."""
        taking = [claim for claim in [*self.claims.get(key, ()), *more] if claim.deviation(key, at) < 0]
        return min(taking, key=lambda claim: claim.deviation(key, at), default=None)

    def inject(self, cause: str, plan: Plan, overlap: bool = False) -> bool:
        """Make the book wrong as planned; take it back if no key goes below zero by it in good time."""
        keys = list(dict.fromkeys([*plan.hit, *plan.others]))
        free = keys if not overlap else [key for key in keys if key != plan.hit[0]]
        if any(key in self.claims for key in free):
            return False
        if overlap and any(claim.cause == cause for claim in self.claims.get(plan.hit[0], ())):
            return False
        names = list(Row.__slots__)
        saved = {
            key: [(row, [getattr(row, n) for n in names]) for row in self.index.get(key, ())] for key in keys
        }
        before = {key: [(row.recorded, row.qty) for row, _ in saved[key]] for key in keys}
        plan.change()
        claim = Claim(cause, plan.note, {})
        for key in keys:
            after = [(row.recorded, row.qty) for row in self.index.get(key, ())]
            claim.effects[key] = after + [(when, -qty) for when, qty in before[key]]
        first = [
            cross.recorded
            for key in plan.hit
            for cross, _ in self.episodes(key)
            if self.owner(key, cross.recorded, [claim]) is claim
        ]
        seen = not first or (
            plan.settle
            and any(plan.since < when < min(first) for key in plan.hit for when in self.counts.get(key, ()))
        )
        if seen or min(first) > min(plan.since + plan.within * DAY, self.end - HOUR):
            for key in keys:
                self.index.pop(key, None)
            for key in keys:
                for row, values in saved[key]:
                    for name, value in zip(names, values, strict=True):
                        setattr(row, name, value)
                    self.index[key].append(row)
            return False
        for key in keys:
            self.claims[key].append(claim)
        if plan.settle:
            for key in keys:
                self._settle(claim, key, min(first), key in plan.hit)
        if plan.after:
            plan.after()
        self.injected[cause] += 1
        return True

    def _settle(self, claim: Claim, key: Key, first: int, hit: bool) -> None:
        """Let the counts that touch a wrong key find what is wrong, and have some negatives counted."""
        since = min((when for when, _ in claim.effects[key]), default=first)
        times = [when for when in self.counts.get(key, ()) if when > (first if hit else since)]
        below = [cross.recorded for cross, _ in self.episodes(key)]
        if hit and below and self.rng.random() < 0.45:
            times.append(self.working(below[0] + self.rng.randrange(4 * HOUR, 9 * DAY)))
        elif hit and len(below) >= 3:
            times.append(self.working(below[2] + self.rng.randrange(2 * HOUR, 4 * DAY)))
        elif not hit and self.rng.random() < 0.35:
            times.append(self.working(first + self.rng.randrange(4 * HOUR, 8 * DAY)))
        for when in sorted(times):
            off = claim.deviation(key, when)
            if not off or when >= self.end:
                continue
            same = [r for r in self.index[key] if r.recorded == when and r.kind == "count correction"]
            if same and same[0].qty != off:
                same[0].qty -= off
            elif same:
                self.drop(same[0])
            else:
                plain = self.rng.random() < 0.8
                self.post(
                    key,
                    -off,
                    "count correction" if plain else "adjustment",
                    when - 600,
                    when,
                    user=self.rng.choice(self.counter),
                    source=self.count_source,
                )
            claim.effects[key].append((when, -off))

    def spread(
        self,
        cause: str,
        wanted: int,
        rows: list[Row],
        plan: Callable[[Row], Plan | None],
        overlap: bool = False,
    ) -> None:
        """Put a fault in several times, wherever a planned change on one of these movements works out."""
        self.rng.shuffle(rows)
        done = 0
        for row in rows:
            if done == wanted:
                return
            inside = self.start + 6 * DAY < row.recorded < self.end - 2 * DAY or row.kind == "opening"
            if not inside or overlap != (row.key in self.claims):
                continue
            made = plan(row)
            done += made is not None and self.inject(cause, made, overlap)

    def variance(self, cause: str, key: Key, qty: int, when: int, note: str, user: str = "") -> bool:
        """A loss or find that only a count shows: the opening held it, the count takes it out."""
        opening = [row for row in self.index.get(key, ()) if row.kind == "opening"]
        if key in self.claims or not opening or not qty or when >= self.end:
            return False
        if qty < 0:
            opening[0].qty -= qty
        self.counted(cause, key, qty, when, note, user)
        return True

    def counted(self, cause: str, key: Key, qty: int, when: int, note: str, user: str = "") -> Row:
        """Post a correction whose cause is known, and keep its key from other faults."""
        row = self.post(
            key,
            qty,
            "count correction",
            when - 900,
            when,
            user=user or self.rng.choice(self.counter),
            source=self.count_source,
        )
        self.variances.append((row, cause))
        self.claims[key].append(Claim(cause, note, {}))
        self.injected[cause + " (count)"] += 1
        return row

    def forced(self, share: float, plain: str) -> None:
        """Some of the movements that crossed zero were forced past a check, whatever the cause."""
        for key in list(self.index):
            for cross, _ in self.episodes(key):
                claim = self.owner(key, cross.recorded)
                if claim and claim.cause != plain and cross.qty < 0 and self.rng.random() < share:
                    cross.override = True

    # Time

    def working(self, when: int) -> int:
        """The same day, at an hour somebody counts."""
        day = (when - self.start) // DAY
        at = self.start + day * DAY + self.rng.randrange(7 * HOUR, 16 * HOUR)
        return at if at > when else at + DAY

    def cycle_counts(self, key: Key, every: int) -> list[int]:
        """When a key is counted in turn, whether or not anything is found."""
        when, found = self.start + self.rng.randrange(5, every) * DAY, []
        while when < self.end - DAY:
            found.append(self.working(when))
            when += self.rng.randrange(every // 2, every * 3 // 2) * DAY
        self.counts[key] = found
        return found
