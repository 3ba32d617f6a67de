"""The counter goes on counting while the line to the server is cut; everything arrives once, in order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from support.colleagues import Colleagues
from support.prompts import ScriptedPrompts
from support.proxy import Proxy
from support.screen import press, scan
from support.warehouse import SECRET
from zeroline.domain.person import Person
from zeroline.services.workbench import Workbench
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.kept_counts import KeptCountsDialog
from zeroline.ui.main_window import MainWindow
from zeroline.ui.memory import Memory
from zeroline.ui.scanner import Scanner
from zeroline.ui.screens.approvals import ApprovalsScreen
from zeroline.ui.screens.counting import CountingScreen
from zeroline.ui.screens.counting.entry import EntryPage
from zeroline.ui.tasks import Tasks

CONTROL = Qt.KeyboardModifier.ControlModifier


def now() -> int:
    return time.time_ns() // 1_000


class Station:
    """A workstation whose line to the server a test can cut. Its window can be closed and opened again."""

    def __init__(self, qtbot: Any, colleagues: Colleagues, folder: Path) -> None:
        self.qtbot, self.colleagues, self.folder = qtbot, colleagues, folder
        server = colleagues.server
        self.proxy = Proxy((server.host, server.port))
        warehouse = colleagues.warehouse
        keys = [warehouse.key(f"ITEM-{n}", f"A-0{n}") for n in (1, 2, 3)]
        for n in (1, 2, 3):
            warehouse.move(f"ITEM-{n}", f"A-0{n}", "5")
        self.sheet_id = colleagues.floor.sheet(*keys)
        self.struck = 1_000
        self.open()

    # the window

    def open(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        url = self.proxy.url(self.colleagues.url())
        self.services = Workbench(url, now, outbox=self.folder / "outbox")
        self.services.prepare()
        self.tasks, self.scanner, self.prompts = Tasks(), Scanner(application), ScriptedPrompts()
        self.window = MainWindow(
            self.services,
            self.tasks,
            self.prompts,
            Memory(self.folder / "window.ini"),
            self.scanner,
            "the server",
            locale=QLocale("en_GB"),
            live=False,
        )
        self.tasks.setParent(self.window)
        self.window.resize(1366, 768)
        with self.qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def close(self) -> None:
        self.window.close()
        application = QApplication.instance()
        assert application is not None
        for watching in (self.scanner, self.window.idle):
            application.removeEventFilter(watching)
            watching.deleteLater()
        application.removeEventFilter(self.window)
        self.window.deleteLater()
        self.services.dispose()

    def until(self, seen: Any) -> None:
        self.qtbot.waitUntil(seen, timeout=10_000)

    def sign_in(self, person: Person) -> None:
        door = self.window.entrance
        self.until(lambda: self.window.locked and not self.tasks.busy)
        door.login.setText("")
        self.qtbot.keyClicks(door.login, person.login)
        self.qtbot.keyClicks(door.secret, SECRET)
        self.qtbot.keyClick(door.secret, Qt.Key.Key_Return)
        self.until(lambda: self.window.workplace is not None and not self.window.locked)
        self.settled()

    def settled(self) -> None:
        self.until(lambda: not self.tasks.busy)

    # what is on it

    @property
    def workplace(self) -> Any:
        assert self.window.workplace is not None
        return self.window.workplace

    @property
    def entry(self) -> EntryPage:
        here = self.workplace.here
        assert isinstance(here, CountingScreen)
        return here.entry

    @property
    def bar(self) -> str:
        text: str = self.workplace.line_bar.text
        return text

    @property
    def said(self) -> str:
        text: str = self.workplace.banner.text
        return text

    @property
    def at_the_foot(self) -> str:
        button = self.workplace.kept
        return button.text() if button.isVisible() else ""

    def states(self) -> list[str]:
        """The column State of the lines, as it reads."""
        table = self.entry.lines.table
        place = table.place("words")
        return [str(table.index(row, place).data()) for row in range(table.rowCount())]

    def dialog(self) -> KeptCountsDialog:
        open_now = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        (found,) = (w for w in open_now if isinstance(w, KeptCountsDialog))
        return found

    # what a person does

    def open_sheet(self) -> None:
        self.workplace.go(Place("counting", self.sheet_id))
        self.until(lambda: self.entry.sheet is not None and self.entry.isVisible() and not self.tasks.busy)

    def focus(self) -> QWidget:
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def count(self, number: int, text: str) -> None:
        """Scan bin and item of a line, type the quantity, Enter; wait until the entry is taken in."""
        self.entry.lines.select_ids([line.line_id for line in self.lines()][number - 1 : number])
        for code in (f"A-0{number}", f"ITEM-{number}"):
            self.struck = scan(self.focus(), code, self.struck + 10_000)
        for letter in text:
            self.struck += 10_000
            press(self.focus(), Qt.Key(ord(letter.upper())), letter, self.struck)
        press(self.focus(), Qt.Key.Key_Return, "\r", self.struck + 10_000)
        self.until(lambda: self.lines()[number - 1].entered == text and not self.tasks.busy)

    def lines(self) -> Any:
        sheet = self.entry.sheet
        assert sheet is not None
        return sheet.lines

    def cut(self) -> None:
        """The line goes; the window finds out when it next asks."""
        self.proxy.cut()
        self.workplace.refresh()
        self.until(lambda: self.tasks.offline and not self.tasks.busy)

    def mend(self) -> None:
        self.proxy.mend()
        self.window.line.try_now()
        self.until(lambda: not self.tasks.offline)
        self.settled()

    def click(self, text: str, within: QWidget) -> None:
        (button,) = (b for b in within.findChildren(QPushButton) if b.isVisible() and b.text() == text)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    # what the server has

    def drafted(self) -> list[tuple[int, str, str]]:
        """(person, line, facts) of every entry in the audit trail."""
        trail = self.colleagues.trail()
        return [(who, what, facts) for who, action, what, facts in trail if action == "count drafted"]

    def entered(self) -> list[str]:
        counter = self.colleagues.staff.counter
        sheet = self.colleagues.floor.counting.blind_sheet(counter, self.sheet_id)
        return [line.entered for line in sheet.lines]


@pytest.fixture
def station(qtbot: Any, qapp: QApplication, colleagues: Colleagues, tmp_path: Path) -> Iterator[Station]:
    made = Station(qtbot, colleagues, tmp_path)
    yield made
    made.proxy.mend()
    made.close()
    made.proxy.close()


@pytest.fixture
def counting(station: Station) -> Station:
    """The counter in front of the sheet."""
    station.sign_in(station.colleagues.staff.counter)
    station.open_sheet()
    return station


def test_counts_entered_without_a_line_are_kept_and_arrive_once_in_order(counting: Station) -> None:
    counting.count(1, "4")
    counting.cut()
    assert "Counts on the open sheet are kept here" in counting.bar
    counting.count(2, "6")
    counting.count(3, "8")
    counting.count(2, "7")
    counting.until(lambda: "3\u00a0counts are kept here and will be sent" in counting.bar)
    assert counting.states() == ["counted", "kept here, will be sent", "kept here, will be sent"]
    assert counting.at_the_foot == "3\u00a0counts kept here"
    assert counting.entered() == ["4", "", ""]
    counting.mend()
    counting.until(lambda: counting.states() == ["counted"] * 3)
    assert "3\u00a0counts kept here are sent" in counting.said
    assert counting.at_the_foot == ""
    assert counting.entered() == ["4", "7", "8"]
    told = [json.loads(facts)["entered"] for _, _, facts in counting.drafted()]
    assert told == ["4", "6", "8", "7"]


def test_a_lost_answer_is_asked_for_again_by_itself_and_counts_once(counting: Station) -> None:
    counting.proxy.swallow_reply_to("COMMIT\0")
    counting.count(1, "4")
    assert counting.proxy.swallowed == 1
    counting.until(lambda: counting.entered() == ["4", "", ""])
    counting.until(lambda: counting.at_the_foot == "" and not counting.tasks.offline)
    counting.settled()
    assert counting.states()[0] == "counted"
    assert len(counting.drafted()) == 1


def test_a_window_locked_without_a_line_sends_when_its_person_is_back(counting: Station) -> None:
    counting.cut()
    counting.count(1, "4")
    counting.window.lock()
    counting.window.line.try_now()
    counting.settled()
    counting.proxy.mend()
    door = counting.window.entrance
    door.secret.setFocus()
    counting.qtbot.keyClicks(door.secret, SECRET)
    counting.qtbot.keyClick(door.secret, Qt.Key.Key_Return)
    counting.until(lambda: not counting.window.locked and not counting.tasks.offline)
    counting.until(lambda: counting.states()[0] == "counted")
    assert counting.entered() == ["4", "", ""]


def test_a_damaged_file_is_told_until_its_person_gives_it_up(counting: Station) -> None:
    counting.cut()
    counting.count(1, "4")
    counting.count(2, "6")
    (file,) = (counting.folder / "outbox").iterdir()
    file.write_bytes(file.read_bytes().replace(b'"text":"4"', b'"text":"9"'))
    counting.window.switch()
    counting.proxy.mend()
    counting.sign_in(counting.colleagues.staff.counter)
    counting.until(lambda: counting.entered() == ["", "6", ""])
    counting.until(lambda: counting.at_the_foot == "kept counts damaged")
    counting.qtbot.mouseClick(counting.workplace.kept, Qt.MouseButton.LeftButton)
    assert "1\u00a0count kept here cannot be read" in counting.dialog().others.text()
    counting.prompts.answers = [True]
    counting.click("Discard", counting.dialog())
    counting.until(lambda: counting.at_the_foot == "")


def test_a_window_closed_without_a_line_has_its_counts_at_the_next_sign_in(counting: Station) -> None:
    counting.cut()
    counting.count(1, "4")
    counting.count(2, "6")
    counting.close()
    counting.open()
    counting.proxy.mend()
    assert counting.entered() == ["", "", ""]
    counting.sign_in(counting.colleagues.staff.counter)
    counting.until(lambda: "2\u00a0counts kept here are sent" in counting.said)
    assert counting.entered() == ["4", "6", ""]
    assert {who for who, _, _ in counting.drafted()} == {counting.colleagues.staff.counter.id}


def test_somebody_else_is_told_whose_counts_wait_and_sends_none_of_them(counting: Station) -> None:
    counting.cut()
    counting.count(1, "4")
    counting.window.switch()
    counting.proxy.mend()
    counting.sign_in(counting.colleagues.staff.other_counter)
    counting.until(lambda: "1\u00a0count of Cora Counter waits here" in counting.said)
    assert counting.at_the_foot == "1\u00a0count kept here"
    counting.click("Look at them", counting.workplace.banner)
    assert "Only Cora Counter can send it" in counting.dialog().others.text()
    assert counting.dialog().why.text() == "Nothing of yours is kept here."
    assert not counting.dialog().drop.isEnabled()
    counting.settled()
    assert counting.drafted() == []
    counting.window.switch()
    counting.sign_in(counting.colleagues.staff.counter)
    counting.until(lambda: counting.entered() == ["4", "", ""])


def test_what_a_rule_refuses_stays_with_its_sentence_and_the_rest_goes_on(counting: Station) -> None:
    counting.cut()
    counting.count(1, "4")
    counting.count(2, "6")
    staff, floor = counting.colleagues.staff, counting.colleagues.floor
    floor.counting.enter(staff.other_counter, counting.lines()[0].line_id, "9")
    counting.mend()
    counting.until(lambda: "1\u00a0count kept here was refused" in counting.said)
    assert counting.entered() == ["", "6", ""]
    assert counting.states() == ["with Otto Othercounter", "counted", "to count"]
    counting.close()
    counting.open()
    counting.sign_in(staff.counter)
    counting.until(lambda: "was refused" in counting.said)
    counting.click("Look at them", counting.workplace.banner)
    dialog = counting.dialog()
    assert "Otto Othercounter is counting this line" in dialog.why.text()
    counting.click("Show the sheet", dialog)
    counting.until(lambda: counting.entry.isVisible() and counting.entry.sheet is not None)
    counting.qtbot.mouseClick(counting.workplace.kept, Qt.MouseButton.LeftButton)
    counting.prompts.answers = [False, True]
    counting.click("Discard", counting.dialog())
    assert counting.at_the_foot == "1\u00a0count refused"
    counting.click("Discard", counting.dialog())
    counting.until(lambda: counting.at_the_foot == "")
    assert [title for kind, title, _ in counting.prompts.asked if kind == "confirm"] == [
        "Discard the count"
    ] * 2


def test_a_sheet_is_not_submitted_before_its_counts_are_sent(counting: Station) -> None:
    counting.cut()
    counting.qtbot.keyClick(counting.focus(), Qt.Key.Key_Return, CONTROL)
    assert "Submit the sheet when it is back" in counting.entry.banner.text
    counting.count(1, "4")
    counting.qtbot.keyClick(counting.focus(), Qt.Key.Key_Return, CONTROL)
    assert "1\u00a0count of this sheet is kept here and not sent yet" in counting.entry.banner.text
    assert [kind for kind, _, _ in counting.prompts.asked if kind in ("confirm", "text")] == []
    counting.mend()
    counting.until(lambda: counting.states()[0] == "counted")
    assert counting.entry.banner.text == ""
    counting.prompts.answers = ["no time left"]
    counting.qtbot.keyClick(counting.focus(), Qt.Key.Key_Return, CONTROL)
    counting.until(lambda: "1\u00a0line submitted" in counting.said)


def test_without_a_line_codes_and_quantities_are_judged_by_what_the_sheet_knows(counting: Station) -> None:
    counting.cut()
    counting.struck = scan(counting.focus(), "B-99", counting.struck + 10_000)
    assert "B-99 is not bin A-01" in counting.entry.banner.text
    counting.workplace.here.count(counting.sheet_id + 1)
    assert "No other sheet can be opened without a connection" in counting.said
    for code in ("A-01", "ITEM-1"):
        counting.struck = scan(counting.focus(), code, counting.struck + 10_000)
    counting.qtbot.keyClicks(counting.focus(), "4 boxes")
    counting.qtbot.keyClick(counting.focus(), Qt.Key.Key_Return)
    counting.until(lambda: "boxes" in counting.entry.pane.quantity.makes.text())
    assert counting.at_the_foot == ""


def test_an_approval_is_never_kept_for_later(station: Station) -> None:
    """Signed without a line it is refused; nothing of it, nor of a posting or a cause, waits here."""
    staff, floor = station.colleagues.staff, station.colleagues.floor
    proposed = floor.propose(station.colleagues.warehouse.key("ITEM-4", "A-04"), "3")
    manager, services = staff.manager, station.services
    station.sign_in(manager)
    station.workplace.go(Place("approvals", proposed.adjustment_id))
    screen = station.workplace.here
    assert isinstance(screen, ApprovalsScreen)
    station.until(lambda: screen.page.view is not None and not station.tasks.busy)
    station.cut()
    station.prompts.answers = [SECRET]
    screen.approve_action.trigger()
    assert "There is no connection to the database now" in screen.banner.text
    refused: list[str] = []
    for verb in (
        lambda: services.settlement.post(manager, proposed.adjustment_id, SECRET),
        lambda: services.casework.tag_cause(manager, 1, "K3"),
    ):
        station.tasks.command(verb, failed=lambda error: refused.append(error.code))
    assert refused == ["offline"] * 2
    assert not (station.folder / "outbox").exists()
    station.mend()
    done = {action for _, action, _, _ in station.colleagues.trail()}
    assert not {action for action in done if "approved" in action or "posted" in action}
