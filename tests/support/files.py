"""Files of other systems for tests: written as those systems would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

import xlsxwriter

from zeroline.domain.incoming import Problem, Record, RecordKind
from zeroline.sources import FileSource, plan, read_mapping


def text_file(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    """A file with this content (text is dedented and written as UTF-8)."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else dedent(content).lstrip("\n").encode())
    return path


def workbook(
    folder: Path, rows: Sequence[Sequence[object]], name: str = "book.xlsx", sheet: str = "Data"
) -> Path:
    """An XLSX file with one sheet."""
    path = folder / name
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return path


def source(path: Path, mapping: str = "", kind: RecordKind | None = None) -> FileSource:
    """The one source of a file under a mapping in TOML (our own columns without one)."""
    (found,) = plan([path], read_mapping(dedent(mapping)) if mapping else None, kind)
    return found


def read(path: Path, mapping: str = "", kind: RecordKind | None = None) -> tuple[list[Record], list[Problem]]:
    """All records and problems of a file."""
    batches = list(source(path, mapping, kind).batches())
    return [r for batch in batches for r in batch.records], [p for batch in batches for p in batch.problems]
