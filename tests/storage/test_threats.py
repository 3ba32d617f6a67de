"""A colleague with a database client and their own password: what the server itself refuses or records."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from support.colleagues import Colleagues, refused
from support.warehouse import SECRET
from zeroline.domain.audit import AuditEntry, verify
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import MINUTE
from zeroline.domain.quantity import SCALE
from zeroline.storage.engine import Database
from zeroline.storage.postgres import setting_up
from zeroline.storage.scram import verifier

INSERTED = (
    "INSERT INTO movement (seq, key_id, quantity, kind, occurred_at, recorded_at, source_id, reference)"
    " VALUES (99, 1, 4000000, 'receipt', 1, 1, 1, 'x')"
)
NOW = "(SELECT GREATEST(now_us(), max(at)) FROM audit_entry)"


@pytest.fixture
def negative(colleagues: Colleagues) -> int:
    """A stock key four below zero; its id."""
    colleagues.warehouse.move("ITEM-1", "A-01", "6")
    colleagues.warehouse.move("ITEM-1", "A-01", "-10")
    return colleagues.warehouse.key("ITEM-1", "A-01")


@pytest.fixture
def sheet(colleagues: Colleagues, negative: int) -> int:
    """An open count sheet over that key."""
    return colleagues.floor.sheet(negative)


@pytest.fixture
def proposal(colleagues: Colleagues, negative: int) -> int:
    """What the supervisor proposes after two counts."""
    return colleagues.floor.propose(negative, "3").adjustment_id


def one(connection: psycopg.Connection[Any], sql: str, *values: Any) -> Any:
    row = connection.execute(sql, values).fetchone()
    assert row is not None
    return row[0]


# --- a counter


@pytest.mark.parametrize(
    "table",
    [
        *("balance", "movement", "episode", "count_expectation", "stored_balance", "ledger_segment"),
        *("stock_case", "adjustment", "approval", "audit_entry", "diagnosis"),
    ],
)
def test_a_counter_cannot_read_what_the_book_says(colleagues: Colleagues, sheet: int, table: str) -> None:
    with colleagues.as_(colleagues.staff.counter) as counter, refused("right"):
        counter.execute(f"SELECT * FROM {table}")


def test_a_counter_sees_that_somebody_counted_but_not_how_much(colleagues: Colleagues, negative: int) -> None:
    colleagues.floor.count(negative, "3")
    with colleagues.as_(colleagues.staff.other_counter) as counter:
        assert one(counter, "SELECT counter_id FROM count_entry") == colleagues.staff.counter.id
        with refused("right"):
            counter.execute("SELECT quantity FROM count_entry")


def test_a_counter_cannot_approve(colleagues: Colleagues, proposal: int) -> None:
    with colleagues.as_(colleagues.staff.other_counter) as counter, refused("right"):
        counter.execute(
            "INSERT INTO approval (adjustment_id, approver_id, decision, tier, limit_value, cumulated_value,"
            " shown_hash, at) VALUES (%s, %s, 'approved', 1, 1, 1, %s, 1)",
            (proposal, colleagues.staff.other_counter.id, "a" * 64),
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_case SET state = 'closed'",
        "UPDATE adjustment SET state = 'approved'",
        "UPDATE count_line SET state = 'accepted'",
        "UPDATE count_sheet SET assigned_to = NULL",
        INSERTED,
        "UPDATE balance SET on_hand = 0",
        "UPDATE person SET role = 'manager'",
        "INSERT INTO person_site VALUES (1, 1)",
        "UPDATE policy_version SET content = '{}'",
    ],
)
def test_a_counter_cannot_change_stock_states_or_people(
    colleagues: Colleagues, sheet: int, statement: str
) -> None:
    with colleagues.as_(colleagues.staff.counter) as counter, refused("right", "append-only"):
        counter.execute(statement)


def test_a_counter_does_not_close_a_sheet(colleagues: Colleagues, sheet: int) -> None:
    with colleagues.as_(colleagues.staff.counter) as counter, refused("count-sheet-state"):
        counter.execute("UPDATE count_sheet SET state = 'submitted'")


@pytest.mark.parametrize("statement", ["UPDATE count_draft SET undone = TRUE", "DELETE FROM count_draft"])
def test_a_counter_does_not_take_back_what_another_entered(
    colleagues: Colleagues, sheet: int, statement: str
) -> None:
    colleagues.floor.counting.enter(colleagues.staff.counter, colleagues.floor.line(sheet), "3")
    with colleagues.as_(colleagues.staff.other_counter) as counter, refused("not-yourself"):
        counter.execute(statement)


def test_a_counter_takes_no_line_off_a_sheet_and_adds_only_what_was_found(
    colleagues: Colleagues, sheet: int
) -> None:
    with colleagues.as_(colleagues.staff.counter) as counter:
        with refused("append-only"):
            counter.execute("DELETE FROM count_line")
        with refused("not-allowed"):
            counter.execute(
                "INSERT INTO count_line (sheet_id, key_id, position)"
                " SELECT sheet_id, key_id, 9 FROM count_line"
            )


def test_saved_views_are_their_owners(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.supervisor) as person:
        person.execute(
            "INSERT INTO saved_view (person_id, view, name, tree) VALUES (%s, 'v', 'mine', '{}')",
            (staff.supervisor.id,),
        )
    with colleagues.as_(staff.manager) as person:
        assert person.execute("DELETE FROM saved_view").rowcount == 0
        assert one(person, "SELECT count(*) FROM saved_view") == 0


def test_nobody_counts_in_the_name_of_another(colleagues: Colleagues, sheet: int) -> None:
    line = colleagues.floor.line(sheet)
    with colleagues.as_(colleagues.staff.counter) as counter, refused("not-yourself"):
        counter.execute(
            "INSERT INTO count_draft (sheet_id, line_id, person_id, quantity, counted_at)"
            " VALUES (%s, %s, %s, 1, 1)",
            (sheet, line, colleagues.staff.other_counter.id),
        )


@pytest.mark.parametrize("role", ["zeroline_supervisor", "zeroline_program", "zeroline_owner", "supervisor"])
@pytest.mark.parametrize("how", ["SET ROLE", "SET SESSION AUTHORIZATION"])
def test_nobody_becomes_another_by_a_setting(colleagues: Colleagues, role: str, how: str) -> None:
    with colleagues.as_(colleagues.staff.counter) as counter, refused("right"):
        counter.execute(f"{how} {role}")


def test_saying_for_whom_one_acts_is_the_programs_alone(colleagues: Colleagues, sheet: int) -> None:
    with colleagues.as_(colleagues.staff.counter) as counter:
        counter.execute(
            "SELECT set_config('zeroline.person', %s, FALSE)", (str(colleagues.staff.manager.id),)
        )
        assert one(counter, "SELECT me()") == colleagues.staff.counter.id
        assert one(counter, "SELECT my_role()") == "counter"


def test_what_a_counter_hands_in_is_theirs_and_as_they_entered_it(colleagues: Colleagues, sheet: int) -> None:
    line = colleagues.floor.line(sheet)
    staff = colleagues.staff
    with colleagues.as_(staff.counter) as counter:
        counter.execute(
            "INSERT INTO count_draft (sheet_id, line_id, person_id, quantity, entered, counted_at)"
            " VALUES (%s, %s, %s, %s, '3', now_us())",
            (sheet, line, staff.counter.id, 3 * SCALE),
        )
        with refused("unaudited"):
            counter.execute("SELECT * FROM hand_in(%s, '')", (sheet,))
        with counter.transaction():
            counter.execute("SELECT * FROM hand_in(%s, '')", (sheet,))
            counter.execute("INSERT INTO audit_entry (action, subject, facts) VALUES ('by hand', 'x', '{}')")
    assert colleagues.floor.lines(sheet)[0].state == "handed in"
    colleagues.floor.counting.take_up(staff.supervisor)
    found = colleagues.floor.lines(sheet)[0].entries[0]
    assert (found.counter_id, found.quantity, found.expected) == (staff.counter.id, 3 * SCALE, -4 * SCALE)


# --- another site


def restrict(colleagues: Colleagues, person_id: int, site: str) -> None:
    site_id = colleagues.warehouse.site(site)
    with colleagues.warehouse.database.write() as work:
        work.connection.exec_driver_sql("INSERT INTO person_site VALUES (?, ?)", (person_id, site_id))
        work.audit("sites set", f"person {person_id}")
        work.changed(people={person_id})
        work.commit()


def test_people_of_one_site_see_nothing_of_another(
    colleagues: Colleagues, negative: int, proposal: int
) -> None:
    colleagues.warehouse.location("B-01", site="ELSEWHERE")
    colleagues.warehouse.move("ITEM-2", "B-01", "-1")
    there = colleagues.warehouse.key("ITEM-2", "B-01")
    who = colleagues.staff.other_supervisor
    restrict(colleagues, who.id, "ELSEWHERE")
    with colleagues.as_(who) as person:
        for table in ("movement", "balance", "episode", "stock_case"):
            rows = person.execute(f"SELECT DISTINCT key_id FROM {table}").fetchall()  # type: ignore[arg-type]
            assert rows == [(there,)], table
        for table in ("count_entry", "count_line", "adjustment", "adjustment_evidence", "count_expectation"):
            assert one(person, f"SELECT count(*) FROM {table}") == 0, table
        assert person.execute("SELECT code FROM site").fetchall() == [("ELSEWHERE",)]


def test_people_of_one_site_change_nothing_of_another(colleagues: Colleagues, negative: int) -> None:
    who = colleagues.staff.other_supervisor
    restrict(colleagues, who.id, "ELSEWHERE")
    with colleagues.as_(who) as person:
        assert person.execute("UPDATE stock_case SET reason = 'mine'").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            person.execute(
                "INSERT INTO stock_case (queue, key_id, subject, opened_at) VALUES ('repeat', %s, 'x', 1)",
                (negative,),
            )


# --- a supervisor


def approval(colleagues: Colleagues, adjustment: int, approver: int, **changed: Any) -> tuple[str, list[Any]]:
    with colleagues.server.admin(colleagues.name) as admin:
        row = admin.execute(
            "SELECT shown_hash, tier, abs(value) FROM zeroline.adjustment WHERE id = %s", (adjustment,)
        ).fetchone()
        assert row is not None
        at = one(admin, "SELECT GREATEST(zeroline.now_us(), max(at)) FROM zeroline.audit_entry")
    values: dict[str, Any] = {
        "adjustment_id": adjustment,
        "approver_id": approver,
        "decision": "approved",
        "tier": row[1],
        "limit_value": row[2],
        "cumulated_value": row[2],
        "shown_hash": row[0],
        "at": at + 1_000_000,
    } | changed
    marks = ", ".join(["%s"] * len(values))
    return f"INSERT INTO approval ({', '.join(values)}) VALUES ({marks})", list(values.values())


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("supervisor", "approver-proposed"),
        ("counter", "right"),
        ("auditor", "right"),
        ("administrator", "right"),
    ],
)
def test_the_wrong_hand_cannot_approve(colleagues: Colleagues, proposal: int, who: str, code: str) -> None:
    person = getattr(colleagues.staff, who)
    with colleagues.as_(person) as connection, refused(code):
        connection.execute(*approval(colleagues, proposal, person.id))


def test_nobody_approves_what_they_counted(colleagues: Colleagues, negative: int) -> None:
    floor, staff = colleagues.floor, colleagues.staff
    sheet = floor.sheet(negative)
    for person in (staff.counter, staff.other_supervisor):
        floor.clock.forward(MINUTE)
        floor.counting.enter(person, floor.line(sheet), "3")
        floor.counting.submit(person, sheet)
    final = floor.lines(sheet)[0].final
    assert final is not None
    made = floor.settlement.propose(staff.supervisor, entry_id=final.entry_id, cause="K3")
    with colleagues.as_(staff.other_supervisor) as person, refused("approver-counted"):
        person.execute(*approval(colleagues, made.adjustment_id, staff.other_supervisor.id))


def test_nobody_approves_in_the_name_of_another(colleagues: Colleagues, proposal: int) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.supervisor) as person, refused("not-yourself"):
        person.execute(*approval(colleagues, proposal, staff.other_supervisor.id))


def test_nobody_approves_beyond_their_limit(colleagues: Colleagues) -> None:
    staff, warehouse = colleagues.staff, colleagues.warehouse
    warehouse.item("DEAR", cost="1000")
    warehouse.move("DEAR", "A-01", "-10")
    made = colleagues.floor.propose(warehouse.key("DEAR", "A-01"), "3").adjustment_id
    with colleagues.as_(staff.other_supervisor) as person, refused("approval-limit"):
        person.execute(*approval(colleagues, made, staff.other_supervisor.id))


def test_small_corrections_do_not_hide_from_the_limit(colleagues: Colleagues, negative: int) -> None:
    staff = colleagues.staff
    first = colleagues.floor.propose(negative, "3").adjustment_id
    colleagues.floor.approve(staff.manager, first)
    second = colleagues.floor.propose(negative, "5").adjustment_id
    with colleagues.as_(staff.other_supervisor) as person, refused("approval-cumulated"):
        person.execute(*approval(colleagues, second, staff.other_supervisor.id))


def test_another_role_does_not_free_a_hand(colleagues: Colleagues, proposal: int) -> None:
    staff = colleagues.staff
    with colleagues.server.admin(colleagues.name) as admin:
        admin.execute("SET search_path = zeroline")
        admin.execute("ALTER TABLE person DISABLE TRIGGER USER")
        admin.execute("UPDATE person SET role = 'manager' WHERE id = %s", (staff.supervisor.id,))
        admin.execute("SELECT keep_login(%s, NULL)", (staff.supervisor.id,))
    with colleagues.as_(staff.supervisor) as person, refused("approver-proposed"):
        person.execute(*approval(colleagues, proposal, staff.supervisor.id))


def test_a_signature_needs_a_fresh_connection(colleagues: Colleagues, proposal: int) -> None:
    """The age that is allowed is turned down to nothing: one is never that fresh."""
    who = colleagues.staff.other_supervisor
    with colleagues.server.admin(colleagues.name) as admin:
        body = one(admin, "SELECT pg_get_functiondef('zeroline.signed_now'::regproc)")
        admin.execute(body.replace("'60 seconds'", "'0 seconds'"))
    with colleagues.as_(who) as person, refused("signature-stale"):
        person.execute(*approval(colleagues, proposal, who.id))


def test_what_was_shown_is_what_is_signed(colleagues: Colleagues, proposal: int) -> None:
    who = colleagues.staff.other_supervisor
    with colleagues.as_(who) as person, refused("approval-other-record"):
        person.execute(*approval(colleagues, proposal, who.id, shown_hash="b" * 64))


def test_an_approval_leaves_an_entry_in_the_trail_or_is_not_made(
    colleagues: Colleagues, proposal: int
) -> None:
    who = colleagues.staff.other_supervisor
    with colleagues.as_(who) as person, refused("unaudited"):
        person.execute(*approval(colleagues, proposal, who.id))


def test_a_supervisor_puts_in_no_movement_that_was_neither_imported_nor_approved(
    colleagues: Colleagues, negative: int
) -> None:
    with colleagues.as_(colleagues.staff.supervisor) as person, refused("movement-origin"):
        person.execute(
            "INSERT INTO movement"
            " (seq, key_id, quantity, kind, occurred_at, recorded_at, source_id, reference)"
            " SELECT max(seq) + 1, %s, 4000000, 'receipt', 1, 1, min(source_id), 'x' FROM movement",
            (negative,),
        )


# --- auditor and administrator


@pytest.mark.parametrize("who", ["auditor", "administrator"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE balance SET on_hand = 0",
        "DELETE FROM episode",
        "UPDATE stock_case SET state = 'new'",
        "INSERT INTO count_entry (line_id, round, counter_id, counted_at, quantity) VALUES (1, 1, 1, 1, 1)",
        INSERTED,
        "INSERT INTO adjustment (number) VALUES ('ADJ')",
    ],
)
def test_who_only_reads_or_looks_after_people_writes_no_stock(
    colleagues: Colleagues, negative: int, who: str, statement: str
) -> None:
    with colleagues.as_(getattr(colleagues.staff, who)) as person, refused("right"):
        person.execute(statement)


def test_an_administrator_gives_no_group_by_hand(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.administrator) as person:
        with refused("right"):
            person.execute(f"GRANT zeroline_manager TO {staff.counter.login}")
        with refused("right"):
            person.execute("CREATE ROLE another LOGIN")


def test_the_server_takes_no_plain_password(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.administrator) as person, refused("secret-plain"):
        person.execute("SELECT keep_login(%s, 'open sesame')", (staff.counter.id,))


def test_a_password_set_past_the_program_is_in_the_trail(colleagues: Colleagues) -> None:
    """So who was given it by who asks does not confirm a second administrator's request with it."""
    staff = colleagues.staff
    with colleagues.as_(staff.administrator) as person:
        made = verifier(person.pgconn, staff.other_administrator.login, SECRET)
        person.execute("SELECT keep_login(%s, %s)", (staff.other_administrator.id, made))
    last = colleagues.trail()[-1][:3]
    assert last == (staff.administrator.id, "login secret set", f"person {staff.other_administrator.id}")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE approval DISABLE TRIGGER own_hand", "own_hand on approval"),
        ("DROP TRIGGER traced ON approval", "traced on approval"),
        ("ALTER TABLE movement DISABLE ROW LEVEL SECURITY", "rows of movement"),
        (
            "CREATE OR REPLACE FUNCTION me() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'",
            "me()",
        ),
    ],
)
def test_what_was_loosened_is_found_and_put_back(colleagues: Colleagues, change: str, told: str) -> None:
    with colleagues.server.admin(colleagues.name) as admin:
        admin.execute("SET search_path = zeroline")
        admin.execute(change)
    owner = Database(colleagues.server.url(colleagues.name), colleagues.warehouse.clock)
    try:
        with pytest.raises(Trouble) as caught:
            setting_up.check(owner)
        assert caught.value.fields["guards"] == (told,)
        setting_up.set_up(owner)
        setting_up.check(owner)
    finally:
        owner.dispose()


