"""Where the machine plays: a database with people in it, on a file or on a server of its own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, make_url

from support.postgres import Server
from support.proxy import Proxy
from support.warehouse import CHEAP, Served, SettableClock, Staff, Warehouse, open_database, staffed
from zeroline.services.workbench import Workbench
from zeroline.storage import migrate
from zeroline.storage.dialect import to_postgres
from zeroline.storage.postgres.server import connect

KEYS = (
    *(("BRG", "A-01"), ("BRG", "A-02"), ("BRG", "N-01"), ("GLV", "A-01"), ("GLV", "N-01")),
    *(("OIL", "A-02"), ("OIL", "N-01"), ("OIL", "N-02")),
)
"""Item and location; those beginning with N are of the second site."""

At = Callable[[Any], None]
"""Is told the connection of SQLAlchemy that something happens on."""


class LineLost(BaseException):
    """A file has no line that can break: a database on one is broken off by this."""


class Place:
    """One database on a file, with its services. ``name`` tells which kind it is."""

    name = "sqlite"

    def __init__(self, url: str, staff: Staff) -> None:
        self.url, self.staff = url, staff
        self.clock = SettableClock()
        self._eye: Any = None
        self._eyes = 0
        self.bench = self.opened()
        warehouse = Warehouse(self.bench.database, self.clock, staff, Path("no file"))
        warehouse.source()
        for item, cost, letter in (("BRG", "2.50", "A"), ("GLV", "1.00", "C"), ("OIL", "90.00", "")):
            warehouse.item(item, cost=cost, abc_class=letter)
        for item, location in KEYS:
            warehouse.location(location, site="NORTH" if location.startswith("N") else "MAIN")
            warehouse.key(item, location)

    def opened(self) -> Workbench:
        """The services over new connections."""
        return Workbench(self.url, self.clock, hasher=CHEAP)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement reads, past the program's own connections."""
        if self._eye is None:
            self._eye = sqlite3.connect(self.bench.database.path, isolation_level=None)
        found: list[tuple[Any, ...]] = self._eye.execute(sql, values).fetchall()
        return found

    def many(self, asked: Sequence[tuple[str, tuple[Any, ...]]]) -> list[list[tuple[Any, ...]]]:
        """What several statements read, asked at once."""
        return [self.rows(sql, *values) for sql, values in asked]

    def mark(self) -> tuple[int, ...]:
        """Another one after every write, whoever made it."""
        self._eyes += self._eye is None
        return self._eyes, int(self.rows("PRAGMA data_version")[0][0])

    def close_eye(self) -> None:
        """Close what :meth:`rows` reads by, until it is asked again."""
        if self._eye is not None:
            self._eye.close()
            self._eye = None

    def close(self) -> None:
        """Close every connection."""
        self.close_eye()
        self.bench.dispose()

    def reconnect(self) -> None:
        """Throw every connection away and open the database anew."""
        self.bench.dispose()
        self.bench = self.opened()

    # --- what can go wrong

    @contextmanager
    def watched(self, written: At, committing: At) -> Iterator[None]:
        """Tell of every statement that wrote, and of every commit before it is made.

        Not of proving a secret: that is a write of its own, on a server by the same engine, on a file not.
        """
        database, quiet = self.bench.database, [False]
        engine, proving = database.engine, database.write_plain

        @contextmanager
        def quietly(person_id: int = 0) -> Iterator[Any]:
            quiet[0] = True
            try:
                with proving(person_id) as work:
                    yield work
            finally:
                quiet[0] = False

        def executed(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not quiet[0] and statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
                written(connection)

        def about_to_commit(connection: Any) -> None:
            if not quiet[0]:
                committing(connection)

        event.listen(engine, "after_cursor_execute", executed)
        event.listen(engine, "commit", about_to_commit)
        vars(database)["write_plain"] = quietly
        try:
            yield
        finally:
            del vars(database)["write_plain"]
            event.remove(engine, "after_cursor_execute", executed)
            event.remove(engine, "commit", about_to_commit)

    def break_off(self, connection: Any) -> None:
        """The line to the database breaks under a write."""
        connection.connection.dbapi_connection.rollback()
        connection.invalidate()
        raise LineLost

    @contextmanager
    def losing_the_answer(self) -> Iterator[At]:
        """What is given is to be called before a commit whose answer shall not arrive."""

        def commit(connection: Any) -> None:
            connection.connection.dbapi_connection.commit()
            connection.invalidate()
            raise LineLost

        yield commit

    def crash(self, connection: Any) -> None:
        """The machine that holds the database fails under a write."""
        self.break_off(connection)

    def recover(self) -> None:
        """What failed is there again."""


class ServerPlace(Place):
    """A database on a server of its own, reached straight or by a line that can break."""

    name = "postgresql"

    def __init__(self, served: Served, name: str, proxy: Proxy) -> None:
        self._server: Server = served.server
        self._proxy = proxy
        self._admin: psycopg.Connection[Any] | None = None
        self._straight = served.url(name)
        super().__init__(self._straight, served.staff)

    def break_off(self, connection: Any) -> None:
        """An administrator throws the session out."""
        if self._admin is None:
            self._admin = self._server.admin()
        pid = connection.connection.dbapi_connection.info.backend_pid
        self._admin.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))

    @contextmanager
    def losing_the_answer(self) -> Iterator[At]:
        self.url = self._proxy.url(self._straight)
        self.reconnect()
        try:
            yield lambda _connection: self._proxy.swallow_reply_to("COMMIT")
        finally:
            self._proxy.mend()
            self.url = self._straight
            self.reconnect()

    def crash(self, connection: Any) -> None:
        """The server is killed."""
        del connection
        self.close_eye()
        self._server.kill()

    def recover(self) -> None:
        self._server.start()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        if self._eye is None:
            self._eye = connect(make_url(self._straight), 15_000_000)
            self._eye.autocommit = True
        found: list[tuple[Any, ...]] = self._eye.execute(to_postgres(sql), values or None).fetchall()
        return found

    def many(self, asked: Sequence[tuple[str, tuple[Any, ...]]]) -> list[list[tuple[Any, ...]]]:
        self.rows("SELECT 1")
        with self._eye.pipeline():
            answers = [self._eye.execute(to_postgres(sql), values or None) for sql, values in asked]
            return [answer.fetchall() for answer in answers]

    def mark(self) -> tuple[int, ...]:
        return (
            int(
                self.rows("SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)")[0][
                    0
                ]
            ),
        )

    def close_eye(self) -> None:
        super().close_eye()
        if self._admin is not None:
            self._admin.close()
            self._admin = None


def sqlite_template(folder: Path) -> tuple[Path, Staff]:
    """A file with people in it."""
    path = folder / "staffed.db"
    database = open_database(path, SettableClock())
    migrate.prepare(database)
    staff = staffed(database)
    database.dispose()
    return path, staff


@contextmanager
def on_sqlite(template: tuple[Path, Staff], folder: Path) -> Iterator[Place]:
    """A place on a copy of a file."""
    path, staff = template
    folder.mkdir(exist_ok=True)
    shutil.copyfile(path, folder / "played.db")
    place = Place(f"sqlite:///{folder / 'played.db'}", staff)
    try:
        yield place
    finally:
        place.close()


@contextmanager
def on_server(served: Served) -> Iterator[Place]:
    """A place on a clone of a server's template; the server is nobody else's, as it is killed at times."""
    server: Server = served.server
    with ExitStack() as stack:
        name = served.clone(served.full)
        stack.callback(server.drop, name)
        proxy = Proxy((server.host, server.port))
        stack.callback(proxy.close)
        place = ServerPlace(served, name, proxy)
        stack.callback(place.close)
        yield place
