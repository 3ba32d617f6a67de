"""Parts 1 to 3 of the reconciliation: which counts, how much of what was due, and every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zeroline.domain.quantity import SCALE, half_even
from zeroline.domain.views.reporting import CoverageRow, Reconciliation, ReconciliationLine
from zeroline.reports.content import why, words
from zeroline.reports.documents import Cell, Column, Flag, Flagged, Kind, Row, Table, Total


def sheets(data: Reconciliation) -> Table:
    """Which counts are in the scope and how their lines were chosen."""
    lines = Counter(line.sheet for line in data.lines)
    return Table(
        "sheets",
        "Counts in this report, and how their lines were selected",
        (
            Column("number", "Count", Kind.CODE, strong=True),
            Column("title", "Title", share=1.6),
            Column("origin", "Selected"),
            Column("by", "Made by"),
            Column("created", "Snapshot of the book", Kind.INSTANT, seconds=True),
            Column("submitted", "Handed in", Kind.INSTANT, seconds=True),
            Column("lines", "Lines", Kind.COUNT),
        ),
        rows=[
            (
                sheet.number,
                sheet.title,
                words.ORIGINS.get(sheet.origin, sheet.origin),
                sheet.created_by,
                sheet.created_at,
                "cancelled" if sheet.cancelled else sheet.submitted_at or "open",
                lines[sheet.number],
            )
            for sheet in data.sheets
        ],
        nothing="No count sheet was made or handed in in this period.",
    )


def not_counted(lines: Sequence[ReconciliationLine]) -> Table:
    """Every planned line that has no count that stands, with the reason."""
    left = [line for line in lines if line.final is None]
    return Table(
        "not-counted",
        "Lines without a count that stands",
        (
            Column("sheet", "Count", Kind.CODE),
            Column("position", "Line", Kind.COUNT),
            Column("item", "Item", Kind.CODE, strong=True),
            Column("place", "Location, lot, status", Kind.CODE),
            Column("class", "Class"),
            Column("reason", "Reason", share=2.0),
        ),
        rows=[
            (
                line.sheet,
                line.position,
                line.key.item,
                words.place(line.key),
                words.abc(line.key.abc_class),
                _why_open(line),
            )
            for line in left
        ],
        nothing="Every planned line has a count that stands.",
    )


def _why_open(line: ReconciliationLine) -> str:
    if line.first is not None:
        return "recount by another person is open"
    return line.reason or "still to count"


def coverage(rows: Sequence[CoverageRow]) -> Table:
    """Part 2: due, planned, counted, recounted and not counted, by class."""
    return Table(
        "coverage",
        "Lines due and done by class",
        (
            Column("class", "Class"),
            Column("due", "Due by policy", Kind.COUNT),
            Column("planned", "Planned", Kind.COUNT),
            Column("counted", "Counted", Kind.COUNT),
            Column("recounted", "Recounted", Kind.COUNT),
            Column("waiting", "Recount open", Kind.COUNT),
            Column("not", "Not counted", Kind.COUNT),
            Column("done", "Counted of due", Kind.SHARE),
        ),
        rows=[(words.abc(row.abc_class), *_covered([row])) for row in rows],
        totals=(Total("All classes", (None, *_covered(rows))),) if rows else (),
        note="Due: stock keys of the class × counts a year by policy × length of the period in years. "
        "Planned = counted + recount open + not counted.",
        nothing="No line was planned in this period.",
    )


def _covered(rows: Sequence[CoverageRow]) -> list[Cell]:
    due, counted = sum(r.due for r in rows), sum(r.counted for r in rows)
    return [
        due,
        sum(r.planned for r in rows),
        counted,
        sum(r.recounted for r in rows),
        sum(r.recount_open for r in rows),
        sum(r.not_counted for r in rows),
        half_even(counted * SCALE, due) if due else None,
    ]


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
    Column("said", "Cause stands on", under="verdict"),
    Column("adjustment", "Adjustment", Kind.CODE),
    Column("state", "State", under="adjustment"),
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
        why.said_of(line.why) if line.adjustment else "",
        line.adjustment,
        line.adjustment_state,
        words.evidence(line.evidence),
        line.before,
        line.after,
    ]
    return cells


def _verdict(line: ReconciliationLine) -> Cell:
    if line.first is None:
        return Flagged(f"not counted: {_why_open(line)}", Flag.ATTENTION)
    if line.final is None:
        return Flagged(_why_open(line), Flag.ATTENTION)
    if line.variance == 0:
        return Flagged("no variance", Flag.VERIFIED)
    if line.within:
        return "within"
    return Flagged(f"failed: {words.limits(line.failed)}", Flag.ATTENTION)


def lines(rows: Sequence[ReconciliationLine]) -> Table:
    """Part 3: every planned line, those without variance included."""
    totals = []
    place = next(place for place, column in enumerate(_LINE_COLUMNS) if column.key == "value")
    for label, value in (
        ("Variance, net", sum(line.value or 0 for line in rows)),
        ("Variance, gross", sum(abs(line.value or 0) for line in rows)),
    ):
        cells: list[Cell] = [None] * len(_LINE_COLUMNS)
        cells[place] = value
        totals.append(Total(label, cells))
    return Table(
        "lines",
        "Every planned line, those without variance included",
        _LINE_COLUMNS,
        rows=[_line(line) for line in rows],
        totals=totals if rows else (),
        nothing="No line was planned or counted in this period.",
    )
