"""A shift on a server: everybody at a workstation of their own, signed in with their own login."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.floor import refused
from support.postgres import Server
from zeroline.domain.alert import Channel
from zeroline.domain.errors import Trouble
from zeroline.domain.person import Person, Role
from zeroline.services.workbench import Workbench
from zeroline.sources import plan

SECRET = "correct horse"


def now() -> int:
    return time.time_ns() // 1_000


class Shift:
    """A database of its own on the server, set up by its owner; consoles of people."""

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        self._open: list[Workbench] = []

    @property
    def url(self) -> str:
        return self.server.url(self.name, "")

    def zeroline(self, *arguments: str, secret: str = "", url: str = "") -> subprocess.CompletedProcess[str]:
        """The command line, as the owner of the server runs it."""
        return subprocess.run(
            [sys.executable, "-m", "zeroline", "--database", url or self.server.url(self.name), *arguments],
            input=secret + "\n", capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip

    def console(self) -> Workbench:
        """A workstation that nobody has signed in at."""
        made = Workbench(self.url, now)
        made.prepare()
        self._open.append(made)
        return made

    def sits(self, login: str) -> tuple[Workbench, Person]:
        """Somebody at a workstation of their own."""
        made = self.console()
        return made, made.people.sign_in(login, SECRET)

    def close(self) -> None:
        for made in self._open:
            made.dispose()


@pytest.fixture
def shift(postgres_server: Server) -> Iterator[Shift]:
    name = "shift"
    postgres_server.drop(name)
    with postgres_server.admin() as admin:
        for (login,) in admin.execute(
            "SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'Zeroline'"
        ).fetchall():
            if login.startswith("shift_"):
                admin.execute(f"DROP ROLE {login}")
    postgres_server.create(name)
    made = Shift(postgres_server, name)
    yield made
    made.close()
    postgres_server.drop(name)


@pytest.fixture
def staffed(shift: Shift) -> Shift:
    """Two administrators, a manager, two supervisors, a counter."""
    done = shift.zeroline("setup", "--administrator", "shift_ada", "--name", "Ada", secret=SECRET)
    assert done.returncode == 0, done.stderr
    services, ada = shift.sits("shift_ada")
    second = services.people.add(ada, "shift_abe", "Abe", Role.ADMINISTRATOR, SECRET)
    assert second.waiting is None
    services.people.add(ada, "shift_cora", "Cora", Role.COUNTER, SECRET)
    asked = [
        services.people.add(ada, login, login, role, SECRET).waiting
        for login, role in (
            ("shift_sam", Role.SUPERVISOR),
            ("shift_olga", Role.SUPERVISOR),
            ("shift_mara", Role.MANAGER),
        )
    ]
    with services.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person WHERE active").scalar() == 3
    other, abe = shift.sits("shift_abe")
    other.people.set_secret(abe, abe.id, SECRET + "!")  # one's own, not the one another administrator gave
    other.people.leave()
    abe = other.people.sign_in("shift_abe", SECRET + "!")
    for one in asked:
        assert one is not None
        with refused("secret-wrong"):
            other.people.confirm(abe, one.id, "not this one")
        other.people.confirm(abe, one.id, SECRET + "!")
    return shift


def ledger(folder: Path) -> Path:
    file = folder / "movements.csv"
    file.write_text(
        "id,item,location,quantity,kind,recorded_at,occurred_at,user\n"
        "1,ITEM-1,A-01,6,receipt,2026-03-02T08:00:00Z,2026-03-02T08:00:00Z,ann\n"
        "2,ITEM-1,A-01,-10,pick,2026-03-02T09:00:00Z,2026-03-02T09:00:00Z,bob\n"
    )
    return file


def test_setting_up_twice_changes_nothing(shift: Shift) -> None:
    first = shift.zeroline("setup")
    again = shift.zeroline("setup")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    with shift.server.admin(shift.name) as admin:
        rows = admin.execute("SELECT action FROM zeroline.audit_entry").fetchall()
    assert rows == [("database created",)]


def test_setting_up_asks_before_it_touches_a_database_that_holds_something_else(shift: Shift) -> None:
    with shift.server.admin(shift.name) as admin:
        admin.execute("CREATE TABLE payroll (id int)")
    refusal = shift.zeroline("setup")
    assert refusal.returncode != 0
    assert "public.payroll" in refusal.stderr
    with shift.server.admin(shift.name) as admin:
        assert admin.execute("SELECT to_regnamespace('zeroline')").fetchone() == (None,)
    assert shift.zeroline("setup", "--beside-others").returncode == 0


def test_setting_up_puts_a_guard_back_and_the_trail_says_so(shift: Shift) -> None:
    shift.zeroline("setup")
    with shift.server.admin(shift.name) as admin:
        admin.execute("DROP TRIGGER guard_approval_insert ON zeroline.approval")
    assert shift.zeroline("setup").returncode == 0
    with shift.server.admin(shift.name) as admin:
        told = admin.execute("SELECT action, facts FROM zeroline.audit_entry ORDER BY seq").fetchall()
    assert told[-1][0] == "guards restored"
    assert "guard_approval_insert" in told[-1][1]
    assert told[-2][0] == "schema changed"


def test_a_console_does_not_open_where_a_guard_is_missing(staffed: Shift) -> None:
    with staffed.server.admin(staffed.name) as admin:
        admin.execute("DROP TRIGGER guard_approval_insert ON zeroline.approval")
    with pytest.raises(Trouble) as caught:
        staffed.sits("shift_sam")
    assert caught.value.code == "guards-missing"


def test_a_wrong_password_is_told_and_opens_nothing(staffed: Shift) -> None:
    services = staffed.console()
    with refused("sign-in-refused"):
        services.people.sign_in("shift_sam", "wrong horse")


def test_no_password_is_on_the_server_or_in_the_trail(staffed: Shift) -> None:
    with staffed.server.admin(staffed.name) as admin:
        kept = admin.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'shift_cora'").fetchone()
        assert kept is not None
        assert kept[0].startswith("SCRAM-SHA-256$")
        facts = admin.execute("SELECT string_agg(facts, '') FROM zeroline.audit_entry").fetchone()
        secrets = admin.execute(
            "SELECT string_agg(secret_hash || pin_hash, '') FROM zeroline.person"
        ).fetchone()
    assert SECRET not in facts[0]
    assert secrets[0] == ""


def test_a_shift_settles_a_negative_each_with_their_own_login(staffed: Shift, tmp_path: Path) -> None:
    supervisor, sam = staffed.sits("shift_sam")
    supervisor.intake.load(sam, plan([ledger(tmp_path)]))
    sheet = supervisor.counting.create_sheet(sam, case_ids=[1]).sheet_id

    counting, cora = staffed.sits("shift_cora")
    blind = counting.counting.blind_sheet(cora, sheet)
    counting.counting.enter(cora, blind.lines[0].line_id, "3")
    told = counting.counting.submit(cora, sheet)
    assert told.counted == 1
    with refused("not-allowed"):
        counting.counting.results(cora, sheet)

    supervisor.counting.take_up(sam)
    assert supervisor.counting.results(sam, sheet).lines[0].state == "recount"
    other, olga = staffed.sits("shift_olga")
    other.counting.enter(olga, blind.lines[0].line_id, "3")
    other.counting.submit(olga, sheet)
    final = supervisor.counting.results(sam, sheet).lines[0].final
    assert final is not None
    assert final.variance == 7_000_000
    made = supervisor.settlement.propose(sam, entry_id=final.entry_id, cause="K3")

    shown = {made.adjustment_id: other.settlement.approval_view(olga, made.adjustment_id).shown_hash}
    with refused("hand-recounted"):
        other.settlement.approve(olga, [made.adjustment_id], SECRET, shown_hashes=shown)

    office, mara = staffed.sits("shift_mara")
    shown = {made.adjustment_id: office.settlement.approval_view(mara, made.adjustment_id).shown_hash}
    with refused("secret-wrong"):
        office.settlement.approve(mara, [made.adjustment_id], "wrong horse", shown_hashes=shown)
    posted = office.settlement.approve(mara, [made.adjustment_id], SECRET, shown_hashes=shown)
    assert posted.posted == (made.adjustment_id,)
    assert office.lookup.case(mara, 1).on_hand == 3_000_000
    assert office.auditing.verify().fault == ""
    assert office.auditing.kept_wrongly() == ()


def test_everybody_is_told_at_their_own_console_and_letters_are_sent_by_the_program(
    staffed: Shift, tmp_path: Path
) -> None:
    supervisor, sam = staffed.sits("shift_sam")
    supervisor.alerting.set_email(sam, sam.id, "sam@example.com")
    supervisor.intake.load(sam, plan([ledger(tmp_path)]))
    assert supervisor.alerting.notice(sam).alerts == {sam.id}
    assert not supervisor.alerting.notice(sam)
    supervisor.counting.create_sheet(sam, case_ids=[1], due_at=now())
    with refused("not-allowed"):
        supervisor.alerting.due(sam, "sam", [Channel.MAIL])

    counting, cora = staffed.sits("shift_cora")
    counting.alerting.notice(cora)
    (row,) = counting.alerting.mine(cora).rows
    assert row.kind == "count"
    counting.alerting.seen(cora, [row.id])
    assert counting.alerting.mine(cora).unseen == 0

    office, mara = staffed.sits("shift_mara")
    assert office.alerting.mine(mara).rows == ()
    as_mara = staffed.zeroline("alerts", "send", url=staffed.server.url(staffed.name, "shift_mara", SECRET))
    assert "not by a person" in as_mara.stderr
    as_program = staffed.zeroline("alerts", "send")
    assert "nothing can be sent" in as_program.stderr
    assert office.alerting.mine(mara).unseen == 1
    administration, ada = staffed.sits("shift_ada")
    assert administration.alerting.outbox(ada).waiting == 2
