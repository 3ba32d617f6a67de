"""What people are told without asking: what an alert is about, when it is one, and how it goes out.

An *occasion* is one thing that happened, by a text of its own ("negative case 17 0"): nobody is told of the
same occasion twice. An *alert* tells one person of one occasion, or of many of a kind at once. A *letter*
carries what a person is told at one moment out of the house, by e-mail; the house itself is told by webhook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR, MINUTE, at, of


class AlertKind(StrEnum):
    """What an alert tells; the value is stored. In brackets its facts, besides those of a stock key.

    NEGATIVE a balance went below zero (``on_hand_quantity``) · APPROVAL an adjustment waits for this person's
    decision, POSTING for their posting (``number``, ``quantity``, ``adjustment_value``, ``proposer``,
    ``proposed_at``) · AGEING one waits longer than policy wants (the same) · COUNT a count sheet is due
    (``number``, ``title``, ``lines``, ``due_at``) · SHIFT what is open at the end of a shift (``ended_at``;
    ``open`` with a count by name: new, mine, approvals, postings, ageing, sheets, due). Many of one kind at
    once have ``count`` and the facts of the first.
    """

    NEGATIVE = "negative"
    APPROVAL = "approval"
    POSTING = "posting"
    AGEING = "ageing"
    COUNT = "count"
    SHIFT = "shift"


class Channel(StrEnum):
    """How a letter leaves the house."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class LetterState(StrEnum):
    """Where a letter stands. Dead: given up, until an administrator has it sent again."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


HOUSE: Final = 0
"""Stands for the house where a person's id is: what is told by webhook is told to nobody in particular."""

NEW: Final = DAY
"""What is older (µs) when it is first looked for is no news: nobody is flooded when alerts begin."""

AHEAD: Final = HOUR
"""A count sheet is told of so long (µs) before it is due."""

TOGETHER: Final = 5
"""More of a kind than this at once are one alert."""

LEASE: Final = 5 * MINUTE
"""So long (µs) a letter belongs to who took it to send it; two senders' clocks differ by less than this."""

ATTEMPTS: Final = 12
"""After so many failures in a row, some 16 hours, a letter is dead."""

STALE: Final = 2 * DAY
"""A letter that nobody tried to send for so long (µs) tells nothing new any more: it is given up."""

LATE: Final = 2 * HOUR
"""The end of a shift is told up to so long (µs) after it; later it would tell of the next one."""

_LONGEST_WAIT = 4 * HOUR


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened: ``key`` is its own and no other's, ``subject`` where it is looked at."""

    key: str
    kind: AlertKind
    subject: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told, of one occasion or of several; ``subject`` is '' for several."""

    kind: AlertKind
    subject: str
    facts: Mapping[str, Any]
    occasions: tuple[str, ...]


def notices(found: Iterable[Occasion], told: frozenset[str]) -> tuple[Notice, ...]:
    """What is left to say of what was found, when the occasions ``told`` were said before."""
    fresh: dict[AlertKind, list[Occasion]] = {}
    for one in found:
        if one.key not in told:
            fresh.setdefault(one.kind, []).append(one)
    made: list[Notice] = []
    for kind, several in fresh.items():
        if len(several) > TOGETHER:
            facts = {**several[0].facts, "count": len(several)}
            made.append(Notice(kind, "", facts, tuple(one.key for one in several)))
        else:
            made += [Notice(kind, one.subject, one.facts, (one.key,)) for one in several]
    return tuple(made)


def wait_after(failures: int) -> int:
    """µs until a letter is tried again after so many failures: 1, 2, 4 … minutes, 4 hours at most."""
    return min(MINUTE << (failures - 1), _LONGEST_WAIT)


def address(text: str) -> str:
    """An e-mail address as it is kept, '' for none; DomainError ``address-unusable`` (address)."""
    plain = text.strip()
    name, _, place = plain.rpartition("@")
    good = name and "." in place and len(plain) <= 254 and plain.isprintable() and plain.isascii()
    if plain and (not good or any(letter in plain for letter in ' ,;:<>()[]"\\') or "@" in name):
        raise DomainError("address-unusable", field="address", address=plain[:80])
    return plain


def shift_occasion(ended_at: int, still_open: Mapping[str, int]) -> Occasion:
    """The end of a shift at an instant, with what is open by name; one for each person and shift."""
    facts = {"ended_at": ended_at, "open": dict(still_open)}
    return Occasion(f"shift {ended_at}", AlertKind.SHIFT, "", facts)


def shift_ended(ends: Sequence[int], now: int, zone: tzinfo) -> int:
    """The instant (µs) of the newest end of a shift up to ``now``.

    ``ends`` minutes after midnight on the clocks of ``zone``, at least one.
    """
    today = at(now, zone).date()
    days = (today, today - timedelta(days=1))
    moments = (datetime.combine(day, time(*divmod(end, 60)), zone) for day in days for end in ends)
    return max(moment for moment in map(of, moments) if moment <= now)
