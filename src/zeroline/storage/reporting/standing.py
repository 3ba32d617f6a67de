"""Where adjustments, people and cases stood at an instant, from what had happened by then."""

from __future__ import annotations

import json
from collections import defaultdict

from sqlalchemy import Connection, select

from zeroline.domain.case import EventKind, Queue
from zeroline.storage.schema import adjustment, approval, audit_entry, case_event, stock_case


def states(connection: Connection, as_of: int) -> dict[int, str]:
    """State of every adjustment proposed by the instant."""
    withdrawn = {
        int(subject.rpartition(" ")[2])
        for subject in connection.scalars(
            select(audit_entry.c.subject).where(
                audit_entry.c.action == "adjustment withdrawn", audit_entry.c.at <= as_of
            )
        )
    }
    rows = connection.execute(
        select(adjustment.c.id, adjustment.c.posted_at, approval.c.decision, approval.c.at)
        .outerjoin(approval, approval.c.adjustment_id == adjustment.c.id)
        .where(adjustment.c.proposed_at <= as_of)
    )
    found = {}
    for row in rows:
        if row.posted_at is not None and row.posted_at <= as_of:
            found[row.id] = "posted"
        elif row.id in withdrawn:
            found[row.id] = "withdrawn"
        else:
            found[row.id] = row.decision if row.at is not None and row.at <= as_of else "proposed"
    return found


_BEFORE = """
SELECT m.adjustment_id, (SELECT coalesce(sum(p.quantity), 0) FROM movement p
    WHERE p.key_id = m.key_id AND p.recorded_at <= m.recorded_at AND p.seq < m.seq) AS before
FROM movement m WHERE m.adjustment_id IS NOT NULL
"""


def before_posting(connection: Connection) -> dict[int, int]:
    """Book balance just before each posting, as the ledger knew it then, by adjustment id."""
    return {row.adjustment_id: int(row.before) for row in connection.exec_driver_sql(_BEFORE)}


def roles(connection: Connection) -> dict[int, list[tuple[int, str]]]:
    """By person: (until, role) of every role they had before the one they have now, oldest first."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in connection.execute(
        select(audit_entry.c.subject, audit_entry.c.at, audit_entry.c.facts)
        .where(audit_entry.c.action == "role changed")
        .order_by(audit_entry.c.seq)
    ):
        found[int(row.subject.rpartition(" ")[2])].append((row.at, str(json.loads(row.facts)["before"])))
    return found


_OUTCOMES = {
    EventKind.DISMISSED: "dismissed",
    EventKind.CLOSED: "closed",
    EventKind.VERIFIED: "verified",
    EventKind.REOPENED: "reopened",
    EventKind.WAITING: "waiting for a document",
    EventKind.EXPLAINED: "explained by a late movement",
}
_OF_EPISODES = (Queue.NEGATIVE.value, Queue.TRANSIENT.value)
_MOVING = (EventKind.SHIFTED, EventKind.REOPENED, EventKind.EXPLAINED, EventKind.MERGED)


def cases_by_key(connection: Connection, as_of: int) -> dict[tuple[int, int], tuple[int, str]]:
    """Case id and last outcome ('' while it is worked on) by (stock key, opening movement) at the instant."""
    cases = connection.execute(
        select(stock_case.c.id, stock_case.c.key_id, stock_case.c.opening_seq, stock_case.c.subject)
        .where(stock_case.c.opened_at <= as_of)
        .order_by(stock_case.c.queue.in_(_OF_EPISODES), stock_case.c.id)  # a forced crossing has two cases
    ).fetchall()
    # A case that lost its stretch keeps the crossing it was about in its subject.
    detached = {row.id: int(row.subject.split(":")[1]) for row in cases if row.subject.count(":") == 2}
    outcomes: dict[int, str] = {}
    openings: dict[int, int] = {}
    earlier: list[tuple[int, int]] = []  # the crossings that reopened cases were about before
    for row in connection.execute(
        select(case_event.c.case_id, case_event.c.at, case_event.c.kind, case_event.c.facts)
        .where(case_event.c.kind.in_([kind.value for kind in {*_OUTCOMES, *_MOVING}]))
        .order_by(case_event.c.id)
    ):
        kind = EventKind(row.kind)
        if row.at <= as_of:
            if kind in _OUTCOMES:
                outcomes[row.case_id] = _OUTCOMES[kind]
            if kind is EventKind.REOPENED and (before := json.loads(row.facts).get("before")):
                earlier.append((row.case_id, int(before)))
        elif kind in (EventKind.EXPLAINED, EventKind.MERGED):
            if row.case_id in detached:
                openings.setdefault(row.case_id, detached[row.case_id])
        elif kind in _MOVING:  # the first move after the instant tells where the case stood at it
            openings.setdefault(row.case_id, int(json.loads(row.facts).get("before") or 0))
    keys = {row.id: row.key_id for row in cases}
    before_reopening = {
        (keys[case], opening): (case, outcomes.get(case, "")) for case, opening in earlier if case in keys
    }
    return before_reopening | {
        (row.key_id, openings.get(row.id, row.opening_seq)): (row.id, outcomes.get(row.id, ""))
        for row in cases
    }


def settled_cases(connection: Connection, since: int, as_of: int, site: str) -> tuple[int, int]:
    """Cases closed in the period, and cases that came back within the watch window in it."""
    counted = """
        SELECT count(DISTINCT CASE WHEN e.kind IN ('closed', 'verified') THEN e.case_id END) AS closed,
               count(DISTINCT CASE WHEN e.kind IN ('reopened', 'recurred') THEN e.case_id END) AS recurred
        FROM case_event e JOIN stock_case c ON c.id = e.case_id JOIN stock_key k ON k.id = c.key_id
        JOIN location l ON l.id = k.location_id JOIN site s ON s.id = l.site_id
        WHERE e.at > ? AND e.at <= ? AND (? = '' OR s.code = ?)
    """
    row = connection.exec_driver_sql(counted, (since, as_of, site, site)).one()
    return row.closed, row.recurred


def posted_for_cases(connection: Connection, as_of: int) -> dict[int, tuple[str, ...]]:
    """Numbers of the adjustments posted for each case by the instant."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(
        select(adjustment.c.case_id, adjustment.c.number)
        .where(adjustment.c.case_id.isnot(None), adjustment.c.posted_at <= as_of)
        .order_by(adjustment.c.id)
    ):
        found[row.case_id].append(row.number)
    return {case: tuple(numbers) for case, numbers in found.items()}