def test_nobody_else_looks_after_the_logins_of_others(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.manager) as person, refused("not-allowed"):
        person.execute("SELECT keep_login(%s, NULL)", (staff.counter.id,))


def test_a_login_of_the_server_that_is_nobodys_is_not_taken_over(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.administrator) as person, person.transaction():
        made = one(
            person,
            "INSERT INTO person (login, name, role, secret_hash, created_at)"
            f" VALUES ('postgres', 'X', 'counter', '', {NOW}) RETURNING id",
        )
        with refused("login-on-server"), person.transaction():
            person.execute("SELECT keep_login(%s, NULL)", (made,))
        person.execute("INSERT INTO audit_entry (action, subject, facts) VALUES ('tried', 'x', '{}')")


# --- anybody


@pytest.mark.parametrize("who", ["supervisor", "manager", "auditor", "administrator"])
@pytest.mark.parametrize("table", ["movement", "approval", "audit_entry", "count_entry", "policy_version"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nobody_changes_or_takes_away_what_is_recorded(
    colleagues: Colleagues, who: str, table: str, verb: str
) -> None:
    statement = verb.format(table)
    if table in ("movement", "count_entry"):
        statement = statement.replace("at = 1", "quantity = 1")
    with colleagues.as_(getattr(colleagues.staff, who)) as person, refused("right", "append-only"):
        person.execute(statement)


def test_nobody_forges_the_trail(colleagues: Colleagues) -> None:
    """Whose entry it is, when, and what it hangs on are the server's words."""
    who = colleagues.staff.supervisor
    with colleagues.as_(who) as person:
        with refused("right"):
            person.execute(
                "INSERT INTO audit_entry (seq, at, person_id, action, subject, facts, previous, hash)"
                " VALUES (1, 1, 1, 'x', 'y', '{}', 'p', 'h')"
            )
        person.execute("INSERT INTO audit_entry (at, action, subject, facts) VALUES (1, 'x', 'y', '{}')")
        rows = person.execute(
            "SELECT seq, at, person_id, action, subject, facts, previous, hash FROM audit_entry ORDER BY seq"
        ).fetchall()
    assert rows[-1][2] == who.id
    assert rows[-1][1] >= rows[-2][1]
    assert verify(AuditEntry(*row) for row in rows).fault == ""


def test_a_disabled_person_is_shut_out_at_once(colleagues: Colleagues) -> None:
    staff = colleagues.staff
    with colleagues.as_(staff.supervisor) as person:
        assert one(person, "SELECT me()") == staff.supervisor.id
        with colleagues.warehouse.database.write(staff.administrator.id) as work:
            work.connection.exec_driver_sql(
                "UPDATE person SET active = FALSE WHERE id = ?", (staff.supervisor.id,)
            )
            work.connection.exec_driver_sql("SELECT keep_login(?, NULL)", (staff.supervisor.id,))
            work.audit("person disabled", f"person {staff.supervisor.id}")
            work.changed(people={staff.supervisor.id})
            work.commit()
        with pytest.raises(psycopg.OperationalError):
            person.execute("SELECT pg_sleep(5)")
    with pytest.raises(psycopg.OperationalError), colleagues.as_(staff.supervisor):
        pass
    with colleagues.server.admin() as admin:  # the login is the cluster's: as it was for the next test
        admin.execute("ALTER ROLE supervisor LOGIN")
        admin.execute("GRANT zeroline_supervisor TO supervisor")


# --- the owner


def test_the_owner_cannot_approve_for_anybody(colleagues: Colleagues, proposal: int) -> None:
    staff = colleagues.staff
    with colleagues.owner() as owner:
        with refused("not-yourself"):
            owner.execute(*approval(colleagues, proposal, staff.other_supervisor.id))
        with refused("approver-proposed", "not-yourself"):
            owner.execute(*approval(colleagues, proposal, staff.supervisor.id))


@pytest.mark.parametrize("table", ["movement", "approval", "audit_entry", "count_entry"])
def test_the_owner_neither_empties_nor_changes_what_is_recorded(
    colleagues: Colleagues, negative: int, table: str
) -> None:
    with colleagues.owner() as owner:
        with refused("append-only"):
            owner.execute(f"TRUNCATE {table} CASCADE")
        with refused("right"):
            owner.execute("SET session_replication_role = replica")
        with refused("append-only"):
            owner.execute("DELETE FROM movement")


def test_a_change_of_the_schema_is_recorded_whoever_makes_it(colleagues: Colleagues) -> None:
    with colleagues.owner() as owner:
        owner.execute("ALTER TABLE approval DISABLE TRIGGER guard_approval_insert")
        owner.execute("DROP TRIGGER guard_approval_update ON approval")
        owner.execute("CREATE TABLE hidden (id int)")
    told = [(action, facts) for _, action, _, facts in colleagues.trail() if action == "schema changed"]
    assert any("ALTER TABLE" in facts and "landlord" in facts for _, facts in told)
    assert any("guard_approval_update" in facts for _, facts in told)
    assert any("CREATE TABLE" in facts for _, facts in told)
    with colleagues.server.admin(colleagues.name) as admin:
        rows = admin.execute(
            "SELECT seq, at, person_id, action, subject, facts, previous, hash"
            " FROM zeroline.audit_entry ORDER BY seq"
        )
        assert verify(AuditEntry(*row) for row in rows).fault == ""


def test_a_wrong_password_opens_nothing(colleagues: Colleagues) -> None:
    with pytest.raises(psycopg.OperationalError), colleagues.as_(colleagues.staff.manager, SECRET + "x"):
        pass
