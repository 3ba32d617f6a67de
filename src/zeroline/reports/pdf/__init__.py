"""Documents as PDF: identical bytes for identical documents. The only importer of ReportLab.

``write_pdf`` may run in several threads at once; it shares nothing between calls.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, assert_never

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from zeroline.reports.documents import (
    QR,
    BalanceChart,
    BarChart,
    Block,
    Document,
    Facts,
    Heading,
    Notation,
    Orientation,
    PageBreak,
    Paragraph,
    SignatureBlock,
    Table,
    WriteIn,
)
from zeroline.reports.files import Meter, Progress, replacing
from zeroline.reports.pdf.charts import place_balance_chart, place_bar_chart
from zeroline.reports.pdf.columns import Weights
from zeroline.reports.pdf.flow import Flow, geometry
from zeroline.reports.pdf.frame import draw_frame, place_integrity, place_opening
from zeroline.reports.pdf.pagination import TableFlow
from zeroline.reports.pdf.pen import Pen
from zeroline.reports.pdf.prose import (
    place_facts,
    place_heading,
    place_paragraph,
    place_qr,
    place_signatures,
    place_write_in,
)
from zeroline.reports.pdf.typeface import Styles

rl_config.useA85 = 0  # plain compressed streams: smaller and quicker than their ASCII form


def write_pdf(
    document: Document,
    path: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Writes ``document`` to ``path`` and returns the number of pages.

    The file appears whole or not at all: it is written beside ``path`` under a temporary name and renamed.
    Raises Cancelled soon after ``cancelled()`` answers true, OSError when the file cannot be written.
    """
    path = Path(path)
    with replacing(path) as temporary:
        canvas: Any = Canvas(
            str(temporary),
            pagesize=document.paper.value,
            invariant=1,
            pageCompression=1,
            lang=document.language,
        )
        meter = Meter(2 * sum(table.row_count() for table in document.tables()), progress, cancelled)
        flow = _lay_out(canvas, document, meter)
        _draw(canvas, flow, meter)
        meter.tick(0)
        canvas.save()
        meter.finish()
    return len(flow.pages)


def _lay_out(canvas: Any, document: Document, meter: Meter) -> Flow:
    styles, notation = Styles(canvas._doc), document.notation()
    weights = {
        id(table): Weights(table, styles, notation) for table in document.tables() if table.row_count()
    }
    flow = Flow(geometry(document, _is_landscape(document, weights)), styles, document, notation)
    place_opening(flow)
    for block in document.blocks:
        meter.tick(0)
        _place(flow, block, weights, notation, meter)
    place_integrity(flow)
    return flow


def _is_landscape(document: Document, weights: dict[int, Weights]) -> bool:
    if document.orientation is not Orientation.AUTO:
        return document.orientation is Orientation.LANDSCAPE
    measure = geometry(document, landscape=False).measure
    return any(weight.needs_landscape(measure) for weight in weights.values())


def _place(flow: Flow, block: Block, weights: dict[int, Weights], notation: Notation, meter: Meter) -> None:
    match block:
        case Heading():
            place_heading(flow, block)
        case Paragraph():
            place_paragraph(flow, block)
        case Facts():
            place_facts(flow, block)
        case Table():
            weight = weights.get(id(block)) or Weights(block, flow.styles, notation)
            flow.gap(6)
            TableFlow(flow, block, weight, meter.tick).run()
            flow.gap(6)
        case BalanceChart():
            place_balance_chart(flow, block)
        case BarChart():
            place_bar_chart(flow, block)
        case SignatureBlock():
            place_signatures(flow, block)
        case WriteIn():
            place_write_in(flow, block)
        case QR():
            place_qr(flow, block)
        case PageBreak():
            if not flow.fresh:
                flow.turn()
        case _:
            assert_never(block)


def _draw(canvas: Any, flow: Flow, meter: Meter) -> None:
    document = flow.document
    canvas.setTitle(document.title)
    canvas.setSubject(document.scope)
    canvas.setAuthor(document.generated_by)
    canvas.setCreator("Zeroline")
    canvas.setProducer("Zeroline")
    pages = len(flow.pages)
    outline: dict[int, list[tuple[float, int, str]]] = {}
    for index, y, level, title in flow.outline:
        outline.setdefault(index, []).append((y, level, title))
    for index, pieces in enumerate(flow.pages):
        canvas.setPageSize((flow.frame.width, flow.frame.height))
        pen = Pen()
        draw_frame(flow, pen, index + 1, pages)
        for y, draw in pieces:
            draw(pen, y)
        pieces.clear()
        canvas.drawText(pen)
        for number, (y, level, title) in enumerate(outline.get(index, ())):
            key = f"h{index}-{number}"
            canvas.bookmarkHorizontal(key, 0, y)
            canvas.addOutlineEntry(title, key, level)
        canvas.showPage()
        meter.tick(0)
