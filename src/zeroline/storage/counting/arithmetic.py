"""What the ledger says about a count: the book of its instant, rolled forward to now (rule 6)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from zeroline.domain.count import LedgerRow, Rolled, roll_forward
from zeroline.domain.movement import MovementKind
from zeroline.domain.views.counting import ArithmeticMovement

_BOOK = """
SELECT coalesce(sum(quantity), 0), coalesce(max(seq), 0) FROM movement WHERE key_id = ? AND recorded_at <= ?
"""
_ROWS = """
SELECT seq, quantity, occurred_at, recorded_at, kind, document, user_name, adjustment_id FROM movement
WHERE key_id = ? AND (recorded_at > ? OR occurred_at > ? OR seq > ?) ORDER BY seq
"""
_CORRECTIONS = frozenset({MovementKind.ADJUSTMENT.value, MovementKind.COUNT_CORRECTION.value})


@dataclass(frozen=True, slots=True)
class Words:
    """Of a movement what people read: kind, document, user; and the adjustment that posted it, if ours."""

    kind: str
    document: str
    user: str
    adjustment_id: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """A count against the ledger as known now; ``words`` by sequence for the rows it mentions."""

    book_seq: int
    rolled: Rolled
    words: dict[int, Words]

    def late_movements(self) -> tuple[ArithmeticMovement, ...]:
        """What the book had too late (+) or too early (−) for the instant of the count."""
        return tuple(self._told(row, quantity, why) for row, quantity, why in self.rolled.late_rows)

    def since_movements(self) -> tuple[ArithmeticMovement, ...]:
        """What happened after the count."""
        return tuple(self._told(row, row.quantity, "since") for row in self.rolled.since_rows)

    def _told(self, row: LedgerRow, quantity: int, why: str) -> ArithmeticMovement:
        words = self.words[row.seq]
        return ArithmeticMovement(
            row.seq, words.kind, quantity, row.occurred_at, row.recorded_at, words.document, words.user, why
        )


def book_at(connection: Connection, key_id: int, instant: int) -> tuple[int, int]:
    """Balance of a key in book order at an instant, and the highest sequence in it."""
    row = connection.exec_driver_sql(_BOOK, (key_id, instant)).one()
    return row[0], row[1]


def rolled(connection: Connection, key_id: int, counted_at: int, book: int, book_seq: int) -> Count:
    """The count of a key rolled forward from its frozen ``book`` with everything the ledger knows now."""
    found = connection.exec_driver_sql(_ROWS, (key_id, counted_at, counted_at, book_seq)).fetchall()
    rows = [
        LedgerRow(row[0], row[1], row[2], row[3], row[4] in _CORRECTIONS, row[7] is not None) for row in found
    ]
    words = {row[0]: Words(row[4], row[5], row[6], row[7]) for row in found}
    return Count(book_seq, roll_forward(book, book_seq, counted_at, rows), words)


def freeze(connection: Connection, key_id: int, counted_at: int) -> Count:
    """The expectation of a count made at ``counted_at``, to be kept with it."""
    book, book_seq = book_at(connection, key_id, counted_at)
    return rolled(connection, key_id, counted_at, book, book_seq)


def on_hand(connection: Connection, key_id: int) -> int:
    """Book balance of a key now; 0 where nothing ever moved."""
    row = connection.exec_driver_sql("SELECT on_hand FROM balance WHERE key_id = ?", (key_id,)).first()
    return 0 if row is None else int(row[0])
