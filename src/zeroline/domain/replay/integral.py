"""Exact sums of products that do not fit into 64 bits."""

from __future__ import annotations

import numpy as np

from zeroline.domain.episode import Limbs
from zeroline.domain.replay.columns import Rows

_HALF = np.uint64(32)
_LOW = np.uint64(2**32 - 1)


def sums_of_products(left: Limbs, right: Limbs, starts: Rows) -> tuple[Limbs, Limbs]:
    """Σ left × right of each group that begins at ``starts``, as (high, low) uint64 limbs, exactly.

    Both factors are below 2**63; a group has fewer than 2**30 rows and its sum is below 2**128. Works in
    digits of 32 bits, as on paper: the four partial products of each row are cut into digits, the digits are
    summed by group, and carries move up at the end.
    """
    left_low, left_high = left & _LOW, left >> _HALF
    right_low, right_high = right & _LOW, right >> _HALF

    def digits(product: Limbs) -> tuple[Limbs, Limbs]:
        return np.add.reduceat(product & _LOW, starts), np.add.reduceat(product >> _HALF, starts)

    first, second = digits(left_low * right_low)
    third = np.zeros(len(starts), np.uint64)
    fourth = np.zeros(len(starts), np.uint64)
    for product in (left_low * right_high, left_high * right_low):
        low, high = digits(product)
        second += low
        third += high
    low, high = digits(left_high * right_high)
    third += low
    fourth += high
    second += first >> _HALF
    third += second >> _HALF
    fourth += third >> _HALF
    return (fourth << _HALF) | (third & _LOW), (second << _HALF) | (first & _LOW)
