"""Where the machine plays: a database with people in it, which can be killed and opened anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from support.warehouse import CHEAP, Served, SettableClock, Staff, Warehouse, open_database, staffed
from zeroline.services.workbench import Workbench
from zeroline.storage import migrate

KEYS = (("BRG", "A-01"), ("BRG", "A-02"), ("GLV", "A-01"), ("GLV", "N-01"), ("OIL", "N-01"), ("OIL", "N-02"))
"""Item and location; those beginning with N are of the second site."""


class Killed(BaseException):
    """The process died here."""


class Place:
    """One database with its services. ``name`` tells which kind it is."""

    def __init__(self, name: str, url: str, staff: Staff) -> None:
        self.name, self.url, self.staff = name, url, staff
        self.clock = SettableClock()
        self.bench = Workbench(url, self.clock, hasher=CHEAP)
        warehouse = Warehouse(self.bench.database, self.clock, staff, Path("no file"))
        warehouse.source()
        for item, cost, letter in (("BRG", "2.50", "A"), ("GLV", "1.00", "C"), ("OIL", "90.00", "")):
            warehouse.item(item, cost=cost, abc_class=letter)
        for item, location in KEYS:
            warehouse.location(location, site="NORTH" if location.startswith("N") else "MAIN")
            warehouse.key(item, location)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement reads."""
        with self.bench.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql, values)]

    def reconnect(self) -> None:
        """Throw every connection away and open the database anew."""
        self.bench.dispose()
        self.bench = Workbench(self.url, self.clock, hasher=CHEAP)

    @contextmanager
    def dying(self, after: int) -> Iterator[None]:
        """The process dies after so many statements that write, at the latest before something is kept."""
        engine, left = self.bench.database.engine, [after]

        def count(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
                left[0] -= 1
                if left[0] < 0:
                    die(connection)

        def die(connection: Any) -> None:
            connection.connection.dbapi_connection.rollback()
            connection.invalidate()
            raise Killed

        event.listen(engine, "after_cursor_execute", count)
        event.listen(engine, "commit", die)
        try:
            yield
        finally:
            event.remove(engine, "after_cursor_execute", count)
            event.remove(engine, "commit", die)


def sqlite_template(folder: Path) -> tuple[Path, Staff]:
    """A file with people in it."""
    path = folder / "staffed.db"
    database = open_database(path, SettableClock())
    migrate.prepare(database)
    staff = staffed(database)
    database.dispose()
    return path, staff


def on_sqlite(template: tuple[Path, Staff], folder: Path) -> Place:
    """A place on a copy of a file."""
    path, staff = template
    shutil.copyfile(path, folder / "played.db")
    return Place("sqlite", f"sqlite:///{folder / 'played.db'}", staff)


@contextmanager
def on_server(served: Served) -> Iterator[Place]:
    """A place on a clone of the server's template; dropped afterwards."""
    name = served.clone(served.full)
    place = Place("postgresql", served.url(name), served.staff)
    try:
        yield place
    finally:
        place.bench.dispose()
        served.server.drop(name)
