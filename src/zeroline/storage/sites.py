"""The sites of the database."""

from __future__ import annotations

from zeroline.domain.views.sites import SiteFacts
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork

_ENTITY = "entity"


def sites(connection: Texts) -> tuple[SiteFacts, ...]:
    """Every site in the order in which they were made."""
    rows = connection.exec_driver_sql("SELECT code, name, zone, currency FROM site ORDER BY id")
    return tuple(SiteFacts(code, name or code, zone, currency) for code, name, zone, currency in rows)


def entity(connection: Texts) -> str:
    """The company whose books these are; '' until somebody says so."""
    return connection.exec_driver_sql("SELECT value FROM setting WHERE key = ?", (_ENTITY,)).scalar() or ""


def name_entity(work: PlainWork, name: str) -> None:
    """Keep the company's name."""
    work.connection.exec_driver_sql("DELETE FROM setting WHERE key = ?", (_ENTITY,))
    work.connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES (?, ?)", (_ENTITY, name))


def recorded_to(connection: Texts) -> int:
    """The newest recorded_at of the ledger (µs), 0 while it is empty."""
    return connection.exec_driver_sql("SELECT recorded_to FROM ledger_state").scalar() or 0
