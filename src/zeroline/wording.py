"""Sentences for people and the words of causes, by code; the texts are data, not code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from zeroline.assets import resource
from zeroline.domain import instant
from zeroline.domain.cause import CATALOGUE
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.quantity import MINUS, plain


@cache
def catalogue(name: str = "errors", language: str = "en") -> dict[str, str]:
    """Sentence templates by code from ``resources/text/NAME.LANGUAGE.toml``."""
    with resource(f"text/{name}.{language}.toml").open("rb") as file:
        return {code: str(text) for code, text in tomllib.load(file).items()}


def sentence(error: DomainError | Trouble) -> str:
    """What happened and the cure, in one or two short sentences."""
    template = catalogue().get(error.code)
    if template is None:
        return str(error)
    return template.format_map(_Words(error.fields))


class _Words(dict[str, Any]):
    """Fields as words: quantities and money as plain numbers with a real minus, instants as ISO times."""

    def __getitem__(self, name: str) -> str:
        value = super().__getitem__(name)
        if isinstance(value, int) and name.endswith(("_quantity", "_value")):
            return plain(value).replace("-", MINUS)
        if isinstance(value, int) and name.endswith("_at"):
            return instant.iso(value).replace("T", " ").removesuffix("Z") + " UTC"
        if isinstance(value, (tuple, list)):
            return ", ".join(str(part) for part in value)
        return str(value)

    def __missing__(self, name: str) -> str:
        return "–"


# --- causes

_CAUSES = "causes"


@dataclass(frozen=True, slots=True)
class CauseWords:
    """One cause for people: title, what it looks like, what to do, how to prevent it, whom to tell."""

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
    with resource(f"text/{_CAUSES}.{language}.toml").open("rb") as file:
        texts = tomllib.load(file)
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
    words = cause_words().get(code)
    return words.label if words is not None else code
