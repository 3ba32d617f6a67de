"""What each role may do (the table of the domain law)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zeroline.domain.errors import DomainError
from zeroline.domain.person import PROGRAM, RIGHTS, Person, Right, Role, require


def person(role: Role) -> Person:
    return Person(1, "login", "Name", role)


def test_a_counter_only_counts() -> None:
    assert RIGHTS[Role.COUNTER] == {Right.COUNT}


def test_an_auditor_changes_nothing() -> None:
    assert RIGHTS[Role.AUDITOR] == {Right.READ_BOOK, Right.REPORT}


def test_an_administrator_neither_counts_nor_proposes_nor_approves() -> None:
    assert not RIGHTS[Role.ADMINISTRATOR] & {Right.COUNT, Right.PROPOSE, Right.APPROVE, Right.TRIAGE}


def test_only_a_manager_sets_policy() -> None:
    assert [role for role in Role if Right.POLICY in RIGHTS[role]] == [Role.MANAGER]


def test_only_an_administrator_looks_after_people() -> None:
    assert [role for role in Role if Right.PEOPLE in RIGHTS[role]] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("right", list(Right))
def test_a_right_is_given_by_the_role_and_refused_with_both_named(role: Role, right: Right) -> None:
    if right in RIGHTS[role]:
        require(person(role), right)
    else:
        with pytest.raises(DomainError) as told:
            require(person(role), right)
        assert told.value.code == "not-allowed"
        assert told.value.fields == {"right": right.value, "role": role.value}


def test_a_disabled_person_may_nothing() -> None:
    assert not any(replace(person(Role.MANAGER), active=False).may(right) for right in Right)


def test_the_program_itself_never_counts_proposes_or_approves() -> None:
    assert not any(PROGRAM.may(right) for right in (Right.COUNT, Right.PROPOSE, Right.APPROVE))
