"""Rejected rows as a file to be mended and imported again."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

from zeroline.domain.errors import Trouble
from zeroline.domain.views.intake import RejectedRow, Rejects

REASON_COLUMN = "reject_reason"
ROW_COLUMN = "reject_row"


def write_rejects(path: Path, rejects: Rejects, reason: Callable[[RejectedRow], str]) -> None:
    """Write the rejected rows as CSV (UTF-8 with a byte order mark, so that spreadsheets read it right).

    The columns are the file's own, then the row's number and its ``reason`` in words, which an import passes
    over. Cells are exactly as read, so that a mended file says the same as the first one. The file appears
    whole or not at all; raises Trouble ``file-unwritable``.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    header = [name for name in rejects.header if name not in (REASON_COLUMN, ROW_COLUMN)]
    keep = [name not in (REASON_COLUMN, ROW_COLUMN) for name in rejects.header]
    try:
        try:
            with temporary.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([*header, ROW_COLUMN, REASON_COLUMN])
                for row in rejects.rows:
                    cells = list(row.cells) + [""] * (len(keep) - len(row.cells))
                    own = [cell for cell, kept in zip(cells, keep, strict=False) if kept]
                    writer.writerow([*own[: len(header)], row.row, reason(row)])
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise Trouble("file-unwritable", file=str(path), detail=error.strerror or str(error)) from error
