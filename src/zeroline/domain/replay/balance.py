"""Running balances of many keys in one pass."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from zeroline.domain.episode import Ints
from zeroline.domain.errors import DomainError
from zeroline.domain.replay.columns import Rows, Whole

_LIMIT = 2**63


def group_starts(key: Whole) -> Rows:
    """Where each key's movements begin, in a column sorted by key that is not empty."""
    return np.concatenate([np.zeros(1, np.intp), np.flatnonzero(key[1:] != key[:-1]) + 1])


def running_balances(quantity: Ints, starts: Rows, opening: Ints, key: Whole) -> Ints:
    """Balance after each movement, micro-units; ``opening`` is each group's balance before its first.

    At least one movement. Raises DomainError ``balance-too-large`` (``key``) when a balance leaves int64.
    """
    _refuse_overflow(quantity, starts, opening, key)
    return summed(quantity.copy(), starts, opening)


def summed(steps: Ints, starts: Rows, opening: Ints) -> Ints:
    """The same without a look at overflow; ``steps`` are used up, and may be an object array of int.

    One cumulative sum for all keys: at each key's first movement the sum of the key before is taken back.
    Sums wrap around modulo 2**64 on the way and come back, as long as every balance itself fits.
    """
    steps[starts] += opening
    totals = np.add.reduceat(steps, starts)
    steps[starts[1:]] -= totals[:-1]
    return np.cumsum(steps, out=steps)


def may_overflow(quantity: Ints, starts: Rows, opening: Ints) -> bool:
    """Whether some order of the movements could take a balance out of int64; a quick upper bound."""
    largest = max(-int(quantity.min()), int(quantity.max()))
    longest = int(np.diff(starts, append=len(quantity)).max())
    return largest * longest + max(-int(opening.min()), int(opening.max()), 0) >= _LIMIT


def _refuse_overflow(quantity: Ints, starts: Rows, opening: Ints, key: Whole) -> None:
    if not may_overflow(quantity, starts, opening):
        return
    reach = np.add.reduceat(np.abs(quantity.astype(np.float64)), starts) + np.abs(opening.astype(np.float64))
    stops = np.append(starts[1:], len(quantity))
    for group in np.flatnonzero(reach > _LIMIT * 0.99).tolist():
        exact = accumulate(quantity[starts[group] : stops[group]].tolist(), initial=int(opening[group]))
        if any(not -_LIMIT <= balance < _LIMIT for balance in exact):
            raise DomainError("balance-too-large", key=int(key[starts[group]]))
