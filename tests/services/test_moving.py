"""A file moved to a server: everything arrives, or the server's database stays shut."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.floor import refused
from support.moving import ADMINISTRATOR, PREFIX, Moves, quiet
from support.warehouse import SECRET, SettableClock, open_database
from zeroline.domain.errors import Cancelled, DomainError, Trouble
from zeroline.services.moving import Moving
from zeroline.services.people import People
from zeroline.storage.postgres.moving.origin import check_fit
from zeroline.storage.postgres.moving.table import CARRIED
from zeroline.storage.postgres.moving.unguarded import unguarded

TRIGGERS = """SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'zeroline' AND NOT t.tgisinternal
UNION ALL SELECT '', evtname, evtenabled FROM pg_event_trigger ORDER BY 1, 2"""


class Steps:
    """Notes how many rows there were at each step of copying."""

    def __init__(self) -> None:
        self.copied: list[int] = []

    def __call__(self, done: int, _of: int, step: str, _table: str) -> None:
        if step == "copy":
            self.copied.append(done)


class Stop:
    """Stops a move when it is told the ``at``-th time that it does a step."""

    def __init__(self, at: int, step: str = "copy", how: type[BaseException] = Cancelled) -> None:
        self.left, self.step, self.how = at, step, how

    def __call__(self, _done: int, _of: int, step: str, _table: str) -> None:
        self.left -= step == self.step
        if not self.left:
            raise self.how


def guards(moves: Moves, name: str) -> list[Any]:
    with moves.owner(name) as owner:
        return owner.execute(TRIGGERS).fetchall()


def test_everything_is_carried_over_and_compared(moves: Moves) -> None:
    name = moves.place()
    before = guards(moves, name)
    moved = moves.move(name)
    rows = {one.table: one.rows_after for one in moved.tables}
    assert moved.finished
    assert {one.differs for one in moved.tables} == {""}
    some = ("movement", "attachment", "approval", "command", "count_draft", "saved_view", "diagnosis")
    assert [
        table for table in (*some, "audit_entry", "episode", "balance", "document_line") if not rows[table]
    ] == []
    assert guards(moves, name) == before
    services = moves.as_program(name)
    assert services.auditing.verify(moved.head).fault == ""
    assert services.auditing.missing_guards() == ()
    assert services.auditing.kept_wrongly() == ()
    [latest, secret] = services.auditing.latest(2)
    assert (latest.action, secret.action) == ("database moved", "login secret set")
    facts = json.loads(latest.facts)
    assert (facts["database"], facts["head"], facts["rows"]) == ("inventory.db", moved.head, moved.rows)
    assert facts["replaced"].startswith("1:")


def test_the_trail_is_the_file_s_byte_for_byte_and_no_proof_of_a_secret_goes_along(moves: Moves) -> None:
    name = moves.place(None)
    moves.move(name)
    file = open_database(moves.file, moves.clock)
    query = "SELECT seq, at, person_id, action, subject, facts, previous, hash FROM audit_entry ORDER BY seq"
    with file.read() as connection, moves.owner(name) as owner:
        ours = [tuple(row) for row in connection.exec_driver_sql(query)]
        assert owner.execute(query).fetchall()[: len(ours)] == ours
        assert owner.execute("SELECT DISTINCT secret_hash, pin_hash FROM person").fetchall() == [("", "")]
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM person WHERE secret_hash = ''").scalar() == 0
        actions = owner.execute("SELECT action FROM audit_entry OFFSET %s", (len(ours),)).fetchall()
        assert actions == [("login secret set",), ("database moved",)]
    file.dispose()


def test_a_moved_shift_goes_on_working(moves: Moves) -> None:
    name = moves.place()
    moved = moves.move(name)
    assert f"{PREFIX}auditor" not in moved.waiting  # switched off in the file
    with pytest.raises(DomainError) as caught:
        moves.sits(name, "supervisor")
    assert caught.value.code == "sign-in-refused"
    office, ada = moves.sits(name, "administrator")
    staff = moves.staff
    for person in (staff.supervisor, staff.manager, staff.counter, staff.other_counter):
        office.people.set_secret(ada, person.id, SECRET)
    key = "SELECT k.id FROM stock_key AS k JOIN location AS l ON l.id = k.location_id WHERE l.code = 'A-04'"
    with moves.owner(name) as owner:
        (key_id,) = owner.execute(key).fetchone()  # type: ignore[misc]
    first, sam = moves.sits(name, "supervisor")
    sheet = first.counting.create_sheet(sam, key_ids=[key_id]).sheet_id
    line = first.counting.results(sam, sheet).lines[0].line_id
    for login in ("counter", "other_counter"):
        bench, counter = moves.sits(name, login)
        bench.counting.enter(counter, line, "2")
        bench.counting.submit(counter, sheet)
        first.counting.take_up(sam)
    final = first.counting.results(sam, sheet).lines[0].final
    assert final is not None
    proposed = first.settlement.propose(sam, entry_id=final.entry_id, cause="K3").adjustment_id
    second, mara = moves.sits(name, "manager")
    shown = {proposed: second.settlement.approval_view(mara, proposed).shown_hash}
    second.settlement.approve(mara, [proposed], SECRET, shown_hashes=shown)
    with moves.owner(name) as owner:
        assert owner.execute("SELECT on_hand FROM balance WHERE key_id = %s", (key_id,)).fetchone() == (
            2_000_000,
        )
    assert second.auditing.verify(moved.head).fault == ""
    assert second.auditing.kept_wrongly() == ()


def test_a_move_that_was_stopped_goes_on_where_it_stopped(moves: Moves) -> None:
    name = moves.place()
    before = guards(moves, name)
    with pytest.raises(KeyboardInterrupt):
        moves.move(name, Stop(60, how=KeyboardInterrupt), rows=3)
    assert guards(moves, name) == before  # never off in what is committed
    watch = Steps()
    moved = moves.move(name, watch)
    assert moved.finished
    assert watch.copied[0] > 50
    assert moves.as_program(name).auditing.verify(moved.head).fault == ""


KILLED = """
import os, signal, sys
from support.moving import ADMINISTRATOR
from support.warehouse import SECRET, SettableClock
from zeroline.services.moving import Moving

