"""Two people at two workstations over one file: each sees what the other does, and nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from support.console import CTRL, Console
from support.warehouse import CHEAP, SECRET, Warehouse
from zeroline.domain.instant import SECOND
from zeroline.services.presence import EXPIRY
from zeroline.services.workbench import Workbench
from zeroline.ui.desk import Place
from zeroline.ui.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def theirs(warehouse: Warehouse) -> Iterator[Workbench]:
    """The other workstation's side of the same file."""
    made = Workbench(f"sqlite:///{warehouse.path}", warehouse.clock, hasher=CHEAP)
    yield made
    made.dispose()


@pytest.fixture
def cases(warehouse: Warehouse) -> list[int]:
    """Forty places below zero; their cases in the order of the queue do not matter here."""
    for number in range(40):
        warehouse.move(f"ITEM-{number:02}", f"A-{number:02}", str(-40 + number), "2026-03-01T09:12:00Z")
    with warehouse.database.read_plain() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM stock_case ORDER BY id")]


def queue(console: Console) -> Any:
    """Sam's queue of shortfalls, live."""
    console.live = True
    console.open()
    console.sign_in(console.warehouse.people.supervisor)
    console.until(lambda: console.window.listener.listening)
    console.until(lambda: len(console.here.table.table.shown) > 0)
    return console.here


def ids(screen: Any) -> list[int]:
    table = screen.table.table
    return [table.id_at(line) for line in range(table.rowCount())]


def cell(screen: Any, id: int, key: str) -> Any:
    rows = screen.table.table.rows
    return rows.value(key, rows.row_of(id))


def go(window: MainWindow, screen: str, target: Any = None) -> Any:
    assert window.workplace is not None
    window.workplace.go(Place(screen, target))
    return window.workplace.here


def test_what_another_does_appears_in_its_row_and_no_row_moves(console, warehouse, theirs, cases):
    screen = queue(console)
    before, bar = ids(screen), screen.table.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place, current = bar.value(), screen.table.current_id()
    theirs.casework.take(warehouse.people.other_supervisor, [before[-1]])
    console.until(lambda: cell(screen, before[-1], "owner") == "Olga Othersupervisor")
    assert (ids(screen), bar.value(), screen.table.current_id()) == (before, place, current)


def test_the_bar_below_says_who_did_what(console, warehouse, theirs, cases):
    queue(console)
    theirs.casework.take(warehouse.people.other_supervisor, cases[:1])
    label = console.window.workplace.news
    console.until(lambda: label.text().startswith(f"Olga Othersupervisor: case {cases[0]} assigned"))


