"""A place on a server where everybody works through their own login, and some at one site only.

What a person does goes over a connection of their own, so the server knows whose hand it is: rows of other
sites are not there for them, a counter sees no book and hands counts in, a signature is a connection made for
it. The instants are the server's, so what comes of a seed here is only nearly the same again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from typing import Any

from simulation.places import ServerPlace
from support.proxy import Proxy
from support.warehouse import CHEAP, SECRET, Served
from zeroline.domain.person import Person
from zeroline.services.workbench import Workbench
from zeroline.storage.postgres import logins

AT_ONE_SITE = {
    "counter": "MAIN",
    "other_counter": "NORTH",
    "other_supervisor": "NORTH",
    "other_manager": "MAIN",
}
"""Who works at one site only; everybody else at both."""

UNTOLD = frozenset(("clock", "reconnect"))
"""Steps that are not played here: time is the server's."""


class _Hands:
    """One service: what a person does is done by the workbench of their login, all else by the program's."""

    def __init__(self, place: LoginPlace, service: str) -> None:
        self._place, self._service = place, service

    def __getattr__(self, verb: str) -> Any:
        def act(*given: Any, **more: Any) -> Any:
            first = given[0] if given else None
            by = self._place.of(first) if isinstance(first, Person) and first.id else self._place.program
            return getattr(getattr(by, self._service), verb)(*given, **more)

        return act


class _Everybody:
    """Stands for a workbench where whoever is named does it."""

    def __init__(self, place: LoginPlace) -> None:
        self._place = place

    def __getattr__(self, service: str) -> Any:
        if service in ("database", "auditing"):
            return getattr(self._place.program, service)
        return _Hands(self._place, service)

    def dispose(self) -> None:
        """Close every connection of everybody."""
        self._place.program.dispose()
        for bench in self._place.benches.values():
            bench.dispose()
        self._place.benches.clear()


class LoginPlace(ServerPlace):
    """A database on a server, worked on by people with their logins."""

    name = "logins"

    def __init__(self, served: Served, name: str, proxy: Proxy) -> None:
        self._served, self._database = served, name
        self.benches: dict[str, Workbench] = {}
        super().__init__(served, name, proxy)
        with self.program.database.write() as work:
            for field in fields(self.staff):
                person: Person = getattr(self.staff, field.name)
                logins.keep(work, person.id, logins.made(work.connection, person.login, SECRET))
            for who, site in AT_ONE_SITE.items():
                work.connection.exec_driver_sql(
                    "INSERT INTO person_site (person_id, site_id) SELECT ?, id FROM site WHERE code = ?",
                    (getattr(self.staff, who).id, site),
                )
            work.audit("sites of people", "people")
            work.changed(everything=True)
            work.commit()

    def opened(self) -> Any:
        self.clock.now = time.time_ns() // 1_000
        self.program = Workbench(self.url, self.clock, hasher=CHEAP)
        return _Everybody(self)

    def of(self, person: Person) -> Workbench:
        """The services of a person, over connections with their login."""
        if person.login not in self.benches:
            url = self._served.server.url(self._database, person.login, SECRET)
            self.benches[person.login] = Workbench(url, self.clock, hasher=CHEAP)
        return self.benches[person.login]


@contextmanager
def on_logins(served: Served) -> Iterator[LoginPlace]:
    """A place on a clone of a server's template, with logins."""
    with ExitStack() as stack:
        name = served.clone(served.full)
        stack.callback(served.server.drop, name)
        proxy = Proxy((served.server.host, served.server.port))
        stack.callback(proxy.close)
        place = LoginPlace(served, name, proxy)
        stack.callback(place.close)
        yield place
