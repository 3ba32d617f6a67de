"""The queues: one row a case, in columns; two set-based queries and the master data they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from zeroline.domain.case import OPEN_STATES, CaseState, Queue
from zeroline.domain.pattern import Pattern, document_type, lag_code
from zeroline.domain.severity import LEVELS, REASONS, Ints, Reason, Severities, grown_unit_days, severities
from zeroline.domain.verdict import said
from zeroline.domain.views.queue import Column, QueueTable, Words
from zeroline.storage.driver import Texts
from zeroline.storage.queries.columns import NOTHING, instants, stock, taken, whole, worth
from zeroline.storage.queries.demand import Demand

SETTLED = ", ".join(f"'{state.value}'" for state in CaseState if state not in OPEN_STATES)
"""The states of cases that are over, as an SQL list."""

_CASES = f"""
SELECT c.id, c.key_id, k.item_id, k.location_id, k.lot, k.status, COALESCE(b.on_hand, 0),
       c.state, c.cause, c.owner_id, p.name, c.due_at, c.opened_at, c.reopened, c.version, c.subject,
       e.started_at, e.ended_at, COALESCE(e.depth, 0), COALESCE(e.unit_days, 0), COALESCE(e.measured_to, 0),
       m.recorded_at, m.quantity, m.document, m.user_name, m.kind, s.code,
       z.kind, z.recorded_at - z.occurred_at,
       COALESCE(d.cause, ''), COALESCE(d.probability, 0), v.guess, v.cause
FROM stock_case c
JOIN stock_key k ON k.id = c.key_id
LEFT JOIN balance b ON b.key_id = c.key_id
LEFT JOIN person p ON p.id = c.owner_id
LEFT JOIN episode e ON e.key_id = c.key_id AND e.opening_seq = c.opening_seq
LEFT JOIN movement m ON m.key_id = c.key_id AND m.seq = c.opening_seq
LEFT JOIN source s ON s.id = m.source_id
LEFT JOIN movement z ON z.key_id = e.key_id AND z.seq = e.closing_seq
LEFT JOIN diagnosis d ON d.id = (SELECT MAX(n.id) FROM diagnosis n WHERE n.case_id = c.id)
LEFT JOIN cause_verdict v ON v.id = (SELECT MAX(n.id) FROM cause_verdict n WHERE n.case_id = c.id)
WHERE c.queue = ? AND c.state NOT IN ({SETTLED})
"""
_FIELDS = (
    *("id", "key_id", "item_id", "location_id", "lot", "status", "on_hand"),
    *("state", "cause", "owner_id", "owner", "due_at", "opened_at", "reopened", "version", "subject"),
    *("started_at", "ended_at", "depth", "unit_days", "measured_to"),
    *("recorded_at", "quantity", "document", "user", "kind", "source"),
    *("closing_kind", "lag", "guess", "confidence", "guess_then", "said"),
)

OTHERWISE = {
    Queue.NEGATIVE: Reason.ABOVE_ZERO,
    Queue.TRANSIENT: Reason.TRANSIENT,
    Queue.OVERRIDE: Reason.FORCED,
    Queue.SELF_CHECK: Reason.DIFFERENCE,
    Queue.REPEAT: Reason.REPEATS,
}


class Rows:
    """The fetched cases by field."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._columns = dict(zip(_FIELDS, zip(*rows, strict=True), strict=True)) if rows else {}

    def list(self, name: str) -> tuple[Any, ...]:
        return self._columns.get(name, ())

    def numbers(self, name: str) -> Ints:
        return whole(self.list(name))

    def words(self, name: str) -> Words:
        return Words.of(["" if value is None else value for value in self.list(name)])


