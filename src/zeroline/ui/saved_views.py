"""A list's saved views, read from and kept with the person who made them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from zeroline.domain.changes import Changes
from zeroline.ui.desk import Desk
from zeroline.ui.tables.menus import NamedView
from zeroline.ui.tables.panel import ListPanel


class SavedViewsOf(QObject):
    """Keeps the views of one list: what the panel asks to save or forget is done and shown again.

    ``view`` names the list in the database, for example ``queue negative``.
    """

    def __init__(self, panel: ListPanel, desk: Desk, view: str) -> None:
        super().__init__(panel)
        self._panel, self._desk, self._view = panel, desk, view
        panel.save_wanted.connect(self._save)
        panel.forget_wanted.connect(self._forget)
        desk.tasks.soon(self.read, owner=self)

    def read(self) -> None:
        """Show the person's views of this list."""
        services, person, view = self._desk.services, self._desk.person, self._view

        def work() -> list[NamedView]:
            return [NamedView(one.id, one.name, one.tree) for one in services.saved_views.list(person, view)]

        self._desk.tasks.query(work, self._panel.set_saved_views, owner=self, key="views")

    def _save(self, name: str, state: str) -> None:
        services, person, view = self._desk.services, self._desk.person, self._view
        self._write(lambda: services.saved_views.save(person, view, name, state))

    def _forget(self, id: int) -> None:
        services, person = self._desk.services, self._desk.person
        self._write(lambda: services.saved_views.delete(person, id))

    def _write(self, work: Callable[[], Changes]) -> None:
        self._desk.tasks.command(work, owner=self, done=lambda _: self.read())
