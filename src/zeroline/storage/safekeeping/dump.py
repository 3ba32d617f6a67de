"""The half of a server: a dump of the inventory's schema, gone through without a server, and its logins.

A dump is PostgreSQL's custom format. ``pg_restore`` writes its rows out as text, so that what a backup holds
is proven from the backup alone: the audit chain, the rows of each table, the ledger's sums.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from zeroline.domain.audit import AuditEntry, verify
from zeroline.domain.backup import Watch
from zeroline.domain.errors import DomainError, Trouble
from zeroline.storage.engine import Database
from zeroline.storage.postgres.access import PEOPLE
from zeroline.storage.postgres.functions import SCHEMA
from zeroline.storage.safekeeping import programs
from zeroline.storage.safekeeping.file import Found
from zeroline.storage.schema import metadata

_HIDDEN = """
SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relkind IN ('r', 'S')
  AND (NOT has_table_privilege(c.oid, 'SELECT') OR c.relkind = 'r' AND row_security_active(c.oid))
"""
_LOGINS = """
SELECT r.rolname, CAST(r.rolvaliduntil AS text), {verifier} FROM pg_roles AS r {joined}
WHERE r.rolname IN (SELECT p.login FROM person AS p)
  AND (pg_has_role(r.oid, '{people}', 'MEMBER') OR shobj_description(r.oid, 'pg_authid') = 'Zeroline')
  AND NOT r.rolsuper
