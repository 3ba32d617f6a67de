"""Who may set the sites of a person on a server, with a database client and their own password."""

from __future__ import annotations

import pytest

from support.colleagues import Colleagues, refused
from support.warehouse import Staff
from zeroline.domain.person import Person

GIVEN = "INSERT INTO person_site (person_id, site_id) VALUES (%s, %s)"
TAKEN = "DELETE FROM person_site WHERE person_id = %s"
NOTED = "INSERT INTO audit_entry (action, subject, facts) VALUES ('sites changed', 'by hand', '{}')"


def limit(colleagues: Colleagues, person: Person, site: str) -> int:
    """The site's id."""
    site_id = colleagues.warehouse.site(site)
    with colleagues.warehouse.database.write() as work:
        work.connection.exec_driver_sql("INSERT INTO person_site VALUES (?, ?)", (person.id, site_id))
        work.audit("sites changed", f"person {person.id}")
        work.changed(people={person.id})
        work.commit()
    return site_id


def rows(colleagues: Colleagues) -> list[tuple[int, int]]:
    with colleagues.server.admin(colleagues.name) as admin:
        return admin.execute("SELECT person_id, site_id FROM zeroline.person_site ORDER BY 1, 2").fetchall()


@pytest.mark.parametrize("who", ["counter", "supervisor", "manager", "auditor"])
@pytest.mark.parametrize("whose", ["own", "another's"])
def test_who_does_not_look_after_people_sets_no_sites(colleagues: Colleagues, who: str, whose: str) -> None:
    person: Person = getattr(colleagues.staff, who)
    of = person if whose == "own" else colleagues.staff.other_supervisor
    site = limit(colleagues, of, "NORTH")
    with colleagues.as_(person) as hand:
        with refused("right"):
            hand.execute(GIVEN, (of.id, site))
        with refused("right"):
            hand.execute(TAKEN, (of.id,))
        with refused("right"):
            hand.execute("UPDATE person_site SET site_id = site_id")
        with refused("right"):
            hand.execute("TRUNCATE person_site")
    assert rows(colleagues) == [(of.id, site)]


def test_an_administrator_neither_widens_nor_narrows_their_own_sites(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    site, other = limit(colleagues, staff.administrator, "NORTH"), colleagues.warehouse.site("MAIN")
    with colleagues.as_(staff.administrator) as hand:
        with refused("sites-own"):
            hand.execute(GIVEN, (staff.administrator.id, other))
        with refused("sites-own"):
            hand.execute(TAKEN, (staff.administrator.id,))
    with colleagues.as_(staff.other_administrator) as hand, refused("sites-own"):
        hand.execute(GIVEN, (staff.other_administrator.id, other))
    assert rows(colleagues) == [(staff.administrator.id, site)]


def test_an_administrator_who_is_limited_gives_no_sites_to_others(colleagues: Colleagues) -> None:
    staff: Staff = colleagues.staff
    site = limit(colleagues, staff.administrator, "NORTH")
    limit(colleagues, staff.supervisor, "NORTH")
    with colleagues.as_(staff.administrator) as hand:
        with refused("sites-limited"):
            hand.execute(GIVEN, (staff.other_supervisor.id, site))
        with refused("sites-limited"):
            hand.execute(TAKEN, (staff.supervisor.id,))


def test_sites_are_not_set_without_an_entry_in_the_trail(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    site = limit(colleagues, staff.supervisor, "NORTH")
    with colleagues.as_(staff.administrator) as hand:
        with refused("unaudited"):
            hand.execute(GIVEN, (staff.counter.id, site))
        with refused("unaudited"):
            hand.execute(TAKEN, (staff.supervisor.id,))
        with hand.transaction():
            hand.execute(GIVEN, (staff.counter.id, site))
            hand.execute(NOTED)
    assert rows(colleagues) == [(staff.counter.id, site), (staff.supervisor.id, site)]
    assert colleagues.trail()[-1][:2] == (staff.administrator.id, "sites changed")


def test_a_manager_of_one_site_changes_nothing_that_holds_at_others(colleagues: Colleagues) -> None:
    who = colleagues.staff.manager
    limit(colleagues, who, "NORTH")
    elsewhere = colleagues.warehouse.site("MAIN")
    with colleagues.as_(who) as hand:
        with refused("sites-limited"):
            hand.execute(
                "INSERT INTO policy_version (version, at, person_id, reason, content)"
                " SELECT version + 1, now_us(), %s, 'mine', content FROM policy_version",
                (who.id,),
            )
        with refused("right"):
            hand.execute(
                "INSERT INTO learning_reset (site_id, at, person_id, reason, last_verdict)"
                " VALUES (%s, now_us(), %s, 'mine', 0)",
                (elsewhere, who.id),
            )


def test_a_person_of_one_site_learns_of_others_no_more_than_that_something_is_there(
    colleagues: Colleagues,
) -> None:
    warehouse, who = colleagues.warehouse, colleagues.staff.other_supervisor
    warehouse.move("ITEM-1", "A-01", "5", reference="77")
    colleagues.floor.sheet(warehouse.key("ITEM-1", "A-01"))
    limit(colleagues, who, "NORTH")
    source = warehouse.source()
    with colleagues.as_(who) as hand:
        assert hand.execute("SELECT count(*) FROM count_sheet").fetchone() == (0,)
        assert hand.execute('SELECT * FROM locations_elsewhere(\'["A-01", "B-01"]\')').fetchall() == [
            ("A-01",)
        ]
        told = hand.execute('SELECT * FROM references_elsewhere(%s, \'["77", "78"]\')', (source,))
        assert told.fetchall() == [("77",)]
        assert hand.execute("SELECT newest_of('movement'), newest_of('person')").fetchone() == (1, None)
