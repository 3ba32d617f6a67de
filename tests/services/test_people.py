"""Signing in, proving who one is, and looking after accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete

from support.warehouse import CHEAP, PIN, SECRET, Warehouse
from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.instant import HOUR, SECOND
from zeroline.domain.person import PROGRAM, Person, Right, Role
from zeroline.services.auditing import Auditing
from zeroline.services.locking import FIRST_LOCK, LONGEST_LOCK, PATIENCE, lock_of
from zeroline.services.people import People
from zeroline.storage import people as stored
from zeroline.storage import schema
from zeroline.storage.engine import Database


@pytest.fixture
def people(warehouse: Warehouse) -> People:
    return People(warehouse.database, CHEAP)


@contextmanager
def refused(code: str, **fields: Any) -> Iterator[None]:
    with pytest.raises(DomainError) as told:
        yield
    assert told.value.code == code
    assert told.value.fields.items() >= fields.items()


def last(warehouse: Warehouse) -> tuple[str, str, int]:
    """Action, subject and person of the newest audit entry."""
    [entry] = Auditing(warehouse.database).latest(1)
    return entry.action, entry.subject, entry.person_id


def leave(warehouse: Warehouse, people: People) -> None:
    """One of the two administrators goes by their own hand."""
    second = warehouse.people.other_administrator
    assert people.set_active(second, second.id, False).waiting is None


def fail(people: People, times: int, login: str = "counter") -> None:
    for _ in range(times):
        with refused("sign-in-refused"):
            people.sign_in(login, "wrong secret")


# --- signing in


def test_a_person_signs_in_with_login_and_secret(warehouse: Warehouse, people: People) -> None:
    supervisor = warehouse.people.supervisor
    assert people.sign_in("supervisor", SECRET) == supervisor
    assert last(warehouse) == ("signed in", f"person {supervisor.id}", supervisor.id)


def test_a_login_is_the_same_in_capitals_and_with_blanks_around(warehouse: Warehouse, people: People) -> None:
    assert people.sign_in("  SuperVisor ", SECRET) == warehouse.people.supervisor


def test_a_secret_is_the_same_however_its_letters_are_composed(warehouse: Warehouse, people: People) -> None:
    people.set_secret(warehouse.people.counter, warehouse.people.counter.id, "gr\u00fcne Kiste")
    assert people.sign_in("counter", "gru\u0308ne Kiste") == warehouse.people.counter


@pytest.mark.parametrize("secret", ["Correct horse", "correct hors", "", PIN, "correct horse "])
def test_a_wrong_secret_is_refused_and_audited(warehouse: Warehouse, people: People, secret: str) -> None:
    with refused("sign-in-refused"):
        people.sign_in("manager", secret)
    manager = warehouse.people.manager.id
    assert last(warehouse) == ("sign-in refused", f"person {manager}", manager)


def test_an_unknown_login_is_refused_with_the_same_words_and_audited(
    warehouse: Warehouse, people: People
) -> None:
    with refused("sign-in-refused"):
        people.sign_in("nobody", SECRET)
    assert last(warehouse) == ("sign-in refused", "person 0", 0)


def test_the_empty_secret_does_not_open_the_account_of_nobody(warehouse: Warehouse, people: People) -> None:
    with refused("sign-in-refused"):
        people.sign_in("nobody", "")


def test_a_disabled_person_does_not_sign_in(warehouse: Warehouse, people: People) -> None:
    people.set_active(warehouse.people.administrator, warehouse.people.counter.id, False)
    with refused("person-disabled"):
        people.sign_in("counter", SECRET)
    people.set_active(warehouse.people.administrator, warehouse.people.counter.id, True)
    assert people.sign_in("counter", SECRET) == warehouse.people.counter


def test_a_badge_with_its_pin_signs_in(warehouse: Warehouse, people: People) -> None:
    assert people.sign_in_by_badge("BADGE-counter", PIN) == warehouse.people.counter


@pytest.mark.parametrize(
    ("badge", "pin"), [("BADGE-counter", "1357"), ("BADGE-counter", SECRET), ("BADGE-x", PIN), ("", "")]
)
def test_a_wrong_badge_or_pin_is_refused(people: People, badge: str, pin: str) -> None:
    with refused("sign-in-refused"):
        people.sign_in_by_badge(badge, pin)


def test_the_pin_is_not_a_secret(people: People) -> None:
    with refused("sign-in-refused"):
        people.sign_in("counter", PIN)


def test_who_has_no_badge_any_more_does_not_sign_in_by_it(warehouse: Warehouse, people: People) -> None:
    people.set_badge(warehouse.people.administrator, warehouse.people.counter.id, "", "")
    with refused("sign-in-refused"):
        people.sign_in_by_badge("BADGE-counter", PIN)
    with refused("sign-in-refused"):
        people.sign_in_by_badge("", "")


# --- locking out


def test_the_first_failures_are_free_and_then_each_locks_twice_as_long() -> None:
    locks = [lock_of(failures) for failures in range(PATIENCE + 4)]
    assert locks == [0] * PATIENCE + [30 * SECOND, 60 * SECOND, 120 * SECOND, 240 * SECOND]
    assert lock_of(PATIENCE + 7) == lock_of(10_000) == LONGEST_LOCK == HOUR


def test_too_many_failures_lock_the_account_even_for_the_right_secret(
    warehouse: Warehouse, people: People
) -> None:
    fail(people, PATIENCE)
    with refused("sign-in-locked", until_at=warehouse.clock.now + FIRST_LOCK):
        people.sign_in("counter", SECRET)
    with refused("sign-in-locked"):
        people.sign_in_by_badge("BADGE-counter", PIN)
    with refused("sign-in-locked"):
        people.check_secret(warehouse.people.counter.id, SECRET)
    assert people.sign_in("manager", SECRET) == warehouse.people.manager


def test_the_lock_ends_and_the_next_failure_locks_longer(warehouse: Warehouse, people: People) -> None:
    fail(people, PATIENCE)
    warehouse.clock.forward(FIRST_LOCK)
    fail(people, 1)
    with refused("sign-in-locked", until_at=warehouse.clock.now + 2 * FIRST_LOCK):
        people.sign_in("counter", SECRET)


def test_a_good_sign_in_starts_counting_anew(warehouse: Warehouse, people: People) -> None:
    fail(people, PATIENCE - 1)
    people.sign_in("counter", SECRET)
    fail(people, PATIENCE - 1)
    assert people.sign_in("counter", SECRET) == warehouse.people.counter


def test_wrong_pins_and_wrong_secrets_count_together(people: People) -> None:
    fail(people, PATIENCE - 1)
    with refused("sign-in-refused"):
        people.sign_in_by_badge("BADGE-counter", "0000")
    with refused("sign-in-locked"):
        people.sign_in("counter", SECRET)


def test_a_new_secret_opens_the_lock(warehouse: Warehouse, people: People) -> None:
    fail(people, PATIENCE)
    people.set_secret(warehouse.people.administrator, warehouse.people.counter.id, "another horse")
    assert people.sign_in("counter", "another horse") == warehouse.people.counter


class Meanwhile(PasswordHasher):
    """argon2 that lets something happen while a secret is being verified."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.happens: Any = None

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        happens, self.happens = self.happens, None
        if happens is not None:
            happens()
        return super().verify(hash, password)


