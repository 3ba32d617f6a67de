"""On a server a write waits for those that touch the same, and for no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from support.colleagues import Colleagues
from support.colleagues import refused as refused_by_server
from support.warehouse import SECRET
from zeroline.domain.errors import ChangedMeanwhile, Trouble
from zeroline.domain.instant import SECOND
from zeroline.domain.person import Person
from zeroline.services.auditing import Auditing
from zeroline.services.counting import Counting
from zeroline.services.people import People
from zeroline.services.settlement import Settlement
from zeroline.storage.engine import Database


@contextmanager
def console(colleagues: Colleagues, who: Person, patience: int = 15 * SECOND) -> Iterator[Database]:
    """Somebody's own connection through the program."""
    database = Database(colleagues.url(), colleagues.warehouse.clock, patience=patience)
    People(database).sign_in(who.login, SECRET)
    yield database
    database.dispose()


@contextmanager
def held(colleagues: Colleagues, kind: str, id: int) -> Iterator[None]:
    """Another supervisor's write that touches one thing and does not end."""
    with colleagues.as_(colleagues.staff.supervisor) as other, other.transaction():
        other.execute("SELECT hold(ARRAY[%s], ARRAY[%s]::bigint[])", (kind, id))
        yield


@pytest.fixture
def keys(colleagues: Colleagues) -> tuple[int, int]:
    """Two stock keys below zero."""
    for item in ("ITEM-1", "ITEM-2"):
        colleagues.warehouse.move(item, "A-01", "-4")
    return colleagues.warehouse.key("ITEM-1", "A-01"), colleagues.warehouse.key("ITEM-2", "A-01")


def approve(database: Database, who: Person, adjustment: int) -> None:
    settlement = Settlement(database, People(database))
    shown = {adjustment: settlement.approval_view(who, adjustment).shown_hash}
    settlement.approve(who, [adjustment], SECRET, shown_hashes=shown)


def test_posting_waits_for_a_write_on_its_stock_key_and_for_no_other(
    colleagues: Colleagues, keys: tuple[int, int]
) -> None:
    first, second = (colleagues.floor.propose(key, "3").adjustment_id for key in keys)
    manager = colleagues.staff.manager
    with (
        console(colleagues, manager, patience=SECOND // 4) as database,
        held(colleagues, "adjustment", first),
    ):
        approve(database, manager, second)
        with pytest.raises(Trouble) as caught:
            approve(database, manager, first)
    assert caught.value.code == "database-locked"
    assert colleagues.floor.on_hand(keys[1]) == 3_000_000
    assert colleagues.floor.on_hand(keys[0]) == -4_000_000


def test_a_count_waits_for_a_write_on_its_sheet_and_for_no_other(
    colleagues: Colleagues, keys: tuple[int, int]
) -> None:
    first, second = (colleagues.floor.sheet(key) for key in keys)
    lines = [colleagues.floor.line(sheet) for sheet in (first, second)]
    counter = colleagues.staff.counter
    with (
        console(colleagues, counter, patience=SECOND // 4) as database,
        held(colleagues, "sheet", first),
    ):
        counting = Counting(database)
        counting.enter(counter, lines[1], "3")
        assert counting.submit(counter, second).counted == 1
        with pytest.raises(Trouble) as caught:
            counting.enter(counter, lines[0], "3")
    assert caught.value.code == "database-locked"


def test_a_write_that_does_not_say_what_it_touches_is_alone(
    colleagues: Colleagues, keys: tuple[int, int]
) -> None:
    supervisor = colleagues.staff.supervisor
    with (
        console(colleagues, supervisor, patience=SECOND // 4) as database,
        held(colleagues, "key", keys[0]),
        pytest.raises(Trouble) as caught,
        database.write(supervisor.id),
    ):
        pass
    assert caught.value.code == "database-locked"


def test_two_managers_post_side_by_side_each_adjustment_once(
    colleagues: Colleagues, keys: tuple[int, int]
) -> None:
    for number in range(3, 9):
        colleagues.warehouse.move(f"ITEM-{number}", "A-01", "-4")
    made = [
        colleagues.floor.propose(colleagues.warehouse.key(f"ITEM-{number}", "A-01"), "3").adjustment_id
        for number in range(1, 9)
    ]
    start = threading.Barrier(2)
    posted: list[int] = []
    late: list[str] = []
    staff = colleagues.staff

    def work(who: Person, order: list[int]) -> None:
        with console(colleagues, who) as database:
            start.wait()
            for adjustment in order:
                try:
                    approve(database, who, adjustment)
                    posted.append(adjustment)
                except ChangedMeanwhile as error:
                    late.append(error.code)

    threads = [
        threading.Thread(target=work, args=(staff.manager, made)),
        threading.Thread(target=work, args=(staff.other_manager, [*made[4:], *made[:4]])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(posted) == made
    assert set(late) <= {"adjustment-decided", "adjustment-shown-changed"}
    with colleagues.server.admin(colleagues.name) as admin:
        rows = admin.execute("SELECT adjustment_id FROM zeroline.movement WHERE adjustment_id IS NOT NULL")
        assert sorted(id for (id,) in rows) == made
    auditing = Auditing(colleagues.warehouse.database)
    assert auditing.verify().fault == ""
    assert auditing.kept_wrongly() == ()


@pytest.mark.parametrize(
    "level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
)
def test_nobody_writes_from_a_snapshot_of_before(
    colleagues: Colleagues, keys: tuple[int, int], level: psycopg.IsolationLevel
) -> None:
    made = colleagues.floor.propose(keys[0], "3").adjustment_id
    who = colleagues.staff.other_supervisor
    with colleagues.as_(who) as person:
        person.isolation_level = level
        with refused_by_server("write-isolation"), person.transaction():
            person.execute(
                "INSERT INTO approval (adjustment_id, approver_id, decision, tier, limit_value,"
                " cumulated_value, shown_hash, at) SELECT id, %s, 'approved', tier, value, value,"
                " shown_hash, now_us() FROM adjustment WHERE id = %s",
                (who.id, made),
            )


def test_two_by_hand_never_propose_to_reverse_the_same_at_once(
    colleagues: Colleagues, keys: tuple[int, int]
) -> None:
    posted, staff = colleagues.floor.settle(keys[0], "3"), colleagues.staff
    reversal = (
        "INSERT INTO adjustment (id, number, kind, key_id, case_id, reversal_of, quantity, book_before,"
        " unit_cost, value, arithmetic, cause, comment, state, tier, tier_reasons, policy, proposer_id,"
        " investigator_id, proposed_at, guard, guard_reason, wait_reason, shown_hash)"
        " SELECT %(id)s, %(number)s, 'reversal', key_id, case_id, id, -quantity, 0, unit_cost, -value, '{}',"
        " cause, 'by hand', 'proposed', 3, '[]', (SELECT max(version) FROM policy_version), %(who)s, %(who)s,"
        " now_us(), '[]', '', '', repeat('a', 64) FROM adjustment WHERE id = %(posted)s"
    )

    def values(number: int, who: Person) -> dict[str, object]:
        return {"id": number, "number": f"ADJ-{number}", "who": who.id, "posted": posted}

    with colleagues.as_(staff.supervisor) as one, colleagues.as_(staff.other_supervisor) as other:
        other.execute("SET lock_timeout = '250ms'")
        with one.transaction(force_rollback=True):
            one.execute(reversal, values(901, staff.supervisor))
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(reversal, values(902, staff.other_supervisor))
