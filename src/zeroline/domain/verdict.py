"""What a person said to a guess: both are kept, and the person's word always wins."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

UNDETERMINED: Final = "Z0"
"""The code of 'not known yet'. It stands here because lists need it and can do without all the causes."""


class Said(StrEnum):
    """What became of a guess. NOTHING: nobody has said anything yet, or only that it is not known yet."""

    NOTHING = ""
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"


def said(guess: str, cause: str) -> Said:
    """What it means that somebody tagged ``cause`` ('': none of these) where ``guess`` stood ('': none)."""
    if not guess:
        return Said.NOTHING
    if not cause:
        return Said.REJECTED
    if cause == guess:
        return Said.ACCEPTED
    return Said.NOTHING if cause == UNDETERMINED else Said.CORRECTED


def refuses(guess: str, second: str, cause: str, leading: str) -> bool:
    """Whether a rejection (``cause`` '') of ``guess`` and ``second`` still covers what is likeliest now.

    When the ledger has brought another guess to the front since, that one is offered again.
    """
    return not cause and bool(guess) and leading in (guess, second)
