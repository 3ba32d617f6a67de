"""Dates as people write them, by format; English month names whatever the machine's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import TypeAlias

from zeroline.domain import instant
from zeroline.domain.errors import DomainError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_PARTS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "b": rf"(?P<b>{'|'.join(_MONTHS)})",
    "B": rf"(?P<B>{'|'.join(_FULL)})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "p": r"(?P<p>am|pm|a\.m\.|p\.m\.)",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
    "f": r"(?P<f>\d{1,9})",
    "z": r"(?P<z>Z|[+-]\d{2}:?\d{2})",
    "%": "%",
}
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_NUMBER = re.compile(r"\d{1,14}(\.\d{1,12})?")

Moment: TypeAlias = tuple[datetime, bool]
"""A date and time, aware or not, and whether a time of day was written."""

_DAY_ONLY = re.compile(r"\d{4}-?\d{2}-?\d{2}")


@cache
def compile_format(form: str) -> Callable[[str], Moment | None]:
    """A reader for ``iso``, ``excel`` (serial day number), ``epoch`` (seconds), ``epoch-ms`` or a pattern of
    %Y %y %m %d %b %B %H %I %p %M %S %f %z. It answers None for a text of another form.

    Raises ValueError for a format that cannot be understood.
    """
    if form in _NAMED:
        return _NAMED[form]
    pattern = ""
    rest = form.strip()
    used: set[str] = set()
    while rest:
        if rest[0] == "%":
            if len(rest) < 2 or rest[1] not in _PARTS:
                raise ValueError(f"{form} is not a date format: {rest[:2]} is not known")
            if rest[1] in used:
                raise ValueError(f"{form} is not a date format: {rest[:2]} appears twice")
            used.add(rest[1])
            pattern += _PARTS[rest[1]]
            rest = rest[2:]
        elif rest[0].isspace():
            pattern += r"\s+"
            rest = rest.lstrip()
        else:
            pattern += re.escape(rest[0])
            rest = rest[1:]
    if not (used & {"Y", "y"} and used & {"m", "b", "B"} and "d" in used):
        raise ValueError(f"{form} is not a date format: year, month and day are needed")
    compiled = re.compile(pattern, re.IGNORECASE)
    timed = bool(used & {"H", "I"})

    def read(text: str) -> Moment | None:
        match = compiled.fullmatch(text)
        return None if match is None else (_built(match.groupdict()), timed)

    return read


def _built(parts: dict[str, str | None]) -> datetime:
    """The datetime of the matched parts; raises ValueError for a day or hour that does not exist."""
    if parts.get("Y"):
        year = int(parts["Y"] or 0)
    else:
        short = int(parts.get("y") or 0)
        year = short + (1900 if short >= 69 else 2000)
    if parts.get("b"):
        month = _MONTHS.index((parts["b"] or "").lower()) + 1
    elif parts.get("B"):
        month = _FULL.index((parts["B"] or "").lower()) + 1
    else:
        month = int(parts["m"] or 0)
    hour = int(parts.get("H") or 0)
    if parts.get("I"):
        hour = int(parts["I"] or 0)
        if not 1 <= hour <= 12:
            raise ValueError("an hour of a half day lies between 1 and 12")
        hour = hour % 12 + (12 if (parts.get("p") or "").lower().startswith("p") else 0)
    zone = parts.get("z")
    offset: tzinfo | None = None
    if zone:
        if zone in "Zz":
            offset = UTC
        else:
            digits = zone[1:].replace(":", "")
            away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            offset = timezone(-away if zone[0] == "-" else away)
    return datetime(
        year,
        month,
        int(parts["d"] or 0),
        hour,
        int(parts.get("M") or 0),
        int(parts.get("S") or 0),
        int((parts.get("f") or "0").ljust(6, "0")[:6]),
        offset,
    )


def _iso(text: str) -> Moment | None:
    try:
        return datetime.fromisoformat(text), _DAY_ONLY.fullmatch(text) is None
    except ValueError:
        return None


def _excel(text: str) -> Moment | None:
    if not _NUMBER.fullmatch(text) or not 1 <= float(text) < 2_958_466:
        return None
    day, _, fraction = text.partition(".")
    micro = round(float(f"0.{fraction or 0}") * instant.DAY / 1_000) * 1_000  # serials hold about 1 ms
    moment = _EXCEL_EPOCH + timedelta(days=int(day), microseconds=micro)
    return moment.replace(tzinfo=None), bool(micro)


def _epoch(text: str) -> Moment | None:
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    micro = int(fraction.ljust(6, "0")[:6] or 0)
    return instant.at(int(whole) * instant.SECOND + micro), True


def _epoch_ms(text: str) -> Moment | None:
    if not text.isdigit() or len(text) > 15:
        return None
    return instant.at(int(text) * 1_000), True


_NAMED: dict[str, Callable[[str], Moment | None]] = {
    "iso": _iso,
    "excel": _excel,
    "epoch": _epoch,
    "epoch-ms": _epoch_ms,
}


class DateReader:
    """Texts to instants (µs) by a list of formats, the first that fits; remembers texts it has seen.

    ``zone`` is meant where a text names none; a date without a time of day is the day's start there, or its
    last microsecond with ``end_of_day``.
    """

    def __init__(self, formats: Sequence[str], zone: tzinfo, *, end_of_day: bool = False) -> None:
        self._formats = tuple(formats)
        self._readers = [compile_format(form) for form in formats]
        self._zone = zone
        self._end = end_of_day
        self._known: dict[str, int] = {}

    def read(self, text: str) -> int:
        """The instant of a text; raises DomainError ``instant-unreadable`` or ``instant-range``."""
        known = self._known.get(text)
        if known is not None:
            return known
        if len(self._known) > 100_000:
            self._known.clear()
        found = self._known[text] = self._read(text)
        return found

    def _read(self, text: str) -> int:
        if len(text) <= 60:
            for reader in self._readers:
                try:
                    moment = reader(text)
                    if moment is not None:
                        return _within_reason(self._instant(*moment), text)
                except (ValueError, OverflowError):
                    continue
        raise DomainError("instant-unreadable", value=text[:40], formats=self._formats)

    def _instant(self, moment: datetime, timed: bool) -> int:
        if moment.tzinfo is None:
            if not timed and self._end:
                # the next day's start less one microsecond: right on days of 23 and 25 hours too
                following = (moment + timedelta(days=1)).replace(tzinfo=self._zone)
                return instant.of(following) - 1
            moment = moment.replace(tzinfo=self._zone)
        return instant.of(moment)


_EARLIEST, _LATEST = instant.parse("1900-01-01"), instant.parse("9999-01-01")


def _within_reason(found: int, text: str) -> int:
    """Refuse what no calendar of ours could show in every zone; raises DomainError ``instant-range``."""
    if not _EARLIEST <= found < _LATEST:
        raise DomainError("instant-range", value=text[:40])
    return found
