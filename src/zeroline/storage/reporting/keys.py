"""Stock keys in words, and what their items cost as of an instant, for many keys at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from zeroline.domain.views.key import KeyFacts
from zeroline.storage.schema import item, item_cost, location, site, stock_key

_AT_ONCE = 20_000


def key_facts(connection: Connection, keys: Collection[int]) -> dict[int, KeyFacts]:
    """Facts of each stock key by id."""
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
        )
        .join(item, item.c.id == stock_key.c.item_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .join(site, site.c.id == location.c.site_id)
    )
    found: dict[int, KeyFacts] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        for row in connection.execute(query.where(stock_key.c.id.in_(part))):
            found[row.id] = KeyFacts(*tuple(row))
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
