"""Counts due: what the policy's counts a year ask for, not what somebody opened."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import Connection

from zeroline.domain.audit import canonical
from zeroline.domain.case import Queue
from zeroline.domain.count import YEAR
from zeroline.domain.policy import Policy
from zeroline.domain.views.queue import QueueTable, Words
from zeroline.storage.counting.sheets import asked_for
from zeroline.storage.queries.columns import NOTHING, instants, stock, taken, whole, worth

_DUE = """
SELECT b.key_id, k.item_id, k.location_id, k.lot, k.status, b.on_hand, b.last_recorded_at,
       (SELECT MAX(e.counted_at) FROM count_line l JOIN count_entry e ON e.line_id = l.id
        WHERE l.key_id = b.key_id) AS counted_at,
       CAST(w.value AS BIGINT) AS counts_per_year
FROM balance b
JOIN stock_key k ON k.id = b.key_id
JOIN item i ON i.id = k.item_id
JOIN json_each(:policy) w ON w.key = i.abc_class
WHERE (b.on_hand <> 0 OR b.last_recorded_at >= (SELECT recorded_to FROM ledger_state) - :year)
"""
IS_DUE = (
    f"SELECT * FROM ({_DUE}) AS due WHERE counted_at IS NULL OR counted_at + :year / counts_per_year <= :now"
)


def due_parameters(policy: Policy, now: int) -> dict[str, Any]:
    """What the query of counts due is asked with."""
    return {"policy": canonical(dict(policy.counts_per_year)), "year": YEAR, "now": now}


def counts_due(connection: Connection, as_of: int, policy: Policy) -> QueueTable:
    """Keys whose next count is due at ``as_of`` (µs) by the policy's counts a year, longest overdue first.

    A key that was never counted is due at once, before all others.
    """
    rows = connection.exec_driver_sql(IS_DUE, due_parameters(policy, as_of)).fetchall()
    fetched = list(zip(*rows, strict=True)) if rows else [()] * 9
    known, cost = stock(connection, whole(fetched[1]), whole(fetched[2]), fetched[3], fetched[4])
    keys, on_hand, counted, a_year = (whole(fetched[place]) for place in (0, 5, 7, 8))
    never = counted == NOTHING
    due = np.where(never, NOTHING, np.where(never, 0, counted) + YEAR // np.maximum(a_year, 1))
    asked = asked_for(connection)
    known |= {
        "key_id": keys,
        "on_hand": on_hand,
        "value": worth(on_hand, cost),
        "since": whole(fetched[6]),
        "due_at": instants(due),
        "last_counted_at": instants(counted),
        "counts_per_year": a_year,
        "open_sheet": Words.of(asked.get(key, "") for key in keys.tolist()),
    }
    order = np.lexsort((keys, -a_year, due))
    return QueueTable(Queue.COUNTS_DUE, as_of, keys[order], taken(known, order), is_cases=False)
