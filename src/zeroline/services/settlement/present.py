"""A stored adjustment against the ledger of now: whether its figure still holds, and what is signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zeroline.domain.adjustment import (
    NEEDS_REASON,
    OPEN,
    AdjustmentKind,
    AdjustmentState,
    Cumulated,
    flags_of,
    next_for,
    percent_of,
    record_hash,
    shown_hash,
    tier_of,
)
from zeroline.domain.approval import Involved, Weight, hands, posting_hand
from zeroline.domain.person import Person
from zeroline.domain.views.counting import ArithmeticMovement
from zeroline.domain.views.key import KeyFacts, Reason
from zeroline.domain.views.settlement import Arithmetic, GuardDocument, Hand
from zeroline.services.settlement.plan import Pairs, count_of
from zeroline.storage.counting import arithmetic
from zeroline.storage.counting.arithmetic import Count
from zeroline.storage.keys import key_facts
from zeroline.storage.policies import StoredPolicy
from zeroline.storage.settlement import grounds, records
from zeroline.storage.settlement.grounds import Line

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection


@dataclass(frozen=True, slots=True)
class Present:
    """An adjustment as it stands now. ``tier`` is never below the one it was proposed with.

    ``intact``: the stored record is, byte for byte, the one that was proposed.
    """

    record: Mapping[str, Any]
    key: KeyFacts
    line: Line | None
    count: Count | None
    renewed: int
    guard: tuple[GuardDocument, ...]
    evidence: Pairs
    involved: Involved
    tier: int
    tier_reasons: tuple[Reason, ...]
    cumulated: int
    intact: bool
    shown: str

    @property
    def outdated(self) -> bool:
        """The arithmetic gives another quantity than the one proposed."""
        return bool(self.renewed != self.record["quantity"])

    @property
    def needs_guard_reason(self) -> bool:
        """Documents speak against it now, or spoke when it was proposed."""
        return bool(self.guard) or self.record["guard"] not in ("", "[]")

    @property
    def weight(self) -> Weight:
        """What a decision about it weighs."""
        return Weight(self.tier, abs(self.record["value"]), self.cumulated)

    def hand(self, actor: Person, policy: StoredPolicy) -> Hand | None:
        """The hand of this person that is in the way of deciding, or of posting once it is approved."""
        if self.record["state"] == "approved":
            return posting_hand(actor, self.involved, self.tier)
        found = hands(actor, self.involved, self.weight, policy.policy.limit(actor.role))
        return found[0] if found else None


def present(connection: Connection, policy: StoredPolicy, record: Mapping[str, Any]) -> Present:
    """Look at an adjustment again, with everything that has reached the ledger since it was proposed."""
    key_id, kind = record["key_id"], AdjustmentKind(record["kind"])
    key = key_facts(connection, [key_id])[key_id]
    line = None if record["entry_id"] is None else grounds.line_of_entry(connection, record["entry_id"])
    count = None if line is None else count_of(connection, line)
    evidence = grounds.evidence_of(connection, record["id"])
    stored = record_hash(record, evidence)
    intact = stored == record["shown_hash"]
    involved = records.involved(connection, record)
    reasons = tuple(Reason(f"tier-{name.replace(' ', '-')}") for name in json.loads(record["tier_reasons"]))
    if record["state"] not in OPEN:
        return Present(
            *(record, key, line, count, record["quantity"], (), evidence, involved, record["tier"], reasons),
            *(abs(record["value"]), intact, stored),
        )
    renewed = record["quantity"]
    if line is not None and line.final is not None and count is not None:
        renewed = line.final.quantity - count.rolled.expected
    guard = grounds.guard_documents(connection, key_id, record["quantity"], count)
    others = records.cumulated(
        connection, key_id, record["proposer_id"], record["proposed_at"], without=record["id"]
    )
    cumulated = Cumulated(others.value + abs(record["value"]), others.quantity + abs(record["quantity"]))
    waits = kind is not AdjustmentKind.REVERSAL and next_for(record["cause"]) in NEEDS_REASON
    before = _before(record)
    verdict = tier_of(
        policy.policy,
        record["value"],
        record["quantity"],
        percent_of(record["quantity"], before, before + record["quantity"]),
        flags_of(kind, record["cause"], key.status, bool(guard) or waits),
        cumulated,
    )
    tier = max(record["tier"], verdict.tier)
    if verdict.tier > record["tier"]:
        reasons = tuple(Reason(f"tier-{name.replace(' ', '-')}") for name in verdict.reasons)
    if record["state"] == AdjustmentState.APPROVED:
        signed = records.decision(connection, record["id"])
        tier = tier if signed is None else max(tier, signed.tier)
    return Present(
        *(record, key, line, count, renewed, guard, evidence, involved, tier, reasons, cumulated.value),
        *(intact, shown_hash(stored, grounds.guard_text(guard), renewed, tier, cumulated.value)),
    )


def _before(record: Mapping[str, Any]) -> int:
    sums = json.loads(record["arithmetic"])
    if "book_at_count" in sums:
        return int(sums["book_at_count"] + sums["late"])
    return int(record["book_before"])


def sums_of(connection: Connection, now: Present) -> Arithmetic:
    """The arithmetic as proposed, with what is on hand and what moved since as of now.

    For a posted adjustment ``on_hand`` and ``after`` are those of its posting.
    """
    record, stored = now.record, json.loads(now.record["arithmetic"])
    posted = records.movement_of(connection, record["id"])
    if posted is None:
        on_hand = arithmetic.on_hand(connection, record["key_id"])
    else:
        on_hand = posted[2] - record["quantity"]
    if now.count is None or "counted" not in stored:
        return Arithmetic(record["quantity"], on_hand, on_hand + record["quantity"])
    rows = {row.seq: row for row, _, _ in now.count.rolled.late_rows}
    late = tuple(
        ArithmeticMovement(
            *(seq, now.count.words[seq].kind, quantity, rows[seq].occurred_at, rows[seq].recorded_at),
            *(now.count.words[seq].document, now.count.words[seq].user, why),
        )
        for seq, quantity, why in stored["late_movements"]
    )
    since = now.count.since_movements()
    if posted is not None:
        since = tuple(one for one in since if one.recorded_at <= posted[1])
    return Arithmetic(
        quantity=record["quantity"],
        on_hand=on_hand,
        after=on_hand + record["quantity"],
        counted=stored["counted"],
        counted_at=stored["counted_at"],
        book_at_count=stored["book_at_count"],
        late=stored["late"],
        since=sum(one.quantity for one in since),
        late_movements=late,
        since_movements=since,
    )
