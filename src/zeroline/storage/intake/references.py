"""Movements that the ledger holds already, by the source's own ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from zeroline.domain.episode import Ints
from zeroline.storage import elsewhere
from zeroline.storage.intake.texts import among_texts
from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import item, location, movement, stock_key


class Known(NamedTuple):
    """What a source told about a movement: equal for two rows that say the same."""

    item: str
    location: str
    lot: str
    status: str
    entered_quantity: int
    entered_unit: str
    kind: str
    occurred_at: int
    recorded_at: int
    document: str
    document_line: str
    user: str
    override: bool


class References:
    """Looks up movements by source id and reference."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._empty: dict[int, bool] = {}
        self._limited = elsewhere.limited(connection)

    def known(self, source_id: int, references: Iterable[str]) -> dict[str, Known]:
        """The ledger's movements of a source among these references."""
        if self._is_empty(source_id):
            return {}
        query = (
            select(
                movement.c.reference,
                item.c.code,
                location.c.code,
                stock_key.c.lot,
                stock_key.c.status,
                movement.c.entered_quantity,
                movement.c.entered_unit,
                movement.c.kind,
                movement.c.occurred_at,
                movement.c.recorded_at,
                movement.c.document,
                movement.c.document_line,
                movement.c.user_name,
                movement.c.override,
            )
            .join_from(movement, stock_key, stock_key.c.id == movement.c.key_id)
            .join(item, item.c.id == stock_key.c.item_id)
            .join(location, location.c.id == stock_key.c.location_id)
            .where(movement.c.source_id == source_id, among_texts(movement.c.reference, references))
        )
        return {row[0]: Known._make(row[1:]) for row in self._connection.execute(query)}

    def elsewhere(self, source_id: int, references: Iterable[str]) -> set[str]:
        """Those of these references that movements hidden from who is connected have."""
        if not self._limited:
            return set()
        return elsewhere.references(self._connection, source_id, references)

    def appended(self, source_ids: Iterable[int]) -> None:
        """Movements of these sources were appended."""
        for source_id in source_ids:
            self._empty[source_id] = False

    def _is_empty(self, source_id: int) -> bool:
        if source_id not in self._empty:
            found = select(movement.c.seq).where(movement.c.source_id == source_id).limit(1)
            self._empty[source_id] = self._connection.execute(found).first() is None
        return self._empty[source_id]


def sums_up_to(
    connection: Connection, key_ids: Ints, as_of: int, source_id: int, prefix: str
) -> dict[int, int]:
    """Σ movements (micro-units) of each key recorded up to ``as_of`` (µs), by key id.

    Movements of ``source_id`` whose reference begins with ``prefix`` (its derived openings) are left out.
    """
    own = (movement.c.source_id == source_id) & movement.c.reference.startswith(prefix, autoescape=True)
    query = (
        select(movement.c.key_id, func.sum(movement.c.quantity))
        .where(among(movement.c.key_id, np.asarray(key_ids)), movement.c.recorded_at <= as_of, ~own)
        .group_by(movement.c.key_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}
