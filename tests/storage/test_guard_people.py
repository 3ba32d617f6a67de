"""People, policy and cases against a hand with plain SQL."""

from __future__ import annotations

import pytest

from support.attack import Attacker
from zeroline.domain.second_hand import WINDOW


@pytest.fixture
def lonely(attacker: Attacker) -> Attacker:
    """The same where one of the two administrators has left."""
    leaving = attacker.people.other_administrator.id
    attacker.give(leaving, "administrator", False, second=leaving)
    return attacker


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
        attacker.copy("person", f"id = {attacker.people.counter.id}", role="auditor", **other)


def test_nobody_is_pushed_out_through_their_badge(attacker: Attacker) -> None:
    with attacker.refused("badge-taken"):
        attacker.run(
            f"{attacker.update} person SET badge = 'BADGE-manager' WHERE id = ?", attacker.people.counter.id
        )


@pytest.mark.parametrize("change", ["active = FALSE", "role = 'counter'"])
def test_the_last_administrator_stays(lonely: Attacker, change: str) -> None:
    with lonely.refused("last-administrator"):
        lonely.run(f"UPDATE person SET {change} WHERE role = 'administrator' AND active")


def test_of_three_administrators_one_may_go(attacker: Attacker) -> None:
    third = attacker.give(attacker.people.auditor.id, "administrator")
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", third)


@pytest.mark.parametrize("change", ["active = FALSE", "role = 'counter'"])
def test_of_two_administrators_neither_is_put_out_by_one_alone(attacker: Attacker, change: str) -> None:
    with attacker.refused("second-missing"):
        attacker.run(
            f"UPDATE person SET {change}, version = version + 1 WHERE id = ?",
            attacker.people.other_administrator.id,
        )


def test_of_two_administrators_one_goes_when_they_agree(attacker: Attacker) -> None:
    staff = attacker.people
    attacker.give(staff.other_administrator.id, "administrator", False, second=staff.other_administrator.id)


def test_who_does_not_answer_for_a_week_goes_without_agreeing(attacker: Attacker) -> None:
    staff = attacker.people
    gone, first = staff.other_administrator.id, staff.administrator.id
    request = attacker.ask(gone, "administrator", False)
    with attacker.refused("second-asked"):
        attacker.answer(request, person_id=first, at=attacker.now + WINDOW - 1)
    attacker.answer(request, person_id=first, at=attacker.now + WINDOW)
    attacker.place(gone, "administrator", False)


def test_who_refused_to_go_stays(attacker: Attacker) -> None:
    staff = attacker.people
    gone = staff.other_administrator.id
    request = attacker.ask(gone, "administrator", False)
    attacker.answer(request, answer="refused", person_id=gone)
    with attacker.refused("append-only"):
        attacker.answer(request, person_id=staff.administrator.id, at=attacker.now + WINDOW)
    with attacker.refused("second-missing"):
        attacker.place(gone, "administrator", False)


# --- two administrators for a power


POWERS = ("supervisor", "manager", "administrator")


@pytest.mark.parametrize("role", POWERS)
def test_nobody_comes_in_with_a_power_from_one_hand(attacker: Attacker, role: str) -> None:
    with attacker.refused("second-missing"):
        attacker.insert("person", login="new", role=role, secret_hash="x", created_at=attacker.now)
    attacker.insert("person", login="new", role=role, secret_hash="x", created_at=attacker.now, active=False)


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "INSERT OR IGNORE"])
def test_nobody_comes_in_with_a_power_by_another_verb(attacker: Attacker, verb: str) -> None:
    with attacker.refused("second-missing"):
        attacker.insert("person", verb, login="new", role="manager", secret_hash="x", created_at=attacker.now)


@pytest.mark.parametrize("role", POWERS)
def test_nobody_gets_a_power_from_one_hand(attacker: Attacker, role: str) -> None:
    for change in (f"role = '{role}'", f"role = '{role}', version = version + 1"):
        with attacker.refused("second-missing"):
            attacker.run(f"UPDATE person SET {change} WHERE id = ?", attacker.people.counter.id)


def test_nobody_who_was_switched_off_comes_back_with_a_power_from_one_hand(attacker: Attacker) -> None:
    supervisor = attacker.people.supervisor.id
    attacker.run("UPDATE person SET active = FALSE, version = version + 1 WHERE id = ?", supervisor)
    with attacker.refused("second-missing"):
        attacker.run("UPDATE person SET active = TRUE, version = version + 1 WHERE id = ?", supervisor)


def test_a_request_that_nobody_confirmed_gives_nothing(attacker: Attacker) -> None:
    counter = attacker.people.counter.id
    request = attacker.ask(counter, "supervisor")
    with attacker.refused("second-missing"):
        attacker.place(counter, "supervisor")
    attacker.answer(request, answer="refused")
    with attacker.refused("second-missing"):
        attacker.place(counter, "supervisor")


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_a_confirmed_request_gives_what_was_asked_and_nothing_else(attacker: Attacker, role: str) -> None:
    counter = attacker.people.counter.id
    attacker.answer(attacker.ask(counter, "supervisor"))
    with attacker.refused("second-missing"):
        attacker.place(counter, role)
    with attacker.refused("second-missing"):
        attacker.place(attacker.people.other_counter.id, "supervisor")
    attacker.place(counter, "supervisor")


def test_a_confirmed_request_is_good_once(attacker: Attacker) -> None:
    counter = attacker.give(attacker.people.counter.id, "supervisor")
    attacker.run("UPDATE person SET role = 'counter' WHERE id = ?", counter)
    for change in ("version = version + 1", "version = version", "version = version + 2"):
        with attacker.refused("second-missing"):
            attacker.run(f"UPDATE person SET role = 'supervisor', {change} WHERE id = ?", counter)
    with attacker.refused("person-identity"):
        attacker.run("UPDATE person SET version = version - 1 WHERE id = ?", counter)


