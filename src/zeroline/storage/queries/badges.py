"""How much waits in each queue, in one query."""

from __future__ import annotations

from sqlalchemy import Connection

from zeroline.domain.case import Queue
from zeroline.domain.policy import Policy
from zeroline.storage.queries.due import IS_DUE, due_parameters
from zeroline.storage.queries.queue import SETTLED

_COUNTS = f"""
SELECT c.queue, COUNT(*), COALESCE(SUM(CASE WHEN c.owner_id = :person THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN c.due_at < :now THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN c.queue = 'negative' AND b.on_hand < 0 THEN
           b.on_hand / 1000000 * i.unit_cost + b.on_hand % 1000000 * i.unit_cost / 1000000 END), 0)
FROM stock_case c
JOIN stock_key k ON k.id = c.key_id
JOIN item i ON i.id = k.item_id
LEFT JOIN balance b ON b.key_id = c.key_id
WHERE c.state NOT IN ({SETTLED})
GROUP BY c.queue
UNION ALL
SELECT '{Queue.COUNTS_DUE.value}', COUNT(*), 0, COUNT(*), 0 FROM ({IS_DUE}) AS asked
"""


def counts(
    connection: Connection, person_id: int, now: int, policy: Policy
) -> dict[str, tuple[int, int, int, int]]:
    """By queue: open cases, the person's own, past due, and micro-currency below zero (NEGATIVE only)."""
    given = due_parameters(policy, now) | {"person": person_id}
    rows = connection.exec_driver_sql(_COUNTS, given)
    return {queue: (total, mine, overdue, value) for queue, total, mine, overdue, value in rows}
