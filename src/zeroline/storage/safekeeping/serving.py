"""A backup put back on a server: filled under a passing name, compared, and only then given its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeroline.domain.audit import AuditEntry, verify
from zeroline.domain.backup import Logins, Manifest, Watch
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.instant import SECOND, Clock
from zeroline.domain.person import Role
from zeroline.storage import audit_trail
from zeroline.storage.engine import Database, translated
from zeroline.storage.postgres import setting_up
from zeroline.storage.postgres.access import GROUPS, OWNER, PEOPLE
from zeroline.storage.postgres.functions import SCHEMA
from zeroline.storage.postgres.server import Server, connect
from zeroline.storage.safekeeping import programs
from zeroline.storage.safekeeping.dump import Roles
from zeroline.storage.safekeeping.file import Found
from zeroline.storage.schema import metadata

if TYPE_CHECKING:
    from psycopg import Connection as Raw
    from sqlalchemy import Connection

PASSING = "zeroline_restoring_"
"""How the name of a database begins that is not whole yet."""

_LONGEST = 63
"""Bytes of a name on a server."""

_OURS = f"""
SELECT pg_has_role(r.oid, '{PEOPLE}', 'MEMBER')
    OR COALESCE(shobj_description(r.oid, 'pg_authid'), '') = 'Zeroline'
FROM pg_roles AS r WHERE r.rolname = ?
"""


def check_free(server: Server) -> None:
    """DomainError ``database-taken`` (name) where the server has a database of the address's name already."""
    name = _name(server)
    with _beside(server) as connection:
        _refuse_taken(connection, name)


def restore(
    data: Path, roles: Roles, manifest: Manifest, server: Server, clock: Clock, watch: Watch
) -> Logins:
    """Put a proven dump back as the new database that the address names, with the logins of its people.

    The database is filled and compared with the manifest under a passing name, and goes again where anything
    fails. Raises DomainError ``database-taken`` (name), ``not-allowed``, ``backup-differs``; Cancelled;
    Trouble ``program-missing``, ``program-too-old``, ``program-failed``, ``server-too-old`` and those of the
    server.
    """
    name, passing = _name(server), PASSING + secrets.token_hex(6)
    made: list[str] = []
    with _beside(server) as connection:
        _refuse_taken(connection, name)
        with translated():
            _create(connection, passing)
        try:
            logins = _fill(data, roles, manifest, server, passing, clock, watch, made)
            with translated():
                connection.execute(f'ALTER DATABASE "{passing}" RENAME TO {_quoted(name)}')
        except BaseException as error:
            taken = getattr(error, "sqlstate", "") == "42P04"
            with suppress(Exception):  # what went wrong first is what is told
                connection.execute(f'DROP DATABASE IF EXISTS "{passing}" WITH (FORCE)')
                for login in made:
                    connection.execute(f"DROP ROLE IF EXISTS {_quoted(login)}")
            if taken:
                raise DomainError("database-taken", name=name) from error
            raise
    return logins


def _fill(
    data: Path,
    roles: Roles,
    manifest: Manifest,
    server: Server,
    passing: str,
    clock: Clock,
    watch: Watch,
    made: list[str],
) -> Logins:
    of = len(metadata.tables)
    address = server.url.set(database=passing)
    database = Database(address.render_as_string(hide_password=False), clock)
    try:
        with database.read() as connection:
            version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
        program = programs.find("pg_restore", max(version, roles.server))
        setting_up.lay_out(database)
        assert database.server is not None
        with programs.way_to(database.server) as way:
            programs.run(
                program,
                [
                    *(f"--schema={SCHEMA}", f"--role={OWNER}", "--no-owner", "--no-privileges", "--verbose"),
                    *("--exit-on-error", "--single-transaction", "--no-password", way, str(data)),
                ],
                "processing data for table",
                lambda done: watch(done, of, "fill"),
            )
        with database.read() as connection:
            _compare(_examine(connection, watch), manifest)
        setting_up.set_up(database)
        with translated(), database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
            return _keep_logins(connection, roles, made)
    finally:
        database.dispose()


