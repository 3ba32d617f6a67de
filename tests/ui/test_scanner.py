"""Scans and typing told apart, with the timestamps that keyboards give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from support.screen import focus, press, put_on_screen, scan
from zeroline.ui.scanner import GAP, Scanner


class Bench(QWidget):
    """A screen with a field, a button that Enter presses, notes, and a command on the letter C."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.notes, self.button = QLineEdit(), QPlainTextEdit(), QPushButton("Approve")
        self.button.setAutoDefault(True)
        self.button.setDefault(True)
        column = QVBoxLayout(self)
        for widget in (self.field, self.notes, self.button):
            column.addWidget(widget)
        self.approved = 0
        self.sent = 0
        self.button.clicked.connect(self._approve)
        self.command = QAction("Send to count", self)
        self.command.setShortcut(QKeySequence("C"))
        self.command.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.command.triggered.connect(self._send)
        self.addAction(self.command)
        self.returned = 0
        self.field.returnPressed.connect(self._return)

    def _approve(self) -> None:
        self.approved += 1

    def _send(self) -> None:
        self.sent += 1

    def _return(self) -> None:
        self.returned += 1


@pytest.fixture
def bench(qtbot: Any) -> Bench:
    return put_on_screen(qtbot, Bench())


@pytest.fixture
def scanner(qapp: Any) -> Iterator[Scanner]:
    made = Scanner(qapp)
    yield made
    qapp.removeEventFilter(made)
    made.deleteLater()


def scans(scanner: Scanner) -> list[str]:
    heard: list[str] = []
    scanner.scanned.connect(heard.append)
    return heard


def test_a_scan_over_a_button_is_heard_and_presses_nothing(
    qtbot: Any, bench: Bench, scanner: Scanner
) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.button)
    scan(bench.button, "BRG-6204", 1_000)
    assert heard == ["BRG-6204"]
    assert bench.approved == 0


def test_a_scan_over_a_field_leaves_its_text_alone(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    bench.field.setText("12")
    focus(qtbot, bench.field)
    bench.field.setCursorPosition(1)
    scan(bench.field, "E-02-A", 1_000)
    assert heard == ["E-02-A"]
    assert bench.field.text() == "12"
    assert bench.field.cursorPosition() == 1
    assert bench.returned == 0


def test_a_scan_over_notes_leaves_them_alone(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    bench.notes.setPlainText("seen")
    focus(qtbot, bench.notes)
    scan(bench.notes, "E-02-A", 1_000)
    assert heard == ["E-02-A"]
    assert bench.notes.toPlainText() == "seen"


def test_two_scans_in_a_row_are_two(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.field)
    end = scan(bench.field, "E-02", 1_000)
    scan(bench.field, "BRG-6204", end + 200)
    assert heard == ["E-02", "BRG-6204"]


def test_typing_by_hand_reaches_the_field(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.field)
    for n, letter in enumerate("12345"):
        press(bench.field, Qt.Key(ord(letter)), letter, 1_000 + n * (GAP + 60))
    press(bench.field, Qt.Key.Key_Return, "\r", 2_000)
    assert bench.field.text() == "12345"
    assert bench.returned == 1
    assert heard == []


def test_two_keys_struck_almost_together_both_arrive(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    focus(qtbot, bench.field)
    press(bench.field, Qt.Key.Key_1, "1", 1_000)
    press(bench.field, Qt.Key.Key_2, "2", 1_010)
    qtbot.waitUntil(lambda: bench.field.text() == "12")


def test_a_short_quick_quantity_and_enter_are_no_scan(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.field)
    scan(bench.field, "12", 1_000, gap=20)
    assert bench.field.text() == "12"
    assert bench.returned == 1
    assert heard == []


def test_keys_without_a_timestamp_are_typing(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.field)
    qtbot.keyClicks(bench.field, "BRG-6204")
    qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    assert bench.field.text() == "BRG-6204"
    assert heard == []


def test_a_letter_in_a_scan_is_not_the_command_it_would_be_by_hand(
    qtbot: Any, bench: Bench, scanner: Scanner
) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.button)
    scan(bench.button, "CCC-1", 1_000)
    assert heard == ["CCC-1"]
    assert bench.sent == 0


def test_the_same_letter_by_hand_is_the_command(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    focus(qtbot, bench.button)
    press(bench.button, Qt.Key.Key_C, "c", 1_000)
    qtbot.waitUntil(lambda: bench.sent == 1)


def test_space_by_hand_still_presses_the_button(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    focus(qtbot, bench.button)
    press(bench.button, Qt.Key.Key_Space, " ", 1_000)
    qtbot.waitUntil(lambda: bench.approved == 1)


def test_an_arrow_after_a_letter_ends_the_burst(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.field)
    for n, letter in enumerate("ABC"):
        press(bench.field, Qt.Key(ord(letter)), letter, 1_000 + n * 5)
    press(bench.field, Qt.Key.Key_Left, "", 1_020)
    press(bench.field, Qt.Key.Key_Return, "\r", 1_025)
    assert bench.field.text() == "ABC"
    assert heard == []


def test_with_a_prefix_even_a_slow_scan_is_heard(qtbot: Any, bench: Bench, qapp: Any) -> None:
    made = Scanner(qapp, prefix="~")
    heard = scans(made)
    focus(qtbot, bench.field)
    scan(bench.field, "~A1", 1_000, gap=200)
    qapp.removeEventFilter(made)
    made.deleteLater()
    assert heard == ["A1"]
    assert bench.field.text() == ""
    assert bench.returned == 0


def test_the_group_separator_of_gs1_is_part_of_the_scan(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    focus(qtbot, bench.field)
    at = 1_000
    for letter in "0100614141\x1d10LOT":
        press(bench.field, Qt.Key(ord(letter.upper())), letter, at)
        at += 4
    press(bench.field, Qt.Key.Key_Return, "\r", at)
    assert heard == ["0100614141\x1d10LOT"]


def test_a_read_only_field_takes_no_letters_of_a_scan(qtbot: Any, bench: Bench, scanner: Scanner) -> None:
    heard = scans(scanner)
    bench.field.setReadOnly(True)
    focus(qtbot, bench.field)
    scan(bench.field, "BRG-6204", 1_000)
    assert heard == ["BRG-6204"]
    assert bench.field.text() == ""
    assert QApplication.focusWidget() is bench.field
