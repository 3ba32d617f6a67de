"""Which episodes are transient: nothing is missing, something was posted in the wrong order.

An episode is *transient* when it has ended and replay in physical order never goes below zero for its key
within it. "Within it" means both

* after each of its own movements, from the one that opened it to the one that closed it, wherever they lie in
  physical order: a shipment and its receipt that were both posted two hours late in the right order do not
  become transient by that; and
* at every instant of [started_at, ended_at), whoever's movements shape the physical balance there: a shipment
  that happened then and was posted later counts. An episode of zero duration has no such instants.

An open episode is never transient: both orders end at the same balance, which is below zero.
"""

from __future__ import annotations

import numpy as np

from zeroline.domain.episode import Flags, Ints
from zeroline.domain.replay.balance import may_overflow, summed
from zeroline.domain.replay.columns import MovementColumns, Rows
from zeroline.domain.replay.order import physical_order

_NEVER = int(np.iinfo(np.int64).max)


def transient_flags(
    book: MovementColumns,
    starts: Rows,
    opening: Ints,
    opened: Rows,
    closed: Rows,
    ended: Flags,
) -> Flags:
    """For each episode whether it is transient.

    ``book``: movements in book order · ``starts``: where each key begins · ``opening``: the physical
    balance of each key before them, micro-units · ``opened``, ``closed``: positions of each episode's first
    movement and of the one that closed it, ascending · ``ended``: False while the episode is open.
    """
    flags = np.zeros(len(opened), np.bool_)
    stops = np.append(starts[1:], len(book))
    back = np.flatnonzero((book.key[1:] == book.key[:-1]) & (book.occurred_at[1:] < book.occurred_at[:-1]))
    disordered = np.zeros(len(starts), np.bool_)
    disordered[np.searchsorted(starts, back, "right") - 1] = True
    group = np.searchsorted(starts, opened, "right") - 1
    # Where both orders agree, the opening movement takes the physical balance below zero as well.
    asked = np.flatnonzero(ended & disordered[group])
    if not len(asked):
        return flags

    chosen, group = np.unique(group[asked], return_inverse=True)
    lengths = stops[chosen] - starts[chosen]
    begins = np.cumsum(lengths) - lengths
    shift = begins - starts[chosen]
    part = book.take(np.arange(lengths.sum()) - np.repeat(shift, lengths))
    order = physical_order(part)
    assert order is not None
    occurred = part.occurred_at[order]
    steps = part.quantity[order]
    if may_overflow(steps, begins, opening[chosen]):
        steps = steps.astype(object)  # the physical order may reach further than the book ever did
    balance = summed(steps, begins, opening[chosen])

    after = np.empty_like(balance)
    after[order] = balance
    first = opened[asked] + shift[group]
    last = closed[asked] + shift[group]
    own = _least(after, first, last + 1)

    started_at = part.recorded_at[first]
    ended_at = part.recorded_at[last]
    low, high = begins[group], begins[group] + lengths[group]
    reached = _first_after(occurred, low, high, started_at, including=False)
    until = _first_after(occurred, low, high, ended_at, including=True)
    within = np.minimum(
        np.where(reached > low, _NEVER, opening[chosen][group]),
        _least(balance, np.maximum(reached - 1, low), until),
    )
    flags[asked] = (own >= 0) & ((within >= 0) | (ended_at == started_at))
    return flags


def _least(values: Ints, first: Rows, stop: Rows) -> Ints:
    """Least value of each half-open range, ranges ascending; an empty range has none (the largest int64)."""
    padded = np.append(values, _NEVER)
    bounds = np.column_stack([first, np.maximum(first, stop)]).ravel()
    least: Ints = np.minimum.reduceat(padded, bounds)[::2]
    return np.where(stop > first, least, _NEVER)


def _first_after(times: Ints, low: Rows, high: Rows, wanted: Ints, *, including: bool) -> Rows:
    """In each range [low, high) of ascending ``times`` the first position later than ``wanted``.

    ``including``: not earlier than ``wanted``. All ranges are halved together, as often as the longest needs.
    """
    low, high = low.copy(), high.copy()
    while (open_ranges := low < high).any():
        middle = (low + high) // 2
        at = times[np.minimum(middle, len(times) - 1)]
        right = open_ranges & ((at < wanted) if including else (at <= wanted))
        low = np.where(right, middle + 1, low)
        high = np.where(right, high, np.where(open_ranges, middle, high))
    return low
