"""Sentences for people, filled from the catalogue by code; the texts are data, not code."""

from __future__ import annotations

from functools import cache
from typing import Any

from zeroline.assets import resource
from zeroline.domain import instant
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.quantity import MINUS, plain


@cache
def catalogue(name: str = "errors", language: str = "en") -> dict[str, str]:
    """Sentence templates by code from ``resources/text/NAME.LANGUAGE.toml``."""
    import tomllib

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
