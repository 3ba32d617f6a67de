"""Stock keys in words, for the views of counting and settlement."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection

from zeroline.domain.views.key import KeyFacts

_KEYS = """
SELECT k.id, i.id, i.code, i.description, l.code, s.code, l.warehouse, l.zone, k.lot, k.status, i.base_unit,
       i.decimals, i.abc_class, i.item_class
FROM stock_key k JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id
JOIN site s ON s.id = l.site_id
WHERE k.id IN (SELECT value FROM json_each(?))
"""


def key_facts(connection: Connection, key_ids: Iterable[int]) -> dict[int, KeyFacts]:
    """The facts of stock keys by id; reads master data only, never a balance or a movement."""
    rows = connection.exec_driver_sql(_KEYS, (json.dumps(sorted(set(key_ids))),))
    return {row[0]: KeyFacts(*row) for row in rows}
