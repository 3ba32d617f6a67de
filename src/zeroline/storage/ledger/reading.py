"""Rows of the database as arrays, and arrays as rows to look up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, cast, func, select

from zeroline.domain.episode import Ints
from zeroline.domain.replay import MovementColumns
from zeroline.storage.schema import movement
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


def movement_columns(connection: Connection, query: Select[Any]) -> MovementColumns:
    """The movements that a select of ``COLUMNS`` finds."""
    return MovementColumns(*table_of(connection.execute(query).all(), len(COLUMNS)))


def among(column: ColumnElement[int], ids: Ints) -> ColumnElement[bool]:
    """``column`` is one of ``ids``, of which there may be any number."""
    given = func.json_each(json.dumps(ids.tolist())).table_valued("value")
    return column.in_(select(given.c.value))


class Since:
    """A table of (key, instant) to join with: as many keys as one likes in one bound value."""

    def __init__(self, keys: Ints, since: Ints) -> None:
        pairs = dict(zip(keys.tolist(), since.tolist(), strict=True))
        self.table = func.json_each(json.dumps(pairs)).table_valued("key", "value")
        self.key = cast(self.table.c.key, BIG)
        self.since = self.table.c.value


def since(connection: Connection, keys: Ints, instants: Ints) -> MovementColumns:
    """The movements of each key that were recorded at its instant (µs) or later."""
    if not len(keys):
        return MovementColumns.of(())
    wanted = Since(keys, instants)
    return movement_columns(
        connection,
        select(*COLUMNS).join_from(
            wanted.table,
            movement,
            (movement.c.key_id == wanted.key) & (movement.c.recorded_at >= wanted.since),
        ),
    )
