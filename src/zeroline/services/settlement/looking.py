"""Reading adjustments: the approver's queue, one on a page, the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zeroline.domain.adjustment import AdjustmentKind, AdjustmentState, percent_of
from zeroline.domain.approval import MEANING_APPROVED, hands
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.key import KeyFacts
from zeroline.domain.views.settlement import ApprovalRow, ApprovalView, Hand, Money, RegisterRow
from zeroline.services.people import People
from zeroline.services.settlement.plan import surplus_of
from zeroline.services.settlement.present import Present, present, sums_of
from zeroline.storage import people as storage_people
from zeroline.storage import policies
from zeroline.storage.engine import Database
from zeroline.storage.keys import key_facts
from zeroline.storage.policies import StoredPolicy
from zeroline.storage.settlement import grounds, records

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection

_WAITING = (AdjustmentState.PROPOSED, AdjustmentState.APPROVED)


class Looking:
    """What people read about adjustments."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    def approvals(self, actor: Person) -> tuple[ApprovalRow, ...]:
        """Adjustments that wait for a decision or (tier 3) for being posted, oldest first."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            policy = policies.newest(connection)
            names = storage_people.names(connection)
            return tuple(
                _row(present(connection, policy, record), actor, policy, names)
                for record in records.in_states(connection, _WAITING)
            )

    def approval_view(self, actor: Person, adjustment_id: int) -> ApprovalView:
        """Everything about one adjustment, in any state, for this reader. ``adjustment-unknown``."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            policy = policies.newest(connection)
            now = present(connection, policy, records.one(connection, adjustment_id))
            return _view(connection, now, actor, policy, self._database.clock())

    def hands_in_the_way(self, actor: Person, adjustment_id: int) -> tuple[Hand, ...]:
        """Every reason why this person may not approve an adjustment, the plainest first (rule 3)."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            policy = policies.newest(connection)
            now = present(connection, policy, records.one(connection, adjustment_id))
            return hands(actor, now.involved, now.weight, policy.policy.limit(actor.role))

    def hand_in_the_way(self, actor: Person, adjustment_id: int) -> Hand | None:
        """Exactly which hand keeps this person from deciding, or posting what is approved; None: none."""
        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            policy = policies.newest(connection)
            return present(connection, policy, records.one(connection, adjustment_id)).hand(actor, policy)

    def register(
        self, actor: Person, as_of: int | None = None, since: int = 0, site: str = ""
    ) -> tuple[RegisterRow, ...]:
        """Adjustments proposed from ``since`` (µs) up to ``as_of`` in their present state, by number."""
        require(actor, Right.REPORT)
        until = self._database.clock() if as_of is None else as_of
        with self._database.read() as connection:
            found = records.proposed_between(connection, since, until)
            keys = key_facts(connection, {record["key_id"] for record in found})
            names = storage_people.names(connection)
            return tuple(
                _register_row(connection, record, keys[record["key_id"]], names)
                for record in found
                if not site or keys[record["key_id"]].site == site
            )


def _row(now: Present, actor: Person, policy: StoredPolicy, names: dict[int, str]) -> ApprovalRow:
    record = now.record
    return ApprovalRow(
        adjustment_id=record["id"],
        number=record["number"],
        kind=record["kind"],
        state=record["state"],
        key=now.key,
        quantity=record["quantity"],
        value=record["value"],
        cause=record["cause"],
        tier=now.tier,
        tier_reasons=now.tier_reasons,
        proposer_id=record["proposer_id"],
        proposer=names[record["proposer_id"]],
        proposed_at=record["proposed_at"],
        case_id=record["case_id"],
        guard_documents=len(now.guard),
        outdated=now.outdated,
        hand=now.hand(actor, policy),
        shown_hash=now.shown,
        version=record["version"],
    )


def _view(connection: Connection, now: Present, actor: Person, policy: StoredPolicy, at: int) -> ApprovalView:
    record, names = now.record, storage_people.names(connection)
    sums = sums_of(connection, now)
    posted = records.movement_of(connection, record["id"])
    before = record["book_before"] if sums.book_at_count is None else sums.book_at_count + (sums.late or 0)
    limit = policy.policy.limit(actor.role).value if actor.may(Right.APPROVE) else None
    return ApprovalView(
        adjustment_id=record["id"],
        number=record["number"],
        kind=record["kind"],
        state=record["state"],
        key=now.key,
        case_id=record["case_id"],
        entry_id=record["entry_id"],
        reversal_of=record["reversal_of"],
        reversal_of_number=_number(connection, record["reversal_of"]),
        reversed_by=records.reversal(connection, record["id"]),
        arithmetic=sums,
        renewed_quantity=now.renewed,
        outdated=now.outdated,
        money=Money(
            record["unit_cost"],
            record["value"],
            percent_of(record["quantity"], before, before + record["quantity"]),
        ),
        cause=record["cause"],
        comment=record["comment"],
        wait_reason=record["wait_reason"],
        tier=now.tier,
        tier_reasons=now.tier_reasons,
        cumulated_value=now.cumulated,
        limit_value=limit,
        policy=record["policy"],
        proposer_id=record["proposer_id"],
        proposer=names[record["proposer_id"]],
        proposed_at=record["proposed_at"],
        investigator=names.get(record["investigator_id"], ""),
        counter=names.get(record["counter_id"], ""),
        recounter=names.get(record["recounter_id"], ""),
        counts=() if now.line is None else now.line.counts,
        evidence=grounds.labelled(connection, now.evidence),
        guard=now.guard,
        guard_reason=record["guard_reason"],
        needs_guard_reason=now.needs_guard_reason,
        meaning=MEANING_APPROVED,
        hand=now.hand(actor, policy) if record["state"] in _WAITING else None,
        decision=records.decision(connection, record["id"]),
        poster=names.get(record["poster_id"], ""),
        posted_at=record["posted_at"],
        movement_id=None if posted is None else posted[0],
        shown_hash=now.shown,
        version=record["version"],
        too_much=surplus_of(
            connection, record["case_id"], AdjustmentKind(record["kind"]), record["quantity"], at
        )
        if record["state"] in _WAITING
        else (),
    )


def _number(connection: Connection, adjustment_id: int | None) -> str:
    return "" if adjustment_id is None else str(records.one(connection, adjustment_id)["number"])


def _register_row(
    connection: Connection, record: dict[str, Any], key: KeyFacts, names: dict[int, str]
) -> RegisterRow:
    posted = records.movement_of(connection, record["id"])
    return RegisterRow(
        adjustment_id=record["id"],
        number=record["number"],
        kind=record["kind"],
        state=record["state"],
        key=key,
        quantity=record["quantity"],
        unit_cost=record["unit_cost"],
        value=record["value"],
        book_before=record["book_before"],
        cause=record["cause"],
        comment=record["comment"],
        tier=record["tier"],
        policy=record["policy"],
        case_id=record["case_id"],
        reversal_of=_number(connection, record["reversal_of"]),
        proposer=names[record["proposer_id"]],
        proposed_at=record["proposed_at"],
        counter=names.get(record["counter_id"], ""),
        recounter=names.get(record["recounter_id"], ""),
        investigator=names.get(record["investigator_id"], ""),
        guard_reason=record["guard_reason"],
        evidence=grounds.labelled(connection, grounds.evidence_of(connection, record["id"])),
        decision=records.decision(connection, record["id"]),
        poster=names.get(record["poster_id"], ""),
        posted_at=record["posted_at"],
        movement_id=None if posted is None else posted[0],
    )
