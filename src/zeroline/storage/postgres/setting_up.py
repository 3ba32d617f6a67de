"""An inventory database made, or brought up to date, on a server: all of it in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from zeroline.domain.errors import Trouble
from zeroline.storage.engine import Database, translated
from zeroline.storage.migrate import check_tables, judge, revisions, run_scripts, seed
from zeroline.storage.postgres import access, functions, guards, handing_in, hands, locks, logins, soundness
from zeroline.storage.postgres.moving.marker import TABLE as UNFINISHED
from zeroline.storage.postgres.server import OLDEST, Server, ServerWork

_OTHERS = """
SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', ?)
  AND n.nspname NOT LIKE 'pg!_%' ESCAPE '!'
  AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1 LIMIT 20
"""

_LOOSE_TEXTS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_collation AS k ON k.oid = a.attcollation
WHERE n.nspname = ? AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND k.collname <> 'C'
ORDER BY c.relname, a.attnum
"""


def check(database: Database) -> None:
    """Refuse to work with a database that is not as this program needs it; nothing is changed.

    Raises Trouble ``server-too-old`` (version, oldest), ``move-unfinished``, ``schema-newer``,
    ``database-foreign``, and what setting it up mends: ``database-not-set-up``, ``schema-older``,
    ``guards-missing`` (guards).
    """
    with database.read() as connection:
        _check_version(connection)
        found = _revision(database, connection)
        if not found:
            raise Trouble("database-not-set-up", path=_server(database).name)
        if found != revisions()[-1]:
            raise Trouble("schema-older", path=_server(database).name)
        wrong = soundness.missing(connection)
        if wrong:
            raise Trouble("guards-missing", guards=wrong)


def set_up(database: Database, *, beside_others: bool = False) -> str:
    """Create or upgrade schema, roles, functions, guards and rights; answers the revision found before.

    Doing it again changes nothing that is right, and puts right what is not; the audit trail says what that
    was. Raises as :func:`check`, and Trouble ``database-holds-others`` (tables) unless ``beside_others``.
    Needs a login that may create roles and schemas.
    """
    with alone(database) as connection:
        _check_version(connection)
        found, head = _revision(database, connection), revisions()[-1]
        if not found and not beside_others:
            others = connection.exec_driver_sql(_OTHERS, (functions.SCHEMA,)).scalars().all()
            if others:
                raise Trouble("database-holds-others", tables=tuple(others))
        _run(connection, hands.watching_stopped(), superuser_only=True)
        _run(connection, access.roles())
        _run(connection, logins.role())
        _run(connection, access.schema())
        _run(connection, functions.BEFORE_TABLES)
        run_scripts(connection)
        check_tables(connection)
        _exact_texts(connection)
        wrong = soundness.missing(connection) if found == head else ()
        _run(connection, functions.OVER_TABLES + functions.TRIGGERS + access.FUNCTIONS)
        _run(connection, hands.script() + hands.RECORDING + handing_in.SCRIPT)
        for script in guards.scripts().values():
            _run(connection, script)
        _run(connection, access.rows())
        _run(connection, "RESET ROLE")
        _run(connection, logins.script())
        _run(connection, access.rights())
        _run(connection, logins.handed_over())
        left = soundness.missing(connection)
        if left:
            raise Trouble("guards-missing", guards=left)
        work = ServerWork(connection, 0, database.clock())
        if not found:
            seed(work, head)
        elif found != head:
            work.audit("database upgraded", "database", before=found, after=head)
        elif wrong:
            work.audit("guards restored", "database", guards=list(wrong))
        _run(connection, hands.watching(), superuser_only=True)
    return found


def lay_out(database: Database) -> None:
    """The roles and an empty schema, for a backup to be put into; :func:`set_up` follows it.

    Raises Trouble ``server-too-old``, DomainError ``not-allowed``.
    """
    with alone(database) as connection:
        _check_version(connection)
        _run(connection, access.roles())
        _run(connection, logins.role())
        _run(connection, access.schema())


def _server(database: Database) -> Server:
    assert database.server is not None
    return database.server


def greet(connection: Connection) -> None:
    """What must hold before anybody can be asked who they are.

    Raises Trouble ``server-too-old`` (version, oldest), ``database-not-set-up`` (path).
    """
    _check_version(connection)
    there = connection.exec_driver_sql(
        "SELECT current_database(), EXISTS (SELECT 1 FROM pg_proc AS p JOIN pg_namespace AS n"
        " ON n.oid = p.pronamespace WHERE n.nspname = ? AND p.proname = 'me')",
        (functions.SCHEMA,),
    ).one()
    if not there[1]:
        raise Trouble("database-not-set-up", path=there[0])


def _check_version(connection: Connection) -> None:
    number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    if number < OLDEST:
        raise Trouble("server-too-old", version=number, oldest=OLDEST)


def _revision(database: Database, connection: Connection) -> str:
    names = connection.exec_driver_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = ?", (functions.SCHEMA,)
    )
    there = names.scalars().all()
    if not there:
        return ""
    if UNFINISHED in there:
        raise Trouble("move-unfinished", path=_server(database).name)
    if "alembic_version" not in there:
        raise Trouble("database-foreign")
    return judge(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all())


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """A transaction of whoever connected, alone among writers."""
    with translated(), database.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({locks.WRITER})")
        connection.exec_driver_sql("SET LOCAL client_min_messages = warning")
        yield connection


def _run(connection: Connection, script: str, superuser_only: bool = False) -> None:
    """Carry out a script of several statements."""
    if superuser_only:
        mine = connection.exec_driver_sql("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        if not mine.scalar_one():
            return
    raw: Any = connection.connection.driver_connection
    if script:
        raw.execute(script)


def _exact_texts(connection: Connection) -> None:
    """Texts are compared byte by byte, whatever language the server was set up in."""
    loose: dict[str, list[str]] = {}
    for table, column, kind in connection.exec_driver_sql(_LOOSE_TEXTS, (functions.SCHEMA,)).fetchall():
        loose.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')
    for table, changes in loose.items():
        _run(connection, f'ALTER TABLE "{table}" {", ".join(changes)}')
