"""What bears on shortages beyond their item: documents they name, what came with late rows, other counts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from zeroline.domain.diagnosis import Line, Neighbourhood, Row, Stock
from zeroline.domain.diagnosis.company import COMPANY, company_wanted
from zeroline.domain.diagnosis.wanted import companions_wanted, counts_in_doubt, papers_wanted, part_wanted
from zeroline.domain.instant import DAY, HOUR
from zeroline.storage.diagnosis.rows import COLUMNS, Reading

COMPANIONS = 160
"""The most rows of one source looked at around a late one."""

MIRRORED = 10 * DAY
"""How far apart two counts may be that show one mistake from both sides (µs)."""

_PAPER_ROWS = f"""
SELECT {COLUMNS}
FROM json_each(?) given CROSS JOIN movement m ON m.document = given.value AND m.document <> ''
JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
"""
_PAPER_ROWS_IN_ORDER = _PAPER_ROWS + "ORDER BY m.document, m.seq"

_WITHOUT_OUTPUT = """
SELECT DISTINCT m.document
FROM stock_key k JOIN movement m ON m.key_id = k.id AND m.recorded_at BETWEEN ? AND ?
WHERE k.item_id = ? AND m.kind = 'component issue' AND m.document <> ''
  AND NOT EXISTS (SELECT 1 FROM movement o WHERE o.document = m.document AND o.kind = 'production receipt')
ORDER BY m.document LIMIT 60
"""

_COMPANIONS = f"""
SELECT {COLUMNS}
FROM source s JOIN movement m ON m.source_id = s.id
JOIN stock_key k ON k.id = m.key_id
WHERE s.code = ? AND m.recorded_at BETWEEN ? AND ?
ORDER BY m.recorded_at, m.seq LIMIT ?
"""
_EARLIER = _COMPANIONS.replace("ORDER BY m.recorded_at, m.seq", "ORDER BY m.recorded_at DESC, m.seq DESC")

_COMPANY = f"""
SELECT {COLUMNS}
FROM source s JOIN movement m ON m.source_id = s.id
JOIN stock_key k ON k.id = m.key_id
WHERE s.code = ? AND m.recorded_at BETWEEN ? AND ? AND m.kind = ? AND m.quantity < 0 AND m.document <> ''
ORDER BY m.recorded_at, m.seq LIMIT ?
"""
_COMPANY_BEFORE = _COMPANY.replace("ORDER BY m.recorded_at, m.seq", "ORDER BY m.recorded_at DESC, m.seq DESC")

_LINES = """
SELECT dl.id, d.kind, d.number, dl.line, dl.item_id, i.code AS item, COALESCE(l.code, ''), dl.lot,
       dl.quantity, dl.done_quantity, d.state = 'open', d.due_at, d.partner
FROM document d JOIN document_line dl ON dl.document_id = d.id JOIN item i ON i.id = dl.item_id
LEFT JOIN location l ON l.id = dl.location_id
"""
_BY_NUMBER = " ORDER BY d.number, dl.line, dl.id"
ITEM_LINES = f"{_LINES} WHERE dl.item_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)){_BY_NUMBER}"
_PAPER_LINES = f"{_LINES} WHERE d.number IN (SELECT value FROM json_each(?)){_BY_NUMBER}"
_RETURN_LINES = (
    f"{_LINES} WHERE d.partner <> '' AND d.partner IN (SELECT value FROM json_each(?))"
    f" AND d.kind = 'return'{_BY_NUMBER}"
)

_MIRRORS = f"""
SELECT {COLUMNS}
FROM movement m INDEXED BY ix_movement_correction
JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
JOIN location l ON l.id = k.location_id
WHERE m.kind IN ('count correction', 'adjustment') AND m.quantity = ? AND m.recorded_at BETWEEN ? AND ?
  AND k.item_id <> ? AND l.site_id = ?
ORDER BY m.recorded_at, m.seq LIMIT 6
"""

_KEY_ROWS = f"""
SELECT {COLUMNS}
FROM movement m JOIN stock_key k ON k.id = m.key_id JOIN source s ON s.id = m.source_id
WHERE m.key_id = ? AND m.recorded_at BETWEEN ? AND ?
ORDER BY m.recorded_at, m.seq
"""

_NEXT = """
SELECT k.id, k.item_id, i.code, l.code, k.lot, k.status, l.kind, l.zone, l.site_id
FROM location l JOIN stock_key k ON k.location_id = l.id JOIN item i ON i.id = k.item_id
WHERE l.code IN (SELECT code FROM location WHERE code {sign} ? AND site_id = ? ORDER BY code {order} LIMIT 2)
  AND k.item_id <> ?
