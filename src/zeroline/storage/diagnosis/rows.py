"""Rows of one diagnosis run: read as the driver gives them, and what is said of the whole ledger once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Connection

from zeroline.domain.diagnosis import Line, Row
from zeroline.domain.diagnosis.usual import deciles
from zeroline.storage.dialect import on_server, to_postgres

SAMPLE = 3_000
"""Movements, evenly spread over the ledger, of which it is learned how late rows usually are."""

COLUMNS = """m.seq, m.key_id, k.item_id, m.quantity, m.kind, m.occurred_at, m.recorded_at, m.document,
       m.document_line, m.user_name, s.code, m.entered_quantity, m.entered_unit, m.override,
       m.time_basis = 'both', m.reference"""
"""What a Row is made of: movement m, stock_key k, source s."""

_row = partial(tuple.__new__, Row)  # Row._make without its check of the length

_SAMPLED = """
SELECT s.code, m.kind, m.recorded_at - m.occurred_at, m.time_basis = 'both',
       m.entered_quantity <> 0 AND ABS(m.entered_quantity) < ABS(m.quantity)
FROM json_each(?) given JOIN movement m ON m.seq = CAST(given.value AS BIGINT)
JOIN source s ON s.id = m.source_id
"""

_BEGINS = """
SELECT COALESCE(MIN(first), 0)
FROM (SELECT (SELECT MIN(recorded_at) FROM movement WHERE source_id = s.id) AS first FROM source s) AS firsts
"""

STRETCHES = 1_000
"""The newest stretches below zero, of which it is learned how often they began with a forced row."""

_CROSSED = """
SELECT COUNT(*), COALESCE(SUM(CASE WHEN m.override THEN 1 ELSE 0 END), 0)
FROM (SELECT key_id, opening_seq FROM episode ORDER BY started_at DESC, id DESC LIMIT ?) e
JOIN movement m ON m.key_id = e.key_id AND m.seq = e.opening_seq
"""


def state(connection: Connection) -> tuple[int, ...]:
    """What two connections agree in that see the same state: every write leaves an entry in the audit trail
    or movements."""
    query = "SELECT (SELECT MAX(seq) FROM audit_entry), (SELECT MAX(seq) FROM movement)"
    return tuple(connection.exec_driver_sql(query).one())


@dataclass(frozen=True, slots=True)
class Whole:
    """What is said of the whole ledger: its first and last instant, how late rows usually are, how often
    they are entered in a larger unit, and how many of the newest stretches below zero began with a forced
    row."""

    begins: int
    until: int
    lags: Mapping[tuple[str, str], tuple[int, int]]
    large_units: Mapping[tuple[str, str], float]
    forced: tuple[int, int]


class Reading:
    """One state of the database, of which very many rows are read: by the driver's own cursor, as tuples."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._names: dict[int, str] = {}
        connection.exec_driver_sql("SELECT 1 FROM ledger_state").close()  # from here on it is one state
        self._cursor = connection.connection.cursor()
        self.served = on_server(connection)

    def map_file(self) -> None:
        """Read the file as memory, not page by page: rows of one key lie all over it. Up to 2 GB of it."""
        if self.served:
            return
        self._cursor.execute(f"PRAGMA mmap_size = {2**31 - 1}")

    def rows(self, query: str, *given: Any) -> list[Any]:
        """What a query answers."""
        self._cursor.execute(to_postgres(query) if self.served else query, given)
        return list(self._cursor.fetchall())

    def movements(self, query: str, *given: Any) -> list[Row]:
        """The movements that a query for ``COLUMNS`` answers."""
        return list(map(_row, self.rows(query, *given)))

    def lines(self, query: str, *given: Any) -> list[Line]:
        """The document lines that a query answers."""
        return [Line._make((*row[:10], bool(row[10]), *row[11:])) for row in self.rows(query, *given)]

    def names(self, items: Iterable[int]) -> Mapping[int, str]:
        """Item codes by id, of these items at least."""
        new = set(items) - self._names.keys()
        if new:
            query = "SELECT id, code FROM item WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
            self._names.update(dict(self.rows(query, json.dumps(sorted(new)))))
        return self._names

    @cached_property
    def whole(self) -> Whole:
        """What is said of the whole ledger."""
        ((begins,),) = self.rows(_BEGINS)
        until = next((at for (at,) in self.rows("SELECT recorded_to FROM ledger_state")), None) or 0
        ((newest,),) = self.rows("SELECT COALESCE(MAX(seq), 0) FROM movement")
        step = max(1, newest // SAMPLE)
        rows = self.rows(_SAMPLED, json.dumps(list(range(1, newest + 1, step))))
        lags = deciles(((source, kind), lag) for source, kind, lag, timed, _ in rows if timed)
        large: dict[tuple[str, str], list[int]] = defaultdict(list)
        for source, kind, _, _, in_large in rows:
            large[source, kind].append(in_large)
        shares = {name: sum(found) / len(found) for name, found in large.items()}
        ((stretches, forced),) = self.rows(_CROSSED, STRETCHES)
        return Whole(begins, until, lags, shares, (forced, stretches))
