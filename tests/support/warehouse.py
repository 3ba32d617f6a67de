"""A small real warehouse for tests: a migrated SQLite file, copied for each test, with people in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select

from support.initial_migration import differences
from zeroline.domain.instant import DAY, parse
from zeroline.domain.person import Person, Role
from zeroline.domain.quantity import parse as micro
from zeroline.domain.views.people import Given
from zeroline.services.people import People
from zeroline.storage import casework, ledger, migrate, schema
from zeroline.storage.engine import Database
from zeroline.storage.guard import TRIGGERS
from zeroline.storage.postgres import setting_up

SECRET = "correct horse"
PIN = "2468"
START = parse("2026-03-02T06:00:00Z")  # a Monday
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2 for tests: the same algorithm at the least cost."""


class SettableClock:
    """The time of a test: stands still until it is set or moved on."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, microseconds: int) -> int:
        """Move on and answer the new instant."""
        self.now += microseconds
        return self.now

    def set(self, moment: int | str) -> int:
        """Stand at an instant, given in µs or as ISO text."""
        self.now = parse(moment) if isinstance(moment, str) else moment
        return self.now


@dataclass(frozen=True)
class Staff:
    """One person of each hand that the rules tell apart; secret ``correct horse``, pin ``2468``.

    The badge of a person is ``BADGE-`` and their login.
    """

    counter: Person
    other_counter: Person
    supervisor: Person
    other_supervisor: Person
    manager: Person
    other_manager: Person
    auditor: Person
    administrator: Person
    other_administrator: Person


PEOPLE = {
    "administrator": ("Ada Administrator", Role.ADMINISTRATOR),
    "other_administrator": ("Orla Otheradministrator", Role.ADMINISTRATOR),
    "counter": ("Cora Counter", Role.COUNTER),
    "other_counter": ("Otto Othercounter", Role.COUNTER),
    "supervisor": ("Sam Supervisor", Role.SUPERVISOR),
    "other_supervisor": ("Olga Othersupervisor", Role.SUPERVISOR),
    "manager": ("Mara Manager", Role.MANAGER),
    "other_manager": ("Omar Othermanager", Role.MANAGER),
    "auditor": ("Aino Auditor", Role.AUDITOR),
}


@dataclass
class Warehouse:
    """Builds what a test needs: items, locations and movements, written past the services.

    ``path`` is the database's file. On a server there is none; other files of the test lie beside it anyway.
    ``owner`` is a server's address for whoever may take guards away.
    """

    database: Database
    clock: SettableClock
    people: Staff
    path: Path
    owner: str = ""
    _made: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _references: int = 0

    @property
    def url(self) -> str:
        """The address that another program, or another connection, opens this database by."""
        return self.database.url

    def drop_guards(self, *names: str) -> None:
        """Take guards away, as only who has the file or administers the server can."""
        owner = Database(self.owner or self.url, self.clock)
        with owner.engine.begin() as connection:
            for name in names:
                on = f" ON {TRIGGERS[name].event.rpartition(' ')[2]}" if self.owner else ""
                connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
        owner.dispose()

    def item(
        self,
        code: str = "ITEM-1",
        *,
        cost: int | str = "2.50",
        unit: str = "EA",
        abc_class: str = "",
        item_class: str = "",
        decimals: int = 0,
        description: str = "",
        units: dict[str, int] | None = None,
    ) -> int:
        """Id of the item, made on first mention; ``cost`` a decimal text or micro-currency."""
        return self._once(
            ("item", code),
            schema.item,
            {
                "code": code,
                "description": description or f"Description of {code}",
                "base_unit": unit,
                "unit_cost": micro(cost) if isinstance(cost, str) else cost,
                "abc_class": abc_class,
                "item_class": item_class,
                "decimals": decimals,
            },
            [
                (schema.item_unit, {"unit": name, "numerator": factor, "denominator": 1})
                for name, factor in (units or {}).items()
            ],
        )

    def site(self, code: str = "MAIN") -> int:
        """Id of the site, made on first mention."""
        return self._once(("site", code), schema.site, {"code": code, "name": code})

    def location(
        self,
        code: str = "A-01",
        *,
        site: str = "MAIN",
        warehouse: str = "WH1",
        zone: str = "A",
        kind: str = "bin",
    ) -> int:
        """Id of the location, made on first mention."""
        return self._once(
            ("location", code),
            schema.location,
            {
                "code": code,
                "site_id": self.site(site),
                "warehouse": warehouse,
                "zone": zone,
                "kind": kind,
            },
        )

    def source(self, code: str = "wms") -> int:
        """Id of the source system, made on first mention."""
        with self.database.read() as connection:
            found = connection.execute(
                select(schema.source.c.id).where(schema.source.c.code == code)
            ).scalar()
        return found or self._once(("source", code), schema.source, {"code": code, "name": code})

    def key(
        self, item: str = "ITEM-1", location: str = "A-01", lot: str = "", status: str = "available"
    ) -> int:
        """Id of the stock key, made on first mention with its item and location."""
        return self._once(
            ("key", item, location, lot, status),
            schema.stock_key,
            {
                "item_id": self.item(item),
                "location_id": self.location(location),
                "lot": lot,
                "status": status,
            },
        )

    def move(
        self,
        item: str,
        location: str,
        quantity: int | str,
        recorded: int | str | None = None,
        occurred: int | str | None = None,
        *,
        kind: str | None = None,
        lot: str = "",
        status: str = "available",
        document: str = "",
        user: str = "wms-user",
        source: str = "wms",
        reference: str = "",
        override: bool = False,
        time_basis: str = "both",
        cases: bool = True,
    ) -> int:
        """Append one movement; balance, episodes and cases follow, as after an import. Answers its sequence.

        ``quantity`` a decimal text or micro-units; ``recorded`` and ``occurred`` ISO texts or µs (the clock
        where absent; occurred defaults to recorded).
        """
        amount = micro(quantity) if isinstance(quantity, str) else quantity
        recorded_at = self.clock() if recorded is None else _instant(recorded)
        occurred_at = recorded_at if occurred is None else _instant(occurred)
        self._references += 1
        row = ledger.NewMovement(
            self.key(item, location, lot, status),
            amount,
            kind or ("receipt" if amount >= 0 else "pick"),
            occurred_at,
            recorded_at,
            self.source(source),
            reference or f"T{self._references:06d}",
            time_basis,
            document,
            user_name=user,
            entered_quantity=amount,
            entered_unit="EA",
            override=override,
            import_id=self._import(),
        )
        with self.database.write() as work:
            appended = ledger.append(work.connection, [row])
            if cases:
                casework.sync(work, appended.keys)
            work.audit("test movement", f"movement {appended.last}")
            work.changed(ledger=appended.keys)
            work.commit()
        return appended.last

    def _import(self) -> int:
        return self._once(("import",), schema.import_run, {"kind": "movements", "at": self.clock()})

    def days(self, count: int) -> int:
        """So many days in µs."""
        return count * DAY

    def _once(
        self,
        name: tuple[Any, ...],
        table: Any,
        values: dict[str, Any],
        children: list[tuple[Any, dict[str, Any]]] | None = None,
    ) -> int:
        known = ("code",) if "code" in table.c else tuple(values)
        if name not in self._made:
            with self.database.read() as connection:
                there = select(table.c.id).where(*(table.c[column] == values[column] for column in known))
                if (found := connection.execute(there).scalar()) is not None:
                    self._made[name] = found
        if name not in self._made:
            with self.database.write() as work:
                made = int(work.connection.execute(insert(table).values(**values)).inserted_primary_key[0])
                for child, row in children or []:
                    work.connection.execute(insert(child).values(**row, **{f"{table.name}_id": made}))
                work.audit("test record", f"{table.name} {made}")
                work.changed(everything=True)
                work.commit()
            self._made[name] = made
        return self._made[name]


def _instant(moment: int | str) -> int:
    return parse(moment) if isinstance(moment, str) else moment


def open_database(path: Path, clock: SettableClock) -> Database:
    """The database of a file, with the clock of the test."""
    return Database(f"sqlite:///{path}", clock)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copy it, never write it."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = open_database(path, SettableClock())
    migrate.prepare(database)
    database.dispose()
    if differences(path):
        pytest.fail("storage/schema changed: run python -m support.initial_migration (in tests/)")
    return path


def hire(people: People, wanted: Mapping[str, tuple[str, Role]]) -> dict[str, Person]:
    """People of an empty database by login: the first two look after people and confirm each other's."""
    (first, (name, _)), (second, _), *_ = wanted.items()
    made = {first: people.create_first_administrator(first, name, SECRET)}
    for login, (name, role) in wanted.items():
        if login != first:
            made[login] = confirmed(
                people, made.get(second), people.add(made[first], login, name, role, SECRET)
            )
        if login == second:
            people.set_secret(made[second], made[second].id, SECRET)
    return made


