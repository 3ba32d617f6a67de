"""Cells of a workbook: real numbers and dates with the right pattern, text always as text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from zeroline.domain.instant import DAY
from zeroline.domain.quantity import SCALE
from zeroline.reports.documents import Cell, Column, Document, Flag, Flagged, Kind, Notation

LONGEST_TEXT: Final = 32_767
"""Characters a spreadsheet cell can hold."""
_MARKS = {Flag.BELOW_ZERO: "▼", Flag.ATTENTION: "◆", Flag.VERIFIED: "✓"}
_COLOURS = {Flag.BELOW_ZERO: "#A80F0F", Flag.ATTENTION: "#854F00", Flag.VERIFIED: "#0A6124"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_DIGITS = 15


class Cells:
    """Adds sheets to a workbook and writes their cells; every format is made once."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book, self.document = book, document
        self.notation: Notation = document.notation()
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def format(self, **properties: Any) -> Any:
        """The workbook's format with these properties."""
        key = tuple(sorted(properties.items()))
        known = self._formats.get(key)
        if known is None:
            known = self._formats[key] = self.book.add_format(
                {"font_name": "Calibri", "font_size": 10, "valign": "top", **properties}
            )
        return known

    def sheet(self, title: str) -> Any:
        """A new sheet under the nearest name that a workbook allows and that is still free."""
        plain = _FORBIDDEN.sub(" ", title).strip().strip("'") or "Sheet"
        name, number = plain[:31].rstrip(), 1
        while name.lower() in self._names or name.lower() == "history":
            number += 1
            suffix = f" ({number})"
            name = plain[: 31 - len(suffix)].rstrip() + suffix
        self._names.add(name.lower())
        return self.book.add_worksheet(name)

    def text(self, sheet: Any, row: int, place: int, text: str, **properties: Any) -> None:
        """A text, never a formula or a link; cut, and saying so, where a cell cannot hold it."""
        if not text:
            return
        if len(text) > LONGEST_TEXT:
            cut = self.document.words.too_long
            text = text[: LONGEST_TEXT - len(cut)] + cut
        sheet.write_string(row, place, text.encode("utf-8", "replace").decode(), self.format(**properties))

    def cell(self, sheet: Any, row: int, place: int, cell: Cell, column: Column, **properties: Any) -> None:
        """A raw value by the kind of its column; a number beyond fifteen digits as exact text."""
        flag = cell.flag if isinstance(cell, Flagged) else None
        value = cell.value if isinstance(cell, Flagged) else cell
        properties = {name: given for name, given in properties.items() if given}
        if value is None:
            value = column.empty
        if isinstance(value, str):
            if flag is not None:
                properties |= {"bold": True, "font_color": _COLOURS[flag]}
                value = f"{_MARKS[flag]} {value}"
            if column.kind is Kind.CODE:
                properties["font_name"] = "Consolas"
            if len(value) > 60 and "\n" in value:
                properties["text_wrap"] = True
            self.text(sheet, row, place, value, **properties)
            return
        if flag is None and column.flag_negative and value < 0:
            flag = Flag.BELOW_ZERO
        if flag is not None:
            properties |= {"bold": True, "font_color": _COLOURS[flag]}
        mark = f'"{_MARKS[flag]} "' if flag is not None else ""
        if column.kind in (Kind.INSTANT, Kind.DAY):
            time = "" if column.kind is Kind.DAY else " hh:mm:ss" if column.seconds else " hh:mm"
            moment = self.notation.local(value)
            if moment.year < 1900 or moment.year > 9999:
                self.text(sheet, row, place, self.notation.instant(value), **properties)
                return
            if column.kind is Kind.DAY:
                moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            pattern = f"{mark}yyyy-mm-dd{time}"
            sheet.write_datetime(row, place, moment, self.format(num_format=pattern, **properties))
            return
        if len(str(abs(value)).rstrip("0")) > _DIGITS:
            written = self.notation.writer(column.kind, column.decimals)(value)
            self.text(sheet, row, place, written, align="right", **properties)
            return
        number, pattern = self._number(value, column)
        signed = f'{mark}{pattern};{mark}"−"{pattern}'
        sheet.write_number(row, place, number, self.format(num_format=signed, **properties))

    def _number(self, value: int, column: Column) -> tuple[Decimal | int, str]:
        match column.kind:
            case Kind.QUANTITY | Kind.MONEY:
                exact = Decimal(value) / SCALE
                if column.decimals is not None:
                    decimals = column.decimals
                elif column.kind is Kind.MONEY:
                    decimals = self.notation.money_decimals
                else:
                    decimals = max(0, -int(exact.normalize().as_tuple().exponent))
                return exact, "#,##0" + ("." + "0" * decimals if decimals else "")
            case Kind.SHARE:
                decimals = 1 if column.decimals is None else column.decimals
                return Decimal(value) / SCALE, "0" + ("." + "0" * decimals if decimals else "") + "%"
            case Kind.DURATION:
                return Decimal(value) / DAY, "[h]:mm:ss"
            case Kind.COUNT:
                return value, "#,##0"
            case _:
                return value, "0"


class Lines:
    """Rows in writing order, as constant memory demands."""

    def __init__(self) -> None:
        self.row = 0

    def next(self) -> int:
        """The next row."""
        self.row += 1
        return self.row - 1

    def skip(self) -> None:
        """Leaves one row empty."""
        self.row += 1
