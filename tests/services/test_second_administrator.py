"""A power over stock or people takes two administrators."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.floor import refused
from support.warehouse import CHEAP, SECRET, Warehouse, hire
from zeroline.domain.errors import ChangedMeanwhile
from zeroline.domain.person import Person, Role
from zeroline.domain.second_hand import WINDOW, Standing
from zeroline.domain.views.people import RoleRequest
from zeroline.services.auditing import Auditing
from zeroline.services.people import People
from zeroline.storage.engine import Database


@pytest.fixture
def people(warehouse: Warehouse) -> People:
    return People(warehouse.database, CHEAP)


def last(warehouse: Warehouse) -> tuple[str, str, int]:
    """Action, subject and person of the newest audit entry."""
    [entry] = Auditing(warehouse.database).latest(1)
    return entry.action, entry.subject, entry.person_id


def leave(warehouse: Warehouse, people: People) -> None:
    """One of the two administrators goes by their own hand."""
    second = warehouse.people.other_administrator
    assert people.set_active(second, second.id, False).waiting is None


def promote(warehouse: Warehouse, people: People, role: Role = Role.SUPERVISOR) -> RoleRequest:
    """The first administrator asks that the counter be a supervisor."""
    waiting = people.change_role(warehouse.people.administrator, warehouse.people.counter.id, role).waiting
    assert waiting is not None
    return waiting


# --- what waits


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGER, Role.ADMINISTRATOR])
def test_who_is_added_with_a_power_does_not_come_in_before_a_second_administrator_confirms(
    warehouse: Warehouse, people: People, role: Role
) -> None:
    given = people.add(warehouse.people.administrator, "nina", "Nina New", role, SECRET)
    assert given.waiting is not None
    assert not given.person.active
    with refused("person-disabled"):
        people.sign_in("nina", SECRET)
    done = people.confirm(warehouse.people.other_administrator, given.waiting.id, SECRET)
    assert done.waiting is None
    assert people.sign_in("nina", SECRET) == done.person == Person(given.person.id, "nina", "Nina New", role)


@pytest.mark.parametrize("role", [Role.COUNTER, Role.AUDITOR])
def test_who_gets_no_power_comes_in_at_once(warehouse: Warehouse, people: People, role: Role) -> None:
    given = people.add(warehouse.people.administrator, "nina", "Nina New", role, SECRET)
    assert given.waiting is None
    assert people.sign_in("nina", SECRET) == given.person


def test_another_role_with_a_power_takes_effect_when_it_is_confirmed(
    warehouse: Warehouse, people: People
) -> None:
    request = promote(warehouse, people)
    assert people.sign_in("counter", SECRET).role is Role.COUNTER
    people.confirm(warehouse.people.other_administrator, request.id, SECRET)
    assert people.sign_in("counter", SECRET).role is Role.SUPERVISOR


def test_a_supervisor_switched_off_comes_back_when_it_is_confirmed(
    warehouse: Warehouse, people: People
) -> None:
    staff = warehouse.people
    people.set_active(staff.administrator, staff.supervisor.id, False)
    request = people.set_active(staff.administrator, staff.supervisor.id, True).waiting
    assert request is not None
    with refused("person-disabled"):
        people.sign_in("supervisor", SECRET)
    people.confirm(staff.other_administrator, request.id, SECRET)
    assert people.sign_in("supervisor", SECRET) == staff.supervisor


def test_a_power_is_taken_away_by_one_alone(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    assert people.change_role(staff.administrator, staff.manager.id, Role.COUNTER).waiting is None
    assert people.set_active(staff.administrator, staff.supervisor.id, False).waiting is None


def test_what_waits_says_who_asked_what_and_when(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    request = promote(warehouse, people)
    assert people.requests(staff.other_administrator) == people.requests(staff.administrator) == (request,)
    assert request == RoleRequest(
        request.id,
        staff.counter,
        Standing(Role.SUPERVISOR, True),
        staff.administrator,
        warehouse.clock.now,
    )
    assert request.ends_at == warehouse.clock.now + WINDOW


def test_one_request_for_a_person_waits_at_a_time(warehouse: Warehouse, people: People) -> None:
    promote(warehouse, people)
    with refused("second-waiting") as told:
        people.change_role(warehouse.people.other_administrator, warehouse.people.counter.id, Role.MANAGER)
    assert told.fields == {"name": "Cora Counter"}


def test_the_trail_names_both_administrators(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    request = promote(warehouse, people)
    subject = f"person {staff.counter.id}"
    assert last(warehouse) == ("role asked for", subject, staff.administrator.id)
    people.confirm(staff.other_administrator, request.id, SECRET)
    assert last(warehouse) == ("role changed", subject, staff.other_administrator.id)
    [entry] = Auditing(warehouse.database).latest(1)
    assert f'"asked_by":{staff.administrator.id}' in entry.facts


# --- answers


def test_who_asked_does_not_confirm(warehouse: Warehouse, people: People) -> None:
    request = promote(warehouse, people)
    with refused("second-asked"):
        people.confirm(warehouse.people.administrator, request.id, SECRET)
    with refused("second-asked"):
        people.refuse(warehouse.people.administrator, request.id)


def test_nobody_confirms_a_power_of_their_own(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    request = people.change_role(staff.administrator, staff.other_administrator.id, Role.MANAGER).waiting
    assert request is not None
    with refused("second-concerned"):
        people.confirm(staff.other_administrator, request.id, SECRET)


def test_confirming_is_signed_with_ones_own_secret(warehouse: Warehouse, people: People) -> None:
    request = promote(warehouse, people)
    with refused("secret-wrong"):
        people.confirm(warehouse.people.other_administrator, request.id, "not my secret")
    assert people.requests(warehouse.people.administrator) == (request,)


def test_a_secret_that_who_asked_has_given_confirms_nothing(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    request = promote(warehouse, people)
    people.set_secret(staff.administrator, staff.other_administrator.id, "given secret")
    with refused("second-secret") as told:
        people.confirm(staff.other_administrator, request.id, "given secret")
    assert told.fields == {"name": "Ada Administrator"}
    people.set_secret(staff.other_administrator, staff.other_administrator.id, SECRET)
    assert people.confirm(staff.other_administrator, request.id, SECRET).person.role is Role.SUPERVISOR


def test_a_refused_request_gives_nothing_and_can_be_asked_again(warehouse: Warehouse, people: People) -> None:
    request = promote(warehouse, people)
    people.refuse(warehouse.people.other_administrator, request.id)
    assert last(warehouse)[0] == "role request refused"
    assert people.requests(warehouse.people.administrator) == ()
    with pytest.raises(ChangedMeanwhile, match="second-answered") as told:
        people.confirm(warehouse.people.other_administrator, request.id, SECRET)
    assert told.value.fields == {"who": "Orla Otheradministrator", "answer": "refused"}
    assert people.sign_in("counter", SECRET).role is Role.COUNTER
    promote(warehouse, people)


def test_only_who_asked_withdraws(warehouse: Warehouse, people: People) -> None:
    request = promote(warehouse, people)
    with refused("second-not-asked"):
        people.withdraw(warehouse.people.other_administrator, request.id)
    people.withdraw(warehouse.people.administrator, request.id)
    assert last(warehouse)[0] == "role request withdrawn"
    assert people.requests(warehouse.people.administrator) == ()


def test_a_request_lapses_after_a_week(warehouse: Warehouse, people: People) -> None:
    request = promote(warehouse, people)
    warehouse.clock.forward(WINDOW)
    assert people.requests(warehouse.people.administrator) == ()
    with refused("second-late"):
        people.confirm(warehouse.people.other_administrator, request.id, SECRET)
    again = promote(warehouse, people)
    people.confirm(warehouse.people.other_administrator, again.id, SECRET)


def test_a_request_for_an_account_that_was_changed_counts_no_more(
    warehouse: Warehouse, people: People
) -> None:
    staff = warehouse.people
    request = promote(warehouse, people)
    people.set_active(staff.administrator, staff.counter.id, False)
    assert people.requests(staff.administrator) == ()
    with refused("second-outdated"):
        people.confirm(staff.other_administrator, request.id, SECRET)


def test_a_request_of_who_is_no_administrator_any_more_counts_no_more(
    warehouse: Warehouse, people: People
) -> None:
    staff = warehouse.people
    asked = people.change_role(staff.other_administrator, staff.counter.id, Role.SUPERVISOR).waiting
    assert asked is not None
    leave(warehouse, people)
    people.change_role(staff.administrator, staff.auditor.id, Role.ADMINISTRATOR)
    assert people.requests(staff.administrator) == ()
    with refused("second-outdated"):
        people.confirm(staff.administrator, asked.id, SECRET)
    assert promote(warehouse, people).person == staff.counter


def test_a_request_of_another_name_still_counts(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    request = promote(warehouse, people)
    people.rename(staff.administrator, staff.counter.id, "Cora Married")
    given = people.confirm(staff.other_administrator, request.id, SECRET)
    assert (given.person.name, given.person.role) == ("Cora Married", Role.SUPERVISOR)


def test_a_request_that_was_never_asked_is_not_answered(warehouse: Warehouse, people: People) -> None:
    with refused("second-unknown"):
        people.confirm(warehouse.people.administrator, 4711, SECRET)


# --- one administrator, two, and two again


def test_the_first_administrator_appoints_the_second_alone_and_then_nobody_else(database: Database) -> None:
    people = People(database, CHEAP)
    first = people.create_first_administrator("first", "First", SECRET)
    waiting = people.add(first, "sam", "Sam", Role.SUPERVISOR, SECRET).waiting
    assert waiting is not None
    second = people.add(first, "second", "Second", Role.ADMINISTRATOR, SECRET)
    assert second.waiting is None
    assert people.add(first, "third", "Third", Role.ADMINISTRATOR, SECRET).waiting is not None
    with refused("second-secret"):
        people.confirm(second.person, waiting.id, SECRET)
    people.set_secret(second.person, second.person.id, "of my own")
    assert people.confirm(second.person, waiting.id, "of my own").person.active


def test_two_administrators_cannot_put_each_other_out(warehouse: Warehouse, people: People) -> None:
    first, second = warehouse.people.administrator, warehouse.people.other_administrator
    waiting = people.set_active(first, second.id, False).waiting
    assert waiting is not None
    assert waiting.leaving
    assert people.sign_in("other_administrator", SECRET) == second
    with refused("second-asked"):
        people.confirm(first, waiting.id, SECRET)
    people.refuse(second, waiting.id)
    assert people.requests(first) == ()


def agree(people: People, second: Person, request: RoleRequest) -> None:
    people.confirm(second, request.id, SECRET)


def go(people: People, second: Person, request: RoleRequest) -> None:
    assert people.set_active(second, second.id, False).waiting is None


@pytest.mark.parametrize("how", [agree, go])
def test_who_agrees_to_leave_leaves(
    warehouse: Warehouse, people: People, how: Callable[[People, Person, RoleRequest], None]
) -> None:
    first, second = warehouse.people.administrator, warehouse.people.other_administrator
    request = people.set_active(first, second.id, False).waiting
    assert request is not None
    how(people, second, request)
    with refused("person-disabled"):
        people.sign_in("other_administrator", SECRET)
    assert people.requests(first) == ()


def test_who_does_not_answer_for_a_week_leaves_without_agreeing(warehouse: Warehouse, people: People) -> None:
    first, second = warehouse.people.administrator, warehouse.people.other_administrator
    request = people.set_active(first, second.id, False).waiting
    assert request is not None
    warehouse.clock.forward(WINDOW)
    assert people.requests(first) == (request,)
    people.confirm(first, request.id, SECRET)
    with refused("person-disabled"):
        people.sign_in("other_administrator", SECRET)


def test_who_is_asked_to_leave_in_another_way_answers_that_first(
    warehouse: Warehouse, people: People
) -> None:
    first, second = warehouse.people.administrator, warehouse.people.other_administrator
    people.change_role(first, second.id, Role.COUNTER)
    with refused("second-waiting"):
        people.set_active(second, second.id, False)


def test_who_is_left_alone_appoints_a_second_again(warehouse: Warehouse, people: People) -> None:
    first, auditor = warehouse.people.administrator, warehouse.people.auditor
    leave(warehouse, people)
    assert people.change_role(first, warehouse.people.counter.id, Role.SUPERVISOR).waiting is not None
    assert people.change_role(first, auditor.id, Role.ADMINISTRATOR).waiting is None
    assert people.change_role(first, warehouse.people.manager.id, Role.ADMINISTRATOR).waiting is not None


def test_two_who_both_agreed_to_leave_do_not_both_go(warehouse: Warehouse, people: People) -> None:
    """A request from when there were two: who asked has gone, the one left is the last."""
    first, second = warehouse.people.administrator, warehouse.people.other_administrator
    request = people.set_active(second, first.id, False).waiting
    assert request is not None
    leave(warehouse, people)
    with refused("second-outdated"):
        people.confirm(first, request.id, SECRET)


def test_of_three_administrators_one_alone_puts_out_another(database: Database) -> None:
    people = People(database, CHEAP)
    made = hire(people, dict.fromkeys(("one", "two", "three"), ("Name", Role.ADMINISTRATOR)))
    assert people.set_active(made["one"], made["three"].id, False).waiting is None
    assert people.set_active(made["one"], made["two"].id, False).waiting is not None


# --- who somebody is now


def test_somebody_is_read_as_the_database_knows_them_now(warehouse: Warehouse, people: People) -> None:
    staff = warehouse.people
    people.set_active(staff.administrator, staff.counter.id, False)
    now = people.now(staff.counter.id)
    assert now is not None
    assert not now.active
    assert people.now(4711) is None
