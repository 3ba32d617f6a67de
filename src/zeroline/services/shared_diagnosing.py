"""Very many shortages diagnosed by two processes: both take the next group of items until none is left."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

from zeroline.domain.diagnosis import Beliefs, diagnose
from zeroline.domain.views.listing import DiagnosisLine
from zeroline.storage.diagnosis import gathering, learning
from zeroline.storage.diagnosis.gathering import Asked, Group
from zeroline.storage.diagnosis.rows import Reading, state
from zeroline.storage.engine import Database

if TYPE_CHECKING:
    from multiprocessing.connection import Connection as Pipe
    from multiprocessing.sharedctypes import Synchronized

    from zeroline.storage.engine import Connection

SHARED = 3_000
"""From so many shortages on a second process is worth its start, which takes as long as some hundred."""

Found: TypeAlias = dict[int, list[DiagnosisLine]]
"""What was found in each group, by its number."""


def diagnosed(database: Database, connection: Connection, asked: Sequence[Asked]) -> list[DiagnosisLine]:
    """Every shortage explained, by group and item."""
    groups = gathering.grouped(asked)
    with _without_collecting():
        if len(asked) < SHARED:
            found = _explained(connection, groups, range(len(groups)))
        else:
            found = _with_help(database, connection, groups)
    return [line for number in sorted(found) for line in found[number]]


def _with_help(database: Database, connection: Connection, groups: Sequence[Group]) -> Found:
    """A helper that cannot be started, or ends early, only costs time: what it has not done is done here."""
    import multiprocessing  # for the few runs that are so long

    here = multiprocessing.get_context("spawn")  # the one way that every system has
    turn: Synchronized[int] = here.Value("i", 0)
    ours, theirs = here.Pipe(duplex=False)
    given = (f"sqlite:///{database.path}", state(connection), groups, turn, theirs)
    helper = here.Process(target=help_along, args=given, daemon=True)
    with suppress(OSError):
        helper.start()
    theirs.close()
    found = _explained(connection, groups, _turns(turn, len(groups)))
    with suppress(EOFError, OSError):
        found |= ours.recv()
    ours.close()
    if helper.pid is not None:
        helper.join()
    left = [number for number in range(len(groups)) if number not in found]
    return found | _explained(connection, groups, left)


def help_along(
    url: str, wanted: tuple[int, ...], groups: Sequence[Group], turn: Synchronized[int], out: Pipe
) -> None:
    """In the second process: the same on a connection of its own, as long as it sees the same state."""
    database = Database(url, lambda: 0, read_only=True)
    with _without_collecting(), database.read() as connection, suppress(OSError):
        same = state(connection) == wanted
        out.send(_explained(connection, groups, _turns(turn, len(groups))) if same else {})
    database.dispose()


def _turns(turn: Synchronized[int], end: int) -> Iterator[int]:
    """Numbers of groups that nobody has taken yet."""
    while True:
        with turn.get_lock():
            number = turn.value
            turn.value += 1
        if number >= end:
            return
        yield number


def _explained(connection: Connection, groups: Sequence[Group], numbers: Iterable[int]) -> Found:
    believed, plain = learning.beliefs(connection), Beliefs()
    reading = Reading(connection)
    reading.map_file()
    found: Found = {}
    for number in numbers:
        of_group = found[number] = []
        for _, n in gathering.gathered(reading, groups[number]):
            here = n.here
            why = diagnose(n, believed.get(int(here.site), plain)).hypotheses
            of_group.append(
                DiagnosisLine(here.item_code, here.location, here.lot, here.status, n.subject.at, why)
            )
    return found


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Millions of rows are made and dropped, none of them in a circle: looking for circles costs a third."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
