from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulation.long import play
from simulation.machine import Machine
from simulation.places import Place, on_server, on_sqlite
from support.postgres import Server, binaries
from support.warehouse import Served, Staff

Opening = Callable[[], Place]


@pytest.fixture(scope="session")
def staffed_file(request: pytest.FixtureRequest) -> tuple[Path, Staff]:
    """A file with people in it, to be copied."""
    found: tuple[Path, Staff] = request.getfixturevalue("_staffed")
    return found


@pytest.fixture
def fresh_file(staffed_file: tuple[Path, Staff], tmp_path: Path) -> Iterator[Opening]:
    """Makes a place on a file of its own, each time it is called."""
    with ExitStack() as stack:
        made: list[Place] = []

        def make() -> Place:
            folder = tmp_path / str(len(made))
            made.append(stack.enter_context(on_sqlite(staffed_file, folder)))
            return made[-1]

        yield make


@pytest.fixture(scope="module")
def own_served() -> Iterator[Served]:
    """A server that may be killed."""
    server = Server(binaries())
    yield Served(server, "machine")
    server.remove()


@pytest.fixture
def fresh_database(own_served: Served) -> Iterator[Place]:
    """A place on that server."""
    with on_server(own_served) as place:
        yield place


@pytest.fixture(scope="module")
def played_file(
    staffed_file: tuple[Path, Staff], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Staff]:
    """A file that the machine has played on."""
    folder = tmp_path_factory.mktemp("played")
    with on_sqlite(staffed_file, folder) as place:
        play(Machine([place], folder), seed=1, steps=260, whole=260, on="sqlite")
    return folder / "played.db", staffed_file[1]


@pytest.fixture
def played(played_file: tuple[Path, Staff], tmp_path: Path) -> Iterator[Place]:
    """A place where a good deal has happened, of this test's own."""
    path, staff = played_file
    shutil.copyfile(path, tmp_path / "copied.db")
    place = Place(f"sqlite:///{tmp_path / 'copied.db'}", staff)
    yield place
    place.close()
