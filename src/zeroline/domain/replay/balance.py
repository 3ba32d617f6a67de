"""Running balances of many keys in one pass."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from zeroline.domain.episode import Ints
from zeroline.domain.errors import DomainError
from zeroline.domain.replay.columns import Rows, Whole

_LIMIT = 2**63


def group_starts(key: Whole) -> Rows:
    """Where each key's movements begin, in a column sorted by key."""
    if not len(key):
        return np.zeros(0, np.intp)
    return np.concatenate([np.zeros(1, np.intp), np.flatnonzero(key[1:] != key[:-1]) + 1])


def running_balances(quantity: Ints, starts: Rows, opening: Ints, key: Whole) -> Ints:
    """Balance after each movement, micro-units; ``opening`` is each group's balance before its first.

    Raises DomainError ``balance-too-large`` (``key``) when a balance leaves int64.
    """
    if not len(quantity):
        return np.zeros(0, np.int64)
    _refuse_overflow(quantity, starts, opening, key)
    # One cumulative sum for all keys: at each key's first movement the sum of the key before is taken back.
    # Sums wrap around modulo 2**64 on the way and come back, since every balance itself fits.
    steps = quantity.copy()
    steps[starts] += opening
    totals = np.add.reduceat(steps, starts)
    steps[starts[1:]] -= totals[:-1]
    return np.cumsum(steps, out=steps)


def _refuse_overflow(quantity: Ints, starts: Rows, opening: Ints, key: Whole) -> None:
    largest = max(-int(quantity.min()), int(quantity.max()))
    longest = int(np.diff(starts, append=len(quantity)).max())
    furthest = max(-int(opening.min()), int(opening.max()), 0)
    if largest * longest + furthest < _LIMIT:
        return
    reach = np.add.reduceat(np.abs(quantity.astype(np.float64)), starts) + np.abs(opening.astype(np.float64))
    stops = np.append(starts[1:], len(quantity))
    for group in np.flatnonzero(reach > _LIMIT * 0.99).tolist():
        exact = accumulate(quantity[starts[group] : stops[group]].tolist(), initial=int(opening[group]))
        if any(not -_LIMIT <= balance < _LIMIT for balance in exact):
            raise DomainError("balance-too-large", key=int(key[starts[group]]))
