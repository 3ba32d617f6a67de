"""Looks for what there is to tell the person at this window, and shows it outside the window where there is
a place for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from zeroline.domain.changes import Changes
from zeroline.domain.errors import Trouble
from zeroline.domain.views.alerting import AlertRow
from zeroline.ui.desk import Desk
from zeroline.ui.text.alerting import AlertWords

_SECONDS = 10


class _Noticed(NamedTuple):
    changes: Changes
    to_show: tuple[AlertRow, ...]


class Noticing(QObject):
    """``told`` carries the Changes when the person was told something; ``wanted`` comes when they clicked on
    what was shown outside the window.

    What cannot be kept now (another program writes, the line is down) is found again at the next look.
    ``tray`` says whether there is a place outside the window: asked at each look, for it may come later.
    """

    told = Signal(object)
    wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._desk, self._there = desk, tray
        self._words = AlertWords(desk.format)
        self.icon: QSystemTrayIcon | None = None

    def look(self) -> None:
        """Find and tell what is new, in the background."""
        alerting, person, there = self._desk.services.alerting, self._desk.person, self._there()

        def work() -> _Noticed:
            found = _Noticed(Changes(), ())
            with suppress(Trouble):
                found = found._replace(changes=alerting.notice(person))
                if there:
                    found = found._replace(to_show=alerting.to_show(person))
            return found

        # Who may not any more is told so by others than by this look.
        self._desk.tasks.query(work, self._noticed, owner=self, key="notice", failed=lambda _: None)

    def _noticed(self, found: _Noticed) -> None:
        if found.to_show:
            self._show(found.to_show)
        if found.changes:
            self.told.emit(found.changes)

    def _show(self, rows: tuple[AlertRow, ...]) -> None:
        if self.icon is None:
            self.icon = QSystemTrayIcon(self._desk.theme.icon("bell"), self)
            self.icon.setToolTip("Zeroline")
            self.icon.messageClicked.connect(self.wanted)
            self.icon.activated.connect(lambda _: self.wanted.emit())
        self.icon.show()
        title, text = self._words.together(rows)
        self.icon.showMessage(title, text, QSystemTrayIcon.MessageIcon.NoIcon, _SECONDS * 1_000)

    def rest(self) -> None:
        """Take away what is shown outside the window: nobody sits here, or it closes."""
        if self.icon is not None:
            self.icon.hide()
