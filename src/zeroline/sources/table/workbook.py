"""XLSX workbooks: the archive is judged before any parser sees it, then read by calamine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, load_workbook

from zeroline.domain.errors import DomainError
from zeroline.sources.table.row import RawRow

_MOST_BYTES = 1 << 30  # of all parts unpacked
_MOST_PARTS = 5_000
_MOST_RATIO = 300  # unpacked ÷ packed, for parts that are not small
_SMALL = 8 << 20
_MOST_CELLS = 40_000_000  # rows × columns of a sheet's outline
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_CHUNK = 1 << 20


def check_archive(path: Path) -> None:
    """Refuse what would fill the memory: raises DomainError ``workbook-bomb`` or ``file-damaged``.

    Looks at the archive's directory first; then unpacks every part in pieces, so that a directory that lies
    about sizes is found out, and measures each sheet's outline, since two far-apart cells are enough to make
    a reader allocate everything between them.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            packed = sum(part.compress_size for part in parts)
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or unpacked > _MOST_BYTES:
                raise DomainError("workbook-bomb", file=path.name, packed=packed, unpacked=unpacked)
            for part in parts:
                if part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(1, part.compress_size):
                    raise DomainError("workbook-bomb", file=path.name, packed=packed, unpacked=unpacked)
                if part.flag_bits & 0x1:
                    raise DomainError("file-protected", file=path.name)
            for part in parts:
                _measure(archive, part, path.name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise DomainError("file-damaged", file=path.name) from error
    except Exception as error:
        if type(error).__name__ in ("error", "LZMAError"):  # zlib.error, lzma
            raise DomainError("file-damaged", file=path.name) from error
        raise


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    rows = columns = cells = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not sheet:
                continue
            text = tail + chunk
            end = text.rfind(b">") + 1
            for letters, digits in _CELL.findall(text, 0, end):
                cells += 1
                rows = max(rows, int(digits))
                columns = max(columns, _column(letters))
            tail = text[end:][-4096:]
    if rows * columns > _MOST_CELLS and rows * columns > 20 * cells:
        raise DomainError("workbook-bomb", file=name, packed=part.compress_size, unpacked=rows * columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook, after :func:`check_archive`; raises DomainError ``file-damaged``."""
    check_archive(path)
    try:
        return load_workbook(str(path))
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise DomainError("file-damaged", file=path.name) from error


def open_sheet(path: Path, sheet: str) -> CalamineSheet:
    """The named sheet, or the first one. Raises DomainError ``sheet-missing`` with the names there are."""
    book = open_workbook(path)
    names = list(book.sheet_names)
    if not names:
        raise DomainError("file-empty", file=path.name)
    wanted = sheet or names[0]
    if wanted not in names:
        raise DomainError("sheet-missing", file=path.name, sheet=sheet, sheets=tuple(names))
    try:
        return book.get_sheet_by_name(wanted)
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise DomainError("file-damaged", file=path.name) from error


def sheet_rows(sheet: CalamineSheet) -> Iterator[RawRow]:
    """Every row that is not blank, numbered as in the sheet."""
    first = sheet.start[0] + 1 if sheet.start else 1
    for number, row in enumerate(sheet.iter_rows(), first):
        cells = [cell if type(cell) is str else cell_text(cell) for cell in row]
        if any(cells):
            yield RawRow(number, cells)


def cell_text(cell: object) -> str:
    """A cell's value as plain text: 123.0 is ``123``, a date is ISO 8601, true and false are words."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _number_text(number: float) -> str:
    """As many digits as a spreadsheet keeps (15), without an exponent where a person would write none."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = f"{number:.15g}"
    return format(Decimal(text), "f") if 1e-9 < abs(number) < 1e15 else text
