"""The whole window over a test's warehouse, for tests that sign in, lock, find and go about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from shiboken6 import isValid

from support.screen import press, scan
from support.warehouse import CHEAP, PIN, SECRET, Warehouse
from zeroline.domain.person import Person
from zeroline.services.workbench import Workbench
from zeroline.ui.main_window import MainWindow
from zeroline.ui.memory import Memory
from zeroline.ui.prompts import Prompts
from zeroline.ui.prompts.window import WindowPrompts
from zeroline.ui.scanner import Scanner
from zeroline.ui.tasks import InlineTasks, Tasks
from zeroline.ui.theme import Scheme, Theme

CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Console:
    """``open()`` puts the window on screen; the rest is what a person does at it.

    ``inline`` False works in real background threads. ``idle`` is the time (µs) that the idle lock sees. With
    ``live`` its windows hear of each other.
    """

    qtbot: Any
    warehouse: Warehouse
    settings: Path
    inline: bool = True
    prompts: Prompts = field(default_factory=WindowPrompts)
    idle: int = 0
    live: bool = False
    crashes: list[str] = field(default_factory=list)
    crashes_wanted: bool = False
    _opened: list[tuple[MainWindow, Workbench]] = field(default_factory=list)
    _struck: int = 1_000

    def open(self, path: Path | None = None, size: tuple[int, int] = (1366, 768)) -> MainWindow:
        """A window over the warehouse (or another file), as the active window."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        Theme.active().use(Scheme.LIGHT)
        services = Workbench(f"sqlite:///{path or self.warehouse.path}", self.warehouse.clock, hasher=CHEAP)
        services.prepare()
        tasks = InlineTasks() if self.inline else Tasks()
        tasks.crashed.connect(lambda crash: self.crashes.append(crash.details))
        window = MainWindow(
            services,
            tasks,
            self.prompts,
            Memory(self.settings),
            Scanner(application),
            "test.db",
            locale=QLocale("en_GB"),
            idle_clock=lambda: self.idle,
            live=self.live,
        )
        tasks.setParent(window)
        self._opened.append((window, services))
        if not self.settings.exists():
            window.resize(*size)
        with self.qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    @property
    def window(self) -> MainWindow:
        """The window that was opened last."""
        return self._opened[-1][0]

    @property
    def here(self) -> Any:
        """The screen one is on."""
        assert self.window.workplace is not None
        return self.window.workplace.here

    # what a person does

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        self.qtbot.keyClick(self._focus(), key, modifier)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self.qtbot.keyClicks(self._focus(), text)

    def scan(self, code: str) -> None:
        """Scan a code where the focus is."""
        self._struck = scan(self._focus(), code, self._struck + 10_000)

    def strike(self, letter: str) -> None:
        """One letter, long after the last, as a hand strikes it."""
        self._struck += 10_000
        press(self._focus(), Qt.Key(ord(letter.upper())), letter, self._struck)

    def sign_in(self, person: Person, secret: str = SECRET) -> None:
        """By login, on the keyboard."""
        self.until(lambda: self.window.locked and self.window.entrance.login.isVisible())
        login = self.window.entrance.login
        self._put_focus(login)
        login.selectAll()
        self.type(person.login)
        self.key(Qt.Key.Key_Return)
        self.type(secret)
        self.key(Qt.Key.Key_Return)
        self.until(lambda: not self.window.locked or bool(self.window.entrance.wrong.isVisible()))

    def sign_in_by_badge(self, person: Person, pin: str = PIN) -> None:
        """By scanning the badge and typing its PIN."""
        self.until(lambda: self.window.locked)
        self.scan(f"BADGE-{person.login}")
        self.until(lambda: QApplication.focusWidget() is self.window.entrance.secret)
        self.type(pin)
        self.key(Qt.Key.Key_Return)
        self.until(lambda: not self.window.locked or bool(self.window.entrance.wrong.isVisible()))

    def click(self, button: QWidget) -> None:
        """Click with the left button."""
        self.until(lambda: button.isVisible() and button.isEnabled())
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def press(self, text: str, within: QWidget | None = None) -> None:
        """Click the visible button whose text begins so."""
        self.click(self.button(text, within))

    def button(self, text: str, within: QWidget | None = None) -> QPushButton:
        """The visible button whose text begins so."""

        def found() -> list[QPushButton]:
            return [
                button
                for button in (within or self.window).findChildren(QPushButton)
                if button.isVisible() and button.text().startswith(text)
            ]

        self.until(lambda: bool(found()))
        return found()[0]

    def dialog(self, kind: type[QDialog] = QDialog) -> Any:
        """The open dialog of a kind."""
        self.until(lambda: bool(self._dialogs(kind)))
        return self._dialogs(kind)[-1]

    def no_dialog(self) -> bool:
        """Whether no dialog can be seen."""
        return not self._dialogs(QDialog)

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait for what can be seen."""

        def look() -> bool:
            self._activate()
            return seen()

        self.qtbot.waitUntil(look, timeout=15_000)

    @staticmethod
    def _dialogs(kind: type[QDialog]) -> list[QDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    def _activate(self) -> None:
        """What a window manager does when a dialog has gone: the window below becomes the active one."""
        if QApplication.activeWindow() is None:
            (*_, top) = (self.window, *self._dialogs(QDialog))
            top.activateWindow()

    def _focus(self) -> QWidget:
        self._activate()
        self.until(lambda: QApplication.focusWidget() is not None)
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def _put_focus(self, widget: QWidget) -> None:
        widget.setFocus()
        self.until(lambda: QApplication.focusWidget() is widget)

    def close(self) -> None:
        """Close what was opened, as the last thing of a test."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        for window, services in self._opened:
            window.switch()
            window.close()
            for watching in (window.scanner, window.idle):
                application.removeEventFilter(watching)
                watching.deleteLater()
            application.removeEventFilter(window)
            window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            assert not isValid(window)
            services.dispose()
        Theme.active().use(Scheme.LIGHT)


@pytest.fixture
def console(qtbot: Any, qapp: QApplication, warehouse: Warehouse, tmp_path: Path) -> Iterator[Console]:
    """The whole window, ready to be opened."""
    made = Console(qtbot, warehouse, tmp_path / "window.ini")
    yield made
    made.close()
    assert made.crashes_wanted == bool(made.crashes), made.crashes
