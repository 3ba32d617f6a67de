"""Which changes of accounts need a second administrator, and who that may be."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from zeroline.domain.errors import DomainError
from zeroline.domain.person import RIGHTS, Person, Right, Role
from zeroline.domain.second_hand import (
    POWERS,
    WINDOW,
    Answer,
    Standing,
    check_answer,
    is_grant,
    is_leaving,
    needs_second,
)
from zeroline.domain.views.people import RoleRequest

ADMIN, GONE = Standing(Role.ADMINISTRATOR, True), Standing(Role.ADMINISTRATOR, False)
COUNTER, SUPERVISOR = Standing(Role.COUNTER, True), Standing(Role.SUPERVISOR, True)


def test_every_role_that_approves_or_looks_after_people_is_a_power() -> None:
    assert {"supervisor", "manager", "administrator"} == POWERS
    assert all(rights.isdisjoint({Right.APPROVE}) for role, rights in RIGHTS.items() if role not in POWERS)


@pytest.mark.parametrize(
    ("before", "after", "granted"),
    [
        (None, SUPERVISOR, True),
        (None, ADMIN, True),
        (None, COUNTER, False),
        (COUNTER, SUPERVISOR, True),
        (SUPERVISOR, Standing(Role.MANAGER, True), True),
        (Standing(Role.SUPERVISOR, False), SUPERVISOR, True),
        (GONE, ADMIN, True),
        (SUPERVISOR, SUPERVISOR, False),
        (SUPERVISOR, COUNTER, False),
        (SUPERVISOR, Standing(Role.SUPERVISOR, False), False),
        (COUNTER, Standing(Role.SUPERVISOR, False), False),
    ],
)
def test_a_grant_is_a_power_that_somebody_did_not_have(
    before: Standing | None, after: Standing, granted: bool
) -> None:
    assert is_grant(before, after) is granted
    assert needs_second(before, after, 3) is granted


def test_an_administrator_leaves_by_going_or_by_another_role_without_power() -> None:
    assert is_leaving(ADMIN, GONE)
    assert is_leaving(ADMIN, COUNTER)
    assert not is_leaving(ADMIN, SUPERVISOR)  # a power that has to be confirmed itself
    assert not is_leaving(None, ADMIN)
    assert not is_leaving(COUNTER, Standing(Role.COUNTER, False))


def test_one_administrator_alone_appoints_the_second_and_nobody_else() -> None:
    assert not needs_second(None, ADMIN, 1)
    assert not needs_second(COUNTER, ADMIN, 1)
    assert needs_second(None, SUPERVISOR, 1)
    assert needs_second(None, ADMIN, 2)


@pytest.mark.parametrize(("administrators", "needed"), [(1, False), (2, True), (3, False)])
def test_of_two_administrators_neither_is_put_out_alone(administrators: int, needed: bool) -> None:
    assert needs_second(ADMIN, GONE, administrators) is needed


ASKER, CONCERNED, OTHER = 1, 2, 3


@pytest.mark.parametrize(
    ("answer", "who", "leaving", "late", "refused"),
    [
        (Answer.CONFIRMED, OTHER, False, False, ""),
        (Answer.REFUSED, OTHER, False, False, ""),
        (Answer.CONFIRMED, ASKER, False, False, "second-asked"),
        (Answer.REFUSED, ASKER, False, False, "second-asked"),
        (Answer.WITHDRAWN, ASKER, False, False, ""),
        (Answer.WITHDRAWN, ASKER, False, True, ""),
        (Answer.WITHDRAWN, OTHER, False, False, "second-not-asked"),
        (Answer.CONFIRMED, CONCERNED, False, False, "second-concerned"),
        (Answer.CONFIRMED, OTHER, False, True, "second-late"),
        (Answer.CONFIRMED, CONCERNED, True, False, ""),
        (Answer.REFUSED, CONCERNED, True, False, ""),
        (Answer.CONFIRMED, OTHER, True, False, ""),
        (Answer.CONFIRMED, ASKER, True, False, "second-asked"),
        (Answer.CONFIRMED, ASKER, True, True, ""),
        (Answer.REFUSED, ASKER, True, True, "second-asked"),
    ],
)
def test_who_may_answer_how(answer: Answer, who: int, leaving: bool, late: bool, refused: str) -> None:
    told = pytest.raises(DomainError, match=refused) if refused else nullcontext()
    with told:
        check_answer(answer, who, asked_by=ASKER, concerned=CONCERNED, leaving=leaving, late=late)


def test_who_asked_to_leave_agrees_by_that() -> None:
    check_answer(Answer.CONFIRMED, ASKER, asked_by=ASKER, concerned=ASKER, leaving=True, late=False)


def test_a_request_knows_whose_turn_it_is() -> None:
    one, other, counter = (
        Person(number, login, login, role)
        for number, (login, role) in enumerate(
            (("one", Role.ADMINISTRATOR), ("other", Role.ADMINISTRATOR), ("counter", Role.COUNTER)), 1
        )
    )
    request = RoleRequest(1, counter, SUPERVISOR, asked_by=one, asked_at=0)
    assert not request.leaving
    turns = [person.login for person in (one, other, counter) if request.may_confirm(person, 1)]
    assert turns == ["other"]
    assert not request.may_confirm(replace(other, active=False), 1)
    assert not request.may_confirm(other, WINDOW)
    leaving = RoleRequest(2, other, GONE, asked_by=one, asked_at=0)
    assert leaving.leaving
    assert leaving.may_confirm(other, 1)
    assert not leaving.may_confirm(one, 1)
    assert leaving.may_confirm(one, WINDOW)
