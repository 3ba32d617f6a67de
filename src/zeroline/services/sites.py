"""The sites a database holds, with their zone and currency."""

from __future__ import annotations

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.sites import SiteFacts
from zeroline.storage import people, sites
from zeroline.storage.engine import Database


class Sites:
    """Sites of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> tuple[SiteFacts, ...]:
        """Every site in the order in which they were made."""
        with self._database.read_plain() as connection:
            return sites.sites(connection)

    def entity(self) -> str:
        """The company whose books these are, as the reports name it; '' until somebody says so."""
        with self._database.read_plain() as connection:
            return sites.entity(connection)

    def name_entity(self, name: str, actor: Person | None = None) -> Changes:
        """Say whose books these are: a manager or an administrator, None is the program.

        Raises ``entity-missing`` and ``not-allowed``.
        """
        if actor is not None:
            require(actor, Right.ENTITY)
        called = " ".join(name.split())
        if not called or len(called) > 80 or not called.isprintable():
            raise DomainError("entity-missing", field="entity")
        with self._database.write(0 if actor is None else actor.id) as work:
            if actor is not None:
                people.require(work, Right.ENTITY)
            before = sites.entity(work.connection)
            sites.name_entity(work, called)
            work.audit("entity named", "entity", before=before, after=called)
            work.changed(everything=True)
            return work.commit()

    def recorded_to(self) -> int:
        """How far the ledger reaches: its newest recorded_at (µs), 0 while it is empty."""
        with self._database.read_plain() as connection:
            return sites.recorded_to(connection)
