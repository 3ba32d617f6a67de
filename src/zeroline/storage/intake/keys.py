"""Stock keys by what they are made of, made where there are none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from sqlalchemy import Connection, insert, select

from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import stock_key

KeyParts: TypeAlias = tuple[int, int, str, str]
"""(item id, location id, lot, status)."""

_REMEMBERED = 500_000


class Keys:
    """Ids of stock keys over one write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[KeyParts, int] = {}
        self._items: set[int] = set()  # items all of whose keys are known

    def resolve(self, wanted: Iterable[KeyParts]) -> dict[KeyParts, int]:
        """The id of each key; what is not there is made."""
        asked = list(dict.fromkeys(wanted))
        if len(self._known) > _REMEMBERED:
            self._known.clear()
            self._items.clear()
        items = {parts[0] for parts in asked if parts not in self._known} - self._items
        if items:
            for row in self._connection.execute(
                select(stock_key).where(among(stock_key.c.item_id, np.array(sorted(items), np.int64)))
            ):
                self._known[row.item_id, row.location_id, row.lot, row.status] = row.id
            self._items |= items
        missing = [parts for parts in asked if parts not in self._known]
        if missing:
            made = self._connection.execute(
                insert(stock_key).returning(stock_key.c.id, sort_by_parameter_order=True),
                [
                    dict(zip(("item_id", "location_id", "lot", "status"), parts, strict=True))
                    for parts in missing
                ],
            ).scalars()
            self._known.update(zip(missing, made, strict=True))
        return {parts: self._known[parts] for parts in asked}
