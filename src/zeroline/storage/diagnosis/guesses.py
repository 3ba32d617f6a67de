"""Cases with the newest guess about each, for accepting many at once."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from zeroline.domain.quantity import value_of

_GUESSES = """
SELECT c.id, i.code, l.code, s.currency, i.unit_cost,
       CASE WHEN c.queue <> 'negative' THEN COALESCE(e.depth, 0) WHEN b.on_hand < 0 THEN b.on_hand ELSE 0 END,
       c.state, c.cause, COALESCE(d.cause, ''), COALESCE(d.probability, 0),
       v.guess, v.second, v.cause
FROM json_each(?) given
JOIN stock_case c ON c.id = CAST(given.value AS BIGINT)
JOIN stock_key k ON k.id = c.key_id
JOIN item i ON i.id = k.item_id
JOIN location l ON l.id = k.location_id
JOIN site s ON s.id = l.site_id
LEFT JOIN balance b ON b.key_id = c.key_id
LEFT JOIN episode e ON e.key_id = c.key_id AND e.opening_seq = c.opening_seq
LEFT JOIN diagnosis d ON d.id = (SELECT MAX(n.id) FROM diagnosis n WHERE n.case_id = c.id)
LEFT JOIN cause_verdict v ON v.id = (SELECT MAX(n.id) FROM cause_verdict n WHERE n.case_id = c.id)
ORDER BY CAST(given.key AS BIGINT)
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """A case and its newest guess ('' none); ``value`` micro-currency of what is below zero.

    ``verdict``: guess, second and cause of the last verdict, None where nobody said anything.
    """

    case_id: int
    item: str
    location: str
    currency: str
    value: int
    state: str
    tagged: str
    cause: str
    probability: int
    verdict: tuple[str, str, str] | None


def guesses(connection: Connection, case_ids: list[int]) -> list[Guess]:
    """The cases in the order given, each once; unknown ones are left out."""
    rows = connection.exec_driver_sql(_GUESSES, (json.dumps(list(dict.fromkeys(case_ids))),))
    return [
        Guess(
            *(row[0], row[1], row[2], row[3]),
            value_of(row[5], row[4]),
            *(row[6], row[7], row[8], row[9]),
            None if row[10] is None else (row[10], row[11], row[12]),
        )
        for row in rows
    ]
