"""Episodes: the stretches of a stock key's life in which its book balance is below zero.

An episode begins with the movement that takes the balance from zero or more to below zero and ends with the
movement that brings it back to zero or more. Movements of one instant follow each other in the order of the
ledger, so a balance that dips and recovers within one instant is an episode too, of zero duration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.quantity import half_even, value_of

Ints: TypeAlias = NDArray[np.int64]
Limbs: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]

OPEN = int(np.iinfo(np.int64).max)  # ``ended_at`` of an episode that has not ended: later than any instant
NO_MOVEMENT = -1  # ``closing_sequence`` of an episode that has not ended
DAY = 86_400_000_000  # µs


def unit_days_of(shortfall: int) -> int:
    """Micro-unit-days of an exact ``shortfall`` in micro-units × µs, rounded half to even."""
    return half_even(shortfall, DAY)


def value_days_of(shortfall: int, unit_cost: int) -> int:
    """Micro-currency-days of an exact ``shortfall`` (micro-units × µs) at ``unit_cost`` a unit.

    Rounded once, half to even, from the exact integral: not from the rounded unit-days.
    """
    return half_even(shortfall * unit_cost, DAY * 1_000_000)


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode. Instants in µs, ``depth`` in micro-units (negative), ``shortfall`` in micro-units × µs.

    ``ended_at`` and ``closing_sequence`` are None while it is open; then ``shortfall`` reaches to
    ``measured_to``, otherwise ``measured_to`` equals ``ended_at``.
    """

    key: int
    started_at: int
    ended_at: int | None
    opening_sequence: int
    closing_sequence: int | None
    depth: int
    shortfall: int
    measured_to: int
    transient: bool

    @property
    def unit_days(self) -> int:
        """Micro-unit-days, rounded half to even."""
        return unit_days_of(self.shortfall)

    @property
    def duration(self) -> int:
        """Length in µs, up to ``measured_to`` while open."""
        return self.measured_to - self.started_at

    def measured(self, as_of: int, on_hand: int) -> Episode:
        """The same episode measured to ``as_of`` (µs), if it is open and ``as_of`` is later.

        ``on_hand`` is the key's balance now, micro-units, held until the next movement.
        """
        if self.ended_at is not None or as_of <= self.measured_to:
            return self
        more = -on_hand * (as_of - self.measured_to)
        return Episode(
            self.key,
            self.started_at,
            None,
            self.opening_sequence,
            None,
            self.depth,
            self.shortfall + more,
            as_of,
            self.transient,
        )

    def value_days(self, unit_cost: int) -> int:
        """Micro-currency-days at ``unit_cost`` micro-currency a unit, rounded half to even."""
        return value_days_of(self.shortfall, unit_cost)

    def value(self, unit_cost: int) -> int:
        """Money in micro-currency of the depth at ``unit_cost``; negative."""
        return value_of(self.depth, unit_cost)


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """Episodes as arrays of one length, by key and within a key by time.

    ``key``, ``opening_sequence``, ``closing_sequence`` (NO_MOVEMENT while open) int64 · ``started_at``,
    ``ended_at`` (OPEN while open), ``measured_to`` int64 µs · ``depth`` int64 micro-units, negative ·
    ``shortfall_high``, ``shortfall_low`` uint64: the exact integral of the shortfall over time in
    micro-units × µs, which needs up to 126 bits, as high × 2**64 + low · ``transient`` bool.
    """

    key: Ints
    started_at: Ints
    ended_at: Ints
    opening_sequence: Ints
    closing_sequence: Ints
    depth: Ints
    shortfall_high: Limbs
    shortfall_low: Limbs
    measured_to: Ints
    transient: Flags

    def __len__(self) -> int:
        return len(self.key)

    def __iter__(self) -> Iterator[Episode]:
        shortfalls = self.shortfalls()
        rows = zip(
            self.key.tolist(),
            self.started_at.tolist(),
            self.ended_at.tolist(),
            self.opening_sequence.tolist(),
            self.closing_sequence.tolist(),
            self.depth.tolist(),
            shortfalls,
            self.measured_to.tolist(),
            self.transient.tolist(),
            strict=True,
        )
        for key, started, ended, opening, closing, depth, shortfall, measured, transient in rows:
            is_open = ended == OPEN
            yield Episode(
                key,
                started,
                None if is_open else ended,
                opening,
                None if is_open else closing,
                depth,
                shortfall,
                measured,
                transient,
            )

    def shortfalls(self) -> list[int]:
        """The exact integrals, micro-units × µs."""
        pairs = zip(self.shortfall_high.tolist(), self.shortfall_low.tolist(), strict=True)
        return [high << 64 | low for high, low in pairs]

    def unit_days(self) -> list[int]:
        """Micro-unit-days of every episode, rounded half to even from the exact integral."""
        if self.shortfall_high.any():
            return [_rounded(shortfall) for shortfall in self.shortfalls()]
        whole, rest = np.divmod(self.shortfall_low, np.uint64(DAY))
        half = np.uint64(DAY // 2)
        up = (rest > half) | ((rest == half) & (whole & np.uint64(1) == 1))
        return (whole + up).tolist()  # type: ignore[no-any-return]

    @classmethod
    def none(cls) -> Episodes:
        """No episodes at all."""
        whole = np.zeros(0, np.int64)
        limb = np.zeros(0, np.uint64)
        return cls(whole, whole, whole, whole, whole, whole, limb, limb, whole, np.zeros(0, np.bool_))

    @classmethod
    def join(cls, parts: list[Episodes]) -> Episodes:
        """The episodes of several parts one after the other."""
        if not parts:
            return cls.none()
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


def _rounded(shortfall: int) -> int:
    whole, rest = divmod(shortfall, DAY)
    return whole + (2 * rest > DAY or (2 * rest == DAY and whole & 1))
