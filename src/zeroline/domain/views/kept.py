"""Counts that are kept on a workstation until the database can be reached again.

Quantities as typed, instants µs UTC. Nothing here was read from the ledger, its balances or expectations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError, Trouble

if TYPE_CHECKING:
    from zeroline.domain.views.counting import EnteredLine


@dataclass(frozen=True, slots=True)
class KeptCount:
    """One entry as the counter made it, told under ``key`` (a uuid), ``seq`` in the order of keeping.

    ``text`` with its ``decimal`` and ``thousands`` marks is what :meth:`Counting.enter` takes. ``at`` is the
    workstation's clock when Enter was pressed and ``offset`` what the database's clock was ahead of it (µs)
    when the two were compared last. Its counter is id and login together: in a database made anew at the same
    address the id is somebody else's. ``paper_at``: when it was counted, where it is keyed from paper.
    """

    key: str
    seq: int
    counter_id: int
    login: str
    counter: str
    sheet_id: int
    sheet: str
    line_id: int
    item: str
    location: str
    lot: str
    status: str
    text: str
    decimal: str
    thousands: str
    at: int
    offset: int
    paper_at: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedCount:
    """A kept count that a rule refused when it was sent, and why."""

    count: KeptCount
    error: DomainError


class Waiting(NamedTuple):
    """What a workstation keeps: of one counter what still waits and what was refused, in order; of others
    (name, how many). ``unreadable``: lines of the counter's file that are damaged."""

    mine: tuple[KeptCount, ...] = ()
    refused: tuple[RefusedCount, ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A count went into the outbox; ``lost`` is why the database could not be told, where it was tried."""

    count: KeptCount
    lost: Trouble | None = None
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class Entered:
    """A count is in the database."""

    line: EnteredLine
    changes: Changes


class Sent(NamedTuple):
    """What came of sending, in the order of keeping. ``lost``: the line went before all was told."""

    changes: Changes
    sent: tuple[KeptCount, ...]
    refused: tuple[RefusedCount, ...]
    lost: Trouble | None = None
