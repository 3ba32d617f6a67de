"""One database, opened: connections for reading, units of work for writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.domain.instant import SECOND, Clock
from zeroline.storage.driver import File, Plain, Texts, Upkeep
from zeroline.storage.unit_of_work import PlainWork, UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from zeroline.domain.changes import News
    from zeroline.storage.news import FileNews
    from zeroline.storage.postgres.locks import On
    from zeroline.storage.postgres.server import Server

__all__ = ["Connection", "Database"]

PREFIX = "zeroline:"
"""A trigger's refusal begins so; the word up to the next colon is the DomainError code."""


class Database:
    """An inventory database. Read side: :meth:`read`; write side: :meth:`write`, one writer at a time.

    ``read_only`` opens an existing file without ever writing to it; ``patience`` is how long a write waits
    for another program's, µs. Raises Trouble ``database-url`` for an address that is not a SQLite file;
    every read and write raises Trouble for the surroundings (locked, full, read-only, damaged) and
    DomainError for a rule that the database itself refused.

    SQLAlchemy is imported by the first :meth:`read` or :meth:`write`. What a start waits for is SQL as text
    and goes through :meth:`read_plain` and :meth:`write_plain`, which do without it.
    """

    def __init__(
        self, url: str, clock: Clock, *, read_only: bool = False, patience: int = 15 * SECOND
    ) -> None:
        self.clock = clock
        self.read_only = read_only
        self.server: Server | None = None
        self._engine: Engine | None = None
        self._making = Lock()
        self._as_program: bool | None = None
        self._news: FileNews | None = None
        if url.partition(":")[0].partition("+")[0] in ("postgresql", "postgres"):
            from zeroline.storage.postgres.server import Server

            self.server = Server(url, read_only, patience)
        else:
            self.path = _file_of(url)
            self._file = File(self.path, read_only, patience)

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's side of the database, made on first use; Cancelled while nobody is signed in to a
        server."""
        if self.server is not None and self.server.url.username is None:
            raise Cancelled
        with self._making:
            if self._engine is None:
                self._engine = _engine(self._file) if self.server is None else self.server.engine()
            return self._engine

    @property
    def by_login(self) -> bool:
        """Whether people connect as themselves: on a server, unless the program acts for them."""
        if self.server is None:
            return False
        if self._as_program is None:
            if self.server.url.username is None:
                return True
            with self.read() as connection:
                self._as_program = bool(connection.exec_driver_sql("SELECT is_program()").scalar())
        return not self._as_program

    def sign_in(self, login: str, secret: str) -> int:
        """Connect to the server as a person from now on; their id.

        Raises DomainError ``sign-in-refused`` or ``person-disabled``, Trouble ``server-too-old``,
        ``database-not-set-up`` and those of the surroundings.
        """
        from zeroline.storage.people import connected
        from zeroline.storage.postgres import setting_up

        assert self.server is not None
        self.dispose()
        self._as_program = False
        self.server.become(login, secret)
        try:
            with self.read() as connection:
                setting_up.greet(connection)
                person_id = connected(connection)
        except BaseException:
            self.sign_out()
            raise
        if person_id is None:
            self.sign_out()
            raise DomainError("person-disabled")
        return person_id

    def sign_out(self) -> None:
        """Throw away every connection, and the secret they were made with."""
        self.dispose()
        if self.server is not None and self.by_login:
            self.server.nobody()

    def opens(self, login: str, secret: str) -> bool:
        """Whether the server lets this login in with this secret."""
        assert self.server is not None
        try:
            with self.server.signing(login, secret):
                return True
        except DomainError:
            return False

    def verifier(self, login: str, secret: str) -> str:
        """What a server keeps of a secret; nothing is sent."""
        from zeroline.storage.postgres import logins

        with self.read() as connection:
            return logins.made(connection, login, secret)

    @contextmanager
    def signing(self, person_id: int, login: str, secret: str, on: On) -> Iterator[UnitOfWork]:
        """A unit of work that carries a signature: on a server over a connection that is made for it with the
        secret. DomainError ``secret-wrong`` where the secret is not the person's."""
        if self.server is None or not self.by_login:
            with self.write(person_id, on) as work:
                yield work
            return
        with (
            self.server.signing(login, secret) as engine,
            translated(),
            self.server.writing(engine, person_id, self.clock(), on) as work,
        ):
            yield work

    @property
    def place(self) -> str:
        """Where the database is, for people: a path, or an address without its password."""
        return str(self.path) if self.server is None else self.server.url.render_as_string()

    @property
    def address(self) -> str:
        """What others open the database by: the path of a file, or an address that names no login."""
        if self.server is None:
            return str(self.path)
        return self.server.nameless.render_as_string()

    @property
    def whereabouts(self) -> str:
        """The same for everybody who works with this database from this machine: its file, or its server's
        name, port and database."""
        if self.server is None:
            return str(self.path.absolute())
        url = self.server.url
        return f"{url.host or ''}:{url.port or 5432}/{url.database}"

    def now(self) -> int:
        """The present instant (µs) by the clock that writes go by: where people connect as themselves it is
        the server's."""
        if not self.by_login:
            return self.clock()
        with self.read() as connection:
            return int(connection.exec_driver_sql("SELECT now_us()").scalar_one())

    @property
    def name(self) -> str:
        """What people call the database."""
        return self.path.name if self.server is None else self.server.name

    @property
    def url(self) -> str:
        """The address another connection is opened by; a server's carries the password, so it is written
        nowhere."""
        if self.server is None:
            return f"sqlite:///{self.path}"
        return self.server.url.render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads all see one state of the database; nothing it writes is kept."""
        with translated():
            if self.server is not None:
                with self.server.reading(self.engine) as connection:
                    yield connection
            else:
                with self.engine.connect() as connection:
                    yield connection

    @contextmanager
    def read_plain(self) -> Iterator[Texts]:
        """The same for SQL as text."""
        if self.server is not None:
            with self.read() as ordinary:
                yield ordinary
            return
        with translated(), self._file.begun("BEGIN") as connection:
            yield Plain(connection)

    @contextmanager
    def write(self, person_id: int = 0, on: On | None = None) -> Iterator[UnitOfWork]:
        """A unit of work as ``person_id`` (0: the program): rolled back unless ``commit()`` was called.

        ``on`` is what it touches: a server then lets others write beside it that touch something else
        (:mod:`zeroline.storage.postgres.locks`); None: it is alone. A file has one writer at a time.
        """
        if self.server is not None:
            with translated(), self.server.writing(self.engine, person_id, self.clock(), on) as work:
                yield work
            return
        with (
            translated(),
            self._own() as about_to_commit,
            self.engine.connect().execution_options(zeroline_write=True) as connection,
            connection.begin() as transaction,
        ):
            work = UnitOfWork(connection, person_id, self.clock())
            yield work
            if not work.committed:
                transaction.rollback()
            else:
                about_to_commit(work.entries)

    @contextmanager
    def write_plain(self, person_id: int = 0) -> Iterator[PlainWork]:
        """The same for SQL as text."""
        if self.server is not None:
            with self.write(person_id) as ordinary:
                yield ordinary
            return
        with (
            translated(),
            self._own() as about_to_commit,
            self._file.begun("BEGIN IMMEDIATE") as connection,
        ):
            work = PlainWork(Plain(connection), person_id, self.clock())
            yield work
            if work.committed:
                about_to_commit(work.entries)
                connection.execute("COMMIT")

    @contextmanager
    def upkeep(self) -> Iterator[Texts]:
        """A write to rows that are no evidence (:data:`driver.UPKEPT`): kept at the end, without an audit
        entry and without Changes. RuntimeError for any other table: a bug of ours.
        """
        if self.server is not None:
            with translated(), self.engine.begin() as ordinary:
                yield Upkeep(ordinary)
            return
        with translated(), self._file.begun("BEGIN IMMEDIATE") as connection:
            yield Upkeep(Plain(connection))
            connection.execute("COMMIT")

    def news(self) -> News:
        """What other workstations write from now on; what this Database writes is left out."""
        if self.server is not None:
            from zeroline.storage.postgres.news import ServerNews

            return ServerNews(self.server)
        from zeroline.storage.news import FileNews

        self._news = FileNews(self._file)
        return self._news

    @contextmanager
    def _own(self) -> Iterator[Callable[[range], None]]:
        """Around a write: what it says it is about to commit is no news, unless the commit fails."""
        news, own = self._news, list[range]()

        def about_to_commit(entries: range) -> None:
            if news is not None:
                own.append(entries)
                news.expect(entries)

        try:
            yield about_to_commit
        except BaseException:
            for entries in own:
                assert news is not None
                news.give_up(entries)
            raise

    def give_up(self) -> None:
        """Wait for a server that has fallen silent no longer: the window is closing."""
        if self.server is not None:
            self.server.give_up()

    def dispose(self) -> None:
        """Close every connection; those in use are closed as soon as their read or write has ended."""
        with self._making:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()
        if self.server is None:
            self._file.close()


def _file_of(url: str) -> Path:
    """The SQLite file behind an address. Plain addresses of a file are read here, any other by SQLAlchemy."""
    scheme, _, name = url.partition(":///")
    if scheme != "sqlite" or not {"?", "%"}.isdisjoint(name):
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            told = make_url(url)
        except ArgumentError as error:
            raise Trouble("database-url", url=url) from error
        name = told.database or "" if told.get_backend_name() == "sqlite" else ""
    if not name or name == ":memory:":
        raise Trouble("database-url", url=url)
    return Path(name)


def _engine(file: File) -> Engine:
    from sqlalchemy import QueuePool, create_engine, event

    engine = create_engine("sqlite://", creator=file.connection, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("zeroline_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises inside into DomainError or Trouble, as :func:`told`."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver raised
        meant = told(cause, error)
        if meant is error:
            raise
        raise meant from error


_TROUBLE = {
    sqlite3.SQLITE_BUSY: "database-locked",
    sqlite3.SQLITE_LOCKED: "database-locked",
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_READONLY: "database-read-only",
    sqlite3.SQLITE_CORRUPT: "database-damaged",
    sqlite3.SQLITE_NOTADB: "database-not-a-database",
    sqlite3.SQLITE_CANTOPEN: "database-cannot-open",
    sqlite3.SQLITE_IOERR: "database-io",
    sqlite3.SQLITE_PERM: "database-read-only",
}


def told(cause: BaseException, error: Exception) -> Exception:
    """The DomainError or Trouble behind a driver's error, or the error itself if it is our own bug."""
    if not isinstance(cause, sqlite3.Error) and not type(cause).__module__.startswith("psycopg"):
        return error
    text = str(cause)
    start = text.find(PREFIX)
    if start >= 0:
        code, _, detail = text[start + len(PREFIX) :].partition(":")
        return DomainError(code.strip(), detail=detail.splitlines()[0].strip())
    number = getattr(cause, "sqlite_errorcode", None)
    if number is not None and (number & 0xFF) in _TROUBLE:
        return Trouble(_TROUBLE[number & 0xFF], detail=text)
    if not isinstance(cause, sqlite3.Error):
        from zeroline.storage.postgres.server import told as told_by_server

        return told_by_server(cause, error)
    return error
