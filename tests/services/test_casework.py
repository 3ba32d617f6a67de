"""What people do with cases."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from support.warehouse import Warehouse
from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.instant import DAY
from zeroline.services.casework import LARGEST_FILE, Casework
from zeroline.services.lookup import Lookup
from zeroline.storage.schema import audit_entry, stock_case

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def casework(warehouse: Warehouse) -> Casework:
    return Casework(warehouse.database)


@pytest.fixture
def case_id(warehouse: Warehouse) -> int:
    """−8"""
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z")
    return newest(warehouse)


def newest(warehouse: Warehouse) -> int:
    with warehouse.database.read() as connection:
        return connection.execute(
            select(stock_case.c.id).order_by(stock_case.c.id.desc()).limit(1)
        ).scalar_one()


def case(warehouse: Warehouse, case_id: int):
    return Lookup(warehouse.database).case(warehouse.people.supervisor, case_id)


def put(warehouse: Warehouse, case_id: int, **columns) -> None:
    with warehouse.database.write() as work:
        work.connection.execute(update(stock_case).where(stock_case.c.id == case_id).values(**columns))
        work.audit("test", f"case {case_id}")
        work.changed(cases={case_id})
        work.commit()


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_taking_a_case_makes_it_mine(warehouse, casework, case_id):
    changes = casework.take(warehouse.people.supervisor, [case_id])
    view = case(warehouse, case_id)
    assert (view.owner, view.state) == ("Sam Supervisor", "assigned")
    assert changes.cases == {case_id}


def test_a_case_is_given_to_another_and_taken_away_again(warehouse, casework, case_id):
    casework.assign(warehouse.people.supervisor, [case_id], warehouse.people.manager.id)
    casework.assign(warehouse.people.supervisor, [case_id], None)
    view = case(warehouse, case_id)
    assert (view.owner_id, view.owner) == (None, "")
    assert [event.facts.get("owner_id") for event in view.events[1:]] == [warehouse.people.manager.id, None]


def test_a_case_that_is_being_counted_keeps_its_state_when_it_changes_hands(warehouse, casework, case_id):
    put(warehouse, case_id, state="counting")
    casework.take(warehouse.people.supervisor, [case_id])
    assert case(warehouse, case_id).state == "counting"


@pytest.mark.parametrize("who", ["counter", "auditor", "administrator"])
def test_only_those_who_triage_own_cases(warehouse, casework, case_id, who):
    owner = getattr(warehouse.people, who)
    assert refusal(casework.assign, warehouse.people.supervisor, [case_id], owner.id) == "owner-unsuitable"
    assert refusal(casework.take, owner, [case_id]) == "not-allowed"


def test_nobody_unknown_owns_a_case(warehouse, casework, case_id):
    assert refusal(casework.assign, warehouse.people.supervisor, [case_id], 999) == "owner-unsuitable"


def test_one_unknown_case_keeps_all_from_being_assigned(warehouse, casework, case_id):
    assert refusal(casework.take, warehouse.people.supervisor, [case_id, 99]) == "case-unknown"
    assert refusal(casework.take, warehouse.people.supervisor, [0, case_id]) == "case-unknown"
    assert case(warehouse, case_id).owner_id is None


def test_a_case_that_is_over_changes_hands_no_more(warehouse, casework, case_id):
    casework.dismiss(warehouse.people.supervisor, [case_id], "test stock")
    assert refusal(casework.take, warehouse.people.supervisor, [case_id]) == "case-state"


def test_dismissing_takes_a_reason(warehouse, casework, case_id):
    assert refusal(casework.dismiss, warehouse.people.supervisor, [case_id], "  ") == "case-reason-missing"
    casework.dismiss(warehouse.people.supervisor, [case_id], "test stock")
    view = case(warehouse, case_id)
    assert (view.state, view.reason, view.closed_at) == ("dismissed", "test stock", warehouse.clock())


def test_a_case_that_waits_for_approval_is_not_dismissed(warehouse, casework, case_id):
    put(warehouse, case_id, state="waiting for approval")
    assert refusal(casework.dismiss, warehouse.people.supervisor, [case_id], "no") == "case-state"


def test_a_note_stands_in_the_log_and_the_audit_trail(warehouse, casework, case_id):
    casework.note(warehouse.people.supervisor, case_id, " Looked in the next bin. ")
    event = case(warehouse, case_id).events[-1]
    assert (event.kind, event.text, event.person) == ("note", "Looked in the next bin.", "Sam Supervisor")
    with warehouse.database.read() as connection:
        entry = connection.execute(select(audit_entry).order_by(audit_entry.c.seq.desc()).limit(1)).one()
    assert (entry.action, entry.subject) == ("case note", f"case {case_id}")
    assert refusal(casework.note, warehouse.people.supervisor, case_id, "") == "note-missing"


def test_the_cause_is_tagged_with_its_evidence(warehouse, casework, case_id):
    crossing = case(warehouse, case_id).crossing
    casework.tag_cause(warehouse.people.supervisor, case_id, "K2", "in E-03", [("movement", crossing.seq)])
    view = case(warehouse, case_id)
    assert (view.state, view.cause.code, view.cause.comment) == ("cause proposed", "K2", "in E-03")
    assert view.cause.by_id == warehouse.people.supervisor.id
    assert [(piece.kind, piece.target, piece.label) for piece in view.evidence] == [
        ("movement", crossing.seq, crossing.reference)
    ]


def test_a_cause_not_in_the_catalogue_is_refused(warehouse, casework, case_id):
    assert refusal(casework.tag_cause, warehouse.people.supervisor, case_id, "FIX") == "cause-unknown"


def test_not_yet_determined_expires(warehouse, casework, case_id):
    put(warehouse, case_id, due_at=None)
    casework.tag_cause(warehouse.people.supervisor, case_id, "Z0")
    view = case(warehouse, case_id)
    assert (view.state, view.due_at) == ("new", warehouse.clock() + 14 * DAY)


def test_not_yet_determined_does_not_put_an_earlier_due_time_off(warehouse, casework, case_id):
    before = case(warehouse, case_id).due_at
    casework.tag_cause(warehouse.people.supervisor, case_id, "Z0")
    assert case(warehouse, case_id).due_at == before


def test_a_cause_tagged_while_the_count_is_out_leaves_the_case_counting(warehouse, casework, case_id):
    put(warehouse, case_id, state="counting")
    casework.tag_cause(warehouse.people.supervisor, case_id, "K2")
    assert case(warehouse, case_id).state == "counting"


def test_the_cause_of_a_proposal_is_not_changed_under_the_approver(warehouse, casework, case_id):
    put(warehouse, case_id, state="waiting for approval")
    assert refusal(casework.tag_cause, warehouse.people.supervisor, case_id, "K2") == "case-state"


def test_the_same_cause_on_the_same_key_again_counts_as_a_recurrence(warehouse, casework, case_id):
    put(warehouse, case_id, state="closed", cause="K2", closed_at=warehouse.clock())
    warehouse.move("BRG-6204", "E-02", "8", "2026-03-01T10:00:00Z")
    warehouse.move("BRG-6204", "E-02", "-1", "2026-03-01T11:00:00Z", kind="component issue")
    with warehouse.database.read() as connection:
        again = connection.execute(
            select(stock_case.c.id).where(stock_case.c.queue == "negative", stock_case.c.id != case_id)
        ).scalar_one()
    casework.tag_cause(warehouse.people.supervisor, again, "K2")
    view = case(warehouse, again)
    assert view.reopened == 1
    assert view.events[-1].facts == {"case_id": case_id}


def test_somebody_elses_change_is_told_with_who_and_when(warehouse, casework, case_id):
    shown = case(warehouse, case_id).version
    casework.take(warehouse.people.manager, [case_id])
    with pytest.raises(ChangedMeanwhile) as told:
        casework.tag_cause(warehouse.people.supervisor, case_id, "K2", version=shown)
    assert (told.value.fields["who"], told.value.fields["changed_at"]) == ("Mara Manager", warehouse.clock())


def test_the_version_that_was_shown_is_accepted(warehouse, casework, case_id):
    shown = case(warehouse, case_id).version
    casework.tag_cause(warehouse.people.supervisor, case_id, "K2", version=shown)
    assert case(warehouse, case_id).version == shown + 1


def test_waiting_for_a_document_says_which_and_until_when(warehouse, casework, case_id):
    casework.wait_for_document(warehouse.people.supervisor, case_id, "IN/00007", due_at=5)
    view = case(warehouse, case_id)
    assert (view.state, view.due_at) == ("waiting for a document", 5)
    assert view.events[-1].facts == {"document": "IN/00007", "due_at": 5}


def test_waiting_on_keeps_the_due_time_and_may_say_why_instead_of_which(warehouse, casework, case_id):
    casework.wait_for_document(warehouse.people.supervisor, case_id, "IN/00007", due_at=5)
    casework.wait_for_document(warehouse.people.supervisor, case_id, "", "carrier is late")
    view = case(warehouse, case_id)
    assert (view.due_at, view.events[-1].text) == (5, "carrier is late")
    assert (
        refusal(casework.wait_for_document, warehouse.people.supervisor, case_id, " ") == "document-missing"
    )


def test_evidence_of_another_item_is_refused(warehouse, casework, case_id):
    other = warehouse.move("OTHER", "E-02", "5", "2026-03-01T08:00:00Z")
    me = warehouse.people.supervisor
    assert refusal(casework.link_evidence, me, case_id, "movement", other) == "evidence-unknown"
    assert refusal(casework.link_evidence, me, case_id, "rumour", 1) == "evidence-unknown"


def test_linking_the_same_evidence_again_changes_nothing(warehouse, casework, case_id):
    seq = case(warehouse, case_id).crossing.seq
    assert casework.link_evidence(warehouse.people.supervisor, case_id, "movement", seq).cases == {case_id}
    assert casework.link_evidence(warehouse.people.supervisor, case_id, "movement", seq) == Changes()


def test_a_photo_is_kept_with_the_case_and_linked(warehouse, casework, case_id):
    attached = casework.attach(warehouse.people.supervisor, case_id, "C:\\photos\\bin.png", PNG)
    view = case(warehouse, case_id)
    [kept] = view.attachments
    assert (kept.name, kept.media_type, kept.size) == ("bin.png", "image/png", len(PNG))
    assert [(piece.kind, piece.label) for piece in view.evidence] == [("attachment", "bin.png")]
    read = Lookup(warehouse.database).attachment(warehouse.people.auditor, attached.attachment_id)
    assert read == ("bin.png", "image/png", PNG)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_other_pictures_and_papers_are_kept_too(warehouse, casework, case_id, content, media):
    casework.attach(warehouse.people.supervisor, case_id, "", content, media)
    assert [(kept.name, kept.media_type) for kept in case(warehouse, case_id).attachments] == [
        ("attachment", media)
    ]


def test_a_program_that_calls_itself_a_picture_is_refused(warehouse, casework, case_id):
    person = warehouse.people.supervisor
    assert refusal(casework.attach, person, case_id, "photo.png", b"MZ\x90") == "attachment-type"
    assert refusal(casework.attach, person, case_id, "photo.pdf", PNG, "application/pdf") == "attachment-type"
    assert refusal(casework.attach, person, case_id, "photo.png", b"") == "attachment-empty"
    huge = PNG + bytes(LARGEST_FILE)
    assert refusal(casework.attach, person, case_id, "photo.png", huge) == "attachment-too-large"


def test_a_transient_case_closes_in_one_step_as_posted_out_of_order(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T09:20:00Z", "2026-03-01T09:05:00Z")
    casework.close(warehouse.people.supervisor, [case_id])
    view = case(warehouse, case_id)
    assert (view.state, view.cause.code, view.closed_at) == ("closed", "T2", warehouse.clock())


def test_a_transient_case_closes_with_the_cause_given(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T16:30:00Z", "2026-03-01T08:40:00Z")
    casework.close(warehouse.people.supervisor, [case_id], cause="T1")
    assert case(warehouse, case_id).cause.code == "T1"


def test_a_case_without_a_cause_does_not_close(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T16:30:00Z")
    assert refusal(casework.close, warehouse.people.supervisor, [case_id]) == "case-cause-missing"
    assert refusal(casework.close, warehouse.people.supervisor, [case_id], cause="Z0") == "case-cause-missing"


def test_a_case_below_zero_does_not_close(warehouse, casework, case_id):
    casework.tag_cause(warehouse.people.supervisor, case_id, "K2")
    assert refusal(casework.close, warehouse.people.supervisor, [case_id]) == "case-below-zero"


def test_a_cause_that_wants_a_correction_closes_without_one_only_with_a_reason(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T16:30:00Z")
    casework.tag_cause(warehouse.people.supervisor, case_id, "K2")
    assert refusal(casework.close, warehouse.people.supervisor, [case_id]) == "case-uncorrected"
    casework.close(warehouse.people.supervisor, [case_id], reason="The item is no longer stocked.")
    assert case(warehouse, case_id).state == "closed"


def test_a_late_document_that_came_needs_no_correction_to_close(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T16:30:00Z")
    casework.tag_cause(warehouse.people.supervisor, case_id, "T1")
    casework.close(warehouse.people.supervisor, [case_id])
    assert case(warehouse, case_id).state == "closed"


def test_what_was_posted_is_verified_and_closed(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T16:30:00Z")
    put(warehouse, case_id, state="posted", cause="K2")
    casework.verify(warehouse.people.supervisor, case_id)
    assert case(warehouse, case_id).state == "verified"
    casework.close(warehouse.people.supervisor, [case_id])
    assert case(warehouse, case_id).state == "closed"


def test_a_posting_that_left_the_book_below_zero_does_not_hold(warehouse, casework, case_id):
    put(warehouse, case_id, state="posted", cause="K2")
    assert refusal(casework.verify, warehouse.people.supervisor, case_id) == "case-below-zero"


def test_a_forced_movement_closes_with_its_cause_below_zero_too(warehouse, casework):
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z", override=True)
    forced = newest(warehouse)
    casework.close(warehouse.people.supervisor, [forced], cause="S3", reason="Manager agreed by phone.")
    assert case(warehouse, forced).state == "closed"


def test_a_dismissed_case_is_taken_up_again_with_a_reason(warehouse, casework, case_id):
    casework.dismiss(warehouse.people.supervisor, [case_id], "test stock")
    assert refusal(casework.reopen, warehouse.people.supervisor, case_id, "") == "case-reason-missing"
    casework.reopen(warehouse.people.supervisor, case_id, "it was not")
    view = case(warehouse, case_id)
    assert (view.state, view.reason, view.closed_at) == ("reopened", "", None)


def test_a_case_that_a_late_movement_explained_away_is_not_taken_up_again(warehouse, casework, case_id):
    warehouse.move("BRG-6204", "E-02", "30", "2026-03-01T08:00:00Z")
    assert refusal(casework.reopen, warehouse.people.supervisor, case_id, "why") == "case-vanished"


def test_a_repeat_is_taken_up_again(warehouse, casework):
    for hour, quantity in ((1, "-1"), (2, "1"), (3, "-1"), (4, "1")):
        warehouse.move("ITEM-1", "A-01", quantity, f"2026-03-02T{hour:02d}:00:00Z")
    with warehouse.database.read() as connection:
        repeat = connection.execute(
            select(stock_case.c.id).where(stock_case.c.queue == "repeat")
        ).scalar_one()
    casework.dismiss(warehouse.people.supervisor, [repeat], "known")
    casework.reopen(warehouse.people.supervisor, repeat, "again")
    assert case(warehouse, repeat).state == "reopened"


def test_synchronising_without_news_changes_nothing(warehouse, casework, case_id):
    assert casework.sync() == Changes()


def test_synchronising_after_a_lost_case_opens_it(warehouse, casework):
    """−8 in the ledger, its case never made"""
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z", cases=False)
    assert casework.sync().everything
    assert case(warehouse, newest(warehouse)).on_hand == -8_000_000
