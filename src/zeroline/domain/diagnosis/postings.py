"""The movements of a period in columns, and what each of them shares with others: who, where, when, for whom.

What patterns and clocks are read from. Rows may come in any order; every column has the same length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.instant import DAY, HOUR, at
from zeroline.domain.pattern import document_type
from zeroline.domain.views.queue import Words

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

SHIFTS: Final = (("night", 0), ("early", 6), ("late", 14), ("night", 22))
"""Shifts of the floor with the hour of the local clock at which each begins."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

FEATURES: Final = (
    *("partner", "user", "shift", "document type", "source", "item class"),
    *("zone", "aisle", "day", "weekday", "unit", "site"),
)
"""What movements can share, in the order in which equals are named. ``day`` is one date: what a single
breakdown did to many movements is then told as that day, not as a weekday or a shift."""

_WEEK = 7 * DAY
_MONDAY = 4 * DAY  # 1970-01-05 was one
_PARTS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, eq=False)
class Postings:
    """``seq``, ``key`` and ``item`` are ids; ``occurred`` and ``recorded`` µs; ``timed``: both were told.

    Words: ``kind``, ``source``, ``document``, ``user``, ``unit`` as the movement has them; ``partner`` of its
    document; ``item_class``; ``location``, ``zone`` and ``site`` codes. ``clocks``: time zone of each site.
    """

    seq: Ints
    key: Ints
    item: Ints
    occurred: Ints
    recorded: Ints
    timed: Mask
    kind: Words
    source: Words
    document: Words
    user: Words
    unit: Words
    partner: Words
    item_class: Words
    location: Words
    zone: Words
    site: Words
    clocks: Mapping[str, tzinfo]

    def __len__(self) -> int:
        return len(self.seq)

    def places(self, seqs: Sequence[int]) -> Ints:
        """Row of each movement; −1 where it is not among them."""
        wanted = np.array(seqs, dtype=np.int64)
        if not len(self):
            return np.full(len(wanted), -1, dtype=np.int64)
        order = np.argsort(self.seq, kind="stable")
        found = order[np.minimum(np.searchsorted(self.seq, wanted, sorter=order), len(order) - 1)]
        return np.where(self.seq[found] == wanted, found, -1)

    @cached_property
    def local(self) -> Ints:
        """When each happened (recorded, where that alone is known) as the clock of its site shows it (µs)."""
        happened = np.where(self.timed, self.occurred, self.recorded)
        local = happened.copy()
        for code, site in enumerate(self.site.values):
            here = self.site.codes == code
            local[here] += offsets(happened[here], self.clocks.get(site, UTC))
        return local

    @cached_property
    def week(self) -> Ints:
        """The Monday, 00:00 on the clock of the site, of the week in which each was recorded (µs)."""
        local = self.recorded.copy()
        for code, site in enumerate(self.site.values):
            here = self.site.codes == code
            local[here] += offsets(self.recorded[here], self.clocks.get(site, UTC))
        return (local - _MONDAY) // _WEEK * _WEEK + _MONDAY

    @cached_property
    def unit_of_posting(self) -> Ints:
        """One number for the movements that were one act: those of one kind and document of a source; a
        movement without a document stands for itself."""
        named = np.array([bool(number) for number in self.document.values], dtype=np.bool_)
        name = self.document.codes.astype(np.int64) * len(self.source.values) + self.source.codes
        name = name * len(self.kind.values) + self.kind.codes
        alone = np.flatnonzero(~named[self.document.codes]) if len(named) else np.arange(0)
        name[alone] = -1 - alone
        acts: Ints = np.unique(name, return_inverse=True)[1].astype(np.int64)
        return acts

    @cached_property
    def features(self) -> Mapping[str, Words]:
        """Every feature of FEATURES by name; '' where a movement has none."""
        return {
            "partner": self.partner,
            "user": self.user,
            "shift": _shift(self.local),
            "document type": self.document.told(document_type),
            "source": self.source,
            "item class": self.item_class,
            "zone": self.zone,
            "aisle": _aisles(self.location, self.zone),
            "day": _day(self.local),
            "weekday": Words(((self.local - _MONDAY) // DAY % 7).astype(np.int32), WEEKDAYS),
            "unit": self.unit,
            "site": self.site,
        }


def offsets(instants: Ints, zone: tzinfo) -> Ints:
    """How far the clock of a zone is ahead of UTC at each instant (µs)."""
    hours, place = np.unique(instants // HOUR, return_inverse=True)
    ahead = [at(hour * HOUR, zone).utcoffset() for hour in hours.tolist()]
    found = [0 if one is None else one.days * DAY + one.seconds * 1_000_000 for one in ahead]
    return np.array(found, dtype=np.int64)[place]


def aisle(location: str, zone: str = "") -> str:
    """The neighbourhood of a bin: its code without the last part, or its leading letters; '' where that says
    no more than the zone."""
    parts = _PARTS.findall(location)
    if len(parts) > 1:
        near = "-".join(parts[:-1])
    else:
        letters = _LETTERS.match(location)
        near = letters.group() if letters and letters.group() != location else ""
    return "" if near.casefold() == zone.casefold() else near


def _aisles(location: Words, zone: Words) -> Words:
    pairs, place = np.unique(
        location.codes.astype(np.int64) * max(1, len(zone.values)) + zone.codes, return_inverse=True
    )
    found = [
        aisle(location.values[pair // len(zone.values)], zone.values[pair % len(zone.values)])
        for pair in pairs.tolist()
    ]
    near = Words.of(found)
    return Words(near.codes[place], near.values)


def _day(local: Ints) -> Words:
    days, codes = np.unique(local // DAY, return_inverse=True)
    return Words(codes.astype(np.int32), tuple(at(day * DAY).date().isoformat() for day in days.tolist()))


def _shift(local: Ints) -> Words:
    hour = local // HOUR % 24
    names = tuple(dict.fromkeys(name for name, _ in SHIFTS))
    codes = np.zeros(len(local), dtype=np.int32)
    for (name, begins), (_, ends) in pairwise((*SHIFTS, ("", 24))):
        codes[(hour >= begins) & (hour < ends)] = names.index(name)
    return Words(codes, names)
