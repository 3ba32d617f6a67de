"""Alerts in the real window: told once, one key from what they are about; messages given up, sent again."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSystemTrayIcon

from support.console import Console
from support.desk import Workstation
from support.floor import Floor
from support.prompts import ScriptedPrompts
from support.screen import focus
from support.warehouse import CHEAP, Warehouse
from zeroline.domain.alert import Channel
from zeroline.domain.changes import Changes
from zeroline.domain.instant import MINUTE
from zeroline.domain.person import PROGRAM, Person
from zeroline.services.workbench import Workbench
from zeroline.ui.desk import Place
from zeroline.ui.noticing import Noticing
from zeroline.ui.screens import entries_for
from zeroline.ui.screens.alerts import AlertsScreen
from zeroline.ui.screens.letters import LettersScreen
from zeroline.ui.theme import Tone


def below(warehouse: Warehouse, place: str = "E-02", item: str = "BRG-6204") -> int:
    """A key that goes below zero now."""
    warehouse.move(item, place, "-8")
    return warehouse.key(item, place)


def at(console: Console, person: Person) -> Any:
    """Somebody's alerts in the whole window."""
    console.open()
    console.sign_in(person)
    assert console.window.workplace is not None
    console.window.workplace.go(Place("alerts"))
    return console.here


def cells(screen: Any, key: str) -> list[Any]:
    table = screen.table.table
    return [table.rows.value(key, table.rows.row_of(table.id_at(line))) for line in range(table.rowCount())]


def shown(screen: AlertsScreen) -> list[str]:
    return cells(screen, "said")


# --- the list


def test_a_negative_appears_in_the_list_and_in_the_bar_at_the_left(
    console: Console, warehouse: Warehouse
) -> None:
    below(warehouse)
    screen = at(console, warehouse.people.supervisor)
    assert shown(screen) == []
    console.key(Qt.Key.Key_F5)
    assert shown(screen) == ["BRG-6204 in E-02 (MAIN) went below zero: −8 EA."]
    assert cells(screen, "state") == ["new"]
    assert console.window.workplace is not None
    way: Any = console.window.workplace.side.widget_of("alerts")
    assert way.number.text() == "1"
    assert screen.panel.summary.text() == "1 new"


