"""The door, the lock, the places and what goes wrong, in the real window with real keys."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from support.console import CTRL, Console
from support.warehouse import SECRET, Warehouse
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.instant import SECOND
from zeroline.domain.person import Role
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.crash import CrashDialog
from zeroline.ui.dialogs.form import Form
from zeroline.ui.prompts import Choice
from zeroline.ui.prompts.question import Question
from zeroline.ui.theme import Scheme, Tone

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def negatives(warehouse: Warehouse) -> Warehouse:
    """Three bins below zero and one that is well."""
    warehouse.move("BRG-6204", "E-02", "3", document="IN/1")
    for item, bin, out in (("BRG-6204", "E-02", "-11"), ("GLV-XL", "A-02", "-3"), ("BOLT-M8", "B-07", "-40")):
        warehouse.move(item, bin, out, document=f"OUT/{item}")
    warehouse.move("NUT-M8", "B-08", "25", document="IN/2")
    return warehouse


# at the door


def test_the_first_start_makes_the_administrator(console: Console, database: Any) -> None:
    window = console.open(database.path)
    door = window.entrance
    assert door.title.text() == "Welcome"
    console.type("ada")
    for text in ("Ada Lovelace", "correct horse", "correct horse"):
        console.key(Qt.Key.Key_Return)
        console.type(text)
    console.key(Qt.Key.Key_Return)
    console.until(lambda: not window.locked)
    assert window.person is not None
    assert (window.person.login, window.person.role.value) == ("ada", "administrator")
    assert window.workplace is not None
    assert "Ada Lovelace" in window.workplace.who.text()


def test_the_first_administrator_must_type_the_same_secret_twice(console: Console, database: Any) -> None:
    window = console.open(database.path)
    for text in ("ada", "Ada Lovelace", "correct horse", "correct house"):
        console.type(text)
        console.key(Qt.Key.Key_Return)
    assert window.locked
    assert "differ" in window.entrance.wrong.text() or "same" in window.entrance.wrong.text()
    assert QApplication.focusWidget() is window.entrance.again


def test_a_person_signs_in_by_login(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    console.sign_in(warehouse.people.supervisor)
    assert window.person == warehouse.people.supervisor
    assert console.here.accessibleName() == "Negative on hand"


def test_a_wrong_password_is_answered_by_a_sentence_and_the_field(
    console: Console, warehouse: Warehouse
) -> None:
    window = console.open()
    console.sign_in(warehouse.people.supervisor, "wrong horse")
    assert window.locked
    assert window.entrance.wrong.text().endswith(".")
    assert "sign" not in window.entrance.wrong.text().split()[0]
    assert QApplication.focusWidget() is window.entrance.secret
    assert window.entrance.secret.selectedText()


def test_a_badge_and_its_pin_open_the_door(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    console.sign_in_by_badge(warehouse.people.counter)
    assert window.person == warehouse.people.counter


def test_escape_leads_from_the_badge_back_to_the_login(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    console.scan("BADGE-counter")
    assert not window.entrance.login.isVisible()
    console.key(Qt.Key.Key_Escape)
    assert window.entrance.login.isVisible()
    console.sign_in(warehouse.people.supervisor)
    assert window.person == warehouse.people.supervisor


def test_a_counter_sees_only_counting(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    console.sign_in(warehouse.people.counter)
    assert window.workplace is not None
    assert [way for way in ("counting", "queue:negative", "reports", "approvals", "policy", "people")
            if window.workplace.side.widget_of(way) is not None] == ["counting"]  # fmt: skip
    assert window.workplace.finder is None
    window.workplace.go(Place("queue:negative"))
    assert window.workplace.place.screen == "counting"


# the lock


def test_the_window_locks_when_nobody_touches_it(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    console.sign_in(warehouse.people.supervisor)
    seconds = window.services.policies.current().idle_lock_seconds
    console.idle += (seconds - 1) * SECOND
    console.key(Qt.Key.Key_Down)
    console.idle += (seconds - 1) * SECOND
    window.idle.check()
    assert not window.locked
    console.idle += SECOND
    window.idle.check()
    assert window.locked
    assert window.entrance.title.text() == "Locked"


def test_the_same_person_finds_the_screen_as_it_was(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    console.key(Qt.Key.Key_Down)
    current = console.here.table.current_id()
    console.key(Qt.Key.Key_L, CTRL)
    assert window.locked
    console.sign_in(negatives.people.supervisor)
    assert console.here.table.current_id() == current
    console.until(lambda: QApplication.focusWidget() is console.here.table)


class _Fields(Form):
    """A form as screens open them."""

    def __init__(self, console: Console) -> None:
        assert console.window.workplace is not None
        super().__init__(console.window, console.window.workplace.desk, "A form", "Do it")
        self.text = QLineEdit()
        self.field("What", self.text)


def _ask_text(console: Console) -> None:
    console.window.prompts.ask_text(
        console.here, "A note", "What is to be noted?", action="Note it", accepted=lambda _: None
    )


def _ask_secret(console: Console) -> None:
    console.window.prompts.ask_secret(
        console.here, "Sign", "Approve +3", action="Approve", accepted=lambda _: None
    )


def _form(console: Console) -> None:
    form = _Fields(console)
    form.open()
    form.text.setFocus()


@pytest.mark.parametrize("opened", [_ask_text, _ask_secret, _form])
def test_what_was_typed_in_a_dialog_waits_behind_the_lock(
    console: Console, negatives: Warehouse, opened: Any
) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    opened(console)
    dialog = console.dialog()
    console.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    console.type("half a")
    window.lock()
    assert console.no_dialog()
    assert window.locked
    console.sign_in(negatives.people.supervisor)
    assert console.dialog() is dialog
    console.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    console.type(" word")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "half a word"


def _confirm(console: Console) -> None:
    console.window.prompts.confirm(
        console.here, "Sure?", "Post +3", action="Post", accepted=lambda: None, final=True
    )


def _choose(console: Console) -> None:
    console.window.prompts.choose(
        console.here, "Which?", "One of", [Choice(1, "one")], action="Take", accepted=lambda _: None
    )


def _open_file(console: Console) -> None:
    console.window.prompts.open_file(console.here, "A file", "CSV (*.csv)", accepted=lambda _: None)


def _save_file(console: Console) -> None:
    console.window.prompts.save_file(console.here, "A file", "CSV (*.csv)", accepted=lambda _: None)


def _crash(console: Console) -> None:
    console.crashes_wanted = True

    def fail() -> None:
        raise ValueError("out of the blue")

    console.window.tasks.query(fail, lambda _: None, owner=console.window)


ALL_DIALOGS = [_ask_text, _ask_secret, _form, _confirm, _choose, _open_file, _save_file, _crash]


@pytest.mark.parametrize("opened", ALL_DIALOGS)
def test_no_dialog_stays_before_the_lock_and_another_person_finds_none(
    console: Console, negatives: Warehouse, opened: Any, caplog: pytest.LogCaptureFixture
) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    with caplog.at_level(logging.CRITICAL + 1):
        opened(console)
    dialog = console.dialog()
    window.lock()
    assert not dialog.isVisible()
    console.sign_in(negatives.people.other_supervisor)
    assert window.person == negatives.people.other_supervisor
    assert console.no_dialog()
    window.lock()
    console.sign_in(negatives.people.supervisor)
    assert console.no_dialog()


def test_a_dialog_that_opens_while_locked_waits_behind_the_door(
    console: Console, negatives: Warehouse
) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    window.lock()
    _confirm(console)
    console.until(console.no_dialog)
    assert window.locked
    console.sign_in(negatives.people.supervisor)
    assert isinstance(console.dialog(), Question)


def test_two_keys_switch_the_person(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    console.key(Qt.Key.Key_L, CTRL | SHIFT)
    assert window.locked
    assert window.person is None
    assert window.entrance.login.text() == ""
    console.sign_in_by_badge(negatives.people.manager)
    assert window.person == negatives.people.manager


def test_the_keys_of_a_screen_do_nothing_behind_the_lock(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    window.lock()
    assert window.workplace is not None
    before = window.workplace.place
    console.key(Qt.Key.Key_2, CTRL)
    console.key(Qt.Key.Key_K, CTRL)
    assert window.workplace.place == before
    assert QApplication.focusWidget() is window.entrance.secret


# going about


# whose rights change while they sit here


def test_who_is_switched_off_is_shut_out_at_the_next_write(console: Console, negatives: Warehouse) -> None:
    staff = negatives.people
    window = console.open()
    console.sign_in(staff.supervisor)
    window.services.people.set_active(staff.administrator, staff.supervisor.id, False)
    [case, *_] = window.services.lookup.queue(staff.supervisor, _negative()).ids
    window.tasks.command(lambda: window.services.casework.take(staff.supervisor, [int(case)]), owner=window)
    assert window.locked
    assert window.person is None
    assert window.workplace is None
    assert window.entrance.wrong.text() == "This account was switched off. Ask the administrator."


def test_who_gets_another_role_signs_in_again(console: Console, negatives: Warehouse) -> None:
    staff = negatives.people
    window = console.open()
    console.sign_in(staff.supervisor)
    window.services.people.change_role(staff.administrator, staff.supervisor.id, Role.AUDITOR)
    console.key(Qt.Key.Key_F5)
    assert window.locked
    assert window.entrance.wrong.text() == "Your role was changed: you are auditor now. Sign in again."
    assert window.entrance.login.text() == "supervisor"
    console.type(SECRET)
    console.key(Qt.Key.Key_Return)
    console.until(lambda: not window.locked)
    assert window.workplace is not None
    assert "auditor" in window.workplace.who.text()


def test_another_name_shuts_no_door(console: Console, negatives: Warehouse) -> None:
    staff = negatives.people
    window = console.open()
    console.sign_in(staff.supervisor)
    window.services.people.rename(staff.administrator, staff.supervisor.id, "Sam Married")
    console.key(Qt.Key.Key_F5)
    assert not window.locked


def test_the_second_administrator_is_told_once_what_waits_for_them(
    console: Console, negatives: Warehouse
) -> None:
    staff = negatives.people
    window = console.open()
    console.sign_in(staff.other_administrator)
    assert window.workplace is not None
    banner, way = window.workplace.banner, window.workplace.side.widget_of("people")
    assert way is not None
    assert way.number.text() == "0"
    window.services.people.change_role(staff.administrator, staff.counter.id, Role.SUPERVISOR)
    console.key(Qt.Key.Key_F5)
    assert banner.text == (
        "Ada Administrator asks that Cora Counter, now counter, become supervisor. "
        "It waits for you, the second administrator."
    )
    assert way.number.text() == "1"
    console.press("Look at it")
    row = console.here.current()
    assert row.person == staff.counter
    console.key(Qt.Key.Key_1, CTRL)
    console.key(Qt.Key.Key_F5)
    assert banner.text == ""


def test_who_asked_is_not_told_to_confirm(console: Console, negatives: Warehouse) -> None:
    staff = negatives.people
    window = console.open()
    window.services.people.change_role(staff.administrator, staff.counter.id, Role.SUPERVISOR)
    console.sign_in(staff.administrator)
    assert window.workplace is not None
    assert window.workplace.banner.text == ""


def test_a_place_is_reached_by_its_key_and_by_a_click(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    console.key(Qt.Key.Key_2, CTRL)
    assert window.workplace.place.screen == "queue:transient"
    way = window.workplace.side.widget_of("queue:negative")
    assert way is not None
    console.click(way)
    assert console.here.accessibleName() == "Negative on hand"


def test_the_side_bar_counts_what_waits(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    way = window.workplace.side.widget_of("queue:negative")
    assert way is not None
    assert way.accessibleName().startswith("Negative on hand, 3 waiting")
    negatives.move("TAPE", "C-01", "-2")
    console.key(Qt.Key.Key_F5)
    assert way.accessibleName().startswith("Negative on hand, 4 waiting")


def test_find_opens_the_case_of_an_item(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    assert window.workplace.finder is not None
    console.key(Qt.Key.Key_K, CTRL)
    console.until(lambda: QApplication.focusWidget() is window.workplace.finder)  # type: ignore[union-attr]
    console.type("glv")
    finder = window.workplace.finder
    assert finder.list.isVisible()
    assert "GLV-XL" in finder.list.item(0).text()
    console.key(Qt.Key.Key_Return)
    assert window.workplace.place.screen == "case"
    assert console.here.view.key.item == "GLV-XL"
    assert not finder.list.isVisible()


def test_find_says_when_there_is_nothing(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    assert window.workplace.finder is not None
    console.key(Qt.Key.Key_K, CTRL)
    console.type("zzz")
    assert window.workplace.finder.list.item(0).text().startswith("Nothing found")
    console.key(Qt.Key.Key_Escape)
    console.until(lambda: QApplication.focusWidget() is console.here.table)
    assert window.workplace.finder.text() == ""


@pytest.mark.parametrize("back", [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
                                  (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)])  # fmt: skip
def test_back_returns_to_the_same_row(
    console: Console, negatives: Warehouse, back: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    console.open()
    console.sign_in(negatives.people.supervisor)
    console.until(lambda: QApplication.focusWidget() is console.here.table)
    console.key(Qt.Key.Key_Down)
    queue, row = console.here, console.here.table.current_id()
    console.key(Qt.Key.Key_Return)
    assert console.here.accessibleName().startswith("Case")
    console.key(*back)
    assert console.here is queue
    assert queue.table.current_id() == row
    console.until(lambda: QApplication.focusWidget() is queue.table)


def test_back_from_one_case_returns_to_the_case_before(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    first, second = console.here.table.table.shown.rows.ids[:2]
    window.workplace.go(Place("case", first))
    window.workplace.go(Place("case", second))
    assert console.here.view.case_id == second
    console.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert console.here.view.case_id == first


def test_f1_lists_the_keys_of_the_screen_until_any_key(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    console.key(Qt.Key.Key_F1)
    hints = window.workplace.hints
    assert hints.isVisible()
    shown = {label.text() for label in hints.findChildren(QWidget) if hasattr(label, "text")}
    assert {"Send to count", "Lock", "Reports", "Find anything"} <= shown
    console.key(Qt.Key.Key_Space)
    assert not hints.isVisible()
    console.until(lambda: QApplication.focusWidget() is console.here.table)


def test_no_screen_gives_one_key_two_meanings(console: Console, negatives: Warehouse) -> None:
    """Qt does nothing at all for a key that two shortcuts in reach claim."""
    window = console.open()
    for person, administrator in ((negatives.people.manager, False), (negatives.people.administrator, True)):
        console.sign_in(person)
        workplace = window.workplace
        assert workplace is not None
        case = window.services.lookup.queue(person, _negative()).ids[0] if not administrator else None
        for key in workplace._entries:
            workplace.go(Place(key, int(case) if key == "case" and case is not None else None))
            assert workplace.place.screen == key
            assert _doubled(window) == [], key
        window.switch()


def _negative() -> Any:
    from zeroline.domain.case import Queue

    return Queue.NEGATIVE


def _doubled(window: QWidget) -> list[str]:
    """Keys that more than one visible, enabled action or shortcut claims in the same place."""
    claims: dict[str, dict[Any, str]] = {}
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        for action in widget.actions():
            if action.isEnabled() and action.isVisible():
                for sequence in action.shortcuts():
                    claims.setdefault(sequence.toString(), {})[action] = action.text()
    for shortcut in window.findChildren(QShortcut):
        place = shortcut.parent()
        if shortcut.isEnabled() and isinstance(place, QWidget) and place.isVisible():
            sequences = shortcut.keys()
            for sequence in sequences:
                claims.setdefault(sequence.toString(), {})[shortcut] = type(place).__name__
    return [
        f"{key}: {sorted(who.values())}"
        for key, who in claims.items()
        if key and len(who) > 1 and not _apart(list(who))
    ]


def _apart(claimants: list[Any]) -> bool:
    """Whether no two can be meant at once: each only within its own widget, none of them inside another."""
    places: list[QWidget] = []
    for one in claimants:
        context = one.shortcutContext() if isinstance(one, QAction) else one.context()
        if context not in (Qt.ShortcutContext.WidgetWithChildrenShortcut, Qt.ShortcutContext.WidgetShortcut):
            return False
        place = one.parent()
        assert isinstance(place, QWidget)
        places.append(place)
    return not any(a is b or a.isAncestorOf(b) for a in places for b in places if a is not b)


# what goes wrong


def test_trouble_is_a_bar_with_retry(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    answers: list[str] = []
    reachable = iter((False, True))

    def work() -> str:
        if not next(reachable):
            raise Trouble("database-locked")
        return "here again"

    window.tasks.query(work, answers.append, owner=window, key="try")
    assert window.workplace.banner.tone is Tone.NEGATIVE
    console.press("Retry")
    assert answers == ["here again"]
    assert window.workplace.banner.text == ""


def test_a_refusal_nobody_took_is_a_sentence_in_the_bar(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None

    def work() -> Changes:
        raise DomainError("not-allowed")

    window.tasks.command(work)
    assert window.workplace.banner.text
    assert window.workplace.banner.text != "not-allowed"


@pytest.mark.expects_log("out of the blue")
def test_an_unforeseen_error_shows_its_details_and_the_window_stays(
    console: Console, negatives: Warehouse
) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    _crash(console)
    dialog = console.dialog(CrashDialog)
    assert "ValueError: out of the blue" in dialog.details.toPlainText()
    console.press("Copy details", dialog)
    assert "out of the blue" in QApplication.clipboard().text()
    console.press("Go on", dialog)
    assert console.no_dialog()
    console.key(Qt.Key.Key_2, CTRL)
    assert window.workplace is not None
    assert window.workplace.place.screen == "queue:transient"


def test_trouble_at_the_door_can_be_tried_again(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    hidden = warehouse.path.with_suffix(".away")
    window.services.dispose()
    warehouse.path.rename(hidden)
    warehouse.path.mkdir()
    console.type("supervisor")
    console.key(Qt.Key.Key_Return)
    console.type(SECRET)
    console.key(Qt.Key.Key_Return)
    console.until(lambda: window.entrance.retry.isVisible())
    warehouse.path.rmdir()
    hidden.rename(warehouse.path)
    console.press("Try again")
    console.until(lambda: not window.locked)


# what is remembered


def test_each_person_keeps_their_own_look(console: Console, warehouse: Warehouse) -> None:
    window = console.open()
    console.sign_in(warehouse.people.supervisor)
    assert window.workplace is not None
    console.click(window.workplace.scheme)
    assert window.theme.scheme is Scheme.DARK
    console.key(Qt.Key.Key_L, CTRL | SHIFT)
    console.sign_in(warehouse.people.manager)
    assert window.theme.scheme is Scheme.LIGHT
    window.switch()
    console.sign_in(warehouse.people.supervisor)
    assert window.theme.scheme is Scheme.DARK


def test_the_window_comes_back_where_it_was(console: Console, warehouse: Warehouse) -> None:
    first = console.open(size=(1200, 700))
    first.close()
    second = console.open()
    console.until(lambda: second.height() == 700)  # the offscreen display is too narrow for the width


def test_closing_waits_for_a_write_that_is_under_way(console: Console, warehouse: Warehouse) -> None:
    console.inline = False
    window = console.open()
    person = warehouse.people.administrator
    console.sign_in(person)
    services = window.services
    window.tasks.command(lambda: services.people.rename(person, warehouse.people.counter.id, "Cora Newname"))
    assert window.close()
    assert services.people.names()[warehouse.people.counter.id] == "Cora Newname"


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0"), (3_831, "3,831"), (9_999, "9,999"), (10_000, "10k"), (100_000, "100k"), (1_250_000, "1.2M")],
)
def test_a_large_count_fits_beside_its_place_and_is_whole_in_the_hint(
    console: Console, negatives: Warehouse, count: int, told: str
) -> None:
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    side = window.workplace.side
    side.show_counts({"negative": (count, 0)})
    way: Any = side.widget_of("queue:negative")
    assert way.number.text() == told
    assert f", {count:,} waiting" in way.toolTip()
    words = way.fontMetrics().horizontalAdvance(way.entry.title)
    assert way.width() - 12 - way.number.sizeHint().width() > 12 + 16 + 6 + words


def test_a_write_that_waits_for_another_program_says_so_and_is_kept(
    console: Console, negatives: Warehouse
) -> None:
    """Another program holds the database while a note is kept; then it lets go."""
    console.inline = False
    window = console.open()
    console.sign_in(negatives.people.supervisor)
    assert window.workplace is not None
    console.until(lambda: console.here.table.current_id() is not None)
    console.key(Qt.Key.Key_Return)
    console.until(lambda: window.workplace.place.screen == "case" and console.here.view is not None)  # type: ignore[union-attr]
    other = sqlite3.connect(negatives.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    console.key(Qt.Key.Key_N)
    note = console.dialog()
    console.until(lambda: note.isAncestorOf(QApplication.focusWidget() or window))
    console.type("typed meanwhile")
    console.press("Keep the note", note)
    console.until(window.workplace.slow.isVisible)
    assert "another program" in window.workplace.slow.text()
    other.execute("ROLLBACK")
    other.close()
    console.until(lambda: not window.workplace.slow.isVisible())  # type: ignore[union-attr]
    console.until(lambda: any(event.text == "typed meanwhile" for event in console.here.view.events))
