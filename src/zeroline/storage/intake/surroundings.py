"""Stored balances, documents and reservations: what surrounds the ledger, brought up to date in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from zeroline.storage.intake.texts import among_texts
from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import document, document_line, reservation, stored_balance


class Balances:
    """Stored balances by source, key and instant."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source_id: int, key_ids: Iterable[int]) -> dict[tuple[int, int], int]:
        """on_hand (micro-units) by (key id, as_of µs)."""
        ids = np.array(sorted(set(key_ids)), np.int64)
        query = select(stored_balance).where(
            stored_balance.c.source_id == source_id, among(stored_balance.c.key_id, ids)
        )
        return {(row.key_id, row.as_of): row.on_hand for row in self._connection.execute(query)}

    def add(self, source_id: int, rows: Sequence[tuple[int, int, int]], import_id: int) -> None:
        """Store (key id, as_of, on_hand) rows."""
        if rows:
            self._connection.execute(
                insert(stored_balance),
                [
                    {"source_id": source_id, "key_id": k, "as_of": a, "on_hand": q, "import_id": import_id}
                    for k, a, q in rows
                ],
            )


class Line(NamedTuple):
    """A document line as stored; micro-units of the base unit."""

    item_id: int
    location_id: int | None
    lot: str
    quantity: int
    done_quantity: int


class Documents:
    """Documents and their lines."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source_id: int, kind: str, numbers: Iterable[str]) -> dict[str, Any]:
        """Rows of the document table by number."""
        query = select(document).where(
            document.c.source_id == source_id,
            document.c.kind == kind,
            among_texts(document.c.number, set(numbers)),
        )
        return {row.number: row for row in self._connection.execute(query)}

    def add(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert documents; their ids in order."""
        statement = insert(document).returning(document.c.id, sort_by_parameter_order=True)
        return list(self._connection.execute(statement, list(rows)).scalars()) if rows else []

    def change(self, document_id: int, values: dict[str, Any]) -> None:
        """Change columns of a document."""
        self._connection.execute(update(document).where(document.c.id == document_id).values(**values))

    def lines(self, document_ids: Iterable[int]) -> dict[tuple[int, str], tuple[int, Line]]:
        """Line id and line by (document id, line)."""
        ids = np.array(sorted(set(document_ids)), np.int64)
        query = select(document_line).where(among(document_line.c.document_id, ids))
        return {
            (row.document_id, row.line): (
                row.id,
                Line(row.item_id, row.location_id, row.lot, row.quantity, row.done_quantity),
            )
            for row in self._connection.execute(query)
        }

    def add_lines(self, rows: Sequence[tuple[int, str, Line]]) -> None:
        """Insert (document id, line, content)."""
        if rows:
            self._connection.execute(
                insert(document_line),
                [{"document_id": d, "line": n, **content._asdict()} for d, n, content in rows],
            )

    def change_lines(self, rows: Sequence[tuple[int, Line]]) -> None:
        """Change (line id, content)."""
        if rows:
            self._connection.execute(
                update(document_line).where(document_line.c.id == bindparam("of_line")),
                [{"of_line": number, **content._asdict()} for number, content in rows],
            )

    def items(self, document_ids: Iterable[int]) -> set[int]:
        """Items on the lines of these documents."""
        ids = np.array(sorted(set(document_ids)), np.int64)
        query = select(document_line.c.item_id).where(among(document_line.c.document_id, ids)).distinct()
        return set(self._connection.execute(query).scalars()) if len(ids) else set()

    def undone(self, document_ids: Iterable[int]) -> set[int]:
        """Documents of which some line is not done in full."""
        ids = np.array(sorted(set(document_ids)), np.int64)
        query = (
            select(document_line.c.document_id)
            .where(
                among(document_line.c.document_id, ids),
                document_line.c.done_quantity < document_line.c.quantity,
            )
            .distinct()
        )
        return set(self._connection.execute(query).scalars())


class Reservations:
    """Reservations by source and reference."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source_id: int, references: Iterable[str]) -> dict[str, tuple[int, dict[str, Any]]]:
        """Id and content by reference."""
        query = select(reservation).where(
            reservation.c.source_id == source_id, among_texts(reservation.c.reference, set(references))
        )
        names = ("item_id", "location_id", "lot", "quantity", "document", "due_at")
        return {
            row.reference: (row.id, {name: getattr(row, name) for name in names})
            for row in self._connection.execute(query)
        }

    def add(self, values: dict[str, Any]) -> int:
        """Insert one; its id."""
        made = self._connection.execute(insert(reservation).values(**values)).inserted_primary_key
        return int(made[0]) if made else 0

    def change(self, reservation_id: int, values: dict[str, Any]) -> None:
        """Change one."""
        self._connection.execute(
            update(reservation).where(reservation.c.id == reservation_id).values(**values)
        )

    def release(self, reservation_id: int) -> None:
        """Take one away."""
        self._connection.execute(delete(reservation).where(reservation.c.id == reservation_id))
