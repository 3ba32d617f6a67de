"""The rows of a list as arrays, and how they are filtered, sorted and grouped without touching an object.

Nothing here needs Qt: rows are built inside the query, in the thread that read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zeroline.ui.tables.column import Column
from zeroline.ui.tables.fields import Amounts, Coded, Field, Ints, Mask, extended, field_of, folded
from zeroline.ui.tables.filters import Filter, passing

Index = NDArray[np.int64]


class Rows:
    """``ids`` (one hashable a row, usually the record's int id) and the fields of n rows."""

    def __init__(self, ids: Sequence[Any], fields: Mapping[str, Field]) -> None:
        self.ids = list(ids)
        self.fields = dict(fields)
        self._row_of: dict[Any, int] | None = None
        self._ordered: tuple[Any, Index] | None = None
        wrong = [key for key, values in self.fields.items() if len(values) != len(self.ids)]
        if wrong:
            raise ValueError(f"fields of another length than the ids: {', '.join(wrong)}")

    @classmethod
    def of(
        cls,
        columns: Sequence[Column],
        objects: Iterable[Any],
        id: Callable[[Any], Any] | str = "id",
        also: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> Rows:
        """From row objects: every column's value, and the fields that the columns name besides.

        ``also`` gives further fields (to filter by, or where an attribute has another name).
        """
        kept = list(objects)
        readers: dict[str, Callable[[Any], Any]] = {}
        for column in columns:
            readers[column.key] = column.value or attrgetter(column.key)
            for other in (column.unit_from, column.tooltip_from, column.tone_from, column.icon_from):
                if other:
                    readers.setdefault(other, attrgetter(other))
        readers.update(also or {})
        identify = attrgetter(id) if isinstance(id, str) else id
        fields = {key: field_of(list(map(read, kept))) for key, read in readers.items()}
        rows = cls(list(map(identify, kept)), fields)
        rows.prepare(columns)
        return rows

    @classmethod
    def table(
        cls,
        columns: Sequence[Column],
        ids: Ints,
        data: Mapping[str, Any],
        also: Mapping[str, Field] | None = None,
    ) -> Rows:
        """From columns: int64 arrays, or dictionary-coded words with ``codes`` and ``values``."""
        fields: dict[str, Field] = {}
        for key, column in data.items():
            coded = hasattr(column, "codes")
            fields[key] = Coded(column.codes, column.values) if coded else Amounts(column)
        rows = cls(ids.tolist(), {**fields, **(also or {})})
        rows.prepare(columns)
        return rows

    @classmethod
    def empty(cls, columns: Sequence[Column] = ()) -> Rows:
        return cls([], {column.key: Coded.of(()) for column in columns})

    def __len__(self) -> int:
        return len(self.ids)

    def prepare(self, columns: Sequence[Column]) -> None:
        """Do now, in the reading thread, what the first sort and the first keystroke would wait for."""
        for column in columns:
            values = self.fields[column.key]
            values.ranks(column.sort_key)
            if column.search and isinstance(values, Coded):
                values.containing("\x00", column.text)

    def value(self, key: str, row: int) -> Any:
        """Value of a field of a row; None when the rows have no such field."""
        values = self.fields.get(key)
        return None if values is None else values.at(row)

    def row_of(self, id: Any) -> int | None:
        if self._row_of is None:
            self._row_of = {known: row for row, known in enumerate(self.ids)}
        return self._row_of.get(id)

    def keeping(self, before: Rows, ids: Sequence[Any]) -> Rows:
        """These rows, and after them the rows of ``before`` with these ids, which are gone from here."""
        gone = [row for id in ids if (row := before.row_of(id)) is not None]
        where = np.array(gone, dtype=np.int64)
        nothing = [None] * len(gone)
        fields = {
            key: extended(field, before.fields[key].take(where) if key in before.fields else nothing)
            for key, field in self.fields.items()
        }
        return Rows([*self.ids, *(before.ids[row] for row in gone)], fields)

    def order(self, steps: tuple[tuple[Column, bool], ...]) -> Index | None:
        """All rows in the order of these (column, descending); None without any. The last one is kept."""
        if not steps or len(self) < 2:
            return None
        wanted = tuple((column.key, column.sort_key, descending) for column, descending in steps)
        if self._ordered is None or self._ordered[0] != wanted:
            ranks = [self.fields[column.key].ranks(column.sort_key) for column, _ in steps]
            keys = [rank.key(down) for rank, (_, down) in zip(ranks, steps, strict=True)]
            self._ordered = (wanted, sorted_positions(keys, [rank.top for rank in ranks]))
        return self._ordered[1]

    def decimals(self, column: Column) -> int:
        """Decimals of a micro-unit column, the same for all its cells."""
        values = self.fields.get(column.key)
        if isinstance(values, Amounts):
            return max(column.decimals, values.decimals if column.decimals == 0 else 0)
        if column.numeric and isinstance(values, Coded):
            known = np.array([v for v in values.values if v is not None], dtype=np.int64)
            return max(column.decimals, Amounts(known).decimals if column.decimals == 0 else 0)
        return column.decimals


class Sort(NamedTuple):
    """One step of an order."""

    key: str
    descending: bool = False


class Group(NamedTuple):
    """A heading line: the value that its rows share, how many, and the sums of the total columns."""

    value: Any
    size: int
    totals: Mapping[str, int]
    collapsed: bool = False


class Arrangement(NamedTuple):
    """What is on show. ``display[line]`` is a row, or −1 − g for the heading of ``groups[g]``.

    ``matched`` counts the rows that passed search and filter, folded groups included.
    """

    display: Index
    groups: tuple[Group, ...] = ()
    matched: int = 0


class Wish(NamedTuple):
    """How a person wants to see the rows."""

    search: str = ""
    filter: Filter | None = None
    sort: tuple[Sort, ...] = ()
    group_by: str = ""
    collapsed: frozenset[Any] = frozenset()


def arrange(rows: Rows, columns: Sequence[Column], wish: Wish) -> Arrangement:
    """Filter, sort and group. Words of the search must all be found, each in any searched column."""
    by_key = {column.key: column for column in columns}
    mask = _mask(rows, columns, by_key, wish)
    order = _order(rows, by_key, wish.sort, mask)
    grouping = by_key.get(wish.group_by)
    if grouping is None or not len(order):
        return Arrangement(order, (), len(order))
    return _grouped(rows, columns, grouping, order, wish)


def _mask(rows: Rows, columns: Sequence[Column], by_key: Mapping[str, Column], wish: Wish) -> Mask | None:
    mask: Mask | None = None
    for word in folded(wish.search).split():
        found = np.zeros(len(rows), dtype=np.bool_)
        for column in columns:
            if column.search:
                found |= rows.fields[column.key].containing(word, column.text)
        mask = found if mask is None else mask & found
    if wish.filter is not None:
        passed = passing(wish.filter, rows.fields, {key: column.text for key, column in by_key.items()})
        mask = passed if mask is None else mask & passed
    return mask


def _order(rows: Rows, by_key: Mapping[str, Column], sort: Sequence[Sort], mask: Mask | None) -> Index:
    steps = tuple((by_key[step.key], step.descending) for step in sort if step.key in by_key)
    order = rows.order(steps)
    if mask is None:
        return np.arange(len(rows)) if order is None else order
    return np.flatnonzero(mask) if order is None else order[mask[order]]


def sorted_positions(keys: Sequence[Ints], tops: Sequence[int]) -> Index:
    """Stable order by several keys of ranks 0 … top, the first key weighing most.

    The keys and the position are packed into one number each when they fit (one plain sort of int64 is
    several times faster than a lexicographic one).
    """
    count = len(keys[0])
    position_bits = max(1, int(count - 1).bit_length())
    widths = [max(1, int(top).bit_length()) for top in tops]
    if sum(widths) + position_bits > 63:
        return np.lexsort(tuple(reversed(keys))).astype(np.int64)
    packed = keys[0] << (widths[1] if len(keys) > 1 else position_bits)
    for n, key in enumerate(keys[1:], 1):
        packed |= key
        packed <<= widths[n + 1] if n + 1 < len(keys) else position_bits
    packed |= np.arange(count, dtype=np.int64)
    packed.sort()
    packed &= (1 << position_bits) - 1
    return packed


def _grouped(
    rows: Rows, columns: Sequence[Column], grouping: Column, order: Index, wish: Wish
) -> Arrangement:
    values = rows.fields[grouping.key]
    codes = values.codes if isinstance(values, Coded) else np.unique(values.values, return_inverse=True)[1]
    taken = codes[order].astype(np.int64)
    group_count = int(codes.max()) + 1
    first = np.zeros(group_count, dtype=np.int64)
    first[taken[::-1]] = np.arange(len(taken) - 1, -1, -1)  # the group of the first row comes first
    order = order[sorted_positions([first[taken]], [len(taken)])]
    taken = codes[order]
    starts = np.flatnonzero(np.r_[True, taken[1:] != taken[:-1]])
    sizes = np.diff(np.r_[starts, len(order)])
    sums: dict[str, list[int]] = {}
    for column in columns:
        amounts = rows.fields[column.key]
        if column.total and isinstance(amounts, Amounts):
            sums[column.key] = amounts.sums(starts, order)
        elif column.total and isinstance(amounts, Coded):
            filled = np.array([0 if v is None else v for v in amounts.values], dtype=np.int64)
            sums[column.key] = Amounts(filled[amounts.codes]).sums(starts, order)
    groups: list[Group] = []
    pieces: list[Index] = []
    for g, (start, size) in enumerate(zip(starts.tolist(), sizes.tolist(), strict=True)):
        value = values.at(int(order[start]))
        folded = value in wish.collapsed
        groups.append(Group(value, size, {key: totals[g] for key, totals in sums.items()}, folded))
        pieces.append(np.array([-1 - g], dtype=np.int64))
        if not folded:
            pieces.append(order[start : start + size])
    return Arrangement(np.concatenate(pieces), tuple(groups), len(order))
