"""Counts that a workstation keeps while there is no line to the database, and sends once it is back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

from zeroline.domain.changes import Changes
from zeroline.domain.command import key_here, under
from zeroline.domain.count import parse_entry
from zeroline.domain.errors import LINE_LOST, Cancelled, DomainError, Trouble
from zeroline.domain.person import Person
from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.domain.views.kept import Entered, Kept, KeptCount, RefusedCount, Sent, Waiting
from zeroline.services.counting import Counting
from zeroline.storage.engine import Database
from zeroline.storage.outbox import OutboxFile, Row

_SENT, _REFUSED, _DISCARDED = "sent", "refused", "discarded"


class Typed(NamedTuple):
    """What was typed into a line, with the person's marks in numbers; ``paper_at`` (µs) as in
    :class:`KeptCount`."""

    text: str
    decimal: str = "."
    thousands: str = ""
    paper_at: int | None = None


class Outbox:
    """One file for each counter and database in ``folder``, which only the user of the operating system may
    read. Without a folder nothing can be kept: counts are then refused as every other write is.

    An entry stays in its file until the database has said that it is done, under the key it was made with;
    so it is done once, however often the line goes. Entries of one person are never told for another.
    """

    def __init__(self, database: Database, counting: Counting, folder: Path | None) -> None:
        self._database = database
        self._counting = counting
        self._folder = folder
        self._offset = 0

    def compare_clocks(self) -> None:
        """Remember what the database's clock is ahead of this workstation's. Raises Trouble."""
        self._offset = self._database.now() - self._database.clock()

    # --- entering

    def enter(self, actor: Person, sheet: BlindSheet, line: BlindLine, typed: Typed) -> Entered | Kept:
        """Tell the database what was counted; keep it where the line is gone or older entries wait.

        Raises as :meth:`Counting.enter`; OSError where it cannot be kept.
        """
        count = self._made(actor, sheet, line, typed)
        if self._waits(actor):
            return Kept(self._keep(actor, count, line))
        try:
            made = self._counting.enter(
                actor,
                line.line_id,
                typed.text,
                typed.paper_at,
                decimal=typed.decimal,
                thousands=typed.thousands,
            )
        except Trouble as trouble:
            if trouble.code not in LINE_LOST or self._folder is None:
                raise
            return Kept(self._keep(actor, count, line), trouble)
        except Cancelled:  # its counter left before the database was told
            return Kept(self._keep(actor, count, line))
        return Entered(made, made.changes)

    def keep(self, actor: Person, sheet: BlindSheet, line: BlindLine, typed: Typed) -> Kept:
        """Keep what was counted without asking the database; it is safe on the disk when this returns.

        Raises the errors of :func:`zeroline.domain.count.parse_entry`, ``offline`` without a folder, and
        OSError where it cannot be kept.
        """
        return Kept(self._keep(actor, self._made(actor, sheet, line, typed), line))

    def _made(self, actor: Person, sheet: BlindSheet, line: BlindLine, typed: Typed) -> KeptCount:
        key = line.key
        return KeptCount(
            key=key_here(),
            seq=0,
            counter_id=actor.id,
            login=actor.login,
            counter=actor.name,
            sheet_id=sheet.sheet_id,
            sheet=sheet.number,
            line_id=line.line_id,
            item=key.item,
            location=key.location,
            lot=key.lot,
            status=key.status,
            text=typed.text,
            decimal=typed.decimal,
            thousands=typed.thousands,
            at=self._database.clock(),
            offset=self._offset,
            paper_at=typed.paper_at,
        )

    def _keep(self, actor: Person, count: KeptCount, line: BlindLine) -> KeptCount:
        parse_entry(count.text, line.key.unit, line.units, count.decimal, count.thousands)
        file = self._file(actor)
        if file is None:
            raise DomainError("offline")
        where = self._database.whereabouts

        def numbered(rows: Sequence[Row]) -> list[Row]:
            last = max((one.seq for one in _counts(rows)), default=0)
            return [{"database": where, "count": asdict(replace(count, seq=last + 1))}]

        (row,) = file.add(numbered)
        return KeptCount(**row["count"])

    # --- what waits

    def _waits(self, actor: Person) -> bool:
        """Whether older entries of this person are still to be told."""
        file = self._file(actor)
        return file is not None and bool(_sorted(file.read().rows, _whose(actor))[0])

    def waiting(self, actor: Person) -> Waiting:
        """What this workstation keeps for the database."""
        file = self._file(actor)
        if file is None:
            return Waiting()
        read = file.read()
        mine, refused, torn = _sorted(read.rows, _whose(actor))
        return Waiting(mine, refused, self._others(file), read.unreadable + torn)

    def _others(self, mine: OutboxFile) -> tuple[tuple[str, int], ...]:
        found = []
        for path in sorted(mine.path.parent.glob(f"{mine.path.name.partition('-')[0]}-*.jsonl")):
            if path != mine.path:
                rows = OutboxFile(path).read().rows
                for last in _counts(rows)[-1:]:
                    waits, refused, _ = _sorted(rows, (last.counter_id, last.login))
                    found.append((last.counter, len(waits) + len(refused)))
        return tuple((name, number) for name, number in found if number)

    # --- sending

    def send(self, actor: Person) -> Sent:
        """Tell what waits of this person, in order, each under its own key; what a rule refuses is marked and
        the rest goes on. Raises DomainError ``sign-in-refused``, and OSError.
        """
        waits = self.waiting(actor).mine
        file = self._file(actor)
        sent: list[KeptCount] = []
        refused: list[RefusedCount] = []
        changes, lost = Changes(), None
        if waits and file is not None:
            try:
                now = self._database.now()
                self._offset = now - self._database.clock()
                for count in waits:
                    try:
                        changes |= self._tell(actor, count, now)
                    except DomainError as error:
                        if error.code == "sign-in-refused":  # about the person, not about the count
                            raise
                        _mark(file, count.key, _REFUSED, error)
                        refused.append(RefusedCount(count, error))
                        changes |= Changes(counts=frozenset({count.sheet_id}))
                    else:
                        _mark(file, count.key, _SENT)
                        sent.append(count)
            except Trouble as trouble:
                lost = trouble
            file.empty_if(_all_done)
        return Sent(changes, tuple(sent), tuple(refused), lost)

    def _tell(self, actor: Person, count: KeptCount, now: int) -> Changes:
        """A line is told only as what it was when it was counted: another database may lie there now."""
        sheet = self._counting.blind_sheet(actor, count.sheet_id)
        line = next((one for one in sheet.lines if one.line_id == count.line_id), None)
        told = (count.item, count.location, count.lot, count.status)
        if line is None or (line.key.item, line.key.location, line.key.lot, line.key.status) != told:
            raise DomainError("count-line-other", item=count.item, location=count.location)
        at = min(count.at + count.offset, now) if count.paper_at is None else count.paper_at
        with under(count.key):
            return self._counting.enter(
                actor,
                count.line_id,
                count.text,
                at,
                kept=True,
                decimal=count.decimal,
                thousands=count.thousands,
            ).changes

    def discard(self, actor: Person, key: str) -> Changes:
        """Give up a count that was refused."""
        file = self._file(actor)
        gone = [one.count for one in self.waiting(actor).refused if one.count.key == key]
        if file is not None and gone:
            _mark(file, key, _DISCARDED)
            file.empty_if(_all_done)
        return Changes(counts=frozenset(one.sheet_id for one in gone))

    def forget_damaged(self, actor: Person) -> Changes:
        """Give up what cannot be read any more, where nothing else is left in the person's file."""
        file = self._file(actor)
        if file is not None and self.waiting(actor)[:2] == ((), ()):
            file.empty_if(lambda _: True, damaged_too=True)
        return Changes()

    def _file(self, actor: Person) -> OutboxFile | None:
        if self._folder is None:
            return None
        database, person = _short(self._database.whereabouts), _short(f"{actor.id} {actor.login}")
        return OutboxFile(self._folder / f"{database}-{person}.jsonl")


