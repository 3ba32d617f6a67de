"""The ledger and the audit trail against a hand with plain SQL (rule 2)."""

from __future__ import annotations

import pytest

from support.attack import COST, Attacker
from zeroline.domain.instant import DAY
from zeroline.domain.quantity import SCALE

APPEND_ONLY = [
    "movement",
    "audit_entry",
    "approval",
    "count_entry",
    "count_expectation",
    "adjustment_evidence",
    "policy_version",
    "case_event",
    "attachment",
    "stock_key",
    "case_evidence",
    "item_cost",
    "item_past",
    "location_past",
    "import_reject",
]


def fill(attacker: Attacker, table: str) -> None:
    """At least one row in ``table``."""
    if table == "movement":
        attacker.movement()
    elif table in ("approval", "adjustment_evidence", "count_entry"):
        attacker.approved()
    elif table == "count_expectation":
        attacker.insert("count_expectation", entry_id=attacker.entry(), book=0, book_seq=0, late=0)
    elif table == "case_event":
        attacker.insert("case_event", case_id=attacker.case(), at=1, person_id=0, kind="note")
    elif table == "case_evidence":
        attacker.insert(
            "case_evidence",
            case_id=attacker.case(),
            kind="movement",
            target=attacker.movement(),
            person_id=attacker.people.supervisor.id,
            at=1,
        )
    elif table == "item_cost":
        attacker.insert("item_cost", item_id=1, since=attacker.now, unit_cost=COST)
    elif table == "item_past":
        attacker.insert("item_past", item_id=1, until=attacker.now)
    elif table == "location_past":
        attacker.insert("location_past", location_id=1, until=attacker.now)
    elif table == "import_reject":
        run = attacker.insert("import_run", kind="movements", at=attacker.now)
        attacker.insert("import_reject", import_id=run, row=7)
    elif table == "attachment":
        attacker.insert(
            "attachment",
            case_id=attacker.case(),
            name="a.pdf",
            media_type="application/pdf",
            sha256="0" * 64,
            content=b"%PDF",
            person_id=attacker.people.supervisor.id,
            at=1,
        )


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_that_is_evidence_can_be_changed(attacker: Attacker, table: str) -> None:
    fill(attacker, table)
    for column in attacker.columns(table):
        with attacker.refused("append-only"):
            attacker.run(f"UPDATE {table} SET {column} = {column}")
        with attacker.refused("append-only"):
            attacker.run(f"{attacker.update} {table} SET {column} = {column}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_that_is_evidence_can_be_deleted(attacker: Attacker, table: str) -> None:
    fill(attacker, table)
    with attacker.refused("append-only"):
        attacker.run(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", [table for table in APPEND_ONLY if table != "audit_entry"])
def test_no_row_that_is_evidence_can_be_replaced(attacker: Attacker, table: str) -> None:
    fill(attacker, table)
    before = attacker.run(f"SELECT * FROM {table}").fetchall()
    for verb in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"):
        with attacker.refused("append-only"):
            attacker.copy(table, "TRUE", verb)
    assert attacker.run(f"SELECT * FROM {table}").fetchall() == before


@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"])
def test_no_entry_of_the_audit_trail_can_be_replaced(attacker: Attacker, verb: str) -> None:
    with attacker.forging("append-only"):
        attacker.copy("audit_entry", "seq = 1", verb, facts='{"forged": true}')


@pytest.mark.sqlite
def test_the_attacker_has_sqlites_own_defaults(attacker: Attacker) -> None:
    assert attacker.one("PRAGMA recursive_triggers") == 0
    assert attacker.one("PRAGMA foreign_keys") == 0


def test_a_movement_cannot_be_replaced_through_its_reference(attacker: Attacker) -> None:
    attacker.movement(reference="R-1")
    with attacker.refused("append-only"):
        attacker.movement("INSERT OR REPLACE", reference="R-1", quantity=9 * SCALE)


def test_a_movement_cannot_be_rewritten_by_an_upsert(attacker: Attacker) -> None:
    attacker.movement(reference="R-1")
    with attacker.refused("append-only"):
        attacker.run(
            "INSERT INTO movement (key_id, quantity, kind, occurred_at, recorded_at, source_id, reference)"
            " SELECT key_id, quantity, kind, occurred_at, recorded_at, source_id, reference FROM movement"
            " WHERE TRUE ON CONFLICT (source_id, reference) DO UPDATE SET quantity = 0"
        )


def test_a_movement_cannot_slip_in_before_the_last_one(attacker: Attacker) -> None:
    attacker.movement(seq=10)
    with attacker.refused("ledger-order"):
        attacker.movement(seq=5)


@pytest.mark.parametrize("seq", [0, -1, -7])
def test_a_sequence_is_positive(attacker: Attacker, seq: int) -> None:
    with attacker.refused("ledger-order"):
        attacker.movement(seq=seq)


@pytest.mark.parametrize("column", ["quantity", "occurred_at", "recorded_at"])
@pytest.mark.parametrize("value", [1.5, "many", b"5"])
def test_a_movement_holds_whole_numbers_only(attacker: Attacker, column: str, value: object) -> None:
    attacker.keeps_whole("movement", attacker.movement, **{column: value})


def test_a_posting_of_the_program_needs_an_adjustment(attacker: Attacker) -> None:
    own = attacker.one("SELECT id FROM source WHERE code = 'zeroline'")
    for kind in ("adjustment", "count correction", "receipt"):
        with attacker.refused("movement-origin"):
            attacker.movement(source_id=own, kind=kind)


def test_an_adjustment_of_another_system_comes_with_its_import(attacker: Attacker) -> None:
    for kind in ("adjustment", "count correction"):
        with attacker.refused("movement-origin"):
            attacker.movement(kind=kind)
        with attacker.refused("movement-origin"):
            attacker.movement(kind=kind, import_id=4711)
    run = attacker.insert("import_run", kind="movements", at=attacker.now)
    attacker.movement(kind="adjustment", import_id=run)
    assert attacker.one("SELECT count(*) FROM movement") == 1


def test_a_movement_of_another_system_cannot_claim_an_adjustment(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    with attacker.refused("movement-origin"):
        attacker.book(adjustment, source_id=attacker.one("SELECT id FROM source WHERE code = 'wms'"))


def test_an_adjustment_is_posted_as_an_adjustment(attacker: Attacker) -> None:
    with attacker.refused("movement-origin"):
        attacker.book(attacker.approved(), kind="receipt")


@pytest.mark.parametrize("state", ["proposed", "rejected", "withdrawn"])
def test_only_an_approved_adjustment_posts(attacker: Attacker, state: str) -> None:
    adjustment = attacker.proposed()
    if state == "rejected":
        attacker.approve(adjustment, decision="rejected")
    if state != "proposed":
        attacker.state(adjustment, state)
    with attacker.refused("movement-origin"):
        attacker.book(adjustment)


def test_an_adjustment_that_does_not_exist_posts_nothing(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    with attacker.refused("movement-origin"):
        attacker.book(adjustment, adjustment_id=adjustment + 1)


def test_an_adjustment_posts_once(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    attacker.book(adjustment)
    for verb in ("INSERT", "INSERT OR REPLACE"):
        with attacker.refused("append-only"):
            attacker.book(adjustment, verb=verb, reference="again")
    attacker.finish(adjustment)
    with attacker.refused("append-only"):
        attacker.book(adjustment, reference="again")


def test_an_adjustment_posts_the_quantity_that_was_approved(attacker: Attacker) -> None:
    with attacker.refused("movement-origin"):
        attacker.book(attacker.approved(), quantity=21 * SCALE)


def test_an_adjustment_posts_to_the_key_that_was_approved(attacker: Attacker) -> None:
    with attacker.refused("movement-origin"):
        attacker.book(attacker.approved(), key_id=attacker.warehouse.key("ITEM-1", "B-07"))


def test_a_posting_is_not_recorded_before_its_approval(attacker: Attacker) -> None:
    with attacker.refused("movement-origin"):
        attacker.book(attacker.approved(), recorded_at=attacker.now - 1)


def test_the_programs_own_source_cannot_change_its_name_or_go(attacker: Attacker) -> None:
    with attacker.refused("source-identity"):
        attacker.run("UPDATE source SET code = 'other' WHERE code = 'zeroline'")
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM source WHERE code = 'zeroline'")
    with attacker.refused("append-only"):
        attacker.insert("source", "INSERT OR REPLACE", id=99, code="zeroline")


def test_movements_cannot_be_moved_to_another_item_by_renaming_it(attacker: Attacker) -> None:
    with attacker.refused("item-identity"):
        attacker.run("UPDATE item SET code = 'OTHER'")
    with attacker.refused("location-identity"):
        attacker.run("UPDATE location SET id = id + 100")
    attacker.run("UPDATE item SET description = 'A better one', unit_cost = 3000000")


@pytest.mark.parametrize("table", ["item", "location"])
def test_movements_cannot_be_moved_to_another_item_by_replacing_it(attacker: Attacker, table: str) -> None:
    for changed in ({"code": "OTHER"}, {"id": 99}):
        with attacker.refused("append-only"):
            attacker.copy(table, "id = 1", **changed)


def test_the_figures_of_a_finished_import_stay(attacker: Attacker) -> None:
    run = attacker.insert("import_run", kind="movements", at=attacker.now)
    attacker.run("UPDATE import_run SET rows_read = 10, rows_added = 9, rows_rejected = 1")
    with attacker.refused("append-only"):
        attacker.run("UPDATE import_run SET rows_rejected = 0 WHERE id = ?", run)
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM import_run")
    with attacker.refused("append-only"):
        attacker.copy("import_run", f"id = {run}", rows_rejected=0)


def test_an_audit_entry_that_continues_the_chain_goes_in(attacker: Attacker) -> None:
    before = attacker.one("SELECT count(*) FROM audit_entry")
    attacker.audit()
    assert attacker.one("SELECT count(*) FROM audit_entry") == before + 1


def test_the_chain_has_no_gap(attacker: Attacker) -> None:
    last = attacker.one("SELECT max(seq) FROM audit_entry")
    with attacker.forging("audit-chain"):
        attacker.audit(seq=last + 2)


def test_the_chain_does_not_fork(attacker: Attacker) -> None:
    previous = attacker.one("SELECT previous FROM audit_entry ORDER BY seq DESC LIMIT 1")
    with attacker.forging("audit-chain"):
        attacker.audit(previous=previous)


def test_the_trail_does_not_go_back_in_time(attacker: Attacker) -> None:
    with attacker.forging("audit-chain"):
        attacker.audit(at=1)


@pytest.mark.parametrize("wrong", ["", "0" * 63, "G" * 64, None])
def test_an_audit_entry_carries_a_hash(attacker: Attacker, wrong: str | None) -> None:
    with attacker.forging("audit-chain"):
        attacker.audit(hash=wrong)


def test_an_audit_entry_carries_facts_that_can_be_read(attacker: Attacker) -> None:
    with attacker.refused("audit-chain"):
        attacker.audit(facts="not json")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("item_cost", "item_id, since"),
        ("item_past", "item_id, until"),
        ("location_past", "location_id, until"),
    ],
)
def test_a_history_cannot_be_emptied_through_its_hidden_row_number(
    attacker: Attacker, table: str, key: str
) -> None:
    fill(attacker, table)
    of, when = key.split(", ")
    worth = ", unit_cost" if table == "item_cost" else ""
    with attacker.refused("append-only"):
        attacker.run(
            f"INSERT OR REPLACE INTO {table} (rowid, {key}{worth})"
            f" SELECT rowid, {of} + 4711, {when} + 1{worth} FROM {table}"
        )


def test_a_cost_is_noted_neither_before_the_last_one_nor_yesterday(attacker: Attacker) -> None:
    attacker.insert("item_cost", item_id=1, since=attacker.now + 2, unit_cost=COST)
    with attacker.refused("append-only"):
        attacker.insert("item_cost", item_id=1, since=attacker.now + 1, unit_cost=0)
    with attacker.refused("back-dated"):
        attacker.insert("item_cost", item_id=2, since=attacker.now - DAY, unit_cost=0)


@pytest.mark.parametrize("table", ["document", "document_line"])
def test_a_document_that_is_evidence_does_not_go_or_turn_into_another(attacker: Attacker, table: str) -> None:
    document = attacker.insert("document", source_id=1, kind="receipt", number="PO-1")
    attacker.insert("document_line", document_id=document, line="1", item_id=1, quantity=SCALE)
    with attacker.refused("append-only"):
        attacker.run(f"DELETE FROM {table}")
    with attacker.refused("append-only"):
        attacker.copy(table, "id = 1", id=99)
    with attacker.refused("document-identity"):
        attacker.run(f"UPDATE {table} SET id = 99")
    attacker.run("UPDATE document SET state = 'closed'")
