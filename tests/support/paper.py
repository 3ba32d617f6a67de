"""Documents of every shape and size, made the same way each time."""

from __future__ import annotations

import random
from collections.abc import Sequence

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.reports.documents import (
    BalanceChart,
    Band,
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Flag,
    Flagged,
    Group,
    Heading,
    Integrity,
    Kind,
    Mark,
    Marker,
    Orientation,
    Paper,
    Paragraph,
    Signature,
    SignatureBlock,
    Table,
    Total,
    WriteIn,
    data_hash,
)

T0 = 1_772_355_600_000_000  # 2026-03-01 09:00 UTC
HEAD = "8ab2cd01efa97c334d10b2a7be55d7a23e1cc0a49b8d5af0e6f1724ec6c5ab91"
UNIT = 1_000_000
LONG = (
    "Deep groove ball bearing, single row, steel cage, shielded on both sides, greased for life, clearance "
    "class C3, for conveyor rollers of the outbound sorter in hall B (replaces the older open type)"
)


def document(
    *blocks: Block,
    paper: Paper = Paper.A4,
    orientation: Orientation = Orientation.AUTO,
    kind: str = "reconciliation",
    language: str = "en",
    zone: str = "Europe/Berlin",
    facts: Sequence[Fact] = (),
    title: str = "Stock reconciliation",
    controls: Sequence[Fact] = (),
) -> Document:
    as_of = T0 + 14 * DAY
    rows = sum(block.row_count() for block in blocks if isinstance(block, Table))
    return Document(
        kind=kind,
        title=title,
        scope="Site North · warehouse N1 · zones A to E · items of class A and B",
        as_of=as_of,
        generated_at=as_of + 17 * MINUTE,
        generated_by="M. Okafor, supervisor",
        integrity=Integrity(data_hash(kind, as_of, blocks), HEAD, 80_214, rows, controls),
        blocks=blocks,
        facts=facts,
        language=language,
        zone=zone,
        paper=paper,
        orientation=orientation,
    )


