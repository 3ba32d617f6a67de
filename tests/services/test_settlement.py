"""Settlement: proposals with their arithmetic, decisions, posting, reversal."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import update

from support.floor import Floor, refused
from support.warehouse import CHEAP, SECRET, confirmed
from zeroline.domain.case import EventKind
from zeroline.domain.errors import ChangedMeanwhile
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.person import Person
from zeroline.domain.quantity import SCALE
from zeroline.services.people import People
from zeroline.services.settlement import Settlement
from zeroline.storage import ledger, schema
from zeroline.storage.audit_trail import every
from zeroline.storage.casework import cases
from zeroline.storage.engine import Database

U = SCALE


@pytest.fixture
def glove(floor: Floor) -> int:
    """Three gloves below zero at A-02, one currency unit each, with a case."""
    floor.warehouse.item("GLV", cost="1.00", abc_class="C")
    floor.warehouse.move("GLV", "A-02", "-3", document="OUT/1")
    return floor.warehouse.key("GLV", "A-02")


# --- from a count ----


def test_a_count_correction_is_counted_less_the_book_at_the_count(floor: Floor, glove: int) -> None:
    line = floor.count(glove, "9", "9")
    assert line.final is not None
    preview = floor.settlement.preview(floor.people.supervisor, entry_id=line.final.entry_id, cause="R4")
    sums = preview.arithmetic
    assert (sums.counted, sums.book_at_count, sums.late, sums.quantity) == (9 * U, -3 * U, 0, 12 * U)
    assert (sums.on_hand, sums.after, preview.money.value) == (-3 * U, 9 * U, 12 * U)
    assert (preview.kind, preview.next, preview.tier, preview.blocked) == (
        "count correction",
        "make the record",
        1,
        (),
    )


def test_a_case_is_settled_by_its_newest_count(floor: Floor, glove: int) -> None:
    floor.count(glove, "9", "9")
    newer = floor.count(glove, "8", "8")
    preview = floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(glove), cause="K3")
    assert newer.final is not None
    assert (preview.entry_id, preview.arithmetic.quantity) == (newer.final.entry_id, 11 * U)


def test_a_case_without_a_count_cannot_be_corrected_by_one(floor: Floor, glove: int) -> None:
    preview = floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(glove), cause="K3")
    assert [reason.code for reason in preview.blocked] == ["count-missing"]
    with refused("count-missing"):
        floor.settlement.propose(floor.people.supervisor, case_id=floor.case_of(glove), cause="K3")


def test_a_count_from_before_the_key_went_negative_does_not_settle_its_case(floor: Floor) -> None:
    floor.warehouse.item("NEW", cost="1.00")
    floor.warehouse.move("NEW", "A-01", "5")
    key = floor.warehouse.key("NEW", "A-01")
    floor.count(key, "5")
    floor.warehouse.move("NEW", "A-01", "-8")
    preview = floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(key), cause="K3")
    assert [reason.code for reason in preview.blocked] == ["count-missing"]


def test_a_line_that_waits_for_its_recount_cannot_be_settled(floor: Floor, glove: int) -> None:
    line = floor.count(glove, "9")
    with refused("recount-open"):
        floor.settlement.propose(floor.people.supervisor, entry_id=line.entries[0].entry_id, cause="K3")


def test_a_count_that_found_the_book_right_has_nothing_to_adjust(floor: Floor) -> None:
    floor.warehouse.move("NEW", "A-01", "5")
    line = floor.count(floor.warehouse.key("NEW", "A-01"), "5")
    assert line.final is not None
    with refused("adjustment-zero"):
        floor.settlement.propose(floor.people.supervisor, entry_id=line.final.entry_id, cause="K3")


def test_an_older_count_gives_way_to_a_newer_one(floor: Floor, glove: int) -> None:
    older = floor.count(glove, "9", "9")
    floor.count(glove, "8", "8")
    assert older.final is not None
    with refused("count-newer"):
        floor.settlement.propose(floor.people.supervisor, entry_id=older.final.entry_id, cause="K3")


def test_a_key_has_one_adjustment_on_its_way(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    line = floor.count(glove, "9", "9")
    assert line.final is not None
    with refused("adjustment-open") as told:
        floor.settlement.propose(floor.people.supervisor, entry_id=line.final.entry_id, cause="K3")
    assert told.fields["number"] == made.number


def test_a_proposal_names_its_hands_and_rests_on_every_count(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert (view.counter, view.recounter) == ("Cora Counter", "Otto Othercounter")
    assert (view.proposer, view.investigator) == ("Sam Supervisor", "Sam Supervisor")
    assert [(one.kind, one.label) for one in view.evidence] == [("count", "CNT-000001")] * 2
    assert [entry.quantity for entry in view.counts] == [9 * U, 9 * U]


def test_proposing_moves_the_case_on_and_tags_its_cause(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    case = floor.case_of(glove)
    assert floor.case_state(case) == "waiting for approval"
    assert case in made.changes.cases
    assert floor.one(f"SELECT cause FROM stock_case WHERE id = {case}") == "K3"
    assert floor.one(f"SELECT cause_by FROM stock_case WHERE id = {case}") == floor.people.supervisor.id


def test_a_proposal_made_on_an_older_look_at_the_case_is_refused(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    version = floor.one(f"SELECT version FROM stock_case WHERE id = {case}")
    floor.counting.create_sheet(floor.people.other_supervisor, case_ids=[case])
    sheet = floor.one("SELECT max(id) FROM count_sheet")
    for person in (floor.people.counter, floor.people.other_counter):
        floor.counting.enter(person, floor.line(sheet), "9")
        floor.counting.submit(person, sheet)
    with refused("case-changed"):
        floor.settlement.propose(floor.people.supervisor, case_id=case, cause="K3", version=version)


def test_a_preview_that_no_longer_holds_is_not_proposed(floor: Floor, glove: int) -> None:
    line = floor.count(glove, "9", "9")
    assert line.final is not None
    entry = line.final.entry_id
    shown = floor.settlement.preview(floor.people.supervisor, entry_id=entry, cause="K3")
    floor.warehouse.move("GLV", "A-02", "2", occurred=floor.clock() - HOUR)
    with refused("proposal-changed") as told:
        floor.settlement.propose(floor.people.supervisor, entry_id=entry, cause="K3", shown=shown)
    assert told.fields["new_quantity"] == 10 * U


def test_a_counter_proposes_nothing(floor: Floor, glove: int) -> None:
    line = floor.count(glove, "9", "9")
    assert line.final is not None
    with refused("not-allowed"):
        floor.settlement.propose(floor.people.counter, entry_id=line.final.entry_id, cause="K3")


# --- cause ----


def test_an_adjustment_needs_a_cause(floor: Floor, glove: int) -> None:
    with refused("cause-missing"):
        floor.settlement.propose(floor.people.supervisor, case_id=floor.case_of(glove), cause="")


def test_an_unknown_cause_is_refused(floor: Floor, glove: int) -> None:
    with refused("cause-unknown"):
        floor.settlement.propose(floor.people.supervisor, case_id=floor.case_of(glove), cause="X1")


def test_the_cause_other_needs_a_comment(floor: Floor, glove: int) -> None:
    with refused("cause-comment-required"):
        floor.propose(glove, "9", cause="Z9")


@pytest.mark.parametrize("cause", ["T1", "T2", "T3", "T4", "T5", "T6"])
def test_a_timing_cause_says_wait_for_the_document(floor: Floor, glove: int, cause: str) -> None:
    preview = floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(glove), cause=cause)
    assert (preview.next, preview.needs_wait_reason) == ("wait for the document", True)


def test_adjusting_in_spite_of_a_timing_cause_needs_a_typed_reason(floor: Floor, glove: int) -> None:
    with refused("wait-reason-missing") as told:
        floor.propose(glove, "9", cause="T1")
    assert told.fields["cause"] == "T1"
    line = floor.lines(1)[0]
    assert line.final is not None
    made = floor.settlement.propose(
        floor.people.supervisor, entry_id=line.final.entry_id, cause="T1", wait_reason="supplier is bankrupt"
    )
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert (view.wait_reason, view.tier) == ("supplier is bankrupt", 2)


# --- double-correction guard ----


def test_an_open_receipt_is_shown_before_and_going_on_needs_a_reason(floor: Floor, glove: int) -> None:
    floor.document("receipt", "GLV", "12")
    with refused("guard-reason-missing") as told:
        floor.propose(glove, "9")
    assert told.fields["documents"] == ("DOC-1",)


@pytest.mark.parametrize("kind", ["receipt", "transfer", "production", "return"])
def test_every_kind_of_document_that_brings_stock_is_guarded(floor: Floor, glove: int, kind: str) -> None:
    floor.document(kind, "GLV", "12", location="A-02", done="2")
    floor.count(glove, "9", "9")
    preview = floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(glove), cause="K3")
    assert [(one.kind, one.open_quantity) for one in preview.guard] == [(kind, 10 * U)]
    assert "tier-open-documents" in [reason.code for reason in preview.tier_reasons]


@pytest.mark.parametrize(
    ("kind", "item", "place", "lot", "done"),
    [
        ("order", "GLV", "", "", "0"),
        ("receipt", "OTHER", "", "", "0"),
        ("receipt", "GLV", "B-09", "", "0"),
        ("receipt", "GLV", "", "LOT-2", "0"),
        ("receipt", "GLV", "", "", "12"),
    ],
)
def test_documents_that_explain_nothing_do_not_stand_in_the_way(
    floor: Floor, glove: int, kind: str, item: str, place: str, lot: str, done: str
) -> None:
    floor.document(kind, item, "12", location=place, lot=lot, done=done)
    floor.count(glove, "9", "9")
    preview = floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(glove), cause="K3")
    assert preview.guard == ()


def test_a_correction_another_system_posted_after_the_count_is_guarded(floor: Floor, glove: int) -> None:
    floor.count(glove, "9", "9")
    floor.warehouse.move("GLV", "A-02", "12", kind="count correction", document="ERP/1")
    preview = floor.settlement.preview(floor.people.supervisor, entry_id=2, cause="K3")
    assert [(one.kind, one.number, one.open_quantity) for one in preview.guard] == [
        ("correction", "ERP/1", 12 * U)
    ]


def test_the_approver_too_types_a_reason_against_open_documents(floor: Floor, glove: int) -> None:
    floor.document("receipt", "GLV", "12")
    made = floor.propose(glove, "9", guard_reason="the delivery was refused at the dock")
    with refused("guard-reason-missing"):
        floor.approve(floor.people.manager, made.adjustment_id)
    floor.approve(
        floor.people.manager, made.adjustment_id, guard_reasons={made.adjustment_id: "seen the papers"}
    )
    view = floor.settlement.approval_view(floor.people.auditor, made.adjustment_id)
    assert view.guard_reason == "the delivery was refused at the dock"
    assert view.decision is not None
    assert view.decision.guard_reason == "seen the papers"


def test_a_document_that_came_after_the_proposal_is_shown_to_the_approver(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    before = floor.shown(made.adjustment_id)
    floor.document("receipt", "GLV", "12")
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert ([one.number for one in view.guard], view.needs_guard_reason, view.tier) == (["DOC-1"], True, 2)
    with refused("adjustment-shown-changed"):
        floor.approve(floor.people.manager, made.adjustment_id, shown_hashes=before)
    with refused("guard-reason-missing"):
        floor.approve(floor.people.manager, made.adjustment_id)


# --- from documents ----


def test_an_adjustment_from_documents_needs_one(floor: Floor, glove: int) -> None:
    with refused("evidence-missing"):
        floor.settlement.propose(
            floor.people.supervisor, case_id=floor.case_of(glove), quantity=3 * U, cause="R5"
        )


def test_an_adjustment_from_a_document_is_one_tier_up(floor: Floor, glove: int) -> None:
    note = floor.document("receipt", "GLV", "3", done="3")
    made = floor.settlement.propose(
        floor.people.supervisor,
        case_id=floor.case_of(glove),
        quantity=3 * U,
        cause="R5",
        evidence=(("document", note),),
    )
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert (view.kind, view.tier, view.arithmetic.counted) == ("adjustment", 2, None)
    assert [reason.code for reason in view.tier_reasons] == ["tier-no-count"]
    assert [(one.kind, one.label) for one in view.evidence] == [("document", "DOC-1")]
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.on_hand(glove) == 0


def test_evidence_that_is_not_there_is_refused(floor: Floor, glove: int) -> None:
    with refused("evidence-unknown"):
        floor.settlement.propose(
            floor.people.supervisor, key_id=glove, quantity=3 * U, cause="R5", evidence=(("document", 99),)
        )


# --- approving ----


def test_approving_posts_in_the_same_breath(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    done = floor.approve(floor.people.manager, made.adjustment_id)
    assert (done.posted, done.waiting_for_posting) == ((made.adjustment_id,), ())
    assert floor.on_hand(glove) == 9 * U
    assert floor.case_state(floor.case_of(glove)) in ("posted", "verified")
    assert glove in done.changes.ledger
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert (view.state, view.poster, view.movement_id) == ("posted", "Mara Manager", 2)
    assert (view.arithmetic.on_hand, view.arithmetic.after) == (-3 * U, 9 * U)


def test_the_posting_is_an_ordinary_movement_with_its_origin(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    counted_at = floor.one("SELECT max(counted_at) FROM count_entry")
    floor.approve(floor.people.manager, made.adjustment_id)
    with floor.database.read() as connection:
        row = connection.execute(schema.movement.select().order_by(schema.movement.c.seq.desc())).first()
        assert row is not None
        assert (row.kind, row.quantity, row.reference, row.adjustment_id, row.user_name) == (
            "count correction",
            12 * U,
            made.number,
            made.adjustment_id,
            "manager",
        )
        assert (row.occurred_at, row.recorded_at) == (counted_at, floor.clock())
        assert ledger.verify(connection) == []


def test_the_episode_is_closed_by_the_posting(floor: Floor, glove: int) -> None:
    floor.settle(glove, "9")
    assert floor.one("SELECT closing_seq FROM episode") == 2


def test_the_audit_trail_tells_the_whole_road(floor: Floor, glove: int) -> None:
    floor.settle(glove, "9")
    with floor.database.read() as connection:
        actions = [entry.action for entry in every(connection)]
    told = [action for action in actions if action.startswith(("count", "adjustment"))]
    assert told == [
        "count sheet made",
        "count drafted",
        "count submitted",
        "count drafted",
        "count submitted",
        "adjustment proposed",
        "adjustment approved",
        "adjustment posted",
    ]


def test_a_wrong_secret_signs_nothing(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    with refused("secret-wrong"):
        floor.settlement.approve(
            floor.people.manager,
            [made.adjustment_id],
            "wrong",
            shown_hashes=floor.shown(made.adjustment_id),
        )
    assert floor.on_hand(glove) == -3 * U


def test_what_was_not_shown_is_not_signed(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    with refused("adjustment-shown-changed"):
        floor.approve(floor.people.manager, made.adjustment_id, shown_hashes={})


def test_the_second_of_two_approvers_reads_who_was_first(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    shown = floor.shown(made.adjustment_id)
    floor.approve(floor.people.manager, made.adjustment_id)
    with refused("adjustment-decided") as told:
        floor.approve(floor.people.other_manager, made.adjustment_id, shown_hashes=shown)
    assert (told.fields["who"], told.fields["state"]) == ("Mara Manager", "posted")


def test_a_record_altered_behind_the_programs_back_is_not_signed(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    shown = floor.shown(made.adjustment_id)
    floor.warehouse.drop_guards("guard_adjustment_identity")
    with floor.database.write() as work:
        work.connection.execute(update(schema.adjustment).values(comment="something else"))
        work.audit("test", "test")
        work.changed(everything=True)
        work.commit()
    with refused("adjustment-altered"):
        floor.approve(floor.people.manager, made.adjustment_id, shown_hashes=shown)


def test_rejecting_needs_a_comment_and_gives_the_case_back(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    with refused("comment-missing"):
        floor.settlement.reject(
            floor.people.manager,
            [made.adjustment_id],
            SECRET,
            comment=" ",
            shown_hashes=floor.shown(made.adjustment_id),
        )
    floor.settlement.reject(
        floor.people.manager,
        [made.adjustment_id],
        SECRET,
        comment="count it by daylight",
        shown_hashes=floor.shown(made.adjustment_id),
    )
    view = floor.settlement.approval_view(floor.people.supervisor, made.adjustment_id)
    assert view.state == "rejected"
    assert view.decision is not None
    assert view.decision.comment == "count it by daylight"
    assert floor.case_state(floor.case_of(glove)) == "cause proposed"
    assert floor.on_hand(glove) == -3 * U


def test_a_withdrawn_proposal_gives_the_case_back(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    floor.settlement.withdraw(floor.people.supervisor, made.adjustment_id)
    assert floor.case_state(floor.case_of(glove)) == "cause proposed"
    with refused("adjustment-state"):
        floor.settlement.withdraw(floor.people.supervisor, made.adjustment_id)


def test_what_is_decided_no_longer_waits_in_the_approvers_queue(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    (row,) = floor.settlement.approvals(floor.people.manager)
    assert (row.adjustment_id, row.hand, row.outdated) == (made.adjustment_id, None, False)
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.settlement.approvals(floor.people.manager) == ()


# --- several at once ----


def several(floor: Floor, costs: list[str]) -> list[int]:
    made = []
    for number, cost in enumerate(costs):
        floor.warehouse.item(f"I-{number}", cost=cost)
        floor.warehouse.move(f"I-{number}", "A-01", "-1")
        made.append(floor.propose(floor.warehouse.key(f"I-{number}", "A-01"), "1").adjustment_id)
    return made


def test_several_of_tier_one_are_approved_at_once(floor: Floor) -> None:
    made = several(floor, ["1.00", "2.00", "3.00"])
    done = floor.approve(floor.people.other_supervisor, *made)
    assert done.posted == tuple(made)


def test_several_at_once_are_refused_when_one_is_above_tier_one(floor: Floor) -> None:
    made = several(floor, ["1.00", "900.00"])
    with refused("approve-several") as told:
        floor.approve(floor.people.manager, *made)
    assert told.fields["tier"] == 2


def test_several_at_once_are_posted_all_or_none(floor: Floor) -> None:
    made = several(floor, ["1.00", "2.00"])
    shown = floor.shown(*made)
    floor.approve(floor.people.other_supervisor, made[1])
    with refused("adjustment-decided"):
        floor.approve(floor.people.other_supervisor, *made, shown_hashes=shown)
    assert floor.settlement.approval_view(floor.people.manager, made[0]).state == "proposed"


# --- tier 3 ----


def test_a_tier_three_adjustment_is_posted_by_another_person_than_its_approver(floor: Floor) -> None:
    (made,) = several(floor, ["2000.00"])
    done = floor.approve(floor.people.manager, made)
    assert (done.posted, done.waiting_for_posting) == ((), (made,))
    view = floor.settlement.approval_view(floor.people.manager, made)
    assert (view.state, view.tier, view.hand and view.hand.code) == ("approved", 3, "approved")
    with refused("hand-approved"):
        floor.settlement.post(floor.people.manager, made, SECRET)
    floor.settlement.post(floor.people.other_manager, made, SECRET)
    view = floor.settlement.approval_view(floor.people.manager, made)
    assert (view.state, view.poster) == ("posted", "Omar Othermanager")


def test_nothing_is_posted_that_was_not_approved(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    with refused("adjustment-state"):
        floor.settlement.post(floor.people.manager, made.adjustment_id, SECRET)


def test_an_approved_adjustment_can_still_be_withdrawn_before_it_is_posted(floor: Floor) -> None:
    (made,) = several(floor, ["2000.00"])
    floor.approve(floor.people.manager, made)
    floor.settlement.withdraw(floor.people.supervisor, made)
    with refused("adjustment-state"):
        floor.settlement.post(floor.people.other_manager, made, SECRET)


def test_a_late_movement_stops_the_posting_of_what_was_approved(floor: Floor) -> None:
    (made,) = several(floor, ["2000.00"])
    floor.approve(floor.people.manager, made)
    floor.warehouse.move("I-0", "A-01", "1", occurred=floor.clock() - HOUR)
    with refused("count-outdated"):
        floor.settlement.post(floor.people.other_manager, made, SECRET)


# --- separation of duties ----


def hand(floor: Floor, person: Person, adjustment: int) -> str:
    found = floor.settlement.hand_in_the_way(person, adjustment)
    return "" if found is None else found.code


def test_exactly_the_hand_in_the_way_is_named(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9").adjustment_id
    staff = floor.people
    assert hand(floor, staff.supervisor, made) == "proposed"
    assert hand(floor, staff.auditor, made) == "role"
    assert hand(floor, staff.other_supervisor, made) == ""
    assert hand(floor, staff.manager, made) == ""


def test_who_proposed_it_cannot_approve_it(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9").adjustment_id
    with refused("hand-proposed") as told:
        floor.approve(floor.people.supervisor, made)
    assert told.fields["person"] == "Sam Supervisor"


def counted_by_supervisors(floor: Floor, key: int) -> int:
    sheet = floor.sheet(key)
    for person in (floor.people.other_supervisor, floor.people.manager):
        floor.clock.forward(MINUTE)
        floor.counting.enter(person, floor.line(sheet), "9")
        floor.counting.submit(person, sheet)
    final = floor.lines(sheet)[0].final
    assert final is not None
    made = floor.settlement.propose(floor.people.supervisor, entry_id=final.entry_id, cause="K3")
    return made.adjustment_id


def test_who_counted_or_recounted_it_cannot_approve_it(floor: Floor, glove: int) -> None:
    made = counted_by_supervisors(floor, glove)
    assert hand(floor, floor.people.other_supervisor, made) == "counted"
    assert hand(floor, floor.people.manager, made) == "recounted"
    with refused("hand-recounted"):
        floor.approve(floor.people.manager, made)


def test_a_change_of_role_does_not_wash_a_counters_hands(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9").adjustment_id
    staff, people = floor.people, People(floor.database, CHEAP)
    asked = people.change_role(staff.administrator, staff.counter.id, staff.manager.role)
    promoted = confirmed(people, staff.other_administrator, asked)
    assert hand(floor, promoted, made) == "counted"
    with refused("hand-counted"):
        floor.approve(promoted, made)


def test_who_investigated_the_case_cannot_approve_even_when_another_tagged_it_since(
    floor: Floor, glove: int
) -> None:
    case = floor.case_of(glove)
    with floor.database.write(floor.people.manager.id) as work:
        cases.change(
            work,
            cases.one(work.connection, case),
            EventKind.CAUSE,
            cause="R1",
            cause_by=floor.people.manager.id,
        )
        work.commit()
    made = floor.propose(glove, "9", cause="K3").adjustment_id
    assert hand(floor, floor.people.manager, made) == "investigated"
    with refused("hand-investigated"):
        floor.approve(floor.people.manager, made)


def test_a_manager_does_not_approve_under_a_policy_they_changed_since_the_case_began(
    floor: Floor, glove: int
) -> None:
    floor.policy(idle_lock_seconds=600)
    made = floor.propose(glove, "9").adjustment_id
    assert hand(floor, floor.people.other_manager, made) == "changed-policy"
    with refused("hand-changed-policy"):
        floor.approve(floor.people.other_manager, made)


def test_a_supervisor_does_not_approve_above_their_limit(floor: Floor) -> None:
    (made,) = several(floor, ["200.00"])
    assert floor.settlement.approval_view(floor.people.manager, made).tier == 2
    with refused("hand-over-limit") as told:
        floor.approve(floor.people.other_supervisor, made)
    assert (told.fields["tier"], told.fields["limit_tier"]) == (2, 1)


def test_splitting_a_correction_does_not_stay_under_the_limit(floor: Floor) -> None:
    """Twice 150 on one key by one proposer within a day: the second needs a manager."""
    floor.warehouse.item("DEAR", cost="150.00")
    floor.warehouse.move("DEAR", "A-01", "5")
    key = floor.warehouse.key("DEAR", "A-01")
    first = floor.propose(key, "6")
    floor.approve(floor.people.other_supervisor, first.adjustment_id)
    floor.clock.forward(23 * HOUR)
    second = floor.propose(key, "7")
    view = floor.settlement.approval_view(floor.people.other_supervisor, second.adjustment_id)
    assert (view.money.value, view.cumulated_value, view.tier) == (150 * U, 300 * U, 2)
    assert [reason.code for reason in view.tier_reasons] == ["tier-cumulated"]
    with refused("hand-over-limit"):
        floor.approve(floor.people.other_supervisor, second.adjustment_id)


def test_the_next_day_a_limit_begins_anew(floor: Floor) -> None:
    floor.warehouse.item("DEAR", cost="150.00")
    floor.warehouse.move("DEAR", "A-01", "5")
    key = floor.warehouse.key("DEAR", "A-01")
    first = floor.propose(key, "6")
    floor.approve(floor.people.other_supervisor, first.adjustment_id)
    floor.clock.forward(2 * DAY)
    second = floor.propose(key, "7")
    assert second.tier == 1
    floor.approve(floor.people.other_supervisor, second.adjustment_id)


def test_splitting_a_worthless_quantity_does_not_stay_under_the_limit_either(floor: Floor) -> None:
    """No cost is known; the quantity limit of tier 1 is 500."""
    floor.warehouse.item("FREE", cost="0")
    floor.warehouse.move("FREE", "A-01", "1000")
    key = floor.warehouse.key("FREE", "A-01")
    first = floor.propose(key, "1400")
    assert first.tier == 1
    floor.approve(floor.people.other_supervisor, first.adjustment_id)
    assert floor.propose(key, "1600").tier == 2


# --- rule 6 through the database ----


def test_what_was_picked_since_the_count_does_not_change_the_correction(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    floor.warehouse.move("GLV", "A-02", "-4")
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    sums = view.arithmetic
    assert (sums.quantity, sums.since, sums.on_hand, sums.after) == (12 * U, -4 * U, -7 * U, 5 * U)
    assert not view.outdated
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.on_hand(glove) == 5 * U


def test_a_late_movement_makes_the_proposal_outdated_with_the_figure_of_now(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    floor.warehouse.move("GLV", "A-02", "12", occurred=floor.clock() - HOUR, document="IN/7")
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert (view.outdated, view.renewed_quantity) == (True, 0)
    with refused("count-outdated") as told:
        floor.approve(floor.people.manager, made.adjustment_id)
    assert (told.fields["old_quantity"], told.fields["new_quantity"]) == (12 * U, 0)


def test_an_outdated_proposal_is_renewed_with_the_figure_of_now(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    floor.warehouse.move("GLV", "A-02", "2", occurred=floor.clock() - HOUR, document="IN/7")
    renewed = floor.settlement.renew(floor.people.supervisor, made.adjustment_id)
    view = floor.settlement.approval_view(floor.people.manager, renewed.adjustment_id)
    assert (view.arithmetic.quantity, view.arithmetic.late) == (10 * U, 2 * U)
    assert [(one.document, one.why) for one in view.arithmetic.late_movements] == [("IN/7", "recorded-later")]
    floor.approve(floor.people.manager, renewed.adjustment_id)
    assert floor.on_hand(glove) == 9 * U


def test_a_count_made_before_a_correction_was_posted_knows_of_it(floor: Floor, glove: int) -> None:
    """Counted, proposed, counted again by others, posted: the second count finds nothing more to correct."""
    made = floor.propose(glove, "9")
    again = floor.count(glove, "9", "9")
    floor.approve(floor.people.manager, made.adjustment_id)
    assert again.final is not None
    with refused("adjustment-zero"):
        floor.settlement.propose(floor.people.supervisor, entry_id=again.final.entry_id, cause="K3")


def test_a_count_is_superseded_by_an_adjustment_from_documents(floor: Floor, glove: int) -> None:
    line = floor.count(glove, "9", "9")
    note = floor.document("receipt", "GLV", "3", done="3")
    made = floor.settlement.propose(
        floor.people.supervisor, key_id=glove, quantity=12 * U, cause="R4", evidence=(("document", note),)
    )
    floor.approve(floor.people.manager, made.adjustment_id)
    assert line.final is not None
    with refused("count-superseded"):
        floor.settlement.propose(floor.people.supervisor, entry_id=line.final.entry_id, cause="K3")


# --- reversal ----


def test_what_is_posted_is_reversed_on_the_same_road(floor: Floor, glove: int) -> None:
    first = floor.settle(glove, "9")
    made = floor.settlement.reverse(
        floor.people.supervisor, first, cause="C4", comment="the count was of the bin beside"
    )
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert (view.kind, view.arithmetic.quantity, view.tier, view.reversal_of_number) == (
        "reversal",
        -12 * U,
        2,
        "ADJ-000001",
    )
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.on_hand(glove) == -3 * U
    assert floor.settlement.approval_view(floor.people.manager, first).reversed_by == made.number
    assert floor.one(f"SELECT state FROM adjustment WHERE id = {first}") == "posted"


def test_a_posting_is_reversed_once(floor: Floor, glove: int) -> None:
    first = floor.settle(glove, "9")
    made = floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="wrong bin")
    floor.approve(floor.people.manager, made.adjustment_id)
    with refused("reversal-made"):
        floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="again")


def test_only_what_is_posted_can_be_reversed(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9")
    with refused("reversal-not-posted"):
        floor.settlement.reverse(floor.people.supervisor, made.adjustment_id, cause="C4", comment="no")


def test_a_reversal_says_why(floor: Floor, glove: int) -> None:
    with refused("comment-missing"):
        floor.settlement.reverse(floor.people.supervisor, floor.settle(glove, "9"), cause="C4", comment="")


def test_after_a_reversal_the_same_count_can_be_settled_again(floor: Floor, glove: int) -> None:
    first = floor.settle(glove, "9")
    made = floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="wrong cause")
    floor.approve(floor.people.manager, made.adjustment_id)
    line = floor.lines(1)[0]
    assert line.final is not None
    again = floor.settlement.propose(floor.people.supervisor, entry_id=line.final.entry_id, cause="R4")
    floor.approve(floor.people.manager, again.adjustment_id)
    assert floor.on_hand(glove) == 9 * U


# --- register ----


def test_the_register_lists_every_adjustment_with_its_decision(floor: Floor, glove: int) -> None:
    floor.settle(glove, "9")
    (row,) = floor.settlement.register(floor.people.auditor)
    assert (row.number, row.state, row.quantity, row.value) == ("ADJ-000001", "posted", 12 * U, 12 * U)
    assert row.decision is not None
    assert (row.decision.person, row.poster, row.movement_id) == ("Mara Manager", "Mara Manager", 2)
    assert floor.settlement.register(floor.people.auditor, site="ELSEWHERE") == ()


def test_an_unknown_adjustment_is_named(floor: Floor) -> None:
    with refused("adjustment-unknown"):
        floor.settlement.approval_view(floor.people.manager, 99)


# --- edges ----


def test_all_hands_in_the_way_can_be_listed(floor: Floor, glove: int) -> None:
    made = floor.propose(glove, "9").adjustment_id
    found = floor.settlement.hands_in_the_way(floor.people.supervisor, made)
    assert [one.code for one in found] == ["proposed", "investigated"]


def test_a_count_of_another_place_does_not_settle_a_case(floor: Floor, glove: int) -> None:
    floor.warehouse.move("NEW", "A-01", "-5")
    line = floor.count(floor.warehouse.key("NEW", "A-01"), "0", "0")
    assert line.final is not None
    with refused("case-other-key"):
        floor.settlement.propose(
            floor.people.supervisor,
            case_id=floor.case_of(glove),
            entry_id=line.final.entry_id,
            cause="K3",
        )


def test_what_nobody_knows_is_not_settled(floor: Floor, glove: int) -> None:
    for more, code in (
        ({"entry_id": 99}, "count-entry-unknown"),
        ({"key_id": 99, "quantity": 5}, "stock-key-unknown"),
        ({}, "stock-key-unknown"),
        ({"case_id": 99}, "case-unknown"),
    ):
        with refused(code):
            floor.settlement.preview(floor.people.supervisor, **more)


def test_a_key_without_a_case_is_settled_all_the_same(floor: Floor) -> None:
    floor.warehouse.move("NEW", "A-01", "5")
    key = floor.warehouse.key("NEW", "A-01")
    adjustment = floor.settle(key, "7")
    assert floor.on_hand(key) == 7 * U
    assert floor.settlement.approval_view(floor.people.manager, adjustment).case_id is None


def test_a_proposal_without_a_case_is_withdrawn_or_rejected_too(floor: Floor) -> None:
    floor.warehouse.move("NEW", "A-01", "5")
    made = floor.propose(floor.warehouse.key("NEW", "A-01"), "7")
    floor.settlement.withdraw(floor.people.supervisor, made.adjustment_id)
    assert floor.one("SELECT state FROM adjustment") == "withdrawn"


def test_stock_found_where_the_ledger_knows_nothing_is_put_on_the_book(floor: Floor, glove: int) -> None:
    sheet = floor.sheet(glove)
    found = floor.counting.add_found(floor.people.counter, sheet, "GLV", "A-02", "LOT-9")
    for person in (floor.people.counter, floor.people.other_counter):
        floor.clock.forward(MINUTE)
        for line in floor.counting.blind_sheet(person, sheet).lines:
            floor.counting.enter(person, line.line_id, "2" if line.line_id == found.line_id else "0")
        floor.counting.submit(person, sheet)
    final = floor.lines(sheet)[1].final
    assert final is not None
    made = floor.settlement.propose(floor.people.supervisor, entry_id=final.entry_id, cause="M1")
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.on_hand(found.key_id) == 2 * U


def test_the_investigator_of_the_case_is_named_when_another_proposes(floor: Floor, glove: int) -> None:
    with floor.database.write(floor.people.other_supervisor.id) as work:
        case = cases.one(work.connection, floor.case_of(glove))
        by = floor.people.other_supervisor.id
        cases.change(work, case, EventKind.CAUSE, cause="K3", cause_by=by)
        work.commit()
    made = floor.propose(glove, "9", cause="K3").adjustment_id
    view = floor.settlement.approval_view(floor.people.manager, made)
    assert (view.investigator, view.proposer) == ("Olga Othersupervisor", "Sam Supervisor")
    assert hand(floor, floor.people.other_supervisor, made) == "investigated"


def test_what_the_investigator_linked_becomes_evidence(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    with floor.database.write(floor.people.supervisor.id) as work:
        work.connection.execute(
            schema.case_evidence.insert().values(
                case_id=case, kind="movement", target=1, person_id=floor.people.supervisor.id, at=work.at
            )
        )
        work.audit("test", "evidence")
        work.changed(cases={case})
        work.commit()
    made = floor.propose(glove, "9")
    view = floor.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert [(one.kind, one.label) for one in view.evidence if one.kind == "movement"] == [
        ("movement", "OUT/1")
    ]


def test_a_reversal_opens_a_closed_case_again(floor: Floor, glove: int) -> None:
    first = floor.settle(glove, "9")
    case = floor.case_of(glove)
    with floor.database.write() as work:
        work.connection.execute(
            update(schema.stock_case)
            .where(schema.stock_case.c.id == case)
            .values(state="closed", closed_at=1)
        )
        work.audit("test", "closed")
        work.changed(cases={case})
        work.commit()
    made = floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="wrong bin")
    assert floor.case_state(case) == "closed"
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.case_state(case) == "reopened"


def test_a_withdrawn_reversal_leaves_the_case_as_it_is(floor: Floor, glove: int) -> None:
    first = floor.settle(glove, "9")
    state = floor.case_state(floor.case_of(glove))
    made = floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="wrong bin")
    floor.settlement.withdraw(floor.people.supervisor, made.adjustment_id)
    assert floor.case_state(floor.case_of(glove)) == state


def test_an_outdated_adjustment_from_documents_does_not_exist(floor: Floor, glove: int) -> None:
    """Its figure comes from paper: movements do not change it."""
    note = floor.document("receipt", "GLV", "3", done="3")
    made = floor.settlement.propose(
        floor.people.supervisor, key_id=glove, quantity=3 * U, cause="R5", evidence=(("document", note),)
    )
    floor.warehouse.move("GLV", "A-02", "1", occurred=floor.clock() - HOUR)
    assert not floor.settlement.approval_view(floor.people.manager, made.adjustment_id).outdated


def test_of_two_approvers_at_the_same_moment_one_wins_and_the_stock_moves_once(
    floor: Floor, glove: int
) -> None:
    made = floor.propose(glove, "9").adjustment_id
    shown = floor.shown(made)
    start = threading.Barrier(2)
    told: list[str] = []

    def approve(who: Person) -> None:
        database = Database(floor.warehouse.url, floor.clock)
        settlement = Settlement(database, People(database, CHEAP))
        start.wait()
        try:
            settlement.approve(who, [made], SECRET, shown_hashes=shown)
            told.append("posted")
        except ChangedMeanwhile as error:
            told.append(error.code)
        database.dispose()

    people = (floor.people.manager, floor.people.other_supervisor)
    threads = [threading.Thread(target=approve, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["adjustment-decided", "posted"]
    assert floor.on_hand(glove) == 9 * U


def test_a_reversal_that_takes_the_key_below_zero_reopens_a_case_that_is_worked_on(
    floor: Floor, glove: int
) -> None:
    first = floor.settle(glove, "9")
    case = floor.case_of(glove)
    made = floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="wrong bin")
    with floor.database.write() as work:
        work.connection.exec_driver_sql("UPDATE stock_case SET state = 'assigned'")
        work.audit("test", "assigned")
        work.changed(cases={case})
        work.commit()
    floor.approve(floor.people.manager, made.adjustment_id)
    assert floor.case_state(case) == "reopened"


def test_an_unknown_cause_is_not_even_previewed(floor: Floor, glove: int) -> None:
    with refused("cause-unknown"):
        floor.settlement.preview(floor.people.supervisor, case_id=floor.case_of(glove), cause="X1")
