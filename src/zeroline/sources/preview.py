"""What a file looks like and how it is understood, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from zeroline.domain import instant
from zeroline.domain.incoming import (
    BalanceRow,
    DocumentRow,
    ItemRow,
    LocationRow,
    Measure,
    MovementRow,
    Problem,
    Record,
    RecordKind,
    ReservationRow,
    TransferRow,
)
from zeroline.domain.quantity import plain
from zeroline.sources.file_source import FileSource
from zeroline.sources.mapping import suggest
from zeroline.sources.table import Layout, open_table, sheet_names

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Probe:
    """A file as found: ``layout`` as detected, ``sheets`` of a workbook, the column names, the first rows
    as (row number, cells), and a suggestion of columns by field name."""

    layout: Layout
    sheets: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as read, and what is made of it: texts by field name for each record (a transfer has two),
    or its ``problem``; neither when the mapping leaves it out."""

    number: int
    cells: tuple[str, ...]
    understood: tuple[dict[str, str], ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a source under its rules."""

    header: tuple[str, ...]
    rows: tuple[PreviewRow, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong among these rows."""
        return tuple(row.problem for row in self.rows if row.problem is not None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The field names that any of these rows fills, in the order of a record."""
        return tuple(dict.fromkeys(name for row in self.rows for part in row.understood for name in part))


def probe(path: Path, kind: RecordKind, layout: Layout | None = None, limit: int = SHOWN) -> Probe:
    """Look at a file without a mapping. Raises as :func:`zeroline.sources.table.open_table`."""
    table = open_table(path, layout)
    try:
        rows = tuple((row.number, tuple(row.cells)) for row in islice(table.rows(), limit))
        sheets = sheet_names(path)
        return Probe(table.layout, sheets, table.header, rows, suggest(table.header, kind))
    finally:
        table.close()


def preview(source: FileSource, limit: int = SHOWN) -> Preview:
    """The first rows of ``source``; raises DomainError for what makes the whole file impossible to read."""
    table, reader = source.open()
    try:
        rows = []
        for row in islice(table.rows(), limit):
            found = reader.read(row)
            problem = found if isinstance(found, Problem) else None
            understood = () if found is None or isinstance(found, Problem) else tuple(_told(found))
            rows.append(PreviewRow(row.number, tuple(row.cells), understood, problem))
        return Preview(table.header, tuple(rows))
    finally:
        table.close()


def _told(record: Record) -> Iterator[dict[str, str]]:
    """The record's fields as plain texts, empty ones left out."""
    if isinstance(record, TransferRow):
        for leg in record.legs:
            yield from _told(leg)
        return
    yield {name: text for name, text in _texts(record) if text}


def _texts(
    record: MovementRow | ItemRow | LocationRow | BalanceRow | DocumentRow | ReservationRow,
) -> Iterator[tuple[str, str]]:
    for name in record.__slots__:
        value = getattr(record, name)
        if name in ("row", "cells") or value is None:
            continue
        if isinstance(value, Measure):
            yield ("done_quantity" if name == "done" else "quantity"), plain(value.entered)
            yield "unit", value.unit
            if value.factor is not None:
                yield "factor", "/".join(str(part) for part in value.factor)
        elif isinstance(value, bool):
            yield name, "yes" if value else ""
        elif isinstance(value, tuple):
            yield name, "/".join(str(part) for part in value)
        elif isinstance(value, int):
            yield name, _number(name, value)
        else:
            yield _NAMES.get(name, name), str(value)


_NAMES = {"reference": "movement_id", "line": "document_line"}


def _number(name: str, value: int) -> str:
    if name.endswith("_at") or name == "as_of":
        return instant.iso(value)
    return plain(value) if name == "unit_cost" else str(value)
