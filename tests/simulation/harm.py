"""What breaks under a step, and what whoever told it does then.

``killed``: the program dies by SIGKILL in the middle of its write and nobody tells the step again. The others
are told again under the same key, as the window does it: ``cut``: the session is thrown out in the middle of
the write; ``crashed``: the server is killed there and started again; ``lost``: all was committed, and the
answer never arrived.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from simulation.places import LineLost, Place
from zeroline.domain.command import under
from zeroline.domain.errors import DomainError, Trouble

HARMS = ("killed", "cut", "crashed", "lost")
Outcome = tuple[str, Any]


_TABLES = (
    *("movement", "adjustment", "approval", "count_sheet", "count_line", "count_entry", "count_draft"),
    *("import_run", "stock_case", "case_event", "policy_version", "role_request", "command"),
)


def kept(place: Place) -> int:
    """How many rows there are of what people and other systems write."""
    return sum(int(place.rows(f"SELECT COUNT(*) FROM {table}")[0][0]) for table in _TABLES)


def told(deed: Callable[[], Any], key: str) -> Outcome:
    """What came of telling a step: ``done`` with its answer, or ``refused`` with the code."""
    try:
        with _quietly(), under(key):
            return "done", deed()
    except DomainError as error:
        return "refused", error.code


def killed(place: Place, deed: Callable[[], Any], key: str, after: int) -> Outcome:
    """Done by a process that dies after so many statements that write, at the latest before its commit."""
    before = kept(place)
    place.close()
    answer, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        _die_of(place, deed, key, after, mouth)
    os.close(mouth)
    with os.fdopen(answer, "rb") as ear:
        said = ear.read()
    _, status = os.waitpid(child, 0)
    place.reconnect()
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert not said
        assert kept(place) == before, "something was kept of a write that was killed"
        return "killed", None
    outcome: Outcome = pickle.loads(said)
    if outcome[0] == "broke":
        raise AssertionError(outcome[1])
    return outcome


def _die_of(place: Place, deed: Callable[[], Any], key: str, after: int, mouth: int) -> NoReturn:
    def die(_connection: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        place.bench = place.opened()
        with place.watched(_at(after, die), die):
            outcome = told(deed, key)
    except BaseException as error:
        outcome = "broke", repr(error)
    os.write(mouth, pickle.dumps(outcome))
    os._exit(0)


def broken(place: Place, deed: Callable[[], Any], key: str, after: int, crash: bool) -> tuple[Outcome, bool]:
    """The line or the server breaks after so many statements that write; then it is told again.

    Also answers whether it broke at all.
    """
    fell, before = [False], kept(place)

    def fall(connection: Any) -> None:
        if not fell[0]:
            fell[0] = True
            (place.crash if crash else place.break_off)(connection)

    try:
        with place.watched(_at(after, fall), fall):
            outcome = told(deed, key)
    except LineLost:
        pass
    except Trouble as trouble:
        if not fell[0] or trouble.code != "connection-lost":
            raise
    else:
        assert not fell[0], f"nobody noticed that the line broke: {outcome}"
        return outcome, False
    if crash:
        place.recover()
    place.reconnect()
    assert kept(place) == before, "something was kept of a write that broke off"
    return told(deed, key), True


def lost(place: Place, deed: Callable[[], Any], key: str) -> tuple[Outcome, bool]:
    """The first commit is made and its answer lost; then it is told again. Also whether that happened."""
    gone = [False]
    with place.losing_the_answer() as lose:

        def once(connection: Any) -> None:
            if not gone[0]:
                gone[0] = True
                lose(connection)

        try:
            with place.watched(lambda _connection: None, once):
                return told(deed, key), False
        except LineLost:
            pass
        except Trouble as trouble:
            if not gone[0] or trouble.code != "connection-lost":
                raise
    place.reconnect()
    return told(deed, key), True


@contextmanager
def _quietly() -> Iterator[None]:
    """The driver warns of statements sent together when one is refused or the line breaks: as wanted."""
    driver = logging.getLogger("psycopg")
    level = driver.level
    driver.setLevel(logging.ERROR)
    try:
        yield
    finally:
        driver.setLevel(level)


def _at(after: int, act: Callable[[Any], None]) -> Callable[[Any], None]:
    left = [after]

    def count(connection: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            act(connection)

    return count
