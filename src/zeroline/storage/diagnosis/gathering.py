"""Neighbourhoods read from the database, for one shortage or for very many at once.

Shortages are read in groups of items: one statement a kind of row for the whole group, so that ten thousand
cost hardly more statements than one. What a single case sees is what a whole run sees.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from zeroline.domain.diagnosis import Count, Line, Neighbourhood, Row, Stock, Subject, SubjectKind
from zeroline.domain.diagnosis.neighbourhood import deciles
from zeroline.domain.diagnosis.traces import companions_wanted, counts_in_doubt, papers_wanted
from zeroline.domain.instant import DAY, HOUR

BACK = 120 * DAY
"""How far before a shortage rows are looked at (µs)."""

AHEAD = 45 * DAY
"""How far after its end."""

GROUP = 400
"""Items read at once."""

COMPANIONS = 160
"""The most rows of one source looked at around a late one."""

SAMPLE = 3_000
"""Movements, evenly spread over the ledger, of which it is learned how late rows usually are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One shortage to be explained: its key and what it is."""

    key_id: int
    item_id: int
    subject: Subject
    ended: int


_COLUMNS = """m.seq, m.key_id, k.item_id, m.quantity, m.kind, m.occurred_at, m.recorded_at, m.document,
       m.document_line, m.user_name, s.code, m.entered_quantity, m.entered_unit, m.override,
       m.time_basis = 'both', m.reference"""

_ITEM_ROWS = f"""
SELECT {_COLUMNS}
FROM json_each(?) given
JOIN movement m ON m.key_id = CAST(given.key AS INTEGER) AND m.recorded_at >= given.value
JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
ORDER BY m.key_id, m.recorded_at, m.seq
"""

_PAPER_ROWS = f"""
SELECT {_COLUMNS}
FROM json_each(?) given JOIN movement m ON m.document = given.value AND m.document <> ''
JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
ORDER BY m.document, m.recorded_at, m.seq
"""

_COMPANIONS = f"""
SELECT {_COLUMNS}
FROM source s JOIN movement m ON m.source_id = s.id
JOIN stock_key k ON k.id = m.key_id
WHERE s.code = ? AND m.recorded_at BETWEEN ? AND ?
ORDER BY m.recorded_at, m.seq LIMIT ?
"""

_KEYS = """
SELECT k.id, k.item_id, i.code AS item, l.code, k.lot, k.status, l.kind, l.zone, l.site_id,
       COALESCE(b.on_hand, 0), COALESCE(b.movements, 0)
FROM json_each(?) given JOIN stock_key k ON k.item_id = given.value JOIN item i ON i.id = k.item_id
JOIN location l ON l.id = k.location_id LEFT JOIN balance b ON b.key_id = k.id
"""

_LINES = """
SELECT dl.id, d.kind, d.number, dl.line, dl.item_id, i.code AS item, COALESCE(l.code, ''), dl.lot,
       dl.quantity, dl.done_quantity, d.state = 'open', d.due_at, d.partner
FROM document d JOIN document_line dl ON dl.document_id = d.id JOIN item i ON i.id = dl.item_id
LEFT JOIN location l ON l.id = dl.location_id
"""
_ITEM_LINES = _LINES + " WHERE dl.item_id IN (SELECT value FROM json_each(?)) ORDER BY d.number, dl.line"
_PAPER_LINES = _LINES + " WHERE d.number IN (SELECT value FROM json_each(?)) ORDER BY d.number, dl.line"
_RETURN_LINES = (
    _LINES
    + " WHERE d.partner <> '' AND d.partner IN (SELECT value FROM json_each(?)) AND d.kind = 'return'"
    + " ORDER BY d.number, dl.line"
)

_COUNTS = """
SELECT e.id, l.key_id, e.counted_at, x.book + x.late, e.quantity, COALESCE(p.name, ''), s.number
FROM json_each(?) given JOIN count_line l ON l.key_id = given.value
JOIN count_entry e ON e.line_id = l.id JOIN count_expectation x ON x.entry_id = e.id
JOIN count_sheet s ON s.id = l.sheet_id LEFT JOIN person p ON p.id = e.counter_id
"""


MIRRORED = 10 * DAY
"""How far apart two counts may be that show one mistake from both sides (µs)."""

_MIRRORS = f"""
SELECT {_COLUMNS}
FROM movement m INDEXED BY ix_movement_correction
JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
JOIN location l ON l.id = k.location_id
WHERE m.kind IN ('count correction', 'adjustment') AND m.quantity = ? AND m.recorded_at BETWEEN ? AND ?
  AND k.item_id <> ? AND l.site_id = ?