ORDER BY l.code {order}, k.id LIMIT 8
"""
_BEFORE = _NEXT.format(sign="<", order="DESC")
_BEHIND = _NEXT.format(sign=">", order="ASC")
_BEFORE_THAT = "SELECT COALESCE(SUM(quantity), 0) FROM movement WHERE key_id = ? AND recorded_at < ?"


class Surroundings:
    """The documents that the rows of some neighbourhoods name, with their rows and lines."""

    def __init__(self, reading: Reading, found: Iterable[Neighbourhood]) -> None:
        self._reading = reading
        self._companions: dict[tuple[str, int], tuple[Row, ...]] = {}
        self._wanted = {id(n): papers_wanted(n) for n in found}
        wanted = json.dumps(sorted({number for numbers in self._wanted.values() for number in numbers}))
        papers: dict[str, list[Row]] = defaultdict(list)
        for row in reading.movements(_PAPER_ROWS, wanted):
            papers[row.document].append(row)
        self._papers = {
            number: tuple(sorted(rows, key=lambda row: (row.recorded, row.seq)))
            for number, rows in papers.items()
        }
        self._lines: dict[str, list[Line]] = defaultdict(list)
        for line in reading.lines(_PAPER_LINES, wanted):
            self._lines[line.number].append(line)
        for line in reading.lines(_RETURN_LINES, wanted):  # a return that names the order it is of
            if line.number != line.partner:
                self._lines[line.partner].append(line)
        self._names = reading.names({row.item for rows in papers.values() for row in rows})

    def added(self, n: Neighbourhood) -> Neighbourhood:
        """With its documents, what came along with late rows, and counts that may have to do with it."""
        numbers, papers, lines = self._wanted[id(n)], self._papers, n.lines
        if self._lines:
            own = {line.id for line in lines}
            lines += tuple(
                line for number in numbers for line in self._lines.get(number, ()) if line.id not in own
            )
        near = n.surrounded(
            papers={number: papers[number] for number in numbers if number in papers},
            lines=lines,
            names=self._names,
        )
        part = part_wanted(near)
        if part is not None:
            near = near.surrounded(papers={**near.papers, **self._without_output(near, part)})
        late = companions_wanted(near)
        if late:
            near = near.surrounded(companions={row.seq: self._around(row) for row in late})
        doubtful = company_wanted(near)
        if doubtful:
            near = near.surrounded(company={row.seq: self._company(row) for row in doubtful})
        if near.exact and near.missing:
            near = near.surrounded(mirrors=self._mirrors(near))
        in_doubt = counts_in_doubt(near)
        if in_doubt:
            near = near.surrounded(beside=self._beside(near, in_doubt))
        return near

    def _without_output(self, n: Neighbourhood, part: int) -> dict[str, tuple[Row, ...]]:
        """Orders that took a component before the shortage and never reported anything made of it."""
        found = self._reading.rows(_WITHOUT_OUTPUT, n.subject.at - 100 * DAY, n.subject.at + HOUR, part)
        papers: dict[str, list[Row]] = defaultdict(list)
        wanted = json.dumps([number for (number,) in found])
        for row in self._reading.movements(_PAPER_ROWS_IN_ORDER, wanted):
            papers[row.document].append(row)
        return {number: tuple(rows) for number, rows in papers.items()}

    def _mirrors(self, n: Neighbourhood) -> tuple[Row, ...]:
        """Corrections of other items at the site by just the opposite, within some days of the count."""
        at = n.correction.recorded if n.correction is not None else n.subject.at
        given = (-n.missing, at - MIRRORED, at + MIRRORED, n.here.item, n.here.site)
        return tuple(self._reading.movements(_MIRRORS, *given))

    def _beside(self, n: Neighbourhood, count: Row) -> tuple[Stock, ...]:
        """Other items' stock in the two bins before and after this one, as it was at a count."""
        reading, since = self._reading, count.recorded - DAY
        found = []
        for query in (_BEFORE, _BEHIND):
            for key in reading.rows(query, n.here.location, n.here.site, n.here.item):
                rows = reading.movements(_KEY_ROWS, key[0], since, count.recorded + 3 * DAY)
                ((before,),) = reading.rows(_BEFORE_THAT, key[0], since)
                id, item, item_code, location, lot, status, spot, zone, site = key
                found.append(
                    Stock(
                        *(id, item, item_code, location, lot, status, spot, zone, str(site)),
                        tuple(rows),
                        before,
                    )
                )
        return tuple(found)

    def _company(self, row: Row) -> tuple[Row, ...]:
        """All rows of the documents of which a source recorded a row of this kind in the days around it."""
        reading, half = self._reading, COMPANIONS // 2
        near = reading.movements(
            _COMPANY_BEFORE, row.source, row.recorded - COMPANY, row.recorded, row.kind, half
        )
        near += reading.movements(
            _COMPANY, row.source, row.recorded + 1, row.recorded + COMPANY, row.kind, half
        )
        wanted = json.dumps(sorted({other.document for other in near}))
        return tuple(reading.movements(_PAPER_ROWS_IN_ORDER, wanted))

    def _around(self, row: Row) -> tuple[Row, ...]:
        """What the source of a row recorded shortly before and after it."""
        name = (row.source, row.recorded)
        if name not in self._companions:
            half, first = COMPANIONS // 2, min(row.recorded - HOUR, row.occurred)
            earlier = self._reading.movements(_EARLIER, row.source, first, row.recorded, half)
            after = self._reading.movements(
                _COMPANIONS, row.source, row.recorded + 1, row.recorded + HOUR, half
            )
            self._companions[name] = (*reversed(earlier), *after)
        return self._companions[name]
