"""Numbers, money and times as people read them, by locale and in the site's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale

from zeroline.domain import instant as instants
from zeroline.domain.quantity import DECIMALS, MINUS, SCALE, half_even

NO_BREAK = "\u00a0"

SYMBOLS: Mapping[str, str] = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "TRY": "₺",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "UAH": "₴",
}


class Format:
    """How everything is written for one person at one site.

    ``now`` answers the present instant (µs) for relative times. Quantities and money are micro-units.
    """

    def __init__(self, locale: QLocale, zone: ZoneInfo, now: instants.Clock, currency: str = "EUR") -> None:
        self.locale = locale
        self.zone = zone
        self.currency = currency
        self._now = now
        self._words = QLocale(QLocale.Language.English)  # names of days and months go with the sentences
        zero = ord(locale.zeroDigit())
        self._digits = {} if zero == ord("0") else {zero + n: ord("0") + n for n in range(10)}
        self._minute = (0, self.local(0))
        self.decimal = locale.decimalPoint()
        self.group = locale.groupSeparator()

    # numbers

    def scaled(self, micro: int, decimals: int, sign: bool = False) -> str:
        """Micro-units with exactly this many decimals (0 to 6), rounded half to even if they need more."""
        steps = half_even(micro, 10 ** (DECIMALS - decimals)) if decimals < DECIMALS else micro
        whole, rest = divmod(abs(steps), 10**decimals)
        text = self._whole(whole)
        if decimals:
            text = f"{text}{self.decimal}{rest:0{decimals}d}"
        if steps < 0:
            return MINUS + text
        return f"+{text}" if sign and steps > 0 else text

    def quantity(
        self, micro: int | None, unit: str = "", decimals: int | None = None, sign: bool = False
    ) -> str:
        """An exact quantity with its unit: as many decimals as it needs, at least ``decimals``."""
        if micro is None:
            return ""
        needed = next(d for d in range(DECIMALS + 1) if micro % 10 ** (DECIMALS - d) == 0)
        text = self.scaled(micro, max(needed, decimals or 0), sign)
        return f"{text}{NO_BREAK}{unit}" if unit else text

    def money(self, micro: int | None, currency: str = "", decimals: int = 2, sign: bool = False) -> str:
        """An amount with its currency in front: −€ 96.40."""
        if micro is None:
            return ""
        text = self.scaled(micro, decimals, sign)
        mark, digits = (text[0], text[1:]) if text[0] in (MINUS, "+") else ("", text)
        code = currency or self.currency
        return f"{mark}{SYMBOLS.get(code, code)}{NO_BREAK}{digits}"

    def cents(self, micro: int, decimals: int) -> str:
        """Money in a column: always two decimals, the currency is in the heading."""
        return self.scaled(micro, 2)

    def count(self, number: int) -> str:
        """A plain number of things."""
        return MINUS + self._whole(-number) if number < 0 else self._whole(number)

    def _whole(self, number: int) -> str:
        """Grouped by locale; in the digits that keyboards, scanners and codes use."""
        text = self.locale.toString(number)
        return text.translate(self._digits) if self._digits else text

    def percent(self, part: int, whole: int = SCALE, decimals: int = 1) -> str:
        """part ÷ whole as a percentage; nothing when there is no whole."""
        if whole == 0:
            return ""
        return f"{self.scaled(half_even(part * 100 * SCALE, whole), decimals)}{NO_BREAK}%"

    # times

    def local(self, instant: int) -> datetime:
        return instants.at(instant, self.zone)

    def _present(self) -> datetime:
        """Now at the site, worked out once a minute: lists ask for it in every cell."""
        minute = self._now() // instants.MINUTE
        if minute != self._minute[0]:
            self._minute = (minute, self.local(minute * instants.MINUTE))
        return self._minute[1]

    def time(self, instant: int) -> str:
        return f"{self.local(instant):%H:%M}"

    def date(self, instant: int) -> str:
        """12 Mar; with the year when it is not this one."""
        at = self.local(instant)
        return self._day(at, year=at.year != self._present().year)

    def day(self, instant: int) -> str:
        """12 Mar 2026."""
        return self._day(self.local(instant), year=True)

    def exact(self, instant: int | None) -> str:
        """Thu 12 Mar 2026 09:12:05 CET: for tooltips and paper."""
        if instant is None:
            return ""
        at = self.local(instant)
        return f"{self._weekday(at)} {self._day(at, year=True)} {at:%H:%M:%S} {at.tzname() or ''}".rstrip()

    def minute(self, instant: int | None) -> str:
        """2026-03-12 09:12: exact columns of ledgers, which line up."""
        return "" if instant is None else f"{self.local(instant):%Y-%m-%d %H:%M}"

    def when(self, instant: int | None) -> str:
        """Recent: 'just now', '12 min ago', '3 h ago'; this week: 'Thu 09:12'; else '12 Mar 09:12'."""
        if instant is None:
            return ""
        past = self._now() - instant
        if 0 <= past < instants.MINUTE:
            return "just now"
        if 0 <= past < instants.HOUR:
            return f"{past // instants.MINUTE} min ago"
        if 0 <= past < 12 * instants.HOUR:
            return f"{past // instants.HOUR} h ago"
        at, today = self.local(instant), self._present()
        days = (today.date() - at.date()).days
        if days == 0:
            return f"today {at:%H:%M}"
        if 0 < days < 7:
            return f"{self._weekday(at)} {at:%H:%M}"
        return f"{self._day(at, year=at.year != today.year)} {at:%H:%M}"

    def due(self, instant: int | None) -> str:
        """'14:00' today, 'tomorrow 14:00', 'Mon 14:00', and '2 h late' once it is past."""
        if instant is None:
            return ""
        late = self._now() - instant
        if late >= instants.MINUTE:
            return f"{self.duration(late)} late"
        if late >= 0:
            return "now"
        at, today = self.local(instant), self._present()
        days = (at.date() - today.date()).days
        if days == 0:
            return f"{at:%H:%M}"
        if days == 1:
            return f"tomorrow {at:%H:%M}"
        if days < 7:
            return f"{self._weekday(at)} {at:%H:%M}"
        return self._day(at, year=at.year != today.year)

    def is_late(self, instant: int | None) -> bool:
        return instant is not None and self._now() >= instant

    @staticmethod
    def duration(length: int | None) -> str:
        """µs as the two largest units that tell something: 3 d 04 h, 6 h 20 min, 12 min, 40 s."""
        if length is None:
            return ""
        seconds = abs(timedelta(microseconds=length)) // timedelta(seconds=1)
        days, rest = divmod(seconds, 86_400)
        hours, rest = divmod(rest, 3_600)
        minutes, seconds = divmod(rest, 60)
        if days >= 100:
            return f"{days}{NO_BREAK}d"
        if days:
            return f"{days}{NO_BREAK}d{NO_BREAK}{hours:02d}{NO_BREAK}h"
        if hours:
            return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{minutes:02d}{NO_BREAK}min" if minutes else "")
        return f"{minutes}{NO_BREAK}min" if minutes else f"{seconds}{NO_BREAK}s"

    def _weekday(self, at: datetime) -> str:
        return self._words.standaloneDayName(at.isoweekday(), QLocale.FormatType.ShortFormat).rstrip(".")

    def _day(self, at: datetime, year: bool) -> str:
        month = self._words.monthName(at.month, QLocale.FormatType.ShortFormat).rstrip(".")
        return f"{at.day} {month} {at.year}" if year else f"{at.day} {month}"
