"""The approver's list: its columns, what each row means for the reader, which go together."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.views.settlement import ApprovalRow
from zeroline.ui.tables.column import Column, code_column, number_column, text_column
from zeroline.ui.tables.rows import Rows
from zeroline.ui.text.columns import money_column, when_column
from zeroline.ui.text.counting import marks
from zeroline.ui.text.format import Format
from zeroline.ui.text.phrase import counted
from zeroline.ui.text.settlement import hand_words
from zeroline.ui.theme.tone import Tone
from zeroline.wording import cause_label


def approval_columns(form: Format) -> tuple[Column, ...]:
    """The columns of the approver's list."""

    def signed(micro: int, decimals: int) -> str:
        return form.scaled(micro, decimals, sign=True)

    return (
        code_column("item", "Item", value=lambda row: row.key.item, width=136, stretch=True),
        code_column("location", "Bin", value=lambda row: row.key.location, width=96),
        number_column("quantity", "Change", signed, unit_from="unit", width=84),
        money_column("value", f"Value {form.currency}", form, width=80),
        Column("tier", "Tier", text=str, width=44),
        Column(
            "next",
            "For you",
            value=_next,
            sort_key=_ORDER.__getitem__,
            tone_from="tone",
            tooltip_from="why",
            width=92,
        ),
        text_column("proposer", "Proposed by", width=120, hidden=True),
        when_column("proposed_at", "Proposed", form, hidden=True),
        text_column("cause", "Cause", text=cause_label, width=160, hidden=True),
        code_column("number", "Number", width=104, hidden=True),
        text_column("marks", "Lot, status", value=lambda row: marks(row.key), hidden=True),
    )


_ORDER = {"to decide": 0, "to post": 1, "outdated": 2, "not for you": 3}


def _next(row: ApprovalRow) -> str:
    if row.hand is not None:
        return "not for you"
    if row.outdated:
        return "outdated"
    return "to post" if row.state == "approved" else "to decide"


def _row_tone(row: ApprovalRow) -> Tone | None:
    if row.hand is not None:
        return Tone.MUTED
    return Tone.CAUTION if row.outdated or row.guard_documents else Tone.ACCENT


def _why(row: ApprovalRow) -> str:
    return hand_words(row.hand, row.number) if row.hand is not None else ""


def approval_rows(columns: Sequence[Column], found: Sequence[ApprovalRow]) -> Rows:
    """Rows for the list, made in the reading thread."""
    return Rows.of(
        columns,
        found,
        id="adjustment_id",
        also={"tone": _row_tone, "why": _why, "unit": lambda row: row.key.unit},
    )


def not_together(rows: Sequence[ApprovalRow]) -> str:
    """Why these cannot be approved at once; '' when they can."""
    for row in rows:
        if row.state != "proposed":
            return f"{row.number} is approved already and only waits for posting."
        if row.hand is not None:
            return hand_words(row.hand, row.number)
        if row.tier > 1:
            return f"{row.number} is of tier {row.tier}: decide it on its own page."
        if row.outdated:
            return f"{row.number} is outdated: renew it first."
        if row.guard_documents:
            documents = counted(row.guard_documents, "open document", "open documents")
            return f"{documents} would explain {row.number} too: decide it on its own page."
    return ""
