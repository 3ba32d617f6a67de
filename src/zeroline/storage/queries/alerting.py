"""What there is to be told of: fresh negatives and count sheets that are due."""

from __future__ import annotations

from typing import NamedTuple

from zeroline.domain.alert import AHEAD, NEW
from zeroline.storage.driver import Texts

_NEGATIVES = """
SELECT c.id, c.reopened, i.code, l.code, s.code, l.site_id, b.on_hand, i.base_unit
FROM stock_case c JOIN balance b ON b.key_id = c.key_id JOIN stock_key k ON k.id = c.key_id
JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id JOIN site s ON s.id = l.site_id
WHERE c.queue = 'negative' AND b.on_hand < 0 AND (
  (c.state = 'new' AND c.opened_at >= :since)
  OR (c.state = 'reopened' AND EXISTS (
    SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.kind = 'reopened' AND e.at >= :since)))
ORDER BY (b.on_hand / 1000000) * i.unit_cost, c.id
"""

_SHEETS = """
SELECT s.id, s.number, s.title, s.state, s.due_at, s.assigned_to, COUNT(n.id)
FROM count_sheet s JOIN count_line n ON n.sheet_id = s.id
WHERE s.due_at <= :until AND s.due_at >= :since
AND ((s.state = 'open' AND n.state = 'to count') OR (s.state = 'recount' AND n.state = 'recount'))
GROUP BY s.id ORDER BY s.due_at, s.id
"""

_COUNTERS = """
SELECT DISTINCT e.counter_id FROM count_entry e JOIN count_line n ON n.id = e.line_id
WHERE n.sheet_id = ? AND n.state = 'recount'
"""

_SITES = """
SELECT DISTINCT l.site_id FROM count_line n JOIN stock_key k ON k.id = n.key_id
JOIN location l ON l.id = k.location_id WHERE n.sheet_id = ?
"""


class Negative(NamedTuple):
    """A case of a balance that went below zero (``on_hand`` micro-units) and that nobody has taken."""

    case_id: int
    reopened: int
    item: str
    location: str
    site: str
    site_id: int
    on_hand: int
    unit: str


class Sheet(NamedTuple):
    """A count sheet that is due (µs), with the lines to count, who counted what is to be recounted, and its
    sites."""

    sheet_id: int
    number: str
    title: str
    state: str
    due_at: int
    assigned_to: int | None
    lines: int
    counters: frozenset[int]
    sites: frozenset[int]


def new_negatives(connection: Texts, now: int) -> tuple[Negative, ...]:
    """Negative cases that were opened or came back lately and that nobody has taken, the worst first."""
    rows = connection.exec_driver_sql(_NEGATIVES, {"since": now - NEW}).fetchall()
    return tuple(Negative(*row) for row in rows)


def sheets_due(connection: Texts, now: int) -> tuple[Sheet, ...]:
    """Count sheets that are due by now or soon and not done, the longest due first."""
    found = connection.exec_driver_sql(_SHEETS, {"until": now + AHEAD, "since": now - NEW}).fetchall()
    return tuple(
        Sheet._make((*row, _ids(connection, _COUNTERS, row[0]), _ids(connection, _SITES, row[0])))
        for row in found
    )


def sites_of_keys(connection: Texts, keys: str) -> dict[int, int]:
    """Site by stock key, of the keys in a JSON list."""
    rows = connection.exec_driver_sql(
        "SELECT k.id, l.site_id FROM stock_key k JOIN location l ON l.id = k.location_id"
        " WHERE k.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
        (keys,),
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def _ids(connection: Texts, sql: str, sheet_id: int) -> frozenset[int]:
    return frozenset(row[0] for row in connection.exec_driver_sql(sql, (sheet_id,)).fetchall())
