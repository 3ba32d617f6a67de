"""Deciding adjustments and posting them: one signature up to tier 2, a second hand above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zeroline.domain.adjustment import AdjustmentKind, AdjustmentState, check_way
from zeroline.domain.approval import MEANING_APPROVED, MEANING_REJECTED, ONE_SIGNATURE
from zeroline.domain.case import TRANSITIONS, CaseState, EventKind
from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.settlement import Posted
from zeroline.services.once import once
from zeroline.services.settlement.present import Present, present
from zeroline.services.settlement.proposing import LONGEST_TEXT, Proposing, free_case
from zeroline.storage import casework, ledger, people, policies
from zeroline.storage.casework import cases
from zeroline.storage.counting import arithmetic
from zeroline.storage.ledger import NewMovement
from zeroline.storage.policies import StoredPolicy
from zeroline.storage.settlement import records
from zeroline.storage.unit_of_work import UnitOfWork

_AFTER_REVERSAL = frozenset({CaseState.POSTED, CaseState.VERIFIED, CaseState.CLOSED})


class Settlement(Proposing):
    """Every verb of settlement, over one database; ``people`` proves who signs.

    The approver's and the poster's verbs are here, the others where they are inherited from. The secret is
    checked before the transaction, once a batch.
    """

    @once("adjustments approved", Posted)
    def approve(
        self,
        actor: Person,
        adjustment_ids: Sequence[int],
        secret: str,
        *,
        comment: str = "",
        shown_hashes: Mapping[int, str],
        guard_reasons: Mapping[int, str] | None = None,
    ) -> Posted:
        """Approve adjustments exactly as they were shown; up to tier 2 they are posted with it.

        All or none. Several at once only where all are of tier 1. Raises DomainError
        ``hand-…`` (:mod:`zeroline.domain.approval`; number, person and facts), ``approve-several``
        (number, tier), ``count-outdated`` (number, old_quantity, new_quantity: renew the proposal),
        ``guard-reason-missing`` (number, documents), ``adjustment-altered``, ``secret-wrong`` and what
        :meth:`People.check_secret` raises, ``not-allowed``; ChangedMeanwhile ``adjustment-decided`` (number,
        who, decided_at, state) or ``adjustment-shown-changed`` (number).
        """
        self._sign(actor, secret)
        wanted = tuple(dict.fromkeys(adjustment_ids))
        reasons = guard_reasons or {}
        with self._database.signing(actor.id, actor.login, secret, _of(*wanted)) as work:
            signer = people.require(work, Right.APPROVE)
            policy = policies.newest(work.connection)
            shown = [self._undecided(work, policy, adjustment_id) for adjustment_id in wanted]
            for now in shown:
                if len(shown) > 1 and now.tier > 1:
                    raise DomainError("approve-several", number=now.record["number"], tier=now.tier)
                _check_figure(now)
                _check_shown(now, shown_hashes)
                _check_hand(now, signer, policy)
                if now.needs_guard_reason and not reasons.get(now.record["id"], "").strip():
                    raise DomainError(
                        "guard-reason-missing",
                        field="guard_reason",
                        number=now.record["number"],
                        documents=tuple(document.number for document in now.guard),
                    )
            for now in shown:
                self._decide(
                    work,
                    now,
                    policy.policy.limit(signer.role).value,
                    AdjustmentState.APPROVED,
                    comment,
                    reasons.get(now.record["id"], "") if now.needs_guard_reason else "",
                )
            ready = [now for now in shown if now.tier <= ONE_SIGNATURE]
            self._post(work, signer, ready)
            posted = tuple(now.record["id"] for now in ready)
            waiting = tuple(now.record["id"] for now in shown if now.tier > ONE_SIGNATURE)
            return work.answer(Posted(work.changes, wanted, posted, waiting))

    @once("adjustments rejected", Changes)
    def reject(
        self,
        actor: Person,
        adjustment_ids: Sequence[int],
        secret: str,
        *,
        comment: str,
        shown_hashes: Mapping[int, str],
    ) -> Changes:
        """Refuse adjustments as shown, with a comment that says why; their cases go back to the cause.

        Raises ``comment-missing`` and as :meth:`approve`, but no hand is in the way of a refusal.
        """
        if not comment.strip():
            raise DomainError("comment-missing", field="comment")
        self._sign(actor, secret)
        with self._database.signing(actor.id, actor.login, secret, _of(*adjustment_ids)) as work:
            signer = people.require(work, Right.APPROVE)
            policy = policies.newest(work.connection)
            limit = policy.policy.limit(signer.role).value
            for adjustment_id in dict.fromkeys(adjustment_ids):
                now = self._undecided(work, policy, adjustment_id)
                _check_shown(now, shown_hashes)
                self._decide(work, now, limit, AdjustmentState.REJECTED, comment, "")
                free_case(work, dict(now.record), AdjustmentState.REJECTED)
            return work.answer(work.changes)

    @once("adjustment posted", Posted)
    def post(self, actor: Person, adjustment_id: int, secret: str, *, shown_hash: str = "") -> Posted:
        """Post an adjustment of tier 3 that somebody else approved.

        ChangedMeanwhile ``adjustment-shown-changed`` unless it is what was shown. Raises
        ``hand-approved``, ``hand-role``, ``adjustment-state``, ``count-outdated``,
        ``adjustment-altered`` and as :meth:`approve`.
        """
        self._sign(actor, secret)
        with self._database.signing(actor.id, actor.login, secret, _of(adjustment_id)) as work:
            signer = people.require(work, Right.APPROVE)
            policy = policies.newest(work.connection)
            record = records.one(work.connection, adjustment_id)
            check_way(record["state"], AdjustmentState.POSTED)
            now = present(work.connection, policy, record)
            if shown_hash:
                _check_shown(now, {adjustment_id: shown_hash})
            _check_figure(now)
            _check_hand(now, signer, policy)
            self._post(work, signer, [now])
            return work.answer(Posted(work.changes, (), (adjustment_id,)))

    # --- inside

    def _sign(self, actor: Person, secret: str) -> None:
        require(actor, Right.APPROVE)
        if not self._database.by_login:  # on a server the connection that signs is made with the secret
            self._people.check_secret(actor.id, secret)

    def _undecided(self, work: UnitOfWork, policy: StoredPolicy, adjustment_id: int) -> Present:
        record = records.one(work.connection, adjustment_id)
        if record["state"] != AdjustmentState.PROPOSED:
            decision = records.decision(work.connection, adjustment_id)
            raise ChangedMeanwhile(
                "adjustment-decided",
                number=record["number"],
                state=record["state"],
                who="" if decision is None else decision.person,
                decided_at=record["proposed_at"] if decision is None else decision.at,
            )
        return present(work.connection, policy, record)

    def _decide(
        self,
        work: UnitOfWork,
        now: Present,
        limit: int,
        state: AdjustmentState,
        comment: str,
        guard_reason: str,
    ) -> None:
        record = now.record
        approved = state is AdjustmentState.APPROVED
        records.add_approval(
            work,
            {
                "adjustment_id": record["id"],
                "approver_id": work.person_id,
                "decision": state.value,
                "comment": comment.strip()[:LONGEST_TEXT],
                "tier": now.tier,
                "limit_value": limit,
                "cumulated_value": now.cumulated,
                "shown_hash": record["shown_hash"],
                "meaning": MEANING_APPROVED if approved else MEANING_REJECTED,
                "guard_reason": guard_reason.strip()[:LONGEST_TEXT],
                "at": work.at,
            },
        )
        records.set_state(work, record["id"], state)
        work.audit(
            f"adjustment {state.value}",
            f"adjustment {record['id']}",
            number=record["number"],
            record=record["shown_hash"],
            shown=now.shown,
            tier=now.tier,
            cumulated=now.cumulated,
            comment=comment.strip()[:LONGEST_TEXT],
            **({"guard_reason": guard_reason.strip()[:LONGEST_TEXT]} if guard_reason else {}),
        )
        work.changed(adjustments={record["id"]}, ledger={record["key_id"]})
        if record["case_id"] is not None and approved and now.tier > ONE_SIGNATURE:
            facts = {"adjustment_id": record["id"], "number": record["number"], "state": state.value}
            cases.log(work, record["case_id"], EventKind.ADJUSTMENT, facts=facts)
            work.changed(cases={record["case_id"]})

    def _post(self, work: UnitOfWork, signer: Person, ready: Sequence[Present]) -> None:
        if not ready:
            return
        source = records.own_source(work.connection)
        before = {
            now.record["id"]: arithmetic.on_hand(work.connection, now.record["key_id"]) for now in ready
        }
        added = ledger.append(work.connection, [_movement(work, signer, now, source) for now in ready])
        for place, now in enumerate(ready):
            record = now.record
            records.set_state(
                work, record["id"], AdjustmentState.POSTED, poster_id=work.person_id, posted_at=work.at
            )
            self._close_in(work, now)
            on_hand = before[record["id"]]
            work.audit(
                "adjustment posted",
                f"adjustment {record['id']}",
                number=record["number"],
                movement=added.first + place,
                quantity=record["quantity"],
                before=on_hand,
                after=on_hand + record["quantity"],
            )
        keys = {now.record["key_id"] for now in ready}
        casework.sync(work, keys)
        work.changed(adjustments={now.record["id"] for now in ready}, ledger=keys)

    def _close_in(self, work: UnitOfWork, now: Present) -> None:
        """The case is posted; reversing takes a settled case up again."""
        record = now.record
        if record["case_id"] is None:
            return
        case = cases.one(work.connection, record["case_id"])
        to = CaseState.POSTED
        if record["reversal_of"] is not None:
            to = CaseState.REOPENED if case.state in _AFTER_REVERSAL else case.state
        facts = {"adjustment_id": record["id"], "number": record["number"], "state": "posted"}
        if (case.state, to) in TRANSITIONS:
            cases.change(work, case, EventKind.ADJUSTMENT, facts=facts, state=to.value)
        else:
            cases.log(work, case.id, EventKind.ADJUSTMENT, facts=facts)
            work.changed(cases={case.id})


def _of(*adjustment_ids: int) -> list[tuple[str, int]]:
    """What deciding touches: the stock keys of the adjustments."""
    return [("adjustment", id) for id in adjustment_ids]


def _check_figure(now: Present) -> None:
    if not now.intact:
        raise DomainError("adjustment-altered", number=now.record["number"])
    if now.outdated:
        raise DomainError(
            "count-outdated",
            number=now.record["number"],
            old_quantity=now.record["quantity"],
            new_quantity=now.renewed,
        )


def _check_shown(now: Present, shown_hashes: Mapping[int, str]) -> None:
    if shown_hashes.get(now.record["id"]) != now.shown:
        raise ChangedMeanwhile("adjustment-shown-changed", number=now.record["number"])


def _check_hand(now: Present, signer: Person, policy: StoredPolicy) -> None:
    hand = now.hand(signer, policy)
    if hand is not None:
        raise DomainError(hand.reason.code, number=now.record["number"], **hand.reason.facts)


def _movement(work: UnitOfWork, signer: Person, now: Present, source: int) -> NewMovement:
    """What is posted. A count's correction belongs to the instant of the count, so that a later count knows
    of it and an earlier one sees that it is superseded; a reversal to the instant it takes back."""
    record, kind = now.record, AdjustmentKind(now.record["kind"])
    occurred: int | None = None
    if kind is AdjustmentKind.COUNT_CORRECTION and now.line is not None and now.line.final is not None:
        occurred = now.line.final.counted_at
    elif kind is AdjustmentKind.REVERSAL:
        occurred = records.occurred_at(work.connection, record["reversal_of"])
    return NewMovement(
        key_id=record["key_id"],
        quantity=record["quantity"],
        kind=kind.movement.value,
        occurred_at=work.at if occurred is None else occurred,
        recorded_at=work.at,
        source_id=source,
        reference=record["number"],
        document=record["number"],
        user_name=signer.login,
        entered_quantity=record["quantity"],
        entered_unit=now.key.unit,
        adjustment_id=record["id"],
    )