ORDER BY m.recorded_at LIMIT 6
"""

_KEY_ROWS = f"""
SELECT {_COLUMNS}
FROM movement m JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
WHERE m.key_id = ? AND m.recorded_at BETWEEN ? AND ?
ORDER BY m.recorded_at, m.seq
"""

_NEXT = """
SELECT k.id, k.item_id, i.code, l.code, k.lot, k.status, l.kind, l.zone, l.site_id
FROM location l JOIN stock_key k ON k.location_id = l.id JOIN item i ON i.id = k.item_id
WHERE l.code IN (SELECT code FROM location WHERE code {sign} ? AND site_id = ? ORDER BY code {order} LIMIT 2)
  AND k.item_id <> ?
LIMIT 8
"""
_BEFORE = _NEXT.format(sign="<", order="DESC")
_BEHIND = _NEXT.format(sign=">", order="ASC")


def neighbourhoods(connection: Connection, asked: Iterable[Asked]) -> Iterator[tuple[Asked, Neighbourhood]]:
    """Every shortage with its neighbourhood, grouped by item."""
    by_item: dict[int, list[Asked]] = defaultdict(list)
    for one in asked:
        by_item[one.item_id].append(one)
    whole = _whole(connection)
    items = sorted(by_item)
    for first in range(0, len(items), GROUP):
        group = {item: by_item[item] for item in items[first : first + GROUP]}
        yield from _Group(connection, group, whole).read()


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is said of the whole ledger: its first and last instant, and how late rows usually are."""

    begins: int
    until: int
    lags: dict[tuple[str, str], tuple[int, int]]
    large_units: dict[tuple[str, str], float]


_SAMPLED = """
SELECT s.code, m.kind, m.recorded_at - m.occurred_at, m.time_basis = 'both',
       m.entered_quantity <> 0 AND ABS(m.entered_quantity) < ABS(m.quantity)
FROM json_each(?) given JOIN movement m ON m.seq = given.value JOIN source s ON s.id = m.source_id
"""


