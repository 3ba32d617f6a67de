"""Adjustments with their approvals and hands, and the cases they belong to, as of an instant."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, or_, select

from zeroline.domain.case import EventKind
from zeroline.domain.duties import HANDS, Hands
from zeroline.domain.views.reporting import ApprovedRow, Scope
from zeroline.storage.reporting.counts import evidence
from zeroline.storage.reporting.keys import key_facts
from zeroline.storage.schema import (
    adjustment,
    approval,
    audit_entry,
    balance,
    case_event,
    item,
    location,
    person,
    site,
    stock_case,
    stock_key,
)


def approved_rows(connection: Connection, scope: Scope) -> list[ApprovedRow]:
    """Adjustments proposed, decided or posted in the period, by number, in their state of then."""
    source = adjustment.alias("source")
    rows = connection.execute(
        select(
            adjustment,
            approval.c.approver_id,
            approval.c.decision,
            approval.c.comment.label("decision_comment"),
            approval.c.limit_value,
            approval.c.cumulated_value,
            approval.c.meaning,
            approval.c.guard_reason.label("approver_reason"),
            approval.c.at.label("decided_at"),
            source.c.number.label("reversed_number"),
        )
        .outerjoin(approval, approval.c.adjustment_id == adjustment.c.id)
        .outerjoin(source, source.c.id == adjustment.c.reversal_of)
        .where(
            adjustment.c.proposed_at <= scope.as_of,
            or_(
                adjustment.c.proposed_at >= scope.since,
                approval.c.at >= scope.since,
                adjustment.c.posted_at >= scope.since,
            ),
        )
        .order_by(adjustment.c.id)
    ).fetchall()
    facts = key_facts(connection, {row.key_id for row in rows})
    withdrawn = _withdrawn(connection, scope.as_of)
    people = {row.id: row for row in connection.execute(select(person.c.id, person.c.name, person.c.role))}
    proofs = evidence(connection, {row.id for row in rows})
    made = []
    for row in rows:
        if scope.site and facts[row.key_id].site != scope.site:
            continue
        decided = row.decided_at is not None and row.decided_at <= scope.as_of
        posted = row.posted_at is not None and row.posted_at <= scope.as_of
        hands = Hands(
            tier=row.tier,
            counter=row.counter_id,
            recounter=row.recounter_id,
            investigator=row.investigator_id,
            proposer=row.proposer_id,
            approver=row.approver_id if decided else None,
            poster=row.poster_id if posted else None,
        )
        names = tuple(
            (hand, people[getattr(hands, hand)].name if getattr(hands, hand) in people else "")
            for hand in HANDS
        )
        approver = people.get(row.approver_id) if decided else None
        made.append(
            ApprovedRow(
                adjustment_id=row.id,
                number=row.number,
                kind=row.kind,
                state=_state(row.decision if decided else "", posted, row.id in withdrawn),
                key=facts[row.key_id],
                quantity=row.quantity,
                unit_cost=row.unit_cost,
                value=row.value,
                before=row.book_before,
                cause=row.cause,
                comment=row.comment,
                tier=row.tier,
                policy=row.policy,
                proposed_at=row.proposed_at,
                proposer=dict(names)["proposer"],
                decision=row.decision if decided else "",
                approver=approver.name if approver else "",
                approver_role=approver.role if approver else "",
                limit_value=row.limit_value if decided else None,
                cumulated_value=row.cumulated_value if decided else None,
                decided_at=row.decided_at if decided else None,
                decision_comment=row.decision_comment if decided else "",
                meaning=row.meaning if decided else "",
                guard_reason="; ".join(
                    part for part in (row.guard_reason, row.approver_reason if decided else "") if part
                ),
                posted_at=row.posted_at if posted else None,
                poster=dict(names)["poster"],
                reversal_of=row.reversed_number or "",
                hands=hands,
                names=names,
                evidence=proofs.get(row.id, ()),
            )
        )
    return made


def _state(decision: str, posted: bool, withdrawn: bool) -> str:
    """The state at the instant, from what had happened by then."""
    return "posted" if posted else "withdrawn" if withdrawn else decision or "proposed"


def _withdrawn(connection: Connection, as_of: int) -> set[int]:
    """Adjustments that had been taken back by the instant."""
    subjects = connection.scalars(
        select(audit_entry.c.subject).where(
            audit_entry.c.action == "adjustment withdrawn", audit_entry.c.at <= as_of
        )
    )
    return {int(subject.rpartition(" ")[2]) for subject in subjects}


_OUTCOMES = {
    EventKind.DISMISSED: "dismissed",
    EventKind.CLOSED: "closed",
    EventKind.VERIFIED: "verified",
    EventKind.REOPENED: "reopened",
    EventKind.WAITING: "waiting for a document",
    EventKind.EXPLAINED: "explained by a late movement",
}


def cases_by_key(connection: Connection, as_of: int) -> dict[tuple[int, int], tuple[int, str]]:
    """Case id and last outcome ('' while it is worked on) by (stock key, opening movement) at the instant."""
    outcomes: dict[int, str] = {}
    openings: dict[int, int] = {}
    for row in connection.execute(
        select(case_event.c.case_id, case_event.c.at, case_event.c.kind, case_event.c.facts)
        .where(case_event.c.kind.in_([kind.value for kind in (*_OUTCOMES, EventKind.SHIFTED)]))
        .order_by(case_event.c.id)
    ):
        if row.kind == EventKind.SHIFTED:
            if row.at > as_of:  # the first move after the instant tells where the case stood at it
                openings.setdefault(row.case_id, int(json.loads(row.facts).get("before") or 0))
        elif row.at <= as_of:
            outcomes[row.case_id] = _OUTCOMES[EventKind(row.kind)]
    return {
        (row.key_id, openings.get(row.id, row.opening_seq)): (row.id, outcomes.get(row.id, ""))
        for row in connection.execute(
            select(stock_case.c.id, stock_case.c.key_id, stock_case.c.opening_seq)
            .where(stock_case.c.opened_at <= as_of)
            .order_by(stock_case.c.id)
        )
    }


def planned_keys_by_class(connection: Connection, scope: Scope) -> dict[str, int]:
    """How many stock keys with a balance each ABC class has in scope."""
    query = (
        select(item.c.abc_class, func.count())
        .join(stock_key, stock_key.c.item_id == item.c.id)
        .join(balance, balance.c.key_id == stock_key.c.id)
        .join(location, location.c.id == stock_key.c.location_id)
        .join(site, site.c.id == location.c.site_id)
        .group_by(item.c.abc_class)
    )
    if scope.site:
        query = query.where(site.c.code == scope.site)
    return {row[0]: row[1] for row in connection.execute(query)}
