"""A list of the window as a workbook: the cells as a person saw them, figures as real numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from zeroline.domain.quantity import SCALE
from zeroline.domain.views.seen import SeenTable
from zeroline.reports.sheets.cells import LONGEST_TEXT
from zeroline.reports.sheets.tables import MOST_ROWS

_DIGITS = 15


def write_seen(table: SeenTable, path: Path) -> None:
    """Writes the list to ``path``: title and scope above, headings frozen, groups bold, no formulas.

    What a sheet cannot hold below its last row is left out and said so there. Raises OSError when the file
    cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    strong, plain = book.add_format({"bold": True}), book.add_format()
    sheet = book.add_worksheet("List")
    sheet.write_string(0, 0, table.title, strong)
    sheet.write_string(1, 0, " · ".join(table.scope))
    figures = {
        (column.decimals, group): book.add_format({"num_format": _pattern(column.decimals), "bold": group})
        for column in table.columns
        for group in (False, True)
    }
    for place, column in enumerate(table.columns):
        longest = max((len(row.texts[place]) for row in table.rows[:500]), default=0)
        sheet.set_column(place, place, min(60, max(8, len(column.title) + 2, longest + 2)))
        sheet.write_string(2, place, column.title, strong)
    sheet.freeze_panes(3, 0)
    room = MOST_ROWS - 4
    for at, row in enumerate(table.rows[:room], start=3):
        for place, (text, amount) in enumerate(zip(row.texts, row.amounts, strict=True)):
            if amount is not None and len(str(abs(amount)).rstrip("0")) <= _DIGITS:
                look = figures[table.columns[place].decimals, row.group]
                sheet.write_number(at, place, Decimal(amount) / SCALE, look)
            elif text:
                sheet.write_string(at, place, text[:LONGEST_TEXT], strong if row.group else plain)
    if len(table.rows) > room:
        sheet.write_string(MOST_ROWS - 1, 0, f"{len(table.rows) - room} more rows do not fit on one sheet")
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error


def _pattern(decimals: int) -> str:
    figure = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{figure};"−"{figure}'
