"""Proposing adjustments: from a count, from documents, as a reversal; taking proposals back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zeroline.domain.adjustment import AdjustmentKind, AdjustmentState, check_way, record_hash
from zeroline.domain.audit import canonical
from zeroline.domain.case import CaseState, EventKind, check_transition
from zeroline.domain.cause import UNDETERMINED, check_tag
from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.settlement import Proposal, Proposed
from zeroline.services import tagging
from zeroline.services.once import once
from zeroline.services.settlement.looking import Looking
from zeroline.services.settlement.plan import Pairs, Plan, Request, plan
from zeroline.storage import people, policies
from zeroline.storage.casework import cases
from zeroline.storage.casework.cases import StoredCase
from zeroline.storage.diagnosis import keeping
from zeroline.storage.settlement import grounds, records
from zeroline.storage.unit_of_work import UnitOfWork

LONGEST_TEXT = 2000


class Proposing(Looking):
    """The proposer's verbs."""

    def preview(
        self,
        actor: Person,
        *,
        case_id: int | None = None,
        entry_id: int | None = None,
        key_id: int | None = None,
        quantity: int | None = None,
        reversal_of: int | None = None,
        cause: str = "",
        evidence: Pairs = (),
    ) -> Proposal:
        """What proposing would do; writes nothing.

        From a count: ``entry_id``, or ``case_id`` (its key's newest count). From documents: ``quantity``
        (signed micro-units) with ``case_id`` or ``key_id``, and ``evidence`` of kind document or attachment.
        ``cause`` may still be empty. Raises as :func:`zeroline.services.settlement.plan.plan`.
        """
        require(actor, Right.READ_BOOK)
        request = Request(case_id, entry_id, key_id, quantity, reversal_of, cause, "", tuple(evidence))
        with self._database.read() as connection:
            policy = policies.newest(connection)
            return plan(connection, policy, request, actor.id, self._database.clock()).proposal

    @once("adjustment proposed", Proposed)
    def propose(
        self,
        actor: Person,
        *,
        case_id: int | None = None,
        entry_id: int | None = None,
        key_id: int | None = None,
        quantity: int | None = None,
        cause: str,
        comment: str = "",
        evidence: Pairs = (),
        wait_reason: str = "",
        guard_reason: str = "",
        version: int | None = None,
        shown: Proposal | None = None,
    ) -> Proposed:
        """Propose an adjustment, see :meth:`preview`; it then waits for somebody else's approval.

        ``wait_reason`` for causes that say wait (the late document is right, not an adjustment),
        ``guard_reason`` against open documents (rule 7). ``version`` is the case's, ``shown`` the preview
        that was looked at: if either changed, ChangedMeanwhile ``case-changed`` or ``proposal-changed``.
        Raises ``cause-missing``, ``cause-unknown``, ``cause-comment-required``, ``wait-reason-missing``,
        ``guard-reason-missing`` (documents), ``case-state``, ``evidence-unknown``, ``not-allowed`` and what
        the preview lists in ``blocked``: ``count-missing``, ``recount-open``, ``count-newer``,
        ``count-superseded``, ``adjustment-zero``, ``adjustment-open`` (number), ``evidence-missing``,
        ``reversal-not-posted``, ``reversal-made`` (number).
        """
        require(actor, Right.PROPOSE)
        request = Request(case_id, entry_id, key_id, quantity, None, cause, comment, tuple(evidence))
        named = (("case", case_id), ("entry", entry_id), ("key", key_id))
        touched = [(kind, id) for kind, id in named if id is not None]
        with self._database.write(actor.id, touched) as work:
            people.require(work, Right.PROPOSE)
            made = self._propose(work, request, wait_reason, guard_reason, version, shown)
            return work.answer(replace(made, changes=work.changes))

    @once("reversal proposed", Proposed)
    def reverse(
        self,
        actor: Person,
        adjustment_id: int,
        *,
        cause: str,
        comment: str,
        evidence: Pairs = (),
        wait_reason: str = "",
        guard_reason: str = "",
    ) -> Proposed:
        """Propose to reverse a posted adjustment: the same road again, the quantity turned round (rule 2).

        Raises ``comment-missing`` and as :meth:`propose`.
        """
        require(actor, Right.PROPOSE)
        if not comment.strip():
            raise DomainError("comment-missing", field="comment")
        request = Request(reversal_of=adjustment_id, cause=cause, comment=comment, evidence=tuple(evidence))
        with self._database.write(actor.id, [("adjustment", adjustment_id)]) as work:
            people.require(work, Right.PROPOSE)
            made = self._propose(work, request, wait_reason, guard_reason)
            return work.answer(replace(made, changes=work.changes))

    @once("proposal renewed", Proposed)
    def renew(
        self, actor: Person, adjustment_id: int, *, wait_reason: str = "", guard_reason: str = ""
    ) -> Proposed:
        """Withdraw a proposal whose figure is outdated and propose it with the figure of now.

        Reasons typed before are kept unless new ones are given. Raises as :meth:`propose`.
        """
        require(actor, Right.PROPOSE)
        with self._database.write(actor.id, [("adjustment", adjustment_id)]) as work:
            people.require(work, Right.PROPOSE)
            old = records.one(work.connection, adjustment_id)
            given = grounds.evidence_of(work.connection, adjustment_id)
            self._withdraw(work, old)
            by_count = old["kind"] == AdjustmentKind.COUNT_CORRECTION
            request = Request(
                case_id=old["case_id"],
                entry_id=old["entry_id"] if by_count else None,
                key_id=old["key_id"],
                quantity=None if by_count else old["quantity"],
                reversal_of=old["reversal_of"],
                cause=old["cause"],
                comment=old["comment"],
                evidence=given,
            )
            made = self._propose(
                work, request, wait_reason or old["wait_reason"], guard_reason or old["guard_reason"]
            )
            return work.answer(replace(made, changes=work.changes))

    @once("proposal withdrawn", Changes)
    def withdraw(self, actor: Person, adjustment_id: int, *, shown_state: str = "") -> Changes:
        """Take a proposal back, also one that is approved and not posted yet. ``adjustment-state``;
        ChangedMeanwhile ``adjustment-decided`` unless it is in the state that was shown."""
        require(actor, Right.PROPOSE)
        with self._database.write(actor.id, [("adjustment", adjustment_id)]) as work:
            people.require(work, Right.PROPOSE)
            record = records.one(work.connection, adjustment_id)
            check_state(work, record, shown_state)
            self._withdraw(work, record)
            return work.answer(work.changes)

    # --- inside

    def _propose(
        self,
        work: UnitOfWork,
        request: Request,
        wait_reason: str,
        guard_reason: str,
        version: int | None = None,
        shown: Proposal | None = None,
    ) -> Proposed:
        if not request.cause:
            raise DomainError("cause-missing", field="cause")
        check_tag(request.cause, request.comment)
        policy = policies.newest(work.connection)
        made = plan(work.connection, policy, request, work.person_id, work.at)
        proposal = made.proposal
        if proposal.blocked:
            first = proposal.blocked[0]
            raise DomainError(first.code, **first.facts)
        if shown is not None and _decisive(shown) != _decisive(proposal):
            raise ChangedMeanwhile("proposal-changed", new_quantity=proposal.arithmetic.quantity)
        if proposal.needs_wait_reason and not wait_reason.strip():
            raise DomainError("wait-reason-missing", field="wait_reason", cause=request.cause)
        if proposal.needs_guard_reason and not guard_reason.strip():
            numbers = tuple(document.number for document in proposal.guard)
            raise DomainError("guard-reason-missing", field="guard_reason", documents=numbers)
        grounds.labelled(work.connection, made.evidence)
        case = None if proposal.case_id is None else cases.one(work.connection, proposal.case_id)
        if case is not None:
            cases.check_version(work.connection, case, version, by=work.person_id)
        investigator = work.person_id
        if case is not None and case.cause == request.cause and case.cause_by is not None:
            investigator = case.cause_by
        values = _values(work, request, made, investigator, wait_reason, guard_reason)
        values["shown_hash"] = record_hash(values, made.evidence)
        records.add(work, values, made.evidence)
        if case is not None:
            self._move_case(work, case, request, values)
        work.audit(
            "adjustment proposed",
            f"adjustment {values['id']}",
            number=values["number"],
            quantity=values["quantity"],
            value=values["value"],
            cause=request.cause,
            tier=values["tier"],
            record=values["shown_hash"],
            **({"guard_reason": values["guard_reason"]} if proposal.guard else {}),
            **({"wait_reason": values["wait_reason"]} if values["wait_reason"] else {}),
        )
        work.changed(adjustments={values["id"]}, ledger={values["key_id"]})
        return Proposed(work.changes, values["id"], values["number"], values["tier"])

    def _move_case(
        self, work: UnitOfWork, case: StoredCase, request: Request, values: dict[str, Any]
    ) -> None:
        facts = {"adjustment_id": values["id"], "number": values["number"], "state": "proposed"}
        if request.reversal_of is not None:
            cases.log(work, case.id, EventKind.ADJUSTMENT, facts=facts)
            work.changed(cases={case.id})
            return
        check_transition(case.state, CaseState.WAITING_APPROVAL)
        if case.cause != request.cause and request.cause != UNDETERMINED:
            answered = tagging.answer(work, case, keeping.refresh_case(work, case.id), request.cause)
            cases.change(
                work,
                case,
                EventKind.CAUSE,
                facts={"cause": request.cause, "before": case.cause} | answered,
                cause=request.cause,
                cause_comment=request.comment.strip()[:LONGEST_TEXT],
                cause_by=work.person_id,
            )
        cases.change(work, case, EventKind.ADJUSTMENT, facts=facts, state=CaseState.WAITING_APPROVAL.value)

    def _withdraw(self, work: UnitOfWork, record: dict[str, Any]) -> None:
        check_way(record["state"], AdjustmentState.WITHDRAWN)
        records.set_state(work, record["id"], AdjustmentState.WITHDRAWN)
        free_case(work, record, AdjustmentState.WITHDRAWN)
        work.audit("adjustment withdrawn", f"adjustment {record['id']}", number=record["number"])
        work.changed(adjustments={record["id"]}, ledger={record["key_id"]})


