"""The window's inside for one signed-in person: bar above, places at the left, one screen in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zeroline.assets import resource
from zeroline.domain.changes import Changes, Heard
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Right
from zeroline.ui.desk import Desk, Place
from zeroline.ui.find import FindBox
from zeroline.ui.outbox import KeptCounts
from zeroline.ui.screens import entries_for
from zeroline.ui.screens.screen import Screen
from zeroline.ui.side_bar import SideBar
from zeroline.ui.text.kept import while_lost
from zeroline.ui.theme import GRID, Scheme, Tone, kind, tone
from zeroline.ui.waiting import Waiting, waiting
from zeroline.ui.widgets.banner import Banner
from zeroline.ui.widgets.elided_label import ElidedLabel
from zeroline.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from zeroline.domain.views.people import RoleRequest
    from zeroline.ui.noticing import Noticing
    from zeroline.ui.reconnecting import Loss
    from zeroline.ui.widgets.key_hints import KeyHints


_REMEMBERED = 40  # places that Back can return to
_SOON = 400  # ms after somebody else wrote


class Workplace(QFrame):
    """``leaving`` with True: lock and keep everything; with False: sign out.

    ``turned_out`` carries the Person as they are now, or None, when it is not who sat down here.
    It opens at ``place`` if that is the person's to see, else at their first.
    """

    leaving = Signal(bool)
    turned_out = Signal(object)

    def __init__(self, desk: Desk, where: str, place: Place | None = None) -> None:
        super().__init__()
        self.desk = desk
        kind(self, "window")
        self._entries = {entry.key: entry for entry in entries_for(desk.person)}
        self._screens: dict[str, Screen] = {}
        self._been: list[Place] = []
        self._shown: dict[str, object] = {}  # what each screen was last opened on
        self._requests: frozenset[int] = frozenset()  # what was said to wait for this person
        self._doubting = False  # somebody may have other rights than the window believes: it asks
        self.place = Place("")
        self.side = SideBar(tuple(self._entries.values()), desk.theme, desk.format)
        self.stack = QStackedWidget()
        self.banner, self.line_bar = Banner(), Banner()
        self.kept = KeptCounts(desk, self.banner)
        self._say_lost: Callable[[], None] | None = None
        self.finder = FindBox(desk, self) if desk.person.may(Right.READ_BOOK) else None
        self.state, self.slow = QLabel(), QLabel("Still writing: another program may be using the database …")
        for label in (self.state, self.slow):
            label.setProperty("textsize", "small")
        tone(self.slow, Tone.CAUTION)
        self.slow.hide()
        self.news = ElidedLabel()
        self.news.setProperty("textsize", "small")
        self.news.setAccessibleName("What others did last")
        tone(self.news, Tone.MUTED)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.side)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.line_bar)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        middle.addLayout(column, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._top(where))
        outer.addLayout(middle, 1)
        outer.addWidget(self._bottom(where))
        self._connect()
        known = place is not None and place.screen in self._entries
        self.go(place if place is not None and known else Place(self.side.first()))
        desk.tasks.soon(self.count, owner=self)
        desk.tasks.soon(self.kept.begin, owner=self.kept)

    def _top(self, where: str) -> QWidget:
        bar = QFrame()
        kind(bar, "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(4 * GRID, GRID, 2 * GRID, GRID)
        row.setSpacing(2 * GRID)
        name = QLabel("Zeroline")
        name.setProperty("textsize", "large")
        row.addWidget(name)
        place = QLabel(where)
        tone(place, Tone.MUTED)
        row.addWidget(place)
        row.addStretch(1)
        if self.finder is not None:
            row.addWidget(self.finder)
        row.addStretch(1)
        self.scheme = QToolButton()
        kind(self.scheme, "quiet")
        self.scheme.setAccessibleName("Light, dark or high contrast")
        self.scheme.clicked.connect(self._next_scheme)
        row.addWidget(self.scheme)
        person = self.desk.person
        self.who = QToolButton()
        kind(self.who, "quiet")
        self.who.setText(f"{person.name} · {person.role.value}")
        self.who.setIcon(self.desk.theme.icon("user"))
        self.who.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.who.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.who)
        for text, icon, keys, kept in (
            ("Lock", "lock", "Ctrl+L", True),
            ("Switch person", "logout", "Ctrl+Shift+L", False),
        ):
            action = QAction(self.desk.theme.icon(icon), text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked=False, kept=kept: self.leaving.emit(kept))
            menu.addAction(action)
            self.addAction(action)
        password = QAction(self.desk.theme.icon("edit"), "Change your password", self)
        password.triggered.connect(lambda: self._change_password())
        menu.addAction(password)
        self.who.setMenu(menu)
        row.addWidget(self.who)
        self._show_scheme()
        return bar

    def _bottom(self, where: str) -> QWidget:
        bar = QFrame()
        kind(bar, "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(4 * GRID, 0, 2 * GRID, 0)
        tone(self.state, Tone.MUTED)
        row.addWidget(self.state)
        row.addSpacing(4 * GRID)
        row.addWidget(self.slow)
        row.addWidget(self.news, 1)
        row.addWidget(self.kept)
        help_button = QToolButton()
        kind(help_button, "quiet")
        help_button.setText("F1 keys")
        help_button.setIcon(self.desk.theme.icon("help"))
        help_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        help_button.clicked.connect(self.show_keys)
        row.addWidget(help_button)
        return bar

    def _connect(self) -> None:
        self.side.chosen.connect(lambda key: self.go(Place(key)))
        ways = self.desk.ways
        ways.wanted.connect(self.go)
        ways.back_wanted.connect(self.back)
        ways.said.connect(self.banner.say)
        ways.counts_stale.connect(self.count)
        if self.finder is not None:
            self.finder.left.connect(self.resume)
        self.kept.changed.connect(lambda: self._say_lost() if self._say_lost is not None else None)
        self.desk.tasks.changed.connect(self._changed)
        self.desk.tasks.told.connect(self._doubted)
        self.desk.tasks.slow_changed.connect(self.slow.setVisible)
        for text, keys, run in (
            ("Keys of this screen", "F1", self.show_keys),
            ("Refresh", "F5", self.refresh),
            ("Back", "Alt+Left", self.back),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked=False, run=run: run())
            self.addAction(action)
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self.count)
        self._minute.start()
        self._soon = QTimer(self)  # many write at once on a busy shift: one look for all of them
        self._soon.setInterval(_SOON)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.count)

    @cached_property
    def hints(self) -> KeyHints:
        """The keys and the help page, over everything; made when they are asked for."""
        from zeroline.ui.widgets.key_hints import KeyHints

        return KeyHints(self)

    @cached_property
    def noticing(self) -> Noticing:
        """What there is to tell the person; made after the first picture."""
        from zeroline.ui.noticing import Noticing

        made = Noticing(self.desk, self)
        made.told.connect(lambda changes: self._changed(changes, None))
        made.wanted.connect(self._come_forward)
        return made

    # where the person is

    @property
    def here(self) -> Screen | None:
        """The screen in the middle."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Screen) else None

    def go(self, place: Place) -> None:
        """Open a place, unless the present screen still needs the person or the place is not theirs."""
        if place.screen not in self._entries:
            return
        here = self.here
        if here is not None and place != self.place and not here.leave():
            self.side.show_place(self.place.screen)
            return
        if self.place.screen and place != self.place:
            self._been = [*self._been[-_REMEMBERED:], self.place]
        self._show(place)

    def back(self) -> None:
        """To the place before, on the row it was left at."""
        here = self.here
        if self._been and (here is None or here.leave()):
            self._show(self._been.pop(), returning=True)

    def _show(self, place: Place, *, returning: bool = False) -> None:
        screen = self._screens.get(place.screen)
        if screen is None:
            screen = self._screens[place.screen] = self._entries[place.screen].make(self.desk)
            self.stack.addWidget(screen)
            returning = False
        kept = returning and self._shown.get(place.screen) == place.target
        self.place = place
        self._shown[place.screen] = place.target
        if "hints" in vars(self):
            self.hints.hide()
        self.banner.clear()
        self.stack.setCurrentWidget(screen)
        self.side.show_place(place.screen)
        screen.open(None if kept else place.target)
        self.resume()

    def resume(self) -> None:
        """Give the keys to the present screen; what cannot be seen yet takes them when it can."""
        here = self.here
        if here is None:
            return
        here.setFocus()
        focus = QApplication.focusWidget()
        if focus is not None and not here.isAncestorOf(focus):
            self.stack.setFocus()

    def show_keys(self) -> None:
        """The keys that work on this screen and everywhere."""
        from zeroline.ui.widgets.key_hints import keys_of

        screen = self.here
        own = keys_of(screen) if screen is not None else []
        everywhere = [(action.shortcut().toString(), action.text()) for action in self.actions()]
        keys = [*own, *everywhere, *self.side.keys(), ("Ctrl+K", "Find anything")]
        page = self._entries[self.place.screen].key.partition(":")[0]
        self.hints.show_keys(keys, resource(f"help/{page}.md").read_text("utf-8"))

    def refresh(self) -> None:
        """Read the present screen and the counts again."""
        if self.here is not None:
            self.here.reload()
        self.count()

    def _changed(self, changes: Changes, _owner: object) -> None:
        for screen in self._screens.values():
            screen.announce(changes)
        self.count()

    def hear(self, heard: Sequence[Heard]) -> None:
        """Others wrote: read again what they touched, under a hand that nothing is moved from."""
        changes = reduce(or_, (news.changes for news in heard), Changes())
        own = self.desk.person.id in changes.people  # what one sees may be another part of everything now
        for screen in self._screens.values():
            screen.announce(Changes(everything=True) if own else changes, others=not own)
        told = next((news for news in reversed(heard) if news.action), None)
        if told is not None:
            action = told.action.removeprefix(f"{told.subject.rpartition(' ')[0]} ")
            at = self.desk.format.exact(told.at)
            self.news.setText(f"{told.name}: {told.subject} {action}, {at}")
            if not self._soon.isActive():
                self._soon.start()

    def catch_up(self) -> None:
        """Somebody comes back: whatever happened meanwhile."""
        self.kept.begin()
        for screen in self._screens.values():
            screen.announce(Changes(everything=True), others=True)
        self.count()

    def part(self) -> None:
        """The window closes: others see at once that nothing is open here any more."""
        if "noticing" in vars(self):
            self.noticing.rest()
        for screen in self._screens.values():
            screen.part()

    # what waits where

    def count(self) -> None:
        """Ask how much waits in each place and how far the ledger reaches."""
        services, person = self.desk.services, self.desk.person
        self.desk.tasks.query(lambda: waiting(services, person), self._counted, owner=self, key="counts")

    def _counted(self, found: Waiting) -> None:
        self._doubting = False
        now, person = found.person, self.desk.person
        if now is None or not now.active or now.role is not person.role:
            self.turned_out.emit(now)
            return
        if found.takes_up:
            services = self.desk.services
            self.desk.tasks.command(
                lambda: services.counting.take_up(person) | services.diagnosing.take_up(person), owner=self
            )
        self.side.show_counts(found.counts)
        recorded_to = found.recorded_to
        ledger = self.desk.format.exact(recorded_to) if recorded_to else "empty: import a ledger first"
        self.state.setText(f"Ledger to {ledger}" if recorded_to else f"Ledger {ledger}")
        self._say_what_waits(found.requests)
        if person.may(Right.COUNT) and self.isVisible():
            self.noticing.look()

    def _come_forward(self) -> None:
        """The person clicked on an alert outside the window."""
        window = self.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if self.isVisible():
            self.go(Place("alerts"))

    def _say_what_waits(self, requests: tuple[RoleRequest, ...]) -> None:
        """A request is told once to the second administrator it waits for."""
        fresh = [request for request in requests if request.id not in self._requests]
        self._requests |= {request.id for request in fresh}
        if fresh and self.place.screen != "people":
            from zeroline.ui.text.people import asked

            target, more = fresh[0].person.id, len(fresh) - 1
            wait = f"This and {more} more wait" if more else "It waits"
            self.banner.say(
                f"{asked(fresh[0])} {wait} for you, the second administrator.",
                Tone.CAUTION,
                "Look at it",
                lambda: self.go(Place("people", target)),
            )

    def _doubted(self, error: DomainError) -> None:
        """A write found other rights than the window believes: look once who this is now."""
        if error.code == "not-allowed" and not self._doubting:
            self._doubting = True
            self.count()

    # the line to the database

    def show_lost(self, loss: Loss, where: str, again: Callable[[], None]) -> None:
        """Say that there is no line and of when the picture is; nothing is taken from the screen."""
        self._say_lost = lambda: self.show_lost(loss, where, again)
        told = self.desk.format
        words = [
            f"The connection to {where} was lost at {told.time(loss.at)}.",
            f"What you see is from {told.time(loss.shown_at)} and can only be looked at.",
        ]
        if self.kept.may_keep:
            words.append(while_lost(self.kept.waiting))
        if loss.trouble.code != "connection-lost":
            words.insert(1, sentence(loss.trouble))
        self.line_bar.say(f"{' '.join(words)} Trying again …", Tone.NEGATIVE, "Try now", again, stays=True)

    def show_found(self, loss: Loss, unanswered: int, again: Callable[[], None]) -> None:
        """Say that the line is back, read all anew, and offer what was never answered."""
        self._say_lost = None
        said = f"Connected again. The connection was lost at {self.desk.format.time(loss.at)}."
        if unanswered:
            what = "Your last change was" if unanswered == 1 else f"Your last {unanswered} changes were"
            said = (
                f"{said} {what} not answered. Sending again is safe: what was kept already is not done twice."
            )
            self.line_bar.say(said, Tone.CAUTION, "Send again", again)
        else:
            self.line_bar.say(said, Tone.VERIFIED)
        for screen in self._screens.values():
            screen.announce(Changes(everything=True))
        self.count()
        self.kept.begin()

    # oneself

    def _change_password(self) -> None:
        from zeroline.ui.dialogs.person import SecretDialog

        SecretDialog(self, self.desk, self.desk.person).open()

    # how it looks

    def _next_scheme(self) -> None:
        order = list(Scheme)
        following = order[(order.index(self.desk.theme.scheme) + 1) % len(order)]
        self.desk.theme.use(following)
        self.desk.memory.write("scheme", "1", following.value)
        self._show_scheme()

    def _show_scheme(self) -> None:
        icons = {Scheme.LIGHT: "sun", Scheme.DARK: "moon", Scheme.HIGH_CONTRAST: "contrast"}
        scheme = self.desk.theme.scheme
        self.scheme.setIcon(self.desk.theme.icon(icons[scheme]))
        self.scheme.setToolTip(f"Look: {scheme.value.replace('-', ' ')}. Click for the next one.")
