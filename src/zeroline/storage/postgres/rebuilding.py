"""Balances and episodes made anew by a server itself, without a row on the line.

Every statement keeps to whole stock keys: its windows and groups are parts of one key, and it names the
range of keys it is for. So ranges can be done one by one (which bounds memory), side by side, or each on the
machine that has its rows. What comes out equals :func:`zeroline.domain.replay.replay` to the last digit,
which :func:`zeroline.storage.ledger.verify` shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from zeroline.domain.episode import DAY
from zeroline.domain.errors import DomainError

RANGE_ROWS = 1_000_000
"""Movements of one range of keys, about."""

_MOST = 2**63 - 1

_BOOK = """
SELECT m.key_id, m.seq, m.recorded_at, m.occurred_at, m.quantity,
       SUM(m.quantity) OVER book AS balance,
       LEAD(m.seq) OVER book AS next_seq, LEAD(m.recorded_at) OVER book AS next_at,
       ROW_NUMBER() OVER book AS place, MAX(m.occurred_at - m.recorded_at) OVER book AS ahead
FROM movement AS m WHERE m.key_id >= ? AND m.key_id < ?
WINDOW book AS (PARTITION BY m.key_id ORDER BY m.recorded_at, m.seq)
"""

_TOO_LARGE = f"SELECT b.key_id FROM ({_BOOK}) AS b WHERE abs(b.balance) > {_MOST} ORDER BY 1 LIMIT 1"

_REBUILD = f"""
WITH book AS MATERIALIZED ({_BOOK}),
balances AS (
  INSERT INTO balance (key_id, on_hand, movements, last_seq, last_recorded_at, ahead)
  SELECT key_id, balance, place, seq, recorded_at, GREATEST(ahead, 0) FROM book WHERE next_seq IS NULL
),
numbered AS (
  SELECT b.*, COUNT(*) FILTER (WHERE b.balance >= 0) OVER (PARTITION BY b.key_id ORDER BY b.place) AS stretch
  FROM book AS b
),
below AS (
  SELECT key_id, stretch, MIN(place) AS first, MAX(place) AS last,
         MIN(recorded_at) AS started_at,
         CASE WHEN BOOL_OR(next_seq IS NULL) THEN NULL ELSE MAX(next_at) END AS ended_at,
         MAX(COALESCE(next_at, recorded_at)) AS measured_to,
         MIN(balance) AS depth,
         SUM(-balance * (COALESCE(next_at, recorded_at) - recorded_at)) AS shortfall
  FROM numbered WHERE balance < 0 GROUP BY key_id, stretch
),
physical AS (
  SELECT b.key_id, b.place, b.occurred_at,
         SUM(b.quantity) OVER events AS after, ROW_NUMBER() OVER events AS physical_place
  FROM book AS b WHERE b.key_id IN (SELECT key_id FROM below WHERE ended_at IS NOT NULL)
  WINDOW events AS (PARTITION BY b.key_id ORDER BY b.occurred_at, b.place)
),
own AS (
  SELECT e.key_id, e.first, e.started_at, e.ended_at
  FROM below AS e JOIN physical AS p ON p.key_id = e.key_id AND p.place BETWEEN e.first AND e.last + 1
  WHERE e.ended_at IS NOT NULL
  GROUP BY e.key_id, e.first, e.started_at, e.ended_at HAVING MIN(p.after) >= 0
),
transients AS (
  SELECT e.key_id, e.first
  FROM own AS e JOIN physical AS p ON p.key_id = e.key_id
  GROUP BY e.key_id, e.first, e.started_at, e.ended_at
  HAVING e.ended_at = e.started_at OR (
    COALESCE(MIN(p.after) FILTER (WHERE p.occurred_at > e.started_at AND p.occurred_at < e.ended_at), 0) >= 0
    AND COALESCE((ARRAY_AGG(p.after ORDER BY p.physical_place DESC)
                  FILTER (WHERE p.occurred_at <= e.started_at))[1], 0) >= 0)
)
INSERT INTO episode (key_id, opening_seq, closing_seq, started_at, ended_at, depth, unit_days, unit_days_rest,
                     measured_to, transient)
SELECT e.key_id, o.seq, l.next_seq, e.started_at, e.ended_at, e.depth, d.days, e.shortfall - d.days * {DAY},
       e.measured_to, t.first IS NOT NULL
FROM below AS e
JOIN book AS o ON o.key_id = e.key_id AND o.place = e.first
JOIN book AS l ON l.key_id = e.key_id AND l.place = e.last
LEFT JOIN transients AS t ON t.key_id = e.key_id AND t.first = e.first
CROSS JOIN LATERAL (SELECT DIV(e.shortfall, {DAY}) AS whole, MOD(e.shortfall, {DAY}) AS rest) AS w
CROSS JOIN LATERAL (
  SELECT w.whole + CASE WHEN 2 * w.rest > {DAY} OR (2 * w.rest = {DAY} AND MOD(w.whole, 2) = 1) THEN 1 ELSE 0
                   END AS days) AS d
ORDER BY e.key_id, e.first
"""
"""Rounded once, half to even, from the exact integral. Transient: see
:mod:`zeroline.domain.replay.physical`; the window over ``events`` is the physical order."""

_TOO_LONG = f"""
SELECT e.key_id FROM (
  SELECT b.key_id, b.balance,
         COUNT(*) FILTER (WHERE b.balance >= 0) OVER (PARTITION BY b.key_id ORDER BY b.place) AS stretch,
         -b.balance * (COALESCE(b.next_at, b.recorded_at) - b.recorded_at) AS shortfall
  FROM ({_BOOK}) AS b) AS e
WHERE e.balance < 0 GROUP BY e.key_id, e.stretch HAVING SUM(e.shortfall) / {DAY} >= {_MOST} ORDER BY 1 LIMIT 1
"""


def rebuild(connection: Connection) -> None:
    """Insert balances and episodes of all movements; both tables are empty.

    Raises DomainError ``balance-too-large`` or ``episode-too-large`` (``key``).
    """
    import psycopg
    from sqlalchemy.exc import DataError

    connection.exec_driver_sql("SET LOCAL work_mem = '256MB'")
    for low, high in _ranges(connection):
        place = connection.begin_nested()
        try:
            connection.exec_driver_sql(_REBUILD, (low, high))
        except DataError as error:
            place.rollback()
            if not isinstance(error.orig, psycopg.errors.NumericValueOutOfRange):
                raise
            for asked, code in ((_TOO_LARGE, "balance-too-large"), (_TOO_LONG, "episode-too-large")):
                key = connection.exec_driver_sql(asked, (low, high)).scalar()
                if key is not None:
                    raise DomainError(code, key=key) from error
            raise
        place.commit()


def _ranges(connection: Connection) -> Iterator[tuple[int, int]]:
    """Ranges [low, high) of stock keys with about RANGE_ROWS movements each."""
    keys, rows = connection.exec_driver_sql(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM stock_key), (SELECT COUNT(*) FROM movement)"
    ).one()
    step = max(1, keys * RANGE_ROWS // max(1, rows))
    return ((low, low + step) for low in range(1, keys + 1, step))
