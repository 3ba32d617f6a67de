"""Steps of a warehouse's day, each chosen by a few numbers: the same numbers do the same on every database.

A step is its name and six numbers. What they stand for (which person, which key, how much) is worked out from
what the database holds, so a shorter run is still a sensible one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from simulation.places import KEYS, Killed, Place
from simulation.rules import EVIDENCE, Watch
from support.files import source, text_file
from support.warehouse import SECRET
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR, MINUTE, iso
from zeroline.domain.person import PROGRAM, Person, Role
from zeroline.domain.policy import PERCENT, Rule, Scope, Tolerance

Numbers = tuple[int, int, int, int, int, int]
LARGEST = 9_999
HEAD = "movement_id,item,location,quantity,recorded_at,occurred_at\n"
CAUSES = ("K3", "R4", "L1", "T1", "Z9", "C1")


@dataclass
class World:
    """One place, and what a person there remembers."""

    place: Place
    folder: Path
    files: list[str] = field(default_factory=list)

    def person(self, number: int) -> Person:
        """Somebody; every fourth time as they were when they signed in."""
        known = tuple(vars(self.place.staff).values())
        chosen: Person = known[number % len(known)]
        if number // 16 % 4 == 0:
            return chosen
        return self.place.bench.people.now(chosen.id) or chosen

    def one(self, number: int, sql: str) -> int:
        """The id of one row of what there is; 0 where there is none."""
        rows = self.place.rows(sql)
        return int(rows[number % len(rows)][0]) if rows else 0

    def hash_of(self, actor: Person, adjustment: int, number: int) -> dict[int, str]:
        """What an approver signs; now and then it is stale."""
        if number % 9 == 0:
            return {adjustment: "0" * 64}
        return {adjustment: self.place.bench.settlement.approval_view(actor, adjustment).shown_hash}


Step = Callable[[World, Numbers], Any]
SHEETS = "SELECT id FROM count_sheet WHERE state NOT IN ('cancelled', 'closed') ORDER BY id DESC LIMIT 4"
LINES = "SELECT id FROM count_line WHERE state IN ('to count', 'recount') ORDER BY id DESC LIMIT 8"
WAITING = "SELECT id FROM adjustment WHERE state = 'proposed' ORDER BY id DESC LIMIT 4"
CASES = "SELECT id FROM stock_case ORDER BY id DESC LIMIT 6"


def _import(world: World, numbers: Numbers) -> Any:
    key, amount, late, rows, again, mark = numbers
    if again % 5 == 0 and world.files:
        content = world.files[key % len(world.files)]
    else:
        lines = []
        for place in range(rows % 4 + 1):
            item, location = KEYS[(key + place * again) % len(KEYS)]
            recorded = world.place.clock() - (late % 5) * HOUR
            occurred = recorded - (amount % 3) * HOUR + (mark % 2) * MINUTE
            quantity = (amount + 7 * place) % 60 - 30 or 1
            reference = f"M{len(world.files)}-{place if mark % 7 else 0}"
            bad = "what" if mark % 11 == 0 and place == 1 else str(quantity)
            lines.append(f"{reference},{item},{location},{bad},{iso(recorded)},{iso(occurred)}\n")
        content = HEAD + "".join(lines)
        world.files = [*world.files[-20:], content] if len(world.files) < 21 else [*world.files, content]
    path = text_file(world.folder, content, f"{world.place.name}.csv")
    result = world.place.bench.intake.load(PROGRAM, source(path))
    if again % 5 == 0:
        repeated = world.place.bench.intake.load(PROGRAM, source(path))
        assert repeated.added == 0, "rule 10 is broken: an import done twice added something"
    return result.read, result.added, result.known, result.rejected


def _sheet(world: World, n: Numbers) -> Any:
    chosen = world.one(n[1], "SELECT id FROM stock_key ORDER BY id")
    made = world.place.bench.counting.create_sheet(world.person(n[0]), key_ids=[chosen])
    return made.number, made.lines


def _count(world: World, n: Numbers) -> Any:
    line = world.one(n[1], LINES)
    book = world.place.rows(
        "SELECT COALESCE(b.on_hand, 0) / 1000000 FROM count_line l LEFT JOIN balance b "
        "ON b.key_id = l.key_id WHERE l.id = ?",
        line,
    )
    shelf = max(int(book[0][0]) if book else 0, 0) + (n[2] % 9 if n[3] % 3 else 0)
    world.place.bench.counting.enter(world.person(n[0]), line, str(shelf))
    return line, shelf


def _submit(world: World, n: Numbers) -> Any:
    why = "nobody could reach it" if n[2] % 2 else ""
    done = world.place.bench.counting.submit(world.person(n[0]), world.one(n[1], SHEETS), why)
    return done.state, done.counted, done.accepted, done.variance, done.recount, done.not_counted


def _count_and_submit(world: World, n: Numbers) -> Any:
    line, shelf = _count(world, n)
    ((sheet,),) = world.place.rows("SELECT sheet_id FROM count_line WHERE id = ?", line)
    done = world.place.bench.counting.submit(world.person(n[0]), int(sheet), "nobody could reach it")
    return shelf, done.state, done.counted, done.variance, done.recount


def _draft(world: World, n: Numbers) -> Any:
    counting, sheet = world.place.bench.counting, world.one(n[1], SHEETS)
    verb = (counting.undo, counting.redo)[n[2] % 2]
    return bool(verb(world.person(n[0]), sheet))


def _recount(world: World, n: Numbers) -> Any:
    line = world.one(n[1], "SELECT id FROM count_line ORDER BY id DESC LIMIT 6")
    return bool(world.place.bench.counting.ask_recount(world.person(n[0]), [line]))


def _propose(world: World, n: Numbers) -> Any:
    entry = world.one(n[1], "SELECT id FROM count_entry ORDER BY id DESC LIMIT 6")
    reasons = {"wait_reason": "it cannot wait", "guard_reason": "it is another one"} if n[3] % 4 else {}
    made = world.place.bench.settlement.propose(
        world.person(n[0]), entry_id=entry, cause=CAUSES[n[2] % 6], comment="as counted", **reasons
    )
    return made.number, made.tier


def _correct(world: World, n: Numbers) -> Any:
    key = world.one(n[1], "SELECT id FROM stock_key ORDER BY id")
    movement = world.one(n[3], "SELECT seq FROM movement ORDER BY seq DESC LIMIT 5")
    made = world.place.bench.settlement.propose(
        world.person(n[0]), key_id=key, quantity=(n[2] % 40 - 20) * 1_000_000, cause=CAUSES[n[4] % 6],
        comment="by its paper", evidence=[("movement", movement)], wait_reason="it cannot wait",
        guard_reason="it is another one",
    )  # fmt: skip
    return made.number, made.tier


def _approve(world: World, n: Numbers) -> Any:
    actor, adjustment = world.person(n[0]), world.one(n[1], WAITING)
    reasons = {adjustment: "it is another one"} if n[4] % 4 else None
    done = world.place.bench.settlement.approve(
        actor, [adjustment], SECRET if n[3] % 17 else "wrong", comment="seen",
        shown_hashes=world.hash_of(actor, adjustment, n[2]), guard_reasons=reasons,
    )  # fmt: skip
    return done.decided, done.posted, done.waiting_for_posting


def _reject(world: World, n: Numbers) -> Any:
    actor, adjustment = world.person(n[0]), world.one(n[1], WAITING)
    shown = world.hash_of(actor, adjustment, n[2])
    changes = world.place.bench.settlement.reject(
        actor, [adjustment], SECRET, comment="count again", shown_hashes=shown
    )
    return bool(changes)


def _withdraw(world: World, n: Numbers) -> Any:
    return bool(world.place.bench.settlement.withdraw(world.person(n[0]), world.one(n[1], WAITING)))


def _post(world: World, n: Numbers) -> Any:
    adjustment = world.one(n[1], "SELECT id FROM adjustment WHERE state = 'approved' ORDER BY id")
    return world.place.bench.settlement.post(world.person(n[0]), adjustment, SECRET).posted


def _reverse(world: World, n: Numbers) -> Any:
    adjustment = world.one(n[1], "SELECT id FROM adjustment WHERE state = 'posted' ORDER BY id DESC LIMIT 5")
    made = world.place.bench.settlement.reverse(
        world.person(n[0]), adjustment, cause=CAUSES[n[2] % 6], comment="it was wrong",
        wait_reason="it cannot wait", guard_reason="it is another one",
    )  # fmt: skip
    return made.number, made.tier


def _people(world: World, n: Numbers) -> Any:
    people, target = world.place.bench.people, world.person(n[1])
    actor, second = world.place.staff.administrator, world.place.staff.other_administrator
    if n[2] % 3 == 0:
        given = people.set_active(actor, target.id, bool(n[3] % 3))
    else:
        given = people.change_role(actor, target.id, tuple(Role)[n[3] % len(Role)])
    if given.waiting is not None:
        confirming = second if n[4] % 5 else actor
        given = people.confirm(confirming, given.waiting.id, SECRET)
    return given.person.role, given.person.id


def _restore(world: World, _n: Numbers) -> Any:
    people, staff = world.place.bench.people, world.place.staff
    for person in vars(staff).values():
        now = people.now(person.id)
        if now is None:
            given = people.set_active(staff.administrator, person.id, True)
            if given.waiting is not None:
                people.confirm(staff.other_administrator, given.waiting.id, SECRET)
        if now is None or now.role != person.role:
            given = people.change_role(staff.administrator, person.id, person.role)
            if given.waiting is not None:
                people.confirm(staff.other_administrator, given.waiting.id, SECRET)
    return "restored"


def _policy(world: World, n: Numbers) -> Any:
    policies = world.place.bench.policies
    percent = Tolerance(percent=(n[1] % 20 + 1) * PERCENT)
    changed = replace(policies.current(), tolerances={Rule(Scope.ABC_CLASS, "ABC"[n[2] % 3]): percent})
    return bool(policies.change(world.person(n[0]), changed, "as the house decided"))


def _case(world: World, n: Numbers) -> Any:
    casework, actor, case = world.place.bench.casework, world.person(n[0]), world.one(n[1], CASES)
    verbs: tuple[Callable[[], Any], ...] = (
        lambda: casework.dismiss(actor, [case], "it is nothing"),
        lambda: casework.close(actor, [case], cause=CAUSES[n[3] % 6], reason="cleared up"),
        lambda: casework.reopen(actor, case, "it is something"),
        lambda: casework.take(actor, [case]),
        lambda: casework.tag_cause(actor, case, CAUSES[n[3] % 6], "as it looks"),
    )
    return bool(verbs[n[2] % len(verbs)]())


def _clock(world: World, n: Numbers) -> Any:
    far = (MINUTE, HOUR, DAY, -MINUTE, -HOUR, 5 * HOUR, 30 * MINUTE)[n[0] % 7]
    return world.place.clock.forward(far)


def _reconnect(world: World, _n: Numbers) -> Any:
    world.place.reconnect()
    return "opened"


STEPS: dict[str, tuple[int, Step]] = {
    "import": (10, _import), "sheet": (9, _sheet), "count": (5, _count), "submit": (5, _submit),
    "count and submit": (16, _count_and_submit), "draft": (2, _draft), "recount": (1, _recount),
    "propose": (12, _propose), "correct": (5, _correct), "approve": (18, _approve), "reject": (2, _reject),
    "withdraw": (1, _withdraw), "post": (5, _post), "reverse": (3, _reverse), "people": (2, _people),
    "restore": (3, _restore), "policy": (2, _policy), "case": (4, _case), "clock": (5, _clock),
    "reconnect": (1, _reconnect),
}  # fmt: skip
"""How often of all, and what is done."""
HARM = ("", "", "", "", "", "", "", "killed", "lost")
Chosen = tuple[str, Numbers, str]


def chosen(random: Random) -> Chosen:
    """The next step of a seed."""
    names = list(STEPS)
    name = random.choices(names, [STEPS[each][0] for each in names])[0]
    numbers = tuple(random.randrange(LARGEST + 1) for _ in range(6))
    return name, numbers, random.choice(HARM)  # type: ignore[return-value]


def done(world: World, step: Chosen) -> tuple[str, Any]:
    """What came of a step: ``done``, ``refused`` with its code, or ``killed``."""
    name, numbers, harm = step
    world.place.clock.forward(1_000)
    act = STEPS[name][1]
    remembered = list(world.files)
    try:
        if harm == "killed" and name not in ("clock", "reconnect"):
            try:
                with world.place.dying(numbers[5] % 12):
                    act(world, numbers)
            except Killed:
                world.files = remembered
                world.place.reconnect()
                return "killed", None
            return "done", "nothing written"
        answer = act(world, numbers)
        if harm == "lost":  # the answer never arrived, so it is asked for again
            act(world, numbers)
        return "done", answer
    except DomainError as error:
        return "refused", error.code


class Machine:
    """Plays the same steps in every place, holds each against the rules, and compares what came of them."""

    def __init__(self, places: list[Place], folder: Path) -> None:
        self.worlds = [World(place, folder) for place in places]
        self.watches = [Watch(place) for place in places]
        self.taken: list[tuple[Chosen, tuple[str, Any]]] = []

    def take(self, step: Chosen) -> tuple[str, Any]:
        """Do one step everywhere."""
        outcomes = [done(world, step) for world in self.worlds]
        self.taken.append((step, outcomes[0]))
        for watch in self.watches:
            watch.step()
        assert all(outcome == outcomes[0] for outcome in outcomes), f"{step} came out as {outcomes}"
        return outcomes[0]

    def whole(self) -> None:
        """Everything held against the rules, and every place against the first."""
        for watch in self.watches:
            watch.whole()
        first, *others = (fingerprint(world.place) for world in self.worlds)
        for other in others:
            assert other == first, {table for table in first if first[table] != other[table]}


def fingerprint(place: Place) -> dict[str, str]:
    """A hash of the rows of each evidence table, without the audit's own hashes (their instants differ)."""
    left_out = {"audit_entry": "seq, person_id, action, subject"}
    made = {}
    for table, order in [*EVIDENCE.items(), ("balance", "key_id")]:
        rows = place.rows(f"SELECT {left_out.get(table, '*')} FROM {table} ORDER BY {order}")
        plain = [tuple(int(v) if isinstance(v, bool) else v for v in row) for row in rows]
        made[table] = hashlib.sha256(repr(plain).encode()).hexdigest()
    return made
