"""News of what other workstations wrote: what they touched, who did it and what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import Any

from zeroline.domain.changes import Changes, Heard
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import SECOND
from zeroline.domain.person import PROGRAM
from zeroline.storage.driver import File, Plain, Texts

OFTEN = SECOND // 5
"""µs between two looks at a file: one PRAGMA, which reads a few bytes of shared memory."""

MOST = 200
"""More entries than this at once are told as one: everything."""

_EVERYTHING = Changes(everything=True)


class FileNews:
    """:class:`~zeroline.domain.changes.News` of a SQLite file.

    ``PRAGMA data_version`` changes whenever another connection has committed.
    """

    def __init__(self, file: File, often: int = OFTEN) -> None:
        self._file = file
        self._often = often
        self._connection: sqlite3.Connection | None = None
        self._stopped = Event()
        self._version: int | None = None
        self._seq: int | None = None
        self._present: frozenset[Any] = frozenset()
        self._own: set[int] = set()
        self._lock = Lock()

    # what this program writes itself

    def expect(self, entries: range) -> None:
        """These audit entries are about to be committed by this program itself."""
        with self._lock:
            self._own.update(entries)

    def give_up(self, entries: range) -> None:
        """They were not committed: their numbers may become somebody else's."""
        with self._lock:
            self._own.difference_update(entries)

    # what others write

    def begin(self) -> None:
        """As :meth:`~zeroline.domain.changes.News.begin`."""
        with self._told():
            self._open()

    def wait(self, timeout: int) -> Sequence[Heard]:
        """As :meth:`~zeroline.domain.changes.News.wait`."""
        left = timeout
        while not self._stopped.is_set():
            heard = self._look()
            if heard or left <= 0:
                return heard
            self._stopped.wait(min(self._often, left) / SECOND)
            left -= self._often
        return ()

    def stop(self) -> None:
        """As :meth:`~zeroline.domain.changes.News.stop`."""
        self._stopped.set()

    def close(self) -> None:
        """As :meth:`~zeroline.domain.changes.News.close`."""
        connection, self._connection = self._connection, None
        self._version = None
        if connection is not None:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._file.connection()
            if self._seq is None:
                texts = Plain(self._connection)
                self._version = self._connection.execute("PRAGMA data_version").fetchone()[0]
                self._seq, self._present = last(texts), present(texts)
        return self._connection

    def _look(self) -> Sequence[Heard]:
        with self._told():
            connection = self._open()
            version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version == self._version:
                return ()
            connection.execute("BEGIN")
            try:
                heard = self._read(Plain(connection))
            finally:
                connection.execute("ROLLBACK")
            self._version = version
            return heard

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the driver raises inside as Trouble; the connection is made anew after it."""
        try:
            yield
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self.close()
            from zeroline.storage.engine import told

            raise told(error, Trouble("database-io", detail=str(error))) from error

    def _read(self, texts: Texts) -> Sequence[Heard]:
        now, here = last(texts), present(texts)
        with self._lock:
            own = frozenset(self._own)
            self._own = {seq for seq in self._own if seq > now}
        heard = list(heard_between(texts, self._seq or 0, now, own))
        if here != self._present:
            heard.append(Heard(came_or_went(here ^ self._present)))
        elif here and now == self._seq:  # a heartbeat, or somebody who came and went since the last look
            heard.append(Heard(came_or_went(here)))
        self._seq, self._present = now, here
        return heard


def last(connection: Texts) -> int:
    """Sequence of the last audit entry; 0 while there is none."""
    return int(connection.exec_driver_sql("SELECT COALESCE(MAX(seq), 0) FROM audit_entry").scalar())


def present(connection: Texts) -> frozenset[tuple[int, str, str]]:
    """Who has what open where: (person, workstation, subject)."""
    sql = "SELECT person_id, workstation, subject FROM presence"
    return frozenset((row[0], row[1], row[2]) for row in connection.exec_driver_sql(sql).fetchall())


def came_or_went(places: frozenset[tuple[int, str, str]]) -> Changes:
    """Cases that somebody opened or left."""
    numbers = (subject.removeprefix("case ") for *_, subject in places)
    return Changes(presence=frozenset(int(number) for number in numbers if number.isdecimal()))


_ENTRIES = """
SELECT a.seq, a.person_id, p.name, a.action, a.subject, a.facts, a.at
FROM audit_entry a LEFT JOIN person p ON p.id = a.person_id
WHERE a.seq > ? AND a.seq <= ? ORDER BY a.seq
"""


def heard_between(connection: Texts, after: int, upto: int, own: frozenset[int]) -> Sequence[Heard]:
    """The audit entries after one sequence up to another as news, without those of ``own``."""
    if upto - after - len(own) > MOST:
        return (Heard(_EVERYTHING),)
    rows = connection.exec_driver_sql(_ENTRIES, (after, upto)).fetchall()
    return tuple(
        Heard(
            touched(connection, subject, facts),
            person_id,
            name or PROGRAM.name,
            action,
            subject,
            at,
        )
        for seq, person_id, name, action, subject, facts, at in rows
        if seq not in own
    )


def touched(connection: Texts, subject: str, facts: str = "{}") -> Changes:
    """What an audit entry about ``subject`` may have changed: rather too much than too little."""
    kind, _, number = subject.rpartition(" ")
    if subject == "cases":  # many at once, listed
        listed = json.loads(facts).get("cases")
        return _EVERYTHING if not isinstance(listed, list) else _cases(connection, listed)
    if not number.isdecimal():
        return Changes(imports=frozenset((0,))) if kind.startswith("mapping") else _EVERYTHING
    id = int(number)
    one = frozenset((id,))
    match kind:
        case "case":
            return _cases(connection, [id])
        case "adjustment":
            sql = "SELECT key_id, case_id FROM adjustment WHERE id = ?"
            rows = connection.exec_driver_sql(sql, (id,)).fetchall()
            return Changes(adjustments=one) | _of(rows)
        case "count sheet":
            sql = "SELECT key_id, case_id FROM count_line WHERE sheet_id = ?"
            return Changes(counts=one) | _of(connection.exec_driver_sql(sql, (id,)).fetchall())
        case "count line":
            sql = "SELECT key_id, case_id, sheet_id FROM count_line WHERE id = ?"
            rows = connection.exec_driver_sql(sql, (id,)).fetchall()
            return Changes(counts=frozenset(row[2] for row in rows)) | _of(rows)
        case "person":
            return Changes(people=one)
        case "policy":
            return Changes(policy=one)
        case "view":
            return Changes(views=one)
        case "letter":
            return Changes(alerts=one)
        case _:  # import, site, ledger, and what is not known here
            return _EVERYTHING


def _cases(connection: Texts, ids: Sequence[int]) -> Changes:
    sql = (
        "SELECT key_id, id FROM stock_case WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
        "ORDER BY id"
    )
    return _of(connection.exec_driver_sql(sql, (json.dumps(list(ids)),)).fetchall())


def _of(rows: Sequence[Any]) -> Changes:
    """Stock keys and cases of rows that begin with them."""
    return Changes(
        ledger=frozenset(row[0] for row in rows),
        cases=frozenset(row[1] for row in rows if row[1] is not None),
    )
