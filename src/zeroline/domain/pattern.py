"""The pattern that produced a transient negative: cases of one pattern are one problem, not many."""

from __future__ import annotations

import re
from typing import NamedTuple

from zeroline.domain.instant import DAY, HOUR

_LETTERS = re.compile(r"[^\W\d_]*")

LAGS = (("minutes", HOUR), ("hours", 8 * HOUR), ("shifts", DAY), ("days", 7 * DAY))
"""Lag codes with the µs each reaches up to; longer is ``weeks``."""


class Pattern(NamedTuple):
    """Kinds of the crossing and the closing movement ('' while open), source of the crossing, the letters
    its document number begins with, and how late the closing movement was recorded (a code of LAGS)."""

    crossing: str
    closing: str
    source: str
    document_type: str
    lag: str


def document_type(number: str) -> str:
    """The letters that a document number begins with: ``OUT`` of ``OUT/00033``, '' when it has none."""
    found = _LETTERS.match(number)
    return found.group().upper() if found else ""


def lag_code(lag: int) -> str:
    """The code for a movement recorded ``lag`` µs after it happened."""
    return next((code for code, up_to in LAGS if lag < up_to), "weeks")
