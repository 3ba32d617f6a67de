"""Rows of the database as arrays, and arrays as rows to look up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, bindparam, cast, func, select

from zeroline.domain.episode import Ints
from zeroline.domain.replay import MovementColumns
from zeroline.storage.schema import ledger_state, movement
from zeroline.storage.types import BIG

COLUMNS = (
    movement.c.key_id,
    movement.c.seq,
    movement.c.occurred_at,
    movement.c.recorded_at,
    movement.c.quantity,
)


def table_of(rows: Iterable[Sequence[Any]], width: int) -> list[Ints]:
    """The columns of rows of whole numbers, each an int64 array of its own."""
    flat = np.fromiter(chain.from_iterable(rows), np.int64)
    table = flat.reshape(-1, width)
    return [np.ascontiguousarray(table[:, column]) for column in range(width)]


def movement_columns(
    connection: Connection, query: Select[Any], bound: dict[str, Any] | None = None
) -> MovementColumns:
    """The movements that a select of ``COLUMNS`` finds."""
    return MovementColumns(*table_of(connection.execute(query, bound).all(), len(COLUMNS)))


def among(column: ColumnElement[int], ids: Ints) -> ColumnElement[bool]:
    """``column`` is one of ``ids``, of which there may be any number."""
    given = func.json_each(json.dumps(ids.tolist())).table_valued("value")
    return column.in_(select(cast(given.c.value, BIG)))


def among_listed(column: ColumnElement[int]) -> ColumnElement[bool]:
    """The same for a statement that is built once: the ids are bound as ``ids`` (:func:`listed`)."""
    given = func.json_each(bindparam("ids")).table_valued("value")
    return column.in_(select(cast(given.c.value, BIG)))


def listed(ids: Ints) -> dict[str, str]:
    """What to bind for :func:`among_listed`."""
    return {"ids": json.dumps(ids.tolist())}


_PAIRS = func.json_each(bindparam("pairs")).table_valued("key", "value")
GIVEN = _PAIRS
"""A table of (key, instant) bound as ``pairs`` (:func:`paired`) to join with."""
GIVEN_KEY = cast(_PAIRS.c.key, BIG)
GIVEN_INSTANT = cast(_PAIRS.c.value, BIG)


def paired(keys: Ints, instants: Ints) -> dict[str, str]:
    """What to bind for ``GIVEN``."""
    return {"pairs": json.dumps(dict(zip(keys.tolist(), instants.tolist(), strict=True)))}


# Statements are built once: for a single movement building them would take longer than running them.
_SINCE = select(*COLUMNS).join_from(
    GIVEN, movement, (movement.c.key_id == GIVEN_KEY) & (movement.c.recorded_at >= GIVEN_INSTANT)
)


def since(connection: Connection, keys: Ints, instants: Ints) -> MovementColumns:
    """The movements of each key that were recorded at its instant (µs) or later."""
    if not len(keys):
        return MovementColumns.of(())
    return movement_columns(connection, _SINCE, paired(keys, instants))


def horizon(connection: Connection, now: int) -> int:
    """µs: ``now``, or the ledger's newest recorded movement where the whole ledger is older."""
    newest: int | None = connection.execute(select(ledger_state.c.recorded_to)).scalar()
    return min(now, newest) if newest else now
