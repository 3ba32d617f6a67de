"""Who is told of what, once; letters that wait, are held by one, sent, tried again and given up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support.floor import Floor, refused
from support.warehouse import SECRET, SettableClock, Warehouse
from zeroline.domain.alert import AHEAD, ATTEMPTS, LEASE, STALE, TOGETHER, AlertKind, Channel, Notice
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.person import PROGRAM, Person
from zeroline.domain.views.alerting import Letter
from zeroline.services.alerting import Alerting
from zeroline.storage.alerts import Recipient
from zeroline.storage.engine import Database
from zeroline.storage.unit_of_work import UnitOfWork

MAIL, BOTH = [Channel.MAIL], [Channel.MAIL, Channel.WEBHOOK]


@pytest.fixture
def alerting(warehouse: Warehouse) -> Alerting:
    return Alerting(warehouse.database)


def negative(warehouse: Warehouse, location: str = "A-01", item: str = "ITEM-1") -> int:
    """A key that goes below zero now; its id."""
    warehouse.move(item, location, "6")
    warehouse.move(item, location, "-10")
    return warehouse.key(item, location)


def kinds(alerting: Alerting, person: Person) -> list[str]:
    return [row.kind for row in alerting.mine(person).rows]


# --- who is told


def test_a_new_negative_is_told_to_those_who_triage_with_its_place_and_balance(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    negative(warehouse)
    staff = warehouse.people
    assert alerting.notice(PROGRAM).alerts == {
        person.id for person in (staff.supervisor, staff.other_supervisor, staff.manager, staff.other_manager)
    }
    (row,) = alerting.mine(staff.supervisor).rows
    assert (row.kind, row.subject, row.at, row.seen_at) == ("negative", "case 1", warehouse.clock(), None)
    assert row.facts == {
        "item": "ITEM-1",
        "location": "A-01",
        "site": "MAIN",
        "unit": "EA",
        "on_hand_quantity": -4_000_000,
    }
    assert alerting.mine(staff.auditor).rows == ()
    assert alerting.mine(staff.counter).rows == ()


def test_nobody_is_told_twice(warehouse: Warehouse, alerting: Alerting) -> None:
    negative(warehouse)
    alerting.notice(PROGRAM)
    assert not alerting.notice(PROGRAM)
    assert not alerting.notice(warehouse.people.supervisor)
    assert len(alerting.mine(warehouse.people.supervisor).rows) == 1


def test_the_slower_of_two_that_found_the_same_keeps_nothing_of_it(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    person = warehouse.people.supervisor
    to = Recipient(person, "sam@example.com", frozenset())
    one = Notice(AlertKind.NEGATIVE, "case 1", {}, ("negative case 1 0",))
    both = Notice(AlertKind.NEGATIVE, "", {"count": 2}, ("negative case 2 0", "negative case 1 0"))
    assert alerting.tell([(to, [one])], warehouse.clock()).alerts == {person.id}
    assert not alerting.tell([(to, [one])], warehouse.clock())
    assert not alerting.tell([(to, [both])], warehouse.clock())
    assert [row.subject for row in alerting.mine(person).rows] == ["case 1"]
    assert alerting.outbox(warehouse.people.administrator).waiting == 1


def test_consoles_that_look_at_once_tell_once(warehouse: Warehouse) -> None:
    for place in ("A-01", "A-02", "A-03"):
        negative(warehouse, place)
    person, databases = (
        warehouse.people.supervisor,
        [Database(warehouse.url, warehouse.clock) for _ in range(4)],
    )
    try:
        with ThreadPoolExecutor(4) as at_once:
            told = list(at_once.map(lambda database: Alerting(database).notice(person), databases))
    finally:
        for database in databases:
            database.dispose()
    assert sum(bool(changes) for changes in told) == 1
    assert len(Alerting(warehouse.database).mine(person).rows) == 3


def test_a_person_looks_for_themselves_and_tells_nobody_else(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    negative(warehouse)
    assert alerting.notice(warehouse.people.manager).alerts == {warehouse.people.manager.id}
    assert alerting.mine(warehouse.people.supervisor).rows == ()


def test_what_somebody_took_or_what_is_above_zero_again_or_old_is_no_news(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    negative(warehouse, "A-01")
    clock.forward(DAY + 1)
    negative(warehouse, "A-02")
    warehouse.move("ITEM-1", "A-02", "9")
    assert not alerting.notice(PROGRAM)


def test_a_negative_that_comes_back_is_told_again(
    warehouse: Warehouse, alerting: Alerting, clock: SettableClock, floor: Floor
) -> None:
    key = negative(warehouse)
    alerting.notice(PROGRAM)
    clock.forward(HOUR)
    floor.settle(key, "0")
    clock.forward(HOUR)
    warehouse.move("ITEM-1", "A-01", "-3")
    told = alerting.notice(warehouse.people.supervisor)
    assert told.alerts == {warehouse.people.supervisor.id}


def test_many_at_once_are_one_alert_and_each_is_still_told_once(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    for number in range(TOGETHER + 1):
        negative(warehouse, f"A-{number:02d}")
    alerting.notice(PROGRAM)
    (row,) = alerting.mine(warehouse.people.supervisor).rows
    assert (row.subject, row.facts["count"]) == ("", TOGETHER + 1)
    assert not alerting.notice(PROGRAM)


def test_an_adjustment_is_told_to_those_whose_hands_are_free(
    warehouse: Warehouse, alerting: Alerting, floor: Floor
) -> None:
    staff = warehouse.people
    key = negative(warehouse)
    proposed = floor.propose(key, "3", cause="K3")
    alerting.notice(PROGRAM)
    assert "approval" not in kinds(alerting, staff.supervisor)  # who proposed it
    assert "approval" in kinds(alerting, staff.other_supervisor)
    row = alerting.mine(staff.manager).rows[0]
    assert (row.kind, row.subject) == ("approval", f"adjustment {proposed.adjustment_id}")
    assert row.facts["quantity"] == 7_000_000
    assert row.facts["proposer"] == "Sam Supervisor"


def test_an_adjustment_of_the_third_tier_is_told_to_who_posts_it_once_it_is_approved(
    warehouse: Warehouse, alerting: Alerting, floor: Floor
) -> None:
    staff = warehouse.people
    warehouse.item("DEAR", cost="900.00")
    key = negative(warehouse, item="DEAR")
    adjustment = floor.propose(key, "3").adjustment_id
    floor.approve(staff.manager, adjustment)
    alerting.notice(PROGRAM)
    assert "posting" not in kinds(alerting, staff.manager)
    assert "posting" in kinds(alerting, staff.other_manager)


def test_an_adjustment_that_waits_too_long_is_told_again_also_to_who_proposed_it(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff = warehouse.people
    floor.policy(approval_age_hours=8)
    floor.propose(negative(warehouse), "3")
    alerting.notice(PROGRAM)
    clock.forward(8 * HOUR - 1)
    assert not alerting.notice(PROGRAM)
    clock.forward(1)
    told = alerting.notice(PROGRAM)
    assert {staff.supervisor.id, staff.other_supervisor.id, staff.manager.id} <= told.alerts
    assert kinds(alerting, staff.supervisor)[0] == "ageing"
    assert not alerting.notice(PROGRAM)


def test_a_count_sheet_is_told_an_hour_before_it_is_due_to_whose_it_is(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff = warehouse.people
    due = clock() + 3 * HOUR
    keys = [negative(warehouse)]
    made = floor.counting.create_sheet(
        staff.supervisor, key_ids=keys, title="Aisle A", assigned_to=staff.counter.id, due_at=due
    )
    clock.set(due - AHEAD - 1)
    alerting.notice(PROGRAM)
    assert alerting.mine(staff.counter).rows == ()
    clock.forward(1)
    alerting.notice(PROGRAM)
    (row,) = alerting.mine(staff.counter).rows
    assert (row.kind, row.subject) == ("count", f"count sheet {made.sheet_id}")
    assert row.facts == {"number": made.number, "title": "Aisle A", "lines": 1, "due_at": due}
    assert alerting.mine(staff.other_counter).rows == ()


def test_a_counter_looks_for_themselves_without_a_look_at_the_book(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff = warehouse.people
    floor.counting.create_sheet(staff.supervisor, key_ids=[negative(warehouse)], due_at=clock())
    with floor.statements() as seen:
        assert alerting.notice(staff.counter).alerts == {staff.counter.id}
    assert seen
    assert not [sql for sql in seen if "balance" in sql or "movement" in sql or "adjustment" in sql]


def test_a_sheet_of_nobody_is_told_to_all_who_count_and_its_recount_to_all_but_the_first_counter(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff = warehouse.people
    made = floor.counting.create_sheet(
        staff.supervisor, key_ids=[negative(warehouse)], due_at=clock() + 30 * MINUTE
    )
    alerting.notice(PROGRAM)
    assert kinds(alerting, staff.counter) == kinds(alerting, staff.other_counter) == ["count"]
    floor.counting.enter(staff.counter, floor.line(made.sheet_id), "90")
    floor.counting.submit(staff.counter, made.sheet_id)
    alerting.notice(PROGRAM)
    assert kinds(alerting, staff.counter) == ["count"]
    assert kinds(alerting, staff.other_counter) == ["count", "count"]


def test_a_person_of_another_site_is_told_nothing_of_this_one(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff, elsewhere = warehouse.people, warehouse.site("OTHER")
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO person_site (person_id, site_id) VALUES (?, ?)", (staff.manager.id, elsewhere)
        )
        finish(work)
    key = negative(warehouse, "A-01")
    floor.counting.create_sheet(staff.supervisor, key_ids=[key], due_at=clock() + MINUTE)
    floor.propose(negative(warehouse, "A-02"), "3")
    alerting.notice(PROGRAM)
    assert alerting.mine(staff.manager).rows == ()
    assert sorted(kinds(alerting, staff.other_manager)) == ["approval", "count", "negative"]


def finish(work: UnitOfWork) -> None:
    work.audit("test record", "people")
    work.changed(everything=True)
    work.commit()


def test_who_has_left_is_told_nothing(warehouse: Warehouse, alerting: Alerting) -> None:
    stranger = Person(99, "stranger", "Stranger", warehouse.people.manager.role)
    with refused("not-allowed"):
        alerting.notice(stranger)


@pytest.mark.sqlite
def test_a_database_that_is_only_read_tells_nothing(warehouse: Warehouse) -> None:
    negative(warehouse)
    looking = Database(warehouse.url, warehouse.clock, read_only=True)
    assert not Alerting(looking).notice(warehouse.people.manager)
    assert Alerting(looking).to_show(warehouse.people.manager) == ()
    looking.dispose()


# --- shown


def test_what_was_seen_stays_seen_since_the_first_time(
    warehouse: Warehouse, alerting: Alerting, clock: SettableClock
) -> None:
    person = warehouse.people.supervisor
    negative(warehouse, "A-01")
    negative(warehouse, "A-02")
    alerting.notice(person)
    newest, older = alerting.mine(person).rows
    first = clock.forward(MINUTE)
    assert alerting.seen(person, [older.id]).alerts == {person.id}
    assert alerting.mine(person).unseen == 1
    second = clock.forward(MINUTE)
    alerting.seen_all(person, newest.id)
    assert [row.seen_at for row in alerting.mine(person).rows] == [second, first]
    assert alerting.mine(person).unseen == 0


def test_what_is_shown_outside_the_window_is_shown_once_and_not_when_it_was_seen(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    person = warehouse.people.supervisor
    assert alerting.to_show(person) == ()
    for place in ("A-01", "A-02", "A-03"):
        negative(warehouse, place)
    alerting.notice(person)
    newest, middle, oldest = alerting.mine(person).rows
    alerting.seen(person, [middle.id])
    assert [row.id for row in alerting.to_show(person)] == [newest.id, oldest.id]
    assert alerting.to_show(person) == ()
    assert alerting.unseen(person) == 2


def test_nobody_sees_for_somebody_else(warehouse: Warehouse, alerting: Alerting) -> None:
    negative(warehouse)
    alerting.notice(PROGRAM)
    (mine,) = alerting.mine(warehouse.people.supervisor).rows
    alerting.seen(warehouse.people.manager, [mine.id])
    assert alerting.mine(warehouse.people.supervisor).unseen == 1


# --- where people are written to


def test_a_person_says_where_they_are_written_to_and_the_trail_says_that_they_did(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    person = warehouse.people.supervisor
    assert alerting.email(person, person.id) == ""
    alerting.set_email(person, person.id, " sam@example.com ")
    assert alerting.email(person, person.id) == "sam@example.com"
    alerting.set_email(warehouse.people.administrator, person.id, "")
    assert alerting.email(warehouse.people.administrator, person.id) == ""
    with warehouse.database.read() as connection:
        entries = connection.exec_driver_sql(
            "SELECT action, facts FROM audit_entry WHERE action LIKE 'address%' ORDER BY seq"
        ).fetchall()
    assert [tuple(entry) for entry in entries] == [("address set", "{}"), ("address taken away", "{}")]


def test_only_administrators_say_where_others_are_written_to(
    warehouse: Warehouse, alerting: Alerting
) -> None:
    staff = warehouse.people
    with refused("not-allowed"):
        alerting.set_email(staff.manager, staff.supervisor.id, "mara@example.com")
    with refused("not-allowed"):
        alerting.email(staff.manager, staff.supervisor.id)
    with refused("person-unknown"):
        alerting.set_email(staff.administrator, 99, "nobody@example.com")
    with refused("address-unusable"):
        alerting.set_email(staff.manager, staff.manager.id, "mara")


# --- letters


@pytest.fixture
def written(warehouse: Warehouse, alerting: Alerting) -> Person:
    """Somebody who is written to, and one letter for them."""
    person = warehouse.people.supervisor
    alerting.set_email(person, person.id, "sam@example.com")
    negative(warehouse, "A-01")
    negative(warehouse, "A-02")
    alerting.notice(PROGRAM)
    return person


def due(alerting: Alerting, holder: str = "one", channels: Any = BOTH) -> tuple[Letter, ...]:
    return alerting.due(PROGRAM, holder, channels)


def test_one_letter_carries_all_that_a_person_is_told_at_once(alerting: Alerting, written: Person) -> None:
    (letter,) = due(alerting)
    assert (letter.channel, letter.name, letter.address) == ("mail", "Sam Supervisor", "sam@example.com")
    assert [alert.subject for alert in letter.alerts] == ["case 1", "case 2"]
    assert letter.token


def test_the_house_is_told_once_whoever_looks(warehouse: Warehouse, alerting: Alerting) -> None:
    negative(warehouse)
    alerting.notice(warehouse.people.manager)
    assert alerting.notice(PROGRAM, house=True).alerts >= {0}
    assert not alerting.notice(PROGRAM, house=True)
    (letter,) = due(alerting)
    assert (letter.channel, letter.person_id, letter.name) == ("webhook", 0, "")


def test_a_letter_is_for_one_sender_at_a_time(
    alerting: Alerting, written: Person, clock: SettableClock
) -> None:
    (letter,) = due(alerting, "one")
    assert due(alerting, "two") == ()
    clock.forward(LEASE)
    (again,) = due(alerting, "two")
    assert again.token == letter.token
    alerting.failed(PROGRAM, "one", letter, "too late to say so")
    alerting.sent(PROGRAM, "two", again)
    clock.forward(DAY)
    assert due(alerting) == ()


def test_of_senders_that_ask_at_once_one_gets_a_letter(
    warehouse: Warehouse, alerting: Alerting, written: Person
) -> None:
    databases = [Database(warehouse.url, warehouse.clock) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as at_once:
            taken = list(at_once.map(lambda one: due(Alerting(one), str(id(one))), databases))
    finally:
        for database in databases:
            database.dispose()
    assert sorted(map(len, taken)) == [0, 0, 0, 1]


def test_a_sender_takes_only_what_it_can_send(alerting: Alerting, written: Person) -> None:
    assert due(alerting, channels=[Channel.WEBHOOK]) == ()
    assert len(due(alerting, channels=MAIL)) == 1


def test_a_letter_that_failed_waits_longer_each_time_and_is_given_up_in_the_end(
    warehouse: Warehouse, alerting: Alerting, written: Person, clock: SettableClock
) -> None:
    for failures in range(1, ATTEMPTS + 1):
        (letter,) = due(alerting)
        assert letter.attempts == failures - 1
        alerting.failed(PROGRAM, "one", letter, f"no answer {failures}")
        if failures == 1:
            clock.forward(MINUTE - 1)
            assert due(alerting) == ()
        clock.forward(4 * HOUR)
    assert due(alerting) == ()
    outbox = alerting.outbox(warehouse.people.administrator)
    assert outbox.waiting == 0
    (dead,) = outbox.dead
    assert (dead.name, dead.attempts, dead.trouble, dead.alerts) == (
        *("Sam Supervisor", ATTEMPTS, f"no answer {ATTEMPTS}"),
        2,
    )


def test_a_letter_that_cannot_arrive_is_given_up_at_once_and_sent_again_by_an_administrator(
    warehouse: Warehouse, alerting: Alerting, written: Person, clock: SettableClock
) -> None:
    administrator = warehouse.people.administrator
    (letter,) = due(alerting)
    alerting.failed(PROGRAM, "one", letter, "no such mailbox", for_good=True)
    clock.forward(STALE + DAY)
    with refused("not-allowed"):
        alerting.again(written, letter.id)
    assert alerting.again(administrator, letter.id).alerts == {letter.id}
    with refused("letter-not-dead"):
        alerting.again(administrator, letter.id)
    assert alerting.outbox(administrator).waiting == 1
    (once_more,) = due(alerting, "two")
    assert (once_more.token, once_more.attempts) == (letter.token, 0)
    alerting.sent(PROGRAM, "two", once_more)
    assert alerting.outbox(administrator) == (0, None, ())


def test_what_nobody_sent_for_days_is_given_up(
    warehouse: Warehouse, alerting: Alerting, written: Person, clock: SettableClock
) -> None:
    clock.forward(STALE + 1)
    assert due(alerting) == ()
    assert [dead.trouble for dead in alerting.outbox(warehouse.people.administrator).dead] == ["too-old"]


def test_letters_are_the_programs_and_the_outbox_the_administrators(
    alerting: Alerting, written: Person
) -> None:
    (letter,) = due(alerting)
    for refusal in (
        lambda: alerting.due(written, "one", BOTH),
        lambda: alerting.sent(written, "one", letter),
        lambda: alerting.failed(written, "one", letter, ""),
        lambda: alerting.outbox(written),
    ):
        with refused("not-allowed"):
            refusal()


def test_who_was_switched_off_is_not_written_to(
    warehouse: Warehouse, alerting: Alerting, written: Person
) -> None:
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql("UPDATE person SET active = FALSE WHERE id = ?", (written.id,))
        finish(work)
    (letter,) = due(alerting)
    assert letter.address == ""
    assert AlertKind(letter.alerts[0].kind) is AlertKind.NEGATIVE
    assert SECRET not in str(letter)
