"""The words behind each cause: title, what it looks like, what to do, how to prevent it, whom to tell."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from zeroline.wording import texts as words_in

CATALOGUE_NAME = "causes"
"""Stem of the shipped file with the words."""


class CauseWords(NamedTuple):
    """One cause for people; ``code`` as in ``domain.cause.CATALOGUE``."""

    code: str
    group: str
    title: str
    looks: str
    fix: str
    process: str
    tell: str

    @property
    def label(self) -> str:
        """Code and title: 'T1 Receipt posted late'."""
        return f"{self.code} {self.title}"


@cache
def cause_words(language: str = "en") -> dict[str, CauseWords]:
    """All causes by code, in the order of the catalogue."""
    from zeroline.domain.cause import CATALOGUE

    texts = words_in(CATALOGUE_NAME, language)
    groups = texts["groups"]
    return {
        code: CauseWords(
            code,
            f"{cause.group.value} {groups[cause.group.value]}",
            texts[code]["title"],
            texts[code]["looks"],
            texts[code]["fix"],
            texts[code]["process"],
            texts[code]["tell"],
        )
        for code, cause in CATALOGUE.items()
    }


def cause_label(code: str | None) -> str:
    """'T1 Receipt posted late'; nothing for no cause, the bare code for one that is not known."""
    if not code:
        return ""
    words = words_in(CATALOGUE_NAME).get(code)
    return f"{code} {words['title']}" if words is not None else code
