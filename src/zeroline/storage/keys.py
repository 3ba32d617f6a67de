"""Stock keys in words, as they are now or as Zeroline knew them at an instant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from zeroline.domain.views.key import KeyFacts
from zeroline.storage.schema import item_past, location_past

_KEYS = """
SELECT k.id, i.id, i.code, i.description, l.code, s.code, l.warehouse, l.zone, k.lot, k.status, i.base_unit,
       i.decimals, i.abc_class, i.item_class, l.id
FROM stock_key k JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id
JOIN site s ON s.id = l.site_id
WHERE k.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""


def key_facts(
    connection: Connection, key_ids: Iterable[int], known_by: int | None = None
) -> dict[int, KeyFacts]:
    """The facts of stock keys by id; reads master data only, never a balance or a movement.

    With ``known_by`` (µs) as Zeroline knew them then.
    """
    items: dict[int, dict[str, str]] = {}
    places: dict[int, dict[str, str]] = {}
    if known_by is not None:
        items, places = items_then(connection, known_by), _locations_then(connection, known_by)
    found: dict[int, KeyFacts] = {}
    for *facts, location_id in connection.exec_driver_sql(_KEYS, (json.dumps(sorted(set(key_ids))),)):
        key = KeyFacts(*facts)
        then: dict[str, Any] = items.get(key.item_id, {}) | places.get(location_id, {})
        found[key.key_id] = replace(key, **then) if then else key
    return found


def items_then(connection: Connection, known_by: int) -> dict[int, dict[str, str]]:
    """Description, unit and classes by item id, of the items that were changed after ``known_by`` (µs)."""
    rows = connection.execute(
        select(item_past).where(item_past.c.until > known_by).order_by(item_past.c.until.desc())
    )
    return {
        row.item_id: {
            "description": row.description,
            "unit": row.base_unit,
            "abc_class": row.abc_class,
            "item_class": row.item_class,
        }
        for row in rows
    }


def _locations_then(connection: Connection, known_by: int) -> dict[int, dict[str, str]]:
    rows = connection.execute(
        select(location_past).where(location_past.c.until > known_by).order_by(location_past.c.until.desc())
    )
    return {row.location_id: {"warehouse": row.warehouse, "zone": row.zone} for row in rows}
