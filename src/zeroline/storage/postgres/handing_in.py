"""Handing a count in on a server, by who may not see the book.

The counter's own hand writes what was counted and nothing else; whoever may read the book takes it up, with
its expectation and its verdict (:meth:`zeroline.services.counting.Counting.take_up`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zeroline.storage.guard.counting import COUNTING
from zeroline.storage.postgres.functions import SCHEMA

if TYPE_CHECKING:
    from zeroline.storage.unit_of_work import UnitOfWork

SCRIPT = f"""
CREATE OR REPLACE FUNCTION hand_in(wanted bigint, why text)
RETURNS TABLE (entry_id bigint, counted_line bigint, counted_quantity bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {SCHEMA}, pg_temp AS $$
DECLARE
  doer bigint := me();
  moment bigint;
BEGIN
  PERFORM hold(ARRAY['sheet'], ARRAY[wanted]);
  IF NOT EXISTS (SELECT 1 FROM person AS p WHERE p.id = doer AND p.active AND p.role IN {COUNTING}) THEN
    RAISE EXCEPTION 'zeroline:not-allowed: only an active person who may count counts';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM count_sheet AS s WHERE s.id = wanted AND s.state IN ('open', 'recount')) THEN
    RAISE EXCEPTION 'zeroline:count-sheet-closed: this sheet is closed';
  END IF;
  IF NOT every_site() AND EXISTS (
      SELECT 1 FROM count_line AS n WHERE n.sheet_id = wanted AND NOT key_open(n.key_id)) THEN
    RAISE EXCEPTION 'zeroline:not-allowed: this sheet is of another site';
  END IF;
  SELECT GREATEST(now_us(), COALESCE((SELECT t.at FROM audit_entry AS t ORDER BY t.seq DESC LIMIT 1), 0))
    INTO moment;
  CREATE TEMPORARY TABLE held ON COMMIT DROP AS
    SELECT DISTINCT ON (d.line_id) d.line_id, d.person_id, d.quantity, d.entered, d.reason, d.counted_at,
           n.state AS line_state
    FROM count_draft AS d JOIN count_line AS n ON n.id = d.line_id
    WHERE d.sheet_id = wanted AND NOT d.undone AND n.state IN ('to count', 'recount')
    ORDER BY d.line_id, d.id DESC;
  IF trim(why) = '' AND EXISTS (SELECT 1 FROM count_line AS n WHERE n.sheet_id = wanted
      AND n.state = 'to count' AND n.id NOT IN (SELECT h.line_id FROM pg_temp.held AS h)) THEN
    RAISE EXCEPTION 'zeroline:count-lines-open: lines are left that nobody counted';
  END IF;
  UPDATE count_line AS n SET state = 'not counted', reason = trim(why)
  WHERE n.sheet_id = wanted AND n.state = 'to count'
    AND n.id NOT IN (SELECT h.line_id FROM pg_temp.held AS h);
  UPDATE count_line AS n SET state = 'not counted', reason = h.reason
  FROM pg_temp.held AS h WHERE h.line_id = n.id AND h.person_id = doer AND h.quantity IS NULL
    AND h.line_state = 'to count';
  UPDATE count_line AS n SET state = 'handed in'
  FROM pg_temp.held AS h WHERE h.line_id = n.id AND h.person_id = doer AND h.quantity IS NOT NULL;
  RETURN QUERY
    INSERT INTO count_entry AS made (line_id, round, counter_id, counted_at, quantity, entered, submitted_at)
    SELECT h.line_id,
           1 + COALESCE((SELECT max(o.round) FROM count_entry AS o WHERE o.line_id = h.line_id), 0),
           doer, h.counted_at, h.quantity, h.entered, moment
    FROM pg_temp.held AS h WHERE h.person_id = doer AND h.quantity IS NOT NULL ORDER BY h.line_id
    RETURNING made.id, made.line_id, made.quantity;
  DELETE FROM count_draft AS d WHERE d.sheet_id = wanted AND d.person_id = doer;
  DROP TABLE pg_temp.held;
END $$;
"""


class HandedIn(NamedTuple):
    """A count that was handed in: its entry, its line, micro-units."""

    entry_id: int
    line_id: int
    quantity: int


def hand_in(work: UnitOfWork, sheet_id: int, why: str) -> list[HandedIn]:
    """Make counts of the person's drafts on a sheet; lines that nobody counted get ``why``.

    Raises DomainError ``count-lines-open``, ``count-sheet-closed``, ``not-allowed``.
    """
    rows = work.connection.exec_driver_sql("SELECT * FROM hand_in(CAST(? AS bigint), ?)", (sheet_id, why))
    return [HandedIn(*row) for row in rows]
