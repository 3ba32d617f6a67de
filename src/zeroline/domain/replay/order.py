"""Sorting movements into book order or physical order of each key.

Sorting is most of a replay's time. A comparison sort over several columns is many times slower than sorting
one whole number that holds them all, so key, time and position are packed into 63 bits wherever they fit.
"""

from __future__ import annotations

import numpy as np

from zeroline.domain.episode import Ints
from zeroline.domain.replay.balance import group_starts
from zeroline.domain.replay.columns import MovementColumns, Rows, Whole

_BITS = 63
_TIME_UNITS = (1_000_000, 1_000)  # times in whole seconds or milliseconds need fewer bits


def book_order(movements: MovementColumns) -> Rows | None:
    """Positions of the movements by key, recorded_at, sequence; None when they lie so already."""
    key, time, sequence = movements.key, movements.recorded_at, movements.sequence
    if not (key[1:] < key[:-1]).any():
        order = None
    else:
        # Mostly movements arrive as they are recorded, so sorting by key alone is enough for most keys.
        order = _by_key(key)
        key, time, sequence = key[order], time[order], sequence[order]
    wrong = time[1:] < time[:-1]
    wrong |= (time[1:] == time[:-1]) & (sequence[1:] < sequence[:-1])
    wrong &= key[1:] == key[:-1]
    if not wrong.any():
        return order
    starts = group_starts(key)
    mixed_up = np.zeros(len(starts), np.bool_)
    mixed_up[np.searchsorted(starts, np.flatnonzero(wrong), "right") - 1] = True
    places = np.flatnonzero(np.repeat(mixed_up, np.diff(starts, append=len(key))))
    if order is None:
        order = np.arange(len(key))
    rows = order[places]
    if not _increases(sequence[places]):
        rows = rows[np.argsort(sequence[places])]
    order[places] = rows[_stable(movements.key[rows], movements.recorded_at[rows])]
    return order


def physical_order(book: MovementColumns) -> Rows | None:
    """Positions by key, occurred_at and book order, of movements that lie in book order.

    None when physical order and book order are the same.
    """
    same_key = book.key[1:] == book.key[:-1]
    if not (same_key & (book.occurred_at[1:] < book.occurred_at[:-1])).any():
        return None
    return _stable(book.key, book.occurred_at)


def _increases(column: Whole) -> bool:
    return bool((column[1:] > column[:-1]).all())


def _by_key(key: Whole) -> Rows:
    """Positions by key, then position."""
    packed, bits = _from_least(key)
    place_bits = (len(key) - 1).bit_length()
    return np.argsort(key, kind="stable") if bits + place_bits > _BITS else _places(packed, place_bits)


def _from_least(key: Whole) -> tuple[Ints, int]:
    """Keys counted from the least one on, and how many bits they need; 64 when that wraps around."""
    least = int(key.min())
    return key.astype(np.int64) - least, (int(key.max()) - least).bit_length()


def _stable(key: Whole, time: Ints) -> Rows:
    """Positions by key, then time, then position."""
    place_bits = (len(key) - 1).bit_length()
    packed, key_bits = _from_least(key)
    if key_bits > _BITS - place_bits:
        packed, key_bits = _from_least(np.unique(key, return_inverse=True)[1])
    scaled, time_bits = _scaled(time, _BITS - key_bits - place_bits)
    if key_bits + time_bits <= _BITS:
        packed <<= time_bits
        packed |= scaled
        if key_bits + time_bits + place_bits <= _BITS:
            return _places(packed, place_bits)
        return np.argsort(packed, kind="stable")
    by_time = np.argsort(time, kind="stable")
    return by_time[_places(packed[by_time], place_bits)]


def _places(packed: Ints, place_bits: int) -> Rows:
    """Positions by ``packed``, then position."""
    packed = packed << place_bits
    packed |= np.arange(len(packed))
    packed.sort()
    packed &= (1 << place_bits) - 1
    return packed


def _scaled(time: Ints, room: int) -> tuple[Ints, int]:
    """Times from the earliest on, as coarse as ``room`` needs and they allow; their bits."""
    first = int(time.min())
    span = int(time.max()) - first
    if span.bit_length() > _BITS:
        return time, 64
    scaled = time - first
    if span.bit_length() > room:
        for unit in _TIME_UNITS:
            if not (scaled % unit).any():
                return scaled // unit, (span // unit).bit_length()
    return scaled, span.bit_length()