def test_enter_goes_to_the_case_and_by_that_the_alert_is_seen(console: Console, warehouse: Warehouse) -> None:
    below(warehouse)
    screen = at(console, warehouse.people.supervisor)
    console.key(Qt.Key.Key_F5)
    focus(console.qtbot, screen.table)
    console.key(Qt.Key.Key_Return)
    assert console.window.workplace is not None
    assert console.window.workplace.place == Place("case", 1)
    console.key(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert cells(screen, "state") == ["seen"]
    assert screen.panel.summary.text() == "all seen"


@pytest.fixture
def told(workstation: Workstation, warehouse: Warehouse) -> AlertsScreen:
    """Sam's list with three negatives."""
    for place in ("A-01", "A-02", "A-03"):
        below(warehouse, place)
    sam = warehouse.people.supervisor
    workstation.services.alerting.notice(sam)
    made = workstation.show(AlertsScreen(workstation.desk(sam)))
    focus(workstation.qtbot, made.table)
    return made


def test_one_or_all_are_marked_as_seen(workstation: Workstation, told: AlertsScreen) -> None:
    workstation.qtbot.keyClick(told.table, Qt.Key.Key_S)
    assert sorted(cells(told, "state")) == ["new", "new", "seen"]
    assert told.seen_action.isEnabled() is False
    workstation.qtbot.keyClick(told.table, Qt.Key.Key_A)
    assert cells(told, "state") == ["seen"] * 3
    assert told.all_action.isEnabled() is False


def test_a_click_twice_goes_to_what_it_is_about(workstation: Workstation, told: AlertsScreen) -> None:
    told.table.activated_id.emit(told.table.current_id())
    assert workstation.went[-1].screen == "case"


@pytest.mark.parametrize(("who", "kind"), [("other_supervisor", "approval"), ("supervisor", "ageing")])
def test_an_adjustment_leads_to_its_page(
    workstation: Workstation, warehouse: Warehouse, floor: Floor, who: str, kind: str
) -> None:
    person = getattr(warehouse.people, who)
    floor.policy(approval_age_hours=1)
    adjustment = floor.propose(below(warehouse), "3").adjustment_id
    warehouse.clock.forward(0 if kind == "approval" else 60 * MINUTE)
    alerting = workstation.services.alerting
    alerting.notice(person)
    others = [row.id for row in alerting.mine(person).rows if row.kind != kind]
    screen = workstation.show(AlertsScreen(workstation.desk(person)))
    (mine,) = {*screen._rows} - {*others}
    screen.table.select_ids([mine])
    screen.go()
    assert workstation.went == [Place("approvals", adjustment)]
    assert "proposed by Sam Supervisor" in screen.table.table.rows.value(
        "said", screen.table.table.rows.row_of(mine)
    )


def test_a_count_sheet_leads_a_counter_to_the_sheet(
    workstation: Workstation, warehouse: Warehouse, floor: Floor
) -> None:
    counter = warehouse.people.counter
    sheet = floor.counting.create_sheet(
        warehouse.people.supervisor, key_ids=[below(warehouse)], due_at=warehouse.clock()
    ).sheet_id
    workstation.services.alerting.notice(counter)
    screen = workstation.show(AlertsScreen(workstation.desk(counter)))
    assert shown(screen) == ["Count sheet CNT-000001 is due at 2026-03-02 06:00: 1 line to count."]
    screen.go()
    assert workstation.went == [Place("counting", sheet)]


def test_many_at_once_are_one_line_that_leads_to_the_queue(
    workstation: Workstation, warehouse: Warehouse
) -> None:
    for number in range(6):
        below(warehouse, f"A-{number}")
    sam = warehouse.people.supervisor
    workstation.services.alerting.notice(sam)
    screen = workstation.show(AlertsScreen(workstation.desk(sam)))
    assert shown(screen) == ["6 places went below zero; the worst is BRG-6204 in A-0: −8 EA."]
    screen.go()
    assert workstation.went == [Place("queue:negative")]


def test_what_others_are_told_moves_nothing_here(
    workstation: Workstation, warehouse: Warehouse, told: AlertsScreen
) -> None:
    before = told.table.current_id()
    below(warehouse, "B-01")
    workstation.services.alerting.notice(warehouse.people.supervisor)
    told.announce(Changes(alerts=frozenset({1})), others=True)
    assert told.table.current_id() == before


# --- who is written to


def test_a_person_says_where_they_are_written_to(
    workstation: Workstation, warehouse: Warehouse, told: AlertsScreen
) -> None:
    sam = warehouse.people.supervisor
    workstation.prompts.answers = ["sam@example.com"]
    workstation.qtbot.keyClick(told.table, Qt.Key.Key_E)
    assert workstation.services.alerting.email(sam, sam.id) == "sam@example.com"
    assert workstation.said[-1] == ("You are written to at sam@example.com.", Tone.VERIFIED)
    workstation.prompts.answers = ["sam"]
    workstation.qtbot.keyClick(told.table, Qt.Key.Key_E)
    assert told.banner.text.startswith("“sam” is not an e-mail address.")
    workstation.prompts.answers = [""]
    workstation.qtbot.keyClick(told.table, Qt.Key.Key_E)
    assert workstation.said[-1] == ("You are not written to.", Tone.VERIFIED)


# --- messages given up


@pytest.fixture
def given_up(workstation: Workstation, warehouse: Warehouse) -> LettersScreen:
    """The administrator's list with one e-mail of Sam's."""
    alerting, sam = workstation.services.alerting, warehouse.people.supervisor
    alerting.set_email(sam, sam.id, "sam@example.com")
    below(warehouse)
    alerting.notice(PROGRAM)
    (letter,) = alerting.due(PROGRAM, "one", [Channel.MAIL])
    alerting.failed(PROGRAM, "one", letter, "mail-refused 550 no such mailbox", for_good=True)
    made = workstation.show(LettersScreen(workstation.desk(warehouse.people.administrator)))
    focus(workstation.qtbot, made.table)
    return made


def test_a_message_given_up_is_listed_with_its_reason_and_sent_again(
    workstation: Workstation, given_up: LettersScreen
) -> None:
    assert given_up.panel.summary.text() == "1\u00a0message given up"
    table = given_up.table.table
    assert table.index(0, 3).data() == "The mail server refused the message: 550 no such mailbox"
    assert table.index(0, 2).data() == "Sam Supervisor"
    workstation.qtbot.keyClick(given_up.table, Qt.Key.Key_G)
    assert given_up.table.table.rowCount() == 0
    assert given_up.panel.summary.text() == "1\u00a0waits to be sent, the oldest of just now"
    assert workstation.services.alerting.due(PROGRAM, "two", [Channel.MAIL])


def test_a_message_that_another_administrator_sent_again_is_told_so(
    workstation: Workstation, warehouse: Warehouse, given_up: LettersScreen
) -> None:
    workstation.services.alerting.again(warehouse.people.other_administrator, 1)
    workstation.qtbot.keyClick(given_up.table, Qt.Key.Key_G)
    assert "somebody had it sent again" in given_up.banner.text


def test_the_place_says_how_many_messages_were_given_up(console: Console, warehouse: Warehouse) -> None:
    console.open()
    console.sign_in(warehouse.people.administrator)
    assert console.window.workplace is not None
    way: Any = console.window.workplace.side.widget_of("letters")
    assert way.number.text() == "0"
    assert "alerts" not in {entry.key for entry in entries_for(warehouse.people.administrator)}


def test_an_administrator_says_where_somebody_is_written_to(console: Console, warehouse: Warehouse) -> None:
    console.prompts = prompts = ScriptedPrompts()
    console.open()
    console.sign_in(warehouse.people.administrator)
    assert console.window.workplace is not None
    console.window.workplace.go(Place("people"))
    sam = warehouse.people.supervisor
    console.here.table.select_ids([sam.id])
    prompts.answers = ["sam@example.com"]
    focus(console.qtbot, console.here.table)
    console.key(Qt.Key.Key_E)
    assert console.window.services.alerting.email(sam, sam.id) == "sam@example.com"


# --- outside the window


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)  # offscreen has no tray of its own
def test_new_alerts_are_shown_outside_the_window_once_and_lead_back_to_the_list(
    workstation: Workstation, warehouse: Warehouse
) -> None:
    sam = warehouse.people.supervisor
    below(warehouse)
    made = Noticing(workstation.desk(sam), console_of(workstation), lambda: True)
    changes: list[Changes] = []
    wanted: list[bool] = []
    made.told.connect(changes.append)
    made.wanted.connect(lambda: wanted.append(True))
    made.look()
    assert changes == [Changes(alerts=frozenset({sam.id}))]
    assert isinstance(made.icon, QSystemTrayIcon)
    assert made.icon.isVisible()
    made.icon.messageClicked.emit()
    assert wanted == [True]
    other = Noticing(workstation.desk(sam), console_of(workstation), lambda: True)
    other.look()
    assert other.icon is None
    made.rest()
    assert not made.icon.isVisible()


def test_where_there_is_no_tray_nothing_is_taken_for_shown(
    workstation: Workstation, warehouse: Warehouse
) -> None:
    sam = warehouse.people.supervisor
    below(warehouse)
    Noticing(workstation.desk(sam), console_of(workstation), lambda: False).look()
    assert len(workstation.services.alerting.to_show(sam)) == 1


def console_of(workstation: Workstation) -> AlertsScreen:
    """A widget that a look belongs to."""
    made = AlertsScreen(workstation.desk(workstation.warehouse.people.supervisor))
    workstation.qtbot.addWidget(made)
    return made


def test_what_cannot_be_kept_now_is_found_at_the_next_look(
    workstation: Workstation, warehouse: Warehouse
) -> None:
    below(warehouse)
    sam = warehouse.people.supervisor
    looking = Workbench(workstation.services.database.url, warehouse.clock, hasher=CHEAP)
    looking.database.read_only = True
    assert not looking.alerting.notice(sam)
    looking.dispose()
    assert workstation.services.alerting.notice(sam)
