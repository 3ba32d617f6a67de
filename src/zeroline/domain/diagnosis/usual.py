"""What is usual of many values."""

from __future__ import annotations

from collections.abc import Iterable


def deciles(pairs: Iterable[tuple[tuple[str, str], int]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Median and ninth decile of values by name."""
    found: dict[tuple[str, str], list[int]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {
        name: (ordered[len(ordered) // 2], ordered[len(ordered) * 9 // 10])
        for name, values in found.items()
        for ordered in (sorted(values),)
    }
