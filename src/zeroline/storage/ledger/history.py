"""One stock key's movements and how its balance ran, for the case and its chart."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, select

from zeroline.domain.movement import TimeBasis
from zeroline.domain.replay import MovementColumns, key_history
from zeroline.domain.views.history import BalanceHistory, EpisodeBand
from zeroline.storage.ledger.keeping import stored_episodes
from zeroline.storage.ledger.reading import COLUMNS, movement_columns, table_of
from zeroline.storage.schema import item, location, movement, stock_key


def key_columns(connection: Connection, key_id: int, recorded_to: int | None = None) -> MovementColumns:
    """All movements of one stock key in book order; ``recorded_to`` (µs) leaves later recorded ones out."""
    query = (
        select(*COLUMNS).where(movement.c.key_id == key_id).order_by(movement.c.recorded_at, movement.c.seq)
    )
    if recorded_to is not None:
        query = query.where(movement.c.recorded_at <= recorded_to)
    return movement_columns(connection, query)


def balance_history(connection: Connection, key_id: int, as_of: int) -> BalanceHistory:
    """How the balance of one stock key ran in both orders, its episodes included.

    ``as_of`` (µs) is the instant the chart reaches to. Raises LookupError when there is no such key.
    """
    found = connection.execute(
        select(item.c.code, location.c.code, item.c.base_unit)
        .join_from(stock_key, item)
        .join(location, location.c.id == stock_key.c.location_id)
        .where(stock_key.c.id == key_id)
    ).first()
    if found is None:
        raise LookupError(f"stock key {key_id}")
    texts = connection.execute(
        select(*COLUMNS, movement.c.kind, movement.c.document, movement.c.user_name, movement.c.time_basis)
        .where(movement.c.key_id == key_id)
        .order_by(movement.c.recorded_at, movement.c.seq)
    ).all()
    numbers = MovementColumns(*table_of((row[: len(COLUMNS)] for row in texts), len(COLUMNS)))
    history = key_history(numbers)
    kinds, documents, people, bases = (
        tuple(row[len(COLUMNS) + place] for row in texts) for place in range(4)
    )
    return BalanceHistory(
        item=found[0],
        location=found[1],
        unit=found[2],
        movement_ids=numbers.sequence.astype(np.int64),
        recorded_at=numbers.recorded_at,
        occurred_at=numbers.occurred_at,
        quantities=numbers.quantity,
        balances=history.balance,
        kinds=kinds,
        documents=documents,
        people=people,
        physical_order=history.physical_order.astype(np.int64),
        physical_balances=history.physical_balance,
        episodes=tuple(
            EpisodeBand(
                episode.started_at,
                episode.ended_at,
                episode.opening_sequence,
                episode.closing_sequence,
                episode.depth,
                episode.transient,
            )
            for episode in stored_episodes(connection, select(stock_key.c.id).where(stock_key.c.id == key_id))
        ),
        physical_known=all(basis == TimeBasis.BOTH for basis in bases),
        as_of=as_of,
    )
