"""The sites of the database."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from zeroline.domain.views.sites import SiteFacts
from zeroline.storage.schema import ledger_state, setting, site
from zeroline.storage.unit_of_work import UnitOfWork

_ENTITY = "entity"


def sites(connection: Connection) -> tuple[SiteFacts, ...]:
    """Every site in the order in which they were made."""
    rows = connection.execute(
        select(site.c.code, site.c.name, site.c.zone, site.c.currency).order_by(site.c.id)
    )
    return tuple(SiteFacts(row.code, row.name or row.code, row.zone, row.currency) for row in rows)


def entity(connection: Connection) -> str:
    """The company whose books these are; '' until somebody says so."""
    return connection.scalar(select(setting.c.value).where(setting.c.key == _ENTITY)) or ""


def name_entity(work: UnitOfWork, name: str) -> None:
    """Keep the company's name."""
    work.connection.execute(delete(setting).where(setting.c.key == _ENTITY))
    work.connection.execute(insert(setting).values(key=_ENTITY, value=name))


def recorded_to(connection: Connection) -> int:
    """The newest recorded_at of the ledger (µs), 0 while it is empty."""
    return connection.scalar(select(ledger_state.c.recorded_to)) or 0
