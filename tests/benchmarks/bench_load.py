"""Fifty consoles on one PostgreSQL server: is anything lost, doubled or slow?

    python -m tests.benchmarks.bench_load [--consoles 50] [--minutes 10] [--check]

Every console is a process of its own with the services of a workstation, signed in with its own login over a
connection of its own. Counters count, supervisors refresh the queue, take counts up, propose and send places
to be counted again; managers refresh the queue and approve what waits, each with their password over a fresh
connection. All look at the queue every few seconds, which no shift does at such a pace.

Beside each queue refresh, before or after it, the console runs the very same statements, with the same
parameters and in the same kind of transaction, by psycopg alone. Every other approval is made so too: its
statements are taken down in a write that is rolled back, and then carried out by psycopg over a connection of
its own. Both sides meet the same crowd in the same run. Wanted: of both the 99th percentile at most twice
that of psycopg.

At the end the server's books are compared with what the consoles were told: every approval they know of is
posted once, none is posted that nobody made, balances and the audit trail hold.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from sqlalchemy import Engine, event

from support.postgres import Server, binaries
from support.warehouse import SECRET
from zeroline.domain.case import Queue
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Role
from zeroline.domain.policy import Policy, Tier
from zeroline.domain.quantity import SCALE
from zeroline.services.workbench import Workbench
from zeroline.sources import plan

WANTED = 2.0
SLOWEST = 99  # percentile
NAME = "load"
EVERY = {"counter": 15.0, "supervisor": 15.0, "manager": 10.0}
"""Seconds between two rounds of a console, on average."""

PLACES = 8
"""Places that each supervisor has counted over and over again."""

TRIES = 4
"""To carry an approval out by its statements; where others write in between every time, the services do."""

Statement = tuple[str, Any, bool]


def now() -> int:
    return time.time_ns() // 1_000


# --- one console


class _TakenDown(Exception):
    """The write is rolled back: only its statements were wanted."""


@contextmanager
def taken_down(keep: bool = True) -> Iterator[list[Statement]]:
    """What is sent to the server inside; unless ``keep`` nothing of it is committed."""
    log: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        log.append((statement, parameters, many))

    def never(_c: Any) -> None:
        raise _TakenDown

    event.listen(Engine, "after_cursor_execute", note)
    if not keep:
        event.listen(Engine, "commit", never)
    try:
        yield log
    finally:
        event.remove(Engine, "after_cursor_execute", note)
        if not keep:
            event.remove(Engine, "commit", never)


def carried_out(connection: psycopg.Connection[Any], statements: list[Statement]) -> None:
    """The statements of one transaction by psycopg alone; the instant of the write is the server's own."""
    before = next((p[0] for sql, p, _ in statements if sql.startswith("INSERT INTO audit_entry")), None)
    moment = before
    for sql, parameters, many in statements:
        given = parameters if before is None else _at(parameters, before, moment)
        with connection.cursor() as cursor:
            if many:
                cursor.executemany(sql, given)
                continue
            cursor.execute(sql, given)
            rows = cursor.fetchall() if cursor.description else []
        if "begin_write" in sql:
            moment = rows[0][0]


def _at(parameters: Any, before: int, moment: int) -> Any:
    if isinstance(parameters, dict):
        return {name: moment if value == before else value for name, value in parameters.items()}
    if parameters and isinstance(parameters, list | tuple) and isinstance(parameters[0], dict | tuple):
        return [_at(one, before, moment) for one in parameters]
    return tuple(moment if value == before else value for value in parameters or ())


