"""Guesses kept in step with the ledger, what people say to them, and what is learned from that."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from support.files import source, text_file
from support.floor import Floor
from support.surroundings import open_document, reserve
from support.warehouse import Warehouse
from zeroline.domain.case import Queue
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.domain.quantity import SCALE
from zeroline.domain.verdict import Said
from zeroline.services.casework import Casework
from zeroline.services.diagnosing import Diagnosing
from zeroline.services.intake import Intake
from zeroline.services.lookup import Lookup
from zeroline.storage import casework as stored_casework
from zeroline.storage import schema
from zeroline.storage.diagnosis import record

SURE = 500_000


@pytest.fixture
def diagnosing(warehouse: Warehouse) -> Diagnosing:
    return Diagnosing(warehouse.database)


def rows(warehouse: Warehouse, table: Any) -> list[Any]:
    with warehouse.database.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def late_receipt(warehouse: Warehouse, item: str = "BRG-6204") -> int:
    """+3; −11 at nine; +30 of 08:40 posted at 16:30. Answers the case."""
    warehouse.move(item, "E-02", "3", "2026-02-26T08:00:00Z", document="IN/1")
    warehouse.move(item, "E-02", "-11", "2026-03-01T09:12:00Z", document="OUT/33", user="R. Diaz")
    warehouse.move(item, "E-02", "30", "2026-03-01T16:30:00Z", "2026-03-01T08:40:00Z", document="IN/7")
    return rows(warehouse, schema.stock_case)[-1].id


def confirmed_twice(warehouse: Warehouse, item: str = "GLV-XL") -> int:
    """+20; −12; −12 again under the same document a minute later. Answers the case."""
    warehouse.move(item, "A-02", "20", "2026-02-26T08:00:00Z", document="IN/2")
    for minute in (0, 1):
        at = f"2026-03-01T10:0{minute}:00Z"
        warehouse.move(item, "A-02", "-12", at, document="OUT/40", user="R. Diaz")
    return rows(warehouse, schema.stock_case)[-1].id


def guess(warehouse: Warehouse, case_id: int) -> record.StoredDiagnosis:
    with warehouse.database.read() as connection:
        return record.newest(connection, [case_id])[case_id]


def view(warehouse: Warehouse, case_id: int) -> Any:
    return Lookup(warehouse.database).case(warehouse.people.supervisor, case_id)


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(DomainError) as refused:
        call(*args, **kwargs)
    return refused.value.code


# --- kept in step


def test_every_negative_arrives_with_a_guess(warehouse):
    case_id = confirmed_twice(warehouse)
    [kept] = rows(warehouse, schema.diagnosis)
    shown = view(warehouse, case_id).diagnosis
    assert (kept.case_id, kept.cause, kept.missing) == (case_id, shown.leading.cause, shown.missing)
    assert kept.cause == "K5"
    assert kept.probability == round(shown.leading.probability * SCALE)


def test_a_guess_reads_back_as_it_was_made(warehouse):
    case_id = late_receipt(warehouse)
    stored, shown = guess(warehouse, case_id).diagnosis, view(warehouse, case_id).diagnosis
    assert (stored.missing, stored.exact, stored.together) == (shown.missing, shown.exact, shown.together)
    assert [one.cause for one in stored.hypotheses] == [one.cause for one in shown.hypotheses]
    for kept, made in zip(stored.hypotheses, shown.hypotheses, strict=True):
        assert kept.evidence == made.evidence
        assert (kept.against, kept.settle, kept.lift) == (made.against, made.settle, made.lift)
        assert (kept.explained, kept.left_over) == (made.explained, made.left_over)
        assert kept.probability == pytest.approx(made.probability, abs=1e-6)


def test_an_order_without_output_is_found_by_the_components_it_took(warehouse):
    """WO-1: 60 desks of 120 boards. WO-2: 80 boards and no desk. −80 desks, where the book has 60."""
    for order, boards, day in (("WO-1", "-120", "2026-02-20"), ("WO-2", "-80", "2026-02-24")):
        at = f"{day}T08:00:00Z"
        warehouse.move("BOARD", "L-01", boards, at, document=order, kind="component issue")
    at = "2026-02-20T09:00:00Z"
    warehouse.move("DESK", "F-01", "60", at, document="WO-1", kind="production receipt")
    warehouse.move("DESK", "F-01", "-80", "2026-03-01T09:00:00Z", document="SO-1", kind="shipment")
    [leading] = [
        row.cause
        for row in rows(warehouse, schema.diagnosis)
        if row.case_id == rows(warehouse, schema.stock_case)[-1].id
    ][-1:]
    assert leading == "P2"


def test_the_late_receipt_changes_the_guess_and_both_stay(warehouse):
    case_id = late_receipt(warehouse)
    before, after = rows(warehouse, schema.diagnosis)
    assert (before.case_id, after.case_id) == (case_id, case_id)
    assert after.cause.startswith("T")
    assert after.ledger_seq > before.ledger_seq
    assert guess(warehouse, case_id).cause == after.cause


def test_looking_again_keeps_nothing_new(warehouse):
    late_receipt(warehouse)
    before = rows(warehouse, schema.diagnosis)
    with warehouse.database.write() as work:
        assert stored_casework.sync(work, None) == 0
        assert stored_casework.sync(work, {warehouse.key("BRG-6204", "E-02")}) == 0
    assert rows(warehouse, schema.diagnosis) == before


def test_stock_of_the_item_in_another_bin_is_looked_at(warehouse):
    """−8 here; eight put away next door a minute before."""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", document="OUT/1")
    before = len(rows(warehouse, schema.diagnosis))
    warehouse.move("ITEM-1", "A-02", "8", "2026-03-01T08:59:00Z", document="IN/5", kind="putaway")
    after = rows(warehouse, schema.diagnosis)
    assert len(after) > before
    assert after[-1].cause != after[0].cause or after[-1].probability != after[0].probability


def test_an_import_of_documents_alone_is_looked_at(warehouse, tmp_path):
    """−8; then a receipt of 30 that was due the day before is announced."""
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", document="OUT/1")
    [case] = rows(warehouse, schema.stock_case)
    before = guess(warehouse, case.id)
    announced = text_file(
        tmp_path,
        "document_kind,document,line,item,location,quantity,due_at,partner,source\n"
        "receipt,PO-7,1,ITEM-1,A-01,30,2026-03-01T06:00:00Z,Acme,wms\n",
    )

    def load() -> None:
        told = source(announced, "", RecordKind.DOCUMENTS)
        Intake(warehouse.database).load(warehouse.people.supervisor, told)

    load()
    after = guess(warehouse, case.id)
    assert (before.cause, before.probability) != (after.cause, after.probability)
    kept = len(rows(warehouse, schema.diagnosis))
    load()
    assert len(rows(warehouse, schema.diagnosis)) == kept


def test_a_count_handed_in_keeps_the_guess_in_step(warehouse):
    case_id = confirmed_twice(warehouse)
    kept = len(rows(warehouse, schema.diagnosis))
    Floor(warehouse).count(warehouse.key("GLV-XL", "A-02"), "8")
    stored, shown = guess(warehouse, case_id), view(warehouse, case_id).diagnosis
    assert stored.cause == shown.leading.cause
    assert stored.probability == pytest.approx(shown.leading.probability * SCALE, abs=10_000)
    assert len(rows(warehouse, schema.diagnosis)) >= kept


def test_what_a_person_said_is_not_guessed_at_any_more(warehouse):
    case_id = confirmed_twice(warehouse)
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, case_id, "L5")
    kept = len(rows(warehouse, schema.diagnosis))
    warehouse.move("GLV-XL", "A-03", "12", "2026-03-01T10:00:30Z", kind="putaway")
    assert len(rows(warehouse, schema.diagnosis)) == kept


def test_a_case_without_an_episode_has_no_guess(warehouse):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    override = next(case for case in rows(warehouse, schema.stock_case) if case.queue == "override")
    shown = view(warehouse, override.id)
    assert (shown.diagnosis, shown.verdict) == (None, None)


# --- the queue


def queue(warehouse: Warehouse, name: str = "negative") -> Any:
    return Lookup(warehouse.database).queue(warehouse.people.supervisor, Queue(name))


def test_the_queue_tells_the_guess_its_confidence_and_what_was_said(warehouse, diagnosing):
    case_id = confirmed_twice(warehouse)
    newest = guess(warehouse, case_id)
    row = queue(warehouse).row(0)
    assert (row["guess"], row["confidence"], row["verdict"]) == ("K5", newest.probability, "")
    diagnosing.none_of_these(warehouse.people.supervisor, case_id)
    assert queue(warehouse).row(0)["verdict"] == "rejected"
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, case_id, "L5")
    assert queue(warehouse).row(0)["verdict"] == "corrected"
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, case_id, "K5")
    assert queue(warehouse).row(0)["verdict"] == "accepted"


def test_a_queue_without_guesses_has_empty_cells(warehouse):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    row = queue(warehouse, "override").row(0)
    assert (row["guess"], row["confidence"], row["verdict"]) == ("", 0, "")


# --- tagging


def test_a_tag_keeps_the_guess_of_then_beside_it(warehouse):
    case_id = confirmed_twice(warehouse)
    newest = guess(warehouse, case_id)
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, case_id, "L5", "searched")
    [verdict] = rows(warehouse, schema.cause_verdict)
    assert (verdict.guess, verdict.probability, verdict.second) == ("K5", newest.probability, newest.second)
    assert (verdict.cause, verdict.accepted) == ("L5", False)
    shown = view(warehouse, case_id)
    assert (shown.cause.code, shown.diagnosis.leading.cause) == ("L5", "K5")
    assert (shown.verdict.said, shown.verdict.by, shown.verdict.at) == (
        Said.CORRECTED,
        "Sam Supervisor",
        warehouse.clock(),
    )
    assert shown.events[-1].facts["guess"] == "K5"


def test_a_tag_where_nothing_was_guessed_is_kept_too(warehouse):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    override = next(case for case in rows(warehouse, schema.stock_case) if case.queue == "override")
    Casework(warehouse.database).tag_cause(warehouse.people.supervisor, override.id, "S3")
    [verdict] = rows(warehouse, schema.cause_verdict)
    assert (verdict.guess, verdict.cause, verdict.accepted) == ("", "S3", False)
    assert view(warehouse, override.id).verdict.said is Said.NOTHING


def test_closing_with_a_cause_is_a_word_too_and_closing_without_is_none(warehouse):
    first, second = late_receipt(warehouse, "A"), late_receipt(warehouse, "B")
    casework = Casework(warehouse.database)
    casework.close(warehouse.people.supervisor, [first])
    assert rows(warehouse, schema.cause_verdict) == []
    casework.close(warehouse.people.supervisor, [second], cause="T6")
    [verdict] = rows(warehouse, schema.cause_verdict)
    assert (verdict.case_id, verdict.cause) == (second, "T6")


def test_accepting_one_case_tags_it_and_links_the_evidence(warehouse, diagnosing):
    case_id = confirmed_twice(warehouse)
    leading = view(warehouse, case_id).diagnosis.leading
    changes = diagnosing.accept_case(warehouse.people.supervisor, case_id, leading.cause)
    shown = view(warehouse, case_id)
    assert case_id in changes.cases
    assert (shown.cause.code, shown.cause.by, shown.state) == ("K5", "Sam Supervisor", "cause proposed")
    assert shown.verdict.said is Said.ACCEPTED
    linked = {(one.kind, one.target) for one in shown.evidence}
    assert linked == {("movement", one.target) for one in leading.evidence if one.kind == "movement"}
    assert linked


def test_accepting_another_hypothesis_is_a_correction(warehouse, diagnosing):
    case_id = late_receipt(warehouse)
    second = view(warehouse, case_id).diagnosis.hypotheses[1].cause
    diagnosing.accept_case(warehouse.people.supervisor, case_id, second)
    assert (view(warehouse, case_id).cause.code, view(warehouse, case_id).verdict.said) == (
        second,
        Said.CORRECTED,
    )


def test_a_cause_that_nothing_speaks_for_is_not_accepted(warehouse, diagnosing):
    case_id = confirmed_twice(warehouse)
    accept = diagnosing.accept_case
    assert refusal(accept, warehouse.people.supervisor, case_id, "U4") == "diagnosis-changed"
    assert refusal(accept, warehouse.people.supervisor, case_id, "Z0") == "diagnosis-changed"
    assert refusal(accept, warehouse.people.auditor, case_id, "K5") == "not-allowed"
    with pytest.raises(ChangedMeanwhile):
        accept(warehouse.people.supervisor, case_id, "K5", version=99)
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    override = next(case for case in rows(warehouse, schema.stock_case) if case.queue == "override")
    assert refusal(accept, warehouse.people.supervisor, override.id, "S3") == "diagnosis-changed"


def test_the_evidence_of_an_open_document_is_its_document(warehouse, diagnosing):
    warehouse.move("ITEM-1", "A-01", "3", "2026-02-01T09:00:00Z", document="IN/1")
    document = open_document(
        warehouse, "receipt", "PO-7", "ITEM-1", "A-01", 30, due_at=warehouse.clock() - warehouse.days(2)
    )
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", document="OUT/1")
    [case] = rows(warehouse, schema.stock_case)
    found = next(
        h
        for h in view(warehouse, case.id).diagnosis.hypotheses
        if any(one.kind == "document" for one in h.evidence)
    )
    diagnosing.accept_case(warehouse.people.supervisor, case.id, found.cause)
    assert ("document", document) in {(e.kind, e.target) for e in view(warehouse, case.id).evidence}


# --- many at once


def test_many_are_accepted_after_it_was_said_what_will_happen(warehouse, diagnosing):
    people = warehouse.people
    twice, late = confirmed_twice(warehouse), late_receipt(warehouse)
    tagged = confirmed_twice(warehouse, "B")
    Casework(warehouse.database).tag_cause(people.supervisor, tagged, "K5")
    nothing = late_receipt(warehouse, "C")
    diagnosing.none_of_these(people.supervisor, nothing)
    plan = diagnosing.acceptable(people.supervisor, [twice, late, tagged, nothing, twice], SURE)
    causes = {case: guess(warehouse, case).cause for case in (twice, late)}
    assert dict(plan.chosen) == causes
    assert {(total.cause, total.cases) for total in plan.totals} == {(cause, 1) for cause in causes.values()}
    of_twice = next(total for total in plan.totals if total.cause == "K5")
    assert of_twice.value == -4 * 2_500_000  # −4 at 2.50
    assert [(one.case_id, one.item, one.reason) for one in plan.skipped] == [
        (tagged, "B", "tagged"),
        (nothing, "C", "rejected"),
    ]
    done = diagnosing.accept(people.supervisor, [twice, late, tagged, nothing], SURE, dict(plan.chosen))
    assert (done.cases, done.skipped) == ((twice, late), plan.skipped)
    assert done.changes.cases >= {twice, late}
    assert {view(warehouse, case).verdict.said for case in (twice, late)} == {Said.ACCEPTED}
    assert view(warehouse, twice).evidence


def test_what_is_not_sure_enough_or_not_as_shown_is_left(warehouse, diagnosing):
    people = warehouse.people
    case_id = confirmed_twice(warehouse)
    plan = diagnosing.acceptable(people.supervisor, [case_id], 1_000_001)
    assert [one.reason for one in plan.skipped] == ["below"]
    done = diagnosing.accept(people.supervisor, [case_id], SURE, {case_id: "T1"})
    assert ([one.reason for one in done.skipped], done.cases, bool(done.changes)) == (["changed"], (), False)
    with warehouse.database.write() as work:
        work.connection.execute(update(schema.stock_case).values(state="waiting for approval"))
        work.audit("test", "case")
        work.changed(everything=True)
        work.commit()
    [left] = diagnosing.acceptable(people.supervisor, [case_id], SURE).skipped
    assert left.reason == "state"
    assert rows(warehouse, schema.cause_verdict) == []


def test_what_cannot_be_said_is_not_accepted(warehouse, diagnosing):
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    cases = {case.queue: case.id for case in rows(warehouse, schema.stock_case)}
    forget(warehouse, cases["negative"])
    plan = diagnosing.acceptable(warehouse.people.supervisor, list(cases.values()), 0)
    assert {(one.case_id, one.reason) for one in plan.skipped} == {
        (cases["negative"], "unclear"),
        (cases["override"], "none"),
    }


def forget(warehouse: Warehouse, case_id: int) -> None:
    """As if the newest diagnosis had found nothing."""
    with warehouse.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO diagnosis"
            " (case_id, at, ledger_seq, cause, probability, explained, missing, hypotheses)"
            " SELECT case_id, at, ledger_seq, 'Z0', 900000, 0, missing, hypotheses FROM diagnosis"
            " WHERE case_id = ? ORDER BY id DESC LIMIT 1",
            (case_id,),
        )
        work.audit("test", f"case {case_id}")
        work.changed(cases={case_id})
        work.commit()


@pytest.mark.parametrize("who", ["counter", "auditor", "administrator"])
def test_only_those_who_triage_say_something(warehouse, diagnosing, who):
    case_id = confirmed_twice(warehouse)
    person = getattr(warehouse.people, who)
    assert refusal(diagnosing.accept, person, [case_id], SURE) == "not-allowed"
    assert refusal(diagnosing.none_of_these, person, case_id) == "not-allowed"


# --- none of these


def test_none_of_these_stands_in_the_log_and_changes_no_cause(warehouse, diagnosing):
    case_id = confirmed_twice(warehouse)
    diagnosing.none_of_these(warehouse.people.supervisor, case_id)
    shown = view(warehouse, case_id)
    assert (shown.cause, shown.verdict.said, shown.verdict.guess) == (None, Said.REJECTED, "K5")
    assert (shown.events[-1].kind, shown.events[-1].facts["guess"]) == ("none of these", "K5")


def test_none_of_these_needs_a_guess_and_a_case_that_is_worked_on(warehouse, diagnosing):
    people = warehouse.people
    warehouse.move("ITEM-1", "A-01", "-8", "2026-03-01T09:00:00Z", override=True)
    override = next(case for case in rows(warehouse, schema.stock_case) if case.queue == "override")
    assert refusal(diagnosing.none_of_these, people.supervisor, override.id) == "diagnosis-nothing"
    case_id = confirmed_twice(warehouse)
    Casework(warehouse.database).dismiss(people.supervisor, [case_id], "test stock")
    assert refusal(diagnosing.none_of_these, people.supervisor, case_id) == "case-state"


# --- learning


def test_the_site_learns_from_the_last_word_on_each_case(warehouse, diagnosing):
    people = warehouse.people
    first, second, third = (confirmed_twice(warehouse, item) for item in "ABC")
    casework = Casework(warehouse.database)
    casework.tag_cause(people.supervisor, first, "L5")
    casework.tag_cause(people.supervisor, first, "K5")
    casework.tag_cause(people.supervisor, second, "Z0")
    diagnosing.none_of_these(people.supervisor, third)
    learned = diagnosing.learned(people.auditor, "MAIN")
    assert [(one.guess, one.cause, one.count) for one in learned.confusion] == [
        ("K5", "", 1),
        ("K5", "K5", 1),
        ("K5", "Z0", 1),
    ]
    assert (learned.verdicts, learned.accepted) == (3, 1)
    by_cause = {one.cause: one for one in learned.beliefs}
    assert {code for code, one in by_cause.items() if one.confirmed} == {"K5"}
    assert by_cause["K5"].mean > by_cause["K5"].prior
    assert by_cause["L5"].mean < by_cause["L5"].prior


def test_what_people_confirm_moves_the_next_guess_of_their_site_only(warehouse, diagnosing):
    people = warehouse.people
    warehouse.location("N-01", site="NORTH")
    before = guess(warehouse, confirmed_twice(warehouse, "A")).probability
    for item in ("B", "C", "D", "E"):
        Casework(warehouse.database).tag_cause(people.supervisor, confirmed_twice(warehouse, item), "K5")
    assert guess(warehouse, confirmed_twice(warehouse, "F")).probability > before
    north = diagnosing.learned(people.manager, "NORTH")
    assert (north.confusion, {one.confirmed for one in north.beliefs}) == ((), {0})
    [line] = [line for line in diagnosing.lines() if line.item == "F"]
    assert round(line.hypotheses[0].probability * SCALE) == guess(warehouse, 6).probability


def test_a_reset_makes_the_priors_count_alone_and_keeps_what_was_said(warehouse, diagnosing):
    people = warehouse.people
    Casework(warehouse.database).tag_cause(people.supervisor, confirmed_twice(warehouse), "L5")
    changes = diagnosing.reset(people.manager, "MAIN", " new scanners ")
    learned = diagnosing.learned(people.manager, "MAIN")
    assert (learned.confusion, {one.confirmed for one in learned.beliefs}) == ((), {0})
    assert [(one.by, one.reason, one.at) for one in learned.resets] == [
        ("Mara Manager", "new scanners", warehouse.clock())
    ]
    assert len(rows(warehouse, schema.cause_verdict)) == 1
    assert changes.everything
    with warehouse.database.read() as connection:
        last = connection.exec_driver_sql(
            "SELECT action, subject FROM audit_entry ORDER BY seq DESC LIMIT 1"
        ).one()
    assert tuple(last) == ("learning reset", "site MAIN")


def test_a_reset_has_a_reason_a_site_and_the_right(warehouse, diagnosing):
    people = warehouse.people
    warehouse.site()
    assert refusal(diagnosing.reset, people.manager, "MAIN", "  ") == "learning-reason-missing"
    assert refusal(diagnosing.reset, people.manager, "SOUTH", "why") == "site-unknown"
    assert refusal(diagnosing.reset, people.supervisor, "MAIN", "why") == "not-allowed"
    assert refusal(diagnosing.learned, people.counter, "MAIN") == "not-allowed"


# --- the guard


def test_proposing_and_approving_say_what_is_left_too_much_while_a_guess_holds(warehouse):
    """−8 here while thirty of the same delivery were received next door; counted: nothing there."""
    warehouse.move("ITEM-1", "A-01", "3", "2026-02-20T08:00:00Z", document="IN/7")
    warehouse.move("ITEM-1", "A-02", "30", "2026-02-21T08:00:00Z", document="IN/8")
    warehouse.move("ITEM-1", "A-01", "-11", "2026-02-26T09:12:00Z", document="OUT/33", kind="shipment")
    floor, supervisor = Floor(warehouse), warehouse.people.supervisor
    [case] = rows(warehouse, schema.stock_case)
    floor.count(warehouse.key("ITEM-1", "A-01"), "0", "0")
    against = {h.cause for h in view(warehouse, case.id).diagnosis.hypotheses if h.adjustment != "yes"}
    Casework(warehouse.database).tag_cause(supervisor, case.id, "K3")
    shown = floor.settlement.preview(supervisor, case_id=case.id, cause="K3")
    assert shown.too_much
    assert {one.cause for one in shown.too_much} <= against
    assert {one.quantity for one in shown.too_much} == {8 * SCALE}
    made = floor.settlement.propose(supervisor, case_id=case.id, cause="K3")
    page = floor.settlement.approval_view(warehouse.people.other_supervisor, made.adjustment_id)
    assert page.too_much == shown.too_much


def test_an_adjustment_without_a_case_and_its_reversal_have_no_guess_against_them(warehouse):
    warehouse.move("ITEM-1", "A-01", "5", "2026-02-20T08:00:00Z")
    floor, supervisor = Floor(warehouse), warehouse.people.supervisor
    key = warehouse.key("ITEM-1", "A-01")
    floor.count(key, "9", "9")
    assert floor.settlement.preview(supervisor, key_id=key, cause="K3").too_much == ()


def test_stock_still_reserved_elsewhere_for_the_pick_says_where_it_was_taken(warehouse):
    warehouse.move("BRG-6204", "E-02", "20", "2026-02-20T08:00:00Z", document="IN/1")
    warehouse.move("BRG-6204", "E-07", "50", "2026-02-20T08:10:00Z", document="IN/2")
    warehouse.move("BRG-6204", "E-02", "-14", "2026-02-26T10:00:00Z", document="OUT/33", kind="pick")
    reserve(warehouse, "BRG-6204", "E-07", 9, document="OUT/34")
    warehouse.move("BRG-6204", "E-02", "-9", "2026-02-27T10:00:00Z", document="OUT/34", kind="pick")
    [case] = rows(warehouse, schema.stock_case)
    found = guess(warehouse, case.id)
    assert (found.cause, found.diagnosis.leading.settle.facts["location"]) == ("K2", "E-07")


# --- transient cases closed without a word about why


def late_leg(warehouse: Warehouse, item: str) -> int:
    """A transfer whose leg out was booked on time, and the leg in two days late. Answers the case."""
    warehouse.move(item, "C-07", "40", "2026-02-20T08:00:00Z", document="IN/2")
    warehouse.move(item, "C-07", "-30", "2026-02-26T08:00:00Z", kind="transfer out", document="TR/5")
    warehouse.move(item, "E-02", "-11", "2026-02-26T14:00:00Z", document="OUT/33", user="R. Diaz")
    late, happened = "2026-02-28T16:30:00Z", "2026-02-26T09:00:00Z"
    warehouse.move(item, "E-02", "30", late, happened, kind="transfer in", document="TR/5")
    return rows(warehouse, schema.stock_case)[-1].id


def test_transient_cases_closed_together_get_the_cause_their_ledger_shows(warehouse, diagnosing):
    late, refused = late_leg(warehouse, "BRG-6204"), late_leg(warehouse, "GLV-XL")
    assert (guess(warehouse, late).cause, guess(warehouse, late).probability >= 800_000) == ("T3", True)
    diagnosing.none_of_these(warehouse.people.supervisor, refused)
    said = rows(warehouse, schema.cause_verdict)

    Casework(warehouse.database).close(warehouse.people.supervisor, [late, refused])

    shown = [view(warehouse, one) for one in (late, refused)]
    assert [(one.state, one.cause.code) for one in shown] == [("closed", "T3"), ("closed", "T2")]
    assert [bool(one.evidence) for one in shown] == [True, False]
    assert rows(warehouse, schema.cause_verdict) == said  # presumed, not said


# --- a place that goes wrong again and again


def twice_confirmed_twice(warehouse: Warehouse) -> int:
    """Two picks of one bin, a week apart, each confirmed twice. Answers the case of the repeat."""
    for day in (10, 17):
        come = "20" if day == 10 else "12"
        warehouse.move("GLV-XL", "A-02", come, f"2026-02-{day}T08:00:00Z", document=f"IN/{day}")
        for minute in (0, 1):
            at = f"2026-02-{day}T10:0{minute}:00Z"
            warehouse.move("GLV-XL", "A-02", "-12", at, document=f"OUT/{day}", user="R. Diaz")
        warehouse.move("GLV-XL", "A-02", "12", f"2026-02-{day}T16:00:00Z", kind="count correction")
    [found] = [row for row in rows(warehouse, schema.stock_case) if row.queue == Queue.REPEAT.value]
    return found.id


def test_a_place_that_goes_wrong_again_arrives_with_what_fits_all_its_times(warehouse):
    case_id = twice_confirmed_twice(warehouse)
    stored, shown = guess(warehouse, case_id), view(warehouse, case_id).diagnosis
    assert (stored.cause, shown.leading.cause) == ("K5", "K5")
    often, *cited = shown.leading.evidence
    assert (often.code, often.facts["times"], often.facts["of"]) == ("fits-often", 2, 2)
    assert [one.label for one in cited] == ["T000003", "T000007"]


def test_the_repeat_queue_tells_the_guess_and_it_can_be_accepted(warehouse, diagnosing):
    case_id = twice_confirmed_twice(warehouse)
    table = Lookup(warehouse.database).queue(warehouse.people.supervisor, Queue.REPEAT)
    assert table.value("guess", list(table.ids).index(case_id)) == "K5"
    accepted = diagnosing.accept(warehouse.people.supervisor, [case_id], SURE)
    assert accepted.cases == (case_id,)
    shown = view(warehouse, case_id)
    assert (shown.cause.code, shown.verdict.said) == ("K5", Said.ACCEPTED)
    assert [one.kind for one in shown.evidence] == ["movement", "movement"]


def test_a_third_time_changes_what_is_thought_of_the_place(warehouse):
    case_id = twice_confirmed_twice(warehouse)
    before = guess(warehouse, case_id)
    warehouse.move("GLV-XL", "A-02", "-50", "2026-02-20T10:00:00Z", document="OUT/20")
    after = guess(warehouse, case_id)
    assert after.probability < before.probability
    assert after.diagnosis.leading.evidence[0].facts["of"] == 3


def test_transfers_that_never_arrived_about_the_same_time_are_seen_together(warehouse):
    """Three items leave their bins on one morning; nothing arrives; one is picked where it should be."""
    for place, item in enumerate(("GLV-XL", "BRG-6204", "SEL-20")):
        warehouse.move(item, "A-02", "40", "2026-02-20T08:00:00Z", document=f"IN/{place}")
        warehouse.move(
            item,
            "A-02",
            "-12",
            f"2026-02-26T0{place + 6}:00:00Z",
            document=f"TR/{place}",
            kind="transfer out",
        )
    warehouse.move("GLV-XL", "E-02", "2", "2026-02-20T08:00:00Z", document="IN/9")
    warehouse.move("GLV-XL", "E-02", "-9", "2026-02-27T10:00:00Z", document="OUT/1")
    warehouse.move("SEL-20", "A-02", "-1", "2026-03-20T10:00:00Z", document="OUT/2")
    [line] = Diagnosing(warehouse.database).lines()
    assert line.hypotheses[0].cause == "S1"
    assert [one.code for one in line.hypotheses[0].evidence] == ["never-arrived", "lost-too", "lost-too"]
