"""The rejected rows as a file that can be mended in a spreadsheet and imported the same way."""

from __future__ import annotations

import csv
import io

from zeroline.domain.views.intake import RejectedRow, Rejects
from zeroline.ui.screens.intake.lists import why


def as_csv(rejects: Rejects) -> str:
    """The rows under the file's own column names, with their row number and reason behind them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*rejects.header, "zeroline_row", "zeroline_reason"])
    width = len(rejects.header)
    for row in rejects.rows:
        writer.writerow([*_fitted(row, width), row.row, why(row.code, row.facts)])
    return out.getvalue()


def _fitted(row: RejectedRow, width: int) -> list[str]:
    return [*row.cells[:width], *[""] * (width - len(row.cells))]