def test_guesses_side_by_side_do_not_get_past_the_lock(warehouse: Warehouse, people: People) -> None:
    hasher = Meanwhile()
    slow = People(warehouse.database, hasher)
    hasher.happens = lambda: fail(people, PATIENCE)
    with refused("sign-in-locked"):
        slow.sign_in("counter", SECRET)


def test_a_person_disabled_while_signing_in_stays_outside(warehouse: Warehouse, people: People) -> None:
    hasher = Meanwhile()
    slow = People(warehouse.database, hasher)
    hasher.happens = lambda: people.set_active(
        warehouse.people.administrator, warehouse.people.counter.id, False
    )
    with refused("person-disabled"):
        slow.sign_in("counter", SECRET)


# --- proving oneself again


def test_a_signature_proves_the_person_again(warehouse: Warehouse, people: People) -> None:
    manager = warehouse.people.manager
    before = last(warehouse)
    assert people.check_secret(manager.id, SECRET) == manager
    assert last(warehouse) == before  # the signature itself is audited by what it signs


def test_a_signature_after_failures_starts_counting_anew(warehouse: Warehouse, people: People) -> None:
    fail(people, PATIENCE - 1, "manager")
    manager = warehouse.people.manager
    assert people.check_secret(manager.id, SECRET) == manager
    fail(people, PATIENCE - 1, "manager")
    assert people.check_secret(manager.id, SECRET) == manager


