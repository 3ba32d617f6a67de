"""The end of a shift: for each person one message of what is open for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zeroline.domain.alert import LATE, Notice, notices, shift_ended, shift_occasion
from zeroline.domain.person import Right
from zeroline.services.alerting.finding import look
from zeroline.storage import alerts
from zeroline.storage.alerts import Recipient
from zeroline.storage.queries import alerting as queries

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection


def ended(
    connection: Connection, whom: Iterable[Recipient], now: int
) -> list[tuple[Recipient, tuple[Notice, ...]]]:
    """What is open for each, where a shift ended not long before ``now`` (µs) and they were not told yet.

    Shifts end by the clocks of a person's first site, or of the first of all.
    """
    found = look(connection, now, book=True, all_sheets=True)
    zones = alerts.zones(connection)
    told: list[tuple[Recipient, tuple[Notice, ...]]] = []
    open_cases = queries.open_cases(connection)
    due = queries.places_due(connection, found.policy.policy, now)
    for one in whom:
        name = next((name for site, name in zones.items() if not one.sites or site in one.sites), "UTC")
        at = shift_ended(found.policy.policy.shift_ends, now, zone(name))
        if now - at >= LATE:
            continue
        counts = dict.fromkeys(("new", "mine"), 0)
        if one.person.may(Right.TRIAGE):
            here = [cases for cases in open_cases if not one.sites or cases.site_id in one.sites]
            counts["new"] = sum(cases.cases for cases in here if cases.fresh and cases.owner_id is None)
            counts["mine"] = sum(cases.cases for cases in here if cases.owner_id == one.person.id)
        counts |= found.open_for(one)
        if one.person.may(Right.TRIAGE):
            counts["due"] = sum(n for site, n in due.items() if not one.sites or site in one.sites)
        still_open = {name: count for name, count in counts.items() if count}
        if still_open:
            occasion = shift_occasion(at, still_open)
            before = alerts.told(connection, one.person.id, (occasion.key,))
            told.append((one, notices((occasion,), before)))
    return told


def zone(name: str) -> ZoneInfo:
    """A time zone by its name; UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
