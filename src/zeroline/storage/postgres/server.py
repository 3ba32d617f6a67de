"""A PostgreSQL server, opened: how connections are made and what they are set to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, QueuePool, create_engine, event, make_url

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError, Trouble
from zeroline.storage.dialect import to_postgres
from zeroline.storage.postgres.functions import SCHEMA
from zeroline.storage.postgres.locks import On
from zeroline.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from psycopg import Connection as Raw
    from psycopg.abc import AdaptContext
    from sqlalchemy import Connection, Engine

_LOCAL = ("", "localhost", "127.0.0.1", "::1")
CONNECTIONS = 5
"""The most connections a console keeps: reads side by side, one write, one listener."""

OLDEST = 15
"""The oldest major version of the server; before it there is something missing that the schema needs."""


class Server:
    """The server behind a ``postgresql://`` address.

    Who connects is the address's user, or whoever :meth:`become` named. Connections to other machines ask
    for a verified certificate unless the address says otherwise. A server that cannot be reached is given up
    after five seconds, one that falls silent after ten (:mod:`zeroline.storage.postgres.wire`). ``patience``
    (µs) is how long a write waits for another.
    """

    def __init__(self, url: str, read_only: bool, patience: int) -> None:
        self.url = _checked(url)
        self._read_only = read_only
        self._patience = patience
        self.pids: set[int] = set()
        """The server's processes behind connections of this program."""
        self._hurry = Event()

    @property
    def name(self) -> str:
        """What people call the database."""
        return f"{self.url.database} on {self.url.host or 'this machine'}"

    def become(self, login: str, secret: str | None) -> None:
        """Connect as somebody else from now on."""
        self.url = self.url.set(username=login, password=secret)

    def by_machine_user(self) -> None:
        """Without a window: this machine's user connects, unless another login is named."""
        if self.url.username is None:
            import getpass
            import os

            self.become(os.environ.get("PGUSER") or getpass.getuser(), None)

    def nobody(self) -> None:
        """Forget who connected: no password is kept of somebody who left."""
        self.url = self.nameless

    @property
    def nameless(self) -> URL:
        """The address without who connects."""
        return self.url._replace(username=None, password=None)  # set() takes None for "as it is"

    def give_up(self) -> None:
        """Wait for a silent server no longer: the window is closing."""
        self._hurry.set()

    def connection(self) -> Raw[Any]:
        """A connection of its own, set up as all are."""
        return self._known(connect(self.url, self._patience, self._read_only, self._hurry))

    def _known(self, made: Raw[Any]) -> Raw[Any]:
        self.pids.add(made.info.backend_pid)
        return made

    def engine(self) -> Engine:
        """SQLAlchemy's side, over a pool of connections as whoever connects now."""
        url, patience, read_only, hurry = self.url, self._patience, self._read_only, self._hurry
        engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: self._known(connect(url, patience, read_only, hurry)),
            poolclass=_Pool,
            pool_size=CONNECTIONS,
            pool_pre_ping=True,
            pool_reset_on_return="rollback",
        )

        @event.listens_for(engine, "before_cursor_execute", retval=True)
        def _words(
            _connection: Connection, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
        ) -> tuple[str, Any]:
            plain = context is None or context.compiled is None
            return (to_postgres(statement) if plain else statement), parameters

        return engine

    @contextmanager
    def signing(self, login: str, secret: str) -> Iterator[Engine]:
        """An engine for one signature, whose only connection is made now; DomainError ``secret-wrong``."""
        signer = Server(self.url.render_as_string(hide_password=False), False, self._patience)
        signer.pids = self.pids
        signer.become(login, secret)
        engine = signer.engine()
        try:
            try:
                engine.connect().close()
            except Exception as error:
                refused = told(getattr(error, "orig", error), error)
                if isinstance(refused, DomainError) and refused.code == "sign-in-refused":
                    raise DomainError("secret-wrong") from error
                raise
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def reading(self, engine: Engine) -> Iterator[Connection]:
        """A connection whose reads all see one state."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self, engine: Engine, person_id: int, now: int, on: On | None) -> Iterator[UnitOfWork]:
        """A unit of work, alone among those that touch the same (``on``; None: among all) until it ends;
        rolled back unless it was committed."""
        options = {"postgresql_readonly": self._read_only}
        with engine.connect().execution_options(**options) as connection, connection.begin() as transaction:
            work = ServerWork(connection, person_id, now, on)
            yield work
            if not work.committed:
                transaction.rollback()


def now(connection: Connection) -> int:
    """The server's time, µs, whether or not an inventory database is there."""
    sql = "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000000) AS bigint)"
    return int(connection.exec_driver_sql(sql).scalar_one())


class _Pool(QueuePool):
    """A pool that closes what comes back to it after it was thrown away."""

    _thrown_away = False

    def dispose(self) -> None:
        self._thrown_away = True
        super().dispose()

    def _do_return_conn(self, record: Any) -> None:
        if self._thrown_away:
            record.close()
        else:
            super()._do_return_conn(record)


