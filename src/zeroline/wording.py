"""Sentences for people and the words of causes, by code; the texts are data, not code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

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


def evidence(code: str, facts: Mapping[str, Any], speak: Callable[[str, Any], str] | None = None) -> str:
    """One plain sentence of a piece of evidence; ``speak`` says a named fact (default: plain, in UTC).

    Names ending in ``quantity`` are micro-units, ``_at`` µs, ``_span`` a length of time in µs.
    """
    template = catalogue("evidence").get(code)
    if template is None:
        return code
    said = template.format_map(_Spoken(facts, speak or say_plainly))
    return " ".join(said.split()).replace(" :", ":").replace(" .", ".")


def settling(code: str, facts: Mapping[str, Any], speak: Callable[[str, Any], str] | None = None) -> str:
    """What would settle it, in one sentence."""
    return evidence(f"settle-{code}", facts, speak)


def say_plainly(name: str, value: Any) -> str:
    """A fact in plain words: quantities with a real minus, instants to the minute in UTC, spans rounded."""
    if value is None:
        return "–"
    if isinstance(value, int) and name.endswith("quantity"):
        return plain(value).replace("-", MINUS)
    if isinstance(value, int) and name.endswith("_at"):
        return instant.iso(value)[:16].replace("T", " ")
    if isinstance(value, int) and name.endswith("_span"):
        return span(value)
    return str(value)


def span(length: int) -> str:
    """A length of time in the unit that says most: 40 minutes, 7 hours, 3 days."""
    size = abs(length)
    for unit, name in ((instant.DAY, "day"), (instant.HOUR, "hour"), (instant.MINUTE, "minute")):
        if size >= (2 * unit if unit != instant.MINUTE else unit):
            count = round(size / unit)
            return f"{count} {name}{'s' if count != 1 else ''}"
    return "less than a minute"


class _Spoken(dict[str, Any]):
    def __init__(self, facts: Mapping[str, Any], speak: Callable[[str, Any], str]) -> None:
        super().__init__(facts)
        self._speak = speak

    def __getitem__(self, name: str) -> str:
        return self._speak(name, super().__getitem__(name))

    def __missing__(self, name: str) -> str:
        return "–"


class _Words(dict[str, Any]):
    """Fields as words: quantities and money as plain numbers with a real minus, instants as ISO times,
    lengths of time in their largest unit."""

    def __getitem__(self, name: str) -> str:
        value = super().__getitem__(name)
        if isinstance(value, int) and name.endswith(("_quantity", "_value")):
            return plain(value).replace("-", MINUS)
        if isinstance(value, int) and name.endswith("_at"):
            return instant.iso(value).replace("T", " ").removesuffix("Z") + " UTC"
        if isinstance(value, int) and name.endswith("_span"):
            return span(value)
        if isinstance(value, (tuple, list)):
            return ", ".join(str(part) for part in value)
        return str(value)

    def __missing__(self, name: str) -> str:
        return "–"


# --- causes

_CAUSES = "causes"


class CauseWords(NamedTuple):
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
    from zeroline.domain.cause import CATALOGUE

    words = texts(_CAUSES, language)
    groups = words["groups"]
    return {
        code: CauseWords(
            code,
            f"{cause.group.value} {groups[cause.group.value]}",
            words[code]["title"],
            words[code]["looks"],
            words[code]["fix"],
            words[code]["process"],
            words[code]["tell"],
        )
        for code, cause in CATALOGUE.items()
    }


def cause_label(code: str | None) -> str:
    """'T1 Receipt posted late'; nothing for no cause, the bare code for one that is not known."""
    if not code:
        return ""
    words = texts(_CAUSES).get(code)
    return f"{code} {words['title']}" if words is not None else code


# --- alerts


def alert(kind: str, facts: Mapping[str, Any], speak: Callable[[str, Any], str] | None = None) -> str:
    """What an alert says, in one or two sentences; ``speak`` as of :func:`evidence`."""
    words, say = texts("alerts"), speak or say_plainly
    told = dict(facts)
    if "lines" in told:
        told["lines"] = f"{told['lines']} {'line' if told['lines'] == 1 else 'lines'}"
    if "open" in told:
        counts = ((said, told["open"].get(name, 0)) for name, said in words["open"].items())
        told["open"] = ", ".join(f"{said} {say('count', count)}" for said, count in counts if count)
    said: str = words["many" if "count" in facts else "one"][kind].format_map(_Spoken(told, say))
    return said


def alert_title(kind: str) -> str:
    """What an alert is about, in two or three words."""
    title: str = texts("alerts")["title"][kind]
    return title


def letter_trouble(kept: str) -> str:
    """Why a letter did not arrive, from what was kept of it: a code and, after a blank, a detail."""
    code, _, detail = kept.partition(" ")
    template: str = texts("alerts")["trouble"].get(code, kept)
    return template.replace("{detail}", detail)