def confirmed(people: People, second: Person | None, given: Given) -> Person:
    """The person, once the second administrator has confirmed what waits for it."""
    if given.waiting is None:
        return given.person
    assert second is not None
    return people.confirm(second, given.waiting.id, SECRET).person


@pytest.fixture(scope="session")
def _staffed(template: Path) -> tuple[Path, Staff]:
    path = template.with_name("staffed.db")
    shutil.copyfile(template, path)
    database = open_database(path, SettableClock())
    staff = staffed(database)
    database.dispose()
    return path, staff


def staffed(database: Database) -> Staff:
    """People of each role in a new database."""
    people = People(database, CHEAP)
    made = hire(people, PEOPLE)
    administrator = made["administrator"]
    for login, person in made.items():
        people.set_badge(administrator, person.id, f"BADGE-{login}", PIN)
    return Staff(**made)


class Served:
    """Inventory databases on the tests' PostgreSQL server, opened as the program itself.

    Every test has one of its own, cloned from a template that was set up once.
    """

    def __init__(self, server: Any, worker: str) -> None:
        self.server = server
        self.login, self.password = f"program_{worker}", "as the program"
        self._name = f"zeroline_{worker}"
        self._count = 0
        self.empty, self.full = f"{self._name}_empty", f"{self._name}_staffed"
        for name in (self.empty, self.full):
            server.drop(name)
        server.create(self.empty)
        owner = Database(server.url(self.empty, server.superuser, server.password), SettableClock())
        setting_up.set_up(owner)
        with owner.engine.begin() as connection:
            there = "SELECT 1 FROM pg_roles WHERE rolname = ?"
            if connection.exec_driver_sql(there, (self.login,)).first() is None:
                connection.exec_driver_sql(
                    f"CREATE ROLE {self.login} LOGIN PASSWORD '{self.password}' IN ROLE zeroline_program"
                )
        owner.dispose()
        server.create(self.full, self.empty)
        database = Database(self.url(self.full), SettableClock())
        self.staff = staffed(database)
        database.dispose()

    def url(self, name: str) -> str:
        """The address of a database for the program."""
        made: str = self.server.url(name, self.login, self.password)
        return made

    def owner(self, database: Database) -> str:
        """The address of a database for whoever set it up."""
        assert database.server is not None
        name = str(database.server.url.database)
        made: str = self.server.url(name, self.server.superuser, self.server.password)
        return made

    def clone(self, template: str) -> str:
        """The name of a new database, a copy of a template."""
        self._count += 1
        name = f"{self._name}_{self._count}"
        self.server.drop(name)
        self.server.create(name, template)
        return name

    def opened(self, template: str, clock: SettableClock) -> Iterator[Database]:
        """A copy of a template, opened; dropped afterwards."""
        name = self.clone(template)
        database = Database(self.url(name), clock)
        yield database
        database.dispose()
        self.server.drop(name)


