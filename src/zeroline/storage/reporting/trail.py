"""A case as it stood at an instant: its log cut there, its state from the audit trail, its key replayed."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from zeroline.domain.case import CaseState, EventKind, Queue
from zeroline.domain.episode import Episode
from zeroline.domain.errors import DomainError
from zeroline.domain.movement import TimeBasis
from zeroline.domain.replay import MovementColumns, key_history, replay
from zeroline.domain.views.reporting import Basis, Scope
from zeroline.domain.views.trail import CaseThen, EventThen, MovementThen
from zeroline.storage import people
from zeroline.storage.keys import key_facts
from zeroline.storage.ledger.reading import COLUMNS, table_of
from zeroline.storage.reporting.explanations import Explanations
from zeroline.storage.reporting.standing import cases_by_key
from zeroline.storage.schema import audit_entry, case_event, movement, stock_case

AROUND = 60
"""Movements listed before and after the crossing."""

_STATES = {
    EventKind.EXPLAINED: CaseState.CLOSED.value,
    EventKind.VERIFIED: CaseState.VERIFIED.value,
    EventKind.REOPENED: CaseState.REOPENED.value,
}
"""What the log alone tells, where very many cases changed at once and share one audit entry."""


def case_then(connection: Connection, case_id: int, scope: Scope, basis: Basis) -> CaseThen:
    """The case at the as-of instant. DomainError ``case-unknown`` if there was none."""
    case = connection.execute(
        select(stock_case).where(stock_case.c.id == case_id, stock_case.c.opened_at <= scope.as_of)
    ).first()
    if case is None:
        raise DomainError("case-unknown", case=case_id)
    names = people.names(connection)
    events = tuple(
        EventThen(row.at, names.get(row.person_id, ""), row.kind, row.text, json.loads(row.facts))
        for row in connection.execute(
            select(case_event)
            .where(case_event.c.case_id == case_id, case_event.c.at <= scope.as_of)
            .order_by(case_event.c.id)
        )
    )
    stood = _stood(connection, case_id, scope.as_of, events)
    owner = stood.get("owner_id")
    openings = [
        seq for (_, seq), (found, _) in cases_by_key(connection, scope.as_of).items() if found == case_id
    ]
    if case.queue == Queue.OVERRIDE.value:  # the crossing belongs to the case of its episode
        openings = [case.opening_seq]
    opening = openings[-1] if openings else 0  # those from before it was reopened come first
    rows = connection.execute(
        select(
            *COLUMNS,
            movement.c.reference,
            movement.c.kind,
            movement.c.document,
            movement.c.user_name,
            movement.c.time_basis,
        )
        .where(
            movement.c.key_id == case.key_id,
            movement.c.seq <= basis.last_seq,
            movement.c.recorded_at <= scope.as_of,
        )
        .order_by(movement.c.recorded_at, movement.c.seq)
    ).fetchall()
    columns = MovementColumns(*table_of((row[: len(COLUMNS)] for row in rows), len(COLUMNS)))
    history = key_history(columns)
    balances = history.balance.tolist()
    episodes = list(replay(columns, as_of=scope.as_of).episodes)
    sequences = columns.sequence.tolist()
    causes = Explanations(connection, scope.as_of)
    part = causes.moment(case_id, scope.as_of)
    at = sequences.index(opening) if opening in sequences else len(sequences) - 1
    first, stop = max(0, at - AROUND), min(len(rows), at + AROUND + 1)
    return CaseThen(
        case_id=case_id,
        queue=str(stood.get("queue") or _queue_before(connection, case_id, scope.as_of) or case.queue),
        state=str(stood.get("state", CaseState.NEW.value)),
        owner=names.get(owner, "") if owner is not None else "",
        cause=str(stood.get("cause", "")),
        key=key_facts(connection, {case.key_id}, basis.known_by)[case.key_id],
        on_hand=balances[-1] if balances else 0,
        episode=_episode(episodes, opening),
        events=events,
        movements=tuple(_movement(rows[n], balances[n], opening == sequences[n]) for n in range(first, stop)),
        left_out=len(rows) - (stop - first),
        book=tuple(zip(columns.recorded_at.tolist(), balances, strict=True)),
        physical=_physical(columns, history.physical_order.tolist(), history.physical_balance.tolist())
        if all(row.time_basis == TimeBasis.BOTH for row in rows)
        else (),
        bands=tuple((found.started_at, found.ended_at, found.transient) for found in episodes),
        why=causes.explained([part])[part],
        guess=causes.guess(case_id),
        words=causes.words(case_id),
    )


def _queue_before(connection: Connection, case_id: int, as_of: int) -> str:
    """The queue that the first move after the instant took the case out of, '' if none did."""
    facts = connection.scalar(
        select(case_event.c.facts)
        .where(
            case_event.c.case_id == case_id,
            case_event.c.kind == EventKind.MOVED.value,
            case_event.c.at > as_of,
        )
        .order_by(case_event.c.id)
        .limit(1)
    )
    return str(json.loads(facts).get("before", "")) if facts else ""


def _stood(connection: Connection, case_id: int, as_of: int, events: tuple[EventThen, ...]) -> dict[str, Any]:
    """The last value of every column that had changed by the instant."""
    told: list[tuple[int, int, dict[str, Any]]] = [
        (event.at, 0, {"state": _STATES[EventKind(event.kind)]}) for event in events if event.kind in _STATES
    ]
    told += [
        (row.at, row.seq, json.loads(row.facts))
        for row in connection.execute(
            select(audit_entry.c.at, audit_entry.c.seq, audit_entry.c.facts)
            .where(audit_entry.c.subject == f"case {case_id}", audit_entry.c.at <= as_of)
            .order_by(audit_entry.c.seq)
        )
    ]
    stood: dict[str, Any] = {}
    for _, _, facts in sorted(told, key=lambda one: one[:2]):
        stood.update({name: facts[name] for name in ("state", "owner_id", "cause", "queue") if name in facts})
    return stood


def _episode(episodes: list[Episode], opening: int) -> Episode | None:
    return next((found for found in episodes if found.opening_sequence == opening), None)


def _movement(row: Any, balance: int, crossing: bool) -> MovementThen:
    return MovementThen(
        reference=row.reference,
        kind=row.kind,
        document=row.document,
        user=row.user_name,
        quantity=row.quantity,
        balance=balance,
        recorded_at=row.recorded_at,
        occurred_at=row.occurred_at,
        crossing=crossing,
    )


def _physical(columns: MovementColumns, order: list[int], balances: list[int]) -> tuple[tuple[int, int], ...]:
    times = columns.occurred_at.tolist()
    return tuple((times[place], balance) for place, balance in zip(order, balances, strict=True))
