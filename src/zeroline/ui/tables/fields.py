"""One field of many rows, held as arrays: distinct values with codes, or plain amounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

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


def folded(text: str) -> str:
    """``text`` as it is searched: case does not matter, nor the dot of a Turkish i."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


def _padded(digits: re.Match[str]) -> str:
    return digits.group().zfill(18)


class Ranks(NamedTuple):
    """``of_row`` int64: place of a row's value among the distinct values, 0 … top − 1; top: empty."""

    of_row: Ints
    top: int

    def key(self, descending: bool) -> Ints:
        """Ranks of which the smallest comes first; empty cells stay last either way."""
        if not descending:
            return self.of_row
        turned = self.top - 1 - self.of_row
        turned[turned < 0] = self.top
        return turned


class Texts:
    """Many texts to search at once: all of them in one run of UTF-8 bytes, with the text of each byte."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [folded(text).replace("\0", " ").encode() for text in texts]
        self._bytes = np.frombuffer(b"\0".join(encoded) + b"\0", dtype=np.uint8)
        lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)) + 1
        self._text_of = np.repeat(np.arange(len(encoded), dtype=np.int32), lengths)
        self._frequency = np.bincount(self._bytes, minlength=256)
        self._count = len(encoded)

    def containing(self, needle: str) -> Mask:
        """Which texts contain ``needle`` (already folded)."""
        wanted = needle.encode()
        found = np.zeros(self._count, dtype=np.bool_)
        if not wanted:
            found[:] = True
            return found
        rarest = min(range(len(wanted)), key=lambda at: self._frequency[wanted[at]])
        places = np.flatnonzero(self._bytes == wanted[rarest])
        places = places[(places >= rarest) & (places < len(self._bytes) - len(wanted) + rarest)]
        for at, byte in enumerate(wanted):
            if at != rarest and len(places):
                places = places[self._bytes[places + (at - rarest)] == byte]
        found[self._text_of[places]] = True
        return found


class Coded:
    """A field with repeating values: ``values[codes[row]]`` is the value of a row."""

    def __init__(self, codes: NDArray[Any], values: Sequence[Any]) -> None:
        self.codes = codes.astype(np.intp)  # what NumPy indexes with: four times faster than int32
        self.values = list(values)
        self._ranks: dict[Callable[[Any], Any] | None, Ranks] = {}
        self._search: dict[Callable[[Any], str], Texts] = {}

    @classmethod
    def of(cls, values: Iterable[Any]) -> Coded:
        known: dict[Any, int] = {}
        codes = np.fromiter((known.setdefault(value, len(known)) for value in values), dtype=np.intp)
        return cls(codes, list(known))

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, row: int) -> Any:
        return self.values[self.codes[row]]

    def take(self, rows: NDArray[Any]) -> list[Any]:
        values = self.values
        return [values[code] for code in self.codes[rows].tolist()]

    def ranks(self, sort_key: Callable[[Any], Any] | None = None) -> Ranks:
        """The order of the rows by this field; equal sort keys share a place."""
        ready = self._ranks.get(sort_key)
        if ready is None:
            key = sort_key or natural
            filled = [(key(value), code) for code, value in enumerate(self.values) if not _empty(value)]
            filled.sort(key=lambda pair: pair[0])
            rank = np.full(len(self.values), -1, dtype=np.int64)
            place, before = -1, object()
            for sort_value, code in filled:
                if sort_value != before:
                    place, before = place + 1, sort_value
                rank[code] = place
            rank[rank < 0] = place + 1
            of_row = rank[self.codes] if len(self.values) else np.zeros(0, dtype=np.int64)
            ready = self._ranks[sort_key] = Ranks(of_row, place + 1)
        return ready

    def containing(self, needle: str, text: Callable[[Any], str]) -> Mask:
        """Which rows show ``needle`` (already folded) in the text of their value."""
        texts = self._search.get(text)
        if texts is None:
            texts = self._search[text] = Texts([text(value) for value in self.values])
        found = texts.containing(needle)
        return found[self.codes] if found.any() else np.zeros(len(self), dtype=np.bool_)

    def where(self, test: Callable[[Any], bool]) -> Mask:
        """Rows whose value passes; the test sees each distinct value once."""
        passing = np.fromiter((test(value) for value in self.values), dtype=np.bool_, count=len(self.values))
        return passing[self.codes] if len(passing) else np.zeros(0, dtype=np.bool_)


class Amounts:
    """A field of whole numbers (micro-units, instants, counts), one int64 a row."""

    def __init__(self, values: Ints) -> None:
        self.values = np.ascontiguousarray(values, dtype=np.int64)
        self._ranks: Ranks | None = None
        self._decimals: int | None = None

    def __len__(self) -> int:
        return len(self.values)

    def at(self, row: int) -> int:
        return int(self.values[row])

    def take(self, rows: NDArray[Any]) -> list[int]:
        taken: list[int] = self.values[rows].tolist()
        return taken

    def ranks(self, sort_key: Callable[[Any], Any] | None = None) -> Ranks:
        if sort_key is not None:
            return Coded.of(self.values.tolist()).ranks(sort_key)
        if self._ranks is None:
            distinct, places = np.unique(self.values, return_inverse=True)
            self._ranks = Ranks(places.astype(np.int64), len(distinct))
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


class _Followed(Coded):
    """A field that works its values out, with plain ones after them."""

    def __init__(self, field: Coded, values: Sequence[Any]) -> None:
        super().__init__(np.concatenate([field.codes, np.zeros(len(values), np.intp)]), field.values)
        self._field, self._after = field, list(values)

    def at(self, row: int) -> Any:
        own = len(self._field)
        return self._field.at(row) if row < own else self._after[row - own]


def extended(field: Field, values: Sequence[Any]) -> Field:
    """The field with more rows after its own."""
    if isinstance(field, Amounts):
        if all(type(value) is int for value in values):
            return Amounts(np.concatenate([field.values, np.array(values, dtype=np.int64)]))
        return Coded.of([*field.values.tolist(), *values])
    if type(field) is not Coded:
        return _Followed(field, values)
    known = {value: code for code, value in enumerate(field.values)}
    codes = [known.setdefault(value, len(known)) for value in values]
    return Coded(np.concatenate([field.codes, np.array(codes, dtype=np.intp)]), list(known))


def _empty(value: Any) -> bool:
    return value is None or value == ""
