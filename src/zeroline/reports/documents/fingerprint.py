"""A hash of a report's data that does not depend on language, layout, or who printed it when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from zeroline.reports.documents.blocks import Block, Cell, Facts, Flagged, Quoted, Table, Total


def data_hash(kind: str, as_of: int, blocks: Sequence[Block]) -> str:
    """SHA-256, lower-case hex, over the raw cells of every table, total and fact of ``blocks``.

    Canonical text: one line a record, fields separated by U+001F; int as decimal digits after ``i``, str
    after ``s`` with backslash, line feed and U+001F escaped (of a Quoted its raw), None as ``n``. The same
    data as of the same instant give the same hash on every machine.
    """
    digest = hashlib.sha256(f"zeroline-data-1\x1f{kind}\x1f{as_of}\n".encode())
    for block in blocks:
        if isinstance(block, Table):
            _add(digest, ("table", block.key, *(column.key for column in block.columns)))
            _add_rows(digest, block.rows)
            for group in block.groups:
                _add(digest, ("group", group.title))
                _add_rows(digest, group.rows)
                _add_totals(digest, group.totals)
            _add_totals(digest, block.totals)
        elif isinstance(block, Facts):
            _add(digest, ("facts", *(_raw(fact.value) for fact in block.facts)))
    return digest.hexdigest()


def _add_rows(digest: hashlib._Hash, rows: Iterable[Sequence[Cell]]) -> None:
    lines: list[str] = []
    for row in rows:
        lines.append("\x1f".join([_field(cell) for cell in row]))
        if len(lines) == 1000:
            digest.update(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
            lines.clear()
    if lines:
        digest.update(("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))


def _add_totals(digest: hashlib._Hash, totals: Iterable[Total]) -> None:
    for total in totals:
        _add(digest, ("total", *total.cells))


def _add(digest: hashlib._Hash, cells: Iterable[Cell]) -> None:
    line = "\x1f".join([_field(cell) for cell in cells]) + "\n"
    digest.update(line.encode("utf-8", "surrogatepass"))


def _field(cell: Cell) -> str:
    value = _raw(cell)
    if value is None:
        return "n"
    if isinstance(value, int):
        return f"i{value}"
    if "\\" in value or "\n" in value or "\x1f" in value:
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\x1f", "\\u001f")
    return "s" + value


def _raw(cell: Cell) -> str | int | None:
    value = cell.value if isinstance(cell, Flagged) else cell
    return value.raw if isinstance(value, Quoted) else value
