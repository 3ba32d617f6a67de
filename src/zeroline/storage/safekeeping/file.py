"""The half of a SQLite file: copied while others work, and gone through from end to end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from zeroline.domain.audit import AuditEntry, Verdict, verify
from zeroline.domain.backup import Watch
from zeroline.domain.errors import Cancelled, Trouble
from zeroline.storage.driver import how_to_read
from zeroline.storage.engine import translated
from zeroline.storage.migrate import APPLICATION_ID

_OFTEN = 200_000
"""Steps of SQLite's machine between two looks at whether to go on, some milliseconds."""

_ENTRIES = (
    """SELECT seq, at, person_id, action, subject, facts, previous, hash FROM audit_entry ORDER BY seq"""
)


class Found(NamedTuple):
    """What a database holds: its schema revision, the chain as walked, rows by table, the ledger's sums."""

    revision: str
    chain: Verdict
    tables: dict[str, int]
    movements: int
    moved: int


@contextmanager
def _watched(
    connection: sqlite3.Connection, look: Watch, step: str, size: Path | None = None, of: int = 0
) -> Iterator[None]:
    """Look whether to go on while a statement runs; raises Cancelled."""
    stopped = False

    def handler() -> int:
        nonlocal stopped
        try:
            look(min(size.stat().st_size, of) if size is not None else 0, of, step)
        except Cancelled:
            stopped = True
        return int(stopped)

    connection.set_progress_handler(handler, _OFTEN)
    try:
        yield
    except sqlite3.OperationalError:
        if stopped:
            raise Cancelled from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def copy(source: Path, into: Path, watch: Watch) -> None:
    """One state of the database into an empty file, while others read and write. Raises Trouble."""
    of = source.stat().st_size
    with (
        translated(),
        closing(sqlite3.connect(source.absolute().as_uri() + how_to_read(source), uri=True)) as connection,
        _watched(connection, watch, "copy", into, of),
    ):
        watch(0, of, "copy")
        connection.execute("VACUUM INTO ?", (str(into),))


def examine(file: Path, watch: Watch) -> Found:
    """Go through a copy that nobody else has open: every page, every audit entry, every table.

    Raises Trouble ``database-damaged`` (detail), ``database-foreign``, ``database-not-a-database``.
    """
    with (
        translated(),
        closing(sqlite3.connect(file.absolute().as_uri() + "?mode=ro&immutable=1", uri=True)) as connection,
    ):
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if application != APPLICATION_ID or not {"alembic_version", "audit_entry", "movement"} <= set(names):
            raise Trouble("database-foreign")
        with _watched(connection, watch, "check"):
            (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if sound != "ok":
                raise Trouble("database-damaged", detail=str(sound))
            (revision,) = connection.execute("SELECT MAX(version_num) FROM alembic_version").fetchone()
            (last,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM audit_entry").fetchone()
            chain = verify(_told(connection.execute(_ENTRIES), int(last), watch))
            tables = {
                name: int(connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0])
                for name in sorted(names)
                if not name.startswith("sqlite_")
            }
            whole, rest = connection.execute(
                "SELECT COALESCE(SUM(quantity / 1000000), 0), COALESCE(SUM(quantity % 1000000), 0)"
                " FROM movement"
            ).fetchone()
    return Found(str(revision), chain, tables, tables["movement"], int(whole) * 1_000_000 + int(rest))


def _told(rows: sqlite3.Cursor, last: int, watch: Watch) -> Iterator[AuditEntry]:
    for number, row in enumerate(rows):
        if number % 2000 == 0:
            watch(number, max(last, number), "check")
        yield AuditEntry(*row)


def entries(file: Path) -> Iterator[AuditEntry]:
    """The audit trail of a copy, in order."""
    address = file.absolute().as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield from (AuditEntry(*row) for row in connection.execute(_ENTRIES))