def queue_table(connection: Texts, queue: Queue, as_of: int, own: Own) -> QueueTable:
    """All open cases of a queue, most severe first; ``as_of`` µs, ``own`` what only this queue has."""
    rows = Rows(connection.exec_driver_sql(_CASES, (queue.value,)).fetchall())
    known, cost = stock(
        connection,
        rows.numbers("item_id"),
        rows.numbers("location_id"),
        rows.list("lot"),
        rows.list("status"),
    )
    started, ended, on_hand = rows.numbers("started_at"), rows.numbers("ended_at"), rows.numbers("on_hand")
    crossed = np.where(started == NOTHING, rows.numbers("recorded_at"), started)
    since = np.where(crossed == NOTHING, rows.numbers("opened_at"), crossed)
    below = (on_hand < 0) & (started != NOTHING) & (ended == NOTHING)
    if queue in (Queue.SELF_CHECK, Queue.REPEAT, Queue.OVERRIDE):
        below = np.zeros(len(since), np.bool_)
    unit_days = rows.numbers("unit_days")
    unit_days = np.where(
        below, grown_unit_days(unit_days, on_hand, rows.numbers("measured_to"), as_of), unit_days
    )
    value_days = worth(unit_days, cost)
    orders, promised = Demand.read(connection).of_keys(
        list(zip(rows.list("item_id"), rows.list("location_id"), rows.list("lot"), strict=True))
    )
    severity = severities(below, orders, value_days, as_of - since, OTHERWISE[queue])
    columns: dict[str, Column] = known | {
        "key_id": rows.numbers("key_id"),
        "on_hand": on_hand,
        "since": since,
        "due_at": instants(rows.numbers("due_at")),
        "state": rows.words("state"),
        "cause": rows.words("cause"),
        "owner": rows.words("owner"),
        "owner_id": instants(rows.numbers("owner_id")),
        "opened_at": rows.numbers("opened_at"),
        "reopened": rows.numbers("reopened"),
        "version": rows.numbers("version"),
        "depth": rows.numbers("depth"),
        "ended_at": instants(ended),
        "value_days": value_days,
        "orders": orders,
        "orders_quantity": promised,
        "document": rows.words("document"),
        "user": rows.words("user"),
        "kind": rows.words("kind"),
        "guess": rows.words("guess"),
        "confidence": rows.numbers("confidence"),
        "verdict": Words.of(
            "" if guess is None else said(guess, cause).value
            for guess, cause in zip(rows.list("guess_then"), rows.list("said"), strict=True)
        ),
    }
    columns |= _told(severity)
    columns |= own(rows, cost)
    order = np.lexsort((rows.numbers("id"), -severity.score))
    return QueueTable(queue, as_of, rows.numbers("id")[order], taken(columns, order))


def _told(severity: Severities) -> dict[str, Column]:
    return {
        "severity": severity.score,
        "level": Words(severity.rank.astype(np.int32), tuple(level.value for level in LEVELS)),
        "reason": Words(severity.reason, tuple(reason.value for reason in REASONS)),
    }


Own = Callable[[Rows, Ints], dict[str, Column]]
"""Makes the columns that only one queue has, from its rows and their unit costs."""


def _negative(rows: Rows, cost: Ints) -> dict[str, Column]:
    return {"value": worth(np.minimum(rows.numbers("on_hand"), 0), cost)}


def _transient(rows: Rows, cost: Ints) -> dict[str, Column]:
    patterns = [
        Pattern(kind or "", closing or "", source or "", document_type(document or ""), lag_code(lag or 0))
        for kind, closing, source, document, lag in zip(
            *(rows.list(name) for name in ("kind", "closing_kind", "source", "document", "lag")), strict=True
        )
    ]
    return {"pattern": Words.of(patterns), "value": worth(rows.numbers("depth"), cost)}


def _override(rows: Rows, cost: Ints) -> dict[str, Column]:
    quantity = rows.numbers("quantity")
    return {"quantity": quantity, "value": worth(quantity, cost)}


OWN: Mapping[Queue, Own] = {
    Queue.NEGATIVE: _negative,
    Queue.TRANSIENT: _transient,
    Queue.OVERRIDE: _override,
}
"""Queues whose own columns are in the rows already; the others are worked out anew (``rechecked``)."""