class Console:
    """One workstation, and what it measured."""

    def __init__(self, url: str, login: str, role: str, number: int, mates: int) -> None:
        self.url, self.login, self.number, self.mates = url, login, number, mates
        self.role = role
        self.services = Workbench(url, now)
        self.services.prepare()
        self.me: Person = self.services.people.sign_in(login, SECRET)
        self.random = random.Random(login)
        self.said: dict[str, Any] = {
            "refresh": [], "refresh bare": [], "approval": [], "approval bare": [],
            "approved": [], "counts": 0, "proposed": 0, "lost races": 0, "taken down in vain": 0,
            "refused": [], "errors": [],
        }  # fmt: skip
        self._bare = self._connection()
        self._own: list[int] = []
        self._last: list[Statement] = []

    def _connection(self) -> psycopg.Connection[Any]:
        url = self.services.database.server.url  # type: ignore[union-attr]
        return psycopg.connect(
            host=url.host, port=url.port, dbname=url.database, user=self.login, password=SECRET,
            options="-c search_path=zeroline,pg_temp -c timezone=UTC",
        )  # fmt: skip

    def work(self, seconds: float) -> None:
        """Round after round until the time is over."""
        over, pause = time.monotonic() + seconds, Event()
        pause.wait(self.random.random() * EVERY[self.role])
        while time.monotonic() < over:
            for act in {
                "counter": (self.count,),
                "supervisor": (self.refresh, self.supervise),
                "manager": (self.refresh, self.approve),
            }[self.role]:
                try:
                    act()
                except ChangedMeanwhile:
                    self.said["lost races"] += 1
                except DomainError as refusal:
                    self.said["refused"].append(refusal.code)
                except Exception:
                    self.said["errors"].append(traceback.format_exc(limit=-1))
            pause.wait(EVERY[self.role] * (0.5 + self.random.random()))
        self._bare.close()
        self.services.dispose()

    def warm(self) -> None:
        """What the first look of the day imports is no part of any later one."""
        if self.role != "counter":
            self.refresh()
            self.services.settlement.approvals(self.me)
            self.services.warm()
            gc.freeze()  # as the window does once it is warm
            for kind in ("refresh", "refresh bare"):
                self.said[kind].clear()

    def refresh(self) -> None:
        """The queue and what stands in the others, as after F5."""
        lookup = self.services.lookup

        def ours() -> None:
            lookup.queue(self.me, Queue.NEGATIVE)
            lookup.queue_counts(self.me)

        def bare(statements: list[Statement]) -> float:
            self._bare.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._bare.read_only = True

            def act() -> None:
                carried_out(self._bare, statements)
                self._bare.rollback()

            return timed(act)

        first = bool(self._last) and self.random.random() < 0.5
        if first:  # who comes second finds what the first has warmed
            self.said["refresh bare"].append(bare(self._last))
        with taken_down() as statements:
            self.said["refresh"].append(timed(ours))
        self._last = statements
        if not first:
            self.said["refresh bare"].append(bare(statements))

    def count(self) -> None:
        """Count what is this counter's to count: the first time, or again after the other of the pair."""
        counting = self.services.counting
        for row in counting.sheets(self.me, open_only=True):
            second = row.sheet_id % self.mates != self.number
            if second and (row.sheet_id + 1) % self.mates != self.number:
                continue
            sheet = counting.blind_sheet(self.me, row.sheet_id)
            mine = [
                line for line in sheet.lines
                if line.state == "to count" and not line.blocked and line.round == (2 if second else 1)
            ]  # fmt: skip
            for line in mine:
                counting.enter(self.me, line.line_id, f"{row.sheet_id % 7 + 1}")
            if mine:
                counting.submit(self.me, row.sheet_id)
                self.said["counts"] += len(mine)

    def supervise(self) -> None:
        """Compare what was handed in, propose what differs, and have the same places counted once more."""
        counting, settlement = self.services.counting, self.services.settlement
        counting.take_up(self.me)
        for sheet in list(self._own):
            results = counting.results(self.me, sheet)
            for line in results.lines:
                if line.final is None or line.state not in ("accepted", "variance") or line.adjustments:
                    continue
                if line.final.variance:
                    with suppress(DomainError):
                        settlement.propose(self.me, entry_id=line.final.entry_id, cause="K3")
                        self.said["proposed"] += 1
            if all(line.state not in ("to count", "recount") for line in results.lines):
                waiting = [a for line in results.lines for a in line.adjustments if a[2] == "proposed"]
                if not waiting:
                    self._own.remove(sheet)
        if not self._own:
            places = [1 + self.number * PLACES + place for place in range(PLACES)]
            for place in places[:: 2 if self.random.random() < 0.5 else 1]:
                self._own.append(counting.create_sheet(self.me, key_ids=[place]).sheet_id)

    def approve(self) -> None:
        """Sign what waits, one by one; every other by psycopg alone."""
        settlement = self.services.settlement
        for row in settlement.approvals(self.me):
            id = row.adjustment_id
            if id % self.mates != self.number or row.hand is not None or row.state != "proposed":
                continue
            shown = {id: settlement.approval_view(self.me, id).shown_hash}

            def ours(id: int = id, shown: dict[int, str] = shown) -> None:
                settlement.approve(self.me, [id], SECRET, shown_hashes=shown)

            if self.random.random() < 0.5:
                self.said["approval"].append(timed(ours))
            else:
                self._approve_bare(ours)
            self.said["approved"].append(id)

    def _approve_bare(self, ours: Callable[[], None]) -> None:
        for _ in range(TRIES):
            with taken_down(keep=False) as statements, suppress(_TakenDown):
                ours()

            def bare(statements: list[Statement] = statements) -> None:
                with self._connection() as connection:
                    carried_out(connection, statements)

            try:
                self.said["approval bare"].append(timed(bare))
            except psycopg.Error:  # somebody wrote in between: a number that was taken down is theirs now
                self.said["taken down in vain"] += 1
            else:
                return
        ours()


