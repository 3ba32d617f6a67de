"""Stock of an item, of a bin or of what a document is about, with the balance of every stock key."""

from __future__ import annotations

from sqlalchemy import Connection

from zeroline.domain.views.found import HitKind
from zeroline.domain.views.stock import KeyLedger, Place, Stock
from zeroline.storage.ledger import balance_history
from zeroline.storage.queries import around
from zeroline.storage.queries.queue import SETTLED

_WHICH = {
    HitKind.ITEM: "k.item_id = :id",
    HitKind.LOCATION: "k.location_id = :id",
    HitKind.DOCUMENT: "k.item_id IN (SELECT item_id FROM document_line WHERE document_id = :id)",
}

_NAMES = {
    HitKind.ITEM: "SELECT code, description FROM item WHERE id = :id",
    HitKind.LOCATION: (
        "SELECT l.code, trim(s.code || ' ' || l.warehouse) FROM location l JOIN site s ON s.id = l.site_id"
        " WHERE l.id = :id"
    ),
    HitKind.DOCUMENT: "SELECT number, kind FROM document WHERE id = :id",
}

_PLACES = f"""
SELECT k.id, i.code, i.description, l.code, s.code, k.lot, k.status, COALESCE(b.on_hand, 0), i.base_unit,
       i.decimals, b.last_recorded_at,
       (SELECT max(c.id) FROM stock_case c WHERE c.key_id = k.id AND c.state NOT IN ({SETTLED}))
FROM stock_key k JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id
JOIN site s ON s.id = l.site_id LEFT JOIN balance b ON b.key_id = k.id
WHERE {{}}
ORDER BY b.on_hand IS NULL, b.on_hand = 0, b.on_hand > 0, i.code, l.code, k.lot, k.status
"""


def stock(connection: Connection, kind: HitKind, id: int) -> Stock:
    """Every stock key of an item, a location, or the items of a document; what is below zero comes first."""
    given = {"id": id}
    label, detail = connection.exec_driver_sql(_NAMES[kind], given).one()
    rows = connection.exec_driver_sql(_PLACES.format(_WHICH[kind]), given)
    return Stock(label, detail or "", tuple(Place(*row) for row in rows))


def key_ledger(connection: Connection, key_id: int, as_of: int) -> KeyLedger:
    """The ledger of one stock key up to ``as_of`` (µs)."""
    history = balance_history(connection, key_id, as_of)
    rows, before, _ = around.ledger_around(connection, history, None)
    on_hand = around.on_hand(connection, key_id)
    return KeyLedger(around.case_key(connection, key_id), on_hand, history, rows, before)
