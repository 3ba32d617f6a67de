"""Cases of stored balances that differ from the sum of the movements up to their instant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from zeroline.domain.case import OPEN_STATES, CaseState, EventKind, Queue
from zeroline.domain.instant import HOUR
from zeroline.domain.severity import Level
from zeroline.storage.casework import cases, opening
from zeroline.storage.casework.scope import Scope
from zeroline.storage.ledger.reading import among_listed
from zeroline.storage.schema import balance, movement, stock_case, stored_balance
from zeroline.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Check:
    """One source's newest stored balance of a key against the ledger; micro-units, ``as_of`` µs."""

    source_id: int
    key_id: int
    stored: int
    summed: int
    as_of: int

    @property
    def difference(self) -> int:
        return self.stored - self.summed


@cache
def _query(narrow: bool) -> Select[Any]:
    newest = select(
        stored_balance.c.source_id,
        stored_balance.c.key_id,
        func.max(stored_balance.c.as_of).label("as_of"),
    ).group_by(stored_balance.c.source_id, stored_balance.c.key_id)
    if narrow:
        newest = newest.where(among_listed(stored_balance.c.key_id))
    last = newest.subquery("last")
    summed = (
        select(func.coalesce(func.sum(movement.c.quantity), 0))
        .where(movement.c.key_id == last.c.key_id, movement.c.recorded_at <= last.c.as_of)
        .scalar_subquery()
    )
    up_to_date = and_(balance.c.key_id.isnot(None), balance.c.last_recorded_at <= last.c.as_of)
    return (
        select(
            last.c.source_id,
            last.c.key_id,
            stored_balance.c.on_hand,
            case((up_to_date, balance.c.on_hand), else_=summed),
            last.c.as_of,
        )
        .join_from(
            last,
            stored_balance,
            and_(
                stored_balance.c.source_id == last.c.source_id,
                stored_balance.c.key_id == last.c.key_id,
                stored_balance.c.as_of == last.c.as_of,
            ),
        )
        .join(balance, balance.c.key_id == last.c.key_id, isouter=True)
        .order_by(last.c.key_id, last.c.source_id)
    )


def checks(connection: Connection, scope: Scope | None = None) -> list[Check]:
    """The newest stored balance of each source and key beside Σ movements recorded up to its instant."""
    narrow, bound = (False, {}) if scope is None else (scope.narrow, scope.bound())
    return [Check(*row) for row in connection.execute(_query(narrow), bound)]


def subject(check: Check) -> str:
    """What makes the case unique in its queue: one a source and key, whatever the instant."""
    return f"{check.source_id}:{check.key_id}"


def sync(work: UnitOfWork, scope: Scope) -> int:
    """Open, close and reopen self-check cases; answers how many were touched."""
    found = checks(work.connection, scope)
    if not found:
        return 0
    query = select(stock_case).where(stock_case.c.queue == Queue.SELF_CHECK.value)
    if scope.keys is not None:
        query = query.where(scope.among(stock_case.c.key_id))
    known = {row.subject: cases.stored(row) for row in work.connection.execute(query)}
    due = work.at + opening.due_hours(scope.policy, Level.MEDIUM) * HOUR
    fresh = []
    touched = 0
    for check in found:
        standing = known.get(subject(check))
        if standing is None:
            if check.difference:
                fresh.append(
                    {
                        "queue": Queue.SELF_CHECK.value,
                        "key_id": check.key_id,
                        "subject": subject(check),
                        "due_at": due,
                    }
                )
        else:
            touched += _follow(work, standing, check, due)
    return touched + opening.open_cases(work, fresh)


def _follow(work: UnitOfWork, standing: cases.StoredCase, check: Check, due: int) -> bool:
    facts = {"stored": check.stored, "summed": check.summed, "as_of": check.as_of}
    if standing.state in OPEN_STATES:
        if check.difference:
            return False
        cases.change(
            work,
            standing,
            EventKind.AGREES,
            facts=facts,
            state=CaseState.DISMISSED.value,
            closed_at=work.at,
            reason="agrees",
        )
        return True
    if not check.difference or (standing.closed_at is not None and check.as_of <= standing.closed_at):
        return False  # a person settled this very difference, or there is none
    cases.change(
        work,
        standing,
        EventKind.REOPENED,
        facts={"reason": "difference", **facts},
        state=CaseState.REOPENED.value,
        reopened=standing.reopened + 1,
        due_at=due,
        closed_at=None,
        reason="",
    )
    return True