def timed(act: Callable[[], None]) -> float:
    """Seconds it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


# --- the server, and all of them


@dataclass
class Crew:
    """Logins by role."""

    counters: list[str]
    supervisors: list[str]
    managers: list[str]

    @classmethod
    def of(cls, consoles: int) -> Crew:
        managers = max(1, consoles // 8)
        supervisors = max(1, consoles * 2 // 5)
        return cls(
            [f"load_c{n}" for n in range(max(2, consoles - managers - supervisors))],
            [f"load_s{n}" for n in range(supervisors)],
            [f"load_m{n}" for n in range(managers)],
        )

    def consoles(self) -> Iterator[tuple[str, str, dict[str, int]]]:
        """Login, role, and which of how many of that role."""
        for role, logins in (
            ("counter", self.counters),
            ("supervisor", self.supervisors),
            ("manager", self.managers),
        ):
            for number, login in enumerate(logins):
                yield login, role, {"number": number, "mates": len(logins)}


def prepare(server: Server, crew: Crew, negatives: int, folder: Path) -> None:
    """A warehouse with so many places below zero, and a login for everybody."""
    owner = Workbench(server.url(NAME), now)
    owner.set_up()
    owner.first_administrator("load_ada", "Ada", SECRET)
    owner.dispose()
    services = Workbench(server.url(NAME, ""), now)
    services.prepare()
    ada = services.people.sign_in("load_ada", SECRET)
    services.people.add(ada, "load_abe", "Abe", Role.ADMINISTRATOR, SECRET)
    other = Workbench(server.url(NAME, ""), now)
    abe = other.people.sign_in("load_abe", SECRET)
    other.people.set_secret(abe, abe.id, SECRET + "!")
    other.people.leave()
    abe = other.people.sign_in("load_abe", SECRET + "!")
    for role, logins in (
        (Role.COUNTER, crew.counters),
        (Role.SUPERVISOR, crew.supervisors),
        (Role.MANAGER, [*crew.managers, "load_boss"]),
    ):
        for login in logins:
            given = services.people.add(ada, login, login, role, SECRET)
            if given.waiting is not None:
                other.people.confirm(abe, given.waiting.id, SECRET + "!")
    boss = services.people.sign_in("load_boss", SECRET)
    wide = Tier(value=10**9 * SCALE)
    services.policies.change(boss, Policy(tiers=(wide, wide)), "as the benchmark wants it")
    file = folder / "movements.csv"
    with file.open("w") as out:
        out.write("id,item,location,quantity,kind,recorded_at,occurred_at,user\n")
        for place in range(negatives):
            key = f"ITEM-{place:05},A-{place:05}"
            out.write(f"{place}r,{key},6,receipt,2026-03-02T08:00:00Z,2026-03-02T08:00:00Z,ann\n")
            out.write(f"{place}p,{key},-10,pick,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,bob\n")
    services.intake.load(services.people.sign_in("load_s0", SECRET), plan([file]))
    services.dispose()
    other.dispose()


def at(values: list[float], percent: int) -> float:
    """The percentile, in seconds; 0 of nothing."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, len(ranked) * percent // 100)] if ranked else 0.0


