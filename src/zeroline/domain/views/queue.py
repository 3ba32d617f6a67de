"""A queue as columns: what a list of up to 100,000 rows is drawn, filtered and sorted from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.case import Queue

Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A column with repeating values: row i holds ``values[codes[i]]``; ``codes`` int32, length n.

    ``values`` are distinct and hashable; None stands for 'nothing here'.
    """

    codes: NDArray[np.int32]
    values: tuple[Any, ...]

    @classmethod
    def of(cls, values: Iterable[Any]) -> Words:
        """Dictionary-coded in order of appearance."""
        column = values if isinstance(values, (list, tuple)) else list(values)
        known = {value: code for code, value in enumerate(dict.fromkeys(column))}
        codes = np.fromiter(map(known.__getitem__, column), dtype=np.int32, count=len(column))
        return cls(codes, tuple(known))

    @classmethod
    def numbers(cls, column: Ints, nothing: int) -> Words:
        """Whole numbers of which ``nothing`` means None."""
        distinct, codes = distinguished(column)
        return cls(codes, tuple(None if value == nothing else value for value in distinct))

    def told(self, say: Callable[[Any], Any]) -> Words:
        """The same rows with ``say(value)`` for each value; values that are told alike become one."""
        said = Words.of([say(value) for value in self.values])
        return Words(said.codes[self.codes], said.values)

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, row: int) -> Any:
        """The value of one row."""
        return self.values[self.codes[row]]


def distinguished(column: Ints) -> tuple[list[int], NDArray[np.int32]]:
    """The different numbers, ascending, and which of them each row holds.

    ``np.unique`` says the same but imports masked arrays to do so, which a start would wait for.
    """
    order = np.argsort(column, kind="stable")
    ascending = column[order]
    first = np.ones(len(column), dtype=np.bool_)
    first[1:] = ascending[1:] != ascending[:-1]
    codes = np.empty(len(column), dtype=np.int32)
    codes[order] = np.cumsum(first) - 1
    return ascending[first].tolist(), codes


Column: TypeAlias = Ints | Words


@dataclass(frozen=True, slots=True, eq=False)
class QueueTable:
    """n rows of one queue, most severe first. Every column has length n.

    ``ids`` int64: case ids; in queue COUNTS_DUE, which has no cases, stock key ids (``is_cases`` False).
    ``columns`` by name; int64 columns are micro-units, micro-currency, µs or plain numbers, as said here:

    Every queue: ``key_id`` · ``item``, ``description``, ``item_class``, ``abc_class``, ``location``,
    ``site``, ``warehouse``, ``zone``, ``lot``, ``status``, ``unit``, ``currency`` words · ``decimals``
    int64, those of the item's quantities · ``on_hand`` micro-units now · ``value`` micro-currency: unit cost
    × what is below zero (NEGATIVE), the depth (TRANSIENT), the forced quantity (OVERRIDE), the difference
    (SELF_CHECK), on hand (REPEAT, COUNTS_DUE) · ``since`` µs · ``due_at`` words of µs or None.

    With cases: ``state`` (CaseState value), ``cause`` (code or ''), ``owner`` (name or ''), ``owner_id``
    (or None) words · ``level`` (Level value) words, ``severity`` int64 for sorting, ``reason`` words: the
    code of the severity reason, see :meth:`severity_reason` · ``value_days`` micro-currency-days ·
    ``orders`` how many reservations and open order lines need this stock, ``orders_quantity`` micro-units ·
    ``document``, ``user``, ``kind`` words: of the crossing movement (or of the forced one) ·
    ``depth`` micro-units · ``ended_at`` words of µs or None · ``reopened`` times · ``opened_at`` µs ·
    ``version`` · ``guess`` words: the likeliest cause by the newest diagnosis ('Z0' not enough to say, ''
    not diagnosed), ``confidence`` its probability in millionths, ``verdict`` words: what a person said last
    to a guess (domain.verdict.Said).

    TRANSIENT also: ``pattern`` words of domain.pattern.Pattern.
    OVERRIDE also: ``quantity`` micro-units of the forced movement.
    SELF_CHECK also: ``source`` words, ``stored``, ``summed``, ``difference`` micro-units, ``as_of`` µs.
    REPEAT also: ``episodes``, ``misses`` within the policy's window; ``since`` is the last of them.
    COUNTS_DUE also: ``last_counted_at`` (words of µs or None: never), ``counts_per_year``, ``open_sheet``
    (number of a sheet that asks for it already, or ''); ``since`` is when the key last moved, ``due_at``
    None means at once. Longest overdue first.
    """

    queue: Queue
    as_of: int
    ids: Ints
    columns: Mapping[str, Column]
    is_cases: bool = True

    def __len__(self) -> int:
        return len(self.ids)

    def value(self, name: str, row: int) -> Any:
        """One cell as a plain Python value."""
        column = self.columns[name]
        return column.at(row) if isinstance(column, Words) else int(column[row])

    def row(self, row: int) -> dict[str, Any]:
        """All cells of a row, for tests and single lines; lists read columns instead."""
        return {"id": int(self.ids[row])} | {name: self.value(name, row) for name in self.columns}

    def severity_reason(self, row: int) -> tuple[str, dict[str, Any]]:
        """Why the row stands where it stands: a stable code and its facts.

        Codes: ``orders-at-risk`` (orders, orders_quantity, unit), ``value-days`` (value_days, currency),
        ``age`` (since, as_of), ``above-zero`` (ended_at), ``transient`` (), ``difference`` (difference,
        unit), ``repeats`` (episodes, misses), ``forced`` (quantity, user).
        """
        code = self.value("reason", row)
        return code, {
            name: self.as_of if name == "as_of" else self.value(name, row) for name in REASON_FACTS[code]
        }


REASON_FACTS: Mapping[str, tuple[str, ...]] = {
    "orders-at-risk": ("orders", "orders_quantity", "unit"),
    "value-days": ("value_days", "currency"),
    "age": ("since", "as_of"),
    "above-zero": ("ended_at",),
    "transient": (),
    "difference": ("difference", "unit"),
    "repeats": ("episodes", "misses"),
    "forced": ("quantity", "user"),
}
"""Facts that each severity reason quotes, by code."""


class QueueCount(NamedTuple):
    """The badge of one queue: open cases, those of the person asking, those past due; money below zero.

    ``value`` is micro-currency, negative or 0 (NEGATIVE only).
    """

    queue: Queue
    total: int
    mine: int = 0
    overdue: int = 0
    value: int = 0
