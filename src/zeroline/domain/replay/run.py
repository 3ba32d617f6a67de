"""The replay itself: sort, run the balances, cut out the stretches below zero."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zeroline.domain.episode import NO_MOVEMENT, OPEN, Episodes, Flags, Ints
from zeroline.domain.replay.balance import group_starts, running_balances
from zeroline.domain.replay.columns import MovementColumns, Rows
from zeroline.domain.replay.integral import sums_of_products
from zeroline.domain.replay.order import book_order, physical_order
from zeroline.domain.replay.physical import transient_flags

PART_ROWS = 1_000_000  # replayed at once: bounds the memory for sorting


class Order(StrEnum):
    """Which of a movement's two times decides."""

    BOOK = "book"
    PHYSICAL = "physical"


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """Where the replay of some keys begins, if not at their first movement. Arrays of one length.

    ``key`` int64 ascending, unique · ``since`` int64 µs: only movements recorded from then on are replayed in
    book order; earlier ones that are given matter for the physical order alone · ``book``: book balance
    before ``since``, micro-units, never below zero · ``physical``: physical balance before the physically
    first movement given, micro-units.
    """

    key: Ints
    since: Ints
    book: Ints
    physical: Ints


@dataclass(frozen=True, slots=True, eq=False)
class BalanceColumns:
    """What each key came to. Arrays of one length, by ``key``.

    ``on_hand`` int64 micro-units · ``movements`` how many were replayed · ``last_sequence``,
    ``last_recorded_at`` of the last one in the order of the replay · ``ahead`` int64 µs: the most by which
    one was recorded before it happened, 0 if none was.
    """

    key: Ints
    on_hand: Ints
    movements: Ints
    last_sequence: Ints
    last_recorded_at: Ints
    ahead: Ints

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def join(cls, parts: list[BalanceColumns]) -> BalanceColumns:
        """The balances of several parts one after the other."""
        if not parts:
            return cls(*(np.zeros(0, np.int64) for _ in cls.__slots__))
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """Balances and episodes of all keys that had movements, both by key."""

    balances: BalanceColumns
    episodes: Episodes


def replay(
    movements: MovementColumns,
    *,
    order: Order = Order.BOOK,
    as_of: int | None = None,
    opening: Opening | None = None,
) -> Replayed:
    """Balances and episodes of all movements of whole keys, in any order.

    An open episode is measured to ``as_of`` (µs) or to its key's last movement, whichever is later; movements
    after ``as_of`` are not left out here. Episodes of the physical order take their times from occurred_at
    and are never transient. With ``opening`` keys may begin later than with their first movement; that is
    for book order only and keys it does not name begin with nothing.

    Raises DomainError ``balance-too-large`` (``key``), ValueError for an opening below zero or with physical
    order.
    """
    if opening is not None and (order is Order.PHYSICAL or (opening.book < 0).any()):
        raise ValueError("a replay begins in book order, with nothing below zero")
    parts = [_replay_part(part, order, as_of, opening) for part in _parts(movements)]
    return Replayed(
        BalanceColumns.join([part.balances for part in parts]),
        Episodes.join([part.episodes for part in parts]),
    )


