"""The shape of a table's rows and of what can be wrong with one as a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_CELL = 32_767
"""Characters a cell may have to be understood (as many as a spreadsheet's cell holds)."""

KEPT_OF_CELL = 2_000
"""Characters of an overlong cell that are kept with a rejected row."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out; '' means find out. ``header_row`` counts from 1."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be split into the header's columns: a DomainError code and its facts."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class RawRow(NamedTuple):
    """A row as read: its number from 1, its cells, stripped of nothing, and its fault if it has one."""

    number: int
    cells: list[str]
    fault: Fault | None = None


def shortened(cells: list[str]) -> tuple[str, ...]:
    """The cells as they are kept with a reject: overlong ones cut, NUL made visible."""
    return tuple(
        (cell if len(cell) <= KEPT_OF_CELL else cell[:KEPT_OF_CELL] + "…").replace("\0", "␀")
        for cell in cells
    )
