"""Whatever administrators do in whatever order, nobody gets a power, or is put out, by one of them alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from random import Random

import pytest

from support.warehouse import CHEAP, SECRET, SettableClock, hire
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person, Role
from zeroline.domain.second_hand import WINDOW, Standing, is_grant
from zeroline.domain.views.people import RoleRequest
from zeroline.services.people import People
from zeroline.storage.engine import Database

EVERYBODY = {
    "ada": ("Ada", Role.ADMINISTRATOR),
    "bea": ("Bea", Role.ADMINISTRATOR),
    "cid": ("Cid", Role.AUDITOR),
    "dan": ("Dan", Role.SUPERVISOR),
    "eve": ("Eve", Role.COUNTER),
}
VERBS = ("role", "on", "off", "confirm", "refuse", "withdraw", "secret", "own secret", "days")
WEIGHTS = (4, 2, 4, 6, 1, 1, 1, 2, 1)


def steps(random: Random, count: int) -> Iterator[tuple[str, int, int, Role]]:
    """Verb, who does it, to whom (or which request), and to which role."""
    for verb in random.choices(VERBS, WEIGHTS, k=count):
        yield verb, random.randrange(6), random.randrange(5), random.choice([*Role, Role.ADMINISTRATOR])


@pytest.mark.parametrize("seed", range(8))
def test_two_hands_stand_behind_every_power_and_every_administrator_put_out(
    database: Database, clock: SettableClock, seed: int
) -> None:
    run(database, clock, steps(Random(seed), 120))


def run(database: Database, clock: SettableClock, done: Iterable[tuple[str, int, int, Role]]) -> None:
    people = People(database, CHEAP)
    made = list(hire(people, EVERYBODY).values())
    reader = Person(0, "", "", Role.AUDITOR)
    before = {row.person.id: row.person for row in people.list(reader)}
    for verb, by, about, role in done:
        administrators = [person for person in before.values() if _standing(person).administers]
        actor, other = administrators[by % len(administrators)], before[made[about].id]
        requests = _waiting(people)
        waiting = requests[about % len(requests)] if requests else None
        clock.forward(4 * DAY if verb == "days" else 1)
        with contextlib.suppress(DomainError):
            act(people, verb, actor, other, role, waiting)
        after = {row.person.id: row.person for row in people.list(reader)}
        check(before, after, verb, actor, waiting, clock.now)
        before = after


def act(
    people: People, verb: str, actor: Person, other: Person, role: Role, waiting: RoleRequest | None
) -> None:
    asked = 0 if waiting is None else waiting.id
    if verb == "role":
        people.change_role(actor, other.id, role)
    elif verb in ("on", "off"):
        people.set_active(actor, other.id, verb == "on")
    elif verb == "confirm":
        people.confirm(actor, asked, SECRET)
    elif verb == "refuse":
        people.refuse(actor, asked)
    elif verb == "withdraw":
        people.withdraw(actor, asked)
    elif verb == "secret":
        people.set_secret(actor, other.id, SECRET)
    elif verb == "own secret":
        people.set_secret(actor, actor.id, SECRET)


def _waiting(people: People) -> tuple[RoleRequest, ...]:
    return people.requests(Person(0, "", "", Role.ADMINISTRATOR))


def check(
    before: dict[int, Person],
    after: dict[int, Person],
    verb: str,
    actor: Person,
    waiting: RoleRequest | None,
    now: int,
) -> None:
    administrators = {id for id, person in before.items() if _standing(person).administers}
    left = {id for id, person in after.items() if _standing(person).administers}
    assert left
    for id, person in after.items():
        if is_grant(_standing(before[id]), _standing(person)):
            alone = administrators == {actor.id} and person.role is Role.ADMINISTRATOR
            if not alone:
                assert verb == "confirm"
                assert waiting is not None
                assert waiting.wanted == _standing(person)
                assert actor.id not in (waiting.asked_by.id, id)
                assert actor.id in administrators
                assert now < waiting.ends_at
        elif id in administrators - left and len(administrators) == 2 and actor.id != id:
            assert verb == "confirm"
            assert waiting is not None
            assert waiting.asked_by.id in (id, actor.id)
            assert waiting.asked_by.id == id or now >= waiting.asked_at + WINDOW


def _standing(person: Person) -> Standing:
    return Standing(person.role, person.active)
