"""Saved views: each person's own named filters of the lists."""

from __future__ import annotations

import json

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person
from zeroline.domain.views.saved import SavedView
from zeroline.storage import people, views
from zeroline.storage.engine import Database

LONGEST_NAME = 60
LONGEST_TREE = 20_000


class SavedViews:
    """Every person sees and changes only their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, actor: Person, view: str) -> tuple[SavedView, ...]:
        """The actor's views of one list (``queue negative``), by name."""
        with self._database.read() as connection:
            return views.of_person(connection, actor.id, view)

    def save(self, actor: Person, view: str, name: str, tree: str) -> Changes:
        """Keep ``tree`` (JSON) under a name; an earlier one of that name is replaced.

        Raises DomainError ``view-name`` (empty or longer than 60) or ``view-unreadable`` (not JSON, or
        longer than 20,000 characters).
        """
        called = name.strip()
        if not 0 < len(called) <= LONGEST_NAME:
            raise DomainError("view-name", field="name", most=LONGEST_NAME)
        try:
            json.loads(tree)
        except ValueError as error:
            raise DomainError("view-unreadable") from error
        if len(tree) > LONGEST_TREE:
            raise DomainError("view-unreadable")
        with self._database.write(actor.id) as work:
            people.current(work)
            view_id = views.put(work, view, called, tree)
            work.audit("view saved", f"view {view_id}", view=view, name=called)
            work.changed(views={view_id})
            return work.commit()

    def delete(self, actor: Person, view_id: int) -> Changes:
        """Take away one of the actor's own views; DomainError ``view-unknown`` (view)."""
        with self._database.write(actor.id) as work:
            people.current(work)
            gone = views.drop(work, view_id)
            work.audit("view deleted", f"view {view_id}", view=gone.view, name=gone.name)
            work.changed(views={view_id})
            return work.commit()
