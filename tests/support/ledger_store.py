"""A ledger in a real database, for tests that write its movements row by row."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from support.ledger import Row
from zeroline.domain.episode import Episode
from zeroline.storage import schema
from zeroline.storage.ledger import Appended, NewMovement, append, stored_episodes

SOURCE = 77


def make_keys(connection: Connection, count: int) -> None:
    """Stock keys 1 … count, with one item and one location, and a source."""
    connection.execute(insert(schema.source).values(id=SOURCE, code="wms"))
    connection.execute(insert(schema.site).values(id=1, code="MAIN"))
    connection.execute(insert(schema.item).values(id=1, code="ITEM-1"))
    connection.execute(insert(schema.location).values(id=1, code="A-01", site_id=1))
    connection.execute(
        insert(schema.stock_key),
        [
            {"id": key, "item_id": 1, "location_id": 1, "lot": str(key), "status": "available"}
            for key in range(1, count + 1)
        ],
    )


def new_movement(row: Row) -> NewMovement:
    """The row as a movement of the test's own source; its sequence is its reference."""
    return NewMovement(
        row.key,
        row.quantity,
        row.kind or "receipt",
        row.occurred_at,
        row.recorded_at,
        source_id=SOURCE,
        reference=str(row.sequence),
    )


def append_rows(connection: Connection, rows: Sequence[Row]) -> Appended:
    """Append rows whose sequences continue the ledger's."""
    appended = append(connection, [new_movement(row) for row in rows])
    assert [row.sequence for row in rows] == list(range(appended.first, appended.last + 1))
    return appended


def kept_episodes(connection: Connection) -> list[tuple]:
    """Stored episodes in the form of :func:`support.naive_replay.naive_episodes`."""
    return [plain(episode) for episode in stored_episodes(connection)]


def kept_balances(connection: Connection) -> dict[int, int]:
    """Stored balances by stock key."""
    rows = connection.execute(select(schema.balance.c.key_id, schema.balance.c.on_hand))
    return dict(iter(rows))


def plain(episode: Episode) -> tuple:
    """An episode in the form of :func:`support.naive_replay.naive_episodes`."""
    return (
        episode.key,
        episode.started_at,
        episode.ended_at,
        episode.opening_sequence,
        episode.closing_sequence,
        episode.depth,
        episode.shortfall,
        episode.transient,
    )
