"""Create or upgrade an inventory database in process: a backup first, then everything or nothing."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zeroline.domain import instant
from zeroline.domain.errors import Trouble
from zeroline.storage import guard
from zeroline.storage.driver import how_to_read
from zeroline.storage.engine import Database, translated
from zeroline.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy import Connection

APPLICATION_ID = 0x5A4C4E45  # 'ZLNE', in the header of every file of ours
OWN_SOURCE = "zeroline"
_SCRIPTS = Path(__file__).with_name("migrations")


def prepare(database: Database) -> None:
    """Bring ``database`` to this program's schema: create it if empty, upgrade it if older.

    An upgrade first copies the file to ``NAME.before-REVISION-TIME`` beside it. Guards that are missing or
    were altered are put back and the audit trail says which. Raises Trouble ``schema-newer`` for a database
    of a newer program, ``database-foreign`` for one that is not an inventory database, ``database-missing``
    and ``schema-older`` for one opened read-only that is absent or older, ``schema-incomplete`` for one
    that lacks tables, and those of the surroundings; in every case nothing was changed. A database on a
    server is only looked at: :func:`zeroline.storage.postgres.setting_up.set_up` makes and upgrades it.
    """
    if database.server is not None:
        from zeroline.storage.postgres import setting_up

        setting_up.check(database)
        return
    found, head = _look(database.path), revisions()[-1]
    if database.read_only:
        if found != head:
            raise Trouble("schema-older" if found else "database-missing", path=str(database.path))
        return
    if found == head:
        with database.read_plain() as connection:
            if not guard.missing(connection):
                return
    with _alone(database) as ordinary:
        found = _revision(ordinary)  # another program may have been first
        if found and found != head:
            _back_up(database, found)
        if found != head:
            _upgrade(ordinary)
        check_tables(ordinary)
        wrong = guard.restore(ordinary)
        work = UnitOfWork(ordinary, 0, database.clock())
        if not found:
            seed(work, head)
        elif found != head:
            work.audit("database upgraded", "database", before=found, after=head)
        elif wrong:
            work.audit("guards restored", "database", guards=list(wrong))


def check_tables(connection: Connection) -> None:
    """What names this program's revision must hold its tables: Trouble ``schema-incomplete`` (tables)."""
    from sqlalchemy import inspect

    from zeroline.storage.schema import metadata

    missing = sorted(set(metadata.tables) - set(inspect(connection).get_table_names()))
    if missing:
        raise Trouble("schema-incomplete", tables=tuple(missing))


def revisions() -> list[str]:
    """Every revision, oldest first, by the names of the scripts: Alembic, slow to load, only upgrades."""
    return sorted(script.stem.partition("_")[0] for script in (_SCRIPTS / "versions").glob("[0-9]*_*.py"))


def _look(path: Path) -> str:
    """The revision of the file without touching it, '' where there is nothing yet."""
    if not path.exists() or (path.is_file() and path.stat().st_size == 0):
        return ""
    if not path.is_file():
        raise Trouble("database-not-a-database", path=str(path))
    uri = path.absolute().as_uri() + how_to_read(path)
    with translated(), closing(sqlite3.connect(uri, uri=True)) as connection:
        return _judge(lambda sql: [row[0] for row in connection.execute(sql)])


def _revision(connection: Connection) -> str:
    return _judge(lambda sql: [row[0] for row in connection.exec_driver_sql(sql)])


def _judge(column: Callable[[str], list[Any]]) -> str:
    """The revision behind a function that answers a query's first column; refuses what is not ours."""
    (application,) = column("PRAGMA application_id")
    names = column("SELECT name FROM sqlite_master")
    if not names and application == 0:
        return ""
    if application != APPLICATION_ID or "alembic_version" not in names:
        raise Trouble("database-foreign")
    return judge(column("SELECT version_num FROM alembic_version"))


def judge(stored: Sequence[Any]) -> str:
    """The revision that a database names; Trouble ``schema-newer`` if this program does not know it."""
    found = [str(revision) for revision in stored]
    if len(found) != 1 or found[0] not in revisions():
        raise Trouble("schema-newer", revision=", ".join(found))
    return found[0]


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """The only writer, in one transaction that takes tables apart without foreign keys in the way."""
    with (
        translated(),
        database.engine.connect().execution_options(zeroline_write=True) as connection,
    ):
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys = OFF")  # answers only outside a transaction
        try:
            with connection.begin():
                yield connection
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def run_scripts(connection: Connection) -> None:
    """Bring the tables to the newest revision, in the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _upgrade(connection: Connection) -> None:
    run_scripts(connection)
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    fault = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if fault is not None:
        raise Trouble("schema-broken", detail=str(fault))


def seed(work: UnitOfWork, head: str) -> None:
    """What every inventory database begins with."""
    from zeroline.domain.policy import DEFAULT
    from zeroline.storage import policies

    work.connection.exec_driver_sql("INSERT INTO source (code, name) VALUES (?, 'Zeroline')", (OWN_SOURCE,))
    work.connection.exec_driver_sql("INSERT INTO ledger_state (id) VALUES (1)")
    policies.add(work, DEFAULT, "")
    work.audit("database created", "database", revision=head)


def _back_up(database: Database, revision: str) -> None:
    """A copy of the file as it stands, beside it; the upgrade waits until it is complete and sound."""
    path = database.path
    stamp = instant.at(database.clock()).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.name}.before-{revision}-{stamp}")
    unfinished = kept.with_name(kept.name + ".unfinished")
    try:
        with (
            translated(),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(unfinished)) as there,
        ):
            here.backup(there)
            there.execute("PRAGMA journal_mode = DELETE")
            (sound,) = there.execute("PRAGMA quick_check(1)").fetchone()
        if sound != "ok":
            raise Trouble("database-damaged", detail=str(sound))
        unfinished.replace(kept)
    except OSError as error:
        code = "disk-full" if error.errno == errno.ENOSPC else "database-io"
        raise Trouble(code, detail=str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