def test_a_wrong_secret_signs_nothing(warehouse: Warehouse, people: People) -> None:
    for secret in ("wrong", "", PIN):
        with refused("secret-wrong"):
            people.check_secret(warehouse.people.manager.id, secret)
    with refused("secret-wrong"):
        people.check_secret(4711, SECRET)


def test_an_old_hash_is_renewed_with_the_secret_at_hand(warehouse: Warehouse, people: People) -> None:
    dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    for pin, prove in (
        (False, lambda one: one.sign_in("counter", SECRET)),
        (True, lambda one: one.sign_in_by_badge("BADGE-counter", PIN)),
    ):
        prove(People(warehouse.database, dearer))
        with warehouse.database.read() as connection:
            account = stored.by_login(connection, "counter")
        assert account is not None
        assert "t=2" in (account.pin_hash if pin else account.secret_hash)
        assert prove(people) == warehouse.people.counter


# --- the first person


def test_an_empty_database_takes_its_first_administrator_and_nobody_after(database: Database) -> None:
    people = People(database, CHEAP)
    assert people.is_empty()
    made = people.create_first_administrator("Ada", "Ada  Lovelace", SECRET)
    assert made == Person(1, "ada", "Ada Lovelace", Role.ADMINISTRATOR)
    assert not people.is_empty()
    assert people.sign_in("ada", SECRET) == made
    with refused("people-exist"):
        people.create_first_administrator("eve", "Eve", SECRET)


# --- accounts


def test_an_administrator_adds_a_person_who_can_sign_in(warehouse: Warehouse, people: People) -> None:
    given = people.add(warehouse.people.administrator, "New.One", "New One", Role.COUNTER, "eight chars")
    made = given.person
    assert given.waiting is None
    assert given.changes == Changes(people=frozenset({made.id}))
    assert people.sign_in("new.one", "eight chars") == made
    assert people.names()[made.id] == "New One"


@pytest.mark.parametrize("login", ["", "  ", "two words", "a" * 41, "semi;colon", "tab\tin"])
def test_a_login_that_cannot_be_typed_is_refused(warehouse: Warehouse, people: People, login: str) -> None:
    with refused("login-unusable", field="login"):
        people.add(warehouse.people.administrator, login, "Name", Role.COUNTER, SECRET)


@pytest.mark.parametrize("name", ["", "   ", "n" * 81, "bell\x07"])
def test_a_person_has_a_name(warehouse: Warehouse, people: People, name: str) -> None:
    with refused("name-missing", field="name"):
        people.add(warehouse.people.administrator, "login", name, Role.COUNTER, SECRET)


def test_a_secret_has_a_least_length(warehouse: Warehouse, people: People) -> None:
    with refused("secret-short", field="secret", least=8):
        people.add(warehouse.people.administrator, "login", "Name", Role.COUNTER, "seven c")


