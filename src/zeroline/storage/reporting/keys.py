"""Stock keys in words, and what their items cost as of an instant, for many keys at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from zeroline.domain.views.key import KeyFacts
from zeroline.storage.schema import item, item_cost, item_past, location, location_past, site, stock_key

_AT_ONCE = 20_000


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


def key_facts(connection: Connection, keys: Collection[int], known_by: int) -> dict[int, KeyFacts]:
    """Facts of each stock key by id, as Zeroline knew them at ``known_by`` (µs)."""
    query = (
        select(
            stock_key.c.id,
            stock_key.c.item_id,
            item.c.code.label("item"),
            item.c.description,
            location.c.code.label("location"),
            site.c.code.label("site"),
            location.c.warehouse,
            location.c.zone,
            stock_key.c.lot,
            stock_key.c.status,
            item.c.base_unit,
            item.c.decimals,
            item.c.abc_class,
            item.c.item_class,
            stock_key.c.location_id,
        )
        .join(item, item.c.id == stock_key.c.item_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .join(site, site.c.id == location.c.site_id)
    )
    items, places = items_then(connection, known_by), _locations_then(connection, known_by)
    found: dict[int, KeyFacts] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        for row in connection.execute(query.where(stock_key.c.id.in_(part))):
            facts = KeyFacts(*tuple(row)[:-1])
            then: dict[str, Any] = items.get(facts.item_id, {}) | places.get(row.location_id, {})
            found[row.id] = replace(facts, **then) if then else facts
    return found


def costs(connection: Connection, known_by: int) -> dict[int, int]:
    """Unit cost of every item (micro-currency) by item id, as Zeroline knew it at ``known_by``."""
    now = {row.id: row.unit_cost for row in connection.execute(select(item.c.id, item.c.unit_cost))}
    last = (
        select(item_cost.c.item_id, func.max(item_cost.c.since).label("since"))
        .where(item_cost.c.since <= known_by)
        .group_by(item_cost.c.item_id)
        .subquery()
    )
    then = connection.execute(
        select(item_cost.c.item_id, item_cost.c.unit_cost).join(
            last, (last.c.item_id == item_cost.c.item_id) & (last.c.since == item_cost.c.since)
        )
    )
    return now | {row.item_id: row.unit_cost for row in then}
