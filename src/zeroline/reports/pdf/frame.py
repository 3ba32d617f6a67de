"""What frames the content: the opening of the first page, running titles, the foot, the closing proof."""

from __future__ import annotations

from zeroline.reports.documents import Fact, Facts, Heading, Kind
from zeroline.reports.pdf.flow import MM, Flow
from zeroline.reports.pdf.pen import INK, QUIET, RULE, Pen
from zeroline.reports.pdf.prose import place_facts, place_heading
from zeroline.reports.pdf.symbols import draw_qr

_QR = 21 * MM


def place_opening(flow: Flow) -> None:
    """Title, scope, as of, who printed it when, the document's facts; the chain head as QR at the right."""
    document, styles, frame, words = flow.document, flow.styles, flow.frame, flow.document.words
    notation, integrity = flow.notation, document.integrity
    flow.y = frame.top + 18  # the first page has no running title
    top = flow.y
    measure = frame.measure - _QR - 16
    title_style, scope_style = styles(17.0, strong=True), styles(10.0)
    title = title_style.wrap(document.title, measure)
    scope = scope_style.wrap(document.scope, measure)

    def draw(pen: Pen, y: float) -> None:
        for number, line in enumerate(title):
            pen.text(frame.left, y - 15 - number * 20, line, title_style)
        for number, line in enumerate(scope):
            pen.text(frame.left, y - 15 - len(title) * 20 + 4 - number * 12.5, line, scope_style)
        draw_qr(pen, frame.right - _QR, y - _QR, integrity.chain_text, _QR)
        caption = f"{words.chain_caption} {notation.count(integrity.chain_position)}"
        pen.text(frame.right - _QR / 2, y - _QR - 7, caption, styles(6.5), QUIET, 0.5)
        pen.text(
            frame.right - _QR / 2, y - _QR - 15, integrity.chain_head[:16], styles(6.5, mono=True), QUIET, 0.5
        )

    flow.place(len(title) * 20 + len(scope) * 12.5 + 8, draw)
    generated = words.generated_by.format(
        when=notation.instant(document.generated_at, seconds=True), who=document.generated_by
    )
    facts = [
        Fact(words.as_of, notation.instant(document.as_of, seconds=True)),
        Fact(words.generated, generated),
        Fact(words.time_zone, document.zone),
        Fact(words.currency, document.currency),
        *document.facts,
    ]
    columns = 4 if measure > 600 else 3
    place_facts(flow, Facts(facts, columns=columns), measure=measure)
    flow.y = min(flow.y, top - _QR - 20)

    def rule(pen: Pen, y: float) -> None:
        pen.stroke(INK, 0.7)
        pen.line(frame.left, y - 2, frame.right, y - 2)

    flow.place(8.0, rule)


def place_integrity(flow: Flow) -> None:
    """The closing part: full hashes, position in the chain, rows and control totals."""
    document, words = flow.document, flow.document.words
    integrity = document.integrity
    proof = [
        Fact(words.data_hash, integrity.data_hash, Kind.CODE),
        Fact(words.chain_head, integrity.chain_head, Kind.CODE),
        Fact(words.chain_position, integrity.chain_position, Kind.COUNT),
    ]
    if integrity.row_count is not None:
        proof.append(Fact(words.row_count, integrity.row_count, Kind.COUNT))
    place_heading(flow, Heading(words.integrity))
    place_facts(flow, Facts(proof[:2], columns=2 if flow.frame.measure > 640 else 1))
    place_facts(flow, Facts([*proof[2:], *integrity.controls], columns=4))


def draw_frame(flow: Flow, pen: Pen, page: int, pages: int) -> None:
    """Running title (not on the first page) and foot of page ``page`` of ``pages``, counted from 1."""
    document, frame, words = flow.document, flow.frame, flow.document.words
    style, mono = flow.styles(7.0), flow.styles(7.0, mono=True)
    if page > 1:
        y = frame.top + 9
        as_of = f"{words.as_of} {flow.notation.instant(document.as_of)} {document.zone}"
        width = pen.text(frame.right, y, as_of, style, QUIET, 1.0)
        title = style.shorten(f"{document.title} · {document.scope}", frame.measure - width - 20)
        pen.text(frame.left, y, title, style, QUIET)
        pen.stroke(RULE, 0.4)
        pen.line(frame.left, y - 4, frame.right, y - 4)
    y = frame.bottom - 15
    pen.stroke(RULE, 0.4)
    pen.line(frame.left, y + 9, frame.right, y + 9)
    integrity = document.integrity
    x = frame.left
    for label, value in (
        (words.data_short, integrity.data_hash[:16]),
        (words.chain_short, f"{integrity.chain_position}:{integrity.chain_head[:16]}"),
    ):
        x += pen.text(x, y, label, style, QUIET) + 3
        x += pen.text(x, y, value, mono, QUIET) + 12
    pen.text(frame.right, y, words.page.format(page=page, pages=pages), style, INK, 1.0)
