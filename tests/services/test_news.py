"""What another workstation does is heard here: what it touched, who did it and what."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy.exc import IntegrityError

from support.warehouse import CHEAP, Warehouse
from zeroline.domain.changes import Changes, Heard, News
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import SECOND
from zeroline.services.presence import EXPIRY
from zeroline.services.workbench import Workbench
from zeroline.storage import news as stored


@contextmanager
def bench(warehouse: Warehouse) -> Iterator[Workbench]:
    made = Workbench(warehouse.url, warehouse.clock, hasher=CHEAP)
    yield made
    made.dispose()


@pytest.fixture
def mine(warehouse: Warehouse) -> Iterator[Workbench]:
    with bench(warehouse) as made:
        yield made


@pytest.fixture
def theirs(warehouse: Warehouse) -> Iterator[Workbench]:
    with bench(warehouse) as made:
        yield made


@pytest.fixture
def case_id(warehouse: Warehouse) -> int:
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z")
    with warehouse.database.read_plain() as connection:
        return int(connection.exec_driver_sql("SELECT MAX(id) FROM stock_case").scalar())


@pytest.fixture
def news(mine: Workbench, case_id: int) -> Iterator[News]:
    made = mine.news()
    made.begin()
    yield made
    made.close()


def commit_too_late(services: Workbench) -> None:
    """A write that the database refuses at its very end."""
    with services.database.write() as work:
        work.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        work.audit("never", "case 1")
        work.changed(cases={1})
        work.commit()


def listen(news: News) -> list[Heard]:
    return list(news.wait(10 * SECOND))


def silence(news: News) -> bool:
    """Whether nobody did anything; who has a case open may say so again."""
    return not any(heard.action or heard.changes.ledger for heard in news.wait(0))


def test_what_another_person_does_to_a_case_is_heard_with_their_name(warehouse, theirs, news, case_id):
    theirs.casework.take(warehouse.people.other_supervisor, [case_id])
    (heard,) = listen(news)
    assert (heard.name, heard.action, heard.subject) == (
        "Olga Othersupervisor",
        "case assigned",
        f"case {case_id}",
    )
    key = warehouse.key("BRG-6204", "E-02")
    assert heard.changes == Changes(cases=frozenset({case_id}), ledger=frozenset({key}))


def test_nothing_is_heard_while_nobody_writes(news):
    assert silence(news)


def test_own_writes_are_not_heard(warehouse, mine, theirs, news, case_id):
    mine.casework.note(warehouse.people.supervisor, case_id, "mine")
    theirs.casework.note(warehouse.people.manager, case_id, "theirs")
    assert [heard.name for heard in listen(news)] == ["Mara Manager"]
    mine.casework.note(warehouse.people.supervisor, case_id, "mine again")
    assert silence(news)


@pytest.mark.sqlite
def test_an_own_write_that_failed_leaves_its_number_to_others(warehouse, mine, theirs, news, case_id):
    with closing(sqlite3.connect(warehouse.path, isolation_level=None)) as other:
        other.execute(
            "CREATE TRIGGER late AFTER INSERT ON audit_entry WHEN NEW.action = 'never' "
            "BEGIN INSERT INTO presence VALUES (999, 'x', 'y', 0, 0); END"
        )
    with pytest.raises(IntegrityError):
        commit_too_late(mine)
    theirs.casework.note(warehouse.people.manager, case_id, "theirs")
    assert [heard.name for heard in listen(news)] == ["Mara Manager"]


def test_a_count_is_heard_by_its_sheet_its_places_and_its_cases(warehouse, theirs, news, case_id):
    made = theirs.counting.create_sheet(warehouse.people.other_supervisor, case_ids=[case_id])
    touched = Changes()
    for heard in listen(news):
        touched |= heard.changes
    assert touched.counts == {made.sheet_id}
    assert touched.cases == {case_id}
    assert touched.ledger == {warehouse.key("BRG-6204", "E-02")}


@pytest.mark.parametrize(
    ("subject", "facts", "wanted"),
    [
        ("person 3", "{}", Changes(people=frozenset({3}))),
        ("policy 2", "{}", Changes(policy=frozenset({2}))),
        ("view 4", "{}", Changes(views=frozenset({4}))),
        ("letter 5", "{}", Changes(alerts=frozenset({5}))),
        ("mapping wms 7 columns", "{}", Changes(imports=frozenset({0}))),
        ("import 1", "{}", Changes(everything=True)),
        ("ledger", "{}", Changes(everything=True)),
        ("entity", "{}", Changes(everything=True)),
        ("site 1", "{}", Changes(everything=True)),
        ("database", "{}", Changes(everything=True)),
        ("something new 9", "{}", Changes(everything=True)),
        ("cases", "{}", Changes(everything=True)),
        ("adjustment 99", "{}", Changes(adjustments=frozenset({99}))),
    ],
)
def test_every_subject_says_what_may_have_changed(warehouse, subject, facts, wanted):
    with warehouse.database.read_plain() as connection:
        assert stored.touched(connection, subject, facts) == wanted


def test_many_cases_at_once_are_listed(warehouse, case_id):
    with warehouse.database.read_plain() as connection:
        assert stored.touched(connection, "cases", f'{{"cases":[{case_id}]}}').cases == {case_id}


def test_very_many_entries_are_told_as_one(warehouse, theirs, news, case_id):
    with theirs.database.write() as work:
        for number in range(stored.MOST + 1):
            work.audit("test", f"case {number}")
        work.changed(cases={case_id})
        work.commit()
    assert listen(news) == [Heard(Changes(everything=True))]


def test_a_case_opened_and_left_elsewhere_is_heard(warehouse, theirs, news, case_id):
    person = warehouse.people.other_supervisor
    theirs.presence.open(person, case_id)
    assert [heard.changes for heard in listen(news)] == [Changes(presence=frozenset({case_id}))]
    theirs.presence.open(person, case_id)  # a heartbeat
    assert silence(news)
    theirs.presence.leave()
    assert [heard.changes for heard in listen(news)] == [Changes(presence=frozenset({case_id}))]


def test_a_case_opened_and_left_between_two_looks_is_heard_by_who_has_it_open(
    warehouse, mine, theirs, news, case_id
):
    mine.presence.open(warehouse.people.supervisor, case_id)
    while not silence(news):
        pass
    theirs.presence.open(warehouse.people.other_supervisor, case_id)
    theirs.presence.leave()
    assert Changes(presence=frozenset({case_id})) in [heard.changes for heard in listen(news)]


def test_waiting_ends_at_once_when_it_is_stopped(news):
    news.stop()
    assert list(news.wait(3600 * SECOND)) == []


@pytest.mark.sqlite
def test_a_file_that_cannot_be_read_is_trouble_and_what_was_missed_comes_later(
    warehouse, theirs, mine, news, case_id
):
    theirs.casework.note(warehouse.people.manager, case_id, "missed")
    news.close()
    away = warehouse.path.with_suffix(".away")
    theirs.dispose()
    mine.dispose()
    warehouse.database.dispose()
    warehouse.path.rename(away)
    warehouse.path.mkdir()
    with pytest.raises(Trouble):
        news.wait(0)
    warehouse.path.rmdir()
    away.rename(warehouse.path)
    assert [heard.action for heard in listen(news)] == ["case note"]


def test_who_else_has_a_case_open_is_told_since_when(warehouse, mine, theirs, case_id):
    people, clock = warehouse.people, warehouse.clock
    theirs.presence.open(people.other_supervisor, case_id)
    since = clock()
    clock.forward(20 * SECOND)
    theirs.presence.open(people.other_supervisor, case_id)
    mine.presence.open(people.supervisor, case_id)
    (other,) = mine.presence.others(people.supervisor, case_id)
    assert other == (people.other_supervisor.id, "Olga Othersupervisor", since)


def test_who_sends_no_heartbeat_is_taken_to_be_gone(warehouse, mine, theirs, case_id):
    people = warehouse.people
    theirs.presence.open(people.other_supervisor, case_id)
    warehouse.clock.forward(EXPIRY + 1)
    assert mine.presence.others(people.supervisor, case_id) == ()


def test_opening_another_case_leaves_the_one_before(warehouse, mine, theirs, case_id):
    people = warehouse.people
    theirs.presence.open(people.other_supervisor, case_id)
    theirs.presence.open(people.other_supervisor, case_id + 1)
    assert mine.presence.others(people.supervisor, case_id) == ()
    assert len(mine.presence.others(people.supervisor, case_id + 1)) == 1


def test_the_next_person_at_a_workstation_takes_the_place_of_the_last(warehouse, mine, theirs, case_id):
    people = warehouse.people
    theirs.presence.open(people.other_supervisor, case_id)
    theirs.presence.open(people.manager, case_id)
    assert [one.name for one in mine.presence.others(people.supervisor, case_id)] == ["Mara Manager"]


def test_presence_leaves_no_trace_in_the_audit_trail(warehouse, mine, case_id):
    before = mine.auditing.verify()
    mine.presence.open(warehouse.people.supervisor, case_id)
    mine.presence.leave()
    assert mine.auditing.verify() == before


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entry", "UPDATE person SET name = 'x'", "SELECT 1"])
def test_nothing_but_what_is_soon_forgotten_is_written_without_an_audit_entry(warehouse, statement):
    with pytest.raises(RuntimeError), warehouse.database.upkeep() as upkeep:
        upkeep.exec_driver_sql(statement)
