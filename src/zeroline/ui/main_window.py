"""The one window: the door, and behind it the workplace of whoever signed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QLocale, QObject, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from zeroline.domain.changes import Heard
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.person import Person
from zeroline.domain.views.sites import SiteFacts
from zeroline.services.workbench import Workbench
from zeroline.ui.desk import Desk, Place, Ways
from zeroline.ui.listener import Listener
from zeroline.ui.memory import Memory
from zeroline.ui.prompts import Prompts
from zeroline.ui.reconnecting import Loss, Reconnecting
from zeroline.ui.scanner import Scanner
from zeroline.ui.tasks import Crash, Problem, Tasks
from zeroline.ui.text.format import Format
from zeroline.ui.theme import Scheme, Theme, Tone
from zeroline.ui.widgets.idle import IdleWatch
from zeroline.ui.workplace import Workplace
from zeroline.wording import sentence

if TYPE_CHECKING:
    from zeroline.ui.entrance import Entrance

_USUAL = QSize(1366, 768)
_SMALLEST = QSize(960, 540)  # a screen of 1920 × 1080 at 200 %
_IDLE = 300  # seconds, until the policy is read
_NOWHERE = SiteFacts("", "", "UTC", "EUR")


def _monotonic() -> int:
    return time.monotonic_ns() // 1_000


class MainWindow(QMainWindow):
    """Opens on the door. ``where`` names the database for people; ``ready`` once somebody is inside.

    Without ``door`` it opens empty, for :meth:`admit`; without ``live`` it hears of no other workstation.

    Locking covers the workplace and hides every dialog; the same person finds all as it was, another
    person starts afresh at the same place, if it is theirs to see. Whoever leaves takes every connection to
    the database with them.
    """

    ready = Signal()

    def __init__(
        self,
        services: Workbench,
        tasks: Tasks,
        prompts: Prompts,
        memory: Memory,
        scanner: Scanner,
        where: str,
        *,
        door: bool = True,
        locale: QLocale | None = None,
        log: Path | None = None,
        idle_clock: Callable[[], int] = _monotonic,
        live: bool = True,
    ) -> None:
        super().__init__()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.services = services
        self.tasks = tasks
        self.prompts = prompts
        self.memory = memory
        self.scanner = scanner
        self.theme = Theme.active()
        self._where = where
        self._locale = locale or QLocale()
        self._log = log
        self._covered: list[tuple[QDialog, QWidget | None, int]] = []
        self._stopping = False
        self._live = live
        self._left_at: Place | None = None
        self.listener = Listener(services.news, self)
        self.listener.heard.connect(self._heard)
        self.person: Person | None = None
        self.workplace: Workplace | None = None
        self.setWindowTitle("Zeroline")
        self.setMinimumSize(_SMALLEST)
        screen = application.primaryScreen()
        self.resize(_USUAL.boundedTo(screen.availableSize()) if screen is not None else _USUAL)
        self._entrance: Entrance | None = None
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        self.idle = IdleWatch(application, 0, idle_clock, noticing=False)
        self.idle.idle.connect(self.lock)
        scanner.scanned.connect(self._scanned)
        tasks.refused.connect(self._refused)
        tasks.trouble.connect(self._trouble)
        tasks.crashed.connect(self._crashed)
        self.line = Reconnecting(tasks, services.knock, services.clock, self)
        self.line.lost.connect(self._line_lost)
        self.line.found.connect(self._line_found)
        memory.restore_geometry(self)
        if door:
            self._open_door()

    # in and out

    @property
    def entrance(self) -> Entrance:
        """The door, made when somebody has to come through it."""
        if self._entrance is None:
            from zeroline.ui.entrance import Entrance

            self._entrance = Entrance(self.services.people, self.tasks, self._where)
            self._entrance.restore_wanted.connect(self._restore)
            self._entrance.entered.connect(self._entered)
            self.pages.addWidget(self._entrance)
        return self._entrance

    def _open_door(self) -> None:
        self.pages.setCurrentWidget(self.entrance)
        self.tasks.query(
            self.services.people.is_empty,
            lambda empty: self.entrance.ask(first=empty),
            owner=self,
            key="first",
        )

    def _restore(self) -> None:
        """A backup becomes a new database: nobody has to be signed in for that."""
        from zeroline.ui.dialogs.restoring import RestoreDialog

        beside = self.services.safekeeping.beside
        RestoreDialog(self, self.tasks, self.prompts, self.services.clock, beside=beside).open()

    def _open_door_if_none(self) -> None:
        """Whoever could not be admitted finds the door, not an empty window."""
        if self.workplace is None and self._entrance is None:
            self._open_door()

    def admit(self, login: str, secret: str) -> None:
        """Sign somebody in who need not type; whoever is refused finds the door."""
        people = self.services.people
        self.tasks.query(lambda: people.sign_in(login, secret), self.enter, owner=self, key="enter")

    def enter(self, person: Person) -> None:
        """Open the workplace of a person who has proven who they are."""
        self._entered(person)

    def _entered(self, person: Person) -> None:
        services = self.services

        def work() -> SiteFacts:
            sites = services.sites.list()
            return sites[0] if sites else _NOWHERE

        self.tasks.query(work, lambda site: self._seat(person, site), owner=self, key="seat")

    def _seat(self, person: Person, site: SiteFacts) -> None:
        if self.person == person and self.workplace is not None:
            self.pages.setCurrentWidget(self.workplace)
            self._uncover()
            self.workplace.catch_up()
        else:
            self._clear_away()
            self.person = person
            there, self._left_at = self._left_at, None
            memory = self.memory.of(person.login)
            scheme = memory.read("scheme", "1")
            wanted = Scheme(scheme) if scheme in set(Scheme) else Scheme.LIGHT
            if wanted is not self.theme.scheme:
                self.theme.use(wanted)
            desk = Desk(
                person=person,
                services=self.services,
                tasks=self.tasks,
                prompts=self.prompts,
                memory=memory,
                theme=self.theme,
                format=Format(self._locale, ZoneInfo(site.zone), self.services.clock, site.currency),
                scanner=self.scanner,
                ways=Ways(self),
            )
            self.workplace = Workplace(desk, site.name or self._where, there)
            self.workplace.leaving.connect(lambda kept: self.lock() if kept else self.switch())
            self.workplace.turned_out.connect(self._turn_out)
            self.pages.addWidget(self.workplace)
            self.pages.setCurrentWidget(self.workplace)
            self.workplace.resume()
        self.line.try_now()  # whoever proved who they are had an answer
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.idle.start(_IDLE)
        self.tasks.soon(self._watch, owner=self)
        if self._live:
            self.tasks.soon(self._listen, owner=self)
        self.ready.emit()

    def _listen(self) -> None:
        """Hear what others do for as long as somebody sits here."""
        if self.person is not None and not self.locked:
            self.listener.start()

    def _heard(self, heard: Sequence[Heard]) -> None:
        if self.workplace is not None and not self.locked:
            self.workplace.hear(heard)

    def _let_go(self) -> None:
        """Nobody sits here now: no connection stays open that somebody else could work with."""
        self.listener.stop()
        self.services.dispose()
        self.services.people.leave()

    def _watch(self) -> None:
        """Lock when nobody is there for as long as the policy says."""
        self.idle.notice()
        services = self.services
        self.tasks.query(
            lambda: services.policies.current().idle_lock_seconds, self._watch_for, owner=self, key="idle"
        )
        if services.database.server is not None:
            self.tasks.query(services.clock_trouble, self._say_clock, owner=self, key="clock")

    def _say_clock(self, trouble: Trouble | None) -> None:
        if trouble is not None and self.workplace is not None and not self.locked:
            self.workplace.banner.say(sentence(trouble), Tone.CAUTION)

    def _watch_for(self, seconds: int) -> None:
        if self.person is not None and not self.locked:
            self.idle.start(seconds)

    def lock(self) -> None:
        """Cover everything, dialogs too, until the person (or another) proves who they are."""
        application = QApplication.instance()
        if self.person is None or self.workplace is None or self.locked or application is None:
            return
        self.idle.stop()
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            popup = QApplication.activePopupWidget()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                self._cover(widget)
        self.entrance.ask(locked_for=self.person)
        self.pages.setCurrentWidget(self.entrance)
        self._let_go()
        self.activateWindow()
        application.installEventFilter(self)

    def _cover(self, dialog: QDialog) -> None:
        focus = dialog.focusWidget()
        self._covered.append((dialog, focus, focus.cursorPosition() if isinstance(focus, QLineEdit) else 0))
        dialog.hide()
        self.activateWindow()

    def _uncover(self) -> None:
        """Everything as it was: dialogs with what was typed, the keys where they were."""
        covered, self._covered = self._covered, []
        if not covered and self.workplace is not None:
            self.workplace.resume()
        for dialog, focus, cursor in covered:
            if not isValid(dialog):
                continue
            dialog.show()
            dialog.activateWindow()
            if focus is not None and isValid(focus):
                focus.setFocus()
            if isinstance(focus, QLineEdit):  # shown anew it would be marked, and the next key replace it
                focus.setCursorPosition(cursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the door is shut: what opens now waits behind it too."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QDialog) and self.locked:
            QTimer.singleShot(0, watched, lambda: self._cover(watched))
        return False

    @property
    def locked(self) -> bool:
        """Whether the door is shut."""
        return self.pages.currentWidget() is self._entrance

    def switch(self) -> None:
        """Sign out and ask who comes next."""
        self.idle.stop()
        self._clear_away()
        self.entrance.ask()
        self.pages.setCurrentWidget(self.entrance)
        self._let_go()

    def _turn_out(self, now: Person | None) -> None:
        """Shut the door on whoever was switched off or given another role while they sat here."""
        self.switch()
        self.entrance.turn_out(now)

    def _clear_away(self) -> None:
        self.line.forget()
        self.prompts.close_all()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog):
                widget.close()
        self._covered = []
        if self.workplace is not None:
            self._left_at = self.workplace.place
            # It leaves the pages when it is deleted. Taken out before, it would be their child for Qt but not
            # for Python, and its shell would stay for ever if the window is asked for its children meanwhile.
            self.workplace.desk.ways.deleteLater()
            self.workplace.deleteLater()
        self.workplace = None
        self.person = None

    def _scanned(self, code: str) -> None:
        if self.locked:
            self.entrance.take_badge(code)

    # what goes wrong

    def _refused(self, error: DomainError, _owner: object) -> None:
        if self.workplace is not None:
            self.workplace.banner.say(sentence(error), Tone.NEGATIVE)
        else:
            self._open_door_if_none()

    def _trouble(self, problem: Problem) -> None:
        if problem.trouble.code in ("database-damaged", "database-not-a-database"):
            self._damaged(problem)
            return
        if self.workplace is not None and not self.locked and self.line.takes(problem):
            return
        if self.workplace is not None and not self.locked:
            self.workplace.banner.say(sentence(problem.trouble), Tone.NEGATIVE, "Retry", problem.retry)
        else:
            self.pages.setCurrentWidget(self.entrance)
            self.entrance.say_trouble(sentence(problem.trouble), problem.retry)

    def _line_lost(self, loss: Loss) -> None:
        """Say since when there is no line, and how old is what can still be looked at."""
        if self.workplace is not None:
            self.workplace.show_lost(loss, self._where, self.line.try_now)

    def _line_found(self, loss: Loss) -> None:
        """Read everything anew; what was never answered can be told again, which never does it twice."""
        if self.workplace is not None:
            self.workplace.show_found(loss, len(self.line.unanswered), self.line.send_again)

    def _damaged(self, problem: Problem) -> None:
        """The file broke while it was in use: trying again will not help, a backup will."""
        from zeroline.ui.dialogs.damage import DamageDialog

        self._open_door_if_none()
        if not any(isinstance(widget, DamageDialog) for widget in QApplication.topLevelWidgets()):
            where = str(self.services.database.name)
            DamageDialog(
                self, problem.trouble, where, self._log, self.tasks, self.prompts, self.services.clock,
                readable=False,
            ).open()  # fmt: skip

    def _crashed(self, crash: Crash) -> None:
        from zeroline.ui.dialogs.crash import CrashDialog

        self._open_door_if_none()
        if not any(isinstance(widget, CrashDialog) for widget in QApplication.topLevelWidgets()):
            CrashDialog(self, crash, self._log).open()

    def _stop_and_close(self) -> None:
        self._stopping = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let running writes end; what is remembered is written."""
        here = self.workplace.here if self.workplace is not None else None
        if here is not None and not self.locked and not here.leave():
            event.ignore()
            return
        if self.tasks.long_write and here is not None and not self._stopping:
            event.ignore()
            self.prompts.confirm(
                self,
                "Close Zeroline",
                "An import or another long write is still running. Closing stops it and keeps nothing of it.",
                action="Stop it and close",
                accepted=self._stop_and_close,
                final=True,
            )
            return
        self.idle.stop()
        self.memory.save_geometry(self)
        if self.workplace is not None:
            self.workplace.part()
        self.listener.stop()
        self.services.give_up()
        self.tasks.close()
        super().closeEvent(event)