left = int(sys.argv[3])

def watch(done, of, step, table):
    global left
    left -= step == sys.argv[4]
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

Moving(sys.argv[1], sys.argv[2], SettableClock(), rows=3).move(watch, ADMINISTRATOR, SECRET)
"""


@pytest.mark.parametrize(("at", "step"), [(40, "copy"), (1, "finish")])
def test_a_move_whose_program_was_killed_goes_on(moves: Moves, at: int, step: str) -> None:
    name = moves.place()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, moves.source, moves.server.url(name), str(at), step],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, env=os.environ,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with pytest.raises(Trouble) as caught:
        moves.as_program(name)
    assert caught.value.code == "move-unfinished"
    assert moves.move(name).finished
    moves.as_program(name)


def test_a_move_whose_line_was_cut_goes_on(moves: Moves) -> None:
    name = moves.place()

    def cut(_done: int, _of: int, step: str, table: str) -> None:
        if (step, table) == ("copy", "movement"):
            with moves.server.admin() as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
                )

    with pytest.raises(Trouble) as caught:
        moves.move(name, cut, rows=3)
    assert caught.value.code == "connection-lost"
    assert moves.move(name).finished


def test_a_half_moved_database_is_opened_and_set_up_by_nobody(moves: Moves) -> None:
    name = moves.place()
    with pytest.raises(Cancelled):
        moves.move(name, Stop(5))
    services = moves.opened(moves.server.url(name))
    for attempt in (services.prepare, services.set_up):
        with pytest.raises(Trouble) as caught:
            attempt()
        assert caught.value.code == "move-unfinished"


def test_what_was_moved_is_not_moved_again(moves: Moves) -> None:
    name = moves.place()
    moves.move(name)
    with refused("move-done"):
        moves.move(name)
    write(moves)
    with refused("move-done-before"):
        moves.move(name)


def test_a_move_of_another_file_is_not_gone_on_with(moves: Moves, template: Path) -> None:
    name = moves.place()
    with pytest.raises(Cancelled):
        moves.move(name, Stop(1, "compare"))
    shutil.copyfile(template, moves.file)
    with refused("move-of-another"):
        moves.move(name)


def test_a_database_that_somebody_worked_in_is_no_place_for_a_move(moves: Moves) -> None:
    name = moves.place()
    services = moves.as_program(name)
    services.first_administrator(f"{PREFIX}first", "First", SECRET)
    with refused("move-target-used") as error:
        moves.move(name)
    assert error.fields["tables"] == ("audit_entry", "person")


def test_a_database_with_other_things_is_asked_for(moves: Moves) -> None:
    name = moves.place(None)
    with moves.server.admin(name) as admin:
        admin.execute("CREATE TABLE payroll (id int)")
    with pytest.raises(Trouble) as caught:
        moves.move(name)
    assert caught.value.code == "database-holds-others"
    moving = moves.moving(name)
    assert moving.move(quiet, ADMINISTRATOR, SECRET, beside_others=True).finished
    moving.dispose()


def test_rows_that_are_not_the_same_are_found_and_the_database_stays_shut(moves: Moves) -> None:
    name = moves.place()
    changes = {
        ("movement", "seq 4"): "UPDATE movement SET quantity = quantity + 1 WHERE seq = 4",
        ("balance", "key_id 1"): "UPDATE balance SET on_hand = 0 WHERE key_id = 1",
        ("saved_view", "id 1"): "DELETE FROM saved_view",
        ("item_barcode", "barcode 40"): "INSERT INTO item_barcode (barcode, item_id) VALUES ('40', 1)",
        ("attachment", "id 1"): "UPDATE attachment SET content = '\\x00' WHERE id = 1",
        ("audit_entry", "seq 3"): "UPDATE audit_entry SET facts = '{\"forged\":1}' WHERE seq = 3",
    }
    with pytest.raises(Cancelled):
        moves.move(name, Stop(1, "compare"))
    with moves.owner(name) as owner, owner.transaction(), unguarded(owner, *(table for table, _ in changes)):
        for change in changes.values():
            owner.execute(change)
    moved = moves.move(name)
    assert not moved.finished
    assert {(one.table, one.differs) for one in moved.tables if not one.same} == changes.keys()
    with pytest.raises(Trouble) as caught:
        moves.as_program(name)
    assert caught.value.code == "move-unfinished"


def test_a_guard_that_somebody_took_away_meanwhile_keeps_the_database_shut(moves: Moves) -> None:
    name = moves.place()
    with pytest.raises(Cancelled):
        moves.move(name, Stop(1, "compare"))
    with moves.owner(name) as owner, owner.transaction(), unguarded(owner):
        owner.execute("ALTER TABLE approval DISABLE TRIGGER guard_approval_insert")
    with refused("move-guards") as error:
        moves.move(name)
    assert any("guard_approval_insert" in guard for guard in error.fields["guards"])


# --- the file


def test_a_file_that_is_written_to_meanwhile_is_not_moved(moves: Moves) -> None:
    name = moves.place()

    def interrupt(_done: int, _of: int, step: str, table: str) -> None:
        if (step, table) == ("copy", "person"):
            write(moves)

    with refused("move-source-changed"):
        moves.move(name, interrupt)
    with refused("move-source-changed"):
        moves.move(name)


def write(moves: Moves) -> None:
    """Somebody changes something in the file."""
    file = open_database(moves.file, SettableClock())
    People(file).rename(moves.staff.administrator, moves.staff.counter.id, "Cora C. Counter")
    file.dispose()


def test_a_file_whose_trail_is_broken_is_not_moved(moves: Moves) -> None:
    moves.edit("UPDATE audit_entry SET facts = '{\"forged\":1}' WHERE seq = 4")
    name = moves.place()
    with refused("move-source-broken") as error:
        moves.move(name)
    assert error.fields["seq"] == 4


def test_a_file_whose_guards_were_taken_away_is_not_moved(moves: Moves) -> None:
    with sqlite3.connect(moves.file) as raw:
        raw.execute("DROP TRIGGER guard_approval_insert")
    raw.close()
    with refused("move-source-guards"):
        moves.move(moves.place())


UNFIT = {
    "UPDATE case_event SET text = 'a' || char(0) || 'b' WHERE id = 2": "text",
    "UPDATE case_event SET text = CAST(x'ff41' AS TEXT) WHERE id = 2": "text",
    "UPDATE case_event SET text = x'41' WHERE id = 2": "text",
    "UPDATE case_event SET at = 'yesterday' WHERE id = 2": "at",
    "UPDATE case_event SET at = 1.5 WHERE id = 2": "at",
    "UPDATE stock_case SET version = 3000000000 WHERE id = 2": "version",
    "UPDATE audit_entry SET hash = hash || '0' WHERE seq = 2": "hash",
}


@pytest.mark.parametrize("change", UNFIT)
def test_what_a_server_cannot_keep_is_named(moves: Moves, change: str) -> None:
    moves.edit(change)
    file = open_database(moves.file, moves.clock)
    with refused("move-unfit") as error, file.read_plain() as here:
        for table in CARRIED:
            check_fit(here, table, None, 1_000)
    key = "seq 2" if "audit_entry" in change else "id 2"
    assert (error.fields["column"], error.fields["row"]) == (UNFIT[change], key)
    file.dispose()


def test_nothing_that_a_server_cannot_keep_gets_there(moves: Moves) -> None:
    name = moves.place()
    for change, column in UNFIT.items():
        if "case_event" in change:
            moves.edit(change)
            with refused("move-unfit") as error:
                moves.move(name)
            assert (error.fields["table"], error.fields["column"]) == ("case_event", column)
            moves.edit("UPDATE case_event SET at = 1, text = '' WHERE id = 2")


def test_a_row_that_belongs_to_nothing_is_named(moves: Moves) -> None:
    moves.edit("UPDATE case_event SET case_id = 4711 WHERE id = 2")
    with refused("move-refused") as error:
        moves.move(moves.place())
    assert error.fields["table"] == "case_event"


def test_a_move_goes_from_a_file_to_a_server(moves: Moves) -> None:
    server = moves.server.url(moves.place())
    with refused("move-from"):
        Moving(server, server, moves.clock)
    with refused("move-to"):
        Moving(moves.source, moves.source, moves.clock)
    with pytest.raises(Trouble) as caught:
        Moving(f"sqlite:///{moves.file}.missing", server, moves.clock)
    assert caught.value.code == "database-missing"


# --- logins


def test_logins_that_the_server_cannot_give_are_listed_before_anything_is_written(moves: Moves) -> None:
    long = "ü" * 32
    moves.edit(
        f"UPDATE person SET login = '{long}' WHERE login = '{PREFIX}counter'",
        f"UPDATE person SET login = 'pg_sam' WHERE login = '{PREFIX}supervisor'",
        f"UPDATE person SET login = 'postgres' WHERE login = '{PREFIX}manager'",
    )
    name = moves.place(None)
    moving = moves.moving(name)
    wrong = {one.code: one.fields["logins"] for one in moving.plan().problems}
    assert wrong == {"move-logins-unusable": ("pg_sam", long), "move-logins-taken": ("postgres",)}
    with refused("move-logins-unusable"):
        moving.move(quiet, ADMINISTRATOR, SECRET)
    moving.dispose()
    with moves.server.admin(name) as admin:
        assert admin.execute("SELECT to_regnamespace('zeroline')").fetchone() == (None,)


def test_people_of_another_database_on_the_server_keep_their_passwords(
    moves: Moves,
) -> None:
    first, second = moves.place(), moves.place()
    moves.move(first)
    office, ada = moves.sits(first, "administrator")
    office.people.set_secret(ada, moves.staff.manager.id, SECRET)
    with refused("move-logins-shared"):
        moves.move(second)
    moved = moves.move(second, same_people=True)
    assert f"{PREFIX}manager" in moved.kept
    _, mara = moves.sits(second, "manager")
    assert mara.id == moves.staff.manager.id


def test_who_never_had_a_password_on_the_server_still_waits_for_one(moves: Moves) -> None:
    moves.move(moves.place())
    again = moves.move(moves.place(), same_people=True)
    assert again.kept == ()
    assert f"{PREFIX}manager" in again.waiting


def test_a_login_with_another_role_on_the_server_is_refused(moves: Moves) -> None:
    first = moves.place()
    moves.move(first)
    with moves.server.admin() as admin:
        admin.execute(f"REVOKE zeroline_manager FROM {PREFIX}manager")
        admin.execute(f"GRANT zeroline_auditor TO {PREFIX}manager")
    with refused("move-logins-role") as error:
        moves.move(moves.place(), same_people=True)
    assert error.fields["logins"] == (f"{PREFIX}manager",)


def test_somebody_must_be_able_to_sign_in(moves: Moves) -> None:
    moving = moves.moving(moves.place())
    for login in ("", f"{PREFIX}manager"):
        with refused("move-administrator") as error:
            moving.move(quiet, login, SECRET)
        assert ADMINISTRATOR in error.fields["logins"]
    with refused("secret-short"):
        moving.move(quiet, ADMINISTRATOR, "short")
    moving.dispose()


def test_only_who_owns_the_database_moves_into_it(moves: Moves) -> None:
    name = moves.place()
    program = moves.served.url(name)  # may act for people, owns nothing
    moving = Moving(moves.source, program, moves.clock)
    with refused("move-rights"):
        moving.move(quiet, ADMINISTRATOR, SECRET)
    moving.dispose()
