"""The case screen with real keys over a real warehouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from support.desk import Workstation
from support.floor import Floor
from support.screen import focus
from zeroline.domain.person import Person
from zeroline.ui.dialogs.attachment import AttachmentDialog
from zeroline.ui.dialogs.cause import CauseDialog
from zeroline.ui.dialogs.evidence import EvidenceDialog
from zeroline.ui.dialogs.from_documents import DocumentsDialog
from zeroline.ui.dialogs.proposal import ProposalDialog
from zeroline.ui.dialogs.wait import WaitDialog
from zeroline.ui.screens.case import CaseScreen
from zeroline.ui.text.diagnosis import Reasoning
from zeroline.ui.theme import Tone

Open = Callable[..., CaseScreen]

NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture
def bearing(floor: Floor) -> int:
    """The stock key of a bearing that went to −8 on Thursday, with 30 of it in another bin."""
    made = floor.warehouse
    made.item("BRG-6204", cost="12.00", description="Ball bearing 6204", units={"CS": 4})
    made.move("BRG-6204", "E-02", "3", "2026-02-20T08:00:00Z", document="IN/00007", user="J. Weber")
    made.move("BRG-6204", "E-02", "-11", "2026-02-26T09:12:00Z", document="OUT/00033", user="R. Diaz",
              kind="shipment")  # fmt: skip
    made.move("BRG-6204", "B-07", "30", "2026-02-21T08:00:00Z", document="IN/00008")
    return made.key("BRG-6204", "E-02")


@pytest.fixture
def open_case(workstation: Workstation, floor: Floor, bearing: int) -> Open:
    def show(person: Person | None = None) -> CaseScreen:
        workstation.services.casework.sync()
        desk = workstation.desk(person or floor.people.supervisor)
        screen: CaseScreen = workstation.show(CaseScreen(desk), floor.case_of(bearing))
        return screen

    return show


def press(screen: CaseScreen, key: Qt.Key, modifier: Any = NONE) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(screen.ledger, key, modifier)


def plain(label: QLabel) -> str:
    """The words of a label with ordinary blanks."""
    return label.text().replace("\u00a0", " ")


def state(screen: CaseScreen) -> str:
    assert screen.view is not None
    return str(screen.view.state.value)


def test_the_story_names_when_and_by_which_movement_it_crossed_zero(open_case: Open) -> None:
    screen = open_case()
    assert plain(screen.head.happened) == (
        "BRG-6204 at E-02 crossed zero on Thu 09:12 with shipment OUT/00033 (−11 EA, R. Diaz)."
    )
    assert plain(screen.head.lasting).startswith("Below zero for 3 d 20 h, and now at its lowest: −8 EA")
    assert screen.view is not None
    assert screen.why.text() == Reasoning(screen.desk.format).leading(screen.view)


def test_the_crossing_movement_is_marked_in_ledger_and_chart(open_case: Open) -> None:
    screen = open_case()
    assert screen.view is not None
    assert screen.view.crossing is not None
    assert screen.ledger.current_id() == screen.view.crossing.seq
    assert screen.chart.selected_movement() == screen.view.crossing.seq
    rows = screen.ledger.table.rows
    assert [rows.value("balance", row) for row in range(len(rows))] == [3_000_000, -8_000_000]


def test_a_ledger_row_is_found_in_the_chart_and_back(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    press(screen, Qt.Key.Key_Up)
    assert screen.chart.selected_movement() == screen.ledger.current_id()
    focus(workstation.qtbot, screen.chart)
    workstation.qtbot.keyClick(screen.chart, Qt.Key.Key_Right)
    assert screen.ledger.current_id() == screen.chart.selected_movement()
    assert screen.view is not None
    assert screen.view.crossing is not None
    assert screen.ledger.current_id() == screen.view.crossing.seq


def test_other_bins_with_stock_are_listed_and_told(open_case: Open) -> None:
    screen = open_case()
    rows = screen.sides.elsewhere.table.table.rows
    assert [rows.value("location", row) for row in range(len(rows))] == ["B-07"]
    assert "30 EA in B-07" in plain(screen.traces)


def test_the_next_step_of_a_negative_that_nothing_explains_sends_it_to_count(
    workstation: Workstation, floor: Floor
) -> None:
    floor.warehouse.move("ITEM-1", "A-01", "3", "2026-02-20T08:00:00Z")
    floor.warehouse.move("ITEM-1", "A-01", "-11", "2026-02-26T09:12:00Z")
    desk = workstation.desk(floor.people.supervisor)
    screen: CaseScreen = workstation.show(
        CaseScreen(desk), floor.case_of(floor.warehouse.key("ITEM-1", "A-01"))
    )
    assert plain(screen.why) == "Why: not enough to say yet."
    assert "What helps: count the bin" in plain(screen.answer.helps)
    assert screen.step.accessibleName() == "Send to count"
    press(screen, ENTER, CONTROL)
    assert state(screen) == "counting"
    assert "CNT-" in workstation.said[-1][0]


def test_the_step_leads_to_the_sheet_that_is_out(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    press(screen, Qt.Key.Key_C)
    sheet = workstation.services.counting.sheets(screen.desk.person)[0]
    workstation.qtbot.mouseClick(screen.step, Qt.MouseButton.LeftButton)
    assert (workstation.went[-1].screen, workstation.went[-1].target) == ("counting", sheet.sheet_id)


def test_a_count_shows_its_arithmetic(open_case: Open, floor: Floor, bearing: int) -> None:
    floor.count(bearing, "1cs+3", "7")
    screen = open_case()
    told = plain(screen.sides.arithmetic)
    assert "Found 7" in told
    assert "− book −8 = +15 EA" in told


def test_an_adjustment_is_proposed_in_one_step_from_the_count(
    open_case: Open, workstation: Workstation, floor: Floor, bearing: int
) -> None:
    floor.count(bearing, "7", "7")
    screen = open_case()
    assert screen.view is not None
    workstation.services.casework.tag_cause(screen.desk.person, screen.view.case_id, "K3")
    screen.reload()
    assert screen.step.accessibleName().replace("\u00a0", " ") == "Propose +15 EA"
    press(screen, ENTER, CONTROL)
    dialog = workstation.dialog(ProposalDialog)
    words = [label.text().replace("\u00a0", " ") for label in dialog.sums.findChildren(QLabel)]
    assert "−8 EA → 7 EA" in words
    assert "+€ 180.00" in words
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert state(screen) == "waiting for approval"
    assert "ADJ-" in workstation.said[-1][0]


def test_an_open_receipt_must_be_answered_before_proposing(
    open_case: Open, workstation: Workstation, floor: Floor, bearing: int
) -> None:
    floor.count(bearing, "7", "7")
    floor.document("receipt", "BRG-6204", "15", location="E-02")
    screen = open_case()
    assert screen.view is not None
    workstation.services.casework.tag_cause(screen.desk.person, screen.view.case_id, "R1")
    screen.reload()
    press(screen, Qt.Key.Key_P)
    dialog = workstation.dialog(ProposalDialog)
    assert "DOC-1" in dialog.warning.text()
    assert not dialog.yes.isEnabled()
    focus(workstation.qtbot, dialog.guard_reason)
    workstation.qtbot.keyClicks(dialog.guard_reason, "the supplier sent half")
    assert dialog.yes.isEnabled()
    dialog.reject()


def tagged(screen: CaseScreen, workstation: Workstation, cause: str) -> None:
    """The cause of the case is known."""
    assert screen.view is not None
    workstation.services.casework.tag_cause(screen.desk.person, screen.view.case_id, cause)
    screen.reload()


def test_what_papers_prove_is_proposed_without_a_count(
    open_case: Open, workstation: Workstation, floor: Floor
) -> None:
    floor.document("receipt", "BRG-6204", "8", location="E-02")
    screen = open_case()
    tagged(screen, workstation, "R4")
    press(screen, Qt.Key.Key_P)
    counting = workstation.dialog(ProposalDialog)
    assert not counting.yes.isEnabled()
    workstation.qtbot.mouseClick(counting.from_documents, Qt.MouseButton.LeftButton)
    dialog = workstation.dialog(DocumentsDialog)
    workstation.qtbot.keyClicks(dialog.quantity.field, "2cs")
    assert dialog.quantity.makes.text().replace("\u00a0", " ") == "= +8 EA"
    assert dialog.wrong.text() == "There is no evidence. Link a count or a document first."
    focus(workstation.qtbot, dialog.papers)
    workstation.qtbot.keyClick(dialog.papers, Qt.Key.Key_A, CONTROL)
    assert dialog.wrong.text() == ""
    words = [label.text().replace("\u00a0", " ") for label in dialog.sums.findChildren(QLabel)]
    assert "−8 EA → 0 EA" in words
    assert "no count proves it" in " ".join(words)
    assert not dialog.yes.isEnabled(), "the receipt itself is still open and would bring the same"
    focus(workstation.qtbot, dialog.guard_reason)
    workstation.qtbot.keyClicks(dialog.guard_reason, "signed delivery note, never booked")
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert state(screen) == "waiting for approval"
    assert screen.view is not None
    (made,) = screen.view.adjustments
    assert (made.kind, made.quantity) == ("adjustment", 8_000_000)
    view = workstation.services.settlement.approval_view(floor.people.manager, made.adjustment_id)
    assert [(one.kind, one.label) for one in view.evidence] == [("document", "DOC-1")]


def test_papers_can_say_that_the_book_has_too_much(
    open_case: Open, workstation: Workstation, tmp_path: Path
) -> None:
    note = tmp_path / "scrap note.pdf"
    note.write_bytes(b"%PDF-1.4 scrap")
    screen = open_case()
    workstation.prompts.answers.append(note)
    press(screen, Qt.Key.Key_F)
    tagged(screen, workstation, "L1")
    press(screen, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    dialog = workstation.dialog(DocumentsDialog)
    workstation.qtbot.keyClicks(dialog.quantity.field, "-1cs+1")
    assert any("linked already: scrap note.pdf" in label.text() for label in dialog.findChildren(QLabel))
    assert dialog.yes.text().replace("\u00a0", " ") == "Propose −5 EA"
    workstation.qtbot.keyClicks(dialog.quantity.field, "x")
    assert not dialog.yes.isEnabled(), "what cannot be read is not proposed"
    dialog.reject()
    assert state(screen) == "cause proposed"


def test_without_any_paper_the_dialog_says_how_to_get_one(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    tagged(screen, workstation, "L1")
    press(screen, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    dialog = workstation.dialog(DocumentsDialog)
    assert any("attach a photo or a PDF" in label.text() for label in dialog.findChildren(QLabel))
    assert not dialog.yes.isEnabled()
    dialog.reject()


def test_a_late_document_is_waited_for_and_not_adjusted(
    open_case: Open, workstation: Workstation, floor: Floor
) -> None:
    floor.document("receipt", "BRG-6204", "30", location="E-02")
    screen = open_case()
    assert screen.view is not None
    workstation.services.casework.tag_cause(screen.desk.person, screen.view.case_id, "T1")
    screen.reload()
    assert screen.step.accessibleName() == "Wait for DOC-1"
    press(screen, ENTER, CONTROL)
    dialog = workstation.dialog(WaitDialog)
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert state(screen) == "waiting for a document"
    assert plain(screen.next).startswith("Waiting for DOC-1, due tomorrow")


def test_proposing_against_a_timing_cause_needs_a_reason_and_offers_to_wait(
    open_case: Open, workstation: Workstation, floor: Floor, bearing: int
) -> None:
    floor.count(bearing, "7", "7")
    screen = open_case()
    assert screen.view is not None
    workstation.services.casework.tag_cause(screen.desk.person, screen.view.case_id, "T1")
    screen.reload()
    press(screen, Qt.Key.Key_P)
    dialog = workstation.dialog(ProposalDialog)
    assert not dialog.yes.isEnabled()
    assert dialog.instead.isVisible()
    workstation.qtbot.mouseClick(dialog.instead, Qt.MouseButton.LeftButton)
    workstation.dialog(WaitDialog).reject()


def test_what_was_typed_survives_somebody_who_was_faster(
    open_case: Open, workstation: Workstation, floor: Floor
) -> None:
    screen = open_case()
    assert screen.view is not None
    press(screen, Qt.Key.Key_T)
    dialog = workstation.dialog(CauseDialog)
    dialog.list.select_ids(["K2"])
    focus(workstation.qtbot, dialog.comment)
    workstation.qtbot.keyClicks(dialog.comment, "seen in B-07")
    other = floor.people.other_supervisor
    workstation.services.casework.tag_cause(other, screen.view.case_id, "K3")
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert "Olga Othersupervisor" in dialog.wrong.text()
    assert dialog.comment.toPlainText() == "seen in B-07"
    assert "K3" in plain(screen.why)
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert plain(screen.why).startswith("Why: K2")
    assert "“seen in B-07”" in plain(screen.said)


def test_selected_movements_become_the_evidence_of_the_cause(
    open_case: Open, workstation: Workstation
) -> None:
    screen = open_case()
    press(screen, Qt.Key.Key_A, CONTROL)
    press(screen, Qt.Key.Key_T)
    dialog = workstation.dialog(CauseDialog)
    focus(workstation.qtbot, dialog.search)
    workstation.qtbot.keyClicks(dialog.search, "K2")
    workstation.qtbot.keyClick(dialog.search, ENTER)
    assert screen.view is not None
    assert [one.kind for one in screen.view.evidence] == ["movement", "movement"]


def test_evidence_is_linked_from_a_list(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    press(screen, Qt.Key.Key_E)
    dialog = workstation.dialog(EvidenceDialog)
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert screen.view is not None
    assert [one.label for one in screen.view.evidence] == ["OUT/00033"]


def test_a_photo_is_attached_and_looked_at(open_case: Open, workstation: Workstation, tmp_path: Path) -> None:
    photo = tmp_path / "shelf.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    screen = open_case()
    workstation.prompts.answers.append(photo)
    press(screen, Qt.Key.Key_F)
    assert screen.view is not None
    assert [one.name for one in screen.view.attachments] == ["shelf.png"]
    screen.sides.evidence.table.activated_id.emit(screen.sides.evidence.table.current_id())
    dialog = workstation.dialog(AttachmentDialog)
    assert dialog.windowTitle() == "shelf.png"
    dialog.reject()


def test_a_note_stands_in_the_log(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    workstation.prompts.answers.append("asked the night shift")
    press(screen, Qt.Key.Key_N)
    rows = screen.sides.log.table.table.rows
    assert rows.value("words", 0) == "asked the night shift"
    assert rows.value("person", 0) == "Sam Supervisor"


def test_work_of_somebody_else_shows_at_once(open_case: Open, workstation: Workstation, floor: Floor) -> None:
    screen = open_case()
    assert screen.view is not None
    id, other = screen.view.case_id, floor.people.other_supervisor
    workstation.tasks.command(lambda: workstation.services.casework.take(other, [id]))
    assert "Olga Othersupervisor" in screen.head.owner.text()


def test_a_posted_adjustment_is_reversed_by_a_new_proposal(
    open_case: Open, workstation: Workstation, floor: Floor, bearing: int
) -> None:
    floor.settle(bearing, "7")
    screen = open_case()
    screen.sides.setCurrentIndex(1)
    assert screen.actions_by_name["reverse"].isEnabled()
    screen.actions_by_name["reverse"].trigger()
    why = workstation.dialog(CauseDialog)
    why.list.select_ids(["C1"])
    assert not why.yes.isEnabled()
    focus(workstation.qtbot, why.comment)
    workstation.qtbot.keyClicks(why.comment, "counted the wrong bin")
    workstation.qtbot.mouseClick(why.yes, Qt.MouseButton.LeftButton)
    dialog = workstation.dialog(ProposalDialog)
    assert dialog.yes.text().replace("\u00a0", " ") == "Propose −15 EA"
    dialog.reject()


def test_an_unknown_physical_order_is_said(open_case: Open, workstation: Workstation, floor: Floor) -> None:
    floor.warehouse.move("BRG-6204", "E-02", "-1", "2026-02-27T09:00:00Z", time_basis="recorded")
    screen = open_case()
    assert screen.head.physical.isVisible()
    assert "physical order is unknown" in plain(screen.traces)


def test_escape_asks_for_the_way_back(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    with workstation.qtbot.waitSignal(screen.desk.ways.back_wanted):
        press(screen, Qt.Key.Key_Escape)


def test_an_auditor_sees_all_and_has_no_buttons(open_case: Open, floor: Floor) -> None:
    screen = open_case(floor.people.auditor)
    assert not screen.step.isVisible()
    press(screen, Qt.Key.Key_A)
    assert state(screen) == "new"


def test_it_fits_a_small_screen(open_case: Open) -> None:
    screen = open_case()
    hint = screen.minimumSizeHint()
    assert hint.width() <= 1158
    assert hint.height() <= 680


def test_a_case_that_is_gone_is_said(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    screen.open(999)
    assert workstation.said[-1][1] is Tone.NEGATIVE


def test_the_ledger_is_copied_with_headings_and_exact_figures(open_case: Open) -> None:
    screen = open_case()
    press(screen, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert len(lines) == 3
    balance = lines[0].index("Balance")
    assert [line[balance] for line in lines[1:]] == ["3", "-8"]


def test_the_audit_trail_is_one_key_away(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    press(screen, Qt.Key.Key_P, CONTROL)
    assert workstation.went[-1].target == ("case-trail", screen.case_id)


def test_actions_without_room_wait_under_more(open_case: Open, workstation: Workstation) -> None:
    screen = open_case()
    bar = screen.bar
    assert not bar.more.isVisible()
    screen.resize(830, 680)
    workstation.qtbot.waitUntil(bar.more.isVisible)
    assert "Dismiss" in [action.text() for action in bar.more.menu().actions()]


def test_the_next_step_is_read_whole_on_a_small_screen(
    open_case: Open, workstation: Workstation, floor: Floor, bearing: int
) -> None:
    """What a screen of 1920 × 1080 has left at 200 %."""
    floor.document("receipt", "BRG-6204", "15", location="E-02")
    floor.count(bearing, "7", "7")
    screen = open_case()
    assert screen.view is not None
    workstation.services.casework.tag_cause(
        screen.desk.person, screen.view.case_id, "K3", "seen at the shelf"
    )
    screen.reload()
    screen.resize(752, 468)
    workstation.qtbot.waitUntil(lambda: screen.height() <= 490)
    for label in (screen.why, screen.said, screen.traces, screen.next):
        assert label.height() >= label.heightForWidth(label.width()), label.text()


# --- guesses


@pytest.fixture
def open_guess(workstation: Workstation, floor: Floor) -> Callable[[], CaseScreen]:
    """+20; −12, and −12 again under the same document a minute later: confirmed twice."""
    made = floor.warehouse
    made.item("GLV-XL", cost="4.00")
    made.move("GLV-XL", "A-02", "20", "2026-02-25T08:00:00Z", document="IN/2")
    for minute in (0, 1):
        at = f"2026-02-26T10:0{minute}:00Z"
        made.move("GLV-XL", "A-02", "-12", at, document="OUT/40", user="R. Diaz")

    def show() -> CaseScreen:
        screen = CaseScreen(workstation.desk(floor.people.supervisor))
        case_id = floor.case_of(made.key("GLV-XL", "A-02"))
        shown: CaseScreen = workstation.show(screen, case_id)
        return shown

    return show


def test_the_case_opens_with_the_likeliest_cause_and_its_evidence(
    open_guess: Callable[[], CaseScreen],
) -> None:
    screen = open_guess()
    answer, found = screen.answer, screen.view.diagnosis
    assert plain(answer.why).startswith("Why: likely K5 Duplicate confirmation, ")
    assert "It explains all that is missing: 4 EA." in plain(answer.explains)
    assert len(plain(answer.evidence).splitlines()) == len(found.leading.evidence)
    assert plain(answer.evidence).startswith("1  ")
    assert "Do now: Count the bin. Reverse the second confirmation." in plain(answer.fixes)
    assert "So that it does not come back: " in plain(answer.fixes)


def test_the_evidence_is_numbered_in_ledger_and_chart(open_guess: Callable[[], CaseScreen]) -> None:
    screen = open_guess()
    rows = screen.ledger.table.rows
    numbers = {rows.ids[row]: rows.value("cited", row) for row in range(len(rows))}
    leading = screen.view.diagnosis.leading
    for number, found in enumerate(leading.evidence, 1):
        if found.target in numbers:
            assert numbers[found.target] == number
    assert {number for number in numbers.values() if number} == set(screen.answer.cited.values())
    assert screen.answer.cited


def test_one_key_looks_at_the_next_guess_and_a_click_at_any(
    open_guess: Callable[[], CaseScreen], workstation: Workstation
) -> None:
    screen = open_guess()
    bars, found = screen.answer.bars, screen.view.diagnosis
    assert [row.label[:2] for row in bars.rows][:1] == ["K5"]
    press(screen, Qt.Key.Key_H)
    assert screen.answer.hypothesis == found.hypotheses[1]
    assert "Looking at: " in plain(screen.answer.looking)
    workstation.qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(*bars.line_centre(0)))
    assert screen.answer.hypothesis == found.leading
    for _ in found.hypotheses:
        press(screen, Qt.Key.Key_H)
    assert screen.answer.hypothesis == found.leading


def test_accepting_tags_the_cause_with_its_evidence_and_leads_on(
    open_guess: Callable[[], CaseScreen],
) -> None:
    screen = open_guess()
    assert screen.step.accessibleName() == "Send to count"
    press(screen, Qt.Key.Key_Y)
    assert (screen.view.cause.code, screen.view.verdict.said) == ("K5", "accepted")
    assert screen.view.evidence
    assert plain(screen.why) == "Why: K5 Duplicate confirmation."
    assert "Sam Supervisor said so; it was guessed too" in plain(screen.said)


def test_none_of_these_takes_the_guess_off_the_next_step(open_guess: Callable[[], CaseScreen]) -> None:
    screen = open_guess()
    press(screen, Qt.Key.Key_U)
    assert screen.view.cause is None
    assert plain(screen.said) == "Sam Supervisor said that none of the guesses is right."
    assert screen.view.next_step.code == "count"


def test_correcting_begins_at_the_guess_that_is_looked_at(
    open_guess: Callable[[], CaseScreen], workstation: Workstation
) -> None:
    screen = open_guess()
    press(screen, Qt.Key.Key_T)
    dialog = workstation.dialog(CauseDialog)
    assert dialog.code == "K5"
    dialog.list.select_ids(["K3"])
    workstation.qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert screen.view.verdict.said == "corrected"
    assert "K5 Duplicate confirmation was guessed" in plain(screen.said)


def test_what_if_draws_the_line_as_it_would_be_and_takes_it_away(
    open_guess: Callable[[], CaseScreen],
) -> None:
    screen = open_guess()
    press(screen, Qt.Key.Key_I)
    supposed = screen.chart.supposed
    assert supposed.balances.tolist() == [20_000_000, 8_000_000, 8_000_000]
    assert "if K5" in screen.chart.legend.accessibleName()
    assert "If K5: now 8" in screen.chart.accessibleDescription().replace("\u00a0", " ")
    press(screen, Qt.Key.Key_I)
    assert screen.chart.supposed is None
    assert "if K5" not in screen.chart.legend.accessibleName()


def test_a_person_who_may_not_triage_reads_the_guess_and_says_nothing(
    open_guess: Callable[[], CaseScreen], workstation: Workstation, floor: Floor
) -> None:
    case_id = open_guess().view.case_id
    screen: CaseScreen = workstation.show(CaseScreen(workstation.desk(floor.people.auditor)), case_id)
    assert plain(screen.why).startswith("Why: likely K5")
    assert {"accept", "refuse"}.isdisjoint(screen.actions_by_name)


def test_a_low_card_keeps_the_step_and_leaves_the_quiet_buttons_out(
    open_guess: Callable[[], CaseScreen], workstation: Workstation
) -> None:
    screen = open_guess()
    assert screen.answer.bar.isVisible()
    screen.resize(760, 430)
    workstation.qtbot.waitUntil(lambda: not screen.answer.bar.isVisible())
    assert screen.step.isVisible()


def test_the_proposal_says_what_it_leaves_too_much_while_a_guess_holds(
    open_case: Open, workstation: Workstation, floor: Floor, bearing: int
) -> None:
    """−8 at E-02 while thirty came into B-07: what was received elsewhere must not be adjusted as well."""
    floor.count(bearing, "0", "0")
    screen = open_case()
    workstation.services.casework.tag_cause(screen.desk.person, screen.view.case_id, "K3")
    screen.reload()
    press(screen, Qt.Key.Key_P)
    dialog = workstation.dialog(ProposalDialog)
    told = [one for one in dialog.proposal.too_much if one.cause == "R3"]
    assert [one.quantity for one in told] == [8_000_000]
    assert "adding +8 EA now leaves 8 EA too much" in plain(dialog.warning)
