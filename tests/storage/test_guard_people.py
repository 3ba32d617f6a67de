"""People, policy and cases against a hand with plain SQL."""

from __future__ import annotations

import pytest

from support.attack import Attacker


@pytest.mark.parametrize("column", ["login", "id", "created_at"])
def test_who_somebody_is_never_changes(attacker: Attacker, column: str) -> None:
    with attacker.refused("person-identity"):
        other = attacker.another("person", column)
        attacker.run(f"UPDATE person SET {column} = {other} WHERE id = ?", attacker.people.counter.id)


def test_nobody_is_deleted(attacker: Attacker) -> None:
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM person WHERE id = ?", attacker.people.counter.id)


@pytest.mark.parametrize("key", ["id", "login", "badge"])
def test_nobody_is_replaced(attacker: Attacker, key: str) -> None:
    other = {"id": 100, "login": "new", "badge": "NEW"}
    del other[key]
    with attacker.refused("append-only"):
        attacker.copy("person", f"id = {attacker.people.counter.id}", role="manager", **other)


def test_nobody_is_pushed_out_through_their_badge(attacker: Attacker) -> None:
    with attacker.refused("badge-taken"):
        attacker.run(
            f"{attacker.update} person SET badge = 'BADGE-manager' WHERE id = ?", attacker.people.counter.id
        )


@pytest.mark.parametrize("change", ["active = FALSE", "role = 'manager'"])
def test_the_last_administrator_stays(attacker: Attacker, change: str) -> None:
    with attacker.refused("last-administrator"):
        attacker.run(f"UPDATE person SET {change} WHERE role = 'administrator'")


def test_an_administrator_may_go_while_another_is_there(attacker: Attacker) -> None:
    attacker.run("UPDATE person SET role = 'administrator' WHERE id = ?", attacker.people.auditor.id)
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", attacker.people.administrator.id)


def test_a_policy_version_follows_the_last(attacker: Attacker) -> None:
    assert attacker.policy() == 2
    with attacker.refused("policy-order"):
        attacker.policy(version=9)


def test_a_policy_can_be_read(attacker: Attacker) -> None:
    with attacker.refused("policy-order"):
        attacker.policy(content="{broken")


def test_a_policy_is_not_set_yesterday(attacker: Attacker) -> None:
    with attacker.refused("back-dated"):
        attacker.policy(at=attacker.now - 1)


def test_only_a_manager_sets_policy(attacker: Attacker) -> None:
    for person in (attacker.people.supervisor, attacker.people.administrator, attacker.people.counter):
        with attacker.refused("not-allowed"):
            attacker.policy(person_id=person.id)
    with attacker.refused("not-allowed"):
        attacker.policy(person_id=0)


def test_a_disabled_manager_sets_no_policy(attacker: Attacker) -> None:
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", attacker.people.manager.id)
    with attacker.refused("not-allowed"):
        attacker.policy()


@pytest.mark.parametrize("cause", ["", "Z0", "Q1", " K3"])
@pytest.mark.parametrize("state", ["closed", "verified"])
def test_a_case_without_a_determined_cause_does_not_close(attacker: Attacker, cause: str, state: str) -> None:
    case = attacker.case(cause=cause)
    with attacker.refused("case-cause-missing"):
        attacker.run("UPDATE stock_case SET state = ? WHERE id = ?", state, case)
    with attacker.refused("case-cause-missing"):
        attacker.case(cause=cause, state=state)


def test_a_case_with_a_cause_closes(attacker: Attacker) -> None:
    case = attacker.case()
    attacker.run("UPDATE stock_case SET cause = 'K3', state = 'closed' WHERE id = ?", case)


def test_the_cause_of_a_closed_case_is_not_taken_away(attacker: Attacker) -> None:
    case = attacker.case(cause="K3", state="closed")
    with attacker.refused("case-cause-missing"):
        attacker.run("UPDATE stock_case SET cause = '' WHERE id = ?", case)


def test_a_case_is_dismissed_with_a_reason(attacker: Attacker) -> None:
    case = attacker.case()
    with attacker.refused("case-reason-missing"):
        attacker.run("UPDATE stock_case SET state = 'dismissed', reason = '  ' WHERE id = ?", case)
    attacker.run("UPDATE stock_case SET state = 'dismissed', reason = 'test data' WHERE id = ?", case)


@pytest.mark.parametrize("column", ["key_id", "opened_at", "id"])
def test_what_a_case_is_about_never_changes(attacker: Attacker, column: str) -> None:
    attacker.case()
    with attacker.refused("case-identity"):
        attacker.run(f"UPDATE stock_case SET {column} = {attacker.another('stock_case', column)}")


@pytest.mark.parametrize("column", ["queue", "subject"])
def test_a_case_that_follows_no_episode_stays_what_it_is(attacker: Attacker, column: str) -> None:
    attacker.case(queue="override")
    with attacker.refused("case-identity"):
        attacker.run(f"UPDATE stock_case SET {column} = 'negative'")


def test_a_case_does_not_push_out_another(attacker: Attacker) -> None:
    attacker.case(subject="one")
    attacker.case(subject="two")
    with attacker.refused("case-identity"):
        attacker.run(f"{attacker.update} stock_case SET subject = 'one' WHERE subject = 'two'")
    attacker.run("UPDATE stock_case SET subject = 'three', queue = 'transient' WHERE subject = 'two'")


def test_a_case_is_neither_deleted_nor_replaced(attacker: Attacker) -> None:
    case = attacker.case()
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM stock_case")
    with attacker.refused("append-only"):
        attacker.copy("stock_case", f"id = {case}", id=99)


@pytest.mark.parametrize("login", ["Supervisor", " supervisor", ""])
def test_a_login_is_not_given_again_in_other_letters(attacker: Attacker, login: str) -> None:
    with attacker.refused("login-unusable"):
        attacker.insert("person", login=login, role="manager", secret_hash="x", created_at=attacker.now)