ORDER BY r.rolname
"""
_COPY = re.compile(rb'COPY "?zeroline"?\."?(\w+)"? \((.*)\) FROM stdin;')
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_ENTRY_COLUMNS = AuditEntry._fields


class Login(NamedTuple):
    """A login role of one of the database's people: until when it is valid ('': always) and its SCRAM
    verifier ('' where it has none, or where whoever made the backup may not read it)."""

    login: str
    until: str
    verifier: str


class Roles(NamedTuple):
    """``server`` is the major version of the server that the dump is of."""

    server: int
    logins: tuple[Login, ...]

    def text(self) -> bytes:
        """As it is packed."""
        told = {"server": self.server, "logins": [one._asdict() for one in self.logins]}
        return json.dumps(told, indent=1, ensure_ascii=False).encode()

    @classmethod
    def of(cls, raw: bytes) -> Roles:
        """Of what was packed; ValueError for anything else."""
        try:
            told = json.loads(raw)
            found = tuple(Login(str(o["login"]), str(o["until"]), str(o["verifier"])) for o in told["logins"])
            return cls(int(told["server"]), found)
        except (KeyError, TypeError) as error:
            raise ValueError("no roles") from error


def copy(database: Database, into: Path, watch: Watch) -> Roles:
    """One state of the inventory into an empty file, while others read and write, and its people's logins.

    Raises DomainError ``backup-rows-hidden`` (login), Cancelled, and Trouble ``program-missing``,
    ``program-too-old``, ``program-failed`` and those of the database.
    """
    server = database.server
    assert server is not None
    with database.read() as connection:
        version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
        if connection.exec_driver_sql(_HIDDEN, (SCHEMA,)).scalar_one():
            raise DomainError("backup-rows-hidden", login=server.url.username or "")
    program, of = programs.find("pg_dump", version), len(metadata.tables)
    watch(0, of, "copy")
    with programs.way_to(server) as way:
        programs.run(
            program,
            [
                *("--format=custom", "--compress=1", f"--schema={SCHEMA}", "--encoding=UTF8", "--verbose"),
                *("--lock-wait-timeout=15000", "--no-password", f"--file={into}", way),
            ],
            "dumping contents of table",
            lambda done: watch(done, of, "copy"),
        )
    with database.read() as connection:  # after the dump: nobody who is in it lacks a login here
        return Roles(version, _logins(connection))


def _logins(connection: Connection) -> tuple[Login, ...]:
    may = connection.exec_driver_sql("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')").scalar()
    sql = _LOGINS.format(
        people=PEOPLE,
        verifier="COALESCE(a.rolpassword, '')" if may else "''",
        joined="JOIN pg_authid AS a ON a.oid = r.oid" if may else "",
    )
    return tuple(
        Login(row[0], row[1] or "", row[2] if row[2].startswith("SCRAM-SHA-256$") else "")
        for row in connection.exec_driver_sql(sql)
    )


def examine(data: Path, server: int, watch: Watch) -> Found:
    """Go through a dump from end to end: every audit entry, every row of every table.

    Raises Trouble ``database-damaged``, ``program-missing``, ``program-too-old``, ``program-failed``.
    """
    tables: dict[str, int] = {}
    revision, moved = "", 0
    with closing(sqlite3.connect("")) as kept:  # on the disk, where it is many: a dump has no order
        kept.execute("CREATE TABLE entry (seq INTEGER, told BLOB)")
        for table, columns, row in _rows(data, server, watch, tables):
            if table == "audit_entry":
                kept.execute("INSERT INTO entry VALUES (?, ?)", _numbered(columns, row))
            elif table == "movement":
                moved += _whole(row[columns.index("quantity")])
            elif table == "alembic_version":
                revision = _text(row[0])
        last = tables.get("audit_entry", 0)
        chain = verify(_told(kept, last, watch))
    if not {"alembic_version", "audit_entry", "movement"} <= tables.keys():
        raise Trouble("database-damaged", detail="tables are missing")
    return Found(revision, chain, tables, tables["movement"], moved)


def entries(data: Path, server: int) -> Iterator[AuditEntry]:
    """The audit trail of a dump, in order."""
    with closing(sqlite3.connect("")) as kept:
        kept.execute("CREATE TABLE entry (seq INTEGER, told BLOB)")
        for table, columns, row in _rows(data, server, _nobody, {}, "--table=audit_entry"):
            if table == "audit_entry":
                kept.execute("INSERT INTO entry VALUES (?, ?)", _numbered(columns, row))
        yield from _told(kept, 0, _nobody)


def _nobody(_done: int, _of: int, _step: str) -> None:
    """A short work that nobody watches."""


def _rows(
    data: Path, server: int, watch: Watch, tables: dict[str, int], *only: str
) -> Iterator[tuple[str, list[str], list[bytes]]]:
    """Each row of audit trail, ledger and revision with its table and columns; ``tables`` gets the number of
    rows of every table."""
    program = programs.find("pg_restore", server)
    table, columns, wanted, number = "", list[str](), False, 0
    of = len(metadata.tables)
    with programs.output(program, ["--data-only", "--file=-", *only, str(data)]) as lines:
        for line in lines:
            number += 1
            if number % 20_000 == 0:
                watch(len(tables), of, "check")
            if table:
                if line == b"\\.\n":
                    table = ""
                    continue
                tables[table] += 1
                if wanted:
                    yield table, columns, line.rstrip(b"\n").split(b"\t")
            elif found := _COPY.match(line):
                table, columns = (
                    found[1].decode(),
                    [name.strip(' "') for name in found[2].decode().split(",")],
                )
                wanted = table in ("audit_entry", "movement", "alembic_version")
                tables.setdefault(table, 0)
                watch(len(tables), of, "check")
    if table:
        raise Trouble("database-damaged", detail=f"{table} is cut short")


def _numbered(columns: list[str], row: list[bytes]) -> tuple[int, str]:
    """The position of an audit entry, and the entry in the order of its fields, as JSON."""
    try:
        told = [_text(row[columns.index(name)]) for name in _ENTRY_COLUMNS]
        return int(told[0]), json.dumps(told)
    except (ValueError, IndexError) as error:
        raise Trouble("database-damaged", detail="an audit entry is none") from error


def _told(kept: sqlite3.Connection, last: int, watch: Watch) -> Iterator[AuditEntry]:
    for number, (told,) in enumerate(kept.execute("SELECT told FROM entry ORDER BY seq, rowid")):
        if number % 2000 == 0:
            watch(number, max(last, number), "check")
        seq, at, person_id, *texts = json.loads(told)
        yield AuditEntry(int(seq), _whole(at), _whole(person_id), *texts)


def _whole(raw: Any) -> int:
    try:
        return int(raw)
    except ValueError as error:
        raise Trouble("database-damaged", detail="a number is none") from error


def _text(raw: bytes) -> str:
    """A value as it was before COPY escaped it."""
    return (_ESCAPE.sub(_meant, raw) if b"\\" in raw else raw).decode("utf-8", "surrogateescape")


def _meant(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 0xFF])
    if found[2]:
        return bytes([int(found[2], 16)])
    letter: bytes = found[3]
    return _LETTERS.get(letter, letter)