def _short(text: str) -> str:
    """A name for a file that stands for any text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _whose(actor: Person) -> tuple[int, str]:
    return actor.id, actor.login


def _mark(file: OutboxFile, key: str, state: str, error: DomainError | None = None) -> None:
    row: Row = {"key": key, "state": state}
    if error is not None:
        row |= {"code": error.code, "facts": error.fields}
    file.add(lambda _: [row])


def _counts(rows: Sequence[Row]) -> list[KeptCount]:
    """The counts of a file in order; what another version of the program wrote and this cannot read is not
    among them."""
    found = []
    for row in rows:
        if isinstance(row.get("count"), dict):
            try:
                found.append(KeptCount(**row["count"]))
            except TypeError:
                continue
    return found


def _sorted(
    rows: Sequence[Row], whose: tuple[int, str]
) -> tuple[tuple[KeptCount, ...], tuple[RefusedCount, ...], int]:
    """What waits of a counter, what was refused, and how many counts of the file are not theirs to read."""
    counts = [one for one in _counts(rows) if (one.counter_id, one.login) == whose]
    strange = sum("count" in row for row in rows) - len(counts)
    states: dict[str, Mapping[str, Any]] = {row["key"]: row for row in rows if "state" in row}
    waits = tuple(one for one in counts if one.key not in states)
    refused = tuple(
        RefusedCount(one, _error(states[one.key]))
        for one in counts
        if one.key in states and states[one.key]["state"] == _REFUSED
    )
    return waits, refused, strange


def _all_done(rows: Sequence[Row]) -> bool:
    done = {row["key"] for row in rows if row.get("state") in (_SENT, _DISCARDED)}
    return all(row["count"].get("key") in done for row in rows if "count" in row)


def _error(row: Mapping[str, Any]) -> DomainError:
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in row["facts"].items()}
    return DomainError(row["code"], **facts)
