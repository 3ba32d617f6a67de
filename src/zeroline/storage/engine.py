"""One database, opened: connections for reading, units of work for writing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.instant import SECOND, Clock
from zeroline.storage.unit_of_work import UnitOfWork

__all__ = ["Connection", "Database"]

PREFIX = "zeroline:"
"""A trigger's refusal begins so; the word up to the next colon is the DomainError code."""

LOG_PAGES = 32_000
"""The log is written back into the file when it holds so many pages, 128 MB. A thousand movements change some
2,200 pages all over the file: the longer the log, the more of them are written back once instead of again and
again, and the better they lie for the disk. Opening after a crash reads the log once, a fraction of a second.
"""


class Database:
    """An inventory database. Read side: :meth:`read`; write side: :meth:`write`, one writer at a time.

    ``read_only`` opens an existing file without ever writing to it; ``patience`` is how long a write waits
    for another program's, µs. Raises Trouble ``database-url`` for an address that is not a SQLite file;
    every read and write raises Trouble for the surroundings (locked, full, read-only, damaged) and
    DomainError for a rule that the database itself refused.
    """

    def __init__(
        self, url: str, clock: Clock, *, read_only: bool = False, patience: int = 15 * SECOND
    ) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise Trouble("database-url", url=url) from error
        name = self.url.database
        if self.url.get_backend_name() != "sqlite" or not name or name == ":memory:":
            raise Trouble("database-url", url=url)
        self.path = Path(name)
        self.clock = clock
        self.read_only = read_only
        self.engine = _sqlite_engine(self.path, read_only, patience)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads all see one state of the database; nothing it writes is kept."""
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, person_id: int = 0) -> Iterator[UnitOfWork]:
        """A unit of work as ``person_id`` (0: the program): rolled back unless ``commit()`` was called."""
        with (
            translated(),
            self.engine.connect().execution_options(zeroline_write=True) as connection,
            connection.begin() as transaction,
        ):
            work = UnitOfWork(connection, person_id, self.clock())
            yield work
            if not work.committed:
                transaction.rollback()

    def dispose(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


def _sqlite_engine(path: Path, read_only: bool, patience: int) -> Engine:
    address = path.absolute().as_uri()

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(
            address + how_to_read(path) if read_only else address,
            uri=True,
            timeout=patience / SECOND,
            check_same_thread=False,
            isolation_level=None,  # BEGIN is ours: immediate for writers
        )

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA recursive_triggers = ON")  # or INSERT OR REPLACE deletes in silence
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA cache_size = -65536")
        if not read_only:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("zeroline_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def how_to_read(path: Path) -> str:
    """Where no file can be put beside the database, it can only be read as one that nobody is writing."""
    log = path.with_name(path.name + "-wal")
    alone = not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    return "?mode=ro&immutable=1" if alone else "?mode=ro"


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises inside into DomainError or Trouble, as :func:`told`."""
    try:
        yield
    except DBAPIError as error:
        raise told(error.orig, error) from error
    except sqlite3.Error as error:
        raise told(error, error) from error


_TROUBLE = {
    sqlite3.SQLITE_BUSY: "database-locked",
    sqlite3.SQLITE_LOCKED: "database-locked",
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_READONLY: "database-read-only",
    sqlite3.SQLITE_CORRUPT: "database-damaged",
    sqlite3.SQLITE_NOTADB: "database-not-a-database",
    sqlite3.SQLITE_CANTOPEN: "database-cannot-open",
    sqlite3.SQLITE_IOERR: "database-io",
    sqlite3.SQLITE_PERM: "database-read-only",
}


def told(cause: BaseException | None, error: Exception) -> Exception:
    """The DomainError or Trouble behind a driver's error, or the error itself if it is our own bug."""
    text = str(cause)
    start = text.find(PREFIX)
    if start >= 0:
        code, _, detail = text[start + len(PREFIX) :].partition(":")
        return DomainError(code.strip(), detail=detail.strip())
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None and (number & 0xFF) in _TROUBLE:
        return Trouble(_TROUBLE[number & 0xFF], detail=text)
    return error
