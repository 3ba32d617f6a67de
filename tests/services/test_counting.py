"""Counting: sheets, blind entry, drafts, submission, recounts, results."""

from __future__ import annotations

import re

import pytest

from support.floor import Floor, refused
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.counting import Choice

U = SCALE


@pytest.fixture
def bearing(floor: Floor) -> int:
    """Ten bearings on the book at A-01, a class A item at 2.50 in cases of 12."""
    floor.warehouse.item("BRG", cost="2.50", abc_class="A", units={"CS": 12})
    floor.warehouse.move("BRG", "A-01", "10")
    return floor.warehouse.key("BRG", "A-01")


@pytest.fixture
def glove(floor: Floor) -> int:
    """Three gloves below zero at A-02, with a case."""
    floor.warehouse.item("GLV", cost="1.00", abc_class="C")
    floor.warehouse.move("GLV", "A-02", "-3")
    return floor.warehouse.key("GLV", "A-02")


# --- sheets ----


def test_a_sheet_lists_its_lines_in_walking_order(floor: Floor) -> None:
    for place in ("C-03", "A-01", "B-02"):
        floor.warehouse.move("BRG", place, "1")
    keys = [floor.warehouse.key("BRG", place) for place in ("C-03", "A-01", "B-02")]
    sheet = floor.counting.create_sheet(floor.people.supervisor, key_ids=keys)
    blind = floor.counting.blind_sheet(floor.people.counter, sheet.sheet_id)
    assert [line.key.location for line in blind.lines] == ["A-01", "B-02", "C-03"]
    assert (sheet.number, blind.number, sheet.lines) == ("CNT-000001", "CNT-000001", 3)


