"""What an import leaves around a ledger: reservations, documents, rows of any table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from support.warehouse import Warehouse
from zeroline.domain.quantity import SCALE
from zeroline.storage import schema


def put(warehouse: Warehouse, table: Any, **values: Any) -> Any:
    """One row of a table, as an import would leave it."""
    with warehouse.database.write() as work:
        made = work.connection.execute(insert(table).values(**values))
        work.audit("test record", table.name)
        work.changed(everything=True)
        work.commit()
    return made.inserted_primary_key[0]


def reserve(warehouse: Warehouse, item: str, location: str | None, quantity: int, **more: Any) -> None:
    put(
        warehouse,
        schema.reservation,
        source_id=warehouse.source(),
        reference=f"R-{item}-{location}-{quantity}",
        item_id=warehouse.item(item),
        location_id=None if location is None else warehouse.location(location),
        quantity=quantity * SCALE,
        **more,
    )


def open_document(
    warehouse: Warehouse, kind: str, number: str, item: str, location: str | None, quantity: int, **more: Any
) -> int:
    document = put(warehouse, schema.document, source_id=warehouse.source(), kind=kind, number=number, **more)
    put(
        warehouse,
        schema.document_line,
        document_id=document,
        line="1",
        item_id=warehouse.item(item),
        location_id=None if location is None else warehouse.location(location),
        quantity=quantity * SCALE,
    )
    return document
