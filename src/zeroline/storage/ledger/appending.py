"""Appending movements: the only way in."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, bindparam, case, select, update

from zeroline.domain.episode import Ints
from zeroline.domain.replay import MovementColumns
from zeroline.storage import elsewhere
from zeroline.storage.ledger.keeping import keep
from zeroline.storage.ledger.reading import COLUMNS, movement_columns
from zeroline.storage.ledger.rebuilding import rebuild
from zeroline.storage.ledger.sealing import seal
from zeroline.storage.postgres import locks
from zeroline.storage.schema import ledger_state, movement


class NewMovement(NamedTuple):
    """A movement that has no sequence yet. Ids of this database, micro-units, µs; see ``domain.movement``."""

    key_id: int
    quantity: int
    kind: str
    occurred_at: int
    recorded_at: int
    source_id: int
    reference: str
    time_basis: str = "both"
    document: str = ""
    document_line: str = ""
    user_name: str = ""
    entered_quantity: int = 0
    entered_unit: str = ""
    override: bool = False
    adjustment_id: int | None = None
    import_id: int | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """``first`` and ``last`` sequence given (first > last: none); ``keys``: stock keys that were touched."""

    first: int
    last: int
    keys: frozenset[int]


def append(connection: Connection, movements: Sequence[NewMovement], *, take_in: bool = True) -> Appended:
    """Append movements in the order given and bring balances and episodes up to date.

    Part of the caller's transaction, which must be a writing one. Movements that others put into the table
    meanwhile are taken in as well. An import of many parts appends each without ``take_in`` and calls
    :func:`catch_up` once at its end. Raises DomainError ``balance-too-large`` or ``episode-too-large``
    (``key``: a stock key's id) when a figure leaves 64 bits, TypeError for a quantity or time that is not a
    whole number; then the transaction must not be committed.
    """
    locks.alone(connection, locks.LEDGER)
    newest = _newest(connection)
    foreign: frozenset[int] = frozenset()
    if take_in and newest > _applied(connection):
        foreign = catch_up(connection).keys
    first = newest + 1
    if not movements:
        return Appended(first, newest, foreign)
    new = MovementColumns(
        _whole([row.key_id for row in movements]),
        np.arange(first, first + len(movements)),
        _whole([row.occurred_at for row in movements]),
        _whole([row.recorded_at for row in movements]),
        _whole([row.quantity for row in movements]),
    )
    insert_rows(connection, [(first + place, *row) for place, row in enumerate(movements)])
    if take_in:
        _take_in(connection, new)
    return Appended(first, newest + len(movements), foreign | frozenset(new.key.tolist()))


def catch_up(connection: Connection) -> Appended:
    """Take in the movements that are in the table but not yet in balances and episodes.

    There are none unless they were appended without ``take_in``, or past :func:`append`. A large share of the
    ledger is taken in by a rebuild of it all, which is cheaper then. Raises as :func:`append`, and
    DomainError ``sites-limited`` where some of them are hidden from who is connected.
    """
    locks.alone(connection, locks.LEDGER)
    applied, newest = _applied(connection), _newest(connection)
    waiting = newest - applied
    if waiting:
        elsewhere.require_after(connection, applied)
    bulk = waiting > BULK_ROWS and waiting * BULK_SHARE > newest
    if bulk and not elsewhere.limited(connection):
        keys = connection.execute(select(movement.c.key_id).where(movement.c.seq > applied).distinct())
        touched = frozenset(keys.scalars())
        seal(connection, newest)
        rebuild(connection)
        return Appended(applied + 1, newest, touched)
    query = select(*COLUMNS).where(movement.c.seq > applied).order_by(movement.c.seq)
    new = movement_columns(connection, query)
    if len(new):
        _take_in(connection, new)
    return Appended(applied + 1, newest, frozenset(new.key.tolist()))


BULK_ROWS = 50_000  # movements waiting to be taken in …
BULK_SHARE = 10  # … that are more than a tenth of the ledger: make everything anew


_TAKEN_IN = update(ledger_state).values(
    applied_seq=bindparam("applied"),
    recorded_to=case(
        (ledger_state.c.recorded_to < bindparam("recorded"), bindparam("recorded")),
        else_=ledger_state.c.recorded_to,
    ),
)


def _take_in(connection: Connection, new: MovementColumns) -> None:
    keep(connection, new)
    newest = int(new.sequence[-1])
    connection.execute(_TAKEN_IN, {"applied": newest, "recorded": int(new.recorded_at.max())})
    seal(connection, newest)


def _applied(connection: Connection) -> int:
    applied: int = connection.execute(_APPLIED).scalar_one()
    return applied


def _newest(connection: Connection) -> int:
    return elsewhere.newest(connection, "movement")


_APPLIED = select(ledger_state.c.applied_seq)


def _whole(values: list[int]) -> Ints:
    return np.array(array("q", values), np.int64)


_FIELDS = ("seq", *NewMovement._fields)
TOGETHER = 50
"""Movements a statement. With the guards SQLite puts by the pages that a statement changes, so as to undo it:
row by row those at the end of the ledger would be put by anew for every movement."""


def insert_rows(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Insert tuples of a sequence and the fields of a NewMovement; nothing else follows."""
    whole = len(rows) - len(rows) % TOGETHER
    for first, stop, together in ((0, whole, TOGETHER), (whole, len(rows), 1)):
        bound = [tuple(chain.from_iterable(rows[at : at + together])) for at in range(first, stop, together)]
        if bound:
            connection.exec_driver_sql(_insertion(together), bound)


@cache
def _insertion(together: int) -> str:
    """The INSERT for ``together`` tuples in one: built once, without a look at every value on its way."""
    values = f"({', '.join('?' * len(_FIELDS))})"
    return f"INSERT INTO movement ({', '.join(_FIELDS)}) VALUES {', '.join([values] * together)}"
