"""Columns whose cells are written by a Format: quantities, money, times."""

from __future__ import annotations

from typing import Any

from zeroline.ui.tables.column import Align, Column, number_column
from zeroline.ui.text.format import Format
from zeroline.ui.theme.tone import Tone


def quantity_column(key: str, title: str, form: Format, unit_from: str = "unit", **more: Any) -> Column:
    """Micro-units with the unit beside them, as many decimals as the whole column needs."""
    return number_column(key, title, form.scaled, unit_from=unit_from, **more)


def money_column(key: str, title: str, form: Format, **more: Any) -> Column:
    """Micro-currency with two decimals; the title names the currency. Groups show the sum."""
    return number_column(key, title, form.cents, **{"total": True, "decimals": 2, **more})


def count_column(key: str, title: str, form: Format, **more: Any) -> Column:
    """Plain numbers of things."""
    return Column(
        key, title, **{"text": form.count, "align": Align.RIGHT, "width": 72, "counts": True, **more}
    )


def when_column(key: str, title: str, form: Format, **more: Any) -> Column:
    """Relative when recent, exact on hover and wherever it leaves the screen."""
    given = {"text": form.when, "tooltip": form.exact, "paper": form.minute, "width": 112, **more}
    return Column(key, title, **given)


def minute_column(key: str, title: str, form: Format, **more: Any) -> Column:
    """Exact to the minute, for ledgers; to the second on hover."""
    return Column(key, title, **{"text": form.minute, "tooltip": form.exact, "width": 128, **more})


def age_column(key: str, title: str, form: Format, **more: Any) -> Column:
    """A length of time in µs."""
    return Column(key, title, **{"text": form.duration, "align": Align.RIGHT, "width": 88, **more})


def due_column(key: str, title: str, form: Format, **more: Any) -> Column:
    """When it must be done; amber and 'late' in words once it is past."""

    def tone(instant: int | None) -> Tone | None:
        return Tone.CAUTION if form.is_late(instant) else None

    given = {
        "text": form.due,
        "tooltip": form.exact,
        "paper": form.minute,
        "tone": tone,
        "width": 104,
        **more,
    }
    return Column(key, title, **given)
