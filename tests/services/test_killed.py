"""kill -9 while counting and posting: what was acknowledged is there, the rest is all or nothing.

A child process does the real work on the real database and kills itself at a statement or after a commit.
On a server it is a client. The database is then opened anew.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.floor import Floor
from support.warehouse import Warehouse
from zeroline.domain.audit import verify
from zeroline.domain.quantity import SCALE
from zeroline.storage import audit_trail, ledger
from zeroline.storage.engine import Database

U = SCALE

CHILD = """
import json, os, signal, sys
from sqlalchemy import event
from support.warehouse import CHEAP, SECRET, SettableClock
from zeroline.domain.person import Person, Role
from zeroline.services.counting import Counting
from zeroline.services.people import People
from zeroline.services.settlement import Settlement
from zeroline.storage.engine import Database

job = json.loads(sys.argv[1])
database = Database(job["url"], SettableClock(job["now"]))
actor = Person(job["actor"], "", "", Role(job["role"]))


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def fatal(connection, cursor, statement, parameters, context, many):
    if statement.startswith(job["at"]):
        die()


def acknowledge(result):
    sys.stdout.write("acknowledged\\n")
    sys.stdout.flush()
    return result


if job["at"] == "COMMIT":
    event.listen(database.engine, "commit", lambda connection: die())
elif job["at"]:
    event.listen(database.engine, "after_cursor_execute", fatal)
if job["what"] == "enter":
    for text in job["texts"]:
        acknowledge(Counting(database).enter(actor, job["line"], text))
elif job["what"] == "submit":
    acknowledge(Counting(database).submit(actor, job["sheet"]))
else:
    settlement = Settlement(database, People(database, CHEAP))
    view = settlement.approval_view(actor, job["adjustment"])
    shown = {view.adjustment_id: view.shown_hash}
    acknowledge(settlement.approve(actor, [view.adjustment_id], SECRET, shown_hashes=shown))
die()
"""


class Victim:
    """Runs one job in a process that is killed, and opens the database again."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    def run(self, what: str, by: str, at: str = "", **job: Any) -> int:
        """How often the process acknowledged before it was killed at a statement (or at its end)."""
        person = getattr(self.floor.people, by)
        before = self.floor.warehouse
        job |= {"what": what, "at": at, "actor": person.id, "role": person.role.value}
        job |= {"url": before.url, "now": self.floor.clock()}
        self.floor.database.dispose()
        tests = Path(__file__).parent.parent
        done = subprocess.run(
            [sys.executable, "-c", CHILD, json.dumps(job)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), *filter(None, sys.path)])},
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        before.database.dispose()
        reopened = Database(before.url, before.clock)
        self.floor = Floor(Warehouse(reopened, before.clock, before.people, before.path))
        return done.stdout.count("acknowledged")

    def whole(self) -> None:
        """The ledger equals its replay and the audit chain has no fault."""
        with self.floor.database.read() as connection:
            assert ledger.verify(connection) == []
            assert verify(audit_trail.every(connection)).fault == ""
            if self.floor.database.server is None:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


@pytest.fixture
def victim(floor: Floor) -> Any:
    floor.warehouse.item("GLV", cost="1.00")
    floor.warehouse.move("GLV", "A-02", "-3")
    found = Victim(floor)
    yield found
    found.floor.database.dispose()


def test_an_entry_that_was_acknowledged_survives_and_its_undo_history_too(victim: Victim) -> None:
    floor = victim.floor
    sheet = floor.sheet(floor.warehouse.key("GLV", "A-02"))
    assert victim.run("enter", "counter", line=floor.line(sheet), texts=["4", "5"]) == 2
    counter, counting = victim.floor.people.counter, victim.floor.counting
    assert counting.blind_sheet(counter, sheet).lines[0].entered == "5"
    counting.undo(counter, sheet)
    assert counting.blind_sheet(counter, sheet).lines[0].entered == "4"
    victim.whole()


@pytest.mark.parametrize("at", ["INSERT INTO audit_entry", "COMMIT"])
def test_an_entry_that_was_not_acknowledged_is_not_half_there(victim: Victim, at: str) -> None:
    floor = victim.floor
    sheet = floor.sheet(floor.warehouse.key("GLV", "A-02"))
    assert victim.run("enter", "counter", at, line=floor.line(sheet), texts=["4"]) == 0
    line = victim.floor.counting.blind_sheet(victim.floor.people.counter, sheet).lines[0]
    assert (line.state, line.entered) == ("to count", "")
    victim.whole()


@pytest.mark.parametrize(
    "at",
    ["INSERT INTO count_entry", "UPDATE count_sheet", "COMMIT"],
)
def test_a_submission_that_was_killed_left_every_draft_and_no_count(victim: Victim, at: str) -> None:
    floor = victim.floor
    floor.warehouse.move("GLV", "A-01", "5")
    sheet = floor.sheet(floor.warehouse.key("GLV", "A-02"), floor.warehouse.key("GLV", "A-01"))
    for position in (1, 2):
        floor.counting.enter(floor.people.counter, floor.line(sheet, position), "4")
    assert victim.run("submit", "counter", at, sheet=sheet) == 0
    lines = victim.floor.counting.blind_sheet(victim.floor.people.counter, sheet).lines
    assert [line.entered for line in lines] == ["4", "4"]
    assert victim.floor.one("SELECT count(*) FROM count_entry") == 0
    victim.whole()


def test_an_acknowledged_submission_survives(victim: Victim) -> None:
    floor = victim.floor
    sheet = floor.sheet(floor.warehouse.key("GLV", "A-02"))
    floor.counting.enter(floor.people.counter, floor.line(sheet), "4")
    assert victim.run("submit", "counter", sheet=sheet) == 1
    assert victim.floor.lines(sheet)[0].state == "recount"
    victim.whole()


@pytest.mark.parametrize(
    "at",
    [
        "INSERT INTO approval",
        "INSERT INTO movement",
        "UPDATE stock_case",
        "COMMIT",
    ],
)
def test_a_posting_that_was_killed_posted_nothing_at_all(victim: Victim, at: str) -> None:
    floor = victim.floor
    key = floor.warehouse.key("GLV", "A-02")
    made = floor.propose(key, "9")
    assert victim.run("approve", "manager", at, adjustment=made.adjustment_id) == 0
    floor = victim.floor
    assert floor.on_hand(key) == -3 * U
    assert floor.one("SELECT state FROM adjustment") == "proposed"
    assert floor.one("SELECT count(*) FROM approval") == 0
    assert floor.one("SELECT count(*) FROM movement") == 1
    assert floor.case_state(floor.case_of(key)) == "waiting for approval"
    victim.whole()
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.on_hand(key) == 9 * U


def test_an_acknowledged_posting_survives_whole(victim: Victim) -> None:
    floor = victim.floor
    key = floor.warehouse.key("GLV", "A-02")
    made = floor.propose(key, "9")
    assert victim.run("approve", "manager", adjustment=made.adjustment_id) == 1
    floor = victim.floor
    assert floor.on_hand(key) == 9 * U
    assert floor.one("SELECT state FROM adjustment") == "posted"
    assert floor.one("SELECT count(*) FROM movement WHERE adjustment_id IS NOT NULL") == 1
    assert floor.one("SELECT ended_at IS NOT NULL FROM episode") == 1
    victim.whole()
