"""A file with a story to move, and databases on the tests' server to move it into."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support.floor import Floor
from support.postgres import Server
from support.warehouse import (
    CHEAP,
    PEOPLE,
    SECRET,
    Served,
    SettableClock,
    Staff,
    Warehouse,
    hire,
    open_database,
)
from zeroline.domain.command import under
from zeroline.domain.instant import DAY, MINUTE
from zeroline.domain.views.moving import Moved
from zeroline.services.casework import Casework
from zeroline.services.moving import Moving
from zeroline.services.people import People
from zeroline.services.views import SavedViews
from zeroline.services.workbench import Workbench

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
PREFIX = "mv_"
ADMINISTRATOR = f"{PREFIX}administrator"
NOTE = 'counted “twice”\tby\nQuirós \\N \\. ✓ 2" deep'


def quiet(_done: int, _of: int, _step: str, _table: str) -> None:
    """Nobody looks."""


@dataclass
class Moves:
    """One file, and the server it goes to."""

    server: Server
    served: Served
    file: Path
    staff: Staff
    clock: SettableClock = field(default_factory=lambda: SettableClock(SettableClock().now + 30 * DAY))
    made: list[str] = field(default_factory=list)
    _open: list[Workbench] = field(default_factory=list)

    @property
    def source(self) -> str:
        return f"sqlite:///{self.file}"

    def place(self, template: str | None = "empty") -> str:
        """A new database on the server, set up unless ``template`` is None; its name."""
        name = f"{self.served.empty}_moved_{len(self.made)}"
        self.server.drop(name)
        self.server.create(name, self.served.empty if template else None)
        self.made.append(name)
        return name

    def moving(self, name: str, rows: int = 20_000, **more: Any) -> Moving:
        """The move of the file into a database, as its owner."""
        return Moving(self.source, self.server.url(name), self.clock, rows=rows, **more)

    def move(self, name: str, watch: Any = quiet, *, rows: int = 20_000, **more: Any) -> Moved:
        """Move, or go on."""
        moving = self.moving(name, rows, **more)
        try:
            return moving.move(watch, ADMINISTRATOR, SECRET)
        finally:
            moving.dispose()

    def owner(self, name: str) -> psycopg.Connection[Any]:
        """The superuser's connection, in the schema."""
        connection = self.server.admin(name)
        connection.execute("SET search_path = zeroline")
        return connection

    def edit(self, *statements: str) -> None:
        """Change the file past the program, its guards put back as they were."""
        with closing(sqlite3.connect(self.file)) as raw, raw:
            guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                raw.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                raw.execute(statement)
            for _, sql in guards:
                raw.execute(sql)

    def sits(self, name: str, login: str, secret: str = SECRET) -> tuple[Workbench, Any]:
        """Somebody at a workstation of their own, signed in on the server."""
        services = self.opened(self.server.url(name, ""))
        return services, services.people.sign_in(f"{PREFIX}{login}", secret)

    def opened(self, url: str) -> Workbench:
        """The services over a database, which nobody has looked at yet."""
        made = Workbench(url, self.clock)
        self._open.append(made)
        return made

    def as_program(self, name: str) -> Workbench:
        """The services over a database of the server as its owner; raises as opening it does."""
        made = self.opened(self.server.url(name))
        made.prepare()
        return made

    def clear(self) -> None:
        """The databases go, and the logins."""
        for services in self._open:
            services.dispose()
        for name in self.made:
            self.server.drop(name)
        with self.server.admin() as admin:
            found = admin.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'mv!_%' ESCAPE '!'")
            for (login,) in found.fetchall():
                admin.execute(f'DROP ROLE "{login}"')


@pytest.fixture(scope="session")
def _story(template: Path) -> tuple[Path, Staff]:
    """A file in which something of everything happened."""
    path = template.with_name("story.db")
    shutil.copyfile(template, path)
    clock = SettableClock()
    database = open_database(path, clock)
    made = hire(People(database, CHEAP), {f"{PREFIX}{login}": who for login, who in PEOPLE.items()})
    staff = Staff(**{login.removeprefix(PREFIX): person for login, person in made.items()})
    warehouse = Warehouse(database, clock, staff, path)
    warehouse.source()
    floor = Floor(warehouse)
    warehouse.item("ITEM-9", units={"CS": 12_000_000}, description=NOTE)
    for place in ("A-01", "A-02", "A-03", "A-04"):
        warehouse.move("ITEM-1", place, "6", user="Quirós")
        warehouse.move("ITEM-1", place, "-10", override=True, document="SO-1")
        clock.forward(MINUTE)
    floor.settle(warehouse.key("ITEM-1", "A-01"), "3")
    proposed = floor.propose(warehouse.key("ITEM-1", "A-02"), "2")
    case = floor.case_of(warehouse.key("ITEM-1", "A-03"))
    casework = Casework(database)
    casework.note(staff.supervisor, case, NOTE)
    casework.attach(staff.supervisor, case, "bin.png", PNG)
    floor.document("receipt", "ITEM-9", "4")
    sheet = floor.sheet(warehouse.key("ITEM-1", "A-03"))
    with under("11111111-1111-4111-8111-111111111111"):
        floor.counting.enter(staff.counter, floor.line(sheet), "1")
    SavedViews(database).save(staff.supervisor, "queue", "mine", "{}")
    People(database, CHEAP).set_active(staff.administrator, staff.auditor.id, False)
    assert proposed.adjustment_id
    database.dispose()
    return path, staff


@pytest.fixture
def moves(
    served: Served, postgres_server: Server, _story: tuple[Path, Staff], tmp_path: Path
) -> Iterator[Moves]:
    """The file of the story, and a server."""
    path, staff = _story
    file = tmp_path / "inventory.db"
    shutil.copyfile(path, file)
    made = Moves(postgres_server, served, file, staff)
    yield made
    made.clear()
