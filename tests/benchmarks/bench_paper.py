"""How fast a long reconciliation gets onto paper, against the ways it is usually done; paired, one run.

    python -m tests.benchmarks.bench_paper [--quick]

Ratios carry over to other machines, seconds do not. Wanted (10,000 lines of twelve columns, wrapped, in the
shipped face): faster than one drawString a cell, at least eight times faster than a LongTable of strings,
and time and memory linear to 100,000 lines.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate, TableStyle

from support.paper import document, simple_table
from zeroline import assets
from zeroline.reports.documents import Document, Notation, Table
from zeroline.reports.pdf import write_pdf
from zeroline.reports.sheets import write_xlsx

FACE = "bench-sans"
LEADING = 9.8


def strings(table: Table, notation: Notation) -> list[list[str]]:
    """The cells as both rivals want them; writing them is part of everybody's work."""
    writers = [notation.writer(column.kind, column.decimals) for column in table.columns]
    return [
        [
            write(cell) if isinstance(cell, int) else cell or ""
            for write, cell in zip(writers, row, strict=True)
        ]
        for row in table.rows  # type: ignore[misc]
    ]


def by_us(made: Document, path: Path) -> None:
    write_pdf(made, path)


def by_draw_string(made: Document, path: Path) -> None:
    """One drawString a cell, nothing wrapped or measured: the least a page writer of cells can do."""
    table = next(made.tables())
    width, height = landscape(A4)
    canvas = Canvas(str(path), pagesize=(width, height), invariant=1, pageCompression=1)
    step = (width - 74) / len(table.columns)
    y = 0.0
    for row in strings(table, made.notation()):
        if y < 60:
            if y:
                canvas.showPage()
            canvas.setFont(FACE, 8)
            y = height - 60
        for place, text in enumerate(row):
            canvas.drawString(37 + place * step, y, text)
        y -= LEADING
    canvas.save()


def by_long_table(made: Document, path: Path) -> None:
    table = next(made.tables())
    rows = strings(table, made.notation())
    style = TableStyle(
        [("FONT", (0, 0), (-1, -1), FACE, 8, LEADING), ("LINEBELOW", (0, 0), (-1, -1), 0.3, (0.7, 0.7, 0.7))]
    )
    width = (landscape(A4)[0] - 74) / len(table.columns)
    flowable = LongTable(rows, colWidths=[width] * len(table.columns), repeatRows=1, style=style)
    SimpleDocTemplate(str(path), pagesize=landscape(A4), invariant=1, pageCompression=1).build([flowable])


def seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def peak(work: Callable[[], Any]) -> float:
    """Peak of Python memory in MB."""
    gc.collect()
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def main(quick: bool) -> None:
    pdfmetrics.registerFont(TTFont(FACE, str(assets.font("sans"))))
    rounds, lines, many = (3, 2_000, 20_000) if quick else (5, 10_000, 100_000)
    ways = {"own pages": by_us, "drawString": by_draw_string, "LongTable": by_long_table}
    made, longer = document(simple_table(lines)), document(simple_table(many))
    taken: dict[str, list[float]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pdf"
        write_pdf(document(simple_table(10)), path)
        for number in range(rounds):
            for name, way in ways.items():
                if name != "LongTable" or number < 3:
                    taken[name].append(seconds(lambda way=way: way(made, path)))
        middle = {name: statistics.median(times) for name, times in taken.items()}
        print(f"{lines:,} lines × 12 columns (CPU s, medians)")
        for name, time_taken in middle.items():
            print(f"  {name:12} {time_taken:7.2f}   {time_taken / middle['own pages']:5.1f} × own pages")
        long_time = statistics.median(seconds(lambda: by_us(longer, path)) for _ in range(3))
        growth = long_time / middle["own pages"]
        print(f"{many:,} lines: {long_time:.2f} s, {growth:.1f} × the time for {many // lines} × the lines")
        print(f"  {path.stat().st_size / 1e6:.1f} MB")
        less, more = peak(lambda: by_us(made, path)), peak(lambda: by_us(longer, path))
        print(f"memory beyond the rows: {less:.0f} MB and {more:.0f} MB, {more / less:.1f} ×")
        workbook = Path(folder) / "a.xlsx"
        sheet = statistics.median(seconds(lambda: write_xlsx(made, workbook)) for _ in range(3))
        print(f"the same {lines:,} lines as a workbook: {sheet:.2f} s")


if __name__ == "__main__":
    main("--quick" in sys.argv)
