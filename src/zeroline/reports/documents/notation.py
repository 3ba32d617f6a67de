"""How raw values are written for people: one object, so that paper, spreadsheet and screen agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from zeroline.domain.instant import DAY, HOUR, MINUTE, SECOND
from zeroline.domain.quantity import DECIMALS, MINUS, SCALE
from zeroline.reports.documents.blocks import Kind

NO_BREAK = "\u00a0"

_MARKS: dict[str, tuple[str, str]] = {  # language: (thousands, decimal), as CLDR gives them
    "en": (",", "."),
    "de": (".", ","),
    "de-ch": ("’", "."),
    "de-at": (NO_BREAK, ","),
    "fr": (NO_BREAK, ","),
    "es": (".", ","),
    "it": (".", ","),
    "nl": (".", ","),
    "pt": (".", ","),
    "da": (".", ","),
    "sv": (NO_BREAK, ","),
    "nb": (NO_BREAK, ","),
    "fi": (NO_BREAK, ","),
    "pl": (NO_BREAK, ","),
    "cs": (NO_BREAK, ","),
}
_WITHOUT_CENTS = frozenset({"JPY", "KRW", "CLP", "ISK", "VND", "XAF", "XOF", "XPF", "PYG", "UGX", "RWF"})
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = 15 * MINUTE


class Notation:
    """Writes quantities, money, instants and durations for one language, site zone and currency.

    ``language`` is a tag such as ``en`` or ``de-CH`` (unknown ones write as English), ``zone`` an IANA name,
    ``currency`` an ISO 4217 code. Raises ZoneInfoNotFoundError for an unknown zone.
    """

    def __init__(self, language: str = "en", zone: str = "UTC", currency: str = "EUR") -> None:
        self.language, self.zone_name, self.currency = language, zone, currency
        tag = language.lower().replace("_", "-")
        self.thousands, self.decimal = _MARKS.get(tag) or _MARKS.get(tag.split("-")[0]) or _MARKS["en"]
        self.zone = ZoneInfo(zone)
        self._offsets: dict[int, tuple[int, str]] = {}
        self._days: dict[int, str] = {}

    @cached_property
    def money_decimals(self) -> int:
        """Decimals of the currency: 2, or 0 and 3 for the few that differ."""
        return 0 if self.currency in _WITHOUT_CENTS else 3 if self.currency in _THREE_DECIMALS else 2

    def quantity(self, micro: int, decimals: int | None = None) -> str:
        """Micro-units as a grouped number with a real minus; all its decimals, or rounded half to even."""
        if decimals is not None:
            return self._fixed(micro, decimals)
        whole, rest = divmod(abs(micro), SCALE)
        text = f"{whole:,}"
        if self.thousands != "," and whole >= 1000:
            text = text.replace(",", self.thousands)
        if rest:
            text = f"{text}{self.decimal}{rest:06d}".rstrip("0")
        return MINUS + text if micro < 0 else text

    def money(self, micro: int, decimals: int | None = None) -> str:
        """Micro-currency with the currency's decimals, rounded half to even; no symbol."""
        return self._fixed(micro, self.money_decimals if decimals is None else decimals)

    def share(self, micro: int, decimals: int | None = None) -> str:
        """A ratio (1.0 = 1,000,000) as per cent, one decimal unless told: ``99.5 %``."""
        return self._fixed(micro * 100, 1 if decimals is None else decimals) + NO_BREAK + "%"

    def count(self, number: int) -> str:
        """A whole number, grouped."""
        text = f"{abs(number):,}".replace(",", self.thousands)
        return MINUS + text if number < 0 else text

    def instant(self, instant: int, seconds: bool = False) -> str:
        """Site time as ``2026-03-01 09:12``; in the hour that a clock change repeats, with its UTC offset."""
        offset, fold = self._offset(instant)
        days, rest = divmod(instant + offset, DAY)
        minutes = rest // MINUTE
        text = f"{self._day(days)} {minutes // 60:02d}:{minutes % 60:02d}"
        if seconds:
            text = f"{text}:{rest % MINUTE // SECOND:02d}"
        return text + fold

    def day(self, instant: int) -> str:
        """The site's calendar day of an instant, ``2026-03-01``."""
        return self._day((instant + self._offset(instant)[0]) // DAY)

    def duration(self, length: int) -> str:
        """A length in µs by its two largest units: ``3 d 04 h``, ``6 h 05 min``, ``12 min``, ``40 s``."""
        if length < 0:
            return MINUS + self.duration(-length)
        gap = NO_BREAK
        if length >= DAY:
            return (
                f"{length // DAY:,}".replace(",", self.thousands)
                + f"{gap}d{gap}{length % DAY // HOUR:02d}{gap}h"
            )
        if length >= HOUR:
            return f"{length // HOUR}{gap}h{gap}{length % HOUR // MINUTE:02d}{gap}min"
        return f"{length // MINUTE}{gap}min" if length >= MINUTE else f"{length // SECOND}{gap}s"

    def writer(self, kind: Kind, decimals: int | None = None, seconds: bool = False) -> Callable[[int], str]:
        """The function that writes raw values of ``kind``; whole numbers of text kinds are written bare."""
        match kind:
            case Kind.QUANTITY if decimals is None:
                return self.quantity
            case Kind.QUANTITY | Kind.MONEY | Kind.SHARE if decimals is not None:
                fixed = self.share if kind is Kind.SHARE else self._fixed
                return lambda value: fixed(value, decimals)
            case Kind.MONEY:
                return self.money
            case Kind.SHARE:
                return self.share
            case Kind.COUNT:
                return self.count
            case Kind.INSTANT:
                return (lambda value: self.instant(value, seconds=True)) if seconds else self.instant
            case Kind.DAY:
                return self.day
            case Kind.DURATION:
                return self.duration
            case _:
                return str

    def local(self, instant: int) -> datetime:
        """Site time without a zone, as spreadsheets keep it."""
        return (_EPOCH + timedelta(microseconds=instant + self._offset(instant)[0])).replace(tzinfo=None)

    def offset(self, instant: int) -> int:
        """µs by which site time is ahead of UTC at an instant."""
        return self._offset(instant)[0]

    def _fixed(self, micro: int, decimals: int) -> str:
        if decimals < DECIMALS:
            unit = 10 ** (DECIMALS - decimals)
            number, rest = divmod(abs(micro), unit)
            if 2 * rest > unit or (2 * rest == unit and number % 2):
                number += 1
        else:
            number = abs(micro) * 10 ** (decimals - DECIMALS)
        if decimals:
            whole, fraction = divmod(number, 10**decimals)
            text = f"{whole:,}"
            if self.thousands != ",":
                text = text.replace(",", self.thousands)
            text = f"{text}{self.decimal}{fraction:0{decimals}d}"
        else:
            text = f"{number:,}".replace(",", self.thousands)
        return MINUS + text if micro < 0 and number else text

    def _offset(self, instant: int) -> tuple[int, str]:
        quarter = instant // _QUARTER
        known = self._offsets.get(quarter)
        if known is None:
            local = (_EPOCH + timedelta(microseconds=quarter * _QUARTER)).astimezone(self.zone)
            here = local.utcoffset() or timedelta()
            fold = ""
            if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
                minutes = here // timedelta(minutes=1)
                sign = MINUS if minutes < 0 else "+"
                fold = f" {sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
            known = self._offsets[quarter] = here // timedelta(microseconds=1), fold
        return known

    def _day(self, days: int) -> str:
        text = self._days.get(days)
        if text is None:
            text = self._days[days] = (_EPOCH + timedelta(days=days)).date().isoformat()
        return text
