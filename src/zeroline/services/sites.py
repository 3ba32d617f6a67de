"""The sites a database holds, with their zone and currency."""

from __future__ import annotations

from zeroline.domain.views.sites import SiteFacts
from zeroline.storage import sites
from zeroline.storage.engine import Database


class Sites:
    """Sites of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> tuple[SiteFacts, ...]:
        """Every site in the order in which they were made."""
        with self._database.read() as connection:
            return sites.sites(connection)

    def recorded_to(self) -> int:
        """How far the ledger reaches: its newest recorded_at (µs), 0 while it is empty."""
        with self._database.read() as connection:
            return sites.recorded_to(connection)
