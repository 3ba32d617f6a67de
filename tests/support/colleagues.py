"""Colleagues with a database client and their own password, on the tests' PostgreSQL server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import psycopg
import pytest

from support.floor import Floor
from support.postgres import Server
from support.warehouse import SECRET, Served, SettableClock, Staff, Warehouse
from zeroline.domain.person import Person
from zeroline.services.workbench import Workbench
from zeroline.storage.engine import Database
from zeroline.storage.postgres import logins


@dataclass
class Colleagues:
    """A staffed warehouse on a server where each of the staff has their login.

    ``floor`` and ``warehouse`` write as the program; :meth:`as_` is somebody's own connection, in which every
    statement is a transaction of its own.
    """

    server: Server
    name: str
    warehouse: Warehouse
    floor: Floor

    @property
    def staff(self) -> Staff:
        return self.warehouse.people

    def url(self, login: str = "", secret: str = SECRET) -> str:
        """The database's address, of nobody or of a person."""
        return self.server.url(self.name, login, secret)

    @contextmanager
    def as_(self, person: Person, secret: str = SECRET) -> Iterator[psycopg.Connection[Any]]:
        """A person's own connection, as psql would make it."""
        connection = psycopg.connect(
            host=self.server.host,
            port=self.server.port,
            user=person.login,
            password=secret,
            dbname=self.name,
            autocommit=True,
            options="-c search_path=zeroline",
        )
        with connection:
            yield connection

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection with the rights of the owner of all tables."""
        with self.server.admin(self.name) as connection:
            connection.execute(
                "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'landlord')"
                " THEN CREATE ROLE landlord LOGIN PASSWORD 'landlord' IN ROLE zeroline_owner; END IF; END $$"
            )
        with psycopg.connect(
            host=self.server.host, port=self.server.port, user="landlord", password="landlord",
            dbname=self.name, autocommit=True, options="-c search_path=zeroline",
        ) as connection:  # fmt: skip
            connection.execute("SET ROLE zeroline_owner")
            yield connection

    def trail(self) -> list[tuple[int, str, str, str]]:
        """Person, action, subject and facts of every audit entry."""
        with self.server.admin(self.name) as connection:
            return connection.execute(
                "SELECT person_id, action, subject, facts FROM zeroline.audit_entry ORDER BY seq"
            ).fetchall()


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """The server refuses what is tried inside: by a guard with one of these codes, or for want of a right."""
    with pytest.raises(psycopg.Error) as caught:
        yield
    text = str(caught.value)
    if isinstance(caught.value, psycopg.errors.InsufficientPrivilege):
        text = f"zeroline:right: {text}"
    assert any(text.startswith(f"zeroline:{code}:") for code in codes), text


@pytest.fixture(scope="session")
def _with_logins(served: Served) -> str:
    """The staffed template once more, with a login for everybody."""
    name = f"{served.full}_logins"
    served.server.drop(name)
    served.server.create(name, served.full)
    database = Database(served.url(name), SettableClock())
    with database.write() as work:
        for field in fields(served.staff):
            person: Person = getattr(served.staff, field.name)
            logins.keep(work, person.id, logins.made(work.connection, person.login, SECRET))
        work.audit("logins made", "people")
        work.changed(everything=True)
        work.commit()
    database.dispose()
    return name


@pytest.fixture
def colleagues(served: Served, _with_logins: str, clock: SettableClock) -> Iterator[Colleagues]:
    """People with their logins and a warehouse with something to settle."""
    for opened in served.opened(_with_logins, clock):
        warehouse = Warehouse(opened, clock, served.staff, None)  # type: ignore[arg-type]
        warehouse.source()
        assert opened.server is not None
        yield Colleagues(served.server, str(opened.server.url.database), warehouse, Floor(warehouse))


SignedIn = Callable[[Person], Workbench]


@pytest.fixture
def signed_in(colleagues: Colleagues) -> Iterator[SignedIn]:
    """The services as somebody with their own login."""
    opened: list[Workbench] = []

    def enter(person: Person) -> Workbench:
        made = Workbench(colleagues.url(), lambda: time.time_ns() // 1_000)
        opened.append(made)
        made.people.sign_in(person.login, SECRET)
        return made

    yield enter
    for made in opened:
        made.dispose()
