"""Report (a): the reconciliation report with the nine parts an auditor accepts."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.accuracy import Accuracy
from zeroline.domain.quantity import value_of
from zeroline.domain.views.reporting import (
    Reconciliation,
    RollForward,
)
from zeroline.reports.content import counted, frame, negatives, register, why, words
from zeroline.reports.documents import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Kind,
    Paper,
    Paragraph,
    Row,
    Signature,
    SignatureBlock,
    Table,
    Total,
    WriteIn,
)


def reconciliation_report(data: Reconciliation, paper: Paper = Paper.A4) -> Document:
    """All nine parts; what every Document prints of 1 and 9, header and integrity, is not a block."""
    total = data.total
    differences = sum(abs(row.difference) for row in data.roll_forward)
    conflicts = sum(bool(row.conflicts) for row in data.approvals)
    blocks: list[Block] = [
        frame.headline(
            [
                Fact("Lines counted", total.lines, Kind.COUNT),
                Fact("Record accuracy", total.record_accuracy, Kind.SHARE),
                Fact("Variance, net", words.negative(total.net_value), Kind.MONEY),
                Fact("Variance, gross", total.gross_value, Kind.MONEY),
                Fact("Still below zero", data.measures.negative_keys, Kind.COUNT),
                Fact("Adjustments posted", data.measures.adjustments, Kind.COUNT),
                Fact("Roll-forward difference", words.wrong_unless_zero(differences), Kind.QUANTITY),
                Fact("Conflicts of duty", words.wrong_unless_zero(conflicts), Kind.COUNT),
            ]
        ),
        Heading("1 Scope"),
        counted.sheets(data),
        frame.cut_off(data.basis),
        Heading("2 Coverage"),
        counted.coverage(data.coverage),
        counted.not_counted(data.lines),
        Heading("3 Lines"),
        counted.lines(data.lines),
        Heading("4 Totals"),
        *_totals(data),
        Heading("5 Roll-forward"),
        _roll_forward(data.roll_forward),
        Heading("6 Negatives"),
        *negatives.measures_facts(data.measures),
        why.summary(data.negatives),
        negatives.schedule(data.negatives, data.basis),
        Heading("7 Approvals"),
        register.approvals_table(data.approvals),
        register.duties_table(data.approvals),
        Heading("8 Sign-off"),
        *_sign_off(),
    ]
    return frame.document(
        "reconciliation",
        "Stock reconciliation",
        data.basis,
        blocks,
        rows=len(data.lines),
        controls=(
            Fact("Sum of variances, net", total.net_value, Kind.MONEY),
            Fact("Sum of variances, gross", total.gross_value, Kind.MONEY),
            Fact("Sum of closing quantities", sum(row.closing for row in data.roll_forward), Kind.QUANTITY),
            Fact("Items rolled forward", len(data.roll_forward), Kind.COUNT),
            Fact("Episodes listed", len(data.negatives), Kind.COUNT),
            Fact("Adjustments listed", len(data.approvals), Kind.COUNT),
        ),
        paper=paper,
    )


_BY = {"class": "class", "cause": "cause", "user": "first counter", "location": "location"}


def _figures(found: Accuracy) -> tuple[Cell, ...]:
    return (
        found.lines,
        found.within,
        found.record_accuracy,
        found.unit_accuracy,
        words.negative(found.net_value),
        found.net_share,
        found.gross_value,
        found.gross_share,
    )


def _totals(data: Reconciliation) -> list[Block]:
    columns = (
        Column("name", "", strong=True, share=1.4),
        Column("lines", "Lines", Kind.COUNT),
        Column("within", "Within tolerance", Kind.COUNT),
        Column("ira", "Record accuracy", Kind.SHARE),
        Column("unit", "Unit accuracy", Kind.SHARE),
        Column("net", "Net value", Kind.MONEY),
        Column("net_share", "Net %", Kind.SHARE),
        Column("gross", "Gross value", Kind.MONEY),
        Column("gross_share", "Gross %", Kind.SHARE),
    )
    tables: list[Block] = [
        Table("totals", "All lines", columns, rows=[("All counted lines", *_figures(data.total))])
    ]
    for by, title in _BY.items():
        rows = [(_name(by, group.name), *_figures(group.accuracy)) for group in data.groups if group.by == by]
        tables.append(Table(f"totals-{by}", f"By {title}", columns, rows=rows, nothing="No counted line."))
    measures = data.measures
    tables.append(
        Facts(
            (
                Fact("Accepted at the first count", measures.first_count_yield, Kind.SHARE),
                Fact(
                    "Adjustments per item counted", measures.adjustments_per_item, Kind.QUANTITY, decimals=3
                ),
                Fact("Adjustments up", measures.adjusted_up, Kind.COUNT),
                Fact("Adjustments down", measures.adjusted_down, Kind.COUNT),
            ),
            columns=4,
        )
    )
    tables.append(
        Paragraph(
            "Record accuracy is lines within tolerance divided by lines, never netted. Unit accuracy is "
            "1 − Σ|difference| ÷ Σ max(book, counted). Net and gross stand side by side because plus and "
            "minus cancel in the net; their shares are of Σ book value and of Σ |book value|. Accepted at "
            f"the first count: {measures.accepted_at_first:,} lines without recount ÷ "
            f"{measures.lines_counted:,} lines counted. Adjustments per item: "
            f"{measures.adjustments:,} posted in the period ÷ {measures.items_counted:,} items counted.",
            quiet=True,
        )
    )
    return tables


def _name(by: str, name: str) -> str:
    if by == "class":
        return words.abc(name)
    if by == "cause":
        return words.cause(name) if name else "no adjustment"
    return name or "–"


def _roll_forward(rows: Sequence[RollForward]) -> Table:
    def cells(row: RollForward) -> Row:
        return (
            row.item,
            row.description,
            row.unit,
            words.negative(row.opening),
            row.receipts,
            row.issues,
            row.transfers,
            row.adjustments,
            words.negative(row.closing),
            words.negative(row.stored),
            words.wrong_unless_zero(row.difference),
            value_of(row.closing, row.unit_cost),
        )

    total: list[Cell] = [None] * 12
    total[10] = words.wrong_unless_zero(sum(abs(row.difference) for row in rows))
    total[11] = sum(value_of(row.closing, row.unit_cost) for row in rows)

    return Table(
        "roll-forward",
        "Opening + receipts − issues ± transfers ± adjustments = closing, re-derived from the ledger",
        (
            Column("item", "Item", Kind.CODE, strong=True),
            Column("description", "Description", under="item", share=1.4),
            Column("unit", "Unit"),
            Column("opening", "Opening", Kind.QUANTITY),
            Column("receipts", "Receipts", Kind.QUANTITY),
            Column("issues", "Issues", Kind.QUANTITY),
            Column("transfers", "Transfers", Kind.QUANTITY),
            Column("adjustments", "Adjustments", Kind.QUANTITY),
            Column("closing", "Closing", Kind.QUANTITY),
            Column("stored", "Stored", Kind.QUANTITY),
            Column("difference", "Difference", Kind.QUANTITY),
            Column("value", "Closing value", Kind.MONEY, flag_negative=True),
        ),
        rows=[cells(row) for row in rows],
        totals=(Total("All items", total),) if rows else (),
        nothing="No item has a movement in this scope.",
    )


def _sign_off() -> list[Block]:
    return [
        SignatureBlock(
            "Signatures",
            (
                Signature("Counted by", "I counted what is listed under my name without seeing the book."),
                Signature("Reconciled by", "I traced every variance to the cause and evidence stated."),
                Signature("Approved by", "I approve the adjustments listed and had no other hand in them."),
                Signature("Audited by", "I performed the test counts below and agree with the result."),
            ),
        ),
        WriteIn(
            "Test counts of the auditor, sheet to floor",
            ("Item", "Location, lot", "On the sheet", "Counted", "Difference", "Remark"),
            lines=6,
            widths=(2, 2, 1, 1, 1, 3),
        ),
        WriteIn(
            "Test counts of the auditor, floor to sheet",
            ("Item", "Location, lot", "Counted", "On the sheet", "Difference", "Remark"),
            lines=6,
            widths=(2, 2, 1, 1, 1, 3),
        ),
    ]
