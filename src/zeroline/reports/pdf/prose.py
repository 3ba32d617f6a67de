"""Headings, running text, facts, signatures and lines to write on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from zeroline.reports.documents import (
    QR,
    Fact,
    Facts,
    Flag,
    Flagged,
    Heading,
    Kind,
    Notation,
    Paragraph,
    SignatureBlock,
    WriteIn,
)
from zeroline.reports.pdf.columns import MARKS
from zeroline.reports.pdf.flow import MM, Flow
from zeroline.reports.pdf.pen import INK, QUIET, RULE, Pen, Tone
from zeroline.reports.pdf.symbols import draw_qr
from zeroline.reports.pdf.tables import TONES
from zeroline.reports.pdf.typeface import Style

_COLUMN_GAP = 14.0


def place_heading(flow: Flow, heading: Heading) -> None:
    """A title that stays with what follows, entered in the outline."""
    size = 12.5 if heading.level == 1 else 10.0
    style = flow.styles(size, strong=True)
    lines = style.wrap(heading.text, flow.frame.measure)
    flow.hold(
        13.0 if heading.level == 1 else 9.0,
        len(lines) * size * 1.2 + 4,
        partial(_draw_lines, flow.frame.left, size, size * 1.2, lines, style, INK),
        (heading.level - 1, heading.text),
    )


def place_paragraph(flow: Flow, paragraph: Paragraph) -> None:
    """Lines over as many pages as needed, never one alone at the foot of a page."""
    size = 7.5 if paragraph.quiet else 9.0
    style, leading = flow.styles(size), size * 1.32
    tone = QUIET if paragraph.quiet else INK
    lines = style.wrap(paragraph.text, min(flow.frame.measure, 560.0))
    flow.need(leading * min(2, len(lines)))
    for line in lines:
        flow.place(leading, partial(_draw_lines, flow.frame.left, size, leading, (line,), style, tone))
    flow.gap(4)


def place_facts(flow: Flow, facts: Facts, left: float | None = None, measure: float | None = None) -> None:
    """A grid of labels over values, filled column by column; rows of it keep together."""
    left = flow.frame.left if left is None else left
    measure = flow.frame.measure if measure is None else measure
    columns = max(1, min(facts.columns, len(facts.facts)))
    width = (measure - _COLUMN_GAP * (columns - 1)) / columns
    down = -(-len(facts.facts) // columns)
    size = 14.0 if facts.large else 8.5
    for number in range(down):
        row = facts.facts[number::down]
        cells = [_fact(fact, flow.notation, flow, size, width) for fact in row]
        height = max(len(label) * 9.0 + len(value) * size * 1.22 for label, value, _, _ in cells) + 4
        flow.place(height, partial(_draw_facts, flow, left, width, size, cells))
    flow.gap(3)


_SetFact = tuple[tuple[str, ...], tuple[str, ...], Style, Tone]


def _fact(fact: Fact, notation: Notation, flow: Flow, size: float, width: float) -> _SetFact:
    flag: Flag | None = None
    value = fact.value
    if isinstance(value, Flagged):
        flag, value = value.flag, value.value
    text = notation.writer(fact.kind, fact.decimals)(value) if isinstance(value, int) else value or "–"
    if flag is not None:
        text = MARKS[flag] + text
    strong = flag is not None or size > 10
    style = flow.styles(size, strong=strong, mono=fact.kind is Kind.CODE)
    return (
        flow.styles(7.0).wrap(fact.label, width),
        style.wrap(text, width),
        style,
        TONES[flag] if flag else INK,
    )


def _draw_facts(
    flow: Flow, left: float, width: float, size: float, cells: list[_SetFact], pen: Pen, y: float
) -> None:
    label_style = flow.styles(7.0)
    for place, (label, value, style, tone) in enumerate(cells):
        x = left + place * (width + _COLUMN_GAP)
        _draw_lines(x, 7.0, 9.0, label, label_style, QUIET, pen, y)
        _draw_lines(x, size, size * 1.22, value, style, tone, pen, y - len(label) * 9.0)


def place_signatures(flow: Flow, block: SignatureBlock) -> None:
    """One ruled row a hand: who and why in print, room to sign and date."""
    words, notation, frame = flow.document.words, flow.notation, flow.frame
    shares = (0.17, 0.20, 0.25, 0.23, 0.15)
    heads = (words.role, words.name, words.meaning, words.signature, words.date)
    widths = [share * frame.measure for share in shares]
    rows = []
    for row in block.rows:
        date = notation.instant(row.signed_at) if row.signed_at is not None else ""
        cells = (row.role, row.name, row.meaning, "", date)
        rows.append(
            [flow.styles(8.0).wrap(text, width - 8) for text, width in zip(cells, widths, strict=True)]
        )
    heights = [max(14 * MM, max(len(lines) for lines in row) * 10.0 + 6) for row in rows]
    whole = min(14.0 + sum(heights), flow.frame.depth - 40)
    _ruled_title(flow, block.title, whole)
    flow.need(whole)
    flow.place(14.0, partial(_draw_row, flow, widths, [(head,) for head in heads], 14.0, True))
    for lines, height in zip(rows, heights, strict=True):
        flow.place(height, partial(_draw_row, flow, widths, lines, height, False))
    flow.gap(8)


def place_write_in(flow: Flow, block: WriteIn) -> None:
    """Empty ruled lines, 8 mm apart, under their labels; labels repeat on each page."""
    shares = block.widths or [1.0] * len(block.columns)
    widths = [share * flow.frame.measure / sum(shares) for share in shares]
    heads = [
        flow.styles(7.5).wrap(label, width - 8) for label, width in zip(block.columns, widths, strict=True)
    ]
    height = max((len(lines) for lines in heads), default=1) * 9.0 + 5
    _ruled_title(flow, block.title, height + 16 * MM)
    empty: list[Sequence[str]] = [()] * len(widths)
    flow.place(height, partial(_draw_row, flow, widths, heads, height, True))
    for _ in range(block.lines):
        if flow.room < 8 * MM:
            flow.turn()
            flow.place(height, partial(_draw_row, flow, widths, heads, height, True))
        flow.place(8 * MM, partial(_draw_row, flow, widths, empty, 8 * MM, False))
    flow.gap(8)


def _ruled_title(flow: Flow, title: str, following: float) -> None:
    if not title:
        return
    style = flow.styles(9.5, strong=True)
    lines = style.wrap(title, flow.frame.measure)
    flow.gap(6)
    flow.need(len(lines) * 12.0 + 3 + following)
    flow.place(len(lines) * 12.0 + 3, partial(_draw_lines, flow.frame.left, 9.5, 12.0, lines, style, INK))


def _draw_row(
    flow: Flow,
    widths: list[float],
    cells: Sequence[Sequence[str]],
    height: float,
    head: bool,
    pen: Pen,
    y: float,
) -> None:
    x = flow.frame.left
    style = flow.styles(7.5 if head else 8.0, strong=head)
    pen.stroke(INK if head else QUIET, 0.6 if head else 0.35)
    pen.line(x, y - height, x + sum(widths), y - height)
    for place, (width, lines) in enumerate(zip(widths, cells, strict=True)):
        if place and not head:
            pen.stroke(RULE, 0.35)
            pen.line(x, y - height, x, y)
        _draw_lines(
            x + (4 if place else 0), style.size + 1, 10.0 if not head else 9.0, lines, style, INK, pen, y
        )
        x += width


def place_qr(flow: Flow, block: QR) -> None:
    """The code with its caption to the right of it."""
    size = block.size * MM
    style = flow.styles(8.0)
    lines = style.wrap(block.caption, flow.frame.measure - size - 10)
    height = max(size, len(lines) * 10.0) + 4

    def draw(pen: Pen, y: float) -> None:
        draw_qr(pen, flow.frame.left, y - size, block.text, size)
        _draw_lines(flow.frame.left + size + 10, 8.0, 10.0, lines, style, INK, pen, y - 6)

    flow.place(height, draw)


def _draw_lines(
    x: float, first: float, leading: float, lines: Sequence[str], style: Style, tone: Tone, pen: Pen, y: float
) -> None:
    for number, line in enumerate(lines):
        pen.text(x, y - first - number * leading, line, style, tone)
