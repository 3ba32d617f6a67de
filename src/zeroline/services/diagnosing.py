"""Why: every shortage diagnosed, one by one or all of a ledger."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis import Beliefs, Diagnosis, Neighbourhood, diagnose
from zeroline.domain.views.listing import DiagnosisLine
from zeroline.storage.diagnosis import gathering
from zeroline.storage.engine import Connection, Database


class Diagnosing:
    """Explains shortages from the ledger and its documents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, *, variances: bool = False) -> tuple[DiagnosisLine, ...]:
        """Every episode of the ledger, or every count variance, diagnosed; by item, location, lot, status and
        time."""
        with self._database.read() as connection:
            lines = [
                DiagnosisLine(
                    n.here.item_code,
                    n.here.location,
                    n.here.lot,
                    n.here.status,
                    n.subject.at,
                    found.hypotheses,
                )
                for n, found in _diagnosed(connection, variances)
            ]
        return tuple(sorted(lines, key=lambda e: (e.item, e.location, e.lot, e.status, e.started_at)))


def _diagnosed(connection: Connection, variances: bool) -> Iterator[tuple[Neighbourhood, Diagnosis]]:
    asked = gathering.variances(connection) if variances else gathering.episodes(connection)
    beliefs = Beliefs()
    for _, n in gathering.neighbourhoods(connection, asked):
        yield n, diagnose(n, beliefs)
