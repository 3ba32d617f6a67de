"""Setting up and upgrading that dies half-way: all or nothing on either database, and it can be done again.

For every revision there is a database as the program before it left its tables. The upgrade from there dies
after the first, a middle and the last statement of the revision's script, and behind it, among the guards.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from support.postgres import Server
from support.warehouse import SettableClock, open_database
from zeroline.domain.errors import Trouble
from zeroline.services.safekeeping import restore
from zeroline.storage import audit_trail, guard, migrate, safekeeping
from zeroline.storage.engine import Database
from zeroline.storage.postgres import access, functions, setting_up, soundness

REVISIONS = migrate.revisions()


def quiet(_done: int, _of: int, _step: str) -> None:
    """Nobody looks."""


KEPT = "INSERT INTO setting (key, value) VALUES ('kept', 'äöü')"


class PowerCut(Exception):
    """What the machine dies of."""


class Dying:
    """Counts statements, and dies after one of them."""

    def __init__(self, at: int = 0, how: Callable[[], None] | None = None) -> None:
        self.seen, self._at, self._how = 0, at, how

    def __call__(self, *_statement: object) -> None:
        self.seen += 1
        if self.seen == self._at:
            if self._how is not None:
                self._how()
            else:
                raise PowerCut


@contextmanager
def scripts_up_to(revision: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program as it was: the scripts up to a revision and no later one."""
    shipped = Path(migrate.__file__).with_name("migrations")
    (folder / "versions").mkdir(parents=True)
    known = [path for path in shipped.glob("versions/[0-9]*.py") if path.name[:4] <= revision]
    for file in (shipped / "env.py", *known):
        (folder / file.relative_to(shipped)).write_text(file.read_text("utf-8"), "utf-8")
    with monkeypatch.context() as as_it_was:
        as_it_was.setattr(migrate, "_SCRIPTS", folder)
        yield


def statements(connection: Connection, work: Callable[[], None]) -> int:
    """How many statements a work sends that change something."""
    seen = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        seen += is_change(statement)

    event.listen(connection, "after_cursor_execute", count)
    work()
    event.remove(connection, "after_cursor_execute", count)
    return seen


def is_change(statement: str) -> bool:
    return statement.strip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE"))