def test_a_login_is_given_once_even_when_its_person_is_disabled(warehouse: Warehouse, people: People) -> None:
    administrator = warehouse.people.administrator
    people.set_active(administrator, warehouse.people.counter.id, False)
    with refused("login-taken", login="counter"):
        people.add(administrator, "COUNTER", "Another", Role.COUNTER, SECRET)


def test_the_list_shows_everybody(warehouse: Warehouse, people: People) -> None:
    fail(people, PATIENCE)
    people.set_badge(warehouse.people.administrator, warehouse.people.manager.id, "", "")
    rows = {row.person.login: row for row in people.list(warehouse.people.auditor)}
    assert len(rows) == 9
    assert rows["counter"].locked_until == warehouse.clock.now + FIRST_LOCK
    assert rows["counter"].has_badge
    assert not rows["manager"].has_badge


def test_the_program_has_a_name_too(people: People) -> None:
    assert people.names()[0] == PROGRAM.name


def test_a_role_changes_with_the_old_and_the_new_one_in_the_trail(
    warehouse: Warehouse, people: People
) -> None:
    administrator = warehouse.people.administrator
    people.change_role(administrator, warehouse.people.counter.id, Role.AUDITOR)
    assert people.sign_in("counter", SECRET).role is Role.AUDITOR
    entries = Auditing(warehouse.database).entries(f"person {warehouse.people.counter.id}")
    assert [entry.facts for entry in entries if entry.action == "role changed"] == [
        '{"after":"auditor","before":"counter"}'
    ]


def test_a_person_gets_another_name_and_keeps_the_login(warehouse: Warehouse, people: People) -> None:
    people.rename(warehouse.people.administrator, warehouse.people.counter.id, "Cora Married")
    assert people.sign_in("counter", SECRET).name == "Cora Married"


def test_one_changes_ones_own_secret(warehouse: Warehouse, people: People) -> None:
    people.set_secret(warehouse.people.counter, warehouse.people.counter.id, "my own words")
    assert people.sign_in("counter", "my own words") == warehouse.people.counter
    with refused("sign-in-refused"):
        people.sign_in("counter", SECRET)


def test_one_sets_ones_own_badge(warehouse: Warehouse, people: People) -> None:
    people.set_badge(warehouse.people.counter, warehouse.people.counter.id, " NEW-BADGE ", "987654")
    assert people.sign_in_by_badge("NEW-BADGE", "987654") == warehouse.people.counter


@pytest.mark.parametrize("pin", ["", "123", "12a4", "    "])
def test_a_pin_has_digits_enough(warehouse: Warehouse, people: People, pin: str) -> None:
    with refused("pin-short", field="pin", least=4):
        people.set_badge(warehouse.people.counter, warehouse.people.counter.id, "NEW", pin)


def test_a_badge_belongs_to_one_person(warehouse: Warehouse, people: People) -> None:
    with refused("badge-taken", name="Mara Manager"):
        people.set_badge(warehouse.people.counter, warehouse.people.counter.id, "BADGE-manager", PIN)


def test_the_last_administrator_stays(warehouse: Warehouse, people: People) -> None:
    leave(warehouse, people)
    administrator = warehouse.people.administrator
    with refused("last-administrator"):
        people.set_active(administrator, administrator.id, False)
    with refused("last-administrator"):
        people.change_role(administrator, administrator.id, Role.COUNTER)
    with refused("last-administrator"):
        people.change_role(administrator, administrator.id, Role.MANAGER)
    people.change_role(administrator, administrator.id, Role.ADMINISTRATOR)


def test_somebody_unknown_cannot_be_changed(warehouse: Warehouse, people: People) -> None:
    administrator = warehouse.people.administrator
    with refused("person-unknown"):
        people.set_active(administrator, 4711, False)
    with refused("person-unknown"):
        people.set_secret(administrator, 4711, SECRET)


