"""At the end of a shift each person gets one message of what is open for them."""

from __future__ import annotations

import pytest

from support.floor import Floor, refused
from support.warehouse import SettableClock, Warehouse
from zeroline.domain.instant import HOUR, parse
from zeroline.domain.person import PROGRAM, Person
from zeroline.services.alerting import Alerting
from zeroline.services.casework import Casework

END = "2026-03-02T14:00:00Z"


@pytest.fixture
def alerting(warehouse: Warehouse) -> Alerting:
    """Sam, Olga, Mara and Cora are written to."""
    made, staff = Alerting(warehouse.database), warehouse.people
    for person in (staff.supervisor, staff.other_supervisor, staff.manager, staff.counter):
        made.set_email(person, person.id, f"{person.login}@example.com")
    return made


def told(alerting: Alerting, person: Person) -> list[dict[str, int]]:
    return [row.facts["open"] for row in alerting.mine(person).rows if row.kind == "shift"]


def test_each_is_told_what_is_open_for_them_once_for_each_shift(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff = warehouse.people
    warehouse.item("ITEM-1", abc_class="A")
    for place in ("A-01", "A-02", "A-03"):
        warehouse.move("ITEM-1", place, "-5")
    Casework(warehouse.database).take(staff.supervisor, [1])
    floor.propose(warehouse.key("ITEM-1", "A-02"), "3")
    floor.sheet(warehouse.key("ITEM-1", "A-03"))
    clock.set(END)
    alerting.end_shift(PROGRAM)
    assert told(alerting, staff.supervisor) == [{"new": 1, "mine": 1, "sheets": 1, "due": 2}]
    assert told(alerting, staff.other_supervisor) == [{"new": 1, "approvals": 1, "sheets": 1, "due": 2}]
    assert told(alerting, staff.counter) == [{"sheets": 1}]
    assert told(alerting, staff.auditor) == []
    clock.forward(HOUR)
    assert not alerting.end_shift(PROGRAM)
    clock.forward(7 * HOUR)
    alerting.end_shift(PROGRAM)
    assert len(told(alerting, staff.supervisor)) == 2


def test_who_works_at_another_site_is_told_of_that_one(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    staff = warehouse.people
    warehouse.location("N-01", site="NORTH")
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO person_site (person_id, site_id) VALUES (?, ?)",
            (staff.manager.id, warehouse.site("NORTH")),
        )
        work.audit("test record", "people")
        work.changed(everything=True)
        work.commit()
    warehouse.move("ITEM-1", "A-01", "-5")
    warehouse.move("ITEM-2", "A-02", "-5")
    warehouse.move("ITEM-1", "N-01", "-5")
    floor.propose(warehouse.key("ITEM-2", "A-02"), "3")
    clock.set(END)
    alerting.end_shift(PROGRAM)
    assert told(alerting, staff.manager) == [{"new": 1}]
    assert told(alerting, staff.other_supervisor) == [{"new": 2, "approvals": 1}]


def test_who_has_nothing_open_is_told_nothing(
    warehouse: Warehouse, alerting: Alerting, clock: SettableClock
) -> None:
    clock.set(END)
    assert not alerting.end_shift(PROGRAM)


def test_long_after_the_end_of_a_shift_nobody_is_told(
    warehouse: Warehouse, alerting: Alerting, clock: SettableClock
) -> None:
    warehouse.move("ITEM-1", "A-01", "-5")
    clock.set(parse(END) + 2 * HOUR)
    assert not alerting.end_shift(PROGRAM)
    clock.set(parse(END) + 2 * HOUR - 1)
    assert alerting.end_shift(PROGRAM)


def test_shifts_end_when_policy_says_by_the_clocks_of_the_site(
    warehouse: Warehouse, alerting: Alerting, floor: Floor, clock: SettableClock
) -> None:
    warehouse.move("ITEM-1", "A-01", "-5")
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql("UPDATE site SET zone = 'Europe/Istanbul'")
        work.audit("test record", "site 1")
        work.changed(everything=True)
        work.commit()
    floor.policy(shift_ends=(18 * 60 + 30,))
    clock.set("2026-03-02T15:29:59Z")
    assert not alerting.end_shift(PROGRAM)
    clock.set("2026-03-02T15:30:00Z")
    assert alerting.end_shift(PROGRAM)
    (row,) = [row for row in alerting.mine(warehouse.people.manager).rows if row.kind == "shift"]
    assert row.facts["ended_at"] == clock()


def test_a_site_in_no_known_zone_goes_by_utc(
    warehouse: Warehouse, alerting: Alerting, clock: SettableClock
) -> None:
    warehouse.move("ITEM-1", "A-01", "-5")
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql("UPDATE site SET zone = 'Nowhere/At all'")
        work.audit("test record", "site 1")
        work.changed(everything=True)
        work.commit()
    clock.set(END)
    assert alerting.end_shift(PROGRAM)


def test_only_the_program_ends_a_shift(warehouse: Warehouse, alerting: Alerting) -> None:
    with refused("not-allowed"):
        alerting.end_shift(warehouse.people.manager)