def points(own: int) -> list[int]:
    """After which statement to die: first, middle and last of the script, and well behind it."""
    return sorted({1, (own + 1) // 2, own, own + 7})


# --- a file


def as_before(path: Path, revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A file with the tables of the revision before this one; how many statements the next script has."""
    clock = SettableClock()
    position = REVISIONS.index(revision)
    database = open_database(path, clock)
    own = 0
    with database.engine.connect().execution_options(zeroline_write=True) as connection:
        for done in (*REVISIONS[:position][-1:], revision):
            with (
                scripts_up_to(done, tmp_path / f"scripts-{done}", monkeypatch),
                connection.begin() as transaction,
            ):
                own = statements(connection, lambda: migrate.run_scripts(connection))
                if done != revision:
                    connection.exec_driver_sql(f"PRAGMA application_id = {migrate.APPLICATION_ID}")
                    connection.exec_driver_sql(KEPT)
                else:
                    transaction.rollback()
    database.dispose()
    return own


def content(path: Path) -> list[str]:
    import sqlite3

    with closing(sqlite3.connect(path)) as connection:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        return [str(mark), *connection.iterdump()]


@pytest.mark.sqlite
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_files_upgrade_that_dies_changes_nothing_and_can_be_done_again(
    revision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SettableClock
) -> None:
    path = tmp_path / "stock.db"
    own = as_before(path, revision, tmp_path, monkeypatch)
    before = content(path)
    for point in points(own):
        clock.forward(2_000_000)
        database, dying = open_database(path, clock), Dying(point)
        event.listen(
            database.engine,
            "after_cursor_execute",
            lambda _c, _u, statement, *_, dying=dying: dying() if is_change(statement) else None,
        )
        with pytest.raises(PowerCut):
            migrate.prepare(database)
        database.dispose()
        assert content(path) == before
    database = open_database(path, clock)
    migrate.prepare(database)
    with database.read() as connection:
        assert guard.missing(connection) == ()
        whole = [entry.action for entry in audit_trail.every(connection)]
        assert whole == ["database created" if revision == REVISIONS[0] else "database upgraded"]
        kept = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'kept'").scalar()
        assert kept == (None if revision == REVISIONS[0] else "äöü")
    database.dispose()


@pytest.mark.sqlite
def test_an_older_files_backup_is_upgraded_behind_its_head_when_it_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SettableClock
) -> None:
    path, to, new = tmp_path / "old.db", tmp_path / "b.zeroline-backup", tmp_path / "new.db"
    as_before(path, REVISIONS[2], tmp_path, monkeypatch)
    old = open_database(path, clock)
    manifest, _ = safekeeping.back_up(old, "test", to, quiet)
    old.dispose()
    restored = restore(to, new, clock, quiet, f"0:{manifest.head}")
    assert (restored.file, restored.manifest, manifest.revision) == (str(new), manifest, REVISIONS[1])
    database = open_database(new, clock)
    with database.read() as connection:
        assert [entry.action for entry in audit_trail.every(connection)] == ["database upgraded"]
        assert guard.missing(connection) == ()
    database.dispose()


# --- a server


class Walk:
    """A database on the server that is brought from revision to revision, tables only, and copies of it."""

    def __init__(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self._tmp_path, self._monkeypatch = server, tmp_path, monkeypatch
        self.name, self.copy = "dying_walk", "dying_copy"
        for name in (self.name, self.copy):
            server.drop(name)
        server.create(self.name)

    def copied(self) -> Database:
        """A copy, opened by who sets up."""
        self.server.drop(self.copy)
        self.server.create(self.copy, self.name)
        return self.opened()

    def opened(self, name: str = "") -> Database:
        return Database(self.server.url(name or self.copy), SettableClock())

    def on(self, revision: str) -> int:
        """Go on to a revision; how many statements its script has."""
        database = self.opened(self.name)
        setting_up.lay_out(database)
        with (
            scripts_up_to(revision, self._tmp_path / f"scripts-{revision}", self._monkeypatch),
            database.engine.connect() as connection,
            connection.begin(),
        ):
            raw: Any = connection.connection.driver_connection
            raw.execute(access.schema())
            raw.execute(functions.BEFORE_TABLES)
            own = statements(connection, lambda: migrate.run_scripts(connection))
            if revision == REVISIONS[0]:
                connection.exec_driver_sql(KEPT)
        database.dispose()
        return own

    def content(self) -> str:
        """Everything the copy holds, with owners, rights and rows."""
        done = subprocess.run(
            [str(self.server.bin / "pg_dump"), self.copy],
            env={
                "PGHOST": self.server.host,
                "PGPORT": str(self.server.port),
                "PGUSER": self.server.superuser,
                "PGPASSWORD": self.server.password,
            },
            capture_output=True,
            check=True,
            text=True,
        )
        return "".join(line for line in done.stdout.splitlines(True) if "restrict" not in line)


@pytest.fixture
def walk(postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    made = Walk(postgres_server, tmp_path, monkeypatch)
    yield made
    for name in (made.name, made.copy):
        postgres_server.drop(name)


def setting_up_dies(database: Database, dying: Dying, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set up and die; scripts of several statements count as one, and only scripts and changes count."""
    script = setting_up._run

    def counted(connection: Connection, text: str, superuser_only: bool = False) -> None:
        script(connection, text, superuser_only)
        dying()

    event.listen(
        database.engine,
        "after_cursor_execute",
        lambda _c, _u, statement, *_: dying() if is_change(statement) else None,
    )
    with monkeypatch.context() as patched:
        patched.setattr(setting_up, "_run", counted)
        setting_up.set_up(database)


def finished(database: Database) -> None:
    setting_up.set_up(database)
    setting_up.check(database)
    with database.read() as connection:
        assert soundness.missing(connection) == ()
        assert audit_trail.head(connection)[0] == 1


BEFORE_SCRIPTS = 5
"""Scripts of setting up before the first statement of a revision: roles, schema, functions."""


def test_a_servers_upgrade_that_dies_changes_nothing_and_can_be_done_again(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk.on(REVISIONS[0])
    for before, revision in pairwise(REVISIONS):
        walk.copied().dispose()
        own, kept = walk.on(revision), walk.content()
        assert f"{before}\n" in kept
        for point in points(own)[:3]:
            database = walk.opened()
            with pytest.raises(PowerCut):
                setting_up_dies(database, Dying(BEFORE_SCRIPTS + point), monkeypatch)
            database.dispose()
            assert walk.content() == kept, (revision, point)
        database = walk.opened()
        finished(database)
        with database.read() as connection:
            (entry,) = audit_trail.every(connection)
            assert (entry.action, before in entry.facts) == ("database upgraded", True)
            value = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'kept'").scalar()
            assert value == "äöü"
        database.dispose()


def roles(server: Server) -> list[str]:
    with server.admin() as admin:
        return [row[0] for row in admin.execute("SELECT rolname FROM pg_roles ORDER BY rolname")]


def test_a_new_server_database_that_dies_is_empty_again_and_has_no_roles(
    own_postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(own_postgres_server, tmp_path, monkeypatch)
    database, counting = walk.copied(), Dying()
    empty, nobody = walk.content(), roles(walk.server)
    for point in (2, 60, 150):
        with pytest.raises(PowerCut):
            setting_up_dies(database, Dying(point), monkeypatch)
        database.dispose()
        assert walk.content() == empty
        assert roles(walk.server) == nobody
    finished(database)
    database.dispose()
    database = walk.copied()
    setting_up_dies(database, counting, monkeypatch)
    database.dispose()
    database = walk.copied()
    with pytest.raises(PowerCut):
        setting_up_dies(database, Dying(counting.seen), monkeypatch)
    database.dispose()
    assert walk.content() == empty


def test_a_connection_that_is_cut_while_setting_up_leaves_nothing(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = walk.copied()
    empty = walk.content()

    def cut() -> None:
        with walk.server.admin() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
                (walk.copy,),
            )

    with pytest.raises(Trouble) as lost:
        setting_up_dies(database, Dying(60, cut), monkeypatch)
    assert lost.value.code == "connection-lost"
    database.dispose()
    assert walk.content() == empty
    finished(database)
    database.dispose()


def test_an_older_servers_backup_is_upgraded_behind_its_head_when_it_is_put_back(
    walk: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEROLINE_PG_BIN", str(walk.server.bin))
    for revision in REVISIONS[:2]:
        walk.on(revision)
    old, to = walk.opened(walk.name), tmp_path / "old.zeroline-backup"
    manifest, _ = safekeeping.back_up(old, "test", to, quiet)
    assert (manifest.revision, manifest.head_seq) == (REVISIONS[1], 0)
    old.dispose()
    walk.server.drop(walk.copy)
    new = walk.opened()
    assert safekeeping.restore(to, new, quiet, f"0:{manifest.head}")[0] == manifest
    setting_up.check(new)
    with new.read() as connection:
        (entry,) = audit_trail.every(connection)
        assert (entry.action, REVISIONS[1] in entry.facts) == ("database upgraded", True)
        value = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'kept'").scalar()
        assert value == "äöü"
    new.dispose()
