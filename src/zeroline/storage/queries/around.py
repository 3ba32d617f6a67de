"""What surrounds a stock key: its master data, its ledger rows, other stock of the item, open documents."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from zeroline.domain.stock import Unit
from zeroline.domain.views.case import CaseKey, LedgerRow, OpenDocument, OtherStock, ReservationFacts
from zeroline.domain.views.history import BalanceHistory

LEDGER_ROWS = 1_000
"""The most movements that are shown as rows; the chart has them all."""
OTHERS = 500
"""The most other places of an item that are listed, fullest and emptiest first."""

_KEY = """
SELECT k.id, i.id AS item_id, i.code AS item, i.description, i.base_unit, i.decimals, i.unit_cost,
       i.abc_class, i.item_class, l.id AS location_id, l.code AS location, s.code AS site, l.warehouse,
       l.zone, k.lot, k.status, s.currency, s.zone AS time_zone
FROM stock_key k JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id
JOIN site s ON s.id = l.site_id
WHERE k.id = ?
"""


def case_key(connection: Connection, key_id: int) -> CaseKey:
    """Item, location, lot and status of a stock key."""
    row = connection.exec_driver_sql(_KEY, (key_id,)).one()
    units = connection.exec_driver_sql(
        "SELECT unit, numerator, denominator FROM item_unit WHERE item_id = ? ORDER BY unit", (row.item_id,)
    )
    return CaseKey(
        key_id=row.id,
        item_id=row.item_id,
        item=row.item,
        description=row.description,
        unit=row.base_unit,
        decimals=row.decimals,
        unit_cost=row.unit_cost,
        abc_class=row.abc_class,
        item_class=row.item_class,
        units=tuple(Unit(*unit) for unit in units),
        location_id=row.location_id,
        location=row.location,
        site=row.site,
        warehouse=row.warehouse,
        zone=row.zone,
        lot=row.lot,
        status=row.status,
        currency=row.currency,
        time_zone=row.time_zone,
    )


def on_hand(connection: Connection, key_id: int) -> int:
    """Book balance now, micro-units; 0 where nothing ever moved."""
    return connection.exec_driver_sql("SELECT on_hand FROM balance WHERE key_id = ?", (key_id,)).scalar() or 0


def source_code(connection: Connection, source_id: int) -> str:
    """What a source is called."""
    return str(connection.exec_driver_sql("SELECT code FROM source WHERE id = ?", (source_id,)).scalar_one())


def time_bases(connection: Connection, key_id: int) -> list[str]:
    """Which of the two times the key's movements really brought, each kind once."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT time_basis FROM movement WHERE key_id = ? ORDER BY time_basis", (key_id,)
    )
    return list(rows.scalars())


_ROWS = """
SELECT m.seq, m.reference, m.kind, m.quantity, m.recorded_at, m.occurred_at, m.document, m.document_line,
       m.user_name, s.code AS source, m.entered_quantity, m.entered_unit, m.override, m.time_basis,
       m.adjustment_id, COALESCE(a.number, '') AS adjustment
FROM json_each(?) given
JOIN movement m ON m.seq = CAST(given.value AS BIGINT)
JOIN source s ON s.id = m.source_id
LEFT JOIN adjustment a ON a.id = m.adjustment_id
ORDER BY CAST(given.key AS BIGINT)
"""


def ledger_rows(
    connection: Connection, seqs: Sequence[int], balances: Sequence[int]
) -> tuple[LedgerRow, ...]:
    """The movements of these sequences in the order given, each with its running balance."""
    rows = connection.exec_driver_sql(_ROWS, (json.dumps(list(seqs)),))
    return tuple(
        LedgerRow(
            seq=row.seq,
            reference=row.reference,
            kind=row.kind,
            quantity=row.quantity,
            balance=balance,
            recorded_at=row.recorded_at,
            occurred_at=row.occurred_at,
            document=row.document,
            document_line=row.document_line,
            user=row.user_name,
            source=row.source,
            entered_quantity=row.entered_quantity,
            entered_unit=row.entered_unit,
            override=bool(row.override),
            time_basis=row.time_basis,
            adjustment_id=row.adjustment_id,
            adjustment=row.adjustment,
        )
        for row, balance in zip(rows, balances, strict=True)
    )


