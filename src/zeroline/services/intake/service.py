"""The verbs of intake."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from zeroline.domain.changes import Changes
from zeroline.domain.errors import Cancelled, DomainError
from zeroline.domain.incoming import Problem, RecordKind, RecordSource
from zeroline.domain.person import Person, Right, require
from zeroline.domain.quantity import LARGEST, SCALE
from zeroline.domain.views.intake import FileResult, ImportResult, ImportRun, Rejects, SavedMapping
from zeroline.services.intake.loading import Import, Loader, Tally
from zeroline.services.intake.masters import ItemLoader, LocationLoader
from zeroline.services.intake.movements import MovementLoader
from zeroline.services.intake.surroundings import BalanceLoader, DocumentLoader, ReservationLoader
from zeroline.storage import casework, listing, people
from zeroline.storage import intake as storage
from zeroline.storage.engine import Database
from zeroline.storage.unit_of_work import UnitOfWork

Progress: TypeAlias = Callable[[int, int], None]
"""Is told rows done and an estimate of all rows, at least every 5,000 rows."""

SHOWN_PROBLEMS = 200
_DOUBTFUL = 10**9 * SCALE
_BEYOND_SUMS = {
    "balance-too-large": "import-sum-too-large",
    "episode-too-large": "import-shortfall-too-large",
}


_MANY = 500
"""Stock keys of one import after which the database is asked to look at how much it holds now."""


class Intake:
    """Loads sources into the database and answers what came of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(
        self,
        actor: Person,
        sources: RecordSource | Sequence[RecordSource],
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> ImportResult:
        """Take every good row of the sources, in order, in one write; list every other row with its reason.

        Master data, movements, openings and balances of one import belong together: cases are looked at once,
        when all of it is in. Raises Cancelled when ``cancelled()`` answers True (asked every few thousand
        rows), DomainError ``not-allowed``, ``import-sum-too-large`` or ``import-shortfall-too-large``
        (``item``, ``location``), and what a source raises when nothing of it can be read; in every case
        nothing was kept.
        """
        require(actor, Right.IMPORT)
        chosen = [sources] if not isinstance(sources, Sequence) else list(sources)
        if not chosen:
            raise DomainError("import-nothing")
        try:
            return self._load(actor, chosen, LARGEST, progress, cancelled)
        except DomainError as error:
            if error.code not in _BEYOND_SUMS.values():
                raise
        # Some quantity is far off. Rows with such quantities are left out, rather than every row.
        return self._load(actor, chosen, _DOUBTFUL, progress, cancelled)

    def _load(
        self,
        actor: Person,
        chosen: Sequence[RecordSource],
        largest: int,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> ImportResult:
        with _collecting_rarely(), self._database.write(actor.id) as work, _placed(work):
            people.require(work, Right.IMPORT)
            job = Import(work, largest)
            watch = _Watch(len(chosen), progress, cancelled)
            files = [_load_file(job, source, watch) for source in chosen]
            casework.sync(work, sorted(job.touched), job.surrounded)
            everything = (
                any(file.kind not in (RecordKind.MOVEMENTS, RecordKind.OPENINGS) for file in files)
                or len(job.touched) > 10_000
            )
            work.changed(
                ledger=job.touched, imports={file.import_id for file in files}, everything=everything
            )
            if len(job.touched) > _MANY:
                work.refresh_statistics()
            return ImportResult(
                tuple(files),
                tuple(job.catalogue.created_items),
                tuple(job.catalogue.created_locations),
                work.commit(),
            )

    def runs(self) -> tuple[ImportRun, ...]:
        """Imports, newest first."""
        with self._database.read() as connection:
            return storage.runs(connection)

    def rejects(self, import_id: int) -> Rejects:
        """The rejected rows of one import; raises DomainError ``import-unknown``."""
        with self._database.read() as connection:
            return storage.rejects(connection, import_id)

    # --- saved mappings

    def mappings(self) -> tuple[SavedMapping, ...]:
        """Saved mappings by name."""
        with self._database.read() as connection:
            return storage.saved_mappings(connection)

    def save_mapping(self, actor: Person, name: str, toml: str) -> Changes:
        """Keep a mapping under a name, in place of one that was there.

        Raises DomainError ``not-allowed``, ``mapping-name-missing``.
        """
        require(actor, Right.IMPORT)
        name = name.strip()
        if not name:
            raise DomainError("mapping-name-missing", field="name")
        with self._database.write(actor.id) as work:
            people.require(work, Right.IMPORT)
            storage.save_mapping(work, name, toml)
            work.audit("mapping saved", f"mapping {name}")
            work.changed(imports={0})
            return work.commit()

    def delete_mapping(self, actor: Person, name: str) -> Changes:
        """Forget a saved mapping. Raises DomainError ``not-allowed``, ``mapping-unknown``."""
        require(actor, Right.IMPORT)
        with self._database.write(actor.id) as work:
            people.require(work, Right.IMPORT)
            if not storage.delete_mapping(work, name):
                raise DomainError("mapping-unknown", name=name)
            work.audit("mapping deleted", f"mapping {name}")
            work.changed(imports={0})
            return work.commit()


@contextmanager
def _placed(work: UnitOfWork) -> Iterator[None]:
    """Name the item and the location where sums leave what can be computed."""
    try:
        yield
    except DomainError as error:
        if error.code not in _BEYOND_SUMS:
            raise
        key = listing.key_codes(work.connection, [error.fields["key"]])[error.fields["key"]]
        raise DomainError(_BEYOND_SUMS[error.code], item=key.item, location=key.location) from error


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Rows make many objects and hardly a cycle: looking for cycles as usual is a third of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Watch:
    """Tells progress over all files and asks whether to go on; raises Cancelled when not."""

    def __init__(self, files: int, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._files = files
        self._progress = progress
        self._cancelled = cancelled
        self._ended = 0
        self._rows = 0
        self.reached(0, 0.0)

    def reached(self, rows: int, share: float) -> None:
        """So many more rows were loaded; ``share`` of the present file, 0 to 1."""
        self._rows += rows
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if self._progress is not None:
            overall = min(1.0, (self._ended + share) / self._files)
            self._progress(self._rows, max(self._rows, round(self._rows / overall) if overall else 0))

    def ended(self) -> None:
        """The present file is at its end."""
        self._ended += 1
        self.reached(0, 0.0)


def _load_file(job: Import, source: RecordSource, watch: _Watch) -> FileResult:
    work = job.work
    job.catalogue.time_zone = source.time_zone
    import_id = storage.start_run(work, source)
    tally = Tally()
    loader = _loader(job, source, tally, import_id)
    problems: list[Problem] = []
    rejected = 0
    for batch in source.batches():
        tally.read += batch.read
        tally.skipped += batch.skipped
        tally.known += batch.repeated
        tally.repeated += batch.repeated
        tally.problems += batch.problems
        loader.take(batch.records)
        rejected += _store(work, import_id, tally, problems)
        watch.reached(batch.read, batch.share)
    loader.finish()
    watch.ended()
    rejected += _store(work, import_id, tally, problems)
    result = FileResult(
        import_id,
        source.kind,
        source.file_name,
        tally.read,
        tally.added,
        tally.changed,
        tally.known,
        tally.repeated,
        tally.skipped,
        rejected,
        tuple(problems),
    )
    storage.finish_run(work, result, source.header)
    work.audit(
        "file imported",
        f"import {import_id}",
        kind=source.kind.value,
        file=source.file_name,
        sha256=source.sha256,
        read=result.read,
        added=result.added,
        changed=result.changed,
        known=result.known,
        skipped=result.skipped,
        rejected=result.rejected,
    )
    return result


def _store(work: UnitOfWork, import_id: int, tally: Tally, shown: list[Problem]) -> int:
    """Write the rejected rows so far, remember the first of them for the result, answer how many."""
    count = len(tally.problems)
    tally.problems.sort(key=lambda found: found.row)
    storage.store_problems(work.connection, import_id, tally.problems)
    shown.extend(tally.problems[: max(0, SHOWN_PROBLEMS - len(shown))])
    tally.problems.clear()
    return count


def _loader(job: Import, source: RecordSource, tally: Tally, import_id: int) -> Loader:
    kind = source.kind
    if kind is RecordKind.BALANCES or (kind is RecordKind.OPENINGS and source.derive):
        return BalanceLoader(job, tally, import_id, combine=source.combine, derive=source.derive)
    if kind in (RecordKind.MOVEMENTS, RecordKind.OPENINGS):
        return MovementLoader(job, tally, import_id)
    if kind is RecordKind.ITEMS:
        return ItemLoader(job, tally)
    if kind is RecordKind.LOCATIONS:
        return LocationLoader(job, tally)
    return DocumentLoader(job, tally) if kind is RecordKind.DOCUMENTS else ReservationLoader(job, tally)
