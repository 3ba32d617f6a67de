"""What every verb works with: the database, the clock, and the two streams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from zeroline.domain.errors import Trouble
from zeroline.domain.instant import Clock
from zeroline.services.workbench import Workbench
from zeroline.wording import sentence


@dataclass(frozen=True, slots=True)
class Setting:
    """``given_url`` is what the person named (None: nothing), ``url`` what is used."""

    url: str
    given_url: str | None
    clock: Clock
    out: TextIO
    err: TextIO

    def say(self, words: str) -> None:
        """A line of the answer."""
        self.out.write(words + "\n")

    def tell(self, words: str) -> None:
        """A line beside the answer: a complaint, a remark."""
        self.err.write(words + "\n")

    @contextmanager
    def writing(self) -> Iterator[Workbench]:
        """The services over a database that is created or upgraded first. Raises Trouble."""
        services = Workbench(self.url, self.clock)
        try:
            if services.database.server is None and self.given_url is None:
                folder = services.database.path.parent
                try:
                    folder.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    detail = error.strerror or str(error)
                    raise Trouble("file-unwritable", file=str(folder), detail=detail) from error
            services.identify()
            services.prepare()
            self._look_at_clock(services, writing=True)
            yield services
        finally:
            services.dispose()

    def _look_at_clock(self, services: Workbench, *, writing: bool) -> None:
        """Say that the clock is wrong; the program, whose own time is recorded, does not write then."""
        trouble = services.clock_trouble()
        if trouble is not None and writing and not services.database.by_login:
            raise trouble
        if trouble is not None:
            self.tell(sentence(trouble))

    @contextmanager
    def existing(self) -> Iterator[Workbench]:
        """The services over a database that exists, upgraded if it is older.

        Raises Trouble ``database-missing`` and those of opening it.
        """
        services = Workbench(self.url, self.clock)
        try:
            _check_there(services)
            services.identify()
            services.prepare()
            self._look_at_clock(services, writing=True)
            yield services
        finally:
            services.dispose()

    @contextmanager
    def setting_up(self, *, beside_others: bool) -> Iterator[Workbench]:
        """The services over a database that is set up first, on a server with its roles and rights."""
        services = Workbench(self.url, self.clock)
        if services.database.server is None:
            services.dispose()
            with self.writing() as made:
                yield made
            return
        try:
            services.identify()
            trouble = services.clock_trouble(as_program=True)
            if trouble is not None:
                raise trouble
            services.set_up(beside_others=beside_others)
            yield services
        finally:
            services.dispose()

    @contextmanager
    def reading(self) -> Iterator[Workbench]:
        """The services over a database that exists, which is not written to.

        Raises Trouble ``database-missing`` and those of opening it.
        """
        services = Workbench(self.url, self.clock, read_only=True)
        try:
            _check_there(services)
            services.identify()
            services.prepare()
            self._look_at_clock(services, writing=False)
            yield services
        finally:
            services.dispose()


def _check_there(services: Workbench) -> None:
    if services.database.server is None:
        path = services.database.path
        if not (path.exists() and path.stat().st_size):
            raise Trouble("database-missing", path=str(path))
