"""Neighbourhoods read from the database, for one shortage or for very many at once.

Shortages are read in groups of items: one statement a kind of row for the whole group, so that ten thousand
cost hardly more statements than one. What a single case sees is what a whole run sees.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

from sqlalchemy import Connection

from zeroline.domain.diagnosis import Count, Line, Neighbourhood, Row, Stock, Subject, SubjectKind
from zeroline.domain.instant import DAY
from zeroline.storage.diagnosis.rows import COLUMNS, Reading
from zeroline.storage.diagnosis.surroundings import ITEM_LINES, Surroundings

BACK = 120 * DAY
"""How far before a shortage rows are looked at (µs)."""

AHEAD = 45 * DAY
"""How far after its end."""

GROUP = 100
"""Items read at once; the last groups that the processes take are to end at about the same time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One shortage to be explained: its key and what it is."""

    key_id: int
    item_id: int
    subject: Subject
    ended: int


Group: TypeAlias = dict[int, list[Asked]]
"""Shortages by item."""


# The joins stand in the order in which they are to be made: then the rows come in book order of each key,
# without a sort, and the lookups of item and source hit the row they had before.
_ITEM_ROWS = f"""
SELECT {COLUMNS}
FROM json_each(?) given
CROSS JOIN stock_key k ON k.item_id = CAST(json_extract(given.value, '$[0]') AS BIGINT)
CROSS JOIN movement m ON m.key_id = k.id
  AND m.recorded_at BETWEEN CAST(json_extract(given.value, '$[1]') AS BIGINT)
  AND CAST(json_extract(given.value, '$[2]') AS BIGINT)
JOIN source s ON s.id = m.source_id
"""
_IN_ORDER = " ORDER BY m.key_id, m.recorded_at, m.seq"
"""SQLite answers so by its indexes, without sorting; a server answers in any order unless it is told."""

_LATER = """
SELECT m.key_id, SUM(m.quantity), COUNT(*)
FROM json_each(?) given
CROSS JOIN stock_key k ON k.item_id = CAST(json_extract(given.value, '$[0]') AS BIGINT)
CROSS JOIN balance b ON b.key_id = k.id
  AND b.last_recorded_at > CAST(json_extract(given.value, '$[2]') AS BIGINT)
CROSS JOIN movement m ON m.key_id = k.id AND m.recorded_at > CAST(json_extract(given.value, '$[2]') AS BIGINT)
GROUP BY m.key_id
"""

_KEYS = """
SELECT k.id, k.item_id, l.code, k.lot, k.status, l.kind, l.zone, CAST(l.site_id AS TEXT),
       COALESCE(b.on_hand, 0), COALESCE(b.movements, 0)
FROM json_each(?) given CROSS JOIN stock_key k ON k.item_id = CAST(given.value AS BIGINT)
JOIN location l ON l.id = k.location_id LEFT JOIN balance b ON b.key_id = k.id
ORDER BY k.id
"""

_COUNTS = """
SELECT e.id, l.key_id, e.counted_at, x.book + x.late, e.quantity, COALESCE(p.name, ''), s.number
FROM json_each(?) given JOIN stock_key k ON k.item_id = CAST(given.value AS BIGINT)
JOIN count_line l ON l.key_id = k.id
JOIN count_entry e ON e.line_id = l.id JOIN count_expectation x ON x.entry_id = e.id
JOIN count_sheet s ON s.id = l.sheet_id LEFT JOIN person p ON p.id = e.counter_id
ORDER BY l.key_id, l.id, e.round
"""

_RESERVED = """
SELECT r.id, 'reservation', r.document, '', r.item_id, i.code, COALESCE(l.code, ''), r.lot, r.quantity, 0, 1,
       r.due_at, ''