def check_state(work: UnitOfWork, record: dict[str, Any], shown: str) -> None:
    """ChangedMeanwhile ``adjustment-decided`` unless the adjustment is still in the state shown ('': any)."""
    if shown and record["state"] != shown:
        decision = records.decision(work.connection, record["id"])
        raise ChangedMeanwhile(
            "adjustment-decided",
            number=record["number"],
            state=record["state"],
            who="" if decision is None else decision.person,
            decided_at=record["proposed_at"] if decision is None else decision.at,
        )


def free_case(work: UnitOfWork, record: dict[str, Any], state: AdjustmentState) -> None:
    """A case whose adjustment will not be posted is back where its cause is known."""
    if record["case_id"] is None:
        return
    case = cases.one(work.connection, record["case_id"])
    facts = {"adjustment_id": record["id"], "number": record["number"], "state": state.value}
    to = CaseState.CAUSE_PROPOSED
    if record["reversal_of"] is None and case.state is CaseState.WAITING_APPROVAL:
        cases.change(work, case, EventKind.ADJUSTMENT, facts=facts, state=to.value)
    else:
        cases.log(work, case.id, EventKind.ADJUSTMENT, facts=facts)
        work.changed(cases={case.id})


def _decisive(proposal: Proposal) -> tuple[object, ...]:
    """What must still be so when a preview that was looked at becomes a proposal."""
    return (proposal.kind, proposal.arithmetic.quantity, proposal.guard, proposal.tier, proposal.cause)


