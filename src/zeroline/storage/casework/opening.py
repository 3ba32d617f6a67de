"""New cases: many at once, each due by how much it hurts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import func, insert, literal, select

from zeroline.domain.audit import canonical
from zeroline.domain.case import EventKind, Queue
from zeroline.domain.following import Stretch
from zeroline.domain.instant import HOUR
from zeroline.domain.policy import Policy
from zeroline.domain.severity import LEVELS, Level, Reason, grown_unit_days, severities, values_of
from zeroline.storage.casework.scope import Scope
from zeroline.storage.queries.demand import Demand
from zeroline.storage.schema import case_event, stock_case
from zeroline.storage.unit_of_work import UnitOfWork

LISTED = 2_000
"""More new cases than this are announced as 'everything', not one by one."""

_HURT = """
SELECT k.id, k.item_id, k.location_id, k.lot, COALESCE(b.on_hand, 0), i.unit_cost,
       COALESCE(e.unit_days, 0), COALESCE(e.measured_to, 0)
FROM json_each(?) given
JOIN stock_key k ON k.id = CAST(json_extract(given.value, '$[0]') AS BIGINT)
JOIN item i ON i.id = k.item_id
LEFT JOIN balance b ON b.key_id = k.id
LEFT JOIN episode e ON e.key_id = k.id AND e.opening_seq = CAST(json_extract(given.value, '$[1]') AS BIGINT)
ORDER BY CAST(given.key AS BIGINT)
"""


def due_times(work: UnitOfWork, scope: Scope, wanted: Sequence[tuple[int, Stretch]]) -> list[int]:
    """When each episode (key, stretch) must be dealt with: now and the hours of its severity."""
    given = json.dumps([(key_id, stretch.opening_seq) for key_id, stretch in wanted])
    rows = work.connection.exec_driver_sql(_HURT, (given,)).fetchall()
    below = np.array([stretch.is_open for _, stretch in wanted], dtype=np.bool_)
    started = np.array([stretch.started_at for _, stretch in wanted], dtype=np.int64)
    on_hand, cost, unit_days, measured = (
        np.array([row[place] for row in rows], dtype=np.int64) for place in (4, 5, 6, 7)
    )
    grown = np.where(below, grown_unit_days(unit_days, on_hand, measured, work.at), unit_days)
    demand = Demand.read(work.connection)
    orders, _ = demand.of_keys([(row[1], row[2], row[3]) for row in rows])
    found = severities(below, orders, values_of(grown, cost), work.at - started, Reason.ABOVE_ZERO)
    hours = np.array([due_hours(scope.policy, level) for level in LEVELS], dtype=np.int64)
    due: list[int] = (work.at + hours[found.rank] * HOUR).tolist()
    return due


def due_hours(policy: Policy, level: Level) -> int:
    """Hours a case of this level may take; the longest of the policy where it names none."""
    hours = policy.due_hours
    return hours.get(level.value, max(hours.values(), default=72))


def open_cases(work: UnitOfWork, rows: list[dict[str, Any]]) -> int:
    """Insert new cases with the first line of their log; answers how many.

    Each row has queue, key_id, subject, due_at, and opening_seq and closing_seq where there is an episode.
    """
    if not rows:
        return 0
    newest = work.connection.execute(select(func.coalesce(func.max(stock_case.c.id), 0))).scalar_one()
    work.connection.execute(
        insert(stock_case),
        [{"opening_seq": 0, "closing_seq": None, **row, "opened_at": work.at} for row in rows],
    )
    work.connection.execute(
        insert(case_event).from_select(
            ["case_id", "at", "person_id", "kind", "text", "facts"],
            select(
                stock_case.c.id,
                literal(work.at),
                literal(work.person_id),
                literal(EventKind.OPENED.value),
                literal(""),
                literal(canonical({})),
            ).where(stock_case.c.id > newest),
        )
    )
    if len(rows) > LISTED:
        work.changed(everything=True)
    else:
        ids = work.connection.execute(select(stock_case.c.id).where(stock_case.c.id > newest)).scalars()
        work.changed(cases=set(ids))
    by_queue = {queue.value: sum(row["queue"] == queue.value for row in rows) for queue in Queue}
    work.audit("cases opened", "ledger", **{queue: count for queue, count in by_queue.items() if count})
    return len(rows)
