"""The sites of people, set by an administrator on a server."""

from __future__ import annotations

import json

import pytest

from support.colleagues import Colleagues, SignedIn
from support.warehouse import Warehouse
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.services.limiting import Limiting


def test_the_sites_of_a_person_are_set_listed_and_audited(
    colleagues: Colleagues, signed_in: SignedIn
) -> None:
    staff = colleagues.staff
    for site in ("MAIN", "NORTH", "SOUTH"):
        colleagues.warehouse.site(site)
    services = signed_in(staff.administrator)
    changes = services.limiting.limit(staff.administrator, staff.supervisor.id, ("NORTH", "MAIN", "NORTH"))
    assert changes.people == {staff.supervisor.id}
    assert services.limiting.sites(staff.administrator) == {staff.supervisor.id: ("MAIN", "NORTH")}
    assert signed_in(staff.supervisor).limiting.own() == ("MAIN", "NORTH")

    services.limiting.limit(staff.administrator, staff.supervisor.id, ())
    assert services.limiting.sites(staff.administrator) == {}
    assert services.limiting.own() is None
    told = [one for one in colleagues.trail() if one[1] == "sites changed"]
    assert [(who, subject, json.loads(facts)) for who, _, subject, facts in told] == [
        (
            staff.administrator.id,
            f"person {staff.supervisor.id}",
            {"before": before, "after": after},
        )
        for before, after in (([], ["MAIN", "NORTH"]), (["MAIN", "NORTH"], []))
    ]


def test_who_may_not_set_sites_is_refused(colleagues: Colleagues, signed_in: SignedIn) -> None:
    staff = colleagues.staff
    colleagues.warehouse.site("NORTH")
    with pytest.raises(DomainError, match="not-allowed"):
        signed_in(staff.manager).limiting.limit(staff.manager, staff.supervisor.id, ("NORTH",))
    services = signed_in(staff.administrator)
    with pytest.raises(DomainError, match="sites-own"):
        services.limiting.limit(staff.administrator, staff.administrator.id, ("NORTH",))
    with pytest.raises(DomainError, match="site-unknown"):
        services.limiting.limit(staff.administrator, staff.supervisor.id, ("WEST",))
    with pytest.raises(DomainError, match="person-unknown"):
        services.limiting.limit(staff.administrator, 999, ("NORTH",))


def test_an_administrator_who_is_limited_sets_no_sites_and_sees_that_there_are_more(
    colleagues: Colleagues, signed_in: SignedIn
) -> None:
    staff = colleagues.staff
    for site in ("NORTH", "SOUTH"):
        colleagues.warehouse.site(site)
    first = signed_in(staff.administrator)
    first.limiting.limit(staff.administrator, staff.supervisor.id, ("NORTH", "SOUTH"))
    first.limiting.limit(staff.administrator, staff.other_administrator.id, ("SOUTH",))
    second = signed_in(staff.other_administrator)
    assert second.limiting.sites(staff.other_administrator)[staff.supervisor.id] == ("SOUTH", "")
    with pytest.raises(DomainError, match="sites-limited"):
        second.limiting.limit(staff.other_administrator, staff.supervisor.id, ())


def test_two_administrators_do_not_overwrite_each_other(colleagues: Colleagues, signed_in: SignedIn) -> None:
    staff = colleagues.staff
    for site in ("NORTH", "SOUTH"):
        colleagues.warehouse.site(site)
    services = signed_in(staff.administrator)
    seen = next(row for row in services.people.list(staff.administrator) if row.person == staff.supervisor)
    services.limiting.limit(staff.administrator, staff.supervisor.id, ("NORTH",), seen.version)
    with pytest.raises(ChangedMeanwhile) as told:
        services.limiting.limit(staff.administrator, staff.supervisor.id, ("SOUTH",), seen.version)
    assert told.value.code == "changed-meanwhile"


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_where_the_program_acts_for_people_nobody_is_limited(warehouse: Warehouse) -> None:
    limiting, staff = Limiting(warehouse.database), warehouse.people
    assert not limiting.possible
    assert limiting.sites(staff.administrator) == {}
    assert limiting.own() is None
    with pytest.raises(DomainError, match="sites-on-file"):
        limiting.limit(staff.administrator, staff.supervisor.id, ("NORTH",))
    with pytest.raises(DomainError, match="not-allowed"):
        limiting.sites(staff.counter)
