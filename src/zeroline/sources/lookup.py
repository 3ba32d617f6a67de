"""Side files that a mapping looks things up in, such as a product list with pack sizes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zeroline.domain.errors import DomainError
from zeroline.sources.mapping.model import Lookup
from zeroline.sources.table.opened import open_table
from zeroline.sources.table.row import Layout

_MOST_ROWS = 2_000_000


class LookupTable:
    """A side file by key. Keys are matched exactly, else without regard to case."""

    def __init__(self, name: str, header: Sequence[str], rows: dict[str, tuple[str, ...]]) -> None:
        self._name = name
        self._places = {column: place for place, column in enumerate(header)}
        self._rows = rows
        self._folded = {key.casefold(): row for key, row in rows.items()}

    def column(self, column: str) -> int:
        """Where a column stands; raises DomainError ``column-missing``."""
        if column not in self._places:
            raise DomainError(
                "column-missing", file=self._name, column=column, columns=tuple(self._places)[:30]
            )
        return self._places[column]

    def find(self, key: str, place: int) -> str | None:
        """The cell of the row with ``key``, None where there is no such row."""
        row = self._rows.get(key) or self._folded.get(key.casefold())
        return None if row is None else row[place]


def load_lookup(lookup: Lookup, folder: Path) -> LookupTable:
    """Read a side file whole; of rows with one key the first counts.

    Raises as :func:`zeroline.sources.table.open_table`, and DomainError ``column-missing``,
    ``lookup-too-large``.
    """
    path = folder / lookup.file
    table = open_table(path, Layout(lookup.encoding, lookup.delimiter, lookup.sheet))
    try:
        found = LookupTable(path.name, table.header, {})
        place = found.column(lookup.key)
        rows: dict[str, tuple[str, ...]] = {}
        for row in table.rows():
            if row.fault is None and len(row.cells) > place:
                cells = tuple(cell.strip() for cell in row.cells)
                rows.setdefault(cells[place], cells)
            if len(rows) > _MOST_ROWS:
                raise DomainError("lookup-too-large", file=path.name)
        return LookupTable(path.name, table.header, rows)
    finally:
        table.close()
