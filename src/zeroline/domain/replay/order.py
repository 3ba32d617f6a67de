"""Sorting movements into book order or physical order of each key.

Sorting is most of a replay's time. A comparison sort over several columns is many times slower than sorting
one whole number that holds them all, so key, time and position are packed into 63 bits wherever they fit.
"""

from __future__ import annotations

import numpy as np

from zeroline.domain.episode import Ints
from zeroline.domain.replay.columns import MovementColumns, Rows, Whole

_BITS = 63
_TIME_UNITS = (1_000_000, 1_000)  # times in whole seconds or milliseconds need fewer bits


def book_order(movements: MovementColumns) -> Rows | None:
    """Positions of the movements by key, recorded_at, sequence; None when they lie so already."""
    if _is_ordered(movements.key, movements.recorded_at, movements.sequence):
        return None
    if not _increases(movements.sequence):
        arrival = np.argsort(movements.sequence)
        return arrival[_stable(movements.key[arrival], movements.recorded_at[arrival])]
    return _stable(movements.key, movements.recorded_at)


def physical_order(book: MovementColumns) -> Rows | None:
    """Positions by key, occurred_at and book order, of movements that lie in book order.

    None when physical order and book order are the same.
    """
    same_key = book.key[1:] == book.key[:-1]
    if not (same_key & (book.occurred_at[1:] < book.occurred_at[:-1])).any():
        return None
    return _stable(book.key, book.occurred_at)


def _is_ordered(key: Whole, time: Ints, sequence: Whole) -> bool:
    if (key[1:] < key[:-1]).any():
        return False
    later = time[1:] > time[:-1]
    later |= (time[1:] == time[:-1]) & (sequence[1:] > sequence[:-1])
    later |= key[1:] > key[:-1]
    return bool(later.all())


def _increases(column: Whole) -> bool:
    return bool((column[1:] > column[:-1]).all())


def _stable(key: Whole, time: Ints) -> Rows:
    """Positions by key, then time, then position."""
    count = len(key)
    place_bits = (count - 1).bit_length()
    least = int(key.min())
    if (int(key.max()) - least).bit_length() > _BITS - place_bits:
        key = np.unique(key, return_inverse=True)[1]
        least = 0
    key_bits = (int(key.max()) - least).bit_length()
    packed = (key - least).astype(np.int64)
    if not (time[1:] < time[:-1]).any():
        return _places(packed, place_bits)
    scaled, time_bits = _scaled(time, _BITS - key_bits - place_bits)
    if key_bits + time_bits + place_bits <= _BITS:
        packed <<= time_bits
        packed |= scaled
        return _places(packed, place_bits)
    if key_bits + time_bits <= _BITS:
        packed <<= time_bits
        packed |= scaled
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
