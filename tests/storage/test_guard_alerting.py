"""Alerts and letters against a hand with plain SQL, and against a colleague on a server."""

from __future__ import annotations

import pytest

from support.attack import Attacker
from support.colleagues import Colleagues, refused
from support.warehouse import SECRET
from zeroline.domain.alert import Channel
from zeroline.domain.person import PROGRAM
from zeroline.services.alerting import Alerting
from zeroline.services.workbench import Workbench


@pytest.fixture
def told(attacker: Attacker) -> Attacker:
    """A letter of the supervisor with one alert of one occasion, and a letter of the house."""
    person, now = attacker.people.supervisor.id, attacker.now
    letter = {"token": "one", "channel": "mail", "person_id": person, "made_at": now, "next_at": now}
    number = attacker.insert("letter", **letter)
    alert = attacker.insert("alert", person_id=person, kind="negative", facts="{}", at=now, letter_id=number)
    attacker.insert("alert_occasion", person_id=person, occasion="negative case 1 0", alert_id=alert)
    attacker.insert("letter", **(letter | {"token": "two", "channel": "webhook", "person_id": 0}))
    return attacker


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE"])
def test_nobody_is_told_of_an_occasion_twice(told: Attacker, verb: str) -> None:
    with told.refused("append-only"):
        told.copy("alert_occasion", "occasion = 'negative case 1 0'", verb)


@pytest.mark.parametrize("table", ["alert", "alert_occasion", "letter"])
def test_who_was_told_stays_told(told: Attacker, table: str) -> None:
    with told.refused("append-only"):
        told.run(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("alert", name) for name in ("person_id", "kind", "subject", "facts", "at")),
        *(("letter", name) for name in ("person_id", "channel", "token", "made_at")),
        ("alert_occasion", "occasion"),
    ],
)
def test_what_was_told_to_whom_never_changes(told: Attacker, table: str, column: str) -> None:
    with told.refused("append-only"):
        told.run(f"UPDATE {table} SET {column} = {told.another(table, column)}")


def test_what_was_seen_is_seen_once(told: Attacker) -> None:
    with told.refused("append-only"):
        told.run("UPDATE alert SET seen_at = ?", told.now - 1)
    told.run("UPDATE alert SET seen_at = ?", told.now)
    with told.refused("append-only"):
        told.run("UPDATE alert SET seen_at = NULL")
    told.run("UPDATE alert SET shown_at = ?", told.now)
    with told.refused("append-only"):
        told.run("UPDATE alert SET shown_at = NULL")


def test_an_alert_and_its_occasion_and_its_letter_are_one_persons(told: Attacker) -> None:
    alert = {"kind": "negative", "facts": "{}", "at": told.now}
    with told.refused("person-unknown"):
        told.insert("alert", person_id=999, **alert)
    with told.refused("letter-state"):
        told.insert("alert", person_id=told.people.manager.id, letter_id=1, **alert)
    with told.refused("person-unknown"):
        told.insert("alert_occasion", person_id=told.people.manager.id, occasion="x", alert_id=1)


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("letter-state", {"attempts": 3}),
        ("letter-state", {"holder": "x"}),
        ("person-unknown", {"person_id": 999}),
        ("person-unknown", {"channel": "webhook"}),
        ("append-only", {"token": "one"}),
    ],
)
def test_a_letter_begins_as_one_of_its_person(told: Attacker, code: str, changed: dict[str, object]) -> None:
    values = {"channel": "mail", "person_id": told.people.manager.id, "token": "three", "made_at": 1}
    with told.refused(code):
        told.insert("letter", **(values | {"next_at": 1} | changed))


def test_a_letter_is_sent_once(told: Attacker) -> None:
    told.run("UPDATE letter SET state = 'dead'")
    with told.refused("letter-state"):
        told.run("UPDATE letter SET state = 'sent', sent_at = 1")
    told.run("UPDATE letter SET state = 'waiting'")
    told.run("UPDATE letter SET state = 'sent', sent_at = 1")
    for change in ("state = 'waiting', sent_at = NULL", "attempts = 0", "held_until = 9"):
        with told.refused("letter-state"):
            told.run(f"UPDATE letter SET {change}")


# --- on a server


@pytest.fixture
def alerting(colleagues: Colleagues) -> Alerting:
    """Everybody who triages was told of a negative; the supervisor is written to."""
    made = Alerting(colleagues.warehouse.database)
    supervisor = colleagues.staff.supervisor
    made.set_email(supervisor, supervisor.id, "sam@example.com")
    colleagues.warehouse.move("ITEM-1", "A-01", "-10")
    made.notice(PROGRAM, house=True)
    return made


def test_people_see_their_own_alerts_and_addresses_only(colleagues: Colleagues, alerting: Alerting) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.manager) as manager:
        assert manager.execute("SELECT DISTINCT person_id FROM alert").fetchall() == [(staff.manager.id,)]
        assert manager.execute("SELECT COUNT(*) FROM contact").fetchone() == (0,)
        assert manager.execute("SELECT COUNT(*) FROM letter").fetchone() == (0,)
        changed = manager.execute("UPDATE alert SET seen_at = at")
        assert changed.rowcount == 1
    with colleagues.as_(staff.administrator) as administrator:
        assert administrator.execute("SELECT COUNT(*) FROM alert").fetchone() == (0,)
        assert administrator.execute("SELECT COUNT(*) FROM letter").fetchone() == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO alert (person_id, kind, facts, at) VALUES (0, 'negative', '{}', 1)",
        "INSERT INTO letter (channel, person_id, token, made_at, next_at) VALUES ('webhook', 0, 'x', 1, 1)",
        "INSERT INTO contact (person_id, email) SELECT id, 'x@y.de' FROM person WHERE login = 'manager'",
        "UPDATE letter SET state = 'dead'",
        "UPDATE alert SET facts = '{}'",
        "DELETE FROM contact",
    ],
)
def test_nobody_tells_or_writes_in_the_name_of_the_house(
    colleagues: Colleagues, alerting: Alerting, statement: str
) -> None:
    with colleagues.as_(colleagues.staff.supervisor) as person, refused("right", "not-yourself"):
        person.execute(statement)


def test_an_administrator_has_a_letter_sent_again(colleagues: Colleagues, alerting: Alerting) -> None:
    for letter in alerting.due(PROGRAM, "one", [Channel.MAIL]):
        alerting.failed(PROGRAM, "one", letter, "mail-nobody", for_good=True)
    made = Workbench(colleagues.url(), colleagues.warehouse.clock)
    administrator = made.people.sign_in("administrator", SECRET)
    (dead,) = made.alerting.outbox(administrator).dead
    assert dead.name == "Sam Supervisor"
    made.alerting.again(administrator, dead.id)
    assert made.alerting.outbox(administrator).dead == ()
    made.dispose()
    assert "letter sent again" in {action for _, action, _, _ in colleagues.trail()}


def test_an_address_is_not_changed_without_a_trace(colleagues: Colleagues, alerting: Alerting) -> None:
    with colleagues.as_(colleagues.staff.supervisor) as person, refused("unaudited"):
        person.execute("UPDATE contact SET email = 'x@example.com'")