def test_a_case_that_is_sent_to_count_is_being_counted(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    made = floor.counting.create_sheet(floor.people.supervisor, case_ids=[case])
    assert floor.case_state(case) == "counting"
    assert case in made.changes.cases
    assert floor.lines(made.sheet_id)[0].case_id == case


def test_a_key_that_an_open_sheet_asks_for_is_left_out_and_named(
    floor: Floor, bearing: int, glove: int
) -> None:
    floor.sheet(bearing)
    made = floor.counting.create_sheet(floor.people.supervisor, key_ids=[bearing, glove])
    assert (made.lines, made.already) == (1, ((bearing, "CNT-000001"),))


def test_a_sheet_of_keys_that_are_all_asked_for_is_refused(floor: Floor, bearing: int) -> None:
    floor.sheet(bearing)
    with refused("count-already-asked") as told:
        floor.sheet(bearing)
    assert told.fields["sheet"] == "CNT-000001"


def test_a_sheet_of_nothing_is_refused(floor: Floor) -> None:
    with refused("count-nothing-to-count"):
        floor.counting.create_sheet(floor.people.supervisor)


def test_a_sheet_of_an_unknown_key_is_refused(floor: Floor) -> None:
    with refused("stock-key-unknown"):
        floor.counting.create_sheet(floor.people.supervisor, key_ids=[4711])


def test_a_counter_makes_no_sheets(floor: Floor, bearing: int) -> None:
    with refused("not-allowed"):
        floor.counting.create_sheet(floor.people.counter, key_ids=[bearing])


def test_an_auditor_is_not_asked_to_count(floor: Floor, bearing: int) -> None:
    with refused("person-cannot-count"):
        floor.counting.create_sheet(
            floor.people.supervisor, key_ids=[bearing], assigned_to=floor.people.auditor.id
        )


def test_a_sheet_can_be_given_to_somebody_else(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.assign(floor.people.supervisor, sheet, floor.people.counter.id, 99)
    row = floor.counting.sheets(floor.people.counter)[0]
    assert (row.assigned_to, row.due_at) == ("Cora Counter", 99)


def test_a_cancelled_sheet_shows_its_lines_as_not_counted(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    sheet = floor.counting.create_sheet(floor.people.supervisor, case_ids=[case]).sheet_id
    floor.counting.cancel(floor.people.supervisor, sheet, "bin is blocked")
    line = floor.lines(sheet)[0]
    assert (line.state, line.reason, line.final) == ("not counted", "bin is blocked", None)
    assert floor.case_state(case) == "assigned"
    assert floor.counting.sheets(floor.people.supervisor, open_only=True) == ()


def test_a_cancelled_sheet_takes_no_entries(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line = floor.line(sheet)
    floor.counting.cancel(floor.people.supervisor, sheet, "wrong day")
    with refused("count-sheet-closed"):
        floor.counting.enter(floor.people.counter, line, "1")


def test_cancelling_needs_a_reason(floor: Floor, bearing: int) -> None:
    with refused("count-reason-missing"):
        floor.counting.cancel(floor.people.supervisor, floor.sheet(bearing), " ")


# --- overdue ----


def test_a_key_that_was_never_counted_is_overdue_at_once(floor: Floor, bearing: int) -> None:
    due = floor.counting.overdue(floor.people.supervisor)
    assert [(one.key.item, one.last_counted_at, one.due_at) for one in due] == [("BRG", None, None)]


def test_a_counted_key_is_due_again_after_its_share_of_the_year(floor: Floor, bearing: int) -> None:
    """Class A is counted four times a year."""
    floor.count(bearing, "10")
    now = floor.clock()
    assert floor.counting.overdue(floor.people.supervisor, now + 91 * DAY) == ()
    assert len(floor.counting.overdue(floor.people.supervisor, now + 92 * DAY)) == 1


def test_items_without_a_class_are_not_due(floor: Floor) -> None:
    floor.warehouse.move("PLAIN", "A-01", "1")
    assert floor.counting.overdue(floor.people.supervisor) == ()


def test_the_overdue_sheet_takes_what_no_open_sheet_asks_for(floor: Floor, bearing: int, glove: int) -> None:
    floor.sheet(bearing)
    made = floor.counting.create_overdue_sheet(floor.people.supervisor)
    assert [line.key.item for line in floor.lines(made.sheet_id)] == ["GLV"]
    with refused("count-nothing-overdue"):
        floor.counting.create_overdue_sheet(floor.people.supervisor)


# --- blindness ----


def test_a_counter_works_without_a_single_look_at_the_book(floor: Floor, bearing: int, glove: int) -> None:
    sheet = floor.sheet(bearing, glove)
    counter = floor.people.counter
    with floor.statements() as seen:
        blind = floor.counting.blind_sheet(counter, sheet)
        line = blind.lines[0].line_id
        floor.counting.enter(counter, line, "4")
        floor.counting.undo(counter, sheet)
        floor.counting.redo(counter, sheet)
        floor.counting.not_counted(counter, blind.lines[1].line_id, "blocked by a pallet")
        found = floor.counting.add_found(counter, sheet, "BRG", "A-02", "L-1")
        floor.counting.remove_found(counter, found.line_id)
        floor.counting.sheets(counter)
        floor.counting.blind_sheet(counter, sheet)
    assert len(seen) > 40
    book = re.compile(r"\b(balance|movement|episode|count_expectation|ledger_segment|stored_balance)\b")
    assert [statement for statement in seen if book.search(statement)] == []


def test_a_counter_cannot_read_the_results(floor: Floor, bearing: int) -> None:
    with refused("not-allowed"):
        floor.counting.results(floor.people.counter, floor.sheet(bearing))


def test_a_recount_shows_nothing_of_the_first_count(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "4")
    floor.counting.submit(floor.people.counter, sheet)
    line = floor.counting.blind_sheet(floor.people.other_counter, sheet).lines[0]
    assert (line.round, line.state, line.entered, line.quantity) == (2, "to count", "", None)


# --- entry ----


def test_an_entry_says_what_it_makes(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    made = floor.counting.enter(floor.people.counter, floor.line(sheet), "3cs+4")
    assert (made.quantity, made.unit, made.entered) == (40 * U, "EA", "3cs+4")


def test_an_entry_is_there_again_when_the_sheet_is_opened_anew(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "2,5", decimal=",", thousands=".")
    line = floor.counting.blind_sheet(floor.people.counter, sheet).lines[0]
    assert (line.state, line.entered, line.quantity) == ("entered", "2,5", 2_500_000)


def test_an_entry_that_is_no_count_keeps_the_one_before(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line = floor.line(sheet)
    floor.counting.enter(floor.people.counter, line, "4")
    with refused("count-negative"):
        floor.counting.enter(floor.people.counter, line, "−4")
    assert floor.counting.blind_sheet(floor.people.counter, sheet).lines[0].entered == "4"


def test_undo_brings_back_the_entry_before_and_redo_the_one_after(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line, counter = floor.line(sheet), floor.people.counter
    floor.counting.enter(counter, line, "4")
    floor.counting.enter(counter, line, "5")

    def entered() -> str:
        return floor.counting.blind_sheet(counter, sheet).lines[0].entered

    floor.counting.undo(counter, sheet)
    assert entered() == "4"
    floor.counting.undo(counter, sheet)
    assert entered() == ""
    floor.counting.redo(counter, sheet)
    floor.counting.redo(counter, sheet)
    assert entered() == "5"
    with refused("count-nothing-to-redo"):
        floor.counting.redo(counter, sheet)


def test_a_new_entry_ends_what_could_be_redone(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line, counter = floor.line(sheet), floor.people.counter
    floor.counting.enter(counter, line, "4")
    floor.counting.undo(counter, sheet)
    floor.counting.enter(counter, line, "6")
    assert not floor.counting.blind_sheet(counter, sheet).can_redo
    with refused("count-nothing-to-redo"):
        floor.counting.redo(counter, sheet)


def test_there_is_nothing_to_undo_on_a_fresh_sheet(floor: Floor, bearing: int) -> None:
    with refused("count-nothing-to-undo"):
        floor.counting.undo(floor.people.counter, floor.sheet(bearing))


def test_a_line_that_somebody_else_is_counting_is_taken(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "4")
    line = floor.counting.blind_sheet(floor.people.other_counter, sheet).lines[0]
    assert (line.blocked, line.taken_by, line.entered) == ("taken", "Cora Counter", "")
    with refused("count-taken"):
        floor.counting.enter(floor.people.other_counter, line.line_id, "5")


def test_what_was_undone_cannot_be_redone_over_somebody_elses_entry(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line = floor.line(sheet)
    floor.counting.enter(floor.people.counter, line, "4")
    floor.counting.undo(floor.people.counter, sheet)
    floor.counting.enter(floor.people.other_counter, line, "5")
    with refused("count-taken"):
        floor.counting.redo(floor.people.counter, sheet)


def test_entries_that_were_never_submitted_can_be_released(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line = floor.line(sheet)
    floor.counting.enter(floor.people.counter, line, "4")
    floor.counting.release(floor.people.supervisor, sheet, floor.people.counter.id)
    floor.counting.enter(floor.people.other_counter, line, "5")
    with refused("count-nothing-entered"):
        floor.counting.release(floor.people.supervisor, sheet, floor.people.counter.id)


def test_a_count_keyed_from_paper_keeps_its_own_instant(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    counted = floor.clock()
    floor.clock.forward(3 * HOUR)
    made = floor.counting.enter(floor.people.counter, floor.line(sheet), "4", counted)
    assert made.counted_at == counted


def test_a_count_of_the_future_is_refused(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    with refused("count-in-future"):
        floor.counting.enter(floor.people.counter, floor.line(sheet), "4", floor.clock() + 1)


def test_a_count_from_before_the_sheet_is_refused(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    with refused("count-too-early"):
        floor.counting.enter(floor.people.counter, floor.line(sheet), "4", floor.clock() - 1)


def test_an_administrator_does_not_count(floor: Floor, bearing: int) -> None:
    with refused("not-allowed"):
        floor.counting.enter(floor.people.administrator, floor.line(floor.sheet(bearing)), "4")


def test_an_unknown_line_or_sheet_is_named(floor: Floor) -> None:
    with refused("count-line-unknown"):
        floor.counting.enter(floor.people.counter, 99, "4")
    with refused("count-sheet-unknown"):
        floor.counting.blind_sheet(floor.people.counter, 99)
    with refused("count-sheet-unknown"):
        floor.counting.results(floor.people.supervisor, 99)


# --- found ----


def test_something_found_gets_a_line_of_its_own(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    counter = floor.people.counter
    found = floor.counting.add_found(counter, sheet, "BRG", "A-01", "LOT-9")
    floor.counting.enter(counter, floor.line(sheet), "10")
    floor.counting.enter(counter, found.line_id, "2")
    floor.counting.submit(counter, sheet)
    line = floor.lines(sheet)[1]
    assert (line.found, line.key.lot, line.entries[0].book, line.entries[0].variance) == (
        True,
        "LOT-9",
        0,
        2 * U,
    )


def test_something_found_that_the_sheet_lists_is_that_line(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    found = floor.counting.add_found(floor.people.counter, sheet, "BRG", "A-01")
    assert (found.known, found.line_id) == (True, floor.line(sheet))
    assert not found.changes


@pytest.mark.parametrize(
    ("item", "location", "status", "code"),
    [
        ("NONE", "A-01", "available", "item-unknown"),
        ("BRG", "Z-99", "available", "location-unknown"),
        ("BRG", "A-01", "lost", "count-status-unknown"),
    ],
)
def test_what_nobody_knows_cannot_be_found(
    floor: Floor, bearing: int, item: str, location: str, status: str, code: str
) -> None:
    with refused(code):
        floor.counting.add_found(floor.people.counter, floor.sheet(bearing), item, location, "", status)


def test_only_found_lines_can_be_removed(floor: Floor, bearing: int) -> None:
    with refused("count-line-closed"):
        floor.counting.remove_found(floor.people.counter, floor.line(floor.sheet(bearing)))


# --- submission ----


def test_a_count_without_variance_is_accepted_and_kept(floor: Floor, bearing: int) -> None:
    line = floor.count(bearing, "10")
    assert (line.state, line.final and line.final.variance) == ("accepted", 0)


def test_expected_is_the_book_at_the_instant_of_the_count(floor: Floor, bearing: int) -> None:
    """10 on the book, counted 10, then 4 picked before the sheet is submitted."""
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "10")
    floor.clock.forward(MINUTE)
    floor.warehouse.move("BRG", "A-01", "-4")
    floor.counting.submit(floor.people.counter, sheet)
    entry = floor.lines(sheet)[0].entries[0]
    assert (entry.book, entry.late, entry.variance) == (10 * U, 0, 0)


def test_a_receipt_recorded_after_the_count_that_came_before_it_is_rolled_forward(
    floor: Floor, bearing: int
) -> None:
    sheet = floor.sheet(bearing)
    arrived = floor.clock() - 1
    floor.counting.enter(floor.people.counter, floor.line(sheet), "16")
    floor.clock.forward(MINUTE)
    seq = floor.warehouse.move("BRG", "A-01", "6", occurred=arrived, document="IN/7")
    floor.counting.submit(floor.people.counter, sheet)
    entry = floor.lines(sheet)[0].entries[0]
    assert (entry.book, entry.late, entry.expected, entry.variance) == (10 * U, 6 * U, 16 * U, 0)
    assert [(m.movement_id, m.document, m.why) for m in entry.movements] == [(seq, "IN/7", "recorded-later")]


def test_a_line_nobody_counted_needs_a_reason_and_never_becomes_zero(
    floor: Floor, bearing: int, glove: int
) -> None:
    sheet = floor.sheet(bearing, glove)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "10")
    with refused("count-lines-open") as told:
        floor.counting.submit(floor.people.counter, sheet)
    assert told.fields["lines"] == 1
    result = floor.counting.submit(floor.people.counter, sheet, "shift ended")
    assert (result.counted, result.accepted, result.not_counted, result.state) == (1, 1, 1, "submitted")
    line = floor.lines(sheet)[1]
    assert (line.state, line.reason, line.final) == ("not counted", "shift ended", None)


def test_a_refused_submission_leaves_every_draft(floor: Floor, bearing: int, glove: int) -> None:
    sheet = floor.sheet(bearing, glove)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "10")
    with refused("count-lines-open"):
        floor.counting.submit(floor.people.counter, sheet)
    assert floor.counting.blind_sheet(floor.people.counter, sheet).lines[0].entered == "10"
    assert floor.one("SELECT count(*) FROM count_entry") == 0


def test_a_line_waived_with_its_own_reason_keeps_it(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.not_counted(floor.people.counter, floor.line(sheet), "blocked by a pallet")
    blind = floor.counting.blind_sheet(floor.people.counter, sheet).lines[0]
    assert (blind.state, blind.reason) == ("not counted", "blocked by a pallet")
    result = floor.counting.submit(floor.people.counter, sheet)
    assert (result.counted, result.not_counted) == (0, 1)
    assert floor.lines(sheet)[0].reason == "blocked by a pallet"


def test_nothing_entered_is_nothing_to_submit(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "4")
    floor.counting.submit(floor.people.counter, sheet)
    with refused("count-nothing-entered"):
        floor.counting.submit(floor.people.counter, sheet)


def test_a_sheet_stays_open_while_somebody_else_is_still_counting_on_it(
    floor: Floor, bearing: int, glove: int
) -> None:
    sheet = floor.sheet(bearing, glove)
    floor.counting.enter(floor.people.counter, floor.line(sheet, 1), "10")
    floor.counting.enter(floor.people.other_counter, floor.line(sheet, 2), "0")
    result = floor.counting.submit(floor.people.counter, sheet)
    assert (result.state, result.waiting_for) == ("open", ("Otto Othercounter",))
    assert floor.counting.submit(floor.people.other_counter, sheet).state == "recount"


def test_a_submitted_sheet_is_closed(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "10")
    floor.counting.submit(floor.people.counter, sheet)
    with refused("count-sheet-closed"):
        floor.counting.submit(floor.people.other_counter, sheet)


def test_the_log_of_a_case_says_that_it_was_counted(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    sheet = floor.counting.create_sheet(floor.people.supervisor, case_ids=[case]).sheet_id
    floor.counting.enter(floor.people.counter, floor.line(sheet), "0")
    result = floor.counting.submit(floor.people.counter, sheet)
    assert case in result.changes.cases
    assert floor.one(f"SELECT count(*) FROM case_event WHERE case_id = {case} AND kind = 'count'") == 2


# --- tolerance and recounts ----


def test_a_small_variance_within_tolerance_is_accepted(floor: Floor) -> None:
    """Class A allows 1 %: 1,000 on the book, 995 counted."""
    floor.warehouse.item("BIG", abc_class="A")
    floor.warehouse.move("BIG", "A-01", "1000")
    line = floor.count(floor.warehouse.key("BIG", "A-01"), "995")
    assert line.state == "accepted"
    assert line.final is not None
    assert (line.final.variance, line.final.percent) == (-5 * U, 5000)


def test_a_line_below_zero_never_passes_on_percentage(floor: Floor) -> None:
    """−1,000 on the book; 995 late pieces are known, so 5 below zero is expected, and 0 is counted."""
    floor.warehouse.item("BIG", abc_class="C")
    floor.warehouse.move("BIG", "A-01", "-1000")
    key = floor.warehouse.key("BIG", "A-01")
    sheet = floor.sheet(key)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "100")
    floor.clock.forward(MINUTE)
    floor.warehouse.move("BIG", "A-01", "1101", occurred=floor.clock() - HOUR)
    floor.counting.submit(floor.people.counter, sheet)
    line = floor.lines(sheet)[0]
    assert (line.entries[0].variance, line.entries[0].percent) == (-1 * U, 9901)
    assert line.state == "recount"
    assert [reason.code for reason in line.entries[0].reasons] == ["tolerance-below-zero"]


def test_without_any_tolerance_nothing_but_zero_passes(floor: Floor) -> None:
    floor.warehouse.move("PLAIN", "A-01", "1000")
    line = floor.count(floor.warehouse.key("PLAIN", "A-01"), "999")
    assert line.state == "recount"
    assert [reason.code for reason in line.entries[0].reasons] == ["tolerance-none"]


def test_a_line_out_of_tolerance_waits_for_another_person(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    line = floor.line(sheet)
    floor.counting.enter(floor.people.counter, line, "7")
    result = floor.counting.submit(floor.people.counter, sheet)
    assert (result.recount, result.state) == (1, "recount")
    assert floor.counting.blind_sheet(floor.people.counter, sheet).lines[0].blocked == "counted-before"
    with refused("count-by-same-person"):
        floor.counting.enter(floor.people.counter, line, "10")


def test_a_recount_cannot_be_waved_off(floor: Floor, bearing: int) -> None:
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "7")
    floor.counting.submit(floor.people.counter, sheet)
    with refused("count-recount-needed"):
        floor.counting.not_counted(floor.people.other_counter, floor.line(sheet), "no time")


def test_a_recount_that_agrees_leaves_a_confirmed_variance(floor: Floor, bearing: int) -> None:
    line = floor.count(bearing, "7", "7")
    assert (line.state, line.agreed, len(line.entries)) == ("variance", True, 2)
    assert line.final is not None
    assert (line.final.counter, line.final.variance, line.final.value) == (
        "Otto Othercounter",
        -3 * U,
        -7_500_000,
    )


def test_a_recount_that_finds_the_book_right_stands(floor: Floor, bearing: int) -> None:
    line = floor.count(bearing, "7", "10")
    assert (line.state, line.agreed) == ("accepted", False)


def test_a_recount_after_a_pick_agrees_although_the_figure_differs(floor: Floor, bearing: int) -> None:
    """Counted 7 of 10; then 2 picked; recounted 5 of 8: the same 3 are missing."""
    sheet = floor.sheet(bearing)
    floor.counting.enter(floor.people.counter, floor.line(sheet), "7")
    floor.counting.submit(floor.people.counter, sheet)
    floor.clock.forward(MINUTE)
    floor.warehouse.move("BRG", "A-01", "-2")
    floor.clock.forward(MINUTE)
    floor.counting.enter(floor.people.other_counter, floor.line(sheet), "5")
    floor.counting.submit(floor.people.other_counter, sheet)
    assert floor.lines(sheet)[0].agreed


def test_a_third_count_can_be_asked_for_and_is_made_by_a_third_person(floor: Floor, bearing: int) -> None:
    line = floor.count(bearing, "7", "9", third="7")
    assert (line.state, line.agreed, len(line.entries)) == ("variance", True, 3)


def test_a_line_that_was_never_counted_cannot_be_recounted(floor: Floor, bearing: int) -> None:
    with refused("count-line-closed"):
        floor.counting.ask_recount(floor.people.supervisor, [floor.line(floor.sheet(bearing))])


def test_results_total_net_and_gross(floor: Floor, bearing: int, glove: int) -> None:
    """Bearings −3 at 2.50, gloves +3 at 1.00."""
    sheet = floor.sheet(bearing, glove)
    for person in (floor.people.counter, floor.people.other_counter):
        floor.clock.forward(MINUTE)
        floor.counting.enter(person, floor.line(sheet, 1), "7")
        floor.counting.enter(person, floor.line(sheet, 2), "0")
        floor.counting.submit(person, sheet)
    results = floor.counting.results(floor.people.auditor, sheet)
    assert (results.value_net, results.value_gross) == (-4_500_000, 10_500_000)
    assert (results.counted, results.within) == (2, 0)
    assert results.counters == ("Cora Counter", "Otto Othercounter")


# --- cases and edges ----


def test_a_case_whose_line_was_not_counted_is_assigned_again(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    sheet = floor.counting.create_sheet(floor.people.supervisor, case_ids=[case]).sheet_id
    floor.counting.submit(floor.people.counter, sheet, "aisle closed")
    assert floor.case_state(case) == "assigned"


def test_a_case_that_is_waiting_for_approval_is_not_sent_to_count(floor: Floor, glove: int) -> None:
    floor.propose(glove, "9")
    with refused("case-state"):
        floor.counting.create_sheet(floor.people.supervisor, case_ids=[floor.case_of(glove)])


def test_a_case_that_is_being_counted_already_can_be_counted_again(floor: Floor, glove: int) -> None:
    case = floor.case_of(glove)
    for _ in range(2):
        sheet = floor.counting.create_sheet(floor.people.supervisor, case_ids=[case]).sheet_id
        floor.clock.forward(MINUTE)
        floor.counting.enter(floor.people.counter, floor.line(sheet), "0")
        floor.counting.submit(floor.people.counter, sheet)
        floor.counting.cancel(floor.people.supervisor, sheet, "counted anew")
    assert floor.case_state(case) == "counting"


def test_a_sheet_has_a_sensible_number_of_lines(floor: Floor, bearing: int) -> None:
    with refused("count-too-many-lines") as told:
        floor.counting.create_sheet(floor.people.supervisor, key_ids=range(1, 20_002))
    assert told.fields["most"] == 20_000


def test_a_line_with_an_adjustment_is_not_recounted(floor: Floor, bearing: int) -> None:
    floor.propose(bearing, "7")
    with refused("count-line-settled"):
        floor.counting.ask_recount(floor.people.supervisor, [floor.line(1)])


def test_an_accepted_line_takes_no_more_entries(floor: Floor, bearing: int, glove: int) -> None:
    sheet = floor.sheet(bearing, glove)
    for position, text in ((1, "10"), (2, "4")):
        floor.counting.enter(floor.people.counter, floor.line(sheet, position), text)
    floor.counting.submit(floor.people.counter, sheet)
    with refused("count-line-closed"):
        floor.counting.enter(floor.people.other_counter, floor.line(sheet, 1), "10")


def test_a_submitted_sheet_shows_what_was_done_with_each_line(floor: Floor, bearing: int, glove: int) -> None:
    sheet = floor.sheet(bearing, glove)
    floor.counting.enter(floor.people.counter, floor.line(sheet, 1), "10")
    floor.counting.submit(floor.people.counter, sheet, "aisle closed")
    blind = floor.counting.blind_sheet(floor.people.counter, sheet)
    assert [(line.state, line.reason) for line in blind.lines] == [
        ("done", ""),
        ("not counted", "aisle closed"),
    ]
    assert (blind.done, blind.next_line) == (2, None)


def test_the_next_line_is_the_first_this_person_can_still_count(
    floor: Floor, bearing: int, glove: int
) -> None:
    sheet = floor.sheet(bearing, glove)
    floor.counting.enter(floor.people.other_counter, floor.line(sheet, 1), "10")
    blind = floor.counting.blind_sheet(floor.people.counter, sheet)
    assert blind.next_line is not None
    assert (blind.next_line.position, blind.done) == (2, 1)


def test_the_sheet_carries_units_and_barcodes_for_the_scanner(floor: Floor, bearing: int) -> None:
    with floor.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO item_barcode (barcode, item_id, unit) SELECT '4012345678901', id, 'CS' FROM item"
        )
        work.audit("test", "barcode")
        work.changed(everything=True)
        work.commit()
    line = floor.counting.blind_sheet(floor.people.counter, floor.sheet(bearing)).lines[0]
    assert line.barcodes == (("4012345678901", "CS"),)
    assert [(unit.code, unit.numerator) for unit in line.units] == [("CS", 12)]


def test_the_first_submission_keeps_its_name_when_somebody_else_recounts(floor: Floor, bearing: int) -> None:
    floor.count(bearing, "7", "7")
    assert floor.counting.sheets(floor.people.auditor)[0].submitted_by == "Cora Counter"


def test_keys_are_chosen_by_place_and_item(floor: Floor, bearing: int, glove: int) -> None:
    found = floor.counting.candidates(floor.people.supervisor, Choice(item="gl", zone="A"))
    assert [(line.key.item, line.counts_per_year) for line in found] == [("GLV", 1)]
    assert floor.counting.candidates(floor.people.supervisor, Choice(site="ELSEWHERE")) == ()
    assert floor.counting.places(floor.people.supervisor) == (("MAIN", "WH1", "A"),)


def test_late_movements_are_told_where_they_came_from(floor: Floor, bearing: int) -> None:
    """A pick that the book had already when it was counted, but that happens an hour later."""
    sheet = floor.sheet(bearing)
    floor.warehouse.move("BRG", "A-01", "-2", occurred=floor.clock() + HOUR, document="OUT/9")
    floor.counting.enter(floor.people.counter, floor.line(sheet), "10")
    floor.counting.submit(floor.people.counter, sheet)
    entry = floor.lines(sheet)[0].entries[0]
    assert (entry.book, entry.late, entry.variance) == (8 * U, 2 * U, 0)
    assert [(one.document, one.quantity, one.why) for one in entry.movements] == [
        ("OUT/9", 2 * U, "posted-ahead")
    ]


def test_a_case_whose_key_another_sheet_asks_for_stays_as_it_is(floor: Floor, glove: int) -> None:
    floor.warehouse.move("NEW", "A-01", "-1")
    other = floor.case_of(floor.warehouse.key("NEW", "A-01"))
    case = floor.case_of(glove)
    floor.sheet(glove)
    made = floor.counting.create_sheet(floor.people.supervisor, case_ids=[case, other])
    assert made.already == ((glove, "CNT-000001"),)
    assert (floor.case_state(case), floor.case_state(other)) == ("new", "counting")
