"""Report (a): the reconciliation report with the nine parts an auditor accepts."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.accuracy import Accuracy
from zeroline.domain.views.reporting import (
    CoverageRow,
    Reconciliation,
    ReconciliationLine,
    RollForward,
)
from zeroline.reports.content import frame, negatives, register, words
from zeroline.reports.documents import (
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Flag,
    Flagged,
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
    """All nine parts. Header and integrity (1 and 9) are printed by every Document; the rest are blocks."""
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
        frame.cut_off(data.basis),
        Heading("2 Coverage"),
        _coverage(data.coverage),
        Heading("3 Lines"),
        _lines(data.lines),
        Heading("4 Totals"),
        *_totals(data),
        Heading("5 Roll-forward"),
        _roll_forward(data.roll_forward),
        Heading("6 Negatives"),
        negatives.schedule(data.negatives),
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
        ),
        paper=paper,
    )


def _coverage(rows: Sequence[CoverageRow]) -> Table:
    return Table(
        "coverage",
        "Lines due and done by class",
        (
            Column("class", "Class"),
            Column("due", "Due by policy", Kind.COUNT),
            Column("planned", "Planned", Kind.COUNT),
            Column("counted", "Counted", Kind.COUNT),
            Column("recounted", "Recounted", Kind.COUNT),
            Column("not", "Not counted", Kind.COUNT),
        ),
        rows=[
            (words.abc(r.abc_class), r.due, r.planned, r.counted, r.recounted, r.not_counted) for r in rows
        ],
        totals=(
            Total(
                "All classes",
                (
                    None,
                    sum(r.due for r in rows),
                    sum(r.planned for r in rows),
                    sum(r.counted for r in rows),
                    sum(r.recounted for r in rows),
                    sum(r.not_counted for r in rows),
                ),
            ),
        )
        if rows
        else (),
        nothing="No line was planned in this period.",
    )


_LINE_COLUMNS = (
    Column("sheet", "Count", Kind.CODE),
    Column("position", "Line", Kind.COUNT, under="sheet"),
    Column("item", "Item", Kind.CODE, strong=True),
    Column("description", "Description", under="item", share=1.6),
    Column("place", "Location, lot, status", Kind.CODE),
    Column("class", "Class · unit", under="place"),
    Column("snapshot", "Book at snapshot", Kind.QUANTITY, flag_negative=True),
    Column("moved", "Moved to count", Kind.QUANTITY, under="snapshot"),
    Column("expected", "Expected", Kind.QUANTITY, flag_negative=True),
    Column("final", "Final count", Kind.QUANTITY, under="expected", empty="not counted"),
    Column("first", "First count, blind", Kind.QUANTITY),
    Column("first_by", "By", under="first"),
    Column("first_at", "At", Kind.INSTANT, under="first"),
    Column("recount", "Recount", Kind.QUANTITY),
    Column("recount_by", "By", under="recount"),
    Column("recount_at", "At", Kind.INSTANT, under="recount"),
    Column("variance", "Variance", Kind.QUANTITY, flag_negative=True),
    Column("percent", "%", Kind.SHARE, under="variance"),
    Column("value", "Value", Kind.MONEY, flag_negative=True),
    Column("cost", "Unit cost", Kind.MONEY, under="value"),
    Column("verdict", "Tolerance", share=1.1),
    Column("cause", "Cause", under="verdict"),
    Column("adjustment", "Adjustment", Kind.CODE),
    Column("evidence", "Evidence", under="adjustment"),
    Column("before", "Before", Kind.QUANTITY, flag_negative=True),
    Column("after", "After", Kind.QUANTITY, under="before", flag_negative=True),
)


def _line(line: ReconciliationLine) -> Row:
    first, recount = line.first, line.recount
    cells: list[Cell] = [
        line.sheet,
        line.position,
        line.key.item,
        line.key.description + (" (found, not on the sheet)" if line.found else ""),
        words.place(line.key),
        f"{line.key.abc_class or '–'} · {line.key.unit}",
        line.snapshot,
        line.moved,
        line.expected,
        line.final if first is not None else None,
        first.quantity if first is not None else None,
        first.person if first is not None else "",
        first.at if first is not None else None,
        recount.quantity if recount is not None else None,
        recount.person if recount is not None else "",
        recount.at if recount is not None else None,
        line.variance,
        line.percent,
        line.value,
        line.unit_cost,
        _verdict(line),
        words.cause(line.cause) if line.adjustment else "",
        line.adjustment,
        words.evidence(line.evidence),
        line.before,
        line.after,
    ]
    return cells


def _verdict(line: ReconciliationLine) -> Cell:
    if line.first is None:
        return Flagged(f"not counted: {line.reason or 'still to count'}", Flag.ATTENTION)
    if line.final is None:
        return Flagged("recount by another person is open", Flag.ATTENTION)
    if line.variance == 0:
        return Flagged("no variance", Flag.VERIFIED)
    if line.within:
        return "within"
    return Flagged(f"failed: {words.limits(line.failed)}", Flag.ATTENTION)


def _lines(lines: Sequence[ReconciliationLine]) -> Table:
    total: list[Cell] = [None] * len(_LINE_COLUMNS)
    total[18] = sum(line.value or 0 for line in lines)
    return Table(
        "lines",
        "Every planned line, those without variance included",
        _LINE_COLUMNS,
        rows=[_line(line) for line in lines],
        totals=(Total("Variance, net", total),) if lines else (),
        nothing="No line was planned or counted in this period.",
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
    tables.append(
        Paragraph(
            "Record accuracy is lines within tolerance divided by lines, never netted. Unit accuracy is "
            "1 − Σ|difference| ÷ Σ max(book, counted). Net and gross stand side by side because plus and "
            "minus cancel in the net.",
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
        )

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
        ),
        rows=[cells(row) for row in rows],
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
