"""Cases of movements that somebody forced past a check and that left the book below zero."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, cast, or_, select
from sqlalchemy import String as Text

from zeroline.domain.case import Queue
from zeroline.domain.instant import HOUR
from zeroline.domain.severity import Level
from zeroline.storage.casework import opening
from zeroline.storage.casework.scope import Scope
from zeroline.storage.ledger.reading import among_listed
from zeroline.storage.schema import episode, movement, stock_case
from zeroline.storage.unit_of_work import UnitOfWork


@cache
def _query(narrow: bool) -> Select[Any]:
    """Forced movements below zero that have no case yet."""
    after_opening = or_(
        movement.c.recorded_at > episode.c.started_at,
        and_(movement.c.recorded_at == episode.c.started_at, movement.c.seq >= episode.c.opening_seq),
    )
    before_closing = or_(
        episode.c.ended_at.is_(None),
        movement.c.recorded_at < episode.c.ended_at,
        and_(movement.c.recorded_at == episode.c.ended_at, movement.c.seq < episode.c.closing_seq),
    )
    known = select(stock_case.c.id).where(
        stock_case.c.queue == Queue.OVERRIDE.value,
        stock_case.c.subject == cast(movement.c.seq, Text),
    )
    query = (
        select(movement.c.seq, movement.c.key_id)
        .join_from(
            movement, episode, and_(episode.c.key_id == movement.c.key_id, after_opening, before_closing)
        )
        .where(movement.c.override.is_(True), movement.c.quantity < 0, ~known.exists())
        .order_by(movement.c.seq)
    )
    return query.where(among_listed(movement.c.key_id)) if narrow else query


def sync(work: UnitOfWork, scope: Scope) -> int:
    """Open a case for each forced movement that went or kept below zero; answers how many.

    The case is about the forcing: it stays when a late movement lifts the book at that place afterwards.
    """
    due = work.at + opening.due_hours(scope.policy, Level.MEDIUM) * HOUR
    return opening.open_cases(
        work,
        [
            {
                "queue": Queue.OVERRIDE.value,
                "key_id": key_id,
                "opening_seq": seq,
                "subject": str(seq),
                "due_at": due,
            }
            for seq, key_id in work.connection.execute(_query(scope.narrow), scope.bound())
        ],
    )
