"""Slips of finger and eye: numbers one key apart, codes that look alike."""

from __future__ import annotations


def slip(true: int, keyed: int) -> bool:
    """Whether one slip of a finger makes ``keyed`` of ``true``: a digit lost, doubled, added or swapped."""
    one, two = str(abs(true)), str(abs(keyed))
    if one == two or not true or not keyed:
        return False
    if len(one) == len(two):
        wrong = [place for place in range(len(one)) if one[place] != two[place]]
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and one[wrong[0]] == two[wrong[1]]
            and one[wrong[1]] == two[wrong[0]]
        )
    short, long = sorted((one, two), key=len)
    return len(long) == len(short) + 1 and any(
        long[:place] + long[place + 1 :] == short for place in range(len(long))
    )


def alike(one: str, other: str) -> bool:
    """Whether two lots differ by one slip of a finger: a character wrong, missing, doubled or swapped."""
    if not one or not other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        wrong = [place for place in range(len(one)) if one[place] != other[place]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            a, b = wrong
            return one[a] == other[b] and one[b] == other[a]
        return len(wrong) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
