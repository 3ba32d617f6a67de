"""The columns of each queue, and its rows straight from the arrays that were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zeroline.domain.case import GUESSED, Queue
from zeroline.domain.instant import HOUR, Clock
from zeroline.domain.pattern import Pattern
from zeroline.domain.verdict import UNDETERMINED
from zeroline.domain.views.queue import QueueTable, Words
from zeroline.ui.desk import CaseSet
from zeroline.ui.tables.column import Align, Column, code_column, text_column
from zeroline.ui.tables.fields import Amounts, Coded, Field
from zeroline.ui.tables.filters import Filter
from zeroline.ui.tables.rows import Rows
from zeroline.ui.text.columns import count_column, due_column, money_column, quantity_column, when_column
from zeroline.ui.text.format import SYMBOLS, Format
from zeroline.ui.text.phrase import guess_label, state_words, sure, upper_first
from zeroline.ui.theme.tone import Tone
from zeroline.wording import cause_label

_LEVELS = {"high": 0, "medium": 1, "low": 2}
_LEVEL_ICONS = {"high": "queue-negative", "medium": "warning", "low": "info"}
_LEVEL_TONES = {"high": Tone.NEGATIVE, "medium": Tone.CAUTION, "low": Tone.MUTED}
_LAGS = {
    "minutes": "within the hour",
    "hours": "some hours late",
    "shifts": "a shift or two late",
    "days": "days late",
    "weeks": "weeks late",
}


def columns_of(queue: Queue, form: Format, now: Clock, me: str, roomy: bool = False) -> tuple[Column, ...]:
    """All columns of a queue in the order they are shown at first; ``me`` is the reader's name."""
    wide = {
        Queue.NEGATIVE: _negative,
        Queue.TRANSIENT: _transient,
        Queue.REPEAT: _repeat,
        Queue.OVERRIDE: _override,
        Queue.SELF_CHECK: _self_check,
        Queue.COUNTS_DUE: _counts_due,
    }[queue](form, now)
    beside = queue in GUESSED
    stock = (
        code_column("item", "Item", width=128),
        text_column("description", "Description", width=76 if beside else 100, stretch=True),
        code_column("location", "Bin", width=100),
        code_column("lot", "Lot", width=80, hidden=True),
        text_column("status", "Status", width=84, hidden=True),
    )
    where = (
        text_column("zone", "Zone", width=56, hidden=queue is not Queue.COUNTS_DUE),
        text_column("warehouse", "Warehouse", width=96, hidden=True),
        text_column("site", "Site", width=96, hidden=True),
        text_column("abc_class", "ABC", width=48, hidden=queue is not Queue.COUNTS_DUE),
        text_column("item_class", "Class", width=96, hidden=True),
    )
    if queue is Queue.COUNTS_DUE:
        return (*stock, *where, *wide)
    guesses = _guess(roomy) if beside else ()
    work = _work(queue, form, me, roomy)
    return (_level(), *stock, *wide, *guesses, *work, *_movement(queue), *where, *_more(form))


def rows_of(table: QueueTable, columns: tuple[Column, ...], form: Format) -> Rows:
    """The rows of a queue; for the thread that read them."""
    data: dict[str, Any] = dict(table.columns)
    also: dict[str, Field] = {}
    currency = data.get("currency")
    if isinstance(currency, Words):
        symbols = [SYMBOLS.get(code, code) for code in currency.values]
        also["money_unit"] = Coded(currency.codes, symbols)
    if table.is_cases:
        also["case"] = Amounts(table.ids)
    if "level" in data:
        also["severity_reason"] = _Reasons(table, form)
    return Rows.table(columns, table.ids, data, also)


def versions_of(rows: Rows, ids: Sequence[int]) -> dict[int, int]:
    """The versions of cases as the list shows them."""
    found = ((id, rows.row_of(id)) for id in ids)
    return {id: rows.value("version", row) for id, row in found if row is not None}


def case_filter(chosen: CaseSet) -> Filter:
    """Only these cases, under the name they have together."""
    return {"field": "case", "is": [str(id) for id in chosen.ids], "called": chosen.called}


class _Reasons(Coded):
    """Why each row is as severe as it is; the sentence is made when somebody looks at it."""

    def __init__(self, table: QueueTable, form: Format) -> None:
        super().__init__(np.zeros(len(table), dtype=np.int32), ("",))
        self._table = table
        self._form = form

    def at(self, row: int) -> str:
        from zeroline.ui.text.story import Story

        code, facts = self._table.severity_reason(row)
        level = str(self._table.value("level", row)).capitalize()
        return f"{level}: {Story(self._form).severity(code, facts)}"


def _level() -> Column:
    return Column(
        "level",
        "!",
        text=upper_first,
        sort_key=lambda level: _LEVELS[level],
        icon=lambda level: _LEVEL_ICONS[level],
        tone=lambda level: _LEVEL_TONES[level],
        tooltip_from="severity_reason",
        width=32,
        help="How soon somebody must look; hover a row for the reason",
    )


def age_words(length: int, form: Format) -> str:
    """How long, for a narrow column: whole hours from one hour on."""
    return form.duration(length - length % HOUR if length >= HOUR else length)


def _age(now: Clock, form: Format, title: str) -> Column:
    """How long ago, sorted so that the first click shows the newest; exact on hover and on paper."""
    return Column(
        "since",
        title,
        text=lambda at: age_words(now() - at, form),
        tooltip=form.exact,
        paper=form.minute,
        align=Align.RIGHT,
        width=72,
    )


