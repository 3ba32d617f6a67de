"""One way to a file's header and rows, whatever kind of file it is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from zeroline.domain.errors import DomainError, Trouble
from zeroline.sources.table.delimited import DelimitedRows, named_delimiter, sniff_delimiter
from zeroline.sources.table.encoding import detect_encoding
from zeroline.sources.table.row import Fault, Layout, RawRow
from zeroline.sources.table.workbook import open_sheet, open_workbook, sheet_rows

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PDF = b"%PDF"
_HEAD = 1 << 16


class Table:
    """An opened file: ``header`` (the column names, stripped), then :meth:`rows` once.

    ``layout`` is what was found out (encoding and delimiter of a text, the sheet of a workbook).
    """

    def __init__(
        self,
        header: tuple[str, ...],
        rows: Iterator[RawRow],
        layout: Layout,
        total: int,
        raw: BinaryIO | None = None,
        stream: io.TextIOWrapper | None = None,
    ) -> None:
        self.header = header
        self.layout = layout
        self._rows = rows
        self._total = total
        self._raw = raw
        self._stream = stream
        self._seen = 0

    def rows(self) -> Iterator[RawRow]:
        """The rows below the header; a ragged row carries its fault. Blank rows are passed over."""
        width = len(self.header)
        for row in self._rows:
            self._seen += 1
            number, cells, fault = row
            if fault is not None or len(cells) == width:
                yield row
            elif len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                yield RawRow(number, cells[:width])
            elif len(cells) == 1 and not cells[0].strip():
                continue
            else:
                yield RawRow(number, cells, Fault("row-ragged", {"expected": width, "found": len(cells)}))

    def share(self) -> float:
        """How much of the file is read so far, 0 to 1."""
        done = self._raw.tell() if self._raw is not None and not self._raw.closed else self._seen
        return min(1.0, done / self._total) if self._total else 1.0

    def close(self) -> None:
        """Let go of the file."""
        if self._stream is not None:
            self._stream.close()


def open_table(path: Path, layout: Layout | None = None) -> Table:
    """Open a CSV or XLSX file up to its header.

    Raises DomainError ``file-empty``, ``file-kind``, ``file-damaged``, ``file-protected``, ``workbook-bomb``,
    ``sheet-missing``, ``encoding-unknown``, and Trouble ``file-unreadable`` when it cannot be opened.
    """
    layout = layout or Layout()
    try:
        with path.open("rb") as file:
            start = file.read(8)
        if not start:
            raise DomainError("file-empty", file=path.name)
        if start.startswith((_ZIP, _EMPTY_ZIP)):
            return _workbook(path, layout)
        if start.startswith((_OLD_OFFICE, _PDF)) or path.suffix.lower() in (".xls", ".xlsb", ".ods"):
            raise DomainError("file-kind", file=path.name)
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            raise DomainError("file-damaged", file=path.name)
        return _text(path, layout)
    except OSError as error:
        raise Trouble("file-unreadable", file=path.name, detail=error.strerror or str(error)) from error


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook; none for a text file. Raises as :func:`open_table`."""
    try:
        with path.open("rb") as file:
            if not file.read(4).startswith(_ZIP):
                return ()
        return tuple(open_workbook(path).sheet_names)
    except OSError as error:
        raise Trouble("file-unreadable", file=path.name, detail=error.strerror or str(error)) from error


def file_digest(path: Path) -> str:
    """SHA-256 (hex) of the file's bytes; raises Trouble ``file-unreadable``."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Trouble("file-unreadable", file=path.name, detail=error.strerror or str(error)) from error


def _workbook(path: Path, layout: Layout) -> Table:
    sheet = open_sheet(path, layout.sheet)
    rows = sheet_rows(sheet)
    header = _header(rows, layout.header_row, path.name)
    found = Layout("", "", sheet.name, layout.header_row)
    return Table(header, rows, found, max(1, sheet.total_height))


def _text(path: Path, layout: Layout) -> Table:
    encoding = layout.encoding or detect_encoding(path)
    try:
        b" ".decode(encoding, "replace")
    except (LookupError, ValueError) as error:
        raise DomainError("encoding-unknown", encoding=encoding) from error
    raw = path.open("rb")
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    try:
        head = stream.read(_HEAD)
        stream.seek(0)
        first_line = head.split("\n", 1)[0]
        named = named_delimiter(first_line)
        delimiter = layout.delimiter or named or sniff_delimiter(head)
        delimited = DelimitedRows(stream, delimiter)
        rows = iter(delimited)
        header = _header(rows, layout.header_row + bool(named), path.name)
        delimited.width = len(header)
    except BaseException:
        stream.close()
        raise
    found = Layout(encoding, delimiter, "", layout.header_row)
    return Table(header, rows, found, path.stat().st_size, raw, stream)


def _header(rows: Iterator[RawRow], header_row: int, name: str) -> tuple[str, ...]:
    """The first row that is not blank at or after ``header_row``."""
    for row in rows:
        if row.number < header_row:
            continue
        if row.fault is not None:
            raise DomainError("header-unreadable", file=name)
        cells = [cell.strip().lstrip("\ufeff") for cell in row.cells]
        if not any(cells):
            continue
        while cells and not cells[-1]:
            cells.pop()
        return tuple(cells)
    raise DomainError("file-empty", file=name)
