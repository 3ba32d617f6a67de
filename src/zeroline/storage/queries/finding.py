"""Finding items, bins, documents and cases by part of what they are called, and by what was scanned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from zeroline.domain.case import Queue
from zeroline.domain.views.found import Hit, HitKind, Scan, ScanKind
from zeroline.storage.queries.queue import SETTLED

EACH = 8
"""The most hits of one kind."""

_RANK = "CASE WHEN lower({0}) = lower(:exact) THEN 0 WHEN {0} LIKE :prefix ESCAPE '!' THEN 1 ELSE 2 END"

_ITEMS = f"""
SELECT id, code, description FROM item
WHERE code LIKE :part ESCAPE '!' OR description LIKE :part ESCAPE '!'
   OR id IN (SELECT item_id FROM item_barcode WHERE barcode LIKE :prefix ESCAPE '!')
ORDER BY {_RANK.format("code")}, code LIMIT :most
"""
_LOCATIONS = f"""
SELECT l.id, l.code, s.code, l.warehouse, l.zone FROM location l JOIN site s ON s.id = l.site_id
WHERE l.code LIKE :part ESCAPE '!'
ORDER BY {_RANK.format("l.code")}, l.code LIMIT :most
"""
_DOCUMENTS = f"""
SELECT id, number, kind, state FROM document WHERE number LIKE :part ESCAPE '!'
ORDER BY {_RANK.format("number")}, state <> 'open', number LIMIT :most
"""
_CROSSINGS = f"""
SELECT m.document, m.kind, c.id
FROM stock_case c JOIN movement m ON m.key_id = c.key_id AND m.seq = c.opening_seq
WHERE m.document LIKE :part ESCAPE '!' AND c.state NOT IN ({SETTLED})
ORDER BY {_RANK.format("m.document")}, m.document, c.id DESC LIMIT :many
"""
_CASE = """
SELECT c.id, c.state, i.code, l.code FROM stock_case c JOIN stock_key k ON k.id = c.key_id
JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id WHERE c.id = ?
"""
_NUMBER = re.compile(r"(?:case\s*|#)?(\d{1,18})", re.IGNORECASE)


def find(connection: Connection, text: str) -> tuple[Hit, ...]:
    """What a text may mean: a case by its number first, then items, locations and documents.

    Within each kind the exact code comes first, then codes that begin so, then the rest.
    """
    wanted = text.strip()
    if not wanted:
        return ()
    escaped = re.sub(r"([!%_])", r"!\1", wanted)
    given = {
        "exact": wanted,
        "prefix": f"{escaped}%",
        "part": f"%{escaped}%",
        "most": EACH,
        "many": EACH * 25,
    }
    items = connection.exec_driver_sql(_ITEMS, given).fetchall()
    places = connection.exec_driver_sql(_LOCATIONS, given).fetchall()
    by_item = _open_cases(connection, "k.item_id", [row[0] for row in items])
    by_place = _open_cases(connection, "k.location_id", [row[0] for row in places])
    hits = list(_case_hits(connection, wanted))
    hits += [Hit(HitKind.ITEM, row[0], row[1], row[2], tuple(by_item.get(row[0], ()))) for row in items]
    hits += [
        Hit(
            HitKind.LOCATION,
            row[0],
            row[1],
            " · ".join(part for part in row[2:5] if part),
            tuple(by_place.get(row[0], ())),
        )
        for row in places
    ]
    return (*hits, *_document_hits(connection, given))


def _case_hits(connection: Connection, wanted: str) -> Iterable[Hit]:
    number = _NUMBER.fullmatch(wanted)
    if number:
        row = connection.exec_driver_sql(_CASE, (int(number[1]),)).first()
        if row:
            yield Hit(HitKind.CASE, row[0], f"#{row[0]}", f"{row[2]} · {row[3]}", (row[0],), row[1])


def _document_hits(connection: Connection, given: dict[str, Any]) -> list[Hit]:
    """Imported documents, and documents of the movements that open cases are about."""
    cases: dict[str, list[int]] = {}
    kinds: dict[str, str] = {}
    for number, kind, case_id in connection.exec_driver_sql(_CROSSINGS, given):
        cases.setdefault(number, []).append(case_id)
        kinds.setdefault(number, kind)
    rows = connection.exec_driver_sql(_DOCUMENTS, given).fetchall()
    hits = [
        Hit(HitKind.DOCUMENT, row[0], row[1], row[2], tuple(cases.pop(row[1], ())), row[3]) for row in rows
    ]
    hits += [Hit(HitKind.DOCUMENT, 0, number, kinds[number], tuple(ids)) for number, ids in cases.items()]
    return hits[:EACH]


def _open_cases(connection: Connection, column: str, ids: list[int]) -> dict[int, list[int]]:
    """Open cases by what they are about, those of negatives first, then the newest."""
    rows = connection.exec_driver_sql(
        f"SELECT {column}, c.id FROM stock_case c JOIN stock_key k ON k.id = c.key_id "
        f"WHERE {column} IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND c.state NOT IN ({SETTLED}) "
        f"ORDER BY c.queue <> '{Queue.NEGATIVE.value}', c.id DESC",
        (json.dumps(ids),),
    )
    found: dict[int, list[int]] = {}
    for of, case_id in rows:
        found.setdefault(of, []).append(case_id)
    return found


# --- scanned codes

_PLAIN = (
    (ScanKind.BADGE, "SELECT id, name, '' FROM person WHERE badge = ? AND active"),
    (ScanKind.SHEET, "SELECT id, number, '' FROM count_sheet WHERE lower(number) = lower(?)"),
    (ScanKind.LOCATION, "SELECT id, code, '' FROM location WHERE code = ?"),
    (
        ScanKind.ITEM,
        "SELECT i.id, i.code, b.unit FROM item_barcode b JOIN item i ON i.id = b.item_id WHERE b.barcode = ?",
    ),
    (ScanKind.ITEM, "SELECT id, code, '' FROM item WHERE code = ?"),
    (ScanKind.LOCATION, "SELECT id, code, '' FROM location WHERE lower(code) = lower(?)"),
    (ScanKind.ITEM, "SELECT id, code, '' FROM item WHERE lower(code) = lower(?)"),
)


def plain_code(connection: Connection, text: str) -> Scan | None:
    """A code that means something as it stands: badge, sheet, location, barcode or item code.

    Letter case matters only where two codes differ in nothing else.
    """
    for kind, query in _PLAIN:
        row = connection.exec_driver_sql(query, (text,)).first()
        if row:
            return Scan(kind, text, row[0], row[1], row[2])
    return None


def item_of_barcode(connection: Connection, codes: Iterable[str]) -> tuple[int, str, str] | None:
    """(item id, item code, unit) of the first of these barcodes that is known."""
    for code in codes:
        row = connection.exec_driver_sql(_PLAIN[3][1], (code,)).first()
        if row:
            return row[0], row[1], row[2]
    return None
