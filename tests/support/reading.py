"""Reads back what was printed: text, words with places, pictures, barcodes, fonts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import zxingcpp

from zeroline.reports.documents import Document
from zeroline.reports.pdf import write_pdf


@contextmanager
def printed(document: Document, folder: Path) -> Iterator[Any]:
    """The document as an open PDF."""
    path = folder / document.file_name("pdf")
    write_pdf(document, path)
    with opened(path) as pdf:
        yield pdf


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        yield pdf
    finally:
        pdf.close()


def page_text(pdf: Any, index: int) -> str:
    page = pdf[index]
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded()).replace("\r\n", "\n").replace("\x02", "-\n")  # a hyphen at an end
    finally:
        text.close()
        page.close()


def texts(pdf: Any) -> list[str]:
    return [page_text(pdf, index) for index in range(len(pdf))]


def whole_text(document: Document, folder: Path) -> str:
    with printed(document, folder) as pdf:
        return "\n".join(texts(pdf))


def places(pdf: Any, index: int, wanted: str) -> list[tuple[float, float, float, float]]:
    """Boxes (left, bottom, right, top) in points of every occurrence of a text on a page."""
    page = pdf[index]
    text = page.get_textpage()
    search = text.search(wanted, match_case=True)
    found = []
    while (hit := search.get_next()) is not None:
        start, count = hit
        boxes = [text.get_charbox(place) for place in range(start, start + count)]
        found.append(
            (
                min(box[0] for box in boxes),
                min(box[1] for box in boxes),
                max(box[2] for box in boxes),
                max(box[3] for box in boxes),
            )
        )
    search.close()
    text.close()
    page.close()
    return found


def extent(pdf: Any, index: int) -> tuple[float, float, float, float]:
    """The box around all characters of a page."""
    page = pdf[index]
    text = page.get_textpage()
    boxes = [text.get_charbox(place) for place in range(text.count_chars())]
    boxes = [box for box in boxes if box[2] > box[0]]
    text.close()
    page.close()
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def smallest_type(pdf: Any, index: int) -> float:
    """The smallest size of type in points on a page (spaces that the reader makes up have size 1)."""
    page = pdf[index]
    text = page.get_textpage()
    sizes = [raw.FPDFText_GetFontSize(text.raw, place) for place in range(text.count_chars())]
    text.close()
    page.close()
    return float(min(size for size in sizes if size > 1))


def symbols(pdf: Any, index: int) -> list[tuple[str, str]]:
    """(format, text) of every barcode and QR code a scanner finds on the rendered page."""
    page = pdf[index]
    picture = page.render(scale=4).to_pil()
    page.close()
    return [(str(found.format), found.text) for found in zxingcpp.read_barcodes(picture)]