@pytest.fixture(scope="session")
def served(request: pytest.FixtureRequest) -> Served:
    """Databases on the tests' server."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return Served(request.getfixturevalue("postgres_server"), worker)


@pytest.fixture
def backend() -> str:
    """Which database a test runs on: ``sqlite``, or ``postgresql`` where a suite runs on both."""
    return "sqlite"


@pytest.fixture
def clock() -> SettableClock:
    """The time of this test, starting on Monday 2 March 2026, 06:00 UTC."""
    return SettableClock()


@pytest.fixture
def database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock
) -> Iterator[Database]:
    """A fresh inventory database without people."""
    if backend == "postgresql":
        on_server: Served = request.getfixturevalue("served")
        yield from on_server.opened(on_server.empty, clock)
        return
    path = tmp_path / "inventory.db"
    shutil.copyfile(request.getfixturevalue("template"), path)
    opened = open_database(path, clock)
    yield opened
    opened.dispose()


@pytest.fixture
def warehouse(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock
) -> Iterator[Warehouse]:
    """A fresh inventory database with people of each role."""
    if backend == "postgresql":
        on_server: Served = request.getfixturevalue("served")
        for opened in on_server.opened(on_server.full, clock):
            yield Warehouse(
                opened, clock, on_server.staff, tmp_path / "warehouse.db", on_server.owner(opened)
            )
        return
    template_path, staff = request.getfixturevalue("_staffed")
    path = tmp_path / "warehouse.db"
    shutil.copyfile(template_path, path)
    opened = open_database(path, clock)
    yield Warehouse(opened, clock, staff, path)
    opened.dispose()


def on_both(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses a database on both kinds, unless it is about files (``pytest.mark.sqlite``) or
    names its ``backend`` itself."""
    uses = {"database", "warehouse"} & set(metafunc.fixturenames)
    named = any("backend" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if uses and not named and metafunc.definition.get_closest_marker("sqlite") is None:
        metafunc.parametrize("backend", ["sqlite", "postgresql"])
