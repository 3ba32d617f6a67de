"""Whose hand is in the way of a decision (rule 3): by person, never by role alone."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.person import Person, Right
from zeroline.domain.policy import Limit
from zeroline.domain.views.key import Fact, Reason
from zeroline.domain.views.settlement import Hand

MEANING_APPROVED = "approved-as-shown"
"""What the signature means, as a code: I saw this adjustment with its evidence and approve its posting."""

MEANING_REJECTED = "rejected-as-shown"

ONE_SIGNATURE = 2
"""Up to this tier approving posts; above it somebody else than the approver posts."""


@dataclass(frozen=True, slots=True)
class Involved:
    """Everybody whose hands an adjustment went through, by person id.

    ``counters`` (person, round) of every count of the line, of the case and in the evidence;
    ``investigators`` whoever tagged a cause; ``policy_changers`` (person, version) of policies made since the
    case was opened (or, without one, since the count or the proposal).
    """

    proposer: int
    counters: tuple[tuple[int, int], ...] = ()
    investigators: frozenset[int] = frozenset()
    policy_changers: tuple[tuple[int, int], ...] = ()
    approver: int | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What a decision weighs: tier, |value| and cumulated value (micro-currency)."""

    tier: int
    value: int
    cumulated: int


def hands(actor: Person, involved: Involved, weight: Weight, limit: Limit) -> tuple[Hand, ...]:
    """Every reason why this person may not approve, the plainest first; empty when they may.

    Codes: ``role`` · ``proposed`` · ``counted`` · ``recounted`` · ``investigated`` · ``changed-policy``
    (policy) · ``over-limit`` (tier, limit_tier, value, limit_value) · ``cumulated`` (cumulated_value,
    limit_value).
    """
    found: list[Hand] = []

    def add(code: str, **facts: Fact) -> None:
        found.append(_hand(code, actor, **facts))

    if not actor.may(Right.APPROVE):
        add("hand-role", role=actor.role.value)
    if actor.id == involved.proposer:
        add("hand-proposed")
    rounds = sorted(round for person, round in involved.counters if person == actor.id)
    if rounds:
        add("hand-counted" if rounds[0] == 1 else "hand-recounted")
    if actor.id in involved.investigators:
        add("hand-investigated")
    changed = [version for person, version in involved.policy_changers if person == actor.id]
    if changed:
        add("hand-changed-policy", policy=max(changed))
    if actor.may(Right.APPROVE):
        if weight.tier > limit.tier or weight.value > limit.value:
            add(
                "hand-over-limit",
                tier=weight.tier,
                limit_tier=limit.tier,
                adjustment_value=weight.value,
                limit_value=limit.value,
            )
        elif weight.cumulated > limit.value:
            add("hand-cumulated", cumulated_value=weight.cumulated, limit_value=limit.value)
    return tuple(found)


def posting_hand(actor: Person, involved: Involved, tier: int) -> Hand | None:
    """Why this person may not post an approved adjustment: ``role``, or ``approved`` above tier 2."""
    if not actor.may(Right.APPROVE):
        return _hand("hand-role", actor, role=actor.role.value)
    if tier > ONE_SIGNATURE and actor.id == involved.approver:
        return _hand("hand-approved", actor, tier=tier)
    return None


def _hand(code: str, actor: Person, **facts: Fact) -> Hand:
    return Hand(code.removeprefix("hand-"), Reason(code, {"person": actor.name, **facts}))
