"""The queue screen with real keys over a real warehouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from support.desk import Workstation
from support.screen import focus
from zeroline.domain.case import Queue
from zeroline.domain.person import Person
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.accepting import AcceptDialog
from zeroline.ui.dialogs.assign import AssignDialog
from zeroline.ui.dialogs.cause import CauseDialog
from zeroline.ui.dialogs.dismiss import DismissDialog
from zeroline.ui.screens.queue import QueueScreen
from zeroline.ui.theme import Tone

Open = Callable[..., QueueScreen]

NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def negatives(workstation: Workstation) -> Workstation:
    """Three places below zero: a bearing worst, then a glove and a bolt, in two zones."""
    made = workstation.warehouse
    made.item("BRG-6204", cost="12.00", abc_class="A", description="Ball bearing 6204")
    made.item("GLV-XL", cost="4.00", description="Nitrile glove XL")
    made.item("BLT-M6", cost="0.10", description="Hexagon bolt M6")
    for code, zone in (("E-02", "E"), ("A-02", "A"), ("A-03", "A")):
        made.location(code, zone=zone)
    made.source()
    made.move("BRG-6204", "E-02", "3", "2026-02-20T08:00:00Z", document="IN/00007")
    made.move("BRG-6204", "E-02", "-11", "2026-02-26T09:12:00Z", document="OUT/00033", user="R. Diaz",
              kind="shipment")  # fmt: skip
    made.move("GLV-XL", "A-02", "-3", "2026-03-01T22:00:00Z", document="OUT/00040", user="L. Rossi")
    made.move("BLT-M6", "A-03", "-5", "2026-03-02T05:30:00Z", document="OUT/00041", user="L. Rossi")
    made.move("BLT-M6", "A-02", "80", "2026-03-01T05:30:00Z", document="IN/00008")
    workstation.services.casework.sync()
    return workstation


@pytest.fixture
def open_queue(negatives: Workstation) -> Open:
    def show(queue: Queue = Queue.NEGATIVE, person: Person | None = None) -> QueueScreen:
        desk = negatives.desk(person or negatives.warehouse.people.supervisor)
        return negatives.show(QueueScreen(desk, queue))

    return show


def items(screen: QueueScreen) -> list[str]:
    """Item codes as listed, from top to bottom."""
    rows, display = screen.table.table.rows, screen.table.table.arrangement.display
    return [rows.value("item", int(row)) for row in display if row >= 0]


def press(workstation: Workstation, screen: QueueScreen, key: Qt.Key, modifier: Any = NONE) -> None:
    workstation.qtbot.keyClick(screen.table, key, modifier)


def test_the_worst_comes_first_with_its_reason_on_hover(open_queue: Open) -> None:
    screen = open_queue()
    assert items(screen)[0] == "BRG-6204"
    index = screen.table.table.index(0, 0)
    assert "below zero" in str(index.data(int(Qt.ItemDataRole.ToolTipRole))).lower()


def test_the_title_says_how_many_how_much_and_what_is_mine(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    assert screen.panel.summary.text().replace("\u00a0", " ") == "3 open · 0 mine · −€ 108"
    press(negatives, screen, Qt.Key.Key_A)
    assert "1 mine" in screen.panel.summary.text()


def test_the_row_under_the_cursor_is_explained_with_one_next_step(open_queue: Open) -> None:
    pane = open_queue().pane
    told = pane.happened.text().replace("\u00a0", " ")
    assert told == ("BRG-6204 at E-02 crossed zero on Thu 09:12 with shipment OUT/00033 (−11 EA, R. Diaz).")
    assert pane.why.text() == "Why: not enough to say yet."
    assert pane.step.isVisible()
    assert pane.step.accessibleName() == "Send to count"


def test_the_explanation_follows_the_cursor(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_Down)
    assert not screen.pane.step.isEnabled()
    negatives.qtbot.waitUntil(lambda: items(screen)[1] in screen.pane.happened.text())
    assert screen.pane.step.isEnabled()


def test_typing_filters_by_item_user_and_document(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_F, CONTROL)
    negatives.qtbot.keyClicks(screen.panel.search, "rossi")
    assert sorted(items(screen)) == ["BLT-M6", "GLV-XL"]
    negatives.qtbot.keyClicks(screen.panel.search, " 00041")
    assert items(screen) == ["BLT-M6"]


def test_letters_typed_into_the_filter_do_nothing_to_cases(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_F, CONTROL)
    negatives.qtbot.keyClicks(screen.panel.search, "acdt")
    assert screen.panel.search.text() == "acdt"
    assert "0 mine" in screen.panel.summary.text()


def test_several_cases_go_to_count_on_one_sheet_whose_number_is_said(
    open_queue: Open, negatives: Workstation
) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_A, CONTROL)
    press(negatives, screen, Qt.Key.Key_C)
    sheet = negatives.services.counting.sheets(negatives.warehouse.people.supervisor)[0]
    assert sheet.lines == 3
    assert sheet.number in negatives.said[-1][0]


def test_the_selection_survives_a_reload(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    screen.table.select_ids([screen.table.table.rows.ids[2]])
    kept = screen.table.selected_ids()
    negatives.warehouse.move("GLV-XL", "A-03", "-1", "2026-03-02T05:50:00Z")
    negatives.services.casework.sync()
    screen.reload()
    assert len(screen.table.table.rows) == 4
    assert screen.table.selected_ids() == kept


def test_enter_opens_the_case(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_Return)
    assert negatives.went == [Place("case", screen.table.current_id())]


def test_cases_are_given_to_somebody_by_typing_a_part_of_the_name(
    open_queue: Open, negatives: Workstation
) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_A, CONTROL)
    press(negatives, screen, Qt.Key.Key_A, SHIFT)
    dialog = negatives.dialog(AssignDialog)
    negatives.qtbot.keyClicks(dialog.search, "other")
    negatives.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    owners = {screen.table.table.rows.value("owner", row) for row in range(3)}
    assert owners == {"Olga Othersupervisor"}


def test_people_who_cannot_look_into_cases_are_not_offered(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_A, SHIFT)
    dialog = negatives.dialog(AssignDialog)
    offered = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert "Cora Counter" not in offered
    dialog.reject()


def test_dismissing_needs_a_reason_and_takes_the_case_away(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    gone = screen.table.current_id()
    press(negatives, screen, Qt.Key.Key_D)
    dialog = negatives.dialog(DismissDialog)
    assert not dialog.yes.isEnabled()
    focus(negatives.qtbot, dialog.reason)
    negatives.qtbot.keyClicks(dialog.reason, "test data")
    negatives.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, CONTROL)
    assert gone not in screen.table.table.rows.ids
    assert negatives.services.lookup.case(screen.desk.person, gone).reason == "test data"


def test_the_cause_is_tagged_by_typing_what_it_looks_like(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    id = screen.table.current_id()
    press(negatives, screen, Qt.Key.Key_T)
    dialog = negatives.dialog(CauseDialog)
    negatives.qtbot.keyClicks(dialog.search, "wrong bin or lot")
    assert dialog.code == "R3"
    negatives.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    cause = negatives.services.lookup.case(screen.desk.person, id).cause
    assert cause is not None
    assert cause.code == "R3"


def test_a_recent_cause_is_one_digit_away(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    first, second = screen.table.table.rows.ids[:2]
    negatives.services.casework.tag_cause(screen.desk.person, first, "K3")
    screen.table.select_ids([second])
    press(negatives, screen, Qt.Key.Key_T)
    negatives.qtbot.keyClick(negatives.dialog(CauseDialog).search, Qt.Key.Key_1)
    cause = negatives.services.lookup.case(screen.desk.person, second).cause
    assert cause is not None
    assert cause.code == "K3"


def test_the_other_cause_cannot_be_tagged_without_a_comment(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_T)
    dialog = negatives.dialog(CauseDialog)
    dialog.list.select_ids(["Z9"])
    assert not dialog.yes.isEnabled()
    negatives.qtbot.keyClicks(dialog.comment, "the cat moved it")
    assert dialog.yes.isEnabled()
    dialog.reject()


def test_a_case_that_somebody_took_away_meanwhile_is_refused_in_words(
    open_queue: Open, negatives: Workstation
) -> None:
    screen = open_queue()
    other = negatives.warehouse.people.other_supervisor
    gone = screen.table.current_id()
    assert gone is not None
    negatives.services.casework.dismiss(other, [gone], "not real")
    press(negatives, screen, Qt.Key.Key_A)
    sentence, tone = negatives.said[-1]
    assert tone is Tone.NEGATIVE
    assert sentence


def test_an_auditor_reads_everything_and_can_change_nothing(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue(person=negatives.warehouse.people.auditor)
    press(negatives, screen, Qt.Key.Key_A)
    press(negatives, screen, Qt.Key.Key_C)
    press(negatives, screen, Qt.Key.Key_D)
    assert not screen.pane.step.isVisible()
    assert "crossed zero" in screen.pane.happened.text()
    assert "0 mine" in screen.panel.summary.text()


def test_transient_negatives_come_grouped_by_their_pattern(open_queue: Open, negatives: Workstation) -> None:
    made = negatives.warehouse
    made.move("GLV-XL", "E-02", "-2", "2026-03-01T10:00:00Z", kind="pick", document="OUT/9")
    made.move("GLV-XL", "E-02", "9", "2026-03-01T15:00:00Z", "2026-03-01T08:00:00Z", document="IN/9")
    negatives.services.casework.sync()
    screen = open_queue(Queue.TRANSIENT)
    shown = screen.table.table.shown
    assert [shown.group_title(group) for group in shown.arrangement.groups] == [
        "Pick before receipt · OUT of wms · some hours late"
    ]


def test_a_transient_case_is_closed_with_one_key(open_queue: Open, negatives: Workstation) -> None:
    made = negatives.warehouse
    made.move("GLV-XL", "E-02", "-2", "2026-03-01T10:00:00Z", document="OUT/9")
    made.move("GLV-XL", "E-02", "9", "2026-03-01T15:00:00Z", "2026-03-01T08:00:00Z", document="IN/9")
    negatives.services.casework.sync()
    screen = open_queue(Queue.TRANSIENT)
    assert screen.pane.view is not None
    guess = screen.pane.view.next_step.facts.get("cause")
    assert screen.pane.step.accessibleName() == f"Close as {guess or 'transient'}"
    case_id = screen.pane.view.case_id
    press(negatives, screen, Qt.Key.Key_Return, CONTROL)
    assert len(screen.table.table.rows) == 0
    person = negatives.warehouse.people.supervisor
    closed = negatives.services.lookup.case(person, case_id)
    assert closed.cause.code == (guess or "T2")
    assert (closed.verdict is not None and closed.verdict.said == "accepted") == bool(guess)


def test_an_empty_queue_says_what_to_do_next(open_queue: Open) -> None:
    screen = open_queue(Queue.SELF_CHECK)
    assert screen.panel.nothing.isVisible()
    assert "stored balances" in screen.panel.nothing.text.text()
    assert not screen.pane.isVisible()


def test_places_due_to_be_counted_become_a_sheet(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue(Queue.COUNTS_DUE)
    assert "was never counted" in screen.pane.happened.text()
    press(negatives, screen, Qt.Key.Key_A, CONTROL)
    wanted = len(screen.table.selected_ids())
    press(negatives, screen, Qt.Key.Key_C)
    sheet = negatives.services.counting.sheets(screen.desk.person)[0]
    assert sheet.lines == wanted > 0


def test_a_view_is_saved_for_this_person_and_used_again(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    screen.panel.set_filter({"field": "zone", "is": ["A"]})
    negatives.prompts.answers.append("zone A")
    screen.panel.save_action.trigger()
    saved = negatives.services.saved_views.list(screen.desk.person, "queue negative")
    assert json.loads(saved[0].tree)["filter"] == {"field": "zone", "is": ["A"]}
    screen.panel.clear_filter()
    assert len(items(screen)) == 3
    screen.panel.apply_view_state(screen.panel.saved_views[0].state)
    assert sorted(items(screen)) == ["BLT-M6", "GLV-XL"]


def test_what_is_seen_is_copied_with_headings(open_queue: Open, negatives: Workstation) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_A, CONTROL)
    press(negatives, screen, Qt.Key.Key_C, CONTROL | SHIFT)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("!\tItem\tDescription\tBin")
    assert len(lines) == 4
    assert negatives.said[-1][0] == "3 rows copied with headings."


def test_rows_that_are_selected_without_a_cursor_are_told_with_their_keys(
    open_queue: Open, negatives: Workstation
) -> None:
    screen = open_queue()
    screen.table.setCurrentIndex(screen.table.model().index(-1, -1))
    screen.table.clearSelection()
    assert screen.pane.hint.text() == "Select a row to see what happened."
    screen.table.selectAll()
    assert screen.pane.hint.text().startswith(
        "3\u00a0rows are selected. The keys work on all of them: A assign"
    )


def test_everything_is_exported_as_a_workbook(
    open_queue: Open, negatives: Workstation, tmp_path: Path
) -> None:
    screen = open_queue()
    negatives.prompts.answers.append(tmp_path / "queue.xlsx")
    screen.panel.export_all_action.trigger()
    assert (tmp_path / "queue.xlsx").read_bytes()[:2] == b"PK"
    assert "queue.xlsx" in negatives.said[-1][0]


def test_one_key_shows_only_my_cases_and_the_same_key_all_of_them(
    open_queue: Open, negatives: Workstation
) -> None:
    screen = open_queue()
    press(negatives, screen, Qt.Key.Key_A)
    press(negatives, screen, Qt.Key.Key_M)
    assert items(screen) == ["BRG-6204"]
    press(negatives, screen, Qt.Key.Key_M)
    assert len(items(screen)) == 3


def test_a_whole_pattern_is_closed_from_its_heading(open_queue: Open, negatives: Workstation) -> None:
    made = negatives.warehouse
    for item in ("GLV-XL", "BLT-M6"):
        made.move(item, "E-02", "-2", "2026-03-01T10:00:00Z", document="OUT/9")
        made.move(item, "E-02", "9", "2026-03-01T15:00:00Z", "2026-03-01T08:00:00Z", document="IN/9")
    negatives.services.casework.sync()
    screen = open_queue(Queue.TRANSIENT)
    press(negatives, screen, Qt.Key.Key_Up)
    assert "2\u00a0rows" in screen.pane.hint.text()
    press(negatives, screen, Qt.Key.Key_Left)
    press(negatives, screen, Qt.Key.Key_X)
    assert len(screen.table.table.rows) == 0


# --- guesses


@pytest.fixture
def guessed(negatives: Workstation) -> Workstation:
    """Two gloves confirmed twice beside the rest, about which there is not enough to say."""
    made = negatives.warehouse
    for item in ("GLV-S", "GLV-M"):
        made.item(item, cost="4.00")
        made.move(item, "A-02", "20", "2026-02-25T08:00:00Z", document="IN/2")
        for minute in (0, 1):
            made.move(item, "A-02", "-12", f"2026-02-26T10:0{minute}:00Z", document=f"OUT/{item}")
    return negatives


def causes(screen: QueueScreen, key: str) -> dict[str, Any]:
    rows = screen.table.table.rows
    return {rows.value("item", row): rows.value(key, row) for row in range(len(rows))}


def test_the_likely_cause_and_how_sure_it_is_stand_in_the_list(
    open_queue: Open, guessed: Workstation
) -> None:
    screen = open_queue()
    assert (causes(screen, "guess")["GLV-S"], causes(screen, "guess")["BRG-6204"]) == ("K5", "Z0")
    columns = {column.key: column for column in screen.table.columns}
    assert columns["guess"].text("K5") == "K5 Duplicate confirmation"
    assert columns["guess"].text("Z0") == "Not enough to say"
    assert columns["confidence"].text(920_000).replace("\u00a0", " ") == "92 %"
    assert columns["confidence"].text(0) == ""


def test_the_list_is_sorted_grouped_and_filtered_by_the_guess(open_queue: Open, guessed: Workstation) -> None:
    screen = open_queue()
    screen.table.sort_by("confidence", True)
    sure = causes(screen, "confidence")
    assert [sure[item] for item in items(screen)] == sorted(sure.values(), reverse=True)
    screen.table.group_by("guess")
    assert {group.value for group in screen.table.table.arrangement.groups} == set(
        causes(screen, "guess").values()
    )
    screen.table.group_by("")
    screen.panel.set_filter(
        {"all": [{"field": "guess", "contains": "K5"}, {"field": "confidence", "above": 800_000}]}
    )
    assert sorted(items(screen)) == ["GLV-M", "GLV-S"]


def test_the_pane_tells_the_evidence_and_marks_it_in_the_chart(
    open_queue: Open, guessed: Workstation
) -> None:
    screen = open_queue()
    stand_on(screen, guessed, "GLV-S")
    told = screen.pane.traces.text().replace("\u00a0", " ")
    assert told.startswith("1  OUT/GLV-S")
    assert "It explains all that is missing: 4 EA." in told


def stand_on(screen: QueueScreen, workstation: Workstation, item: str) -> None:
    rows = screen.table.table.rows
    row = next(row for row in range(len(rows)) if rows.value("item", row) == item)
    screen.table.select_ids([rows.ids[row]])
    workstation.qtbot.waitUntil(lambda: screen.pane.view is not None and screen.pane.view.key.item == item)


def test_one_key_accepts_the_guess_of_the_row(open_queue: Open, guessed: Workstation) -> None:
    screen = open_queue()
    stand_on(screen, guessed, "GLV-S")
    press(guessed, screen, Qt.Key.Key_Y)
    assert (causes(screen, "cause")["GLV-S"], causes(screen, "verdict")["GLV-S"]) == ("K5", "accepted")
    assert causes(screen, "cause")["GLV-M"] == ""


def test_where_there_is_not_enough_to_say_nothing_is_accepted(open_queue: Open, guessed: Workstation) -> None:
    screen = open_queue()
    stand_on(screen, guessed, "BRG-6204")
    press(guessed, screen, Qt.Key.Key_Y)
    assert guessed.said[-1][0] == "Why: not enough to say yet."
    assert set(causes(screen, "cause").values()) == {""}


def test_one_key_refuses_the_guess_of_the_row(open_queue: Open, guessed: Workstation) -> None:
    screen = open_queue()
    stand_on(screen, guessed, "GLV-S")
    press(guessed, screen, Qt.Key.Key_U)
    assert causes(screen, "verdict")["GLV-S"] == "rejected"


def test_many_are_accepted_after_the_confidence_is_asked_and_the_numbers_are_shown(
    open_queue: Open, guessed: Workstation
) -> None:
    screen = open_queue()
    press(guessed, screen, Qt.Key.Key_Y, SHIFT)
    dialog = guessed.dialog(AcceptDialog)
    assert dialog.least.text() == "90"
    assert dialog.will.text().replace("\u00a0", " ").splitlines() == [
        "This tags 2 cases and links what speaks for it:",
        "K5 Duplicate confirmation: 2 cases, −€ 32.00",
    ]
    assert "where there is not enough to say" in dialog.left.text()
    assert dialog.yes.text().replace("\u00a0", " ") == "Tag 2 cases"
    guessed.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    tagged = {item: cause for item, cause in causes(screen, "cause").items() if cause}
    assert tagged == {"GLV-S": "K5", "GLV-M": "K5"}
    assert guessed.said[-1][0].replace("\u00a0", " ") == "2 cases tagged with the likeliest cause."


def test_another_confidence_shows_other_numbers(open_queue: Open, guessed: Workstation) -> None:
    screen = open_queue()
    press(guessed, screen, Qt.Key.Key_Y, SHIFT)
    dialog = guessed.dialog(AcceptDialog)
    guessed.qtbot.keyClicks(dialog.least, "99")
    assert dialog.plan.least == 990_000
    assert dialog.will.text().startswith("None of these cases is so sure.")
    assert "less sure than 99" in dialog.left.text()
    assert not dialog.yes.isEnabled()
    guessed.qtbot.mouseClick(dialog.no, Qt.MouseButton.LeftButton)
    assert set(causes(screen, "cause").values()) == {""}


def test_the_selected_rows_alone_are_accepted(open_queue: Open, guessed: Workstation) -> None:
    screen = open_queue()
    rows = screen.table.table.rows
    wanted = [rows.ids[row] for row in range(len(rows)) if rows.value("item", row) in ("GLV-S", "BRG-6204")]
    screen.table.select_ids(wanted)
    press(guessed, screen, Qt.Key.Key_Y)
    dialog = guessed.dialog(AcceptDialog)
    assert len(dialog.plan.chosen) == 1
    assert [one.reason for one in dialog.plan.skipped] == ["unclear"]
    dialog.reject()
