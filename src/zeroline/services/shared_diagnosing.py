"""Very many shortages diagnosed by several processes: each takes the next group until none is left."""

from __future__ import annotations

import gc
import pickle
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
"""From so many shortages on another process is worth its start, which takes as long as some hundred."""

MOST = 8
"""The most processes at once, where the machine has so many processors: each maps the same file."""

Found: TypeAlias = dict[int, list[DiagnosisLine]]
"""What was found in each group, by its number."""


def diagnosed(database: Database, connection: Connection, asked: Sequence[Asked]) -> list[DiagnosisLine]:
    """Every shortage explained, by group and item."""
    groups = gathering.grouped(asked)
    with _without_collecting():
        if len(asked) < SHARED:
            found = dict(_explained(connection, groups, range(len(groups))))
        else:
            found = _with_help(database, connection, groups)
    return [line for number in sorted(found) for line in found[number]]


def _with_help(database: Database, connection: Connection, groups: Sequence[Group]) -> Found:
    """A helper that cannot be started, or ends early, only costs time: what it has not done is done here."""
    import multiprocessing  # for the few runs that are so long

    here = multiprocessing.get_context("spawn")  # the one way that every system has
    turn: Synchronized[int] = here.Value("i", 0)
    wanted = state(connection)
    started = []
    for _ in range(min(MOST, max(2, multiprocessing.cpu_count())) - 1):
        ours, theirs = here.Pipe(duplex=False)
        given = (database.url, wanted, groups, turn, theirs)
        helper = here.Process(target=help_along, args=given, daemon=True)
        with suppress(OSError):
            helper.start()
        theirs.close()
        started.append((helper, ours))
    found = dict(_explained(connection, groups, _turns(turn, len(groups))))
    for helper, ours in started:
        with suppress(EOFError, OSError):
            found |= {number: pickle.loads(lines) for number, lines in ours.recv().items()}
        ours.close()
        if helper.pid is not None:
            helper.join()
    left = [number for number in range(len(groups)) if number not in found]
    return found | dict(_explained(connection, groups, left))


def help_along(
    url: str, wanted: tuple[int, ...], groups: Sequence[Group], turn: Synchronized[int], out: Pipe
) -> None:
    """In another process: the same on a connection of its own, as long as it sees the same state. Each
    group is packed when it is done, not all of them while the first process waits."""
    database = Database(url, lambda: 0, read_only=True)
    with _without_collecting(), database.read() as connection, suppress(OSError):
        turns = _turns(turn, len(groups)) if state(connection) == wanted else ()
        found = _explained(connection, groups, turns)
        out.send({number: pickle.dumps(lines, pickle.HIGHEST_PROTOCOL) for number, lines in found})
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


def _explained(
    connection: Connection, groups: Sequence[Group], numbers: Iterable[int]
) -> Iterator[tuple[int, list[DiagnosisLine]]]:
    believed, plain = learning.beliefs(connection), Beliefs()
    reading = Reading(connection)
    reading.map_file()
    for number in numbers:
        lines = []
        for _, n in gathering.gathered(reading, groups[number]):
            here = n.here
            why = diagnose(n, believed.get(int(here.site), plain)).hypotheses
            lines.append(
                DiagnosisLine(here.item_code, here.location, here.lot, here.status, n.subject.at, why)
            )
        yield number, lines


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
