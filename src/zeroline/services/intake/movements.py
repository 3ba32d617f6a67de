"""Movements and opening balances into the ledger, each of them once (rule 10)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import MovementRow, Record, TransferRow
from zeroline.domain.movement import TimeBasis
from zeroline.services.intake.loading import Import, Tally, problem
from zeroline.storage import ledger
from zeroline.storage.intake import ItemFacts, Known

APPEND_ROWS = 25_000
"""Movements are appended so many at a time: enough to be quick, few enough to bound memory."""


class _Leg(NamedTuple):
    row: MovementRow
    source_id: int
    reference: str
    told: Known


class _Staged(NamedTuple):
    leg: _Leg
    item: ItemFacts
    quantity: int


class MovementLoader:
    """Appends movements in file order.

    A row with an id that the ledger (or an earlier row) has is known if it says the same, else rejected: the
    ledger's row stays. A row without an id gets one from its content and from how many rows of the file said
    the same before it, so that a file read again adds nothing and two equal rows of one file are two.
    """

    def __init__(self, job: Import, tally: Tally, import_id: int) -> None:
        self._job = job
        self._tally = tally
        self._import_id = import_id
        self._staged: list[_Staged] = []
        self._waiting: dict[tuple[int, str], Known] = {}
        self._equal: Counter[tuple[int, bytes]] = Counter()

    def take(self, records: Sequence[Record]) -> None:
        """See Loader."""
        rows: list[tuple[MovementRow | TransferRow, list[_Leg]]] = []
        for record in records:
            assert isinstance(record, MovementRow | TransferRow)
            try:
                told = record.legs if isinstance(record, TransferRow) else (record,)
                rows.append((record, [self._leg(leg) for leg in told]))
            except DomainError as error:
                self._tally.problems.append(problem(record, error))
        known, hidden = self._known([leg for _, legs in rows for leg in legs])
        self._job.catalogue.look_up(
            {leg.row.item for _, legs in rows for leg in legs},
            {leg.row.location for _, legs in rows for leg in legs},
        )
        for record, legs in rows:
            try:
                self._decide(legs, known, hidden)
            except DomainError as error:
                self._tally.problems.append(problem(record, error))
        if len(self._staged) >= APPEND_ROWS:
            self._append()

    def finish(self) -> None:
        """See Loader."""
        if self._staged:
            self._append()
        ledger.catch_up(self._job.work.connection)

    def _leg(self, row: MovementRow) -> _Leg:
        source_id = self._job.source(row.source)
        now = self._job.work.at
        told = Known(
            row.item,
            row.location,
            row.lot,
            row.status,
            row.measure.entered,
            row.measure.unit,
            row.kind.value,
            now if row.occurred_at is None else row.occurred_at,
            now if row.recorded_at is None else row.recorded_at,
            row.document,
            row.document_line,
            row.user,
            row.override,
        )
        return _Leg(row, source_id, row.reference or self._made_reference(source_id, row, told), told)

    def _made_reference(self, source_id: int, row: MovementRow, told: Known) -> str:
        parts = (
            told
            if row.time_basis is not TimeBasis.FILE_ORDER
            else told._replace(occurred_at=0, recorded_at=0)
        )
        digest = blake2b(repr(tuple(parts)).encode(), digest_size=10).digest()
        self._equal[source_id, digest] += 1
        before = self._equal[source_id, digest]
        return f"#{digest.hex()}" if before == 1 else f"#{digest.hex()}.{before}"

    def _known(self, legs: list[_Leg]) -> tuple[dict[tuple[int, str], Known], set[tuple[int, str]]]:
        """What the ledger has of these references, and those of them that are hidden from who imports."""
        by_source: defaultdict[int, set[str]] = defaultdict(set)
        for leg in legs:
            by_source[leg.source_id].add(leg.reference)
        known = {
            (source_id, reference): told
            for source_id, references in by_source.items()
            for reference, told in self._job.references.known(source_id, references).items()
        }
        hidden = {
            (source_id, reference)
            for source_id, references in by_source.items()
            for reference in self._job.references.elsewhere(source_id, references)
        }
        return known, hidden

    def _decide(
        self, legs: list[_Leg], known: dict[tuple[int, str], Known], hidden: set[tuple[int, str]]
    ) -> None:
        """Stage what is new of a row, count the row; raises DomainError for a row that is not taken."""
        for leg in legs:
            self._job.catalogue.check_location(leg.row.location)
            if (leg.source_id, leg.reference) in hidden:
                raise DomainError(
                    "reference-elsewhere", field="movement_id", value=leg.reference, reference=leg.reference
                )
        new: list[_Leg] = []
        repeated = False
        for leg in legs:
            there = known.get((leg.source_id, leg.reference))
            waiting = self._waiting.get((leg.source_id, leg.reference))
            if there is None and waiting is None:
                new.append(leg)
                continue
            _same(leg, there or waiting)
            repeated = repeated or there is None
        for leg in new:  # every leg is judged before anything is created for one of them
            item = self._job.catalogue.item(leg.row.item)
            self._job.base_quantity(leg.row.measure, item, leg.row.item)
        if not new:
            self._tally.known += 1
            self._tally.repeated += repeated
            return
        for leg in new:
            facts, quantity = self._job.item(leg.row.item, leg.row.measure)
            self._job.location(leg.row.location)
            self._waiting[leg.source_id, leg.reference] = leg.told
            self._staged.append(_Staged(leg, facts, quantity))
        self._tally.added += 1

    def _append(self) -> None:
        job = self._job
        job.catalogue.flush()
        parts = [
            (entry.item.id, job.location_id(entry.leg.row.location), entry.leg.row.lot, entry.leg.row.status)
            for entry in self._staged
        ]
        keys = job.keys.resolve(parts)
        movements = [
            ledger.NewMovement(
                keys[key],
                entry.quantity,
                entry.leg.told.kind,
                entry.leg.told.occurred_at,
                entry.leg.told.recorded_at,
                entry.leg.source_id,
                entry.leg.reference,
                entry.leg.row.time_basis.value,
                entry.leg.told.document,
                entry.leg.told.document_line,
                entry.leg.told.user,
                entry.leg.told.entered_quantity,
                entry.leg.told.entered_unit,
                entry.leg.told.override,
                None,
                self._import_id,
            )
            for entry, key in zip(self._staged, parts, strict=True)
        ]
        job.touched |= ledger.append(job.work.connection, movements, take_in=False).keys
        job.references.appended({entry.leg.source_id for entry in self._staged})
        self._staged.clear()
        self._waiting.clear()


def _same(leg: _Leg, there: Known | None) -> None:
    """Raise DomainError ``reference-differs`` (``names``: what differs) unless both say the same."""
    assert there is not None
    if there == leg.told:
        return
    names = [name for name, old, new in zip(Known._fields, there, leg.told, strict=True) if old != new]
    if leg.row.time_basis is TimeBasis.FILE_ORDER:  # such times are those of the import
        names = [name for name in names if name not in ("occurred_at", "recorded_at")]
    if names:
        raise DomainError(
            "reference-differs",
            field="movement_id",
            value=leg.reference,
            reference=leg.reference,
            names=tuple(name.replace("_", " ") for name in names),
        )
