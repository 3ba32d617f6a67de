"""What is told of a server that is too old or empty, of a wrong clock, and of passwords that have run out."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from support.colleagues import Colleagues
from support.warehouse import SECRET, Warehouse
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.instant import HOUR, MINUTE
from zeroline.domain.person import Role
from zeroline.services.workbench import Workbench
from zeroline.storage.postgres import setting_up
from zeroline.wording import sentence


def now() -> int:
    return time.time_ns() // 1_000


class Off:
    """A workstation's clock that is wrong by some µs."""

    def __init__(self, by: int) -> None:
        self.by = by

    def __call__(self) -> int:
        return now() + self.by


@pytest.fixture
def too_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that needs a newer server than there is."""
    monkeypatch.setattr(setting_up, "OLDEST", 99)


@pytest.mark.usefixtures("too_new")
def test_a_server_that_is_too_old_is_told_before_anything_is_done(colleagues: Colleagues) -> None:
    version = colleagues.server.version
    before = colleagues.trail()
    owner = Workbench(colleagues.server.url(colleagues.name), now)
    for work in (owner.set_up, owner.prepare):
        with pytest.raises(Trouble) as told:
            work()
        assert (told.value.code, told.value.fields) == ("server-too-old", {"version": version, "oldest": 99})
    owner.dispose()
    person = Workbench(colleagues.url(), now)
    with pytest.raises(Trouble, match="server-too-old"):
        person.people.sign_in("counter", SECRET)
    person.dispose()
    assert colleagues.trail() == before


def test_a_database_that_nobody_set_up_is_told_to_who_signs_in(colleagues: Colleagues) -> None:
    name = f"{colleagues.name}_bare"
    colleagues.server.create(name)
    person = Workbench(colleagues.server.url(name, ""), now)
    with pytest.raises(Trouble) as told:
        person.people.sign_in("counter", SECRET)
    assert (told.value.code, told.value.fields) == ("database-not-set-up", {"path": name})
    person.dispose()
    colleagues.server.drop(name)


@pytest.mark.parametrize(("by", "code"), [(HOUR, "clock-ahead"), (-HOUR, "clock-behind")])
def test_the_servers_clock_is_what_is_recorded_and_a_wrong_one_is_told(
    colleagues: Colleagues, by: int, code: str
) -> None:
    services = Workbench(colleagues.url(), Off(by))
    earliest = now()
    services.people.sign_in("supervisor", SECRET)
    entry = services.auditing.latest(1)[0]
    assert entry.action == "signed in"
    assert earliest - MINUTE < entry.at < now() + MINUTE
    trouble = services.clock_trouble()
    assert trouble is not None
    assert trouble.code == code
    assert "60 minutes" in sentence(trouble)
    services.dispose()


def test_a_clock_that_is_a_minute_off_is_no_trouble(colleagues: Colleagues) -> None:
    services = Workbench(colleagues.url(), Off(MINUTE))
    services.people.sign_in("supervisor", SECRET)
    assert services.clock_trouble() is None
    services.dispose()


@pytest.mark.parametrize(("by", "code"), [(HOUR, "clock-ahead-of-server"), (-HOUR, "clock-behind-server")])
def test_a_jobs_wrong_clock_is_told_apart_for_its_own_time_is_recorded(
    colleagues: Colleagues, by: int, code: str
) -> None:
    services = Workbench(colleagues.warehouse.url, Off(by))
    trouble = services.clock_trouble()
    assert trouble is not None
    assert trouble.code == code
    services.dispose()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_has_no_other_clock(warehouse: Warehouse) -> None:
    services = Workbench(f"sqlite:///{warehouse.path}", Off(HOUR))
    assert services.clock_trouble() is None


@pytest.fixture
def late(colleagues: Colleagues) -> Iterator[Workbench]:
    """An administrator's console; the new counter ``late_counter`` has a password that has run out."""
    services = Workbench(colleagues.url(), now)
    administrator = services.people.sign_in("administrator", SECRET)
    services.people.add(administrator, "late_counter", "Lena Late", Role.COUNTER, SECRET)
    with colleagues.server.admin() as admin:
        admin.execute("ALTER ROLE late_counter VALID UNTIL '2020-01-01'")
    yield services
    services.dispose()
    with colleagues.server.admin() as admin:
        admin.execute("DROP ROLE late_counter")


def test_a_password_that_has_run_out_is_refused_and_a_new_one_lets_in_again(
    late: Workbench, colleagues: Colleagues
) -> None:
    person = Workbench(colleagues.url(), now)
    for secret in (SECRET, "not the password"):  # a server does not tell one from the other
        with pytest.raises(DomainError) as refused:
            person.people.sign_in("late_counter", secret)
        assert refused.value.code == "sign-in-refused"
        assert "run out" in sentence(refused.value)
    administrator = late.people.connected()
    lena = next(row.person for row in late.people.list(administrator) if row.person.login == "late_counter")
    late.people.set_secret(administrator, lena.id, "a better horse")
    assert person.people.sign_in("late_counter", "a better horse").login == "late_counter"
    person.dispose()


def test_a_new_password_leaves_a_limit_that_is_still_to_come(late: Workbench, colleagues: Colleagues) -> None:
    with colleagues.server.admin() as admin:
        admin.execute("ALTER ROLE late_counter VALID UNTIL '2126-01-01'")
        administrator = late.people.connected()
        rows = late.people.list(administrator)
        lena = next(row.person for row in rows if row.person.login == "late_counter")
        late.people.set_secret(administrator, lena.id, "a better horse")
        left = admin.execute(
            "SELECT CAST(rolvaliduntil AS date) FROM pg_roles WHERE rolname = 'late_counter'"
        ).fetchone()
    assert left is not None
    assert str(left[0]) == "2126-01-01"


def test_a_strangers_login_is_not_made_into_a_persons(colleagues: Colleagues) -> None:
    services = Workbench(colleagues.url(), now)
    administrator = services.people.sign_in("administrator", SECRET)
    with colleagues.server.admin() as admin:
        admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'of a stranger'")
    try:
        with pytest.raises(DomainError, match="login-on-server"):
            services.people.add(administrator, "stranger", "Stranger", Role.COUNTER, SECRET)
    finally:
        services.dispose()
        with colleagues.server.admin() as admin:
            admin.execute("DROP ROLE stranger")


def test_people_are_still_told_of_a_wrong_secret_for_a_signature(colleagues: Colleagues) -> None:
    services = Workbench(colleagues.url(), now)
    person = services.people.sign_in("manager", SECRET)
    with pytest.raises(DomainError, match="secret-wrong"):
        services.people.check_secret(person.id, "not the password")
    services.dispose()