def _whole(connection: Connection) -> _Whole:
    begins = connection.exec_driver_sql(
        "SELECT COALESCE(MIN(first), 0) FROM (SELECT (SELECT MIN(recorded_at) FROM movement"
        " WHERE source_id = s.id) AS first FROM source s)"
    ).scalar_one()
    until = connection.exec_driver_sql("SELECT recorded_to FROM ledger_state").scalar() or 0
    newest = connection.exec_driver_sql("SELECT COALESCE(MAX(seq), 0) FROM movement").scalar_one()
    step = max(1, newest // SAMPLE)
    wanted = json.dumps(list(range(1, newest + 1, step)))
    rows = connection.exec_driver_sql(_SAMPLED, (wanted,)).fetchall()
    lags = deciles(((source, kind), lag) for source, kind, lag, timed, _ in rows if timed)
    large: dict[tuple[str, str], list[int]] = defaultdict(list)
    for source, kind, _, _, in_large in rows:
        large[source, kind].append(in_large)
    return _Whole(begins, until, lags, {name: sum(found) / len(found) for name, found in large.items()})


@dataclass(slots=True)
class _Place:
    key: tuple[Any, ...]
    rows: list[Row]
    recorded: list[int]


class _Group:
    """The items of one group with all that their shortages need."""

    def __init__(self, connection: Connection, asked: dict[int, list[Asked]], whole: _Whole) -> None:
        self._connection = connection
        self._asked = asked
        self._whole = whole

    def read(self) -> Iterator[tuple[Asked, Neighbourhood]]:
        """The neighbourhoods of the group."""
        places, keys_of = self._places()
        lines = self._lines(_ITEM_LINES, sorted(self._asked))
        lines_of: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            lines_of[line.item].append(line)
        counts = self._counts([key for keys in keys_of.values() for key in keys])
        units = self._units()
        found: list[tuple[Asked, Neighbourhood]] = []
        for item, asked in self._asked.items():
            stocks = [places[key] for key in keys_of[item]]
            for one in asked:
                here = _stock(places[one.key_id], one)
                others = tuple(_stock(place, one) for place in stocks if place.key[0] != one.key_id)
                found.append(
                    (
                        one,
                        Neighbourhood(
                            subject=one.subject,
                            here=here,
                            others=tuple(other for other in others if other.rows or other.before),
                            lines=tuple(lines_of[item]),
                            units=units.get(item, {}),
                            counts=tuple(c for key in keys_of[item] for c in counts.get(key, ())),
                            lags=self._whole.lags,
                            large_units=self._whole.large_units,
                            begins=self._whole.begins,
                            until=self._whole.until,
                        ),
                    )
                )
        yield from self._surrounded(found)

    def _places(self) -> tuple[dict[int, _Place], dict[int, list[int]]]:
        since = {item: min(one.subject.at for one in asked) - BACK for item, asked in self._asked.items()}
        places: dict[int, _Place] = {}
        keys_of: dict[int, list[int]] = defaultdict(list)
        windows: dict[int, int] = {}
        for key in self._connection.exec_driver_sql(_KEYS, (json.dumps(sorted(self._asked)),)):
            places[key[0]] = _Place(tuple(key), [], [])
            keys_of[key[1]].append(key[0])
            windows[key[0]] = since[key[1]]
        make = Row._make
        for found in self._connection.exec_driver_sql(_ITEM_ROWS, (json.dumps(windows),)):
            row = make(found)
            place = places[row.key]
            place.rows.append(row)
            place.recorded.append(row.recorded)
        return places, keys_of

    def _lines(self, query: str, wanted: Sequence[Any]) -> list[Line]:
        rows = self._connection.exec_driver_sql(query, (json.dumps(wanted),))
        return [Line._make((*row[:10], bool(row[10]), *row[11:])) for row in rows]

    def _counts(self, keys: list[int]) -> dict[int, list[Count]]:
        found: dict[int, list[Count]] = defaultdict(list)
        for row in self._connection.exec_driver_sql(_COUNTS, (json.dumps(keys),)):
            found[row[1]].append(Count._make(row))
        return found

    def _units(self) -> dict[int, dict[str, Fraction]]:
        found: dict[int, dict[str, Fraction]] = defaultdict(dict)
        rows = self._connection.exec_driver_sql(
            "SELECT item_id, unit, numerator, denominator FROM item_unit"
            " WHERE item_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(self._asked)),),
        )
        for item, unit, numerator, denominator in rows:
            found[item][unit] = Fraction(numerator, denominator)
        return found

    def _surrounded(self, found: list[tuple[Asked, Neighbourhood]]) -> Iterator[tuple[Asked, Neighbourhood]]:
        """With the documents that the rows name, their rows and lines, and what came along with late ones."""
        wanted = {number for _, n in found for number in papers_wanted(n)}
        papers: dict[str, list[Row]] = defaultdict(list)
        make = Row._make
        for row in self._connection.exec_driver_sql(_PAPER_ROWS, (json.dumps(sorted(wanted)),)):
            made = make(row)
            papers[made.document].append(made)
        lines: dict[str, list[Line]] = defaultdict(list)
        for line in self._lines(_PAPER_LINES, sorted(wanted)):
            lines[line.number].append(line)
        for line in self._lines(_RETURN_LINES, sorted(wanted)):  # a return that names the order it is of
            if line.number != line.partner:
                lines[line.partner].append(line)
        names = self._names(papers)
        around: dict[tuple[str, int], tuple[Row, ...]] = {}
        for one, n in found:
            numbers = papers_wanted(n)
            own = {line.id for line in n.lines}
            near = replace(
                n,
                papers={number: tuple(papers[number]) for number in numbers if number in papers},
                lines=n.lines
                + tuple(line for number in numbers for line in lines.get(number, ()) if line.id not in own),
                names=names,
            )
            late = companions_wanted(near)
            if late:
                near = replace(near, companions={row.seq: self._companions(row, around) for row in late})
            if near.exact and near.missing:
                near = replace(near, mirrors=self._mirrors(near))
            in_doubt = counts_in_doubt(near)
            if in_doubt:
                near = replace(near, beside=self._beside(near, in_doubt))
            yield one, near

    def _mirrors(self, n: Neighbourhood) -> tuple[Row, ...]:
        """Corrections of other items at the site by just the opposite, within some days of the count."""
        at = n.correction.recorded if n.correction is not None else n.subject.at
        rows = self._connection.exec_driver_sql(
            _MIRRORS, (-n.missing, at - MIRRORED, at + MIRRORED, n.here.item, n.here.site)
        )
        return tuple(Row._make(row) for row in rows)

    def _beside(self, n: Neighbourhood, count: Row) -> tuple[Stock, ...]:
        """Other items' stock in the two bins before and after this one, as it was at a count."""
        found = []
        for query in (_BEFORE, _BEHIND):
            for key in self._connection.exec_driver_sql(
                query, (n.here.location, n.here.site, n.here.item)
            ).fetchall():
                rows = [
                    Row._make(row)
                    for row in self._connection.exec_driver_sql(
                        _KEY_ROWS, (key[0], count.recorded - DAY, count.recorded + 3 * DAY)
                    )
                ]
                before = self._connection.exec_driver_sql(
                    "SELECT COALESCE(SUM(quantity), 0) FROM movement WHERE key_id = ? AND recorded_at < ?",
                    (key[0], count.recorded - DAY),
                ).scalar_one()
                id, item, item_code, location, lot, status, spot, zone, site = key
                found.append(
                    Stock(
                        id, item, item_code, location, lot, status, spot, zone, str(site), tuple(rows), before
                    )
                )
        return tuple(found)

    def _names(self, papers: dict[str, list[Row]]) -> dict[int, str]:
        items = {row.item for rows in papers.values() for row in rows} | set(self._asked)
        rows = self._connection.exec_driver_sql(
            "SELECT id, code FROM item WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(items)),),
        )
        return {row[0]: row[1] for row in rows}

    def _companions(self, row: Row, known: dict[tuple[str, int], tuple[Row, ...]]) -> tuple[Row, ...]:
        name = (row.source, row.recorded)
        if name not in known:
            half = COMPANIONS // 2
            before = self._connection.exec_driver_sql(
                _COMPANIONS.replace(
                    "ORDER BY m.recorded_at, m.seq", "ORDER BY m.recorded_at DESC, m.seq DESC"
                ),
                (row.source, min(row.recorded - HOUR, row.occurred), row.recorded, half),
            )
            earlier = [Row._make(found) for found in before]
            after = self._connection.exec_driver_sql(
                _COMPANIONS, (row.source, row.recorded + 1, row.recorded + HOUR, half)
            )
            known[name] = (*reversed(earlier), *(Row._make(found) for found in after))
        return known[name]


def _stock(place: _Place, one: Asked) -> Stock:
    """The stock key with the rows of the time around one shortage."""
    first = bisect_left(place.recorded, one.subject.at - BACK)
    last = bisect_left(place.recorded, one.ended + AHEAD + 1)
    key, item, item_code, location, lot, status, spot, zone, site, on_hand, movements = place.key
    later = sum(row.quantity for row in place.rows[first:])
    return Stock(
        key=key,
        item=item,
        item_code=item_code,
        location=location,
        lot=lot,
        status=status,
        spot=spot,
        zone=zone,
        site=str(site),
        rows=tuple(place.rows[first:last]),
        before=on_hand - later,
        begins=first == 0 and movements == len(place.rows),
    )


_EPISODES = """
SELECT e.key_id, k.item_id, e.started_at, e.opening_seq, e.closing_seq, e.depth, e.ended_at, e.measured_to
FROM episode e JOIN stock_key k ON k.id = e.key_id
"""


def _asked(row: Any) -> Asked:
    key, item, started, opening, closing, depth, ended, measured = row
    subject = Subject(SubjectKind.EPISODE, started, opening, closing, depth)
    return Asked(key, item, subject, ended if ended is not None else max(measured, started))


def episodes(connection: Connection, opening_seqs: Sequence[int] | None = None) -> list[Asked]:
    """All episodes, or those that these movements opened."""
    if opening_seqs is None:
        return [_asked(row) for row in connection.exec_driver_sql(_EPISODES)]
    query = (
        _EPISODES
        + " JOIN movement o ON o.key_id = e.key_id AND o.seq = e.opening_seq"
        + " WHERE o.seq IN (SELECT value FROM json_each(?))"
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
    found = [
        Asked(key, item, Subject(SubjectKind.VARIANCE, at, seq, None, quantity), at)
        for key, item, at, seq, quantity in connection.exec_driver_sql(_CORRECTIONS)
    ]
    found += [
        Asked(key, item, Subject(SubjectKind.VARIANCE, at, 0, None, variance, count=entry), at)
        for key, item, at, variance, entry in connection.exec_driver_sql(_VARIANCES)
    ]
    return found
