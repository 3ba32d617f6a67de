"""Rows as a table for eyes, CSV or JSON for machines, on standard output."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from typing import TextIO

from zeroline.domain import instant
from zeroline.domain.quantity import MINUS, plain

FORMATS = ("table", "csv", "json")


def amount(micro: int) -> str:
    """A quantity or money as a plain decimal."""
    return plain(micro)


def moment(micro: int | None) -> str:
    """An instant in ISO 8601, '' for none."""
    return "" if micro is None else instant.iso(micro)


def write_rows(
    stream: TextIO, form: str, columns: Sequence[str], rows: Iterable[Sequence[str | bool]], empty: str
) -> None:
    """Write rows of texts; ``empty`` is what a table says when there are none.

    CSV: comma, quotes where needed, true and false in lower case, a header always.
    """
    if form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_word(cell) for cell in row] for row in rows)
    elif form == "json":
        entries = [dict(zip(columns, row, strict=True)) for row in rows]
        json.dump(entries, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    else:
        _table(stream, columns, [[_word(cell) for cell in row] for row in rows], empty)


def _word(cell: str | bool) -> str:
    return cell if isinstance(cell, str) else str(cell).lower()


def _is_number(text: str) -> bool:
    return bool(text) and text.lstrip("-").replace(".", "", 1).isdecimal()


def _table(stream: TextIO, columns: Sequence[str], rows: list[list[str]], empty: str) -> None:
    if not rows:
        stream.write(empty + "\n")
        return
    titles = [column.replace("_", " ") for column in columns]
    right = [
        any(row[i] for row in rows) and all(not row[i] or _is_number(row[i]) for row in rows)
        for i in range(len(columns))
    ]
    shown = [
        [cell.replace("-", MINUS) if number else cell for cell, number in zip(row, right, strict=True)]
        for row in rows
    ]
    widths = [max(len(row[i]) for row in (titles, *shown)) for i in range(len(columns))]
    for row in (titles, ["─" * width for width in widths], *shown):
        cells = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        )
        stream.write("  ".join(cells).rstrip() + "\n")
