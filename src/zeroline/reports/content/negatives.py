"""The negatives schedule, and report (b) around it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from zeroline.domain import instant
from zeroline.domain.quantity import value_of
from zeroline.domain.views.explanation import Standing
from zeroline.domain.views.reporting import Basis, Exceptions, Measures, NegativeRow
from zeroline.reports.content import frame, why, words
from zeroline.reports.documents import (
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Flag,
    Group,
    Heading,
    Kind,
    Paper,
    Paragraph,
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
    Column("age", "Age", Kind.DURATION),
    Column("within", "Within the period", Kind.DURATION, under="age"),
    Column("unit_days", "Unit-days", Kind.QUANTITY, under="age", decimals=1),
    Column("value_days", "Value-days", Kind.MONEY),
    Column("cost", "Unit cost", Kind.MONEY, under="value_days"),
    Column("movement", "Crossing movement", share=1.2),
    Column("document", "Document", Kind.CODE, under="movement"),
    Column("user", "By", under="movement"),
    Column("resolution", "Resolution", under="movement"),
    *why.COLUMNS,
)


def _cause(row: NegativeRow) -> str:
    """The cause that was said; a transient one of which nobody said why is a matter of posting order."""
    return "transient: posting order" if row.transient and not row.cause else words.cause(row.cause)


def _likely(row: NegativeRow) -> str:
    """The likeliest cause: said, else only guessed, else none."""
    return words.cause(row.why.likely) if row.why.likely else _cause(row)


def _row(row: NegativeRow, speak: why.Speak) -> Row:
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
        row.days_within,
        row.unit_days,
        row.value_days,
        row.unit_cost,
        f"{row.crossing.kind} {row.crossing.reference}",
        row.crossing.document,
        row.crossing.user,
        _resolution(row),
        *why.cells(row.why, _cause(row), speak),
    ]
    return cells


def _resolution(row: NegativeRow) -> str:
    """What was posted, what brought the balance back, and how the case stands."""
    back = row.closing
    parts = [", ".join(row.adjustments)]
    if back is not None and not row.adjustments:
        parts.append(f"back by {back.kind} {back.document or back.reference}")
    parts.append(row.outcome or ("nothing is missing" if row.transient else ""))
    return " · ".join(part for part in parts if part) or "open"


def _total(label: str, rows: Sequence[NegativeRow]) -> Total:
    cells: list[Cell] = [None] * len(_COLUMNS)
    places = {column.key: place for place, column in enumerate(_COLUMNS)}
    cells[places["within"]] = sum(row.days_within for row in rows)
    cells[places["value_days"]] = sum(row.value_days for row in rows)
    return Total(label, cells)


def schedule(rows: Sequence[NegativeRow], basis: Basis) -> Table:
    """Part 6 of the reconciliation: each episode with its crossing, cause, evidence, resolution and age."""
    speak = why.speaker(basis)
    still = [row for row in rows if row.is_open]
    over = [row for row in rows if not row.is_open]
    groups = []
    if still:
        groups.append(
            Group("Still below zero", [_row(row, speak) for row in still], (_total("Open", still),))
        )
    if over:
        groups.append(
            Group("Back at zero or above", [_row(row, speak) for row in over], (_total("Closed", over),))
        )
    return Table(
        "negatives",
        "Negatives schedule",
        _COLUMNS,
        groups=groups,
        nothing="No balance was below zero in this period.",
    )


_OLDEST = "over 90 days"
_AGES = (("up to 1 day", 1), ("2 to 7 days", 7), ("8 to 30 days", 30), ("31 to 90 days", 90))
_AGE_NAMES = (*(name for name, _ in _AGES), _OLDEST)
_MOST_BARS = 10


def _age(row: NegativeRow) -> str:
    days = row.age / instant.DAY
    return next((name for name, most in _AGES if days <= most), _OLDEST)


def _bars(counts: Counter[str], order: Sequence[str]) -> list[Bar]:
    return [Bar(name, counts[name], Flag.BELOW_ZERO if counts[name] else None) for name in order]


def _place(row: NegativeRow) -> str:
    return " · ".join(p for p in (row.key.site, row.key.warehouse, row.key.zone) if p)


def _summed(rows: Sequence[NegativeRow]) -> list[Cell]:
    return [
        sum(row.is_open for row in rows),
        *(sum(_age(row) == name for row in rows if row.is_open) for name in _AGE_NAMES),
        len(rows),
        sum(row.why.confirmed for row in rows),
        sum(row.why.standing is Standing.GUESSED for row in rows),
        sum(row.transient for row in rows),
        sum(row.days_within for row in rows),
        sum(row.value_days_within for row in rows),
    ]


def _by(key: str, title: str, rows: Sequence[NegativeRow], name_of: Callable[[NegativeRow], str]) -> Table:
    """Open negatives by age, and the episodes of the period, of each group; they add up to the headline."""
    grouped: dict[str, list[NegativeRow]] = defaultdict(list)
    for row in rows:
        grouped[name_of(row)].append(row)
    return Table(
        f"by-{key}",
        f"By {title.lower()}" if key == "cause" else f"By {key}",
        (
            Column("name", title, share=1.6),
            Column("open", "Open", Kind.COUNT),
            *(Column(f"age-{n}", name, Kind.COUNT) for n, name in enumerate(_AGE_NAMES)),
            Column("episodes", "Episodes", Kind.COUNT),
            Column("confirmed", "Confirmed", Kind.COUNT),
            Column("guessed", "Only guessed", Kind.COUNT),
            Column("transient", "Transient", Kind.COUNT),
            Column("days", "Days negative", Kind.DURATION),
            Column("value_days", "Value-days", Kind.MONEY),
        ),
        rows=[(name, *_summed(grouped[name])) for name in sorted(grouped)],
        totals=(Total("Together", (None, *_summed(rows))),) if rows else (),
        nothing="Nothing was below zero in this period.",
    )


def measures_facts(found: Measures) -> list[Block]:
    """The figures of the negatives in the period, and how each is made."""
    return [
        Facts(
            (
                Fact("Days negative", found.days_negative, Kind.DURATION),
                Fact("Unit-days", found.unit_days, Kind.QUANTITY, decimals=1),
                Fact("Value-days", found.value_days, Kind.MONEY),
                Fact("Episodes per item and 30 days", found.frequency, Kind.QUANTITY, decimals=3),
                Fact("Mean time to repair", found.mean_closed, Kind.DURATION),
                Fact("Transient share", found.transient_share, Kind.SHARE),
                Fact("Lines negative", found.negative_share, Kind.SHARE),
                Fact("Cases that came back", found.recurrence, Kind.SHARE),
            ),
            columns=4,
        ),
        Paragraph(
            "Days negative, unit-days and value-days: length of the episodes, the shortfall over time "
            "and that times the unit cost, each within the period. Episodes per item: "
            f"{found.episodes:,} episodes ÷ {found.active_items:,} items with movements, per 30 days. Mean "
            f"time to repair: mean length of the {found.closed:,} closed episodes. Transient share: "
            f"{found.transient:,} ÷ {found.episodes:,} episodes. Lines negative: {found.negative_keys:,} ÷ "
            f"{found.active_keys:,} stock keys with movements. Cases that came back within the watch window: "
            f"{found.cases_recurred:,} ÷ {found.cases_closed:,} closed in the period.",
            quiet=True,
        ),
    ]


def exception_report(data: Exceptions, paper: Paper = Paper.A4) -> Document:
    """Report (b): open negatives, aged, by cause and by location, then every episode of the period."""
    still = [row for row in data.negatives if row.is_open]
    measures = data.measures
    causes = Counter(_likely(row) for row in data.negatives)
    confirmed_by_cause = Counter(_likely(row) for row in data.negatives if row.why.confirmed)
    confirmed = sum(row.why.confirmed for row in data.negatives)
    guessed = sum(row.why.standing is Standing.GUESSED for row in data.negatives)
    blocks: list[Block] = [
        frame.headline(
            [
                Fact("Below zero now", measures.negative_keys, Kind.COUNT),
                Fact("Value below zero", sum(_value(row) for row in still), Kind.MONEY),
                Fact("Episodes in the period", measures.episodes, Kind.COUNT),
                Fact("Of them transient", measures.transient, Kind.COUNT),
                Fact("Days negative", measures.days_negative, Kind.DURATION),
                Fact("Value-days", measures.value_days, Kind.MONEY),
                Fact("Cause confirmed by a person", confirmed, Kind.COUNT),
                Fact("Cause only guessed", guessed, Kind.COUNT),
            ]
        ),
        BarChart(
            "Open negatives by age",
            _bars(Counter(_age(row) for row in still), _AGE_NAMES) if still else (),
            nothing="Nothing is below zero now.",
        ),
        BarChart(
            "Episodes of the period by likely cause",
            _largest(causes, confirmed_by_cause),
            nothing="No episode in this period.",
        ),
        Heading("Measures of the period"),
        *measures_facts(measures),
        Heading("Causes, said and guessed"),
        why.summary(data.negatives),
        _by("cause", "Likely cause", data.negatives, _likely),
        Heading("Places"),
        _by("location", "Site · warehouse · zone", data.negatives, _place),
        Heading("Episodes"),
        schedule(data.negatives, data.basis),
    ]
    return frame.document(
        "negatives",
        "Negative exceptions",
        data.basis,
        blocks,
        rows=len(data.negatives),
        controls=(
            Fact("Days negative, sum", measures.days_negative, Kind.DURATION),
            Fact("Value-days in the period, sum", measures.value_days, Kind.MONEY),
            Fact("On hand below zero, sum", sum(row.on_hand for row in still), Kind.QUANTITY),
        ),
        paper=paper,
    )


def _largest(counts: Counter[str], confirmed: Counter[str]) -> list[Bar]:
    """The causes with most episodes; the others together, the table below has them all."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    bars = [
        Bar(name, count, note=f"{confirmed[name]:,} confirmed by a person")
        for name, count in ordered[:_MOST_BARS]
    ]
    rest = ordered[_MOST_BARS:]
    if rest:
        bars.append(Bar(f"{len(rest)} other causes", sum(count for _, count in rest)))
    return bars


def _value(row: NegativeRow) -> int:
    return value_of(row.on_hand, row.unit_cost)
