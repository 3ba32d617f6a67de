"""Stored balances, openings derived from them, documents and reservations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import BalanceRow, DocumentRow, Record, ReservationRow
from zeroline.domain.movement import MovementKind, TimeBasis
from zeroline.services.intake.loading import Import, Tally, problem
from zeroline.storage import ledger
from zeroline.storage.intake import Balances, Documents, Reservations, sums_up_to
from zeroline.storage.intake.surroundings import Line

DERIVED = "opening:"
"""How the references of derived openings begin; the stock key's codes follow."""


class _Place(NamedTuple):
    """A balance is of a source, of a stock key (item, location, lot, status) and of an instant."""

    source_id: int
    item: str
    location: str
    lot: str
    status: str
    as_of: int | None


@dataclass(slots=True)
class _Sum:
    """One balance, out of one row or, where the mapping combines rows of one key, of several."""

    quantity: int
    opening_at: int | None
    rows: list[BalanceRow] = field(default_factory=list)


class BalanceLoader:
    """Stored balances for the self-check, or (``derive``) the openings that make the ledger meet them.

    A derived opening is the first balance of its key less the movements recorded until then. It is made once:
    a key that has one keeps it.
    """

    def __init__(self, job: Import, tally: Tally, import_id: int, *, combine: bool, derive: bool) -> None:
        self._job = job
        self._tally = tally
        self._import_id = import_id
        self._combine = combine
        self._derive = derive
        self._sums: dict[_Place, _Sum] = {}
        self._stored = Balances(job.work.connection)

    def take(self, records: Sequence[Record]) -> None:
        """See Loader."""
        rows = [record for record in records if isinstance(record, BalanceRow)]
        self._job.catalogue.look_up({row.item for row in rows}, {row.location for row in rows})
        for row in rows:
            try:
                self._take(row)
            except DomainError as error:
                self._tally.problems.append(problem(row, error))
        if not self._combine and not self._derive:
            self.finish()

    def _take(self, row: BalanceRow) -> None:
        source_id = self._job.source(row.source)
        self._job.catalogue.check_location(row.location)
        _, quantity = self._job.item(row.item, row.measure)
        self._job.location(row.location)
        place = _Place(source_id, row.item, row.location, row.lot, row.status, row.as_of)
        there = self._sums.get(place)
        if there is None:
            self._sums[place] = _Sum(quantity, row.opening_at, [row])
        elif self._combine:
            there.quantity += quantity
            there.rows.append(row)
        elif there.quantity == quantity:
            self._tally.known += 1
            self._tally.repeated += 1
        else:
            raise DomainError("balance-differs", field="quantity", value="", stored_quantity=there.quantity)

    def finish(self) -> None:
        """See Loader."""
        sums, self._sums = self._sums, {}
        if not sums:
            return
        self._job.catalogue.flush()
        keys = self._job.keys.resolve(self._parts(place) for place in sums)
        by_source: defaultdict[int, dict[_Place, int]] = defaultdict(dict)
        for place in sums:
            by_source[place.source_id][place] = keys[self._parts(place)]
        for source_id, places in by_source.items():
            if self._derive:
                self._open(source_id, places, sums)
            else:
                self._store(source_id, places, sums)

    def _parts(self, place: _Place) -> tuple[int, int, str, str]:
        item = self._job.catalogue.item(place.item)
        assert item is not None
        return item.id, self._job.location_id(place.location), place.lot, place.status

    def _store(self, source_id: int, places: dict[_Place, int], sums: dict[_Place, _Sum]) -> None:
        """A balance without an instant is of now, and known where the newest stored one is the same."""
        known = self._stored.known(source_id, places.values())
        newest: dict[int, tuple[int, int]] = {}
        for (key_id, as_of), on_hand in known.items():
            newest[key_id] = max(newest.get(key_id, (as_of, on_hand)), (as_of, on_hand))
        added: list[tuple[int, int, int]] = []
        for place, key_id in places.items():
            total = sums[place]
            as_of = self._job.work.at if place.as_of is None else place.as_of
            there = known.get((key_id, as_of))
            if place.as_of is None and newest.get(key_id, (0, None))[1] == total.quantity:
                there = total.quantity
            if there is None:
                added.append((key_id, as_of, total.quantity))
                self._tally.added += len(total.rows)
            elif there == total.quantity:
                self._tally.known += len(total.rows)
            else:
                error = DomainError("balance-differs", field="quantity", value="", stored_quantity=there)
                self._tally.problems += [problem(row, error) for row in total.rows]
        self._stored.add(source_id, added, self._import_id)
        self._job.touched |= {key_id for key_id, _, _ in added}

    def _open(self, source_id: int, places: dict[_Place, int], sums: dict[_Place, _Sum]) -> None:
        now = self._job.work.at
        first: dict[int, _Place] = {}
        for place, key_id in places.items():
            at = now if place.as_of is None else place.as_of
            there = first.get(key_id)
            if there is None or at < (now if there.as_of is None else there.as_of):
                first[key_id] = place
        used = set(first.values())
        self._tally.skipped += sum(len(sums[place].rows) for place in places if place not in used)
        names = {key_id: DERIVED + "|".join(place[1:5]) for key_id, place in first.items()}
        known = self._job.references.known(source_id, names.values())
        fresh = {key_id: place for key_id, place in first.items() if names[key_id] not in known}
        self._tally.known += sum(len(sums[place].rows) for key, place in first.items() if key not in fresh)
        sum_until = self._sums_until(source_id, fresh)
        movements = []
        for key_id, place in fresh.items():
            total = sums[place]
            if total.opening_at is None:
                error = DomainError("time-missing", field="recorded_at", value="")
                self._tally.problems += [problem(row, error) for row in total.rows]
                continue
            opening = total.quantity - sum_until.get(key_id, 0)
            movements.append(
                ledger.NewMovement(
                    key_id,
                    opening,
                    MovementKind.OPENING.value,
                    total.opening_at,
                    total.opening_at,
                    source_id,
                    names[key_id],
                    TimeBasis.BOTH.value,
                    entered_quantity=opening,
                    import_id=self._import_id,
                )
            )
            self._tally.added += len(total.rows)
        self._job.touched |= ledger.append(self._job.work.connection, movements).keys
        self._job.references.appended({source_id})

    def _sums_until(self, source_id: int, fresh: dict[int, _Place]) -> dict[int, int]:
        by_instant: defaultdict[int, list[int]] = defaultdict(list)
        for key_id, place in fresh.items():
            by_instant[self._job.work.at if place.as_of is None else place.as_of].append(key_id)
        found: dict[int, int] = {}
        for as_of, key_ids in by_instant.items():
            ids = np.array(key_ids, np.int64)
            found |= sums_up_to(self._job.work.connection, ids, as_of, source_id, DERIVED)
        return found


