"""Segments of the ledger: full blocks of movements as columns, in the order of their sequence.

They are a copy for fast reading. What is not in a segment yet, fewer than SEGMENT_ROWS movements, is read
row by row from the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, func, insert, select

from zeroline.domain.replay import MovementColumns
from zeroline.storage import elsewhere
from zeroline.storage.ledger.reading import COLUMNS, movement_columns
from zeroline.storage.ledger.segment import SEGMENT_ROWS, Segment, pack
from zeroline.storage.schema import ledger_segment, movement


def seal(connection: Connection, newest: int | None = None) -> int:
    """Put every full block of movements behind the last segment into segments of their own; how many.

    ``newest``: the last sequence in the table, if it is known. From whom rows are hidden seals nothing: a
    segment has those of all sites.
    """
    if newest is None:
        newest = connection.execute(select(func.max(movement.c.seq))).scalar() or 0
    sealed_to = _sealed_to(connection)
    if newest - sealed_to < SEGMENT_ROWS or elsewhere.limited(connection):
        return 0
    sealed = 0
    for block in blocks(connection, sealed_to):
        if len(block) == SEGMENT_ROWS:
            connection.execute(
                insert(ledger_segment).values(
                    first_seq=int(block.sequence[0]),
                    last_seq=int(block.sequence[-1]),
                    row_count=len(block),
                    columns=pack(block),
                )
            )
            sealed += 1
    return sealed


def reseal(connection: Connection) -> int:
    """Make all segments anew from the movements themselves; how many there are."""
    connection.execute(delete(ledger_segment))
    return seal(connection)


def segments(connection: Connection) -> dict[int, Segment]:
    """The segments by their first sequence, in order."""
    return {
        first: Segment(blob, rows)
        for first, rows, blob in connection.execute(
            select(ledger_segment.c.first_seq, ledger_segment.c.row_count, ledger_segment.c.columns).order_by(
                ledger_segment.c.first_seq
            )
        )
    }


def tail(connection: Connection) -> MovementColumns:
    """The movements that are in no segment yet."""
    return MovementColumns.join(list(blocks(connection, _sealed_to(connection))))


def blocks(connection: Connection, after: int = 0) -> Iterator[MovementColumns]:
    """The movements behind sequence ``after`` as the table has them, SEGMENT_ROWS at a time."""
    while True:
        block = movement_columns(
            connection,
            select(*COLUMNS).where(movement.c.seq > after).order_by(movement.c.seq).limit(SEGMENT_ROWS),
        )
        if len(block):
            after = int(block.sequence[-1])
            yield block
        if len(block) < SEGMENT_ROWS:
            return


def _sealed_to(connection: Connection) -> int:
    return connection.execute(_SEALED_TO).scalar() or 0


_SEALED_TO = select(func.max(ledger_segment.c.last_seq))