def _examine(connection: Connection, watch: Watch) -> Found:
    tables = connection.exec_driver_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = ? ORDER BY tablename", (SCHEMA,)
    )
    counted: dict[str, int] = {}
    for (name,) in tables.fetchall():
        watch(len(counted), len(metadata.tables), "compare")
        counted[name] = int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())
    chain = verify(_told(connection, counted.get("audit_entry", 0), watch))
    moved = connection.exec_driver_sql("SELECT COALESCE(SUM(quantity), 0) FROM movement").scalar_one()
    revision = connection.exec_driver_sql("SELECT MAX(version_num) FROM alembic_version").scalar_one()
    return Found(str(revision), chain, counted, counted["movement"], int(moved))


def _told(connection: Connection, last: int, watch: Watch) -> Iterator[AuditEntry]:
    for number, entry in enumerate(audit_trail.every(connection)):
        if number % 2000 == 0:
            watch(number, max(last, number), "compare")
        yield entry


def _compare(found: Found, manifest: Manifest) -> None:
    told = (manifest.revision, manifest.tables, manifest.movements, manifest.moved)
    head = (found.chain.fault, found.chain.entries, found.chain.head)
    if head != ("", manifest.head_seq, manifest.head) or told != (
        found.revision,
        found.tables,
        found.movements,
        found.moved,
    ):
        raise DomainError("backup-differs")


def _keep_logins(connection: Connection, roles: Roles, made: list[str]) -> Logins:
    """Make the logins of the people that the server lacks; what it has is left as it is."""
    kept = {one.login: one for one in roles.logins}
    people = connection.exec_driver_sql("SELECT login, role, active FROM person ORDER BY login").fetchall()
    left, strangers, silent = list[str](), list[str](), list[str]()
    for login, role, active in people:
        ours = connection.exec_driver_sql(_OURS, (login,)).scalar()
        if ours is not None:
            (left if ours else strangers).append(login)
            continue
        one, who = kept.get(login), _quoted(login)
        connection.exec_driver_sql(f"CREATE ROLE {who} NOLOGIN")
        connection.exec_driver_sql(f"COMMENT ON ROLE {who} IS 'Zeroline'")
        if one is not None and one.verifier:
            connection.exec_driver_sql(f"ALTER ROLE {who} PASSWORD {_literal(one.verifier)}")
        else:
            silent.append(login)
        if one is not None and one.until:
            connection.exec_driver_sql(f"ALTER ROLE {who} VALID UNTIL {_literal(one.until)}")
        if active:
            connection.exec_driver_sql(f"ALTER ROLE {who} LOGIN")
            connection.exec_driver_sql(f"GRANT {GROUPS[Role(role)]} TO {who}")
        made.append(login)
    return Logins(tuple(made), tuple(left), tuple(strangers), tuple(silent))


# --- the server beside the database


def _name(server: Server) -> str:
    name = server.url.database or ""
    if not name or len(name.encode()) > _LONGEST:
        raise Trouble("database-url", url=server.url.render_as_string())
    return name


@contextmanager
def _beside(server: Server) -> Iterator[Raw[Any]]:
    """A connection to the server, each statement by itself; not to the database, which is not there yet."""
    with translated():
        try:
            connection = connect(server.url.set(database="postgres"), 15 * SECOND, autocommit=True)
        except Exception as error:
            if getattr(error, "sqlstate", None) != "3D000" and "does not exist" not in str(error):
                raise
            connection = connect(server.url.set(database="template1"), 15 * SECOND, autocommit=True)
    try:
        yield connection
    finally:
        connection.close()


def _refuse_taken(connection: Raw[Any], name: str) -> None:
    with translated():
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            raise DomainError("database-taken", name=name)


def _create(connection: Raw[Any], name: str) -> None:
    row = connection.execute(
        "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'template0'"
    ).fetchone()
    other = "" if row is not None and row[0] == "UTF8" else " LC_COLLATE 'C' LC_CTYPE 'C'"
    connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'{other}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    from psycopg.sql import Literal

    return Literal(text).as_string()