class DocumentLoader:
    """Documents and their lines as they stand now; their state may change with every import."""

    def __init__(self, job: Import, tally: Tally) -> None:
        self._job = job
        self._tally = tally
        self._stored = Documents(job.work.connection)
        self._state: dict[int, str] = {}  # of documents of this file, as its lines say
        self._silent: set[int] = set()
        self._altered: set[int] = set()  # documents whose state, due time or partner is another one now
        self._was: dict[int, str] = {}
        self._seen: dict[tuple[int, str], Line] = {}

    def take(self, records: Sequence[Record]) -> None:
        """See Loader."""
        job = self._job
        rows = [record for record in records if isinstance(record, DocumentRow)]
        job.catalogue.look_up({row.item for row in rows}, {row.location for row in rows if row.location})
        ready: list[tuple[DocumentRow, int, int, int]] = []
        for row in rows:
            try:
                source_id = job.source(row.source)
                if row.location:
                    job.catalogue.check_location(row.location)
                _, quantity = job.item(row.item, row.quantity)
                _, done = job.item(row.item, row.done)
                if row.location:
                    job.location(row.location)
                ready.append((row, source_id, quantity, done))
            except DomainError as error:
                self._tally.problems.append(problem(row, error))
        job.catalogue.flush()
        documents = self._documents(ready)
        lines = self._stored.lines(documents.values())
        fresh: list[tuple[int, str, Line]] = []
        changed: list[tuple[int, Line]] = []
        for row, source_id, quantity, done in ready:
            document_id = documents[source_id, row.kind, row.document]
            item = job.catalogue.item(row.item)
            assert item is not None
            place = job.location_id(row.location) if row.location else None
            line = Line(item.id, place, row.lot, quantity, done)
            name = row.line or "1"
            before = self._seen.get((document_id, name))
            there = lines.get((document_id, name))
            if before is not None:
                if before == line:
                    self._tally.known += 1
                    self._tally.repeated += 1
                    continue
                twice = DomainError("line-twice", field="document_line", value=name, document=row.document)
                self._tally.problems.append(problem(row, twice))
                continue
            self._seen[document_id, name] = line
            self._note_state(document_id, row)
            if there is None:
                fresh.append((document_id, name, line))
                self._tally.added += 1
            elif there[1] != line:
                changed.append((there[0], line))
                self._tally.changed += 1
            else:
                self._tally.known += 1
        self._stored.add_lines(fresh)
        self._stored.change_lines(changed)
        job.surrounded |= {line.item_id for _, _, line in fresh} | {line.item_id for _, line in changed}

    def finish(self) -> None:
        """Documents whose lines say nothing of a state are closed once all of them are done."""
        undone = self._stored.undone(self._silent) if self._silent else set()
        for document_id in self._silent:
            self._state[document_id] = "open" if document_id in undone else "closed"
        for document_id, state in self._state.items():
            if state != self._was.get(document_id):
                self._stored.change(document_id, {"state": state})
                self._altered.add(document_id)
        self._job.surrounded |= self._stored.items(self._altered)

    def _documents(self, ready: list[tuple[DocumentRow, int, int, int]]) -> dict[tuple[int, str, str], int]:
        """Ids of the documents that these rows belong to, made where there are none."""
        groups: defaultdict[tuple[int, str], dict[str, DocumentRow]] = defaultdict(dict)
        for row, source_id, _, _ in ready:
            groups[source_id, row.kind].setdefault(row.document, row)
        found: dict[tuple[int, str, str], int] = {}
        for (source_id, kind), rows in groups.items():
            known = self._stored.known(source_id, kind, rows)
            for number, there in known.items():
                found[source_id, kind, number] = there.id
                self._was.setdefault(there.id, there.state)
                row = rows[number]
                values: dict[str, Any] = {}
                if row.due_at is not None and row.due_at != there.due_at:
                    values["due_at"] = row.due_at
                if row.partner and row.partner != there.partner:
                    values["partner"] = row.partner
                if values:
                    self._stored.change(there.id, values)
                    self._altered.add(there.id)
            fresh = [row for number, row in rows.items() if number not in known]
            made = self._stored.add(
                [
                    {
                        "source_id": source_id,
                        "kind": kind,
                        "number": row.document,
                        "state": row.state or "open",
                        "due_at": row.due_at,
                        "partner": row.partner,
                    }
                    for row in fresh
                ]
            )
            for row, number_id in zip(fresh, made, strict=True):
                found[source_id, kind, row.document] = number_id
                self._was[number_id] = row.state or "open"
        return found

    def _note_state(self, document_id: int, row: DocumentRow) -> None:
        if not row.state:
            self._silent.add(document_id)
        elif self._state.get(document_id) != "open":
            self._state[document_id] = row.state


