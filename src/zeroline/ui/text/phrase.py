"""The small phrases that sentences and cells are made of."""

from __future__ import annotations

from collections.abc import Mapping

from zeroline.domain.case import CaseState
from zeroline.ui.text.format import NO_BREAK

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
