"""Create or upgrade an inventory database in process: a backup first, then everything or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, insert

from zeroline.domain import instant
from zeroline.domain.errors import Trouble
from zeroline.domain.policy import DEFAULT
from zeroline.storage import guard, policies
from zeroline.storage.engine import Database, told
from zeroline.storage.schema import ledger_state, source
from zeroline.storage.unit_of_work import UnitOfWork

APPLICATION_ID = 0x5A4C4E45  # 'ZLNE', in the header of every file of ours
OWN_SOURCE = "zeroline"


def prepare(database: Database) -> None:
    """Bring ``database`` to this program's schema: create it if empty, upgrade it if older.

    An upgrade first copies the file to ``NAME.before-REVISION-TIME`` beside it. Guards that are missing or
    were altered are put back and the audit trail says which. Raises Trouble ``schema-newer`` for a database
    of a newer program, ``database-foreign`` for one that is not an inventory database, ``schema-older`` for
    an older one opened read-only, and those of the surroundings; in every case nothing was changed.
    """
    found = _look(database)
    if database.read_only:
        if found != _head():
            raise Trouble("schema-older", revision=found)
        return
    with _alone(database) as connection:
        found = _revision(connection)
        if found and found != _head():
            _back_up(database, found)
        if found != _head():
            _upgrade(connection)
        wrong = guard.restore(connection)
        work = UnitOfWork(connection, 0, database.clock())
        if not found:
            _seed(work)
        elif found != _head():
            work.audit("database upgraded", "database", before=found, after=_head())
        elif wrong:
            work.audit("guards restored", "database", guards=list(wrong))


def _scripts() -> ScriptDirectory:
    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def _head() -> str:
    return str(_scripts().get_current_head())


def _look(database: Database) -> str:
    """The revision of the file without touching it, '' where there is nothing yet."""
    path = database.path
    if path is None or not path.exists() or path.stat().st_size == 0:
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _judge(
                connection.execute("PRAGMA application_id").fetchone()[0],
                [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master")],
                lambda: [
                    str(row[0]) for row in connection.execute("SELECT version_num FROM alembic_version")
                ],
            )
    except sqlite3.Error as error:
        raise told(error, error) from error


def _revision(connection: Connection) -> str:
    return _judge(
        int(connection.exec_driver_sql("PRAGMA application_id").scalar_one()),
        [str(row[0]) for row in connection.exec_driver_sql("SELECT name FROM sqlite_master")],
        lambda: [
            str(row[0]) for row in connection.exec_driver_sql("SELECT version_num FROM alembic_version")
        ],
    )


def _judge(application: int, names: list[str], revisions: Any) -> str:
    if not names and application == 0:
        return ""
    if application != APPLICATION_ID or "alembic_version" not in names:
        raise Trouble("database-foreign")
    found = revisions()
    try:
        (revision,) = found
        _scripts().get_revision(revision)
    except (ValueError, CommandError) as error:
        raise Trouble("schema-newer", revision=", ".join(found)) from error
    return str(revision)


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """The only writer, in one transaction that takes tables apart without foreign keys in the way."""
    try:
        with database.engine.connect().execution_options(zeroline_write=True) as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys = OFF")  # answers only outside a transaction
            try:
                with connection.begin():
                    yield connection
            finally:
                raw.execute("PRAGMA foreign_keys = ON")
    except (Trouble, RuntimeError):
        raise
    except Exception as error:
        cause = getattr(error, "orig", error)
        raise told(cause, error) from error


def _upgrade(connection: Connection) -> None:
    scripts = _scripts()
    config = Config()

    def steps(revision: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(config, scripts, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection)
        environment.run_migrations()
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    fault = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if fault is not None:
        raise Trouble("schema-broken", detail=str(fault))


def _seed(work: UnitOfWork) -> None:
    work.connection.execute(insert(source).values(code=OWN_SOURCE, name="Zeroline"))
    work.connection.execute(insert(ledger_state).values(id=1))
    policies.add(work, DEFAULT, "")
    work.audit("database created", "database", revision=_head())


def _back_up(database: Database, revision: str) -> Path | None:
    """A copy of the file as it stands, beside it; the upgrade waits for it."""
    path = database.path
    if path is None:
        return None
    stamp = instant.at(database.clock()).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.name}.before-{revision}-{stamp}")
    unfinished = kept.with_name(kept.name + ".unfinished")
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(unfinished)) as there,
        ):
            here.backup(there)
            there.execute("PRAGMA journal_mode = DELETE")
            if there.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise Trouble("database-damaged", detail=str(kept))
        unfinished.replace(kept)
    except (sqlite3.Error, OSError):
        unfinished.unlink(missing_ok=True)
        raise
    return kept
