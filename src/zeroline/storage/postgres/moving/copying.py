"""Rows carried over in steps: each one transaction, in which it is also said how far the table is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from zeroline.domain.errors import DomainError
from zeroline.domain.views.moving import Watch
from zeroline.storage.driver import Texts
from zeroline.storage.engine import Database
from zeroline.storage.postgres.moving import marker, origin
from zeroline.storage.postgres.moving.table import CARRIED, Carried, Row
from zeroline.storage.postgres.moving.unguarded import unguarded
from zeroline.storage.postgres.setting_up import alone

_OIDS = """
SELECT a.attname, a.atttypid FROM pg_attribute AS a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""


def step(here: Texts, target: Database, sizes: Mapping[str, int], rows: int, watch: Watch) -> bool:
    """Carry over the next ``rows``, of several tables if they are small; answers whether there may be more.

    Raises DomainError ``move-unfit`` (table, row, column), ``move-refused`` (table, detail), ``move-done``
    where another move was faster, and Trouble of the server. Then nothing of this step is kept.
    """
    with alone(target) as connection:
        raw: Any = connection.connection.driver_connection
        state = marker.read(raw)
        if state is None:
            raise DomainError("move-done", name=target.name)
        tables = _next(state, sizes, rows)
        with unguarded(raw, *(table.name for table in tables)):
            for table in tables:
                watch(state.rows, sum(sizes.values()), "copy", table.name)
                reached = state.reached(table.name)
                _carry(here, raw, table, reached, table.step(rows))
                reached.done = reached.rows == sizes[table.name]
                if reached.done:
                    raw.execute(f'ANALYZE "{table.name}"')
            marker.keep(raw, state)
    return bool(tables)


def _next(state: marker.Marker, sizes: Mapping[str, int], rows: int) -> list[Carried]:
    """The tables whose turn it is: as many as hold so many rows together, one at least."""
    taken: list[Carried] = []
    for table in CARRIED:
        left = sizes[table.name] - state.reached(table.name).rows
        if state.reached(table.name).done or not left:
            continue
        if taken and (table.heavy or rows <= 0):
            break
        taken.append(table)
        rows -= left
        if table.heavy:
            break
    return taken


def _carry(here: Texts, raw: Any, table: Carried, reached: marker.Reached, limit: int) -> None:
    after = None if reached.last is None else tuple(reached.last)
    try:
        last, count = _copied(here, raw, table, after, limit)
    except psycopg.IntegrityError as error:
        raise DomainError("move-refused", table=table.name, detail=_first_line(error)) from error
    except (psycopg.Error, AttributeError, TypeError, ValueError) as error:
        origin.check_fit(here, table, after, limit)
        if isinstance(error, psycopg.DataError):
            raise DomainError("move-refused", table=table.name, detail=_first_line(error)) from error
        raise
    reached.last = None if last is None else list(last)
    reached.rows += count


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