def _negative(form: Format, now: Clock) -> tuple[Column, ...]:
    return (
        quantity_column("on_hand", "On hand", form, width=88),
        _age(now, form, "Since"),
        money_column("value", "Value", form, unit_from="money_unit", width=96),
        quantity_column("depth", "Lowest", form, hidden=True, width=92),
    )


def _transient(form: Format, now: Clock) -> tuple[Column, ...]:
    return (
        Column("pattern", "Pattern", text=pattern_words, sort_key=pattern_words, width=260, hidden=True),
        when_column("since", "Crossed", form, width=104),
        when_column("ended_at", "Came back", form, width=104),
        quantity_column("depth", "Lowest", form, width=80),
        money_column("value", "Value", form, unit_from="money_unit", width=92),
    )


def _repeat(form: Format, now: Clock) -> tuple[Column, ...]:
    return (
        count_column("episodes", "Below zero", form, width=84, help="Times below zero within the window"),
        count_column("misses", "Misses", form, width=72, help="Counts out of tolerance within the window"),
        quantity_column("on_hand", "On hand", form, width=96),
        when_column("since", "Last", form, width=104),
        money_column("value", "Value", form, unit_from="money_unit", width=100, hidden=True),
    )


def _override(form: Format, now: Clock) -> tuple[Column, ...]:
    return (
        quantity_column("quantity", "Forced", form, width=84),
        text_column("user", "By", width=92),
        when_column("since", "When", form, width=104),
        quantity_column("on_hand", "On hand now", form, width=104, hidden=True),
        money_column("value", "Value", form, unit_from="money_unit", width=96, hidden=True),
    )


def _self_check(form: Format, now: Clock) -> tuple[Column, ...]:
    return (
        text_column("source", "Source", width=72),
        quantity_column("stored", "Source says", form, width=100),
        quantity_column("summed", "Movements", form, width=100),
        quantity_column("difference", "Difference", form, width=92),
        when_column("as_of", "As of", form, hidden=True),
        money_column("value", "Value", form, unit_from="money_unit", width=96, hidden=True),
    )


def _counts_due(form: Format, now: Clock) -> tuple[Column, ...]:
    return (
        quantity_column("on_hand", "On hand", form, width=96),
        money_column("value", "Value", form, unit_from="money_unit", width=104),
        Column(
            "last_counted_at",
            "Last counted",
            text=lambda at: form.when(at) if at is not None else "never",
            tooltip=form.exact,
            paper=form.minute,
            width=100,
        ),
        count_column("counts_per_year", "A year", form, width=64, help="Counts a year that the policy wants"),
        due_column("due_at", "Due", form, text=lambda at: form.due(at) if at is not None else "at once"),
        when_column("since", "Last moved", form, hidden=True),
        code_column("open_sheet", "On sheet", width=92),
    )


def _guess(roomy: bool) -> tuple[Column, ...]:
    """The likeliest cause by the program, how sure it is, and what a person said to it."""
    return (
        text_column(
            "guess",
            "Likely cause",
            text=guess_label,
            tone=lambda code: Tone.MUTED if code == UNDETERMINED else None,
            width=232 if roomy else 128,
            help="The likeliest cause by the ledger and its documents; nobody has said so yet",
        ),
        Column(
            "confidence",
            "Sure",
            text=lambda millionths: sure(millionths) if millionths else "",
            align=Align.RIGHT,
            width=72 if roomy else 60,
            help="How probable the likely cause is",
        ),
        text_column("verdict", "Said to it", text=upper_first, width=92, hidden=True),
    )


def _work(queue: Queue, form: Format, me: str, roomy: bool) -> tuple[Column, ...]:
    beside = queue in GUESSED
    return (
        text_column(
            "cause",
            "Tagged" if beside else "Cause",
            text=cause_label,
            width=240 if roomy else 128,
            hidden=beside and not roomy,
            help="The cause as a person tagged it",
        ),
        text_column(
            "state",
            "State",
            width=112,
            text=state_words,
            hidden=queue is not Queue.NEGATIVE,
        ),
        text_column(
            "owner",
            "Owner",
            width=136 if roomy else 56 if beside else 84,
            text=lambda name: "me" if name == me else name or "–",
            paper=str,
        ),
        due_column("due_at", "Due", form, width=118),
    )


def _movement(queue: Queue) -> tuple[Column, ...]:
    made = [
        code_column("document", "Document", width=108, hidden=queue is not Queue.OVERRIDE),
        text_column("kind", "Movement", width=104, hidden=True),
    ]
    if queue is not Queue.OVERRIDE:
        made.insert(1, text_column("user", "User", width=96, hidden=True))
    return tuple(made)


def _more(form: Format) -> tuple[Column, ...]:
    return (
        money_column("value_days", "Value-days", form, unit_from="money_unit", hidden=True, width=112),
        count_column("orders", "Orders", form, hidden=True, help="Orders that need this stock"),
        when_column("opened_at", "Case opened", form, hidden=True),
        count_column("reopened", "Reopened", form, hidden=True, width=80),
    )


def pattern_words(pattern: Pattern | None) -> str:
    """'Shipment before receipt · OUT documents of wms · some hours late'."""
    if pattern is None:
        return ""
    crossing, closing, source, document, lag = pattern
    told = [upper_first(f"{crossing} before {closing}" if closing else f"{crossing} below zero")]
    from_where = " ".join(part for part in (document, f"of {source}" if source else "") if part)
    if from_where:
        told.append(from_where)
    told.append(_LAGS.get(lag, lag))
    return " · ".join(told)
