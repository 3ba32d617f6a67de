"""The file that is moved, held in one state: its trail, its guards, its people, its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zeroline.domain.audit import GENESIS, AuditEntry, verify
from zeroline.domain.errors import DomainError
from zeroline.domain.views.moving import Watch
from zeroline.storage import guard
from zeroline.storage.driver import Texts
from zeroline.storage.engine import Database
from zeroline.storage.postgres.moving.table import CARRIED, Carried, Kind, Row

_AS_IT_LIES = """SELECT seq, at, person_id, CAST(action AS BLOB), CAST(subject AS BLOB), CAST(facts AS BLOB),
    CAST(previous AS BLOB), CAST(hash AS BLOB) FROM audit_entry ORDER BY seq"""
_OFTEN = 2_000


def head(connection: Texts) -> str:
    """Where the trail ends: ``17:ab12…``."""
    last = connection.exec_driver_sql("SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1").first()
    seq, digest = last or (0, GENESIS)
    return f"{seq}:{digest}"


def stands(connection: Texts, wanted: str) -> bool:
    """Whether the trail holds the entry of a head."""
    seq, _, digest = wanted.partition(":")
    if (seq, digest) == ("0", GENESIS):
        return True
    row = connection.exec_driver_sql("SELECT hash FROM audit_entry WHERE seq = ?", (int(seq),)).first()
    return row is not None and row[0] == digest


def check_unchanged(source: Database, expected: str) -> None:
    """DomainError ``move-source-changed`` unless the trail still ends at ``expected``."""
    with source.read_plain() as connection:
        if head(connection) != expected:
            raise DomainError("move-source-changed", path=source.name)


def check_whole(source: Database, connection: Texts, watch: Watch) -> None:
    """Walk the trail; DomainError ``move-source-broken`` (seq) or ``move-source-guards`` (guards)."""
    wrong = guard.missing(connection)
    if wrong:
        raise DomainError("move-source-guards", path=source.name, guards=wrong)
    of = int(head(connection).partition(":")[0])
    verdict = verify(_entries(connection, of, watch))
    if verdict.fault:
        raise DomainError("move-source-broken", path=source.name, seq=verdict.fault_seq)


def _entries(connection: Texts, of: int, watch: Watch) -> Iterator[AuditEntry]:
    for number, row in enumerate(connection.exec_driver_sql(_AS_IT_LIES)):
        if number % _OFTEN == 0:
            watch(number, of, "check", "audit_entry")
        yield AuditEntry(*map(_text, row))


def _text(cell: Any) -> Any:
    return cell.decode("utf-8", "surrogateescape") if isinstance(cell, bytes) else cell


def sizes(connection: Texts) -> dict[str, int]:
    """Rows of each table that is carried."""
    tables = " UNION ALL ".join(f"SELECT '{one.name}', COUNT(*) FROM \"{one.name}\"" for one in CARRIED)
    return dict(connection.exec_driver_sql(tables).fetchall())


def people(connection: Texts) -> tuple[tuple[int, str, str], ...]:
    """Id, login and role of everybody who may sign in."""
    rows = connection.exec_driver_sql("SELECT id, login, role FROM person WHERE active ORDER BY login")
    return tuple((row[0], row[1], row[2]) for row in rows)


def rows(connection: Texts, table: Carried, after: Row | None, limit: int) -> Iterator[Row]:
    """Rows behind a key in its order. Raises DomainError ``move-unfit`` for a text that is none."""
    query = table.query("?", after is not None, blank=True)
    with _readable(connection, table, after, limit):
        yield from table.plain(connection.exec_driver_sql(query, (*(after or ()), limit)))


@contextmanager
def _readable(connection: Texts, table: Carried, after: Row | None, limit: int) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
        check_fit(connection, table, after, limit)
        raise


def check_fit(connection: Texts, table: Carried, after: Row | None, limit: int) -> None:
    """Look through rows for what a server does not take: DomainError ``move-unfit`` (table, row, column).

    That is a text with a NUL in it or that is no UTF-8, and anything in a column of another kind, which only
    ever gets into a file past the program.
    """
    columns = ", ".join(f'typeof("{name}"), CAST("{name}" AS BLOB)' for name in table.columns)
    key = ", ".join(f'"{table.columns[place]}"' for place in table.key)
    marks = ", ".join("?" for _ in table.key)
    behind = "" if after is None else f" WHERE ({key}) > ({marks})"
    query = f'SELECT {columns} FROM "{table.name}"{behind} ORDER BY {key} LIMIT ?'
    for row in connection.exec_driver_sql(query, (*(after or ()), limit)):
        cells = list(zip(row[::2], row[1::2], strict=True))
        for name, (kind, content) in zip(table.columns, cells, strict=True):
            if not _fits(table.kinds[name], kind, content):
                told = table.told(tuple(_shown(*cells[place]) for place in table.key))
                raise DomainError("move-unfit", table=table.name, row=told, column=name)


def _fits(wanted: Kind, kind: str, content: bytes | None) -> bool:
    if kind == "null" or content is None:
        return True
    if kind != wanted.word:
        return False
    if kind == "integer":
        return (0 if wanted.most == 1 else -wanted.most - 1) <= int(content) <= wanted.most
    try:
        text = content.decode() if kind == "text" else ""
    except UnicodeDecodeError:
        return False
    return "\0" not in text and (not wanted.most or len(text) <= wanted.most)


def _shown(kind: str, content: Any) -> str:
    return "" if content is None else bytes(content).decode("utf-8", "replace").replace("\0", "?")
