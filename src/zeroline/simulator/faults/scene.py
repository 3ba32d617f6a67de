"""Where a fault looks for a place that will show: the books so far, by key, and what is still unspoilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from zeroline.domain.instant import HOUR, SECOND
from zeroline.domain.movement import MovementKind
from zeroline.domain.stock import StockKey
from zeroline.simulator.answers import Committed
from zeroline.simulator.books import Draft, units
from zeroline.simulator.faults.sight import Sight
from zeroline.simulator.world import COUNTERS

_MOST = 1500  # rows looked at for one fault


@dataclass(slots=True)
class Scene(Sight):
    """The books while they are spoilt. A fault tries changes, and either commits or undoes them."""

    _undo: list[tuple[Draft, dict[str, object] | None]] = field(default_factory=list)
    _counts: list[Draft] = field(default_factory=list)
    _moved: list[tuple[StockKey, int, int]] = field(default_factory=list)

    def change(self, row: Draft, **changes: object) -> None:
        """Rewrite a row."""
        self._undo.append((row, {name: getattr(row, name) for name in changes}))
        self.pages.change(row, **changes)

    def drop(self, row: Draft) -> None:
        """The row never reached the books."""
        self._undo.append((row, {"booked": True}))
        self.pages.drop(row)

    def repeat(self, row: Draft, **changes: object) -> Draft:
        """The books get a further row like this one."""
        made = self.pages.repeat(row, **changes)
        self._undo.append((made, None))
        return made

    def happen(self, key: StockKey, quantity: int, at: int) -> bool:
        """Stock truly came or went unseen; False where there is not enough for it at any later time."""
        if self.books.least(key, at) + quantity < 0:
            return False
        self.books.happen(key, quantity, at)
        self._moved.append((key, at, quantity))
        return True

    def postpone(self, rows: list[Draft], until: int) -> None:
        """Record rows one after the other from an instant on."""
        for row in rows:
            self.change(row, recorded_at=max(row.recorded_at, until))
            until += self.random.randrange(1, 90) * SECOND

    def book_as(self, row: Draft, key: StockKey, **changes: object) -> None:
        """Book a row under another item: what was entered in packs is converted with that item's pack."""
        if row.entered_unit == self.item(row.key).pack:
            changes["quantity"] = row.entered_quantity * self.item(key).case_size
        else:
            changes["entered_unit"] = self.item(key).item.base_unit
        self.change(row, key=key, **changes)

    def resize(self, row: Draft, quantity: int, *, whole: bool = True) -> None:
        """Another quantity, entered in base units unless it comes out even in the row's own unit."""
        size = row.quantity // row.entered_quantity if row.entered_quantity else 1
        if whole and size and quantity % units(size) == 0:
            self.change(row, quantity=quantity, entered_quantity=quantity // size)
        else:
            unit = self.item(row.key).item.base_unit
            self.change(row, quantity=quantity, entered_quantity=quantity, entered_unit=unit)

    def shows(self) -> bool:
        """Whether a key that was changed is below zero at some moment before the end."""
        self._forget_counts()
        return any(self._crosses(key) for key in {key for key, _, _ in self.pages.log})

    def crossings(self, key: StockKey) -> list[Draft]:
        """The rows that take a key below zero."""
        balance, found = 0, []
        for row in self.pages.rows(key):
            before, balance = balance, balance + row.quantity
            if balance < 0 <= before:
                found.append(row)
        return found

    def crossing(self, key: StockKey) -> Draft | None:
        """The first of them."""
        return next(iter(self.crossings(key)), None)

    def crossed(self) -> list[StockKey]:
        """The changed keys that are below zero at some moment."""
        self._forget_counts()
        return sorted(key for key in {key for key, _, _ in self.pages.log} if self._crosses(key))

    def _crosses(self, key: StockKey) -> bool:
        row = self.crossing(key)
        return row is not None and row.recorded_at < self.ends_at

    def undo(self) -> None:
        """Take back all that was tried."""
        for row, before in reversed(self._undo):
            if before is None:
                self.pages.drop(row)
            elif before == {"booked": True}:
                self.pages.enter(row)
            else:
                self.pages.change(row, **before)
        for key, at, quantity in self._moved:
            self.books.happened[key].remove((at, quantity))
            self.books.shelf[key] -= quantity
        self._clear()

    def commit(
        self,
        cause: str,
        key: StockKey,
        quantity: int,
        rows: list[Draft],
        note: str,
        only: list[StockKey] | None = None,
    ) -> Committed:
        """Write down the truth and keep every key concerned (``only`` some) from being spoilt again."""
        self._forget_counts()
        made = Committed(cause, key, quantity, rows, note, list(self.pages.log), list(self._counts))
        concerned = made.touched() | {key for key, _, _ in self._moved} if only is None else set(only)
        self._spoilt |= concerned | {key}
        self._clear()
        return made

    def _clear(self) -> None:
        self._undo.clear()
        self._counts.clear()
        self._moved.clear()
        self.pages.log.clear()

    def _forget_counts(self) -> None:
        """Counts that would have met the trouble were not made: what they found when clean is not so."""
        log = [(key, moment, quantity) for key, moment, quantity in self.pages.log]
        log += [(key, (at, 0), -quantity) for key, at, quantity in self._moved]
        for key in {key for key, _, _ in log}:
            for row in list(self.pages.rows(key)):
                if row.kind is MovementKind.COUNT_CORRECTION and row not in self._counts:
                    wrong = sum(
                        quantity for name, moment, quantity in log if name == key and moment <= row.moment
                    )
                    if wrong:
                        self.drop(row)

    # counts by the other system

    def reveal(self, key: StockKey, since: int, low: float = 4, high: float = 300) -> Draft | None:
        """Count a key some hours after ``since``, when nothing is on its way, and correct the books."""
        self._forget_counts()
        for attempt in range(24):
            at = since + self.span(low, high)
            if attempt < 12:  # what is never quiet by day is counted at night
                at = self.daytime(at)
            if at + 2 * HOUR < self.ends_at and self.quiet(key, at):
                return self.count(key, at, self.books.lay_at(key, at))
        return None

    def quiet(self, key: StockKey, at: int) -> bool:
        """Whether all that happened by then is recorded and the other way round."""
        return all((row.occurred_at <= at) == (row.recorded_at <= at) for row in self.pages.rows(key))

    def count(self, key: StockKey, at: int, counted: int, lag: int | None = None) -> Draft:
        """A count by somebody of the site, corrected as the other system does it: counted − book."""
        at -= at % SECOND
        user = self.random.choice(COUNTERS[key.location[0]])
        quantity = counted - self.pages.balance(key, at)
        made = self.repeat(
            self.books.drafts[0], key=key, quantity=quantity, kind=MovementKind.COUNT_CORRECTION,
            occurred_at=at,
            recorded_at=at + (self.random.randrange(120, 3600) * SECOND if lag is None else lag),
            document=f"count {len(self.books.drafts)}", line="1",
            user=user, source="wms", entered_quantity=quantity,
            entered_unit=self.item(key).item.base_unit, task=self.books.task(), override=False,
        )  # fmt: skip
        self._counts.append(made)
        return made

    def correct(self, made: Committed, others: list[Committed]) -> None:
        """Count what a fault left wrong, some days later, and bring the book to the shelf."""
        for key in sorted(made.touched()):
            since = max(moment[0] for name, moment, _ in made.log if name == key)
            if not made.effect(key, (self.ends_at, 0)):
                continue  # late, but it came
            if self.books.lay_at(key, since) == self.pages.balance(key, since):
                continue
            crossing = self.crossing(key)
            if crossing is not None:
                since = max(since, crossing.recorded_at)
            if not self.is_bin(key):  # stage and dock are cleared soon
                soon = (6, 60) if self.random.random() < 0.85 else None
            elif self.random.random() < (0.4 if key == made.key else 0.2):
                soon = (8, 240)
            else:
                soon = None
            again = self.crossings(key)
            if soon is None and len(again) > 2:  # it came back: now it is looked at
                since, soon = max(since, again[1].recorded_at), (5, 70)
            if soon is None:
                continue
            count = self.reveal(key, since, *soon)
            if count is not None:
                for other in others:
                    if other.effect(key, count.moment):
                        other.counts.append(count)
                        other.log.append((key, count.moment, count.quantity))
            self._clear()


Fault = Callable[[Scene], Committed | None]
