"""The small phrases that sentences and cells are made of."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.case import CaseState
from zeroline.domain.verdict import UNDETERMINED
from zeroline.ui.text.format import NO_BREAK
from zeroline.wording import cause_label

_STATES: Mapping[str, str] = {
    CaseState.WAITING_DOCUMENT: "Awaits document",
    CaseState.WAITING_APPROVAL: "Awaits approval",
    CaseState.CAUSE_PROPOSED: "Cause known",
}


def state_words(state: str) -> str:
    """A case's state in a narrow column."""
    return _STATES.get(state) or upper_first(state)


def upper_first(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str) -> str:
    """'1 case', '12 cases'."""
    return f"{number}{NO_BREAK}{one if number == 1 else many}"


def sure(millionths: int) -> str:
    """A probability in millionths in whole per cent; never a promise of all or nothing."""
    whole = round(millionths / 10_000)
    if whole >= 100:
        return f">{NO_BREAK}99{NO_BREAK}%"
    return f"{whole}{NO_BREAK}%" if whole else f"<{NO_BREAK}1{NO_BREAK}%"


def guess_label(code: str) -> str:
    """A guess in a cell: code and title, or that there is not enough to say."""
    return "Not enough to say" if code == UNDETERMINED else cause_label(code)
