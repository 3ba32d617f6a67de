"""Cases of keys that go wrong again and again: episodes, or counts out of tolerance, within a window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, literal, or_, select, union_all

from zeroline.domain.case import OPEN_STATES, CaseState, EventKind, Queue
from zeroline.domain.count import LineState
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.policy import Policy
from zeroline.domain.severity import Level
from zeroline.storage.casework import cases, opening
from zeroline.storage.casework.scope import Scope
from zeroline.storage.ledger.reading import among_listed
from zeroline.storage.schema import count_entry, count_line, episode, stock_case
from zeroline.storage.types import BIG
from zeroline.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Repeats:
    """Of one key within the window: episodes, counts out of tolerance, and when the last of them was (µs)."""

    key_id: int
    episodes: int
    misses: int
    last_at: int


@cache
def _query(narrow: bool) -> Select[Any]:
    since, horizon = bindparam("since", type_=BIG), bindparam("horizon", type_=BIG)
    below = select(
        episode.c.key_id.label("key_id"),
        literal(1).label("episode"),
        literal(0).label("miss"),
        episode.c.started_at.label("at"),
    ).where(or_(episode.c.ended_at.is_(None), episode.c.ended_at >= since), episode.c.started_at <= horizon)
    last = func.max(count_entry.c.counted_at)
    missed = (
        select(count_line.c.key_id, literal(0), literal(1), last)
        .join_from(count_line, count_entry, count_entry.c.line_id == count_line.c.id)
        .where(count_line.c.state == LineState.VARIANCE.value)
        .group_by(count_line.c.id, count_line.c.key_id)
        .having(and_(last >= since, last <= horizon))
    )
    if narrow:
        below = below.where(among_listed(episode.c.key_id))
        missed = missed.where(among_listed(count_line.c.key_id))
    each = union_all(below, missed).subquery("each")
    episodes, misses = func.sum(each.c.episode), func.sum(each.c.miss)
    return (
        select(each.c.key_id, episodes, misses, func.max(each.c.at))
        .group_by(each.c.key_id)
        .having(or_(episodes >= bindparam("least_episodes"), misses >= bindparam("least_misses")))
        .order_by(each.c.key_id)
    )


def repeats(
    connection: Connection, policy: Policy, horizon: int, scope: Scope | None = None
) -> list[Repeats]:
    """Keys that reach a threshold of the policy within its window up to ``horizon`` (µs).

    An episode counts when it was below zero at any time within the window; a line of a count sheet when a
    recount confirmed that it is out of tolerance (a first count and its recount are one miss, not two).
    """
    narrow, bound = (False, {}) if scope is None else (scope.narrow, scope.bound())
    bound |= {
        "since": horizon - policy.repeat_window_days * DAY,
        "horizon": horizon,
        "least_episodes": policy.repeat_episodes,
        "least_misses": policy.repeat_counts,
    }
    return [Repeats(*row) for row in connection.execute(_query(narrow), bound)]


def sync(work: UnitOfWork, scope: Scope) -> int:
    """Open a case for each key that reached a threshold; one that was settled comes back when it goes wrong
    again after that. Answers how many were touched."""
    found = repeats(work.connection, scope.policy, scope.horizon, scope)
    if not found:
        return 0
    query = select(stock_case).where(stock_case.c.queue == Queue.REPEAT.value)
    if scope.keys is not None:
        query = query.where(scope.among(stock_case.c.key_id))
    known = {row.key_id: cases.stored(row) for row in work.connection.execute(query)}
    due = work.at + opening.due_hours(scope.policy, Level.LOW) * HOUR
    fresh, touched = [], 0
    for repeat in found:
        standing = known.get(repeat.key_id)
        if standing is None:
            fresh.append(
                {
                    "queue": Queue.REPEAT.value,
                    "key_id": repeat.key_id,
                    "subject": str(repeat.key_id),
                    "due_at": due,
                }
            )
        elif standing.state not in OPEN_STATES and repeat.last_at > (standing.closed_at or scope.horizon):
            cases.change(
                work,
                standing,
                EventKind.REOPENED,
                facts={"reason": "repeat", "episodes": repeat.episodes, "misses": repeat.misses},
                state=CaseState.REOPENED.value,
                reopened=standing.reopened + 1,
                due_at=due,
                closed_at=None,
                reason="",
            )
            touched += 1
    return touched + opening.open_cases(work, fresh)