class ServerWork(UnitOfWork):
    """A write on a server: who makes it, its instant and its audit entries are the server's.

    Beside others (``on``) its entries go into the trail at its end, so that the others wait for it no longer
    than that takes.
    """

    def __init__(self, connection: Connection, person_id: int, now: int, on: On | None = None) -> None:
        self._on = on
        self._entries: list[tuple[str, str, str]] = []
        super().__init__(connection, person_id, now)

    def _begin(self, now: int) -> None:
        kinds = None if self._on is None else [kind for kind, _ in self._on]
        ids = None if self._on is None else [id for _, id in self._on]
        self.at, self.person_id = self.connection.exec_driver_sql(
            "SELECT moment, doer FROM begin_write(CAST(? AS bigint), CAST(? AS bigint), CAST(? AS text[]),"
            " CAST(? AS bigint[]))",
            (self.person_id, now, kinds, ids),
        ).one()

    def commit(self) -> Changes:
        """As in any write; entries that were put by are chained."""
        for entry in self._entries:
            self._chain(*entry)
        self._entries.clear()
        return super().commit()

    def refresh_statistics(self) -> None:
        """Have the server look at how much there is now, so that it plans the next questions by that."""
        self.connection.exec_driver_sql("SELECT refresh_statistics()")

    def _write_entry(self, action: str, subject: str, facts: str) -> None:
        if self._on is None:
            self._chain(action, subject, facts)
        else:
            self._entries.append((action, subject, facts))

    def _chain(self, action: str, subject: str, facts: str) -> None:
        self.connection.exec_driver_sql(
            "INSERT INTO audit_entry (at, action, subject, facts) VALUES (?, ?, ?, ?)",
            (self.at, action, subject, facts),
        )

    def _told_before(self, key: str) -> tuple[int, str, str, str] | None:
        row = self.connection.exec_driver_sql("SELECT * FROM command_told(?)", (key,)).first()
        return None if row is None else (row[0], row[1], row[2], row[3])


def settings(url: URL) -> dict[str, Any]:
    """What an address says, by the client library's names, with what it leaves unsaid."""
    local = (url.host or "") in _LOCAL or (url.host or "").startswith("/")
    defaults: dict[str, Any] = {
        "sslmode": "prefer" if local else "verify-full",
        "connect_timeout": "5",
        "application_name": "Zeroline",
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "20000",
    }
    named = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
    }
    queried = {key: str(value) for key, value in url.query.items()}
    return defaults | queried | {name: value for name, value in named.items() if value is not None}


def connect(
    url: URL, patience: int, read_only: bool = False, hurry: Event | None = None, **given: Any
) -> Raw[Any]:
    """One connection, set up: schema, time limits, exact numbers, and an ear for silence."""
    from zeroline.storage.postgres.wire import Attentive

    options = [
        f"-c search_path={SCHEMA},pg_temp",
        f"-c lock_timeout={patience // 1000}",
        f"-c idle_in_transaction_session_timeout={10 * 60 * 1000}",
        "-c timezone=UTC",
        "-c jit=off",  # compiling takes longer than any question of a console
        "-c default_transaction_isolation=read\\ committed",
    ]
    if read_only:
        options.append("-c default_transaction_read_only=on")
    how = settings(url) | given
    connection = Attentive.connect(**how, options=" ".join(options))
    connection.reached_by, connection.hurry = how, hurry
    _exact(connection)
    return connection


def _exact(context: AdaptContext) -> None:
    """Sums of whole numbers come as PostgreSQL's numeric: whole ones are whole numbers here too."""
    from decimal import Decimal

    from psycopg.adapt import Loader

    class Whole(Loader):
        def load(self, data: Any) -> int | Decimal:
            text = bytes(data).decode()
            return Decimal(text) if "." in text or "N" in text or "I" in text else int(text)

    adapters = context.adapters
    assert adapters is not None
    adapters.register_loader("numeric", Whole)


def _checked(url: str) -> URL:
    from sqlalchemy.exc import ArgumentError

    try:
        told = make_url(url)
    except ArgumentError as error:
        raise Trouble("database-url", url=url) from error
    if not told.database:
        raise Trouble("database-url", url=told.render_as_string())
    return told


_TROUBLE = {
    "55P03": "database-locked",
    "57014": "database-locked",  # a statement that took too long
    "53100": "disk-full",
    "53300": "server-full",
    "25006": "database-read-only",
    "57P01": "connection-lost",
    "57P02": "connection-lost",
    "57P03": "server-starting",
    "3D000": "database-missing",
    "3F000": "database-foreign",
    "42P01": "database-foreign",
}


def _asked_for_password(cause: Any) -> bool:
    """Whether a server answered and wanted a password: the words of its refusal are in its own language."""
    half = cause.pgconn
    return half is not None and bool(half.used_password or half.needs_password)


def told(cause: BaseException, error: Exception) -> Exception:
    """The DomainError or Trouble behind a psycopg error, or the error itself if it is our own bug."""
    import psycopg

    if not isinstance(cause, psycopg.Error):
        return error
    text = str(cause)
    code = cause.sqlstate or ""
    if code in ("28P01", "28000") or (not code and _asked_for_password(cause)):
        return DomainError("sign-in-refused")
    if code == "42501":
        return DomainError("not-allowed", right="", role="")
    if code in _TROUBLE:
        return Trouble(_TROUBLE[code], detail=text)
    if isinstance(cause, psycopg.OperationalError) or code.startswith("08"):
        return Trouble("connection-lost", detail=text)
    return error