def test_a_lost_race_names_who_was_first(warehouse: Warehouse, people: People) -> None:
    administrator, counter = warehouse.people.administrator, warehouse.people.counter
    [shown] = [row.version for row in people.list(administrator) if row.person == counter]
    people.rename(administrator, counter.id, "Cora Married")
    with pytest.raises(ChangedMeanwhile) as told:
        people.change_role(administrator, counter.id, Role.SUPERVISOR, version=shown)
    assert told.value.fields["who"] == "Ada Administrator"
    people.change_role(administrator, counter.id, Role.AUDITOR, version=shown + 1)


# --- rights


@pytest.mark.parametrize("role", ["counter", "supervisor", "manager", "auditor"])
def test_only_an_administrator_looks_after_people(warehouse: Warehouse, people: People, role: str) -> None:
    actor, other = getattr(warehouse.people, role), warehouse.people.other_counter.id
    for verb in (
        lambda: people.add(actor, "x", "X", Role.COUNTER, SECRET),
        lambda: people.change_role(actor, other, Role.MANAGER),
        lambda: people.set_active(actor, other, False),
        lambda: people.rename(actor, other, "X"),
        lambda: people.set_secret(actor, other, SECRET),
        lambda: people.set_badge(actor, other, "", ""),
        lambda: people.requests(actor),
        lambda: people.confirm(actor, 1, SECRET),
        lambda: people.refuse(actor, 1),
        lambda: people.withdraw(actor, 1),
    ):
        with refused("not-allowed", role=actor.role.value):
            verb()


def test_a_counter_does_not_see_the_list_of_people(warehouse: Warehouse, people: People) -> None:
    with refused("not-allowed"):
        people.list(warehouse.people.counter)


def test_nobody_looks_after_people_with_rights_they_had_yesterday(
    warehouse: Warehouse, people: People
) -> None:
    first, second = warehouse.people.administrator, warehouse.people.other_administrator
    people.change_role(second, second.id, Role.COUNTER)
    assert second.may(Right.PEOPLE)  # what the window still believes
    for verb in (
        lambda: people.add(second, "x", "X", Role.COUNTER, SECRET),
        lambda: people.change_role(second, second.id, Role.MANAGER),
        lambda: people.set_active(second, first.id, False),
        lambda: people.rename(second, first.id, "X"),
        lambda: people.set_secret(second, first.id, SECRET),
        lambda: people.set_badge(second, first.id, "", ""),
    ):
        with refused("not-allowed", role="counter"):
            verb()


def test_a_disabled_person_does_not_even_change_their_own_secret(
    warehouse: Warehouse, people: People
) -> None:
    counter = warehouse.people.counter
    people.set_active(warehouse.people.administrator, counter.id, False)
    with refused("not-allowed"):
        people.set_secret(counter, counter.id, "my own words")


def test_every_write_asks_who_the_actor_is_now(warehouse: Warehouse, people: People) -> None:
    with warehouse.database.write(warehouse.people.manager.id) as work:
        assert stored.require(work, Right.POLICY) == warehouse.people.manager
        with refused("not-allowed", right="people", role="manager"):
            stored.require(work, Right.PEOPLE)
    with warehouse.database.write(4711) as work, refused("not-allowed"):
        stored.require(work, Right.COUNT)
    with warehouse.database.write() as work:
        assert stored.require(work, Right.IMPORT) == PROGRAM
        with refused("not-allowed"):
            stored.require(work, Right.APPROVE)


def test_somebody_whose_row_is_gone_does_not_sign_in(warehouse: Warehouse) -> None:
    """Only by a hand that first takes the guards away."""
    hasher = Meanwhile()

    def vanish() -> None:
        warehouse.drop_guards("guard_person_delete")
        with warehouse.database.write() as work:
            work.connection.execute(delete(schema.person).where(schema.person.c.login == "counter"))
            work.audit("tampered", "person")
            work.changed(everything=True)
            work.commit()

    hasher.happens = vanish
    with refused("sign-in-refused"):
        People(warehouse.database, hasher).sign_in("counter", SECRET)