def simple_table(rows: int, seed: int = 1) -> Table:
    """Twelve columns as a reconciliation has them; descriptions wrap."""
    chance = random.Random(seed)
    words = (
        "bearing",
        "glove",
        "bolt",
        "washer",
        "seal",
        "hose",
        "valve",
        "filter",
        "belt",
        "motor",
        "sensor",
    )
    columns = (
        Column("line", "#", Kind.COUNT),
        Column("item", "Item", Kind.CODE),
        Column("description", "Description", share=2.0),
        Column("location", "Location", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("book", "Book", Kind.QUANTITY, flag_negative=True),
        Column("counted", "Counted", Kind.QUANTITY),
        Column("variance", "Variance", Kind.QUANTITY, flag_negative=True),
        Column("share", "%", Kind.SHARE),
        Column("value", "Value €", Kind.MONEY, flag_negative=True),
        Column("at", "Counted at", Kind.INSTANT),
        Column("cause", "Cause"),
    )
    made = []
    for number in range(rows):
        book = chance.randrange(-40, 400) * UNIT + chance.choice((0, 0, 0, 250_000, 500_000))
        counted = max(0, book + chance.choice((0, 0, 0, 0, -2, 3, 11)) * UNIT)
        variance = counted - book
        made.append(
            (
                number + 1,
                f"{chance.choice(('BRG', 'GLV', 'VLV', 'HSE'))}-{chance.randrange(10_000):04d}",
                " ".join(chance.choice(words) for _ in range(chance.randrange(3, 11))),
                f"N1-{chance.choice('ABCDE')}-{chance.randrange(40):02d}-{chance.randrange(6)}",
                f"L{chance.randrange(10**6):06d}" if number % 3 else None,
                book,
                counted,
                variance,
                variance * UNIT // max(abs(book), counted, UNIT),
                variance * chance.randrange(1, 4000) // 100,
                T0 + number * MINUTE,
                chance.choice(
                    ("T1 receipt posted late", "K2 picked from another bin", "C4 keying error", "")
                ),
            )
        )
    total: list[Cell] = [None] * len(columns)
    total[7] = sum(row[7] for row in made)
    total[9] = sum(row[9] for row in made)
    return Table(
        "lines",
        "Lines",
        columns,
        made,
        totals=(Total("Total, net", total),) if made else (),
        nothing="Nothing to report: no line of this scope was due for a count in this period.",
    )


def auditors_table(rows: int, seed: int = 3) -> Table:
    """The 24 columns an auditor asks for, in stacked cells."""
    chance = random.Random(seed)
    columns = (
        Column("line", "#", Kind.COUNT),
        Column("item", "Item", Kind.CODE, strong=True, share=1.5),
        Column("description", "Description", under="item"),
        Column("location", "Location", Kind.CODE),
        Column("lot", "Lot", Kind.CODE, under="location", empty="no lot"),
        Column("status", "Status", under="location"),
        Column("class", "Class"),
        Column("unit", "Unit", under="class"),
        Column("book", "Book", Kind.QUANTITY, flag_negative=True),
        Column("moved", "Moved since", Kind.QUANTITY, under="book"),
        Column("expected", "Expected", Kind.QUANTITY, under="book"),
        Column("first", "First count", Kind.QUANTITY),
        Column("first_by", "by", under="first"),
        Column("first_at", "at", Kind.INSTANT, under="first"),
        Column("recount", "Recount", Kind.QUANTITY),
        Column("recount_by", "by", under="recount"),
        Column("recount_at", "at", Kind.INSTANT, under="recount"),
        Column("final", "Final", Kind.QUANTITY),
        Column("variance", "Variance", Kind.QUANTITY, under="final", flag_negative=True),
        Column("share", "in %", Kind.SHARE, under="final"),
        Column("cost", "Unit cost", Kind.MONEY),
        Column("value", "Value", Kind.MONEY, under="cost", flag_negative=True),
        Column("failed", "Tolerance failed", under="cost"),
        Column("cause", "Cause"),
        Column("evidence", "Evidence", under="cause"),
        Column("adjustment", "Adjustment", Kind.CODE),
        Column("before", "before", Kind.QUANTITY, under="adjustment"),
        Column("after", "after", Kind.QUANTITY, under="adjustment"),
    )
    made: list[tuple[Cell, ...]] = []
    for number in range(rows):
        book = chance.randrange(-30, 3000) * UNIT
        moved = chance.randrange(-5, 2) * UNIT
        expected = book + moved
        final = max(0, expected + chance.choice((0, 0, 0, -4, 12)) * UNIT)
        variance = final - expected
        recounted = variance != 0
        cost = chance.randrange(100, 90_000) * 10_000
        made.append(
            (
                number + 1,
                f"BRG-62{chance.randrange(100):02d}-2RS1/C3",
                LONG if number % 7 == 0 else "Ball bearing 6204, shielded",
                f"N1-B-{number % 40:02d}-3",
                f"L2026-{number:05d}" if number % 2 else None,
                "available",
                "ABC"[number % 3],
                "pcs",
                book,
                moved,
                expected,
                final if not recounted else final + UNIT,
                "R. Diaz",
                T0 + number * MINUTE,
                final if recounted else None,
                "J. Lindqvist" if recounted else None,
                T0 + HOUR + number * MINUTE if recounted else None,
                final,
                variance,
                variance * UNIT // max(abs(expected), final, UNIT),
                cost,
                variance * cost // UNIT,
                "value > 50.00" if recounted else "within",
                "K2 picked from another bin or lot" if recounted else None,
                f"count line C-0042/{number + 1}" if recounted else None,
                f"ADJ-{number:05d}" if recounted else None,
                book if recounted else None,
                book + variance if recounted else None,
            )
        )
    return Table("lines", "Lines counted, zero variance included", columns, made)


def balance_chart() -> BalanceChart:
    book = [(0, 14), (9, 30), (30, 19), (52, 8), (70, -3), (73, -9), (79, 21), (110, 10), (131, -2), (140, 6)]
    physical = [
        (0, 14),
        (9, 30),
        (30, 19),
        (52, 8),
        (68, 38),
        (70, 27),
        (73, 21),
        (110, 10),
        (131, -2),
        (140, 6),
    ]
    return BalanceChart(
        "BRG-6204 at E-02: balance over the last 7 days",
        "pcs",
        [(T0 + at * HOUR, balance * UNIT) for at, balance in book],
        [(T0 + at * HOUR, balance * UNIT) for at, balance in physical],
        bands=(
            Band(T0 + 70 * HOUR, T0 + 79 * HOUR, "1", transient=True),
            Band(T0 + 131 * HOUR, T0 + 140 * HOUR, "2"),
        ),
        markers=(
            Marker(T0 + 9 * HOUR, 30 * UNIT, Mark.RECEIPT),
            Marker(T0 + 30 * HOUR, 19 * UNIT, Mark.ISSUE),
            Marker(T0 + 70 * HOUR, -3 * UNIT, Mark.CROSSING, "OUT/00033 −11, R. Diaz"),
            Marker(T0 + 79 * HOUR, 21 * UNIT, Mark.RECEIPT, "IN/00007 +30, posted late"),
            Marker(T0 + 110 * HOUR, 10 * UNIT, Mark.COUNT, "counted 10"),
            Marker(T0 + 131 * HOUR, -2 * UNIT, Mark.CROSSING, "OUT/00051 −12, J. Lindqvist"),
            Marker(T0 + 140 * HOUR, 6 * UNIT, Mark.ADJUSTMENT, "ADJ-00017 +8"),
        ),
    )


def bar_chart() -> BarChart:
    return BarChart(
        "Open negatives by cause, value below zero (€)",
        (
            Bar("T1 receipt posted late", 41_870 * UNIT, note="12 cases"),
            Bar("K2 picked from another bin or lot", 18_340 * UNIT, note="9 cases"),
            Bar("U1 unit-of-measure conversion", 6_100 * UNIT, note="2 cases"),
            Bar("Z0 not yet determined", 23_000 * UNIT, Flag.ATTENTION, "15 cases"),
        ),
        Kind.MONEY,
    )


def count_sheet(rows: int) -> Table:
    columns = (
        Column("line", "#", Kind.COUNT),
        Column("location", "Location", Kind.BARCODE),
        Column("item", "Item", Kind.BARCODE),
        Column("description", "Description", share=1.0),
        Column("unit", "Unit"),
        Column("counted", "Counted", Kind.WRITE_IN, least=26),
    )
    made = [
        (
            n + 1,
            f"N1-B-{n % 40:02d}-3",
            f"BRG-62{n:02d}-2RS1/C3",
            LONG if n == 2 else "Ball bearing",
            "pcs",
            "pcs",
        )
        for n in range(rows)
    ]
    return Table("sheet", "Count sheet C-0042", columns, made, row_room=15)


def whole_report(paper: Paper = Paper.A4) -> Document:
    """One of everything."""
    grouped = Table(
        "by-cause",
        "Negatives by cause",
        (
            Column("item", "Item", Kind.CODE),
            Column("since", "Below zero since", Kind.INSTANT),
            Column("length", "For", Kind.DURATION),
            Column("depth", "Depth", Kind.QUANTITY, flag_negative=True),
            Column("value", "Value €", Kind.MONEY),
            Column("state", "State"),
        ),
        groups=[
            Group(
                cause,
                [
                    (
                        f"BRG-{6200 + n}",
                        T0 + n * HOUR,
                        (n + 1) * 7 * HOUR,
                        -n * UNIT - 500_000,
                        n * 1_250_000,
                        Flagged("overdue", Flag.ATTENTION) if n % 4 == 0 else "counting",
                    )
                    for n in range(size)
                ],
                (Total(f"Subtotal, {size} keys", (None, None, None, -size * UNIT, size * 625_000, None)),),
            )
            for cause, size in (
                ("T1 receipt posted late", 7),
                ("K2 another bin", 19),
                ("Z0 not determined", 3),
            )
        ],
        totals=(Total("All causes", (None, None, None, -29 * UNIT, 29 * 625_000, None)),),
        note="Durations run to the as-of instant for what is still open.",
    )
    return document(
        Facts(
            (
                Fact("Lines counted", 1_204, Kind.COUNT),
                Fact("Record accuracy", 973_000, Kind.SHARE),
                Fact("Net value", -41_870 * UNIT, Kind.MONEY),
                Fact("Still below zero", Flagged(38, Flag.BELOW_ZERO), Kind.COUNT),
            ),
            columns=4,
            large=True,
        ),
        Heading("What happened"),
        Paragraph(
            "Thirty-eight stock keys of this scope are below zero at the as-of instant. Twelve of them are "
            "late receipts: nothing is missing there, the documents were posted after the goods had left. "
            + LONG
        ),
        balance_chart(),
        bar_chart(),
        Heading("Negatives"),
        grouped,
        Heading("Lines", 1),
        auditors_table(40),
        Heading("Sign-off"),
        SignatureBlock(
            "Signatures",
            (
                Signature("Counter", "counted what is on these lines", "R. Diaz", T0 + 3 * HOUR),
                Signature("Supervisor", "approved within tier 1", "M. Okafor"),
                Signature("Auditor", "tested as written below"),
            ),
        ),
        WriteIn(
            "Auditor's test counts, sheet to floor", ("Item", "Location", "Counted", "Book", "Remark"), 4
        ),
        paper=paper,
        facts=(
            Fact("Entity", "Northern Bearings GmbH"),
            Fact("Count", "C-0042", Kind.CODE),
            Fact("Policy version", 17, Kind.COUNT),
            Fact("Cut-off documents", "IN/00412, OUT/00980, TRF/00077"),
        ),
        controls=(
            Fact("Sum of quantities", 12_345_500_000, Kind.QUANTITY),
            Fact("Sum of values", -41_870 * UNIT, Kind.MONEY),
        ),
    )
