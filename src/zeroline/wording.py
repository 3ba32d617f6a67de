"""Sentences for people, filled from the catalogue by code; the texts are data, not code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from zeroline.assets import resource
from zeroline.domain import instant
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.quantity import MINUS, plain

_LINE = re.compile(r'^(?:\[([\w-]+)\]|([\w-]+) = ("(?:[^"\\]|\\.)*"))$', re.MULTILINE)


@cache
def texts(name: str, language: str = "en") -> Mapping[str, Any]:
    """``resources/text/NAME.LANGUAGE.toml``: texts by key, one mapping for each ``[heading]``.

    Only what these files use of TOML is read (a test holds that it is all): headings and texts of one line.
    The reader of all of TOML costs a start as much as the queue itself.
    """
    found: dict[str, Any] = {}
    table = found
    for heading, key, text in _LINE.findall(resource(f"text/{name}.{language}.toml").read_text("utf-8")):
        if heading:
            table = found[heading] = {}
        else:
            table[key] = json.loads(text)
    return found


def catalogue(name: str = "errors", language: str = "en") -> Mapping[str, str]:
    """Sentence templates by code."""
    return texts(name, language)


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
