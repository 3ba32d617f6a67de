"""Tables as sheets: titles frozen on top, filters on, totals below, further sheets where rows run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from zeroline.reports.documents import Column, Flagged, Kind, Row, Table
from zeroline.reports.files import Meter
from zeroline.reports.sheets.cells import Cells, Lines

MOST_ROWS: Final = 1_048_576
"""Rows a sheet can hold."""
_TOLD_EVERY = 512


class TableWriter:
    """Writes one table into one sheet, or more when it is too long."""

    def __init__(self, cells: Cells, meter: Meter) -> None:
        self.cells, self.document, self.meter = cells, cells.document, meter

    def write(self, table: Table) -> None:
        """The rows of ``table`` in printed order; a group's title stands in a column of its own."""
        grouped = bool(table.groups)
        columns = list(table.columns)
        rows = self._rows(table)
        sheet, line = self._table_sheet(table, columns, grouped)
        done = 0
        for group, row, bold in rows:
            if line.row >= MOST_ROWS:
                sheet, line = self._table_sheet(table, columns, grouped)
            at = line.next()
            if grouped:
                self.cells.text(sheet, at, 0, group, bold=bold)
            for place, (cell, column) in enumerate(zip(row, columns, strict=True), start=int(grouped)):
                self.cells.cell(sheet, at, place, cell, column, bold=bold)
            done += 1
            if done % _TOLD_EVERY == 0:
                self.meter.tick(_TOLD_EVERY)
        self.meter.tick(done % _TOLD_EVERY)
        if table.note and line.row < MOST_ROWS - 1:
            line.skip()
            self.cells.text(sheet, line.next(), 0, table.note, italic=True)

    def _rows(self, table: Table) -> Iterator[tuple[str, Row, bool]]:
        for row in table.rows:
            yield "", row, False
        for group in table.groups:
            for row in group.rows:
                yield group.title, row, False
            for total in group.totals:
                yield f"{group.title} · {total.label}", total.cells, True
        for total in table.totals:
            yield from self._total(table, total.label, total.cells)

    def _total(self, table: Table, label: str, cells: Row) -> Iterator[tuple[str, Row, bool]]:
        if table.groups:
            yield label, cells, True
            return
        named = list(cells)
        free = next((place for place, cell in enumerate(named) if cell is None), None)
        if free is not None:
            named[free] = label
        yield "", named, True

    def _table_sheet(self, table: Table, columns: Sequence[Column], grouped: bool) -> tuple[Any, Lines]:
        sheet = self.cells.sheet(table.title or table.key)
        sheet.freeze_panes(1, 0)
        line = Lines()
        row = line.next()
        titles = [self.document.words.group] * grouped + _unique_titles(columns)
        widths = [28.0] * grouped + [self._width(column, table) for column in columns]
        for place, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(place, place, max(width, min(len(title) * 1.1 + 2, 24)))
        for place, title in enumerate(titles):
            self.cells.text(sheet, row, place, title, bold=True, bottom=1, text_wrap=True)
        last = min(table.row_count(), MOST_ROWS - 1)
        if last:
            sheet.autofilter(0, 0, last, len(titles) - 1)
        sheet.set_landscape()
        sheet.set_paper(9 if self.document.paper.name == "A4" else 1)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.document.integrity.data_hash[:16]}&R&P / &N")
        return sheet, line

    def _width(self, column: Column, table: Table) -> float:
        match column.kind:
            case Kind.INSTANT:
                return 20 if column.seconds else 17
            case Kind.DAY | Kind.DURATION | Kind.SHARE | Kind.COUNT:
                return 12
            case Kind.QUANTITY | Kind.MONEY:
                return 14
        index = next(place for place, known in enumerate(table.columns) if known is column)
        longest = 0
        for row, _ in zip(table.all_rows(), range(2000), strict=False):
            cell = row[index]
            value = cell.value if isinstance(cell, Flagged) else cell
            if isinstance(value, str):
                longest = max(longest, len(value))
        return min(max(8.0, longest * 1.1 + 1), 60.0)


def _unique_titles(columns: Sequence[Column]) -> list[str]:
    """Titles that stand alone: one that repeats, or means nothing without its top, names the top too."""
    tops = {column.key: column.title for column in columns}
    plain = [column.title for column in columns]
    return [
        f"{tops[column.under]} · {column.title}"
        if column.under is not None and (plain.count(column.title) > 1 or len(column.title) <= 3)
        else column.title
        for column in columns
    ]
