"""Adjustments with their approvals and hands as of an instant, and what policy wanted counted."""

from __future__ import annotations

import json
from collections import defaultdict

from sqlalchemy import Connection, func, or_, select

from zeroline.domain.duties import HANDS, Hands
from zeroline.domain.views.reporting import ApprovedRow, Basis, Scope
from zeroline.storage import policies
from zeroline.storage.keys import items_then, key_facts
from zeroline.storage.reporting.evidence import evidence
from zeroline.storage.reporting.explanations import Explanations
from zeroline.storage.reporting.standing import before_posting, roles, states
from zeroline.storage.schema import (
    adjustment,
    approval,
    item,
    location,
    movement,
    person,
    site,
    stock_key,
)


def approved_rows(
    connection: Connection, scope: Scope, basis: Basis, causes: Explanations
) -> list[ApprovedRow]:
    """Adjustments proposed, decided or posted in the period, by number, in their state of then."""
    source = adjustment.alias("source")
    rows = connection.execute(
        select(
            adjustment,
            approval.c.approver_id,
            approval.c.decision,
            approval.c.comment.label("decision_comment"),
            approval.c.tier.label("signed_tier"),
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
    facts = key_facts(connection, {row.key_id for row in rows}, basis.known_by)
    standing = states(connection, scope.as_of)
    before = before_posting(connection)
    former = roles(connection)
    people = {row.id: row for row in connection.execute(select(person.c.id, person.c.name, person.c.role))}
    proofs = evidence(connection, {row.id for row in rows})
    why = causes.of_adjustments(rows)
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
        tier = row.signed_tier if decided else row.tier
        needed = row.cumulated_value if decided else abs(row.value)
        made.append(
            ApprovedRow(
                adjustment_id=row.id,
                number=row.number,
                kind=row.kind,
                state=standing[row.id],
                key=facts[row.key_id],
                quantity=row.quantity,
                unit_cost=row.unit_cost,
                value=row.value,
                before=before.get(row.id, row.book_before) if posted else row.book_before,
                cause=row.cause,
                why=why.get(row.id),
                comment=row.comment,
                tier=tier,
                tier_reasons=tuple(json.loads(row.tier_reasons)),
                policy=row.policy,
                required=_may_sign(connection, row.policy, tier, needed),
                proposed_at=row.proposed_at,
                proposer=dict(names)["proposer"],
                decision=row.decision if decided else "",
                approver=approver.name if approver else "",
                approver_role=_role_then(former.get(approver.id, []), row.decided_at, approver.role)
                if approver
                else "",
                limit_value=row.limit_value if decided else None,
                cumulated_value=row.cumulated_value if decided else None,
                decided_at=row.decided_at if decided else None,
                decision_comment=row.decision_comment if decided else "",
                meaning=row.meaning if decided else "",
                overrides=tuple(
                    (what, reason)
                    for what, reason in (
                        ("waiting", row.wait_reason),
                        ("open documents", row.guard_reason),
                        ("open documents", row.approver_reason if decided else ""),
                    )
                    if reason
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


def _may_sign(connection: Connection, version: int, tier: int, value: int) -> tuple[str, ...]:
    """Roles that a policy lets sign this tier and cumulated value."""
    limits = policies.one(connection, version).policy.limits
    return tuple(role.value for role, limit in limits.items() if limit.tier >= tier and limit.value >= value)


def _role_then(former: list[tuple[int, str]], at: int, now: str) -> str:
    return next((role for until, role in former if at < until), now)


def planned_keys_by_class(connection: Connection, scope: Scope, basis: Basis) -> dict[str, int]:
    """How many stock keys with movements that count each ABC class has in scope."""
    query = (
        select(item.c.id, item.c.abc_class, func.count(func.distinct(movement.c.key_id)))
        .select_from(movement)
        .join(stock_key, stock_key.c.id == movement.c.key_id)
        .join(item, item.c.id == stock_key.c.item_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .join(site, site.c.id == location.c.site_id)
        .where(movement.c.seq <= basis.last_seq, movement.c.recorded_at <= scope.as_of)
        .group_by(item.c.id)
    )
    if scope.site:
        query = query.where(site.c.code == scope.site)
    then = items_then(connection, basis.known_by)
    found: dict[str, int] = defaultdict(int)
    for item_id, abc_class, keys in connection.execute(query):
        found[then[item_id]["abc_class"] if item_id in then else abc_class] += keys
    return found