FROM reservation r JOIN item i ON i.id = r.item_id LEFT JOIN location l ON l.id = r.location_id
WHERE r.item_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND r.document <> '' ORDER BY r.id
"""

_UNITS = """
SELECT item_id, unit, numerator, denominator FROM item_unit
WHERE item_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY item_id, unit
"""


def neighbourhoods(connection: Connection, asked: Iterable[Asked]) -> Iterator[tuple[Asked, Neighbourhood]]:
    """Every shortage with its neighbourhood, grouped by item."""
    reading = Reading(connection)
    for group in grouped(asked):
        yield from gathered(reading, group)


def grouped(asked: Iterable[Asked]) -> list[Group]:
    """Shortages by item, in groups that are read at once."""
    by_item: dict[int, list[Asked]] = defaultdict(list)
    for one in asked:
        by_item[one.item_id].append(one)
    items = sorted(by_item)
    return [
        {item: by_item[item] for item in items[first : first + GROUP]}
        for first in range(0, len(items), GROUP)
    ]


def gathered(reading: Reading, group: Group) -> Iterator[tuple[Asked, Neighbourhood]]:
    """The shortages of one group with their neighbourhoods."""
    return _Gathering(reading, group).read()


@dataclass(slots=True)
class _Place:
    """A stock key: what it is, its rows from the first instant looked at to the last, and what came later."""

    key: tuple[Any, ...]
    rows: tuple[Row, ...] = ()
    later: int = 0
    later_rows: int = 0


class _Gathering:
    """The items of one group with all that their shortages need."""

    def __init__(self, reading: Reading, asked: Group) -> None:
        self._reading = reading
        self._asked = asked
        self._items = json.dumps(sorted(asked))

    def read(self) -> Iterator[tuple[Asked, Neighbourhood]]:
        """The neighbourhoods of the group."""
        reading, whole = self._reading, self._reading.whole
        places = self._places()
        names = reading.names(self._asked)
        lines_of: dict[int, list[Line]] = defaultdict(list)
        for line in reading.lines(ITEM_LINES, self._items):
            lines_of[line.item].append(line)
        reserved: dict[int, list[Line]] = defaultdict(list)
        for held in reading.lines(_RESERVED, self._items):
            reserved[held.item].append(held)
        counts = self._counts(places)
        units = self._units()
        found: list[tuple[Asked, Neighbourhood]] = []
        for item, asked in self._asked.items():
            name, stocks = names[item], places[item]
            for one in asked:
                here = _stock(stocks[one.key_id], one, name)
                others = [
                    _stock(place, one, name)
                    for key, place in stocks.items()
                    if key != one.key_id and (place.rows or place.later_rows or place.key[8])
                ]
                found.append(
                    (
                        one,
                        Neighbourhood(
                            subject=one.subject,
                            here=here,
                            others=tuple([other for other in others if other.rows or other.before]),
                            lines=tuple(lines_of[item]),
                            reserved=tuple(reserved.get(item, ())),
                            units=units.get(item, {}),
                            counts=tuple(counts.get(item, ())),
                            lags=whole.lags,
                            large_units=whole.large_units,
                            forced=whole.forced,
                            begins=whole.begins,
                            until=whole.until,
                        ),
                    )
                )
        around = Surroundings(reading, [n for _, n in found])
        for one, n in found:
            yield one, around.added(n)

    def _places(self) -> dict[int, dict[int, _Place]]:
        """The keys of each item."""
        windows = json.dumps(
            [
                (
                    item,
                    min(one.subject.at for one in asked) - BACK,
                    max(one.ended for one in asked) + AHEAD,
                )
                for item, asked in sorted(self._asked.items())
            ]
        )
        places: dict[int, _Place] = {}
        places_of: dict[int, dict[int, _Place]] = defaultdict(dict)
        for key in self._reading.rows(_KEYS, self._items):
            places_of[key[1]][key[0]] = places[key[0]] = _Place(key)
        query = _ITEM_ROWS + _IN_ORDER if self._reading.served else _ITEM_ROWS
        for key_id, rows in groupby(self._reading.movements(query, windows), attrgetter("key")):
            places[key_id].rows = tuple(rows)
        for key_id, quantity, count in self._reading.rows(_LATER, windows):
            places[key_id].later, places[key_id].later_rows = quantity, count
        return places_of

    def _counts(self, places: dict[int, dict[int, _Place]]) -> dict[int, list[Count]]:
        by_key: dict[int, list[Count]] = defaultdict(list)
        for count in map(Count._make, self._reading.rows(_COUNTS, self._items)):
            by_key[count.key].append(count)
        if not by_key:
            return {}
        return {item: [c for key in keys for c in by_key.get(key, ())] for item, keys in places.items()}

    def _units(self) -> dict[int, dict[str, Fraction]]:
        found: dict[int, dict[str, Fraction]] = defaultdict(dict)
        for item, unit, numerator, denominator in self._reading.rows(_UNITS, self._items):
            found[item][unit] = Fraction(numerator, denominator)
        return found


_recorded = attrgetter("recorded")
_quantity = attrgetter("quantity")


def _stock(place: _Place, one: Asked, item_code: str) -> Stock:
    """The stock key with the rows of the time around one shortage."""
    rows, at, ended = place.rows, one.subject.at, one.ended
    on_hand, movements = place.key[8:]
    begins = movements == len(rows) + place.later_rows
    before = on_hand - place.later
    if rows and rows[0].recorded < at - BACK:
        rows = rows[bisect_left(rows, at - BACK, key=_recorded) :]
        begins = False
    before -= sum(map(_quantity, rows))
    if rows and rows[-1].recorded > ended + AHEAD:
        rows = rows[: bisect_left(rows, ended + AHEAD + 1, key=_recorded)]
    key, item, location, lot, status, spot, zone, site = place.key[:8]
    return Stock(key, item, item_code, location, lot, status, spot, zone, site, rows, before, begins)


_EPISODES = """
SELECT e.key_id, k.item_id, e.started_at, e.opening_seq, e.closing_seq, e.depth, e.ended_at, e.measured_to
FROM episode e JOIN stock_key k ON k.id = e.key_id
"""
_BY_TIME = " ORDER BY e.key_id, e.started_at, e.opening_seq"


def _asked(row: Any) -> Asked:
    key, item, started, opening, closing, depth, ended, measured = row
    subject = Subject(SubjectKind.EPISODE, started, opening, closing, depth)
    return Asked(key, item, subject, ended if ended is not None else max(measured, started))


def episodes(connection: Connection, opening_seqs: Sequence[int] | None = None) -> list[Asked]:
    """All episodes, or those that these movements opened."""
    if opening_seqs is None:
        return [_asked(row) for row in connection.exec_driver_sql(_EPISODES + _BY_TIME)]
    query = (
        _EPISODES
        + " JOIN movement o ON o.key_id = e.key_id AND o.seq = e.opening_seq"
        + " WHERE o.seq IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
        + _BY_TIME
    )
    return [_asked(row) for row in connection.exec_driver_sql(query, (json.dumps(list(opening_seqs)),))]


_CORRECTIONS = """
SELECT m.key_id, k.item_id, m.recorded_at, m.seq, m.quantity
FROM movement m JOIN stock_key k ON k.id = m.key_id
WHERE m.kind = 'count correction' AND m.quantity <> 0 AND m.adjustment_id IS NULL
"""

_VARIANCES = """
SELECT l.key_id, k.item_id, e.counted_at, e.quantity - x.book - x.late, e.id
FROM count_entry e JOIN count_expectation x ON x.entry_id = e.id JOIN count_line l ON l.id = e.line_id
JOIN stock_key k ON k.id = l.key_id
WHERE e.quantity <> x.book + x.late
  AND NOT EXISTS (SELECT 1 FROM count_entry later WHERE later.line_id = e.line_id AND later.round > e.round)
