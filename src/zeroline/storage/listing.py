"""What lists of episodes need beside the replay: the codes of stock keys and the sources' movement ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, select

from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import item, ledger_state, location, movement, stock_key


class KeyCodes(NamedTuple):
    """A stock key by codes; ``unit_cost`` micro-currency per base unit."""

    item: str
    location: str
    lot: str
    status: str
    unit_cost: int


def key_codes(connection: Connection, key_ids: Iterable[int]) -> dict[int, KeyCodes]:
    """Codes of stock keys by id."""
    ids = np.array(sorted(set(key_ids)), np.int64)
    query = (
        select(
            stock_key.c.id,
            item.c.code,
            location.c.code,
            stock_key.c.lot,
            stock_key.c.status,
            item.c.unit_cost,
        )
        .join_from(stock_key, item, item.c.id == stock_key.c.item_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .where(among(stock_key.c.id, ids))
    )
    return {row[0]: KeyCodes._make(row[1:]) for row in connection.execute(query)}


def movement_references(connection: Connection, sequences: Iterable[int]) -> dict[int, str]:
    """The sources' own ids of movements by sequence."""
    ids = np.array(sorted(set(sequences)), np.int64)
    query = select(movement.c.seq, movement.c.reference).where(among(movement.c.seq, ids))
    return {row.seq: row.reference for row in connection.execute(query)}


def recorded_to(connection: Connection) -> int:
    """The newest recorded_at of the ledger (µs), 0 while it is empty."""
    return connection.execute(select(ledger_state.c.recorded_to)).scalar() or 0
