"""A column of a list as data: what it is called, how it reads, sorts and looks."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from zeroline.ui.theme.tone import Tone


class Align(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


def shown(value: Any) -> str:
    """The plain text of a value; nothing for None."""
    return "" if value is None else str(value)


class Column(NamedTuple):
    """One column. All functions get the column's own value, are called once for each distinct value where
    values repeat, and must not touch Qt widgets.

    ``key`` names the field; ``value`` reads it from a row object (the attribute ``key`` when None).
    ``text`` is the cell; ``scaled`` replaces it for micro-unit columns and gets the decimals that the whole
    column needs, so that figures stand under each other. ``sort_key`` orders (numbers by size, texts by
    natural order when None; empty cells always last). ``unit_from``, ``tooltip_from``, ``tone_from`` and
    ``icon_from`` name other fields of the row that hold the unit, the tooltip, the Tone and the icon name.
    ``paper`` replaces ``text`` where the cell leaves the screen (exact times instead of '3 h ago').
    ``search``: type-to-filter looks here. ``total``: group headings show the sum. ``code``: fixed-width face.
    ``counts``: plain numbers of things, which leave the screen as numbers.
    """

    key: str
    title: str
    text: Callable[[Any], str] = shown
    value: Callable[[Any], Any] | None = None
    scaled: Callable[[int, int], str] | None = None
    decimals: int = 0
    sort_key: Callable[[Any], Any] | None = None
    align: Align = Align.LEFT
    width: int = 120
    tone: Callable[[Any], Tone | None] | None = None
    icon: Callable[[Any], str | None] | None = None
    tooltip: Callable[[Any], str] | None = None
    paper: Callable[[Any], str] | None = None
    unit_from: str = ""
    tooltip_from: str = ""
    tone_from: str = ""
    icon_from: str = ""
    search: bool = False
    total: bool = False
    counts: bool = False
    code: bool = False
    hidden: bool = False
    editable: bool = False
    stretch: bool = False
    help: str = ""

    @property
    def numeric(self) -> bool:
        return self.scaled is not None


def code_column(key: str, title: str, **more: Any) -> Column:
    """Item codes, bins, documents: fixed-width face, searched."""
    return Column(key, title, **{"code": True, "search": True, **more})


def text_column(key: str, title: str, **more: Any) -> Column:
    """Words for people, searched."""
    return Column(key, title, **{"search": True, **more})


def below_zero(value: Any) -> Tone | None:
    """Red for what is below zero; the real minus sign says the same without colour."""
    return Tone.NEGATIVE if value is not None and value < 0 else None


def number_column(key: str, title: str, scaled: Callable[[int, int], str], **more: Any) -> Column:
    """Micro-unit quantities or money: to the right, figures under each other, below zero in red."""
    given = {"scaled": scaled, "align": Align.RIGHT, "width": 96, "tone": below_zero, **more}
    return Column(key, title, **given)
