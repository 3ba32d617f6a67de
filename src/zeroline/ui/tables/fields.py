"""One field of many rows, held as arrays: distinct values with codes, or plain amounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import contains
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_DIGITS = re.compile(r"\d+")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def natural(value: Any) -> Any:
    """Sort key of a text in which A-2 comes before A-10 and case does not matter."""
    if isinstance(value, str):
        return _DIGITS.sub(_padded, value.casefold())
    return value


def _padded(digits: re.Match[str]) -> str:
    return digits.group().zfill(18)


class Coded:
    """A field with repeating values: ``values[codes[row]]`` is the value of a row."""

    def __init__(self, codes: NDArray[np.int32], values: Sequence[Any]) -> None:
        self.codes = codes
        self.values = list(values)
        self._ranks: dict[Callable[[Any], Any] | None, Ints] = {}
        self._folded: dict[Callable[[Any], str], list[str]] = {}
        self._texts: dict[Callable[[Any], str], list[str]] = {}
        self._narrowed: tuple[str, NDArray[np.intp]] | None = None

    @classmethod
    def of(cls, values: Iterable[Any]) -> Coded:
        known: dict[Any, int] = {}
        codes = np.fromiter((known.setdefault(value, len(known)) for value in values), dtype=np.int32)
        return cls(codes, list(known))

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, row: int) -> Any:
        return self.values[self.codes[row]]

    def take(self, rows: NDArray[Any]) -> list[Any]:
        values = self.values
        return [values[code] for code in self.codes[rows].tolist()]

    def ranks(self, sort_key: Callable[[Any], Any] | None = None) -> Ints:
        """int64 a row: the place of its value among the distinct values; empty values come last."""
        ready = self._ranks.get(sort_key)
        if ready is None:
            key = sort_key or natural
            filled = [(key(value), code) for code, value in enumerate(self.values) if not _empty(value)]
            filled.sort(key=lambda pair: pair[0])
            rank = np.full(len(self.values), len(filled), dtype=np.int64)
            place, before = -1, object()
            for sort_value, code in filled:
                if sort_value != before:
                    place, before = place + 1, sort_value
                rank[code] = place
            ready = rank[self.codes] if len(self.values) else np.zeros(0, dtype=np.int64)
            ready[ready == len(filled)] = EMPTY_LAST
            self._ranks[sort_key] = ready
        return ready

    def texts(self, text: Callable[[Any], str]) -> list[str]:
        """Text of each distinct value."""
        ready = self._texts.get(text)
        if ready is None:
            ready = self._texts[text] = [text(value) for value in self.values]
        return ready

    def containing(self, needle: str, text: Callable[[Any], str]) -> Mask:
        """Which rows show ``needle`` (already casefolded) in the text of their value."""
        folded = self._folded.get(text)
        if folded is None:
            folded = self._folded[text] = [shown.casefold() for shown in self.texts(text)]
        hits = np.zeros(len(folded), dtype=np.bool_)
        before = self._narrowed
        if before is not None and before[0] in needle:
            candidates = before[1]
            some = map(folded.__getitem__, candidates.tolist())
            kept = np.frombuffer(bytes(map(contains, some, repeat(needle))), dtype=np.bool_)
            candidates = candidates[kept]
        else:
            found = np.frombuffer(bytes(map(contains, folded, repeat(needle))), dtype=np.bool_)
            candidates = np.flatnonzero(found)
        if len(folded) > 1024:
            self._narrowed = (needle, candidates)
        hits[candidates] = True
        return hits[self.codes] if len(folded) else np.zeros(0, dtype=np.bool_)

    def where(self, test: Callable[[Any], bool]) -> Mask:
        """Rows whose value passes; the test sees each distinct value once."""
        passing = np.fromiter((test(value) for value in self.values), dtype=np.bool_, count=len(self.values))
        return passing[self.codes] if len(passing) else np.zeros(0, dtype=np.bool_)


EMPTY_LAST = np.iinfo(np.int64).max


class Amounts:
    """A field of whole numbers (micro-units, instants, counts), one int64 a row."""

    def __init__(self, values: Ints) -> None:
        self.values = np.ascontiguousarray(values, dtype=np.int64)
        self._ranks: Ints | None = None
        self._decimals: int | None = None

    def __len__(self) -> int:
        return len(self.values)

    def at(self, row: int) -> int:
        return int(self.values[row])

    def take(self, rows: NDArray[Any]) -> list[int]:
        return self.values[rows].tolist()

    def ranks(self, sort_key: Callable[[Any], Any] | None = None) -> Ints:
        if sort_key is not None:
            return Coded.of(self.values.tolist()).ranks(sort_key)
        if self._ranks is None:
            self._ranks = np.unique(self.values, return_inverse=True)[1].astype(np.int64)
        return self._ranks

    @property
    def decimals(self) -> int:
        """Decimals that the micro-units of this field need: 0 for whole units, at most 6."""
        if self._decimals is None:
            self._decimals = decimals_of(self.values)
        return self._decimals

    def containing(self, needle: str, text: Callable[[Any], str]) -> Mask:
        return Coded.of(self.values.tolist()).containing(needle, text)

    def where(self, test: Callable[[Any], bool]) -> Mask:
        return np.fromiter((test(value) for value in self.values.tolist()), dtype=np.bool_, count=len(self))

    def sums(self, starts: NDArray[np.intp], order: NDArray[Any]) -> list[int]:
        """Exact sums of the stretches of ``order`` that begin at ``starts``."""
        if not len(starts):
            return []
        taken = self.values[order]
        if int(np.abs(taken).max(initial=0)) * len(taken) > _LARGEST:
            return [int(total) for total in np.add.reduceat(taken.astype(object), starts)]
        return [int(total) for total in np.add.reduceat(taken, starts)]


Field = Coded | Amounts


def decimals_of(values: Ints) -> int:
    """Decimals needed to show every one of these micro-units exactly."""
    if not len(values):
        return 0
    for decimals in range(6):
        if not (values % 10 ** (6 - decimals)).any():
            return decimals
    return 6


def field_of(values: Sequence[Any]) -> Field:
    """Amounts when every value is a whole number that fits, Coded otherwise."""
    if values and all(type(value) is int for value in values):
        low, high = min(values), max(values)
        if low >= _SMALLEST and high <= _LARGEST:
            return Amounts(np.array(values, dtype=np.int64))
    return Coded.of(values)


def _empty(value: Any) -> bool:
    return value is None or value == ""
