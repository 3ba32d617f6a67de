"""Keeping balances and episodes up to date with what was just appended.

Only the stretch of each key that new movements can change is replayed again. A movement recorded in order
changes the book from then on; one recorded late or early also changes the physical order from the instant it
happened, and with it whether later episodes are transient. So for each key that is touched

1. ``start`` = the earliest of its new movements' two times, less the most by which any movement of the key
   was recorded before it happened (``balance.ahead``, almost always 0): no episode that ended before then
   owns or overlaps anything that changed;
2. ``start`` moves back to the beginning of the episode that covers it, so that nothing is below zero there;
3. the book balance before ``start`` is the balance now less the sum of what was recorded since;
4. to judge transience the physical order is replayed from the earliest occurrence of what is replayed, which
   may need movements recorded before ``start``: they are read for keys that have an ended episode there;
5. the key's episodes from ``start`` on are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, bindparam, delete, func, insert, or_, select

from zeroline.domain.episode import DAY, OPEN, Episode, Episodes, Flags, Ints
from zeroline.domain.errors import DomainError
from zeroline.domain.replay import BalanceColumns, MovementColumns, Opening, replay
from zeroline.storage.ledger import reading
from zeroline.storage.schema import balance, episode

BEGINNING = -(2**62)  # earlier than any instant


def keep(connection: Connection, new: MovementColumns) -> None:
    """Bring balances and episodes up to date with ``new`` movements, already inserted.

    Raises DomainError ``balance-too-large`` or ``episode-too-large`` (``key``).
    """
    touched = _touched(connection, new)
    covering = _covering(connection, touched)
    start = np.minimum(touched.start, covering)
    start[~touched.known] = BEGINNING
    later = start > touched.last_recorded_at
    fresh = later | ~touched.known  # nothing older is needed: what is new is all there is from start on
    stretch = MovementColumns.join(
        [
            new.take(np.isin(new.key, touched.key[fresh])),
            reading.since(connection, touched.key[~fresh], start[~fresh]),
        ]
    )
    opening = _opening(touched, stretch, start)
    unclear = np.flatnonzero(opening < 0)  # another episode ended at the very instant of start
    if len(unclear):
        start[unclear] = BEGINNING
        again = reading.since(connection, touched.key[unclear], start[unclear])
        kept = stretch.take(~np.isin(stretch.key, touched.key[unclear]))
        stretch = MovementColumns.join([kept, again])
        opening[unclear] = 0

    replayed = replay(stretch, opening=Opening(touched.key, start, opening, opening))
    episodes = replayed.episodes
    if len(episodes):
        episodes = _judged(connection, touched, stretch, start, opening, episodes)
    stale = covering != OPEN
    stale[unclear] = True
    _replace(connection, touched.key[stale], start[stale], episodes)
    _store_balances(connection, touched, replayed.balances)


@dataclass(frozen=True, slots=True, eq=False)
class _Touched:
    """The keys of new movements with their stored balance (zero where not ``known``) and what is new."""

    key: Ints
    known: Flags
    on_hand: Ints  # new movements included
    movements: Ints  # new movements included
    last_recorded_at: Ints
    ahead: Ints  # new movements included
    start: Ints


_STORED = select(
    balance.c.key_id, balance.c.on_hand, balance.c.movements, balance.c.last_recorded_at, balance.c.ahead
).where(reading.among_listed(balance.c.key_id))


def _touched(connection: Connection, new: MovementColumns) -> _Touched:
    order = np.argsort(new.key, kind="stable")
    key, begins = np.unique(new.key[order], return_index=True)
    key = key.astype(np.int64)
    occurred, recorded = new.occurred_at[order], new.recorded_at[order]
    stored = reading.table_of(connection.execute(_STORED, reading.listed(key)).all(), 5)
    place = np.searchsorted(key, stored[0])
    known = np.zeros(len(key), np.bool_)
    known[place] = True
    on_hand, movements, last, ahead = (np.zeros(len(key), np.int64) for _ in range(4))
    on_hand[place], movements[place], last[place], ahead[place] = stored[1:]

    ahead = np.maximum(ahead, np.maximum.reduceat(occurred - recorded, begins))
    earliest = np.minimum(
        np.minimum.reduceat(recorded, begins), np.minimum.reduceat(occurred, begins) - ahead
    )
    return _Touched(
        key,
        known,
        on_hand + np.add.reduceat(new.quantity[order], begins),
        movements + np.diff(begins, append=len(new)),
        last,
        ahead,
        earliest,
    )


_COVERING = (
    select(episode.c.key_id, func.min(episode.c.started_at))
    .join_from(
        reading.GIVEN,
        episode,
        (episode.c.key_id == reading.GIVEN_KEY)
        & or_(episode.c.ended_at.is_(None), episode.c.ended_at >= reading.GIVEN_INSTANT),
    )
    .group_by(episode.c.key_id)
)


def _covering(connection: Connection, touched: _Touched) -> Ints:
    """For each key the start of its earliest episode that ended at ``start`` or later, else OPEN."""
    if not touched.known.any():
        return np.full(len(touched.key), OPEN, np.int64)
    wanted = reading.paired(touched.key[touched.known], touched.start[touched.known])
    found = reading.table_of(connection.execute(_COVERING, wanted).all(), 2)
    covering = np.full(len(touched.key), OPEN, np.int64)
    covering[np.searchsorted(touched.key, found[0])] = found[1]
    return covering


def _opening(touched: _Touched, stretch: MovementColumns, start: Ints) -> Ints:
    """The balance of each key before all of ``stretch``: what it is now, less what came since."""
    since = np.zeros(len(start), np.int64)
    np.add.at(since, np.searchsorted(touched.key, stretch.key), stretch.quantity)
    return touched.on_hand - since


def _judged(
    connection: Connection,
    touched: _Touched,
    stretch: MovementColumns,
    start: Ints,
    opening: Ints,
    episodes: Episodes,
) -> Episodes:
    """The episodes with transience judged by all movements that matter to it.

    ``stretch`` has those recorded from ``start`` on. Where they, or others, may have happened elsewhere in
    physical order, the earlier ones are read too and those keys are replayed again with them.
    """
    where = np.searchsorted(touched.key, stretch.key)
    physical = start.copy()
    np.minimum.at(physical, where, stretch.occurred_at)
    ended = np.zeros(len(start), np.bool_)
    ended[np.searchsorted(touched.key, episodes.key[episodes.ended_at != OPEN])] = True
    wider = ended & (start > BEGINNING) & (physical - touched.ahead < start)
    if not wider.any():
        return episodes
    keys, since = touched.key[wider], (physical - touched.ahead)[wider]
    more = _happened(reading.since(connection, keys, since), keys, physical[wider])
    place = np.searchsorted(keys, more.key)
    reach = np.zeros(len(keys))
    np.add.at(reach, place, np.abs(more.quantity.astype(np.float64)))
    before = touched.on_hand[wider]
    np.subtract.at(before, place, more.quantity)
    if len(vast := keys[reach > 2.0**62]):  # the physical balance before may not fit: begin at the beginning
        ever = np.full(len(vast), BEGINNING)
        more = MovementColumns.join(
            [more.take(~np.isin(more.key, vast)), reading.since(connection, vast, ever)]
        )
        before[reach > 2.0**62] = 0
    again = replay(more, opening=Opening(keys, start[wider], opening[wider], before))
    return Episodes.join([_without(episodes, keys), again.episodes])


def _happened(movements: MovementColumns, keys: Ints, since: Ints) -> MovementColumns:
    return movements.take(movements.occurred_at >= since[np.searchsorted(keys, movements.key)])


def _without(episodes: Episodes, keys: Ints) -> Episodes:
    kept = ~np.isin(episodes.key, keys)
    return Episodes(*(getattr(episodes, name)[kept] for name in Episodes.__slots__))


_STALE = delete(episode).where(
    episode.c.key_id == bindparam("of_key"), episode.c.started_at >= bindparam("since")
)


def _replace(connection: Connection, keys: Ints, start: Ints, episodes: Episodes) -> None:
    if len(keys):
        stale = [{"of_key": k, "since": s} for k, s in zip(keys.tolist(), start.tolist(), strict=True)]
        connection.execute(_STALE, stale)
    store_episodes(connection, episodes)


def store_episodes(connection: Connection, episodes: Episodes) -> None:
    """Insert episodes. Raises DomainError ``episode-too-large`` (``key``) when unit-days leave 64 bits."""
    if rows := episode_rows(episodes):
        connection.execute(insert(episode), rows)


def episode_rows(episodes: Episodes) -> list[dict[str, Any]]:
    """Episodes as rows of their table. Raises as :func:`store_episodes`."""
    rows = []
    for found, unit_days in zip(episodes, episodes.unit_days(), strict=True):
        if unit_days >= 2**63:
            raise DomainError("episode-too-large", key=found.key)
        rows.append(
            {
                "key_id": found.key,
                "opening_seq": found.opening_sequence,
                "closing_seq": found.closing_sequence,
                "started_at": found.started_at,
                "ended_at": found.ended_at,
                "depth": found.depth,
                "unit_days": unit_days,
                "unit_days_rest": found.shortfall - unit_days * DAY,
                "measured_to": found.measured_to,
                "transient": found.transient,
            }
        )
    return rows


def _store_balances(connection: Connection, touched: _Touched, replayed: BalanceColumns) -> None:
    rows = list(
        zip(
            replayed.on_hand.tolist(),
            touched.movements.tolist(),
            replayed.last_sequence.tolist(),
            replayed.last_recorded_at.tolist(),
            touched.ahead.tolist(),
            touched.key.tolist(),
            strict=True,
        )
    )
    for statement, wanted in ((_UPDATED, touched.known), (_INSERTED, ~touched.known)):
        if chosen := [rows[place] for place in np.flatnonzero(wanted).tolist()]:
            connection.exec_driver_sql(statement, chosen)


# Thousands of balances a batch: plain text and tuples, without a look at every value on its way.
_UPDATED = """
UPDATE balance SET on_hand = ?, movements = ?, last_seq = ?, last_recorded_at = ?, ahead = ? WHERE key_id = ?
"""
_INSERTED = """
INSERT INTO balance (on_hand, movements, last_seq, last_recorded_at, ahead, key_id) VALUES (?, ?, ?, ?, ?, ?)
"""


def stored_episodes(connection: Connection, only: Select[tuple[int]] | None = None) -> Iterator[Episode]:
    """Episodes as stored, by key and time: open ones measured to their key's last movement.

    ``only``: a select of stock key ids to keep to. See :meth:`Episode.measured` for a later instant.
    """
    query = select(
        episode.c.key_id,
        episode.c.started_at,
        episode.c.ended_at,
        episode.c.opening_seq,
        episode.c.closing_seq,
        episode.c.depth,
        episode.c.unit_days,
        episode.c.unit_days_rest,
        episode.c.measured_to,
        episode.c.transient,
    ).order_by(episode.c.key_id, episode.c.started_at, episode.c.opening_seq)
    if only is not None:
        query = query.where(episode.c.key_id.in_(only))
    for key, started, ended, opening, closing, depth, days, rest, measured, transient in connection.execute(
        query
    ):
        yield Episode(
            key, started, ended, opening, closing, depth, days * DAY + rest, measured, bool(transient)
        )
