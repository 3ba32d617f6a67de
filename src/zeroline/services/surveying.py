"""Above single cases: what they share beyond chance, and what the timestamps of the sources say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zeroline.domain.case import TAGGABLE
from zeroline.domain.diagnosis.clocks import read_clocks
from zeroline.domain.diagnosis.patterns import find_patterns
from zeroline.domain.instant import DAY
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.patterns import ClocksView, PatternsView, Period
from zeroline.storage.diagnosis import period as stored
from zeroline.storage.engine import Database
from zeroline.storage.ledger import horizon

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection


class Surveying:
    """The read side over a whole period; every verb needs the right to read the book (``not-allowed``).

    A period ends now, or with the newest movement of an older ledger, and reaches back ``days``.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def patterns(self, actor: Person, days: int) -> PatternsView:
        """Clusters of the cases that began in the period, strongest first."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            since, until, shortened = self._period(connection, days)
            cases = stored.Cases(connection, since, until, TAGGABLE)
            movements = stored.postings(connection, since, until, (blame.seq for blame in cases.blames))
        found = find_patterns(movements, cases.blames)
        period = Period(since, until, len(movements), shortened, len(cases.by_id), cases.undiagnosed)
        named = {case for cluster in found.clusters for case in cluster.cases}
        return PatternsView(period, found, {id: one for id, one in cases.by_id.items() if id in named})

    def clocks(self, actor: Person, days: int) -> ClocksView:
        """Lags, orders and clock offsets of the period's movements."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            since, until, shortened = self._period(connection, days)
            cases = stored.Cases(connection, since, until, TAGGABLE)
            movements = stored.postings(connection, since, until, (blame.seq for blame in cases.timing))
        clocks = read_clocks(movements, cases.timing)
        period = Period(since, until, len(movements), shortened, len(cases.by_id), cases.undiagnosed)
        named = {blame.case for blame in cases.timing}
        return ClocksView(period, clocks, {id: one for id, one in cases.by_id.items() if id in named})

    def _period(self, connection: Connection, days: int) -> tuple[int, int, bool]:
        until = horizon(connection, self._database.clock())
        wanted = until - days * DAY
        since = stored.begins(connection, wanted, until)
        return since, until, since > wanted
