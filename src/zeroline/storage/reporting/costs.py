"""What items cost as of an instant."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from zeroline.storage.schema import item, item_cost


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
