"""What there is to be told of: fresh negatives and count sheets that are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from zeroline.domain.alert import AHEAD, NEW
from zeroline.domain.policy import Policy
from zeroline.storage.driver import Texts
from zeroline.storage.queries.due import IS_DUE, due_parameters
from zeroline.storage.queries.queue import SETTLED

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
WHERE ((s.state = 'open' AND n.state = 'to count') OR (s.state = 'recount' AND n.state = 'recount'))
"""
_DUE = f"{_SHEETS} AND s.due_at <= :until AND s.due_at >= :since GROUP BY s.id ORDER BY s.due_at, s.id"
_OPEN = f"{_SHEETS} GROUP BY s.id ORDER BY s.id"

_CASES = f"""
SELECT l.site_id, c.owner_id,
       CASE WHEN c.queue = 'negative' AND c.state IN ('new', 'reopened') THEN 1 ELSE 0 END AS fresh, COUNT(*)
FROM stock_case c JOIN stock_key k ON k.id = c.key_id JOIN location l ON l.id = k.location_id
WHERE c.state NOT IN ({SETTLED}) GROUP BY l.site_id, c.owner_id, fresh
"""

_PLACES = f"""
SELECT l.site_id, COUNT(*) FROM ({IS_DUE}) AS asked JOIN location l ON l.id = asked.location_id
GROUP BY l.site_id
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
    """An open count sheet: lines to count, who counted what is to be recounted, its sites."""

    sheet_id: int
    number: str
    title: str
    state: str
    due_at: int | None
    assigned_to: int | None
    lines: int
    counters: frozenset[int]
    sites: frozenset[int]


class OpenCases(NamedTuple):
    """So many open cases at a site of one owner (None: nobody); ``fresh``: negatives nobody began with."""

    site_id: int
    owner_id: int | None
    fresh: int
    cases: int


def new_negatives(connection: Texts, now: int) -> tuple[Negative, ...]:
    """Negative cases that were opened or came back lately and that nobody has taken, the worst first."""
    rows = connection.exec_driver_sql(_NEGATIVES, {"since": now - NEW}).fetchall()
    return tuple(Negative(*row) for row in rows)


def sheets_due(connection: Texts, now: int) -> tuple[Sheet, ...]:
    """Count sheets that are due by now or soon and not done, the longest due first."""
    given = {"until": now + AHEAD, "since": now - NEW}
    return _sheets(connection, connection.exec_driver_sql(_DUE, given).fetchall())


def sheets_open(connection: Texts) -> tuple[Sheet, ...]:
    """Count sheets that are not done."""
    return _sheets(connection, connection.exec_driver_sql(_OPEN).fetchall())


def open_cases(connection: Texts) -> tuple[OpenCases, ...]:
    """How many cases are open, by site, by who has them and by whether they are new negatives."""
    return tuple(OpenCases._make(row) for row in connection.exec_driver_sql(_CASES).fetchall())


def places_due(connection: Texts, policy: Policy, now: int) -> dict[int, int]:
    """How many stock keys are due for a count by policy, by site."""
    rows = connection.exec_driver_sql(_PLACES, due_parameters(policy, now)).fetchall()
    return {row[0]: row[1] for row in rows}


def _sheets(connection: Texts, found: Sequence[Any]) -> tuple[Sheet, ...]:
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
