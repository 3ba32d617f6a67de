"""A blind sheet while it is being counted: what one entry changes, what is left, what is kept meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from zeroline.domain.count import parse_entry
from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.domain.views.kept import KeptCount

KEPT = "kept"
"""State of a line whose entry waits on this workstation; a line from the database never has it."""


def with_line(sheet: BlindSheet, line_id: int, **values: Any) -> BlindSheet:
    """The sheet with one line changed."""
    return replace(
        sheet, lines=tuple(replace(x, **values) if x.line_id == line_id else x for x in sheet.lines)
    )


def with_kept(sheet: BlindSheet, kept: Sequence[KeptCount]) -> BlindSheet:
    """The sheet with the entries that wait here in place of those that the database has."""
    for count in kept:
        line = next((one for one in sheet.lines if one.line_id == count.line_id), None)
        if count.sheet_id == sheet.sheet_id and line is not None and not line.blocked:
            sheet = with_line(sheet, line.line_id, **kept_values(count, line))
    return sheet


def kept_values(count: KeptCount, line: BlindLine) -> dict[str, Any]:
    """What a line shows of an entry that waits here."""
    quantity = parse_entry(count.text, line.key.unit, line.units, count.decimal, count.thousands).quantity
    at = count.at if count.paper_at is None else count.paper_at
    return {"state": KEPT, "entered": count.text, "quantity": quantity, "reason": "", "counted_at": at}


def after(sheet: BlindSheet, line_id: int) -> BlindLine | None:
    """The next line that this person can count, walking on from a line and round; None when none is left."""
    at = next(n for n, line in enumerate(sheet.lines) if line.line_id == line_id)
    following = [*sheet.lines[at + 1 :], *sheet.lines[:at]]
    return next((x for x in following if x.state == "to count" and not x.blocked), None)


def entries(sheet: BlindSheet | None) -> int:
    """How many entries this person has to submit."""
    lines = sheet.lines if sheet is not None else ()
    return sum(line.state in ("entered", "not counted") and not line.blocked for line in lines)


def waiting(sheet: BlindSheet | None) -> int:
    """How many entries of the sheet wait on this workstation."""
    return sum(line.state == KEPT for line in sheet.lines) if sheet is not None else 0


def can_submit(sheet: BlindSheet | None) -> bool:
    """Whether there is anything that this person can submit, now or once it is sent."""
    lines = sheet.lines if sheet is not None else ()
    left = any(line.state == "to count" and line.round == 1 for line in lines)
    return bool(entries(sheet) or waiting(sheet)) or left


def turned(before: BlindSheet, now: BlindSheet) -> BlindLine | None:
    """The line whose entry was taken back or put back between two readings."""
    old = {line.line_id: (line.state, line.entered, line.reason) for line in before.lines}
    return next((x for x in now.lines if old.get(x.line_id) != (x.state, x.entered, x.reason)), None)
