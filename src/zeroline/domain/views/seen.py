"""A list exactly as a person sees it: the one shape that copy, export and print are made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A visible column in its visible place; ``numeric`` columns are set to the right."""

    title: str
    numeric: bool = False
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class SeenRow:
    """``texts`` are the cells as shown; ``amounts`` the same cells as micro-units where they are numbers.

    Both have one entry a column. ``group`` marks a group's heading line (its first text is the heading).
    """

    texts: tuple[str, ...]
    amounts: tuple[int | None, ...]
    group: bool = False


@dataclass(frozen=True, slots=True)
class SeenTable:
    """``title`` says which list, ``scope`` which filter, search, order and grouping shaped it."""

    title: str
    columns: tuple[SeenColumn, ...]
    rows: tuple[SeenRow, ...]
    scope: tuple[str, ...] = ()