def ledger_around(
    connection: Connection, history: BalanceHistory, seq: int | None
) -> tuple[tuple[LedgerRow, ...], int, int]:
    """The rows around a movement, or the newest; and how many there are before and after them."""
    count = len(history)
    middle = history.position(seq) if seq else None
    first = max(0, count - LEDGER_ROWS if middle is None else middle - LEDGER_ROWS // 2)
    first = min(first, max(0, count - LEDGER_ROWS))
    stop = min(count, first + LEDGER_ROWS)
    seqs = history.movement_ids[first:stop].tolist()
    balances = history.balances[first:stop].tolist()
    return ledger_rows(connection, seqs, balances), first, count - stop


_OTHERS = """
SELECT k.id, l.code, l.id AS location_id, l.warehouse, l.site_id, l.zone, k.lot, k.status,
       b.on_hand, b.last_recorded_at
FROM stock_key k JOIN location l ON l.id = k.location_id JOIN balance b ON b.key_id = k.id
WHERE k.item_id = ? AND k.id <> ?
ORDER BY b.on_hand = 0, ABS(b.on_hand) DESC, l.code, k.lot, k.status
LIMIT ?
"""


def elsewhere(connection: Connection, key: CaseKey) -> tuple[tuple[OtherStock, ...], int]:
    """The item's other bins, lots and statuses, and its balance over all of them and this one."""
    home = connection.exec_driver_sql(
        "SELECT site_id FROM location WHERE id = ?", (key.location_id,)
    ).scalar_one()
    rows = connection.exec_driver_sql(_OTHERS, (key.item_id, key.key_id, OTHERS)).fetchall()
    total = connection.exec_driver_sql(
        "SELECT COALESCE(SUM(b.on_hand), 0) FROM stock_key k JOIN balance b ON b.key_id = k.id "
        "WHERE k.item_id = ?",
        (key.item_id,),
    ).scalar_one()
    found = []
    for row in rows:
        if row.location_id == key.location_id:
            relation = "lot"
        else:
            relation = "bin" if (row.site_id, row.warehouse) == (home, key.warehouse) else "site"
        found.append(
            OtherStock(
                row.id,
                row.code,
                row.warehouse,
                row.zone,
                row.lot,
                row.status,
                row.on_hand,
                row.last_recorded_at,
                relation,
            )
        )
    near = ("lot", "bin", "site")
    return tuple(sorted(found, key=lambda other: near.index(other.relation))), total


_DOCUMENTS = """
SELECT d.id, dl.id AS line_id, d.kind, d.number, dl.line, d.partner, COALESCE(l.code, '') AS location,
       dl.location_id, dl.lot, dl.quantity, dl.done_quantity, d.due_at, s.code AS source
FROM document_line dl JOIN document d ON d.id = dl.document_id JOIN source s ON s.id = d.source_id
LEFT JOIN location l ON l.id = dl.location_id
WHERE dl.item_id = ? AND d.state = 'open' AND dl.quantity > dl.done_quantity
ORDER BY d.due_at IS NULL, d.due_at, d.number, dl.line
"""


def documents(connection: Connection, key: CaseKey) -> tuple[OpenDocument, ...]:
    """Open lines of the item, those that may explain a shortfall here first, then by due time."""
    found = []
    for row in connection.exec_driver_sql(_DOCUMENTS, (key.item_id,)):
        here = row.location_id is None or row.location_id == key.location_id
        same_lot = row.lot in ("", key.lot)
        found.append(
            OpenDocument(
                document_id=row.id,
                line_id=row.line_id,
                kind=row.kind,
                number=row.number,
                line=row.line,
                partner=row.partner,
                location=row.location,
                lot=row.lot,
                quantity=row.quantity,
                done=row.done_quantity,
                outstanding=row.quantity - row.done_quantity,
                due_at=row.due_at,
                source=row.source,
                explains=row.kind != "order" and here and same_lot,
            )
        )
    return tuple(sorted(found, key=lambda document: not document.explains))


_RESERVATIONS = """
SELECT r.id, r.reference, r.document, COALESCE(l.code, '') AS location, r.lot, r.quantity, r.due_at
FROM reservation r LEFT JOIN location l ON l.id = r.location_id
WHERE r.item_id = ? AND r.quantity > 0 AND (r.location_id IS NULL OR r.location_id = ?)
  AND r.lot IN ('', ?)
ORDER BY r.due_at IS NULL, r.due_at, r.reference
"""


def reservations(connection: Connection, key: CaseKey) -> tuple[ReservationFacts, ...]:
    """Promises of this stock, soonest first."""
    rows = connection.exec_driver_sql(_RESERVATIONS, (key.item_id, key.location_id, key.lot))
    return tuple(ReservationFacts(*row) for row in rows)