def _values(
    work: UnitOfWork, request: Request, made: Plan, investigator: int, wait_reason: str, guard_reason: str
) -> dict[str, Any]:
    proposal, sums = made.proposal, made.proposal.arithmetic
    adjustment_id = records.next_id(work.connection)
    first = proposal.counts[0].counter_id if proposal.counts else None
    final = None if made.line is None or made.line.final is None else made.line.final
    arithmetic: dict[str, Any] = {"on_hand": sums.on_hand}
    if made.count is not None and final is not None:
        arithmetic |= {
            "counted": sums.counted,
            "counted_at": sums.counted_at,
            "book_at_count": sums.book_at_count,
            "book_seq": made.count.book_seq,
            "late": sums.late,
            "late_movements": [[row.seq, q, why] for row, q, why in made.count.rolled.late_rows],
            "since": sums.since,
        }
    return {
        "id": adjustment_id,
        "number": f"ADJ-{adjustment_id:06d}",
        "kind": proposal.kind,
        "key_id": proposal.key.key_id,
        "case_id": proposal.case_id,
        "entry_id": proposal.entry_id,
        "reversal_of": request.reversal_of,
        "quantity": sums.quantity,
        "book_before": sums.on_hand,
        "unit_cost": proposal.money.unit_cost,
        "value": proposal.money.value,
        "arithmetic": canonical(arithmetic),
        "cause": request.cause,
        "comment": request.comment.strip()[:LONGEST_TEXT],
        "state": AdjustmentState.PROPOSED.value,
        "tier": proposal.tier,
        "tier_reasons": canonical([reason.code.removeprefix("tier-") for reason in proposal.tier_reasons]),
        "policy": proposal.policy,
        "proposer_id": work.person_id,
        "investigator_id": investigator,
        "counter_id": first,
        "recounter_id": final.counter_id if final is not None and final.round > 1 else None,
        "proposed_at": work.at,
        "guard": grounds.guard_text(proposal.guard),
        "guard_reason": guard_reason.strip()[:LONGEST_TEXT] if proposal.guard else "",
        "wait_reason": wait_reason.strip()[:LONGEST_TEXT] if proposal.needs_wait_reason else "",
    }
