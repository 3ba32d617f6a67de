"""Barcode wedge scanners: a scan is told from typing and never reaches the focused field or button.

A scanner types its code as a keyboard would, key after key within a few milliseconds, and ends with Enter.
One filter of the whole application takes such bursts; what turns out to be typed by hand is given back.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

GAP = 35
"""Milliseconds between two keys of a scan at most; fast typists need more than twice as long."""
SHORTEST = 4
"""Fewer characters are never taken for a scan that has no prefix."""

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_MODIFIER_KEYS = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_AltGr)
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class _Key(NamedTuple):
    key: int
    modifiers: Qt.KeyboardModifier
    text: str


class Scanner(QObject):
    """Emits ``scanned(text)`` for each scan, without its prefix and its final Enter.

    ``prefix``: a character the scanner is set to send first; with it even slow scans are recognised.
    Keys without a timestamp are never part of a scan.
    """

    scanned = Signal(str)

    def __init__(self, application: QApplication, prefix: str = "", *, listening: bool = True) -> None:
        super().__init__(application)
        self.prefix = prefix
        self._application = application
        self._target: QWidget | None = None
        self._text = ""
        self._held: list[_Key] = []
        self._before: tuple[str, int] | None = None
        self._last = 0
        self._prefixed = False
        self._giving_back = False
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(GAP + 10)
        self._waiting.timeout.connect(self._give_back)
        if listening:
            self.listen()

    def listen(self) -> None:
        """Begin to look at every key. Until then no event of the application comes through here."""
        self._application.installEventFilter(self)

    def beep(self) -> None:
        """The sound of a code that does not belong here."""
        self._application.beep()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KEYS or self._giving_back or not isinstance(event, QKeyEvent):
            return False
        focus = QApplication.focusWidget() or QApplication.activeWindow()
        if watched is not focus or focus is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._keep_from_shortcuts(focus, event)
        return self._pressed(focus, event)

    def _keep_from_shortcuts(self, focus: QWidget, event: QKeyEvent) -> bool:
        """A key that may belong to a scan must come as a key, not as the shortcut it would be by hand."""
        if event.key() in _ENDS:
            ours = self._prefixed or self._complete(event)
        elif not _printable(event):
            return False
        else:
            ours = self._prefixed or (not _takes_text(focus) and event.timestamp() != 0)
        if ours:
            event.accept()
        return ours

    def _pressed(self, focus: QWidget, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIER_KEYS:
            return False
        if event.key() in _ENDS and (self._prefixed or self._complete(event)):
            self._finish()
            return True
        if not _printable(event):
            self._give_back()
            self._forget()
            return False
        typed = _Key(event.key(), event.modifiers(), event.text())
        if self.prefix and typed.text == self.prefix and not self._prefixed:
            self._give_back()
            self._forget()
            self._prefixed, self._target = True, focus
            return True
        if self._prefixed:
            self._text += typed.text
            return True
        if self._text and self._fast(event) and self._target is focus:
            return self._hold(typed, event)
        self._give_back()
        self._forget()
        if event.timestamp() == 0:
            return False
        self._target, self._text, self._last = focus, typed.text, event.timestamp()
        if _takes_text(focus):
            self._before = _content(focus)
            return False
        self._held.append(typed)
        self._waiting.start()
        return True

    def _hold(self, typed: _Key, event: QKeyEvent) -> bool:
        self._text += typed.text
        self._last = event.timestamp()
        self._held.append(typed)
        self._waiting.start()
        return True

    def _fast(self, event: QKeyEvent) -> bool:
        return event.timestamp() != 0 and 0 <= event.timestamp() - self._last <= GAP

    def _complete(self, event: QKeyEvent) -> bool:
        return len(self._text) >= SHORTEST and self._fast(event)

    def _finish(self) -> None:
        text, target, before = self._text, self._target, self._before
        self._forget()
        if before is not None and target is not None and isValid(target):
            _restore(target, before)
        if text:
            self.scanned.emit(text)

    def _forget(self) -> None:
        self._waiting.stop()
        self._text, self._before, self._target, self._prefixed = "", None, None, False
        self._held.clear()

    def _give_back(self) -> None:
        """It was typed by hand after all: let the keys do what they do."""
        held, target = list(self._held), self._target
        self._held.clear()
        self._waiting.stop()
        if target is None or not isValid(target):
            return
        self._giving_back = True
        try:
            for key in held:
                if isValid(target) and (_takes_text(target) or not _command(target, key)):
                    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                        QApplication.sendEvent(target, QKeyEvent(kind, key.key, key.modifiers, key.text))
        finally:
            self._giving_back = False


def _printable(event: QKeyEvent) -> bool:
    text = event.text()
    return bool(text) and (text.isprintable() or text == "\x1d") and not event.modifiers() & _COMMANDS


# The classes of fields are asked for by the first key, not by every start: they bring much of Qt with them.


def _takes_text(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit

    if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


def _content(widget: QWidget) -> tuple[str, int] | None:
    from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

    if isinstance(widget, QLineEdit):
        return widget.text(), widget.cursorPosition()
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return widget.toPlainText(), widget.textCursor().position()
    return None


def _restore(widget: QWidget, before: tuple[str, int]) -> None:
    """Take out of a field what slipped in before the scan was recognised."""
    from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

    text, position = before
    if isinstance(widget, QLineEdit):
        if widget.text() != text:
            widget.setText(text)
        widget.setCursorPosition(position)
    elif isinstance(widget, (QPlainTextEdit, QTextEdit)) and widget.toPlainText() != text:
        widget.undo()


def _command(widget: QWidget, key: _Key) -> bool:
    """Trigger the action of the widget or what surrounds it that has this single key as its shortcut."""
    wanted = QKeySequence(key.key | int(key.modifiers.value))
    plain = QKeySequence(key.key)
    place: QWidget | None = widget
    while place is not None:
        for action in place.actions():
            if action.isEnabled() and any(sequence in (wanted, plain) for sequence in action.shortcuts()):
                action.trigger()
                return True
        if place.isWindow():
            break
        place = place.parentWidget()
    return False
