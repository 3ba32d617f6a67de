"""The small widgets, with real keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from support.screen import focus, form, put_on_screen
from zeroline.domain.count import parse_entry
from zeroline.domain.stock import Unit
from zeroline.ui.memory import Memory
from zeroline.ui.theme import Size, Tone
from zeroline.ui.widgets.badge import Badge
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.buttons import ActionButton, DeliberateButton
from zeroline.ui.widgets.idle import IdleWatch
from zeroline.ui.widgets.key_hints import KeyHints, keys_of
from zeroline.ui.widgets.quantity_edit import QuantityEdit


def quantity_edit(qtbot: Any, language: str = "en_GB") -> QuantityEdit:
    written = form(language)
    units = (Unit("cs", 12),)
    made = QuantityEdit(
        lambda text: parse_entry(text, "EA", units, written.decimal, written.group).quantity,
        lambda micro: written.quantity(micro, "EA"),
        size=Size.DISPLAY,
    )
    put_on_screen(qtbot, made, 300, 120)
    focus(qtbot, made.field)
    return made


def test_a_quantity_in_cases_says_what_it_makes(qtbot: Any) -> None:
    edit = quantity_edit(qtbot)
    qtbot.keyClicks(edit.field, "3cs+4")
    assert edit.makes.text() == "= 40\u00a0EA"
    with qtbot.waitSignal(edit.entered) as entered:
        qtbot.keyClick(edit.field, Qt.Key.Key_Return)
    assert entered.args == [40_000_000]
    assert edit.text() == "3cs+4"


def test_a_quantity_is_typed_with_the_decimal_mark_of_the_locale(qtbot: Any) -> None:
    edit = quantity_edit(qtbot, "de_DE")
    qtbot.keyClicks(edit.field, "2,5")
    assert edit.value() == 2_500_000
    assert edit.makes.text() == "= 2,5\u00a0EA"


def test_what_is_no_quantity_is_said_beside_the_field_and_stays(qtbot: Any) -> None:
    edit = quantity_edit(qtbot)
    entered: list[Any] = []
    edit.entered.connect(entered.append)
    edit.set_text("−3")
    qtbot.keyClick(edit.field, Qt.Key.Key_Return)
    assert entered == []
    assert edit.field.text() == "−3"
    assert edit.makes.text().endswith(".")
    assert edit.makes.property("tone") == Tone.NEGATIVE
    qtbot.keyClicks(edit.field, "7")
    assert edit.makes.property("tone") == Tone.MUTED


def test_escape_brings_back_what_was_there_before_typing(qtbot: Any) -> None:
    edit = quantity_edit(qtbot)
    edit.set_text("12")
    qtbot.keyClicks(edit.field, "34")
    qtbot.keyClick(edit.field, Qt.Key.Key_Escape)
    assert edit.text() == "12"


def test_another_item_has_other_units(qtbot: Any) -> None:
    edit = quantity_edit(qtbot)
    edit.set_text("3cs")
    edit.use(
        lambda text: parse_entry(text, "kg", (Unit("cs", 5),)).quantity, lambda micro: f"{micro // 10**6} kg"
    )
    assert edit.makes.text() == "= 15 kg"
    edit.clear()
    assert edit.value() is None
    assert edit.makes.text() == ""


def test_a_banner_says_one_sentence_and_never_takes_the_focus(qtbot: Any) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    banner, field = Banner(), QLineEdit()
    column.addWidget(banner)
    column.addWidget(field)
    put_on_screen(qtbot, window)
    focus(qtbot, field)
    banner.say("E-03 is not the bin of this line.", Tone.NEGATIVE)
    assert banner.text == "E-03 is not the bin of this line."
    assert QApplication.focusWidget() is field


def test_the_button_of_a_banner_does_it_again_and_closes(qtbot: Any) -> None:
    banner, again = put_on_screen(qtbot, Banner(), 500, 40), []
    banner.say("The database is locked.", Tone.CAUTION, "Retry", lambda: again.append(1))
    button = next(button for button in banner.findChildren(QPushButton) if button.text() == "Retry")
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert again == [1]
    assert banner.text == ""


def test_good_news_goes_by_itself_and_bad_news_stays(qtbot: Any) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    good, bad = Banner(passing=10), Banner(passing=10)
    column.addWidget(good)
    column.addWidget(bad)
    put_on_screen(qtbot, window)
    bad.say("Locked.", Tone.NEGATIVE)
    with qtbot.waitSignal(good.closed):
        good.say("Posted +15 EA.", Tone.VERIFIED)
    assert bad.text == "Locked."


def test_an_action_button_follows_its_action(qtbot: Any) -> None:
    action = QAction("Send to count")
    action.setShortcut(QKeySequence("C"))
    button = put_on_screen(qtbot, ActionButton(action, "primary"), 200, 40)
    assert button.text() == "Send to count   C"
    assert button.accessibleDescription() == "Key C"
    with qtbot.waitSignal(action.triggered):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    action.setText("Send 3 to count")
    action.setEnabled(False)
    assert button.text() == "Send 3 to count   C"
    assert not button.isEnabled()
    action.setVisible(False)
    assert not button.isVisible()
    action.setVisible(True)
    assert button.isVisible()


def test_enter_never_presses_a_deliberate_button_but_space_does(qtbot: Any) -> None:
    button, pressed = put_on_screen(qtbot, DeliberateButton("Post +15"), 200, 40), []
    button.clicked.connect(lambda: pressed.append(1))
    focus(qtbot, button)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.keyClick(button, Qt.Key.Key_Enter)
    assert pressed == []
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1]


def test_a_badge_says_its_meaning_in_words(qtbot: Any) -> None:
    badge = put_on_screen(qtbot, Badge("2 h late", Tone.CAUTION, "clock"), 120, 30)
    assert badge.accessibleName() == "2 h late"
    narrow = badge.sizeHint().width()
    badge.show_as("waiting for approval", Tone.ACCENT)
    assert badge.sizeHint().width() > narrow


def test_f1_lists_the_keys_of_the_screen_and_any_key_closes_it(qtbot: Any) -> None:
    window = QWidget()
    inner, hidden = QLineEdit(window), QLineEdit(window)
    hidden.hide()
    for place, text, key in ((window, "Assign", "A"), (inner, "Accept: T1", "Return"), (hidden, "Gone", "X")):
        action = QAction(text, place)
        action.setShortcut(QKeySequence(key))
        place.addAction(action)
    put_on_screen(qtbot, window)
    focus(qtbot, inner)
    hints = KeyHints(window)
    hints.show_keys(keys_of(window))
    said = [label.text() for label in hints.findChildren(QLabel)]
    assert {"A", "Assign", "Enter", "Accept: T1"} <= set(said)
    assert "Gone" not in said
    qtbot.waitUntil(lambda: QApplication.focusWidget() is hints)
    qtbot.keyClick(hints, Qt.Key.Key_Q)
    assert not hints.isVisible()
    assert QApplication.focusWidget() is inner


@pytest.fixture
def watch(qapp: Any) -> Any:
    now = [0]
    made = IdleWatch(qapp, 60, lambda: now[0])
    made.start()
    yield made, now
    made.stop()
    qapp.removeEventFilter(made)
    made.deleteLater()


def test_a_minute_without_touch_is_idleness_told_once(qtbot: Any, watch: Any) -> None:
    idle, now = watch
    told: list[int] = []
    idle.idle.connect(lambda: told.append(1))
    now[0] = 59_000_000
    idle.check()
    assert told == []
    assert idle.remaining == 1
    now[0] = 60_000_000
    idle.check()
    idle.check()
    assert told == [1]


def test_a_key_or_a_mouse_begins_the_minute_anew(qtbot: Any, watch: Any) -> None:
    idle, now = watch
    field = put_on_screen(qtbot, QLineEdit(), 100, 30)
    now[0] = 59_000_000
    qtbot.keyClick(field, Qt.Key.Key_1)
    now[0] = 100_000_000
    assert idle.remaining == 19


def test_waking_the_machine_with_a_key_does_not_undo_the_idleness(qtbot: Any, watch: Any) -> None:
    idle, now = watch
    field = put_on_screen(qtbot, QLineEdit(), 100, 30)
    now[0] = 3_600_000_000
    with qtbot.waitSignal(idle.idle):
        qtbot.keyClick(field, Qt.Key.Key_1)


def test_no_limit_never_locks(qtbot: Any, watch: Any) -> None:
    idle, now = watch
    told: list[int] = []
    idle.idle.connect(lambda: told.append(1))
    idle.start(0)
    now[0] = 10**12
    idle.check()
    assert told == []


def test_splitters_are_remembered_for_each_person(qtbot: Any, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini", "okafor")

    def split(memory: Memory) -> QSplitter:
        splitter = QSplitter()
        for _ in range(2):
            splitter.addWidget(QWidget())
        put_on_screen(qtbot, splitter, 400, 100)
        memory.follow(splitter, "case/split")
        return splitter

    first = split(memory)
    first.moveSplitter(120, 1)
    assert split(memory).sizes() == first.sizes()
    assert split(memory.of("diaz")).sizes() != first.sizes()
    memory.reset("case/split")
    assert memory.read("case/split", "1") is None


def test_another_version_of_a_view_starts_afresh(tmp_path: Path, qapp: Any) -> None:
    memory = Memory(tmp_path / "window.ini", "okafor")
    memory.write("queue", "1", {"order": ["ğ", "item"]})
    assert memory.read("queue", "1") == {"order": ["ğ", "item"]}
    assert memory.read("queue", "2") is None
    memory.reset()
    assert memory.read("queue", "1") is None


def test_the_window_comes_back_where_it_was(qtbot: Any, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.ini", "okafor")
    first = put_on_screen(qtbot, QWidget(), 512, 300)
    memory.save_geometry(first)
    second = QWidget()
    qtbot.addWidget(second)
    assert memory.restore_geometry(second)
    assert second.size() == first.size()
    assert not memory.of("diaz").restore_geometry(second)
