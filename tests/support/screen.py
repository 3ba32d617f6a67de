"""Helpers for tests that press real keys on real widgets."""

from __future__ import annotations

from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from zeroline.domain import instant
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Theme

NOON = instant.parse("2026-03-12T12:00:00Z")

W = TypeVar("W", bound=QWidget)


def form(language: str = "en_GB", zone: str = "UTC", now: int = NOON) -> Format:
    """A Format whose present does not move."""
    return Format(QLocale(language), ZoneInfo(zone), lambda: now)


def put_on_screen(qtbot: Any, widget: W, width: int = 900, height: int = 500) -> W:
    """Show a widget as the active window, so that it can have the focus."""
    Theme.active()
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def focus(qtbot: Any, widget: QWidget) -> None:
    """Give the focus and wait until it is there."""
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() in (widget, widget.focusProxy()))


def press(widget: QWidget, key: Qt.Key, text: str, at: int) -> None:
    """A key as it comes from a keyboard, pressed ``at`` milliseconds: first offered to shortcuts."""
    none = Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, none, text)
        event.setTimestamp(at)
        event.ignore()
        QApplication.sendEvent(widget, event)


def scan(widget: QWidget, text: str, at: int, gap: int = 5) -> int:
    """What a wedge scanner sends: the characters in quick succession, then Enter. Answers the end's time."""
    for letter in text:
        press(widget, Qt.Key(ord(letter.upper())), letter, at)
        at += gap
    press(widget, Qt.Key.Key_Return, "\r", at)
    return at


def line_centre(view: Any, line: int, place: int = 1) -> QPoint:
    """The middle of a cell of a TableView, in its viewport."""
    point: QPoint = view.visualRect(view.table.index(line, place)).center()
    return point
