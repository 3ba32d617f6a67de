"""How fast an approval posts through the services, against its own statements on a bare sqlite3 connection.

    python -m tests.benchmarks.bench_posting [--postings 200] [--check]

Paired in one run, medians; ratios carry over to other machines, milliseconds do not. Wanted: posting through
the services at least 0.2 times as fast as the very same statements, with the same parameters and PRAGMAs, by
``sqlite3`` alone: one transaction each, synchronous FULL, triggers included on both sides.

The argon2 check of the secret is left out on the side of the services: it is made slow on purpose, happens
before the transaction, and once for a whole batch. Everything else of the verb is measured: rights,
arithmetic and guard looked at again, hashes, hands, approval, movement, balance, episodes, case, audit.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import event

from support.floor import Floor
from support.warehouse import CHEAP, SECRET, SettableClock, Staff, Warehouse, hire, open_database
from zeroline.domain.person import Person, Role
from zeroline.domain.policy import Policy, Tier
from zeroline.domain.quantity import SCALE
from zeroline.services.people import People
from zeroline.services.policies import Policies
from zeroline.services.settlement import Settlement
from zeroline.storage import migrate

WANTED = 0.2
ROLES = {
    "administrator": Role.ADMINISTRATOR,
    "other_administrator": Role.ADMINISTRATOR,
    "counter": Role.COUNTER,
    "other_counter": Role.COUNTER,
    "supervisor": Role.SUPERVISOR,
    "other_supervisor": Role.SUPERVISOR,
    "manager": Role.MANAGER,
    "other_manager": Role.MANAGER,
    "auditor": Role.AUDITOR,
}

Statement = tuple[str, Any, bool]


class Proven(People):
    """Somebody whose secret was checked already."""

    def check_secret(self, person_id: int, secret: str) -> Person:
        return Person(person_id, "", "", Role.MANAGER)


def prepare(path: Path, postings: int, movements: int) -> tuple[Staff, SettableClock, list[int]]:
    """A warehouse with so many proposals that wait for a manager, each key with a history of movements."""
    clock = SettableClock()
    database = open_database(path, clock)
    migrate.prepare(database)
    people = People(database, CHEAP)
    made = hire(people, {login: (login, role) for login, role in ROLES.items()})
    floor = Floor(Warehouse(database, clock, Staff(**made), path))
    floor.warehouse.source()
    wide = Tier(value=10**9 * SCALE)
    Policies(database).change(made["other_manager"], Policy(tiers=(wide, wide)), "as the benchmark wants it")
    keys = []
    for number in range(postings):
        for move in range(movements):
            floor.warehouse.move(f"I-{number}", "A-01", SCALE if move % 2 else -2 * SCALE)
            clock.forward(SCALE)
        keys.append(floor.warehouse.key(f"I-{number}", "A-01"))
    sheet = floor.sheet(*keys)
    for person in (made["counter"], made["other_counter"]):
        for line in floor.lines(sheet):
            floor.counting.enter(person, line.line_id, "7")
        floor.counting.submit(person, sheet)
    ids = []
    for line in floor.lines(sheet):
        assert line.final is not None
        proposed = floor.settlement.propose(made["supervisor"], entry_id=line.final.entry_id, cause="K3")
        ids.append(proposed.adjustment_id)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return floor.people, clock, ids


def captured(settlement: Settlement, approver: Person, ids: list[int], shown: dict[int, str]) -> Any:
    """The statements of each posting, in order."""
    log: list[Statement] = []
    engine = settlement._database.engine

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        log.append((statement, parameters, many))

    event.listen(engine, "before_cursor_execute", note)
    found = []
    for adjustment in ids:
        log.clear()
        settlement.approve(approver, [adjustment], SECRET, shown_hashes=shown)
        found.append(list(log))
    event.remove(engine, "before_cursor_execute", note)
    return found


def bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("foreign_keys = ON", "recursive_triggers = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def replay(connection: sqlite3.Connection, statements: list[Statement]) -> None:
    for statement, parameters, many in statements:
        if many:
            connection.executemany(statement, parameters)
        else:
            connection.execute(statement, parameters).fetchall()
    connection.execute("COMMIT")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postings", type=int, default=200)
    parser.add_argument("--movements", type=int, default=20, help="movements that each stock key has before")
    parser.add_argument("--check", action="store_true", help="exit code 1 when the ratio is too low")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.db" for name in ("services", "bare", "capture")}
        staff, clock, ids = prepare(files["capture"], args.postings, args.movements)
        for name in ("services", "bare"):
            shutil.copyfile(files["capture"], files[name])
        approver = staff.manager

        def settlement(name: str) -> Settlement:
            database = open_database(files[name], clock)
            return Settlement(database, Proven(database, CHEAP))

        recording = settlement("capture")
        shown = {row.adjustment_id: row.shown_hash for row in recording.approvals(approver)}
        statements = captured(recording, approver, ids, shown)
        ours, raw = settlement("services"), bare(files["bare"])
        mine, theirs, mine_cpu, theirs_cpu = [], [], [], []
        for adjustment, wanted in zip(ids, statements, strict=True):
            start, cpu = time.perf_counter(), time.process_time()
            ours.approve(approver, [adjustment], SECRET, shown_hashes=shown)
            middle, cpu_middle = time.perf_counter(), time.process_time()
            replay(raw, wanted)
            theirs.append(time.perf_counter() - middle)
            theirs_cpu.append(time.process_time() - cpu_middle)
            mine.append(middle - start)
            mine_cpu.append(cpu_middle - cpu)
        same = raw.execute("SELECT sum(on_hand), count(*) FROM balance").fetchall()
        with ours._database.read() as connection:
            posted = connection.exec_driver_sql("SELECT sum(on_hand), count(*) FROM balance").fetchall()
            assert [tuple(row) for row in posted] == same
        service, plain = statistics.median(mine), statistics.median(theirs)
        ratio = plain / service
        mine_ms, theirs_ms = statistics.median(mine_cpu) * 1e3, statistics.median(theirs_cpu) * 1e3
        print(f"statements in one posting   {statistics.median(len(one) for one in statements):8.0f}")
        print(f"through the services        {service * 1e3:8.2f} ms   {1 / service:7.0f} a second")
        print(f"the same on bare sqlite3    {plain * 1e3:8.2f} ms   {1 / plain:7.0f} a second")
        print(f"ratio                       {ratio:8.2f}      wanted at least {WANTED}")
        print(
            f"processor time alone        {theirs_ms / mine_ms:8.2f}      {theirs_ms:.2f} of {mine_ms:.2f} ms"
        )
        for closing in (recording, ours):
            closing._database.dispose()
        raw.close()
    return 1 if args.check and ratio < WANTED else 0


if __name__ == "__main__":
    sys.exit(main())