@pytest.mark.parametrize("who", ["supervisor", "manager", "auditor", "counter"])
def test_only_administrators_ask_and_answer(attacker: Attacker, who: str) -> None:
    person = getattr(attacker.people, who).id
    with attacker.refused("not-allowed"):
        attacker.ask(attacker.people.other_counter.id, "supervisor", asked_by=person)
    request = attacker.ask(attacker.people.other_counter.id, "supervisor")
    for answer in ("confirmed", "refused", "withdrawn"):
        with attacker.refused("not-allowed"):
            attacker.answer(request, answer=answer, person_id=person)


def test_who_asked_does_not_confirm(attacker: Attacker) -> None:
    request = attacker.ask(attacker.people.counter.id, "supervisor")
    for answer in ("confirmed", "refused"):
        with attacker.refused("second-asked"):
            attacker.answer(request, answer=answer, person_id=attacker.people.administrator.id)
    attacker.answer(request, answer="withdrawn", person_id=attacker.people.administrator.id)


def test_only_who_asked_withdraws(attacker: Attacker) -> None:
    request = attacker.ask(attacker.people.counter.id, "supervisor")
    with attacker.refused("second-not-asked"):
        attacker.answer(request, answer="withdrawn")


def test_nobody_confirms_a_power_of_their_own(attacker: Attacker) -> None:
    staff = attacker.people
    request = attacker.ask(staff.other_administrator.id, "manager")
    with attacker.refused("second-concerned"):
        attacker.answer(request, person_id=staff.other_administrator.id)


def test_nobody_confirms_late_or_before_it_was_asked(attacker: Attacker) -> None:
    request = attacker.ask(attacker.people.counter.id, "supervisor", asked_at=attacker.now + 5)
    with attacker.refused("second-late"):
        attacker.answer(request, at=attacker.now + 5 + WINDOW)
    with attacker.refused("back-dated"):
        attacker.answer(request, at=attacker.now + 4)
    with attacker.refused("back-dated"):
        attacker.answer(request, at=attacker.now - 1)
    attacker.answer(request, at=attacker.now + 4 + WINDOW)


def test_nobody_confirms_for_an_account_that_is_another_one_by_now(attacker: Attacker) -> None:
    counter = attacker.people.counter.id
    request = attacker.ask(counter, "supervisor")
    with attacker.refused("second-outdated"):
        attacker.answer(request, version=99)
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", counter)
    with attacker.refused("second-outdated"):
        attacker.answer(request)


def test_nobody_confirms_for_who_is_no_administrator_any_more(attacker: Attacker) -> None:
    staff = attacker.people
    attacker.give(staff.auditor.id, "administrator")
    request = attacker.ask(staff.counter.id, "supervisor")
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", staff.administrator.id)
    with attacker.refused("second-outdated"):
        attacker.answer(request)
    attacker.ask(staff.counter.id, "supervisor", asked_by=staff.auditor.id)


def test_a_request_tells_what_the_account_is(attacker: Attacker) -> None:
    with attacker.refused("second-outdated"):
        attacker.ask(attacker.people.counter.id, "supervisor", role_before="auditor")
    with attacker.refused("back-dated"):
        attacker.ask(attacker.people.counter.id, "supervisor", asked_at=attacker.now - 1)


def test_one_request_for_a_person_waits_at_a_time(attacker: Attacker) -> None:
    counter = attacker.people.counter.id
    first = attacker.ask(counter, "supervisor")
    with attacker.refused("second-waiting"):
        attacker.ask(counter, "manager")
    attacker.answer(first, answer="refused")
    attacker.ask(counter, "manager")
    attacker.ask(counter, "manager", asked_at=attacker.now + WINDOW)


def test_who_was_given_their_secret_by_who_asks_does_not_confirm(attacker: Attacker) -> None:
    staff = attacker.people
    with attacker.warehouse.database.write(staff.administrator.id) as work:
        work.audit("secret changed", f"person {staff.other_administrator.id}")
        work.changed(people={staff.other_administrator.id})
        work.commit()
    request = attacker.ask(staff.counter.id, "supervisor")
    with attacker.refused("second-secret"):
        attacker.answer(request)


@pytest.mark.parametrize("table", ["role_request", "role_answer"])
def test_requests_and_answers_stay(attacker: Attacker, table: str) -> None:
    attacker.give(attacker.people.counter.id, "supervisor")
    for sql in (f"UPDATE {table} SET id = 99", f"DELETE FROM {table}"):
        with attacker.refused("append-only"):
            attacker.run(sql)
    with attacker.refused("append-only"):
        attacker.copy(table, f"id = (SELECT max(id) FROM {table})")


def test_one_administrator_alone_makes_the_second_and_nobody_else(lonely: Attacker) -> None:
    first = lonely.people.administrator.id
    for role in ("supervisor", "manager"):
        with lonely.refused("second-missing"):
            lonely.run("UPDATE person SET role = ? WHERE id = ?", role, lonely.people.counter.id)
    lonely.run("UPDATE person SET role = 'administrator' WHERE id = ?", lonely.people.auditor.id)
    with lonely.refused("second-missing"):
        lonely.run("UPDATE person SET role = 'administrator' WHERE id = ?", lonely.people.counter.id)
    with lonely.refused("second-missing"):
        lonely.run("UPDATE person SET active = FALSE WHERE id = ?", first)


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
        attacker.insert("person", login=login, role="counter", secret_hash="x", created_at=attacker.now)