def test_a_row_that_is_gone_stays_crossed_out_until_it_is_asked_for(console, warehouse, theirs, cases):
    screen = queue(console)
    before = ids(screen)
    theirs.casework.dismiss(warehouse.people.other_supervisor, before[3:4], "a test")
    waiting = screen.panel.waiting
    console.until(lambda: waiting.isVisible())
    assert waiting.show_button.text() == "1 gone · show"
    assert ids(screen) == before
    spoken = screen.table.table.index(3, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("(gone)")
    console.click(waiting.show_button)
    assert ids(screen) == before[:3] + before[4:]
    assert not waiting.isVisible()


def test_new_rows_wait_until_they_are_asked_for(console, warehouse, theirs, cases):
    screen = queue(console)
    before, current = ids(screen), screen.table.current_id()
    warehouse.move("ITEM-NEW", "B-01", "-900", "2026-03-01T09:12:00Z")
    theirs.casework.sync()
    theirs.casework.note(warehouse.people.other_supervisor, before[0], "look at the new one")
    console.until(lambda: screen.panel.waiting.isVisible())
    assert screen.panel.waiting.show_button.text() == "1 new · show"
    assert ids(screen) == before
    console.key(Qt.Key.Key_F5)
    console.until(lambda: len(ids(screen)) == 41)
    assert screen.table.current_id() == current


def test_a_list_that_nobody_touches_catches_up_by_itself(console, warehouse, theirs, cases):
    screen = queue(console)
    screen.panel.waiting.rest.setInterval(1)
    before = ids(screen)
    theirs.casework.dismiss(warehouse.people.other_supervisor, before[3:4], "a test")
    console.until(lambda: ids(screen) == before[:3] + before[4:])


def test_the_selection_stays_when_others_change_the_list(console, warehouse, theirs, cases):
    screen = queue(console)
    before = ids(screen)
    screen.table.select_ids(before[5:8])
    theirs.casework.dismiss(warehouse.people.other_supervisor, before[2:3], "a test")
    console.until(lambda: screen.panel.waiting.isVisible())
    assert screen.table.selected_ids() == before[5:8]


def test_sorting_takes_in_what_waited(console, warehouse, theirs, cases):
    screen = queue(console)
    before = ids(screen)
    theirs.casework.dismiss(warehouse.people.other_supervisor, before[3:4], "a test")
    console.until(lambda: screen.panel.waiting.isVisible())
    screen.table.sort_by("item")
    assert before[3] not in ids(screen)
    assert not screen.panel.waiting.isVisible()


def test_an_open_case_says_who_else_has_it_open_until_they_leave(console, warehouse, theirs, cases):
    queue(console)
    screen = go(console.window, "case", cases[0])
    theirs.presence.open(warehouse.people.other_supervisor, cases[0])
    said = screen.head.onlookers
    console.until(lambda: said.isVisible())
    assert said.text() == "Olga Othersupervisor has this case open since 06:00"
    assert said.accessibleName() == said.text()
    theirs.presence.leave()
    console.until(lambda: not said.isVisible())


def test_two_windows_see_each_other_in_a_case(console, warehouse, cases):
    queue(console)
    first = console.window
    mine = go(first, "case", cases[0])
    console.open()
    console.sign_in(warehouse.people.other_supervisor)
    second = go(console.window, "case", cases[0])
    console.until(lambda: mine.head.onlookers.text().startswith("Olga Othersupervisor has this case open"))
    console.until(lambda: second.head.onlookers.text().startswith("Sam Supervisor has this case open"))
    go(console.window, "queue:negative")
    console.until(lambda: not mine.head.onlookers.isVisible())


def test_who_sends_no_heartbeat_disappears_from_the_case(console, warehouse, theirs, cases):
    queue(console)
    screen = go(console.window, "case", cases[0])
    theirs.presence.open(warehouse.people.other_supervisor, cases[0])
    console.until(lambda: screen.head.onlookers.isVisible())
    warehouse.clock.forward(EXPIRY + SECOND)
    screen.head.onlookers.beat.setInterval(1)
    console.until(lambda: not screen.head.onlookers.isVisible())


def test_what_is_typed_in_a_dialog_is_left_alone(console, warehouse, theirs, cases):
    screen = queue(console)
    current = screen.table.current_id()
    console.strike("d")
    dialog = console.dialog()
    console.until(dialog.isActiveWindow)
    console.type("because")
    theirs.casework.take(warehouse.people.other_supervisor, [current])
    console.until(lambda: cell(screen, current, "owner") == "Olga Othersupervisor")
    focus: Any = QApplication.focusWidget()
    typed = focus.toPlainText() if hasattr(focus, "toPlainText") else focus.text()
    assert (dialog.isVisible(), typed) == (True, "because")
    dialog.reject()


def test_a_locked_window_has_no_connection_and_hears_nothing(console, warehouse, cases):
    queue(console)
    engine = console.window.services.database.engine
    console.key(Qt.Key.Key_L, CTRL)
    console.until(lambda: console.window.locked)
    assert not console.window.listener.listening
    assert console.window.services.database.engine is not engine


def test_who_unlocks_sees_what_happened_meanwhile(console, warehouse, theirs, cases):
    screen = queue(console)
    last = ids(screen)[-1]
    console.key(Qt.Key.Key_L, CTRL)
    console.until(lambda: console.window.locked)
    theirs.casework.take(warehouse.people.other_supervisor, [last])
    console.type(SECRET)
    console.key(Qt.Key.Key_Return)
    console.until(lambda: not console.window.locked)
    console.until(lambda: cell(screen, last, "owner") == "Olga Othersupervisor")
    console.until(lambda: console.window.listener.listening)


def test_a_badge_on_the_locked_screen_switches_to_its_owner_at_the_same_place(console, warehouse, cases):
    queue(console)
    go(console.window, "case", cases[1])
    console.key(Qt.Key.Key_L, CTRL)
    console.sign_in_by_badge(warehouse.people.other_supervisor)
    workplace = console.window.workplace
    assert workplace.desk.person == warehouse.people.other_supervisor
    assert workplace.place == Place("case", cases[1])


def test_a_place_that_is_not_theirs_is_not_opened_by_a_switch(console, warehouse, cases):
    queue(console)
    go(console.window, "case", cases[1])
    console.key(Qt.Key.Key_L, CTRL | SHIFT)
    console.sign_in_by_badge(warehouse.people.counter)
    assert console.window.workplace.place.screen == "counting"


def test_who_was_slower_keeps_what_they_typed_and_is_told_who_did_what(console, warehouse, theirs, cases):
    screen = queue(console)
    current = screen.table.current_id()
    console.strike("d")
    dialog = console.dialog()
    console.until(dialog.isActiveWindow)
    console.type("because")
    theirs.casework.take(warehouse.people.other_supervisor, [current])
    console.until(lambda: cell(screen, current, "owner") == "Olga Othersupervisor")
    console.key(Qt.Key.Key_Return, CTRL)
    console.until(lambda: dialog.wrong.isVisible())
    assert dialog.wrong.text().startswith(
        "Olga Othersupervisor changed this in the meantime: assigned. It is assigned now; "
        "owner: Olga Othersupervisor; cause: –."
    )
    console.key(Qt.Key.Key_Return, CTRL)
    console.until(console.no_dialog)
    view = theirs.lookup.case(warehouse.people.supervisor, current)
    assert (view.state, view.events[-1].text) == ("dismissed", "because")
