"""The negatives schedule, and report (b) around it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from zeroline.domain import instant
from zeroline.domain.quantity import value_of
from zeroline.domain.views.reporting import Exceptions, NegativeRow
from zeroline.reports.content import frame, words
from zeroline.reports.documents import (
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Flag,
    Group,
    Heading,
    Kind,
    Paper,
    Row,
    Table,
    Total,
)

_COLUMNS = (
    Column("item", "Item", Kind.CODE, strong=True),
    Column("description", "Description", under="item", share=1.6),
    Column("place", "Location", Kind.CODE),
    Column("unit", "Unit", under="place"),
    Column("on_hand", "On hand", Kind.QUANTITY),
    Column("depth", "Deepest", Kind.QUANTITY, under="on_hand"),
    Column("started", "Crossed zero", Kind.INSTANT),
    Column("ended", "Back at zero", Kind.INSTANT, under="started", empty="still below"),
    Column("age", "Days negative", Kind.DURATION),
    Column("unit_days", "Unit-days", Kind.QUANTITY, under="age", decimals=1),
    Column("value_days", "Value-days", Kind.MONEY),
    Column("cost", "Unit cost", Kind.MONEY, under="value_days"),
    Column("movement", "Crossing movement", share=1.2),
    Column("document", "Document", Kind.CODE, under="movement"),
    Column("user", "By", under="movement"),
    Column("cause", "Cause", share=1.4),
    Column("resolution", "Resolution", under="cause"),
)


def _cause(row: NegativeRow) -> str:
    """The tagged cause; a transient one that nobody tagged is a matter of posting order."""
    return "transient: posting order" if row.transient and not row.cause else words.cause(row.cause)


def _row(row: NegativeRow) -> Row:
    resolution = row.resolution or row.outcome or ("nothing is missing" if row.transient else "open")
    cells: list[Cell] = [
        row.key.item,
        row.key.description,
        words.place(row.key),
        row.key.unit,
        words.negative(row.on_hand),
        words.negative(row.depth),
        row.started_at,
        row.ended_at,
        row.age,
        row.unit_days,
        row.value_days,
        row.unit_cost,
        f"{row.crossing.kind} {row.crossing.reference}",
        row.crossing.document,
        row.crossing.user,
        _cause(row),
        resolution,
    ]
    return cells


def _total(label: str, rows: Sequence[NegativeRow]) -> Total:
    cells: list[Cell] = [None] * len(_COLUMNS)
    cells[10] = sum(row.value_days for row in rows)
    return Total(label, cells)


def schedule(rows: Sequence[NegativeRow]) -> Table:
    """Part 6 of the reconciliation: each episode with its crossing, cause, resolution and age."""
    still = [row for row in rows if row.is_open]
    over = [row for row in rows if not row.is_open]
    groups = []
    if still:
        groups.append(Group("Still below zero", [_row(row) for row in still], (_total("Open", still),)))
    if over:
        groups.append(Group("Back at zero or above", [_row(row) for row in over], (_total("Closed", over),)))
    return Table(
        "negatives",
        "Negatives schedule",
        _COLUMNS,
        groups=groups,
        nothing="No balance was below zero in this period.",
    )


_AGES = (("up to 1 day", 1), ("2 to 7 days", 7), ("8 to 30 days", 30), ("31 to 90 days", 90))


def _age(row: NegativeRow) -> str:
    days = row.age / instant.DAY
    return next((name for name, most in _AGES if days <= most), "over 90 days")


def _bars(counts: Counter[str], order: Sequence[str]) -> list[Bar]:
    return [Bar(name, counts[name], Flag.BELOW_ZERO if counts[name] else None) for name in order]


def _by_location(rows: Sequence[NegativeRow]) -> Table:
    grouped: dict[str, list[NegativeRow]] = defaultdict(list)
    for row in rows:
        grouped[" · ".join(p for p in (row.key.site, row.key.warehouse, row.key.zone) if p)].append(row)
    return Table(
        "by-location",
        "By location",
        (
            Column("place", "Site · warehouse · zone"),
            Column("open", "Open", Kind.COUNT),
            Column("episodes", "Episodes", Kind.COUNT),
            Column("days", "Days negative", Kind.DURATION),
            Column("value_days", "Value-days", Kind.MONEY),
        ),
        rows=[
            (
                name,
                sum(row.is_open for row in grouped[name]),
                len(grouped[name]),
                sum(row.age for row in grouped[name]),
                sum(row.value_days for row in grouped[name]),
            )
            for name in sorted(grouped)
        ],
        nothing="No location was below zero in this period.",
    )


def exception_report(data: Exceptions, paper: Paper = Paper.A4) -> Document:
    """Report (b): open negatives, aged, by cause and by location, then every episode of the period."""
    still = [row for row in data.negatives if row.is_open]
    measures = data.measures
    causes = Counter(_cause(row) for row in data.negatives)
    blocks: list[Block] = [
        frame.headline(
            [
                Fact("Below zero now", measures.negative_keys, Kind.COUNT),
                Fact("Value below zero", sum(_value(row) for row in still), Kind.MONEY),
                Fact("Episodes in the period", measures.episodes, Kind.COUNT),
                Fact("Of them transient", measures.transient, Kind.COUNT),
                Fact("Days negative", measures.days_negative, Kind.DURATION),
                Fact("Value-days", measures.value_days, Kind.MONEY),
                Fact("Mean time to repair", measures.mean_closed, Kind.DURATION),
                Fact("Stock keys with movements", measures.active_keys, Kind.COUNT),
            ]
        ),
        BarChart(
            "Open negatives by age",
            _bars(Counter(_age(row) for row in still), [*(name for name, _ in _AGES), "over 90 days"])
            if still
            else (),
            nothing="Nothing is below zero now.",
        ),
        BarChart(
            "Episodes of the period by cause",
            [Bar(name, count) for name, count in sorted(causes.items(), key=lambda p: (-p[1], p[0]))],
            nothing="No episode in this period.",
        ),
        Heading("Where"),
        _by_location(data.negatives),
        Heading("Episodes"),
        schedule(data.negatives),
    ]
    return frame.document(
        "negatives",
        "Negative exceptions",
        data.basis,
        blocks,
        rows=len(data.negatives),
        controls=(Fact("Sum of value-days", measures.value_days, Kind.MONEY),),
        paper=paper,
    )


def _value(row: NegativeRow) -> int:
    return value_of(row.on_hand, row.unit_cost)
