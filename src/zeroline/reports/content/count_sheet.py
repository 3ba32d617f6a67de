"""Report (c): a blind count sheet to carry along: barcodes to scan, boxes to write in, no book quantity."""

from __future__ import annotations

from itertools import groupby

from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.domain.views.reporting import Basis
from zeroline.reports.content import frame
from zeroline.reports.documents import (
    Block,
    Column,
    Document,
    Group,
    Kind,
    Orientation,
    Paper,
    Paragraph,
    Row,
    Signature,
    SignatureBlock,
    Table,
    WriteIn,
)


def count_sheet_report(sheet: BlindSheet, basis: Basis, paper: Paper = Paper.A4) -> Document:
    """Lines in walking order under their zone. Holds nothing that was read from the ledger."""
    groups = [
        Group(" · ".join(part for part in (warehouse, zone) if part) or "No zone", [_row(x) for x in lines])
        for (warehouse, zone), lines in groupby(
            sheet.lines, key=lambda line: (line.key.warehouse, line.key.zone)
        )
    ]
    blocks: list[Block] = [
        Table(
            "sheet",
            "Scan this to open the sheet",
            (
                Column("sheet", "Sheet", Kind.BARCODE, least=52),
                Column("title", "Title", share=2.0),
                Column("for", "For"),
                Column("due", "Due", Kind.INSTANT),
                Column("lines", "Lines", Kind.COUNT),
            ),
            rows=[
                (
                    sheet.number,
                    sheet.title,
                    sheet.assigned_to or "whoever is free",
                    sheet.due_at,
                    len(sheet.lines),
                )
            ],
        ),
        Paragraph(
            "Count what lies there and write it down. Write 0 for an empty place; leave the box empty only "
            "if you did not count, and say why. Do not look the balance up."
        ),
        Table(
            "lines",
            "Lines to count",
            (
                Column("line", "Line", Kind.COUNT),
                Column("bin", "Location", Kind.BARCODE, least=38),
                Column("item", "Item", Kind.BARCODE, least=44),
                Column("description", "Description", share=1.4),
                Column("lot", "Lot · status", Kind.CODE, under="description"),
                Column("counted", "Counted", Kind.WRITE_IN, least=24),
                Column("remark", "Remark", Kind.WRITE_IN, least=22),
            ),
            groups=groups,
            nothing="This sheet has no lines.",
            row_room=15.0,
        ),
        WriteIn(
            "Found, but not on this sheet",
            ("Location", "Item", "Lot", "Counted", "Unit"),
            lines=4,
            widths=(2, 3, 2, 1, 1),
        ),
        SignatureBlock("Signatures", (Signature("Counted by", "I counted these lines blind."),)),
    ]
    return frame.document(
        "count-sheet",
        "Count sheet",
        basis,
        blocks,
        rows=len(sheet.lines),
        scope=f"{sheet.number} {sheet.title}".strip(),
        paper=paper,
        orientation=Orientation.PORTRAIT,
        period=False,
    )


def _row(line: BlindLine) -> Row:
    status = line.key.status if line.key.status != "available" else ""
    lot = " · ".join(part for part in (line.key.lot, status) if part)
    return (
        line.position,
        line.key.location,
        line.key.item,
        line.key.description,
        lot,
        line.key.unit,
        "",
    )
