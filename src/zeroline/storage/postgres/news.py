"""News of a server: LISTEN on a connection of its own, told by the audit trail and by who opens what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any

import psycopg

from zeroline.domain.changes import Changes, Heard
from zeroline.domain.instant import SECOND
from zeroline.storage.dialect import to_postgres
from zeroline.storage.news import MOST, came_or_went, heard_between, last
from zeroline.storage.postgres.functions import CHANNEL
from zeroline.storage.postgres.server import Server, told

OFTEN = SECOND // 5
"""µs after which a wait looks whether it is still wanted."""


class ServerNews:
    """:class:`~zeroline.domain.changes.News` of a PostgreSQL server.

    A committed write is heard within milliseconds. What this program's own connections do is no news. Who may
    not read the audit trail hears that something changed, and not what. While nobody is signed in nothing is
    heard; after a lost connection what was missed comes first.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: psycopg.Connection[Any] | None = None
        self._as: str | None = None
        self._stopped = Event()
        self._seq: int | None = None

    def begin(self) -> None:
        """As :meth:`~zeroline.domain.changes.News.begin`."""
        if self._server.url.username is not None:
            with self._told():
                self._listen()

    def wait(self, timeout: int) -> Sequence[Heard]:
        """As :meth:`~zeroline.domain.changes.News.wait`."""
        left = timeout
        while not self._stopped.is_set():
            if self._server.url.username is None:
                self.close()
                self._stopped.wait(min(OFTEN, left) / SECOND)
            else:
                with self._told():
                    heard = self._look(min(OFTEN, left))
                if heard:
                    return heard
            left -= OFTEN
            if left <= 0:
                break
        return ()

    def stop(self) -> None:
        """As :meth:`~zeroline.domain.changes.News.stop`."""
        self._stopped.set()

    def close(self) -> None:
        """As :meth:`~zeroline.domain.changes.News.close`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the driver raises inside as Trouble; the connection is made anew after it."""
        try:
            yield
        except psycopg.Error as error:
            self.close()
            raise told(error, error) from error

    def _look(self, timeout: int) -> Sequence[Heard]:
        if self._connection is not None and self._as != self._server.url.username:
            self.close()
            self._seq = None
        if self._connection is None:
            missed = self._listen()
            if missed:
                return missed
        assert self._connection is not None
        notes = list(self._connection.notifies(timeout=timeout / SECOND, stop_after=1))
        notes += self._connection.notifies(timeout=0)
        if sum(note.pid not in self._server.pids for note in notes) > MOST:
            self._missed()
            return (Heard(Changes(everything=True)),)
        heard: list[Heard] = []
        for note in notes:
            kind, _, rest = note.payload.partition(" ")
            if note.pid in self._server.pids:
                if kind.isdecimal():
                    self._seq = int(kind)
            elif kind == "presence":
                heard.append(Heard(came_or_went(frozenset([(0, "", rest)]))))
            elif kind.isdecimal():
                heard += self._read(int(kind), rest)
        return heard

    def _listen(self) -> Sequence[Heard]:
        """Begin to listen; what was written since the last time."""
        connection = self._server.connection()
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        self._connection, self._as = connection, self._server.url.username
        return self._missed()

    def _missed(self) -> Sequence[Heard]:
        """What was written between two connections."""
        before, texts = self._seq, _Texts(self._connection)
        try:
            self._seq = last(texts)
        except psycopg.errors.InsufficientPrivilege:
            return (Heard(Changes(everything=True)),) if before is not None else ()
        return () if before is None else heard_between(texts, before, self._seq, frozenset())

    def _read(self, seq: int, rest: str) -> Sequence[Heard]:
        self._seq = seq
        try:
            return heard_between(_Texts(self._connection), seq - 1, seq, frozenset())
        except psycopg.errors.InsufficientPrivilege:
            person = rest.partition(" ")[0]
            return (Heard(Changes(everything=True), int(person) if person.isdecimal() else 0),)


class _Texts:
    """SQL as text over a connection of psycopg."""

    def __init__(self, connection: psycopg.Connection[Any] | None) -> None:
        assert connection is not None
        self._connection = connection

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> _Rows:
        """Carry out one statement."""
        return _Rows(self._connection.execute(to_postgres(statement), parameters or ()))


class _Rows:
    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    def __iter__(self) -> Any:
        return iter(self._cursor)

    def fetchall(self) -> Sequence[Any]:
        return self._cursor.fetchall()

    def first(self) -> Any:
        return self._cursor.fetchone()

    def scalar(self) -> Any:
        row = self._cursor.fetchone()
        return None if row is None else row[0]
