"""SQL as text over the driver alone: what the first picture waits for must not wait for SQLAlchemy too.

A function over ``Texts`` runs on a connection of either kind, so each query is written once. A database whose
driver is not here (:meth:`Database.read_plain <zeroline.storage.engine.Database.read_plain>`) hands out its
ordinary connections instead.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from zeroline.domain.errors import Trouble
from zeroline.domain.instant import SECOND

LOG_PAGES = 64_000
"""The log is written back into the file when it holds so many pages, 128 MB of a new file. A thousand
movements change some 2,100 pages all over the file: the longer the log, the more of them are written back
once instead of again and again, and the better they lie for the disk. Opening after a crash reads the log
once, a fraction of a second.
"""

PAGE = 2_048
"""Bytes a page of a new file: half of what is usual. A movement changes a few bytes on each of two or three
pages anywhere in the file, and every page it changes is written as a whole: a commit costs a third less.
"""


class Answer(Protocol):
    """The rows of one statement."""

    def __iter__(self) -> Iterator[Any]: ...

    def fetchall(self) -> Sequence[Any]:
        """All rows."""

    def first(self) -> Any:
        """The first row, or None."""

    def scalar(self) -> Any:
        """The first column of the first row, or None."""


class Texts(Protocol):
    """A connection that carries out SQL as text: SQLAlchemy's, or the driver's own."""

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Answer:
        """Carry out one statement."""


class Plain:
    """A connection of the driver, in a transaction, for SQL as text."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Answer:
        """Carry out one statement."""
        return _Rows(self._connection.execute(statement, () if parameters is None else parameters))


UPKEPT = ("presence", "alert", "alert_occasion", "letter")
"""Tables whose rows are no evidence, only who was told of it: written without an audit entry."""

_UPKEEP = re.compile(rf"\s*(INSERT INTO|UPDATE|DELETE FROM) ({'|'.join(UPKEPT)})\b")


class Upkeep:
    """A connection in a transaction that writes to nothing but ``UPKEPT`` (RuntimeError otherwise)."""

    def __init__(self, connection: Texts) -> None:
        self._connection = connection

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Answer:
        """Carry out one statement."""
        if not _UPKEEP.match(statement):
            raise RuntimeError(f"what is written without an audit entry goes to {', '.join(UPKEPT)} only")
        return self._connection.exec_driver_sql(statement, parameters)


class _Rows:
    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def fetchall(self) -> Sequence[Any]:
        return self._cursor.fetchall()

    def first(self) -> Any:
        row = self._cursor.fetchone()
        self._cursor.close()
        return row

    def scalar(self) -> Any:
        row = self.first()
        return None if row is None else row[0]


class File:
    """A SQLite file and its idle connections, each set up alike whoever uses it next.

    ``patience`` is how long a write waits for another program's, µs. Nothing is opened before it is used.
    """

    def __init__(self, path: Path, read_only: bool, patience: int) -> None:
        self._path = path
        self._read_only = read_only
        self._patience = patience
        self._idle: list[sqlite3.Connection] = []
        self._closings = 0

    def connection(self) -> sqlite3.Connection:
        """A connection that nobody uses, or a new one; outside a transaction, for any thread."""
        with suppress(IndexError):
            return self._idle.pop()
        if not self._read_only:
            _check_writable(self._path)
        address = self._path.absolute().as_uri()
        opened = sqlite3.connect(
            address + how_to_read(self._path) if self._read_only else address,
            uri=True,
            timeout=self._patience / SECOND,
            check_same_thread=False,
            isolation_level=None,  # BEGIN is ours: immediate for writers
        )
        try:
            self._set_up(opened)
        except BaseException:
            opened.close()
            raise
        return opened

    def _set_up(self, opened: sqlite3.Connection) -> None:
        opened.execute(f"PRAGMA page_size = {PAGE}")  # a file that is there keeps its own
        opened.execute("PRAGMA foreign_keys = ON")
        opened.execute("PRAGMA recursive_triggers = ON")  # or INSERT OR REPLACE deletes in silence
        opened.execute("PRAGMA synchronous = FULL")
        opened.execute("PRAGMA cache_size = -65536")
        if not self._read_only:
            opened.execute("PRAGMA temp_store = MEMORY")  # what a guard may undo: thousands of writes else
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")

    @contextmanager
    def begun(self, how: str) -> Iterator[sqlite3.Connection]:
        """A connection inside the transaction that ``how`` begins; what is not committed is rolled back."""
        connection, closings = self.connection(), self._closings
        try:
            connection.execute(how)
            yield connection
        finally:
            try:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            except sqlite3.Error:
                connection.close()
                raise
            if closings == self._closings:
                self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close the idle connections now, and those in use when they come back."""
        self._closings += 1
        while self._idle:
            self._idle.pop().close()


def how_to_read(path: Path) -> str:
    """Where no file can be put beside the database, it can only be read as one that nobody is writing."""
    log = path.with_name(path.name + "-wal")
    alone = not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    return "?mode=ro&immutable=1" if alone else "?mode=ro"


def _check_writable(path: Path) -> None:
    """Raises Trouble ``database-read-only`` where the file or its folder may only be read: SQLite, which has
    to put its log beside the file, would say no more than that it cannot open it."""
    if path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise Trouble("database-read-only", detail=str(path))
