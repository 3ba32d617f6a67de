"""The columns of the lists around a case."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.instant import HOUR
from zeroline.domain.movement import TimeBasis
from zeroline.domain.views.case import CaseView, EventFacts, LedgerRow
from zeroline.domain.views.stock import KeyLedger
from zeroline.ui.tables.column import Align, Column, code_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.text.columns import money_column, quantity_column, when_column
from zeroline.ui.text.format import Format
from zeroline.ui.text.log import event_words
from zeroline.ui.text.phrase import upper_first
from zeroline.ui.theme.tone import Tone
from zeroline.wording import cause_label

_LATE = HOUR
"""A movement recorded more than this after it happened is marked as late."""

_MARKS = {
    "crossing": "queue-negative",
    "closing": "check",
    "forced": "queue-override",
    "in": "movement-in",
    "out": "movement-out",
}
_MARK_TONES = {"crossing": Tone.NEGATIVE, "forced": Tone.NEGATIVE, "closing": Tone.VERIFIED}
_RELATIONS = {"lot": "Same bin", "bin": "Same warehouse", "site": "Other warehouses"}


def ledger_columns(form: Format, *, cited: bool = False) -> tuple[Column, ...]:
    """Recorded, happened, what, who, how much, and the balance after it; ``cited``: numbers of evidence."""

    def plain(_: int) -> None:
        return None

    columns = (
        Column(
            "mark",
            "",
            text=lambda mark: "",
            icon=_MARKS.get,
            tone=lambda mark: _MARK_TONES.get(mark, Tone.MUTED),
            tooltip=lambda mark: _MARK_WORDS.get(mark, ""),
            width=32,
            help="In or out; or: crossed zero, came back, was forced",
        ),
        Column(
            "cited",
            "#",
            text=lambda number: str(number) if number else "",
            tone=lambda number: Tone.ACCENT,
            tooltip=lambda number: f"Evidence {number} of the cause beside it" if number else "",
            align=Align.CENTRE,
            width=28,
            help="The number of the evidence that the movement is",
        ),
        Column(
            "recorded_at",
            "Recorded",
            text=lambda at: _moment(at, form),
            tooltip=form.exact,
            paper=form.minute,
            width=96,
        ),
        Column(
            "occurred_at",
            "Happened",
            text=lambda at: _moment(at, form),
            tooltip=form.exact,
            paper=form.minute,
            tone_from="late",
            width=96,
            help="Amber: recorded more than an hour after it happened",
        ),
        text_column("kind", "Movement", text=upper_first, width=72, stretch=True),
        code_column("document", "Document", width=96),
        text_column("user", "By", width=64),
        quantity_column("entered_quantity", "Entered", form, unit_from="entered_unit", tone=plain, width=64),
        quantity_column("quantity", "Quantity", form, tone=plain, width=66, unit_from=""),
        quantity_column("balance", "Balance", form, width=64, unit_from=""),
        text_column("source", "Source", hidden=True, width=72),
        code_column("reference", "Source's id", hidden=True, width=112),
    )
    return columns if cited else tuple(column for column in columns if column.key != "cited")


_MARK_WORDS = {
    "crossing": "This movement crossed zero",
    "closing": "This movement brought it back above zero",
    "forced": "Somebody forced this movement past the check",
}


def _moment(at: int, form: Format) -> str:
    """'16 Nov 13:08': short enough to stand twice in a line; the year is on hover and on paper."""
    return f"{form.day(at).rpartition(' ')[0]} {form.time(at)}"


def ledger_rows(
    view: CaseView | KeyLedger, columns: tuple[Column, ...], cited: Mapping[int, int] | None = None
) -> Rows:
    """The movements of a stock key, with their marks and the numbers of the evidence; ids are sequences."""
    numbers = cited or {}
    crossing = view.crossing.seq if view.crossing is not None else None
    closing = view.closing.seq if view.closing is not None else None

    def mark(row: LedgerRow) -> str:
        if row.seq == crossing:
            return "crossing"
        if row.seq == closing:
            return "closing"
        if row.override:
            return "forced"
        return "in" if row.quantity > 0 else "out"

    def late(row: LedgerRow) -> Tone | None:
        if row.time_basis != TimeBasis.BOTH:
            return Tone.MUTED
        return Tone.CAUTION if row.recorded_at - row.occurred_at > _LATE else None

    readers = {
        "mark": mark,
        "cited": lambda row: numbers.get(row.seq),
        "late": late,
        "unit": lambda row: view.key.unit,
    }
    marked = tuple(column for column in columns if column.key not in ("mark", "cited"))
    made = Rows.of(marked, view.ledger, id="seq", also=readers)
    made.prepare(columns)
    return made


def elsewhere_columns(form: Format) -> tuple[Column, ...]:
    """The item in other bins, lots and statuses."""
    return (
        text_column("relation", "Where", text=lambda code: _RELATIONS.get(code, code), hidden=True),
        code_column("location", "Bin", width=94, stretch=True),
        code_column("lot", "Lot", width=84),
        text_column("status", "Status", width=74),
        quantity_column("on_hand", "On hand", form, unit_from="", width=62),
        when_column("last_recorded_at", "Last moved", form, width=92),
    )


def episode_columns(form: Format) -> tuple[Column, ...]:
    """Every time it was below zero."""
    return (
        when_column("started_at", "Below zero since", form, width=100, stretch=True),
        Column("duration", "For", text=form.duration, width=72),
        quantity_column("depth", "Lowest", form, unit_from="", width=60),
        quantity_column("unit_days", "Unit-days", form, unit_from="", decimals=1, hidden=True, width=80),
        money_column("value_days", "Value-days", form, width=84, tone=lambda _: None),
        Column(
            "transient",
            "Why",
            text=lambda transient: "order only" if transient else "short",
            tooltip=lambda transient: (
                "Only the order of posting was wrong; nothing was missing" if transient else ""
            ),
            width=80,
        ),
    )


def count_columns(form: Format) -> tuple[Column, ...]:
    """Every count of this place."""
    return (
        when_column("counted_at", "Counted", form, width=92, stretch=True),
        text_column("counter", "By", width=84),
        quantity_column("counted", "Found", form, unit_from="", width=56),
        quantity_column("expected", "Expected", form, unit_from="", width=68),
        quantity_column("variance", "Off by", form, unit_from="", width=60),
        Column(
            "within",
            "",
            text=lambda within: "",
            icon=lambda within: "check" if within else "warning",
            tone=lambda within: Tone.VERIFIED if within else Tone.CAUTION,
            tooltip=lambda within: "Within tolerance" if within else "Out of tolerance",
            width=32,
            help="Within tolerance",
        ),
    )


def adjustment_columns(form: Format) -> tuple[Column, ...]:
    """Every correction of this place."""
    return (
        code_column("number", "Number", width=96),
        quantity_column("quantity", "Quantity", form, unit_from="", width=66),
        money_column("value", "Value", form, width=80),
        text_column("state", "State", text=upper_first, width=76),
        text_column("cause", "Cause", text=cause_label, width=72, stretch=True),
    )


def document_columns(form: Format) -> tuple[Column, ...]:
    """What is still to come or to go."""
    return (
        Column(
            "explains",
            "",
            text=lambda explains: "",
            icon=lambda explains: "info" if explains else None,
            tone=lambda explains: Tone.CAUTION,
            tooltip=lambda explains: (
                "Would bring stock here: it may explain the shortfall" if explains else ""
            ),
            width=32,
        ),
        text_column("kind", "Document", text=upper_first, width=92),
        code_column("number", "Number", width=112, stretch=True),
        quantity_column("outstanding", "Still open", form, unit_from="", width=80),
        when_column("due_at", "Due", form, text=form.due, width=96),
    )


def reservation_columns(form: Format) -> tuple[Column, ...]:
    """Who needs it."""
    return (
        code_column("reference", "Promised to", width=120, stretch=True),
        code_column("location", "From", text=lambda where: where or "any bin", width=96),
        quantity_column("quantity", "Quantity", form, unit_from="", width=80),
        when_column("due_at", "Due", form, text=form.due, width=96),
    )


def log_columns(form: Format, names: Mapping[int, str], unit: str) -> tuple[Column, ...]:
    """Who did what when, the newest first."""

    def told(event: EventFacts) -> str:
        return event_words(event, form, names, unit)

    return (
        when_column("at", "When", form, width=96),
        text_column("person", "Who", width=96),
        Column("words", "What", value=told, stretch=True, width=200, search=True),
    )


def evidence_columns(form: Format) -> tuple[Column, ...]:
    """What proves the cause; files can be opened."""
    return (
        text_column("kind", "Kind", text=upper_first, width=88),
        code_column("label", "What", width=140, stretch=True),
        text_column("person", "Linked by", width=96),
        when_column("at", "When", form, width=96),
    )
