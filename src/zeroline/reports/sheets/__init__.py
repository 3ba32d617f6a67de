"""Documents as XLSX: a cover sheet and one sheet a table, with real numbers and dates and no formulas.

Text is always written as text, whatever it begins with. Excel keeps 15 digits: a number that needs more is
written as text, so that no digit is lost. The same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from zeroline.domain import instant
from zeroline.reports.documents import Document
from zeroline.reports.files import Meter, Progress, replacing
from zeroline.reports.sheets.cells import LONGEST_TEXT, Cells
from zeroline.reports.sheets.cover import Cover
from zeroline.reports.sheets.tables import MOST_ROWS, TableWriter

__all__ = ["LONGEST_TEXT", "MOST_ROWS", "write_xlsx"]


def write_xlsx(
    document: Document,
    path: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Writes ``document`` to ``path``, whole or not at all.

    Raises Cancelled soon after ``cancelled()`` answers true, OSError when the file cannot be written.
    """
    meter = Meter(sum(table.row_count() for table in document.tables()), progress, cancelled)
    with replacing(Path(path)) as temporary, TemporaryDirectory(prefix="zeroline-") as rows:
        options = {
            "constant_memory": True,
            "tmpdir": rows,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(temporary), options)
        try:
            _fill(book, document, meter)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            if not book.fileclosed:
                book.fileclosed = True  # half a book is nothing to save
                for sheet in book.worksheets():
                    sheet.row_data_fh.close()
    meter.finish()


def _fill(book: xlsxwriter.Workbook, document: Document, meter: Meter) -> None:
    generated = instant.at(document.generated_at - document.generated_at % instant.SECOND)
    book.set_properties(
        {
            "title": document.title,
            "subject": document.scope,
            "author": document.generated_by,
            "comments": f"{document.words.data_hash}: {document.integrity.data_hash}",
            "created": generated.replace(tzinfo=None),
        }
    )
    cells = Cells(book, document)
    Cover(cells).write()
    for table in document.tables():
        TableWriter(cells, meter).write(table)
