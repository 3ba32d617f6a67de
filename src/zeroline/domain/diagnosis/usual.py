"""What is usual of many values."""

from __future__ import annotations

from collections.abc import Iterable

FEWEST = 12
"""With fewer values than this nothing is usual: the odd one would be what it is compared with."""


def deciles(pairs: Iterable[tuple[tuple[str, str], int]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Median and ninth decile of values by name, of names with enough values."""
    found: dict[tuple[str, str], list[int]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {
        name: (ordered[len(ordered) // 2], ordered[len(ordered) * 9 // 10])
        for name, values in found.items()
        if len(values) >= FEWEST
        for ordered in (sorted(values),)
    }
