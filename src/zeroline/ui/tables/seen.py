"""What a person sees of a list, as one frozen value; copy, export and print are all made from it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from zeroline.domain.quantity import plain
from zeroline.domain.views.seen import SeenColumn, SeenRow, SeenTable
from zeroline.ui.tables.column import Column
from zeroline.ui.tables.model import BLOCK, BLOCK_BITS, TableModel
from zeroline.ui.tables.rows import Group

SheetWriter = Callable[[SeenTable, Path], None]
"""Writes an XLSX file; zeroline.reports has it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def seen(
    model: TableModel,
    places: Sequence[int],
    lines: Sequence[int] | None = None,
    title: str = "",
    scope: Sequence[str] = (),
) -> SeenTable:
    """``places``: logical columns in visible order; ``lines``: which lines, all when None.

    A unit gets a column of its own behind its figures, so that the figures stay figures elsewhere.
    """
    columns: list[SeenColumn] = []
    for place in places:
        column = model.columns[place]
        columns.append(SeenColumn(column.title, column.numeric, model.decimals_of(place)))
        if column.unit_from:
            columns.append(SeenColumn(f"{column.title}, unit"))
    wanted = range(model.rowCount()) if lines is None else lines
    rows = tuple(_row(model, places, line) for line in wanted)
    return SeenTable(title, tuple(columns), rows, tuple(scope))


def _row(model: TableModel, places: Sequence[int], line: int) -> SeenRow:
    block = model.block(line >> BLOCK_BITS)
    at = line & (BLOCK - 1)
    group = block.groups[at]
    if group is not None:
        return _heading(model, places, group)
    row = model.row_at(line)
    texts: list[str] = []
    amounts: list[int | None] = []
    for place in places:
        column = model.columns[place]
        text, _, _, unit = block.cells[place][at]
        value = model.rows.value(column.key, row) if row is not None else None
        texts.append(column.paper(value) if column.paper is not None else text)
        amounts.append(value if column.numeric else None)
        if column.unit_from:
            texts.append(unit)
            amounts.append(None)
    return SeenRow(tuple(texts), tuple(amounts))


def _heading(model: TableModel, places: Sequence[int], group: Group) -> SeenRow:
    texts: list[str] = []
    amounts: list[int | None] = []
    for n, place in enumerate(places):
        column: Column = model.columns[place]
        total = group.totals.get(column.key)
        texts.append("" if total is None else model.amount_text(column.key, total))
        amounts.append(total if column.numeric else None)
        if n == 0:
            texts[0], amounts[0] = f"{model.group_title(group)} ({group.size})", None
        if column.unit_from:
            texts.append("")
            amounts.append(None)
    return SeenRow(tuple(texts), tuple(amounts), group=True)


def as_text(table: SeenTable, decimal: str = ".") -> str:
    """For the clipboard: headings and cells between tabs; figures as spreadsheets of the locale read them."""
    lines = ["\t".join(_flat(column.title) for column in table.columns)]
    for row in table.rows:
        pairs = zip(row.texts, row.amounts, strict=True)
        lines.append("\t".join(_figure(amount, decimal) or _flat(text) for text, amount in pairs))
    return "\n".join(lines)


def as_csv(table: SeenTable) -> str:
    """Headings and cells; figures as plain decimals, text cells that would be formulas made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_harmless(column.title) for column in table.columns])
    for row in table.rows:
        pairs = zip(row.texts, row.amounts, strict=True)
        writer.writerow([_figure(amount, ".") or _harmless(text) for text, amount in pairs])
    return out.getvalue()


def export(table: SeenTable, file: Path, write_sheet: SheetWriter) -> None:
    """Write CSV or, for a name ending in .xlsx, a workbook: to a temporary name first, then renamed.

    Raises OSError when the place cannot be written; nothing half-written is left then.
    """
    unfinished = file.with_name(f".{file.stem}.part{file.suffix}")
    try:
        if file.suffix.lower() == ".xlsx":
            write_sheet(table, unfinished)
        else:
            unfinished.write_text(as_csv(table), encoding="utf-8-sig", newline="")
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


def _figure(amount: int | None, decimal: str) -> str:
    return "" if amount is None else plain(amount).replace(".", decimal)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