"""


def variances(connection: Connection) -> list[Asked]:
    """Count variances: corrections that the sources posted, and own counts that did not agree."""
    found = [_corrected(row) for row in connection.exec_driver_sql(_CORRECTIONS + " ORDER BY m.seq")]
    return found + [_counted(row) for row in connection.exec_driver_sql(_VARIANCES + " ORDER BY e.id")]


def _corrected(row: Any) -> Asked:
    key, item, at, seq, quantity = row
    return Asked(key, item, Subject(SubjectKind.VARIANCE, at, seq, None, quantity), at)


def _counted(row: Any) -> Asked:
    key, item, at, variance, entry = row
    return Asked(key, item, Subject(SubjectKind.VARIANCE, at, 0, None, variance, count=entry), at)


_OF_KEYS = " WHERE k.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
_EPISODES_SINCE = f"{_EPISODES}{_OF_KEYS} AND (e.ended_at IS NULL OR e.ended_at >= ?) AND e.started_at <= ?"
_CORRECTIONS_SINCE = (  # one that brought the book back from below zero belongs to that stretch
    _CORRECTIONS.replace("WHERE", f"{_OF_KEYS} AND m.recorded_at BETWEEN ? AND ? AND")
    + " AND NOT EXISTS (SELECT 1 FROM episode e WHERE e.key_id = m.key_id AND e.closing_seq = m.seq)"
)
_VARIANCES_SINCE = _VARIANCES.replace("WHERE", f"{_OF_KEYS} AND e.counted_at BETWEEN ? AND ? AND", 1)


def occasions(connection: Connection, keys: Iterable[int], since: int, until: int) -> list[Asked]:
    """What went wrong at these stock keys within a window (µs), in order of time: their episodes, and the
    count variances that ended none."""
    window = (json.dumps(sorted(keys)), since, until)
    found = [_asked(row) for row in connection.exec_driver_sql(_EPISODES_SINCE, window)]
    found += [_corrected(row) for row in connection.exec_driver_sql(_CORRECTIONS_SINCE, window)]
    found += [_counted(row) for row in connection.exec_driver_sql(_VARIANCES_SINCE, window)]
    return sorted(found, key=_when)


def _when(one: Asked) -> tuple[int, int, int, int]:
    return one.key_id, one.subject.at, one.subject.crossing, one.subject.count
