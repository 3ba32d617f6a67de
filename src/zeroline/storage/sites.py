"""The sites of the database."""

from __future__ import annotations

from sqlalchemy import Connection, select

from zeroline.domain.views.sites import SiteFacts
from zeroline.storage.schema import ledger_state, site


def sites(connection: Connection) -> tuple[SiteFacts, ...]:
    """Every site in the order in which they were made."""
    rows = connection.execute(
        select(site.c.code, site.c.name, site.c.zone, site.c.currency).order_by(site.c.id)
    )
    return tuple(SiteFacts(row.code, row.name or row.code, row.zone, row.currency) for row in rows)


def recorded_to(connection: Connection) -> int:
    """The newest recorded_at of the ledger (µs), 0 while it is empty."""
    return connection.scalar(select(ledger_state.c.recorded_to)) or 0