def _parts(movements: MovementColumns) -> Iterator[MovementColumns]:
    """The movements in book order, in parts of whole keys, by key."""
    count = len(movements)
    if count == 0:
        return
    if count <= PART_ROWS:
        order = book_order(movements)
        yield movements if order is None else movements.take(order)
        return
    key = movements.key
    sample = np.sort(key[:: max(1, count // 100_000)])
    bounds = np.unique(sample[:: max(1, len(sample) * PART_ROWS // count)])[1:].tolist()
    in_key_order = not (key[1:] < key[:-1]).any()
    for low, high in zip([None, *bounds], [*bounds, None], strict=True):
        if in_key_order:
            first = 0 if low is None else int(np.searchsorted(key, low))
            stop = count if high is None else int(np.searchsorted(key, high))
            part = movements.take(slice(first, stop))
        else:
            chosen = np.ones(count, np.bool_) if low is None else key >= low
            if high is not None:
                chosen &= key < high
            part = movements.take(chosen)
        order = book_order(part)
        yield part if order is None else part.take(order)


def _replay_part(book: MovementColumns, order: Order, as_of: int | None, opening: Opening | None) -> Replayed:
    if order is Order.PHYSICAL:
        physical = physical_order(book)
        ordered = book if physical is None else book.take(physical)
        return _stretches(ordered, ordered.occurred_at, as_of, None, None)[0]
    starts = group_starts(book.key)
    nothing = np.zeros(len(starts), np.int64)
    if opening is None or not len(opening.key):
        replayed, opened, closed = _stretches(book, book.recorded_at, as_of, starts, nothing)
        physical_opening = nothing
    else:
        place = np.minimum(np.searchsorted(opening.key, book.key[starts]), len(opening.key) - 1)
        named = opening.key[place] == book.key[starts]
        since = np.where(named, opening.since[place], book.recorded_at[starts])
        physical_opening = np.where(named, opening.physical[place], 0)
        counted = np.flatnonzero(book.recorded_at >= np.repeat(since, np.diff(starts, append=len(book))))
        later = book.take(counted)
        if not len(later):
            return Replayed(BalanceColumns.join([]), Episodes.none())
        later_starts = group_starts(later.key)
        kept = np.searchsorted(book.key[starts], later.key[later_starts])
        replayed, opened, closed = _stretches(
            later, later.recorded_at, as_of, later_starts, np.where(named, opening.book[place], 0)[kept]
        )
        opened, closed = counted[opened], counted[closed]
    episodes = replayed.episodes
    if not len(episodes):
        return replayed
    ended: Flags = episodes.ended_at != OPEN
    episodes.transient[:] = transient_flags(book, starts, physical_opening, opened, closed, ended)
    return replayed


def _stretches(
    ordered: MovementColumns, time: Ints, as_of: int | None, starts: Rows | None, opening: Ints | None
) -> tuple[Replayed, Rows, Rows]:
    """Balances and episodes of movements sorted by key and ``time``, and where the episodes lie.

    The two positions of an episode are those of its first movement and of the one that closed it, or of the
    last one while it is open.
    """
    if starts is None:
        starts = group_starts(ordered.key)
    if opening is None:
        opening = np.zeros(len(starts), np.int64)
    count = len(ordered)
    balance = running_balances(ordered.quantity, starts, opening, ordered.key)
    ends = np.append(starts[1:], count) - 1
    balances = BalanceColumns(
        ordered.key[starts].astype(np.int64),
        balance[ends],
        np.diff(starts, append=count).astype(np.int64),
        ordered.sequence[ends].astype(np.int64),
        ordered.recorded_at[ends],
        np.maximum.reduceat(np.maximum(ordered.occurred_at - ordered.recorded_at, 0), starts),
    )
    below = balance < 0
    before = np.empty_like(below)
    before[:1] = False
    before[1:] = below[:-1]
    before[starts] = False
    opened = np.flatnonzero(below & ~before)
    if not len(opened):
        return Replayed(balances, Episodes.none()), opened, opened
    following = np.empty_like(below)
    following[-1:] = False
    following[:-1] = below[1:]
    following[ends] = False
    last = np.flatnonzero(below & ~following)

    after = np.minimum(last + 1, count - 1)
    ended = (last + 1 < count) & (ordered.key[after] == ordered.key[last])
    closed = np.where(ended, after, last)
    lengths = last - opened + 1
    offsets = np.cumsum(lengths) - lengths
    rows = np.flatnonzero(below)
    short = balance[rows]
    reaches = time[closed]
    if as_of is not None:
        reaches = np.where(ended, reaches, np.maximum(reaches, as_of))
    until = time[np.minimum(rows + 1, count - 1)]
    until[offsets + lengths - 1] = reaches
    high, low = sums_of_products((-short).view(np.uint64), (until - time[rows]).view(np.uint64), offsets)
    episodes = Episodes(
        ordered.key[opened].astype(np.int64),
        time[opened],
        np.where(ended, reaches, OPEN),
        ordered.sequence[opened].astype(np.int64),
        np.where(ended, ordered.sequence[closed], NO_MOVEMENT).astype(np.int64),
        np.minimum.reduceat(short, offsets),
        high,
        low,
        reaches,
        np.zeros(len(opened), np.bool_),
    )
    return Replayed(balances, episodes), opened, closed
