"""What a person sees of a list, as one frozen value; copy, export and print are all made from it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from zeroline.domain.quantity import SCALE, plain
from zeroline.domain.views.seen import SeenColumn, SeenRow, SeenTable
from zeroline.ui.tables.column import Column
from zeroline.ui.tables.rows import Group
from zeroline.ui.tables.shown import BLOCK, Block, Shown

SheetWriter = Callable[[SeenTable, Path], None]
"""Writes an XLSX file; zeroline.reports has it."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def seen(
    shown: Shown,
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
        column = shown.columns[place]
        columns.append(SeenColumn(column.title, column.numeric or column.counts, shown.decimals[place]))
        if column.unit_from:
            columns.append(SeenColumn(f"{column.title}, unit"))
    rows: list[SeenRow] = []
    block, start = Block([], []), -BLOCK
    for line in range(len(shown)) if lines is None else lines:
        if not start <= line < start + BLOCK:
            start = line
            block = shown.block(start)
        rows.append(_row(shown, places, block, line, line - start))
    return SeenTable(title, tuple(columns), tuple(rows), tuple(scope))


def _row(shown: Shown, places: Sequence[int], block: Block, line: int, at: int) -> SeenRow:
    group = block.groups[at]
    if group is not None:
        return _heading(shown, places, group)
    row = shown.row_at(line)
    texts: list[str] = []
    amounts: list[int | None] = []
    for place in places:
        column = shown.columns[place]
        text, _, _, unit = block.cells[place][at]
        value = shown.rows.value(column.key, row) if row is not None else None
        texts.append(column.paper(value) if column.paper is not None else text)
        amounts.append(_amount(column, value))
        if column.unit_from:
            texts.append(unit)
            amounts.append(None)
    return SeenRow(tuple(texts), tuple(amounts))


def _heading(shown: Shown, places: Sequence[int], group: Group) -> SeenRow:
    texts: list[str] = []
    amounts: list[int | None] = []
    for n, place in enumerate(places):
        column = shown.columns[place]
        total = group.totals.get(column.key)
        texts.append("" if total is None else shown.amount_text(column.key, total))
        amounts.append(_amount(column, total))
        if n == 0:
            texts[0], amounts[0] = f"{shown.group_title(group)} ({group.size})", None
        if column.unit_from:
            texts.append("")
            amounts.append(None)
    return SeenRow(tuple(texts), tuple(amounts), group=True)


def _amount(column: Column, value: Any) -> int | None:
    """Micro-units of a cell that is a number."""
    if value is None or not (column.numeric or column.counts):
        return None
    return int(value) * SCALE if column.counts else int(value)


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