class ReservationLoader:
    """Reservations as they stand now; one of zero is released."""

    def __init__(self, job: Import, tally: Tally) -> None:
        self._job = job
        self._tally = tally
        self._stored = Reservations(job.work.connection)

    def take(self, records: Sequence[Record]) -> None:
        """See Loader."""
        job = self._job
        rows = [record for record in records if isinstance(record, ReservationRow)]
        job.catalogue.look_up({row.item for row in rows}, {row.location for row in rows if row.location})
        ready: defaultdict[int, list[tuple[ReservationRow, int]]] = defaultdict(list)
        for row in rows:
            try:
                source_id = job.source(row.source)
                if row.location:
                    job.catalogue.check_location(row.location)
                _, quantity = job.item(row.item, row.measure)
                if row.location:
                    job.location(row.location)
                ready[source_id].append((row, quantity))
            except DomainError as error:
                self._tally.problems.append(problem(row, error))
        job.catalogue.flush()
        for source_id, group in ready.items():
            known = self._stored.known(source_id, (row.reference for row, _ in group))
            for row, quantity in group:
                self._keep(source_id, row, quantity, known)

    def _keep(
        self, source_id: int, row: ReservationRow, quantity: int, known: dict[str, tuple[int, dict[str, Any]]]
    ) -> None:
        item = self._job.catalogue.item(row.item)
        assert item is not None
        values = {
            "item_id": item.id,
            "location_id": self._job.location_id(row.location) if row.location else None,
            "lot": row.lot,
            "quantity": quantity,
            "document": row.document,
            "due_at": row.due_at,
        }
        there = known.get(row.reference)
        if quantity == 0:
            if there is None:
                self._tally.known += 1
            else:
                self._stored.release(there[0])
                del known[row.reference]
                self._tally.changed += 1
        elif there is None:
            made = self._stored.add({"source_id": source_id, "reference": row.reference, **values})
            known[row.reference] = (made, values)
            self._tally.added += 1
        elif there[1] != values:
            self._stored.change(there[0], values)
            known[row.reference] = (there[0], values)
            self._tally.changed += 1
        else:
            self._tally.known += 1

    def finish(self) -> None:
        """See Loader."""
