"""What people and other systems do in a warehouse's day, each chosen by a few numbers.

A step is its name and six numbers. What they stand for (which person, which line, how much) is worked out
from what the database holds, so that the same numbers mean the same on every database and a shorter run is
still a sensible one. A step is first chosen, which only reads, and answers what then does it; that may be
told twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.places import KEYS, Place
from support.files import source, text_file
from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.domain.instant import DAY, HOUR, MINUTE, iso
from zeroline.domain.person import PROGRAM, RIGHTS, Person, Right

Numbers = tuple[int, int, int, int, int, int]
Deed = Callable[[], Any]
CAUSES = ("K3", "R4", "L1", "T1", "Z9", "C1", "L5", "L4")
HEAD = "movement_id,item,location,quantity,recorded_at,occurred_at\n"
PAPERS = "document_kind,document,document_line,item,location,quantity,done_quantity,state\n"


@dataclass
class World:
    """One place, and what is remembered there: files that came before."""

    place: Place
    folder: Path
    files: list[tuple[RecordKind, str]] = field(default_factory=list)

    def hand(self, number: int, right: Right | None = None, without: tuple[int, ...] = ()) -> Person:
        """Somebody who has the right and is not one of those; every eighth time anybody at all.

        Now and then somebody as they were when they signed in, whatever they are today.
        """
        known = tuple(vars(self.place.staff).values())
        if right is None or number % 8 == 0:
            anybody: Person = known[number // 8 % len(known)]
            return anybody if number // 64 % 4 == 0 else self.place.bench.people.now(anybody.id) or anybody
        roles = json.dumps([role.value for role, rights in RIGHTS.items() if right in rights])
        fit = self.ids(
            "SELECT p.id FROM person p JOIN json_each(?) r ON r.value = p.role WHERE p.active ORDER BY p.id",
            roles,
        )
        fit = [one for one in fit if one not in without] or fit or [known[0].id]
        return self.place.bench.people.now(fit[number // 8 % len(fit)]) or known[0]

    def ids(self, sql: str, *values: Any) -> list[int]:
        """The first column of what there is."""
        return [int(row[0]) for row in self.place.rows(sql, *values)]

    def one(self, number: int, sql: str, *values: Any) -> int:
        """The id of one row of what there is; 0 where there is none."""
        rows = self.ids(sql, *values)
        return rows[number % len(rows)] if rows else 0

    def shown(self, actor: Person, adjustment: int, number: int) -> dict[int, str]:
        """What an approver signs; now and then it is stale."""
        if number % 29 == 0:
            return {adjustment: "0" * 64}
        return {adjustment: self.place.bench.settlement.approval_view(actor, adjustment).shown_hash}


Step = Callable[[World, Numbers], Deed]


# --- other systems


def _file(world: World, kind: RecordKind, content: str, again: bool) -> Deed:
    world.files = [*world.files[-40:], (kind, content)]
    path = text_file(world.folder, content, "rows.csv")

    def load() -> Any:
        result = world.place.bench.intake.load(PROGRAM, source(path, kind=kind))
        if again:
            repeated = world.place.bench.intake.load(PROGRAM, source(path, kind=kind))
            assert repeated.added == repeated.changed == 0, (
                "rule 10 is broken: a second import added something"
            )
        return result.read, result.added, result.changed, result.known, result.rejected

    return load


def import_movements(world: World, n: Numbers) -> Deed:
    """Movements of another system: late, out of order, some rows unreadable, some known already."""
    key, amount, late, rows, again, mark = n
    if again % 7 == 0 and world.files:
        return _file(world, *world.files[key % len(world.files)], again=True)
    number = world.place.rows("SELECT COUNT(*) FROM import_run")[0][0]
    lines = []
    for place in range(rows % 4 + 1):
        item, location = KEYS[(key + place * again) % len(KEYS)]
        recorded = world.place.clock() - (late % 5) * HOUR
        occurred = recorded - (amount % 3) * HOUR + (mark % 2) * MINUTE
        quantity = (amount + 7 * place) % 60 - 30 or 1
        reference = f"M{number}-{place if mark % 7 else 0}"
        bad = "what" if mark % 11 == 0 and place == 1 else str(quantity)
        lines.append(f"{reference},{item},{location},{bad},{iso(recorded)},{iso(occurred)}\n")
    return _file(world, RecordKind.MOVEMENTS, HEAD + "".join(lines), again % 5 == 0)


def import_documents(world: World, n: Numbers) -> Deed:
    """Documents as they stand now: a few numbers that come again, opened, done and closed."""
    lines = []
    for place in range(n[3] % 3 + 1):
        item, location = KEYS[(n[1] + place) % len(KEYS)]
        kind = ("receipt", "transfer", "production", "return", "order")[(n[2] + place) % 5]
        wanted = n[4] % 20 + 1
        done = wanted if n[5] % 3 else n[5] % wanted
        state = ("open", "closed", "")[n[5] % 5 % 3]
        where = location if n[4] % 4 else ""
        lines.append(f"{kind},D{n[0] % 15},{place + 1},{item},{where},{wanted},{done},{state}\n")
    return _file(world, RecordKind.DOCUMENTS, PAPERS + "".join(lines), n[5] % 6 == 0)


# --- cases


CASES = (
    "SELECT id FROM stock_case WHERE state NOT IN ('closed', 'dismissed') OR opened_at >= ? "
    "ORDER BY id DESC LIMIT 12"
)


def case(world: World, n: Numbers) -> Deed:
    """One of the verbs of casework on one of the newer cases."""
    actor = world.hand(n[0], Right.TRIAGE)
    chosen = world.one(n[1], CASES, world.place.clock() - HOUR)
    owner, cause = world.hand(n[4]), CAUSES[n[3] % len(CAUSES)]
    guess = world.place.rows("SELECT cause FROM diagnosis WHERE case_id = ? ORDER BY id DESC LIMIT 1", chosen)
    verbs: tuple[Deed, ...] = (
        lambda: world.place.bench.casework.dismiss(actor, [chosen], "it is nothing"),
        lambda: world.place.bench.casework.close(actor, [chosen], cause=cause, reason="cleared up"),
        lambda: world.place.bench.casework.reopen(actor, chosen, "it is something"),
        lambda: world.place.bench.casework.take(actor, [chosen]),
        lambda: world.place.bench.casework.assign(actor, [chosen], owner.id),
        lambda: world.place.bench.casework.tag_cause(actor, chosen, cause, "as it looks"),
        lambda: world.place.bench.casework.note(actor, chosen, "seen"),
        lambda: world.place.bench.casework.verify(actor, chosen),
        lambda: world.place.bench.casework.wait_for_document(actor, chosen, f"D{n[5] % 15}", "it is due"),
        lambda: world.place.bench.diagnosing.accept_case(actor, chosen, guess[0][0] if guess else "K3"),
        lambda: world.place.bench.diagnosing.none_of_these(actor, chosen),
    )
    verb = verbs[n[2] % len(verbs)]
    return lambda: bool(verb())


def attach(world: World, n: Numbers) -> Deed:
    """A photograph of the paper to a case."""
    actor, chosen = world.hand(n[0], Right.TRIAGE), world.one(n[1], CASES, 0)
    picture = b"\x89PNG\r\n\x1a\n" + bytes([n[2] % 256])
    return lambda: bool(world.place.bench.casework.attach(actor, chosen, "paper.png", picture))


# --- the clock and the line


def clock(world: World, n: Numbers) -> Deed:
    """Time goes on, or the workstation's clock is set back."""
    far = (MINUTE, HOUR, DAY, -MINUTE, -HOUR, 5 * HOUR, 30 * MINUTE)[n[0] % 7]
    world.place.clock.forward(far)
    return lambda: world.place.clock()


def reconnect(world: World, _n: Numbers) -> Deed:
    """Every connection is thrown away, and the database opened anew."""
    world.place.reconnect()
    return lambda: "opened"


def refused(code: str) -> Deed:
    """What cannot be told because there is nothing to tell it of."""

    def refuse() -> Any:
        raise DomainError(code)

    return refuse
