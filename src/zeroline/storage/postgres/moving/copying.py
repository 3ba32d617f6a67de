"""Rows carried over in steps: each one transaction, in which it is also said how far the table is."""

from __future__ import annotations

from typing import Any

import psycopg

from zeroline.domain.errors import DomainError
from zeroline.domain.views.moving import Watch
from zeroline.storage.driver import Texts
from zeroline.storage.engine import Database
from zeroline.storage.postgres.moving import marker, origin
from zeroline.storage.postgres.moving.table import Carried, Row
from zeroline.storage.postgres.moving.unguarded import unguarded
from zeroline.storage.postgres.setting_up import alone

_OIDS = """
SELECT a.attname, a.atttypid FROM pg_attribute AS a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""


def carry(here: Texts, target: Database, table: Carried, rows: int, of: int, watch: Watch) -> None:
    """Carry over what is missing of a table, so many ``rows`` at a time.

    Raises DomainError ``move-unfit`` (table, row, column), ``move-refused`` (table, detail), ``move-done``
    where another move was faster, and Trouble of the server. What was committed before stays.
    """
    done = False
    while not done:
        with alone(target) as connection:
            raw: Any = connection.connection.driver_connection
            state = marker.read(raw)
            if state is None:
                raise DomainError("move-done", name=target.name)
            reached = state.reached(table.name)
            watch(state.rows, of, "copy", table.name)
            if not reached.done:
                _step(here, raw, table, state, table.step(rows))
            done = reached.done


def _step(here: Texts, raw: Any, table: Carried, state: marker.Marker, limit: int) -> None:
    reached = state.reached(table.name)
    after = None if reached.last is None else tuple(reached.last)
    with unguarded(raw, table.name):
        try:
            last, count = _copied(here, raw, table, after, limit)
        except psycopg.IntegrityError as error:
            raise DomainError("move-refused", table=table.name, detail=_first_line(error)) from error
        except (psycopg.DataError, psycopg.ProgrammingError, AttributeError, TypeError, ValueError):
            origin.check_fit(here, table, after, limit)
            raise
        reached.last = None if last is None else list(last)
        reached.rows += count
        reached.done = count < limit
        if reached.done:
            raw.execute(f'ANALYZE "{table.name}"')
        marker.keep(raw, state)


def _copied(here: Texts, raw: Any, table: Carried, after: Row | None, limit: int) -> tuple[Row | None, int]:
    """The key of the last row that was copied, and how many were."""
    oids = dict(raw.execute(_OIDS, (f'"{table.name}"',)).fetchall())
    columns = ", ".join(f'"{name}"' for name in table.columns)
    row, count = None, 0
    with (
        raw.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN (FORMAT BINARY)') as copy,
    ):
        copy.set_types([oids[name] for name in table.columns])
        for row in origin.rows(here, table, after, limit):
            copy.write_row(row)
            count += 1
    return (after if row is None else table.key_of(row)), count


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
