"""Who waits for whom on a server: advisory locks, all of the transaction that takes them.

A write says what it touches, and waits only for writes that touch the same: it holds the lock of writers
together with others and the locks of its sheets and stock keys alone, in the order of their numbers, taken
once and at its begin. A write that does not say what it touches (an import, a change of policy) holds the
lock of writers alone. What there is one of, the numbers of adjustments, the order of the ledger and the chain
of the audit trail, is locked when it is needed, in this order, as late as can be: the chain at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

WRITER = 0x5A4C4E45
NUMBERS, LEDGER, CHAIN = WRITER + 1, WRITER + 2, WRITER + 3
SHEET, KEY = 1 << 48, 2 << 48
"""To these the id of a count sheet or stock key is added."""

On = Sequence[tuple[str, int]]
"""What a write touches: ``("sheet", 4)``, ``("line", 17)`` for the sheet of a line, ``("key", 3)``,
``("case", 5)``, ``("entry", 8)`` and ``("adjustment", 9)`` for the stock key of one."""


def alone(connection: Connection, lock: int) -> None:
    """Wait for NUMBERS or LEDGER; a file has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(?)", (lock,))


FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION hold(kinds text[], ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = zeroline, pg_temp AS $$
DECLARE
  lock bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared({WRITER});
  FOR lock IN
    SELECT DISTINCT CASE w.kind
      WHEN 'sheet' THEN {SHEET} + w.id
      WHEN 'line' THEN {SHEET} + (SELECT n.sheet_id FROM count_line AS n WHERE n.id = w.id)
      WHEN 'key' THEN {KEY} + w.id
      WHEN 'case' THEN {KEY} + (SELECT c.key_id FROM stock_case AS c WHERE c.id = w.id)
      WHEN 'entry' THEN {KEY} + (SELECT n.key_id FROM count_entry AS e JOIN count_line AS n
                                 ON n.id = e.line_id WHERE e.id = w.id)
      WHEN 'adjustment' THEN {KEY} + (SELECT a.key_id FROM adjustment AS a WHERE a.id = w.id) END AS number
    FROM unnest(kinds, ids) AS w(kind, id) ORDER BY number
  LOOP
    IF lock IS NOT NULL THEN PERFORM pg_advisory_xact_lock(lock); END IF;
  END LOOP;
END $$;
"""
