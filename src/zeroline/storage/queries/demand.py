"""What is promised: reservations and open order lines, by item, place and lot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zeroline.domain.severity import Ints
from zeroline.storage import elsewhere
from zeroline.storage.driver import Texts

PROMISES = """
    SELECT item_id, location_id, lot, quantity FROM reservation WHERE quantity > 0
    UNION ALL
    SELECT dl.item_id, dl.location_id, dl.lot, dl.quantity - dl.done_quantity
    FROM document d JOIN document_line dl ON dl.document_id = d.id
    WHERE d.kind = 'order' AND d.state = 'open' AND dl.quantity > dl.done_quantity
      AND NOT EXISTS (SELECT 1 FROM reservation r WHERE r.item_id = dl.item_id AND r.document = d.number)
"""
"""Each promise: item, place or NULL, lot or '', micro-units."""

_ROWS = f"""
SELECT item_id, location_id, lot, COUNT(*), SUM(quantity) FROM ({PROMISES}) AS wanted
GROUP BY item_id, location_id, lot
"""

_TOTALS = """
SELECT k.item_id, SUM(b.on_hand) FROM balance b JOIN stock_key k ON k.id = b.key_id
WHERE k.status = 'available' AND k.item_id IN (
    SELECT item_id FROM reservation WHERE location_id IS NULL
    UNION
    SELECT dl.item_id FROM document d JOIN document_line dl ON dl.document_id = d.id
    WHERE d.kind = 'order' AND d.state = 'open' AND dl.location_id IS NULL
)
GROUP BY k.item_id
"""


class Demand(NamedTuple):
    """Promised stock: (item id, location id or None, lot or '') → (orders, micro-units).

    Promises without a location count only for items whose available total does not cover them: then every
    place of the item that is below zero is one of the reasons.
    """

    promised: dict[tuple[int, int | None, str], tuple[int, int]]

    @classmethod
    def read(cls, connection: Texts) -> Demand:
        """All open promises; an order line that has its reservation is counted once."""
        rows = connection.exec_driver_sql(_ROWS).fetchall()
        short = _short(connection, rows) if rows else set()
        return cls(
            {
                (item_id, location_id, lot): (orders, quantity)
                for item_id, location_id, lot, orders, quantity in rows
                if location_id is not None or item_id in short
            }
        )

    def of_keys(self, keys: Sequence[tuple[int, int, str]]) -> tuple[Ints, Ints]:
        """Orders and micro-units that need each of n keys (item id, location id, lot); int64 of length n."""
        orders, quantities = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        if not self.promised:
            return orders, quantities
        items = {item_id for item_id, _, _ in self.promised}
        for row, (item_id, location_id, lot) in enumerate(keys):
            if item_id not in items:
                continue
            for where in (location_id, None):
                for of_lot in {lot, ""}:
                    found = self.promised.get((item_id, where, of_lot))
                    if found is not None:
                        orders[row] += found[0]
                        quantities[row] += found[1]
        return orders, quantities


def _short(connection: Texts, rows: Sequence[Any]) -> set[int]:
    """Items whose promises without a place are more than what all places have, hidden ones too."""
    if elsewhere.limited(connection):
        return {row[0] for row in connection.exec_driver_sql("SELECT * FROM promised_short()")}
    totals: dict[int, int] = dict(connection.exec_driver_sql(_TOTALS).fetchall())
    anywhere: dict[int, int] = {}
    for item_id, location_id, _, _, quantity in rows:
        if location_id is None:
            anywhere[item_id] = anywhere.get(item_id, 0) + quantity
    return {item_id for item_id, quantity in anywhere.items() if totals.get(item_id, 0) < quantity}
