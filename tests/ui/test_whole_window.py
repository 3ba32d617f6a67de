"""What holds for every screen alike: names for screen readers, room on small screens, nothing left behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTextEdit,
    QWidget,
)

from support.console import Console
from support.warehouse import Warehouse
from zeroline.domain.errors import Trouble
from zeroline.ui.desk import Place
from zeroline.ui.dialogs.form import Form
from zeroline.ui.prompts.question import Question
from zeroline.ui.screens import entries_for
from zeroline.ui.workplace import Workplace

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)


@pytest.fixture
def negatives(warehouse: Warehouse) -> Warehouse:
    """A bin below zero, so that a queue, a case and their charts have something to show."""
    warehouse.move("BRG-6204", "E-02", "3", document="IN/1")
    warehouse.move("BRG-6204", "E-02", "-11", document="OUT/1")
    return warehouse


def _places(console: Console) -> Iterator[str]:
    """Every place of whoever is inside, opened one after the other; a case by its first one."""
    workplace, person = console.window.workplace, console.window.person
    assert workplace is not None
    assert person is not None
    for entry in entries_for(person):
        workplace.go(Place(entry.key, 1 if entry.key == "case" else None))
        QCoreApplication.processEvents()
        yield entry.key


def _nameless(window: QWidget) -> set[str]:
    found = set()
    for control in window.findChildren(QWidget):
        inner = isinstance(control.parentWidget(), (QAbstractSpinBox, QComboBox, QAbstractItemView))
        if not isinstance(control, CONTROLS) or isinstance(control, QHeaderView) or inner:
            continue
        if not control.isVisible():
            continue
        spoken = QAccessible.queryAccessibleInterface(control)
        name = control.accessibleName() or (spoken.text(QAccessible.Text.Name) if spoken else "")
        if not name.strip():
            found.add(f"{type(control.parentWidget()).__name__}/{type(control).__name__}")
    return found


@pytest.mark.parametrize("who", ["counter", "supervisor", "manager", "auditor", "administrator"])
def test_every_control_of_every_screen_has_a_name_to_be_read_out(
    console: Console, negatives: Warehouse, who: str
) -> None:
    window = console.open()
    window.enter(getattr(negatives.people, who))
    assert {key: lost for key in _places(console) if (lost := _nameless(window))} == {}


@pytest.mark.parametrize("size", [(960, 540), (1093, 614), (1366, 768)])
def test_every_button_lies_within_a_small_window(
    console: Console, negatives: Warehouse, size: tuple[int, int]
) -> None:
    window = console.open(size=size)
    window.enter(negatives.people.supervisor)
    cut = {}
    for key in _places(console):
        assert (window.width(), window.height()) == size
        for button in window.findChildren(QPushButton):
            place = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
            whole = button.width() >= button.sizeHint().width() and window.rect().contains(place)
            if button.isVisible() and button.property("kind") == "primary" and not whole:
                cut[key] = button.text()
    assert cut == {}


def _workplaces() -> list[Workplace]:
    """Every workplace that is still held, in Qt or as its empty shell in Python, whoever opened it."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    return [found for found in gc.get_objects() if type(found) is Workplace]


def test_nothing_of_a_workplace_is_left_when_people_come_and_go(
    console: Console, negatives: Warehouse
) -> None:
    window = console.open()

    def come_and_go() -> int:
        window.enter(negatives.people.supervisor)
        assert list(_places(console))
        window.switch()
        assert _workplaces() == []
        return len(QApplication.allWidgets())

    come_and_go()
    assert come_and_go() == come_and_go()


def test_nothing_is_left_of_who_leaves_with_a_dialog_open_or_the_door_shut(
    console: Console, negatives: Warehouse
) -> None:
    window = console.open()

    def leave(*, locked: bool, following: bool) -> None:
        window.enter(negatives.people.supervisor)
        assert window.workplace is not None
        window.workplace.go(Place("case", 1))
        console.strike("n")
        console.type("half a note")
        assert console.dialog(Question).isVisible()
        if locked:
            window.lock()
        if following:  # the next person comes in at once, as at a shared workstation
            window.enter(negatives.people.counter)
        window.switch()
        assert _workplaces() == []
        assert not any(isinstance(widget, QDialog) for widget in QApplication.topLevelWidgets())

    for locked in (False, True):
        for following in (False, True):
            leave(locked=locked, following=following)


def test_nothing_is_left_although_the_window_is_looked_through_while_somebody_leaves(
    console: Console, negatives: Warehouse
) -> None:
    """A screen reader or a test asks for all children before Qt has deleted those of who left."""
    window = console.open()
    window.enter(negatives.people.supervisor)
    assert list(_places(console))
    window.switch()
    assert window.findChildren(Workplace)
    assert _workplaces() == []


def test_the_first_escape_keeps_what_is_typed_into_a_dialog(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    window.enter(negatives.people.supervisor)
    assert window.workplace is not None
    window.workplace.go(Place("case", 1))
    console.strike("n")
    console.until(lambda: not console.no_dialog())
    dialog = console.dialog(Question)
    console.type("seen at the shelf")
    console.key(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Esc again" in dialog.wrong.text()
    console.key(Qt.Key.Key_Escape)
    console.until(console.no_dialog)


def test_a_form_can_be_sent_again_when_the_database_was_busy(console: Console, negatives: Warehouse) -> None:
    window = console.open()
    window.enter(negatives.people.supervisor)
    assert window.workplace is not None
    form = Form(window, window.workplace.desk, "Wait", "Wait for it")
    form.open()

    def busy() -> None:
        raise Trouble("database-locked")

    form.send(busy, lambda _: None)
    assert form.yes.isEnabled()
    assert form.wrong.text().endswith(".")
    form.reject()
