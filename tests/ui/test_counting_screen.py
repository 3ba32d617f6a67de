"""Counting in the window: by scanner and keyboard, blind, scan by scan."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from support.desk import Workstation
from support.floor import Floor
from support.screen import focus, press, scan
from support.warehouse import Warehouse
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.counting import BlindLine
from zeroline.ui.dialogs.cause import CauseDialog
from zeroline.ui.dialogs.count_sheet import CountSheetDialog
from zeroline.ui.dialogs.found_item import FoundItemDialog
from zeroline.ui.dialogs.paper_count import PaperCountDialog
from zeroline.ui.dialogs.proposal import ProposalDialog
from zeroline.ui.screens import entries_for
from zeroline.ui.screens.counting import CountingScreen
from zeroline.ui.screens.counting.steps import Stage
from zeroline.ui.tables.view import TableView
from zeroline.ui.theme import Tone

CONTROL = Qt.KeyboardModifier.ControlModifier


class Counter:
    """Somebody in front of the screen: scans into whatever has the focus, types at human speed."""

    def __init__(self, qtbot: Any, screen: CountingScreen) -> None:
        self.qtbot, self.screen = qtbot, screen
        self.at = 1_000

    def _here(self) -> QWidget:
        here = QApplication.focusWidget()
        assert here is not None
        return here

    def scans(self, *codes: str) -> None:
        for code in codes:
            self.at = scan(self._here(), code, self.at + 500)

    def types(self, text: str, end: bool = True) -> None:
        for letter in text:
            self.at += 150
            press(self._here(), Qt.Key(ord(letter.upper())), letter, self.at)
        if end:
            self.at += 150
            press(self._here(), Qt.Key.Key_Return, "\r", self.at)

    def counts(self, bin: str, item: str, quantity: str) -> None:
        self.scans(bin, item)
        self.types(quantity)

    def key(self, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self._here(), key, modifiers)


@pytest.fixture
def sheet(floor: Floor, warehouse: Warehouse) -> int:
    """Three lines: A-01 ITEM-1 (987 on the book, cases of 12), A-02 ITEM-2, A-03 ITEM-3."""
    warehouse.item("ITEM-1", units={"CS": 12})
    keys = [warehouse.key(f"ITEM-{n}", f"A-0{n}") for n in (1, 2, 3)]
    for n, quantity in ((1, "987"), (2, "5"), (3, "7")):
        warehouse.move(f"ITEM-{n}", f"A-0{n}", quantity)
    made = floor.sheet(*keys)
    warehouse.clock.forward(MINUTE)
    return made


@pytest.fixture
def counting(qtbot: Any, workstation: Workstation, sheet: int) -> Counter:
    """The first counter in front of the sheet."""
    return seated(qtbot, workstation, workstation.warehouse.people.counter, sheet)


def seated(qtbot: Any, workstation: Workstation, person: Any, target: Any) -> Counter:
    screen = workstation.show(CountingScreen(workstation.desk(person)), target)
    focus(qtbot, screen.entry.pane)
    return Counter(qtbot, screen)


def line(counter: Counter) -> BlindLine:
    here = counter.screen.entry.line
    assert here is not None
    return here


def states(counter: Counter) -> list[str]:
    kept = counter.screen.entry.sheet
    assert kept is not None
    return [one.state for one in kept.lines]


def words(widget: QWidget) -> list[str]:
    """Every text that a person could read on a widget."""
    found = [label.text() for label in widget.findChildren(QLabel)]
    found += [field.text() for field in widget.findChildren(QLineEdit)]
    for view in widget.findChildren(TableView):
        model = view.table
        found += [
            str(model.index(row, place).data() or "")
            for row in range(model.rowCount())
            for place in range(model.columnCount())
        ]
    return found


def test_bin_item_quantity_enter_and_the_next_line(counting: Counter) -> None:
    assert counting.screen.entry.pane.stage is Stage.BIN
    counting.scans("A-01")
    assert counting.screen.entry.pane.stage is Stage.ITEM
    counting.scans("ITEM-1")
    assert counting.screen.entry.pane.stage is Stage.QUANTITY
    counting.types("980")
    assert states(counting) == ["entered", "to count", "to count"]
    assert line(counting).key.location == "A-02"
    assert counting.screen.entry.pane.stage is Stage.BIN


def test_the_wrong_bin_is_a_red_bar_and_a_sound_and_nothing_else(
    counting: Counter, workstation: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    beeps: list[bool] = []
    monkeypatch.setattr(workstation.scanner, "beep", lambda: beeps.append(True))
    counting.scans("A-03")
    entry = counting.screen.entry
    assert (entry.banner.tone, beeps) == (Tone.NEGATIVE, [True])
    assert entry.banner.text == "That is bin A-03, but this line is bin A-01. Go to that bin."
    assert (entry.pane.stage, line(counting).position) == (Stage.BIN, 1)


def test_the_wrong_item_says_what_it_is(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-3")
    entry = counting.screen.entry
    assert entry.banner.text == "That is item ITEM-3, but this line is item ITEM-1. Scan that item."
    assert entry.pane.stage is Stage.ITEM
    counting.scans("ITEM-1")
    assert entry.banner.text == ""


def test_an_unknown_code_changes_nothing(counting: Counter) -> None:
    counting.scans("4006381333931")
    assert counting.screen.entry.banner.text.startswith("Nobody knows the code 4006381333931")
    assert counting.screen.entry.pane.stage is Stage.BIN


def test_a_scan_while_the_quantity_is_asked_never_becomes_the_quantity(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-1")
    counting.types("12", end=False)
    counting.scans("A-02")
    assert counting.screen.entry.pane.quantity.text() == "12"
    assert "the quantity of ITEM-1 at A-01 comes first" in counting.screen.entry.banner.text
    assert states(counting)[0] == "to count"


def test_a_barcode_that_a_slow_scanner_typed_is_no_quantity(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-1")
    counting.types("4006381333931")
    assert "looks like a barcode" in counting.screen.entry.pane.quantity.makes.text()
    assert states(counting)[0] == "to count"


def test_three_cases_and_four_make_forty(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-1")
    counting.types("3cs+4", end=False)
    assert counting.screen.entry.pane.quantity.makes.text() == "= 40\u00a0EA"
    counting.types("")
    kept = counting.screen.entry.sheet
    assert kept is not None
    assert (kept.lines[0].entered, kept.lines[0].quantity) == ("3cs+4", 40 * SCALE)


def test_an_unknown_unit_is_said_beside_the_field_and_what_was_typed_stays(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-1")
    counting.types("3box")
    quantity = counting.screen.entry.pane.quantity
    assert "box" in quantity.makes.text()
    assert quantity.text() == "3box"


def test_a_code_can_be_typed_where_there_is_no_scanner(counting: Counter) -> None:
    counting.key(Qt.Key.Key_T)
    counting.types("a-01")
    assert counting.screen.entry.pane.stage is Stage.ITEM


def test_no_figure_of_the_book_is_anywhere_on_the_screen(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-1")
    assert not [text for text in words(counting.screen) if "987" in text]


def test_an_entry_is_there_again_after_a_restart(
    qtbot: Any, counting: Counter, workstation: Workstation, sheet: int
) -> None:
    counting.counts("A-01", "ITEM-1", "12")
    counting.screen.close()
    again = seated(qtbot, workstation, workstation.warehouse.people.counter, sheet)
    assert states(again) == ["entered", "to count", "to count"]
    assert line(again).key.location == "A-02"


def test_undo_and_redo_take_back_and_put_back_entries(counting: Counter) -> None:
    counting.counts("A-01", "ITEM-1", "12")
    counting.scans("A-02", "ITEM-2")
    counting.key(Qt.Key.Key_Z, CONTROL)
    assert states(counting)[0] == "to count"
    assert line(counting).position == 1
    counting.key(Qt.Key.Key_Y, CONTROL)
    assert states(counting)[0] == "entered"


def test_a_line_that_cannot_be_counted_keeps_its_reason(counting: Counter, workstation: Workstation) -> None:
    workstation.prompts.answers = ["The bin cannot be reached"]
    counting.key(Qt.Key.Key_N)
    kept = counting.screen.entry.sheet
    assert kept is not None
    assert (kept.lines[0].state, kept.lines[0].reason) == ("not counted", "The bin cannot be reached")
    assert line(counting).position == 2


def test_submitting_asks_with_the_numbers_and_why_lines_are_left_out(
    counting: Counter, workstation: Workstation
) -> None:
    counting.counts("A-01", "ITEM-1", "12")
    workstation.prompts.answers = ["End of shift"]
    counting.key(Qt.Key.Key_Return, CONTROL)
    asked = workstation.prompts.asked[-1][2].replace("\u00a0", " ")
    assert asked.startswith("1 line is counted, 2 of 3 not touched.")
    sentence = workstation.said[-1][0].replace("\u00a0", " ")
    assert sentence == "1 line submitted, 2 not counted, 1 line waits for a recount by somebody else."
    assert counting.screen.pages.currentWidget() is counting.screen.sheets


def test_what_is_typed_and_not_kept_stops_submission(counting: Counter, workstation: Workstation) -> None:
    counting.scans("A-01", "ITEM-1")
    counting.types("12", end=False)
    counting.key(Qt.Key.Key_Return, CONTROL)
    assert "“12” is not kept yet" in counting.screen.entry.banner.text
    assert workstation.prompts.asked == []


def test_the_first_counter_reads_that_somebody_else_recounts(
    qtbot: Any, workstation: Workstation, floor: Floor, sheet: int
) -> None:
    people = workstation.warehouse.people
    for position in (1, 2, 3):
        floor.counting.enter(people.counter, floor.line(sheet, position), "1")
    floor.counting.submit(people.counter, sheet)
    counting = seated(qtbot, workstation, people.counter, sheet)
    told = counting.screen.entry.pane.hint.text()
    assert told == (
        "You counted this line before. Somebody else counts it again. Nothing here is left for you to count."
    )
    counting.scans("A-01")
    assert counting.screen.entry.pane.stage is Stage.CLOSED
    assert not counting.screen.submit_action.isEnabled()


def test_a_found_item_becomes_a_line_that_is_counted_next(
    counting: Counter, workstation: Workstation
) -> None:
    workstation.warehouse.item("FOUND-9")
    counting.key(Qt.Key.Key_F)
    dialog = workstation.dialog(FoundItemDialog)
    workstation.scanner.scanned.emit("FOUND-9")
    assert (dialog.item.text(), dialog.location.text()) == ("FOUND-9", "A-01")
    assert counting.screen.entry.banner.text == ""
    dialog.yes.click()
    assert (line(counting).key.item, line(counting).found) == ("FOUND-9", True)


def test_a_sheet_counted_on_paper_is_keyed_with_its_time_and_without_scans(
    counting: Counter, workstation: Workstation
) -> None:
    clock = workstation.warehouse.clock
    clock.forward(HOUR)
    counting.key(Qt.Key.Key_P)
    dialog = workstation.dialog(PaperCountDialog)
    dialog.at.setDateTime(dialog.at.dateTime().addSecs(-30 * 60))
    dialog.yes.click()
    assert counting.screen.entry.pane.stage is Stage.QUANTITY
    focus(counting.qtbot, counting.screen.entry.pane.quantity.field)
    counting.types("12")
    kept = counting.screen.entry.sheet
    assert kept is not None
    assert kept.lines[0].counted_at == clock() - 30 * MINUTE


def test_leaving_with_a_typed_quantity_says_so_once(counting: Counter) -> None:
    counting.scans("A-01", "ITEM-1")
    counting.types("12", end=False)
    assert counting.screen.leave() is False
    assert counting.screen.leave() is True


def test_a_counter_has_this_place_and_their_alerts_and_no_other(workstation: Workstation) -> None:
    places = [entry.key for entry in entries_for(workstation.warehouse.people.counter)]
    assert places == ["counting", "alerts"]


def test_the_scanned_number_of_a_sheet_opens_it(qtbot: Any, workstation: Workstation, sheet: int) -> None:
    screen = workstation.show(CountingScreen(workstation.desk(workstation.warehouse.people.counter)))
    focus(qtbot, screen.sheets.table)
    scan(screen.sheets.table, "CNT-000001", 1_000)
    assert screen.pages.currentWidget() is screen.entry
    assert screen.entry.sheet is not None
    assert screen.entry.sheet.sheet_id == sheet


def test_a_supervisor_makes_a_sheet_of_what_is_overdue(
    qtbot: Any, workstation: Workstation, warehouse: Warehouse
) -> None:
    warehouse.item("ITEM-1", abc_class="A")
    warehouse.move("ITEM-1", "A-01", "5")
    warehouse.clock.forward(DAY)
    screen = workstation.show(CountingScreen(workstation.desk(warehouse.people.supervisor)))
    focus(qtbot, screen.sheets.panel.nothing)
    screen.make.trigger()
    dialog = workstation.dialog(CountSheetDialog)
    assert dialog.yes.text() == "Make a sheet of 1\u00a0line"
    dialog.who.setCurrentText("Cora Counter")
    dialog.yes.click()
    row = screen.sheets.current()
    assert row is not None
    assert (row.assigned_to, row.origin, row.lines) == ("Cora Counter", "overdue", 1)


def test_a_supervisor_chooses_bins_for_a_sheet(
    workstation: Workstation, warehouse: Warehouse, sheet: int
) -> None:
    for bin in ("B-01", "B-02"):
        warehouse.move("ITEM-1", bin, "5")
    screen = workstation.show(CountingScreen(workstation.desk(warehouse.people.supervisor)))
    screen.make.trigger()
    dialog = workstation.dialog(CountSheetDialog)
    dialog.own.setChecked(True)
    dialog.bins.setText("b-")
    dialog.read()
    dialog.yes.click()
    row = screen.sheets.current()
    assert row is not None
    assert (row.origin, row.lines) == ("filter", 2)


def test_results_show_the_arithmetic_and_propose_in_one_step(
    workstation: Workstation, floor: Floor, warehouse: Warehouse
) -> None:
    """ITEM-1 at A-01: −3 on the book; counted 12 twice."""
    warehouse.move("ITEM-1", "A-01", "-3")
    result = floor.count(warehouse.key("ITEM-1", "A-01"), "12", "12")
    screen = workstation.show(CountingScreen(workstation.desk(warehouse.people.supervisor)), ("results", 1))
    assert screen.results.detail.arithmetic.text() == "Counted 12 − (book −3 + late 0) = +15\u00a0EA"
    screen.propose_action.trigger()
    cause = workstation.dialog(CauseDialog)
    cause.list.select_ids(["K3"])
    cause.yes.click()
    workstation.dialog(ProposalDialog).yes.click()
    assert workstation.said[-1][0] == "ADJ-000001 is proposed and waits for an approval."
    assert screen.results.line is not None
    assert screen.results.line.line_id == result.line_id
    assert [state for _, _, state in screen.results.line.adjustments] == ["proposed"]
    assert not screen.propose_action.isEnabled()


def test_a_third_count_can_be_asked_for(workstation: Workstation, floor: Floor, warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", "-3")
    floor.count(warehouse.key("ITEM-1", "A-01"), "12", "11")
    screen = workstation.show(CountingScreen(workstation.desk(warehouse.people.supervisor)), ("results", 1))
    screen.recount_action.trigger()
    assert screen.results.line is not None
    assert screen.results.line.state == "recount"


def test_a_scan_that_comes_while_an_entry_is_being_written_waits_for_it(
    counting: Counter, workstation: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = workstation.services.counting.enter
    counting.scans("A-01", "ITEM-1")

    def slow(*given: Any, **more: Any) -> Any:
        workstation.scanner.scanned.emit("A-02")  # the counter is at the next bin already
        return enter(*given, **more)

    monkeypatch.setattr(workstation.services.counting, "enter", slow)
    counting.types("12")
    assert counting.screen.entry.banner.text == ""
    assert (line(counting).key.location, counting.screen.entry.pane.stage) == ("A-02", Stage.ITEM)


def test_a_count_that_could_not_be_written_stays_typed_and_can_be_tried_again(
    counting: Counter, workstation: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems: list[Any] = []
    workstation.tasks.trouble.connect(problems.append)
    counting.scans("A-01", "ITEM-1")
    enter = workstation.services.counting.enter

    def locked(*given: Any, **more: Any) -> Any:
        raise Trouble("database-locked")

    monkeypatch.setattr(workstation.services.counting, "enter", locked)
    counting.types("12")
    assert counting.screen.entry.pane.quantity.text() == "12"
    monkeypatch.setattr(workstation.services.counting, "enter", enter)
    counting.types("")
    assert states(counting)[0] == "entered"
    assert [problem.trouble.code for problem in problems] == ["database-locked"]


def test_walking_through_the_list_by_key_stays_in_the_list(counting: Counter) -> None:
    lines = counting.screen.entry.lines
    focus(counting.qtbot, lines)
    counting.key(Qt.Key.Key_Down)
    counting.key(Qt.Key.Key_Down)
    assert line(counting).position == 3
    assert lines.hasFocus()
    counting.key(Qt.Key.Key_Return)
    assert counting.screen.entry.pane.hasFocus()


def test_a_found_line_added_by_mistake_is_taken_away_again(
    counting: Counter, workstation: Workstation
) -> None:
    workstation.warehouse.item("FOUND-9")
    counting.key(Qt.Key.Key_F)
    dialog = workstation.dialog(FoundItemDialog)
    dialog.item.setText("FOUND-9")
    dialog.yes.click()
    assert len(states(counting)) == 4
    focus(counting.qtbot, counting.screen.entry.pane)
    counting.key(Qt.Key.Key_Delete)
    assert len(states(counting)) == 3


def test_a_supervisor_frees_lines_that_somebody_never_submitted(
    qtbot: Any, workstation: Workstation, floor: Floor, sheet: int
) -> None:
    people = workstation.warehouse.people
    floor.counting.enter(people.counter, floor.line(sheet, 1), "1")
    counting = seated(qtbot, workstation, people.supervisor, sheet)
    counting.screen.entry.lines.select_ids([floor.line(sheet, 1)])
    told = counting.screen.entry.pane.hint.text()
    assert told == "Cora Counter has counted this line and not submitted it yet."
    workstation.prompts.answers = [True]
    counting.screen.free_action.trigger()
    assert line(counting).blocked == ""
