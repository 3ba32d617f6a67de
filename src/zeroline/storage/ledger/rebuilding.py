"""The whole ledger replayed: to answer questions of another order or instant, to rebuild and to check.

Keys are replayed in ranges, so that memory holds the packed columns of the ledger (some 15 bytes a movement)
and one range unpacked, whatever the ledger's size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Column, Connection, Select, delete, func, select, update

from zeroline.domain.replay import BalanceColumns, MovementColumns, Order, Replayed, replay
from zeroline.storage import elsewhere
from zeroline.storage.ledger.keeping import episode_rows, store_episodes
from zeroline.storage.ledger.sealing import blocks, segments, tail
from zeroline.storage.ledger.segment import Segment, pack
from zeroline.storage.schema import balance, episode, ledger_segment, ledger_state, movement

RANGE_ROWS = 1_000_000  # movements replayed at once, about
_SAMPLED = 64  # of so many movements one key is looked at to cut the ranges

_BALANCE = {
    "key": balance.c.key_id,
    "on_hand": balance.c.on_hand,
    "movements": balance.c.movements,
    "last_sequence": balance.c.last_seq,
    "last_recorded_at": balance.c.last_recorded_at,
    "ahead": balance.c.ahead,
}


def replay_ledger(
    connection: Connection,
    *,
    order: Order = Order.BOOK,
    as_of: int | None = None,
    recorded_to: int | None = None,
) -> Iterator[Replayed]:
    """Balances and episodes of the whole ledger, range of keys by range of keys, ascending.

    ``order`` and ``as_of`` as in :func:`zeroline.domain.replay.replay`; movements recorded after
    ``recorded_to`` (µs) are left out, as if the question had been asked then.
    """
    packed = list(segments(connection).values())
    rest = tail(connection)
    if len(rest):
        packed.append(Segment(pack(rest), len(rest)))
    for low, high in _ranges(packed):
        movements = MovementColumns.join([segment.movements(low, high) for segment in packed])
        if recorded_to is not None:
            movements = movements.take(movements.recorded_at <= recorded_to)
        yield replay(movements, order=order, as_of=as_of)


def _ranges(packed: list[Segment]) -> list[tuple[int | None, int | None]]:
    """Ranges of keys with about RANGE_ROWS movements each."""
    if not packed:
        return []
    sample = np.sort(np.concatenate([segment.keys(_SAMPLED) for segment in packed]))
    step = max(1, RANGE_ROWS // _SAMPLED)
    bounds = np.unique(sample[step::step]).tolist()
    return list(zip([None, *bounds], [*bounds, None], strict=True))


def rebuild(connection: Connection) -> None:
    """Make balances and episodes anew by a full replay; segments are used as they are. A server replays by
    itself, from the movements.

    Part of the caller's transaction. Raises as :func:`zeroline.storage.ledger.append`, and DomainError
    ``sites-limited`` where rows are hidden from who is connected.
    """
    elsewhere.require_all(connection)
    connection.execute(delete(episode))
    connection.execute(delete(balance))
    if connection.dialect.name == "postgresql":
        from zeroline.storage.postgres import rebuilding

        rebuilding.rebuild(connection)
    else:
        for replayed in replay_ledger(connection):
            _store_balances(connection, replayed.balances)
            store_episodes(connection, replayed.episodes)
    newest, recorded = connection.execute(
        select(func.coalesce(func.max(movement.c.seq), 0), func.coalesce(func.max(movement.c.recorded_at), 0))
    ).one()
    connection.execute(update(ledger_state).values(applied_seq=newest, recorded_to=recorded))


def _store_balances(connection: Connection, balances: BalanceColumns) -> None:
    if not len(balances):
        return
    names = [column.name for column in _BALANCE.values()]
    columns = [getattr(balances, name).tolist() for name in _BALANCE]
    connection.exec_driver_sql(
        f"INSERT INTO balance ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        list(zip(*columns, strict=True)),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that a replay of the movements themselves does not give.

    ``what`` is ``segment`` (``where``: its first sequence), ``balance`` or ``episode`` (``where``: the stock
    key's id).
    """

    what: str
    where: int


def verify(connection: Connection) -> list[Difference]:
    """Where segments, balances or episodes differ from the movements; empty when all is well.

    Reads every movement from the table, not from the segments.
    """
    found: set[Difference] = set()
    packed: list[Segment] = []
    stored = set(connection.execute(select(ledger_segment.c.first_seq)).scalars())
    for block in blocks(connection):
        first, last, blob = int(block.sequence[0]), int(block.sequence[-1]), pack(block)
        packed.append(Segment(blob, len(block)))
        if first in stored:
            stored.remove(first)
            kept = connection.execute(
                select(ledger_segment.c.last_seq, ledger_segment.c.row_count, ledger_segment.c.columns).where(
                    ledger_segment.c.first_seq == first
                )
            ).one()
            if tuple(kept) != (last, len(block), blob):
                found.add(Difference("segment", first))
    found.update(Difference("segment", first) for first in stored)
    for low, high in _ranges(packed) or [(None, None)]:
        replayed = replay(MovementColumns.join([segment.movements(low, high) for segment in packed]))
        columns = (getattr(replayed.balances, name).tolist() for name in _BALANCE)
        balances = set(zip(*columns, strict=True))
        kept_balances = _within(connection, select(*_BALANCE.values()), balance.c.key_id, low, high)
        found.update(Difference("balance", row[0]) for row in balances ^ kept_balances)
        episodes = {tuple(row.values()) for row in episode_rows(replayed.episodes)}
        names = [column for column in episode.c if column.name != "id"]
        kept_episodes = _within(connection, select(*names), episode.c.key_id, low, high)
        found.update(Difference("episode", row[0]) for row in episodes ^ kept_episodes)
    return sorted(found, key=lambda difference: (difference.what, difference.where))


def _within(
    connection: Connection, query: Select[Any], key: Column[int], low: int | None, high: int | None
) -> set[tuple[Any, ...]]:
    if low is not None:
        query = query.where(key >= low)
    if high is not None:
        query = query.where(key < high)
    return {tuple(row) for row in connection.execute(query)}
