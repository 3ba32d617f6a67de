"""Instants: whole microseconds since 1970-01-01 UTC, one number everywhere inside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from zeroline.domain.errors import DomainError

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Clock = Callable[[], int]
"""Answers the present instant; services take one so that nothing else asks the machine for the time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def of(moment: datetime) -> int:
    """The instant of an aware datetime."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def at(instant: int, zone: tzinfo = UTC) -> datetime:
    """The aware datetime of an instant in ``zone``."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(zone)


def iso(instant: int) -> str:
    """ISO 8601 in UTC, ``2026-03-01T09:12:00Z``, with microseconds only when there are any."""
    return at(instant).isoformat().replace("+00:00", "Z")


def parse(text: str, zone: tzinfo = UTC) -> int:
    """The instant of an ISO 8601 text; ``zone`` is meant where the text names none.

    Raises DomainError ``instant-unreadable``.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return of(moment)
    except (ValueError, OverflowError) as error:
        raise DomainError("instant-unreadable", value=text[:40]) from error