def judged(server: Server, said: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the books, in sentences."""
    wrong = [error for one in said for error in one["errors"]]
    told = [id for one in said for id in one["approved"]]
    with server.admin(NAME) as admin:
        admin.execute("SET search_path = zeroline")
        posted = {id for (id,) in admin.execute("SELECT id FROM adjustment WHERE state = 'posted'")}
        moved = [
            id
            for (id,) in admin.execute("SELECT adjustment_id FROM movement WHERE adjustment_id IS NOT NULL")
        ]
        if len(set(told)) != len(told) or set(told) != posted:
            wrong.append(f"consoles were told of {len(told)} postings, the books have {len(posted)}")
        if sorted(moved) != sorted(posted):
            wrong.append(f"{len(posted)} adjustments are posted by {len(moved)} movements")
        off = admin.execute(
            "SELECT count(*) FROM balance AS b WHERE on_hand <> "
            "(SELECT sum(quantity) FROM movement AS m WHERE m.key_id = b.key_id)"
        ).fetchone()
        if off != (0,):
            wrong.append(f"{off} balances are not the sum of their movements")
    owner = Workbench(server.url(NAME), now)
    fault = owner.auditing.verify().fault
    if fault:
        wrong.append(f"the audit trail does not hold: {fault}")
    owner.dispose()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--consoles", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--negatives", type=int, default=2000)
    parser.add_argument("--check", action="store_true", help="exit code 1 unless all is as wanted")
    parser.add_argument("--console", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.console:
        console = Console(**json.loads(args.console))
        console.warm()
        print(json.dumps("ready"), flush=True)
        sys.stdin.readline()
        console.work(args.minutes * 60)
        print(json.dumps(console.said), flush=True)
        return 0
    crew = Crew.of(args.consoles)
    server = Server(binaries())
    try:
        with server.admin() as admin:
            for setting in ("fsync = on", "full_page_writes = on", "autovacuum = on"):
                admin.execute(f"ALTER SYSTEM SET {setting}")
        server.restart()
        server.create(NAME)
        with tempfile.TemporaryDirectory() as folder:
            prepare(server, crew, max(args.negatives, len(crew.supervisors) * PLACES), Path(folder))
        running = [
            subprocess.Popen(
                [
                    *(sys.executable, __file__, "--minutes", str(args.minutes), "--console"),
                    json.dumps({"url": server.url(NAME, ""), "login": login, "role": role, **of}),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for login, role, of in crew.consoles()
        ]
        for one in running:
            assert one.stdout is not None
            if json.loads(one.stdout.readline() or '""') != "ready":
                raise RuntimeError("a console did not start")
        for one in running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        said = [json.loads(one.stdout.readline()) for one in running if one.stdout is not None]
        for one in running:
            one.communicate()
        wrong = judged(server, said)
    finally:
        server.remove()
    slow = False
    print(f"{len(running)} consoles for {args.minutes:g} minutes")
    for what in ("counts", "proposed", "lost races", "taken down in vain"):
        print(f"{what:<20}{sum(one[what] for one in said):8}")
    refused = Counter(code for one in said for code in one["refused"])
    print(f"{'refused':<20}{sum(refused.values()):8}  {dict(refused) or ''}")
    print(f"{'approved':<20}{sum(len(one['approved']) for one in said):8}")
    print(f"\n{'':<12}{'times':>14}{'median ms':>18}{f'{SLOWEST}th percentile ms':>26}{'ratio':>8}")
    for what in ("refresh", "approval"):
        ours = [spent for one in said for spent in one[what]]
        bare = [spent for one in said for spent in one[f"{what} bare"]]
        ratio = at(ours, SLOWEST) / at(bare, SLOWEST) if bare and ours else 0.0
        slow |= ratio > WANTED
        print(
            f"{what:<12}{len(ours):7}{len(bare):7}{at(ours, 50) * 1e3:9.1f}{at(bare, 50) * 1e3:9.1f}"
            f"{at(ours, SLOWEST) * 1e3:13.1f}{at(bare, SLOWEST) * 1e3:13.1f}{ratio:8.2f}"
        )
    print(f"\nwanted: ratio at most {WANTED}; first the services, then psycopg alone")
    for one, times in Counter(wrong).most_common():
        print(f"WRONG ({times} times): {one}")
    return 1 if args.check and (slow or wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
