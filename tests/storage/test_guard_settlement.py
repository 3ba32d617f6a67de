"""Adjustments, evidence and approvals against a hand with plain SQL (rules 3, 4 and 7)."""

from __future__ import annotations

from functools import partial

import pytest

from support.attack import COST, Attacker
from zeroline.domain.instant import DAY
from zeroline.domain.quantity import LARGEST, SCALE

BIG = 2000 * SCALE  # 4,000 in money: above both tiers


# --- proposing


@pytest.mark.parametrize("state", ["approved", "posted", "rejected", "withdrawn", "anything"])
def test_an_adjustment_begins_as_a_proposal(attacker: Attacker, state: str) -> None:
    with attacker.refused("adjustment-state"):
        attacker.propose(state=state)


def test_a_proposal_has_no_poster(attacker: Attacker) -> None:
    with attacker.refused("adjustment-state"):
        attacker.propose(poster_id=attacker.people.manager.id)


@pytest.mark.parametrize("cause", ["", "   ", "Q1"])
def test_an_adjustment_has_a_cause(attacker: Attacker, cause: str) -> None:
    with attacker.refused("adjustment-cause"):
        attacker.propose(cause=cause)


def test_an_adjustment_changes_something_unless_it_records_a_count(attacker: Attacker) -> None:
    with attacker.refused("adjustment-quantity"):
        attacker.propose(kind="adjustment", quantity=0)
    attacker.propose(quantity=0)


@pytest.mark.parametrize("role", ["counter", "auditor", "administrator"])
def test_only_who_may_propose_proposes(attacker: Attacker, role: str) -> None:
    with attacker.refused("not-allowed"):
        attacker.propose(proposer_id=getattr(attacker.people, role).id)


@pytest.mark.parametrize("changed", [{"value": 0}, {"value": -40 * SCALE}, {"unit_cost": 1, "value": 20}])
def test_the_value_is_quantity_times_the_items_cost(attacker: Attacker, changed: dict[str, int]) -> None:
    with attacker.refused("adjustment-value"):
        attacker.propose(**changed)


@pytest.mark.parametrize("column", ["quantity", "value", "unit_cost", "book_before", "tier", "proposed_at"])
@pytest.mark.parametrize("value", [0.5, "text"])
def test_a_proposal_holds_whole_numbers_only(attacker: Attacker, column: str, value: object) -> None:
    attacker.keeps_whole("adjustment", attacker.propose, **{column: value})


def test_an_item_cannot_be_made_cheap_behind_its_history_to_stay_under_a_limit(attacker: Attacker) -> None:
    attacker.insert("item_cost", item_id=1, since=attacker.now, unit_cost=COST)
    attacker.run("UPDATE item SET unit_cost = 1")
    with attacker.refused("adjustment-value"):
        attacker.propose(quantity=BIG, unit_cost=1, value=BIG // SCALE)
    attacker.insert("item_cost", item_id=1, since=attacker.now + 1, unit_cost=1)
    attacker.propose(quantity=20 * SCALE, unit_cost=1, value=20)


def test_a_large_adjustment_cannot_be_called_a_small_one(attacker: Attacker) -> None:
    for tier in (1, 2):
        with attacker.refused("adjustment-tier"):
            attacker.propose(quantity=BIG, tier=tier)
    attacker.propose(quantity=BIG, tier=3)


def test_many_cheap_pieces_are_not_a_small_adjustment(attacker: Attacker) -> None:
    attacker.run("UPDATE item SET unit_cost = 1")
    with attacker.refused("adjustment-tier"):
        attacker.propose(quantity=600 * SCALE, unit_cost=1, value=600)


def test_a_proposal_is_made_under_the_policy_in_force(attacker: Attacker) -> None:
    attacker.policy()
    with attacker.refused("adjustment-tier"):
        attacker.propose(policy=1)


def test_a_proposal_rests_on_a_count_of_its_own_key(attacker: Attacker) -> None:
    entry = attacker.entry(attacker.line(key_id=attacker.warehouse.key("ITEM-1", "B-07")))
    with attacker.refused("adjustment-entry"):
        attacker.propose(entry_id=entry)


def test_only_a_posted_adjustment_is_reversed_and_exactly(attacker: Attacker) -> None:
    original = attacker.approved()
    reversal = {"kind": "reversal", "reversal_of": original, "tier": 2}
    with attacker.refused("adjustment-reversal"):
        attacker.propose(quantity=-20 * SCALE, **reversal)
    attacker.post(original)
    with attacker.refused("adjustment-reversal"):
        attacker.propose(quantity=-19 * SCALE, **reversal)
    with attacker.refused("adjustment-reversal"):
        attacker.propose(quantity=-20 * SCALE, **(reversal | {"kind": "adjustment"}))
    attacker.propose(quantity=-20 * SCALE, **reversal)
    with attacker.refused("adjustment-reversal"):
        attacker.propose(quantity=-20 * SCALE, **reversal)


def test_an_adjustment_is_neither_deleted_nor_replaced(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    with attacker.refused("append-only"):
        attacker.run("DELETE FROM adjustment")
    with attacker.refused("append-only"):
        attacker.copy("adjustment", f"id = {adjustment}", quantity=1)
    with attacker.refused("append-only"):
        attacker.copy("adjustment", f"id = {adjustment}", id=99)


IDENTITY = [
    *["id", "number", "kind", "key_id", "case_id", "entry_id", "reversal_of", "quantity", "book_before"],
    *["unit_cost", "value", "arithmetic", "cause", "comment", "tier", "tier_reasons", "policy"],
    *["proposer_id", "investigator_id", "counter_id", "recounter_id", "proposed_at", "guard"],
    *["guard_reason", "shown_hash"],
]


@pytest.mark.parametrize("column", IDENTITY)
def test_what_was_proposed_never_changes(attacker: Attacker, column: str) -> None:
    attacker.proposed()
    with attacker.refused("adjustment-changed"):
        attacker.run(f"UPDATE adjustment SET {column} = {attacker.another('adjustment', column)}")
    with attacker.refused("adjustment-changed"):
        attacker.run(f"{attacker.update} adjustment SET {column} = {attacker.another('adjustment', column)}")


# --- states


@pytest.mark.parametrize("state", ["posted", "proposed again", "approved", "rejected"])
def test_a_proposal_is_not_decided_by_an_update(attacker: Attacker, state: str) -> None:
    adjustment = attacker.proposed()
    with attacker.refused("adjustment-state", "approval-missing", "movement-missing"):
        attacker.state(adjustment, state)


def test_a_rejection_does_not_approve(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    attacker.approve(adjustment, decision="rejected")
    with attacker.refused("approval-missing"):
        attacker.state(adjustment, "approved")
    attacker.state(adjustment, "rejected")


@pytest.mark.parametrize("state", ["proposed", "approved", "posted", "withdrawn"])
def test_a_rejected_adjustment_stays_rejected(attacker: Attacker, state: str) -> None:
    adjustment = attacker.proposed()
    attacker.approve(adjustment, decision="rejected")
    attacker.state(adjustment, "rejected")
    with attacker.refused("adjustment-state", "movement-missing"):
        attacker.state(adjustment, state)


@pytest.mark.parametrize("state", ["proposed", "approved", "rejected", "withdrawn"])
def test_a_posted_adjustment_stays_posted(attacker: Attacker, state: str) -> None:
    adjustment = attacker.approved()
    attacker.post(adjustment)
    with attacker.refused("adjustment-state"):
        attacker.state(adjustment, state, poster_id=None, posted_at=None)


def test_what_is_in_the_ledger_is_not_withdrawn(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    attacker.book(adjustment)
    with attacker.refused("adjustment-state"):
        attacker.state(adjustment, "withdrawn")


def test_the_poster_is_named_by_the_posting_only_and_then_stays(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    with attacker.refused("adjustment-state"):
        attacker.run("UPDATE adjustment SET poster_id = 1")
    attacker.post(adjustment)
    with attacker.refused("adjustment-changed"):
        attacker.run("UPDATE adjustment SET poster_id = ?", attacker.people.manager.id)
    with attacker.refused("adjustment-changed"):
        attacker.run("UPDATE adjustment SET posted_at = posted_at + 1")


def test_an_honest_adjustment_goes_its_whole_way(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    attacker.post(adjustment)
    assert attacker.one("SELECT state FROM adjustment WHERE id = ?", adjustment) == "posted"


def test_nothing_is_posted_without_its_movement(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    with attacker.refused("movement-missing"):
        attacker.finish(adjustment)


def test_nothing_is_posted_by_nobody(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    attacker.book(adjustment)
    for poster in (None, 4711, attacker.people.counter.id, attacker.people.administrator.id):
        with attacker.refused("not-allowed"):
            attacker.finish(adjustment, poster_id=poster)
    with attacker.refused("not-allowed"):
        attacker.finish(adjustment, posted_at=None)


def test_above_tier_2_the_poster_is_not_the_approver(attacker: Attacker) -> None:
    adjustment = attacker.proposed(quantity=BIG, tier=3)
    manager = attacker.people.manager.id
    attacker.approve(adjustment, approver_id=manager, tier=3, limit_value=LARGEST)
    attacker.state(adjustment, "approved")
    attacker.book(adjustment)
    with attacker.refused("approver-posts"):
        attacker.finish(adjustment, poster_id=manager)
    attacker.finish(adjustment, poster_id=attacker.people.other_manager.id)


# --- evidence


def test_nothing_is_approved_without_evidence(attacker: Attacker) -> None:
    adjustment = attacker.propose()
    with attacker.refused("evidence-missing"):
        attacker.approve(adjustment)


@pytest.mark.parametrize("kind", ["count", "movement", "document", "attachment", "rumour"])
def test_evidence_exists(attacker: Attacker, kind: str) -> None:
    adjustment = attacker.propose()
    with attacker.refused("evidence-unknown"):
        attacker.evidence(adjustment, kind=kind, target=4711)


def test_evidence_is_not_added_to_what_is_decided(attacker: Attacker) -> None:
    adjustment = attacker.approved()
    with attacker.refused("adjustment-state"):
        attacker.evidence(adjustment)


# --- approving: whose hand


def test_nobody_approves_what_they_proposed(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    with attacker.refused("approver-proposed"):
        attacker.approve(adjustment, approver_id=attacker.people.supervisor.id)


@pytest.mark.parametrize("column", ["counter_id", "recounter_id"])
def test_nobody_approves_what_they_counted(attacker: Attacker, column: str) -> None:
    adjustment = attacker.proposed(**{column: attacker.people.other_supervisor.id})
    with attacker.refused("approver-counted"):
        attacker.approve(adjustment)


def test_leaving_the_counter_out_of_the_proposal_does_not_help(attacker: Attacker) -> None:
    entry = attacker.entry(counter_id=attacker.people.other_supervisor.id)
    adjustment = attacker.propose(entry_id=entry)
    attacker.evidence(adjustment, attacker.entry())
    with attacker.refused("approver-counted"):
        attacker.approve(adjustment)


def test_whoever_counted_any_round_of_the_line_does_not_approve(attacker: Attacker) -> None:
    line = attacker.line()
    attacker.entry(line, counter_id=attacker.people.other_supervisor.id)
    recount = attacker.entry(line, round=2)
    adjustment = attacker.propose(entry_id=recount)
    attacker.evidence(adjustment, recount)
    with attacker.refused("approver-counted"):
        attacker.approve(adjustment)


def test_whoever_counted_the_evidence_does_not_approve(attacker: Attacker) -> None:
    adjustment = attacker.propose()
    attacker.evidence(adjustment, attacker.entry(counter_id=attacker.people.other_supervisor.id))
    with attacker.refused("approver-counted"):
        attacker.approve(adjustment)


def test_whoever_counted_for_the_case_does_not_approve(attacker: Attacker) -> None:
    case = attacker.case()
    attacker.entry(attacker.line(case_id=case), counter_id=attacker.people.other_supervisor.id)
    adjustment = attacker.propose(case_id=case)
    attacker.evidence(adjustment)
    with attacker.refused("approver-counted"):
        attacker.approve(adjustment)


def test_leaving_the_case_out_of_the_proposal_does_not_help(attacker: Attacker) -> None:
    case = attacker.case(cause="K3", cause_by=attacker.people.other_supervisor.id)
    line = attacker.line(case_id=case)
    attacker.policy(person_id=attacker.people.manager.id)
    entry = attacker.entry(line)
    adjustment = attacker.propose(entry_id=entry)
    attacker.evidence(adjustment, entry)
    with attacker.refused("approver-investigated"):
        attacker.approve(adjustment)
    with attacker.refused("approver-changed-policy"):
        attacker.approve(adjustment, approver_id=attacker.people.manager.id, limit_value=LARGEST)


def test_naming_only_the_count_as_evidence_does_not_help(attacker: Attacker) -> None:
    case = attacker.case(cause="K3", cause_by=attacker.people.other_supervisor.id)
    adjustment = attacker.propose()
    attacker.evidence(adjustment, attacker.entry(attacker.line(case_id=case)))
    with attacker.refused("approver-investigated"):
        attacker.approve(adjustment)


def test_nobody_approves_what_they_investigated(attacker: Attacker) -> None:
    adjustment = attacker.proposed(investigator_id=attacker.people.other_supervisor.id)
    with attacker.refused("approver-investigated"):
        attacker.approve(adjustment)


def test_whoever_tagged_the_cause_of_the_case_does_not_approve(attacker: Attacker) -> None:
    case = attacker.case(cause="K3", cause_by=attacker.people.other_supervisor.id)
    adjustment = attacker.proposed(case_id=case)
    with attacker.refused("approver-investigated"):
        attacker.approve(adjustment)


def test_whoever_ever_tagged_a_cause_of_the_case_does_not_approve(attacker: Attacker) -> None:
    case = attacker.case(cause="K3", cause_by=attacker.people.supervisor.id)
    attacker.insert(
        "case_event",
        case_id=case,
        at=attacker.now,
        person_id=attacker.people.other_supervisor.id,
        kind="cause",
    )
    adjustment = attacker.proposed(case_id=case)
    with attacker.refused("approver-investigated"):
        attacker.approve(adjustment)


def test_a_second_role_does_not_help(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    attacker.give(attacker.people.supervisor.id, "manager")
    attacker.give(attacker.people.counter.id, "manager")
    for person, code in (
        (attacker.people.supervisor, "approver-proposed"),
        (attacker.people.counter, "approver-counted"),
    ):
        with attacker.refused(code):
            attacker.approve(adjustment, approver_id=person.id)


def test_nobody_approves_under_a_policy_they_changed_for_the_case(attacker: Attacker) -> None:
    case = attacker.case()
    attacker.policy(person_id=attacker.people.manager.id)
    adjustment = attacker.proposed(case_id=case)
    with attacker.refused("approver-changed-policy"):
        attacker.approve(adjustment, approver_id=attacker.people.manager.id, limit_value=LARGEST)
    attacker.approve(adjustment, approver_id=attacker.people.other_manager.id, limit_value=LARGEST)


def test_a_policy_changed_before_the_case_does_not_stand_in_the_way(attacker: Attacker) -> None:
    attacker.policy(person_id=attacker.people.manager.id)
    adjustment = attacker.proposed(case_id=attacker.case(opened_at=attacker.now + 1))
    attacker.approve(adjustment, approver_id=attacker.people.manager.id, limit_value=LARGEST)


@pytest.mark.parametrize("role", ["counter", "auditor", "administrator"])
def test_only_supervisors_and_managers_decide(attacker: Attacker, role: str) -> None:
    adjustment = attacker.propose()
    attacker.evidence(adjustment, attacker.entry(counter_id=attacker.people.other_counter.id))
    for decision in ("approved", "rejected"):
        with attacker.refused("not-allowed"):
            attacker.approve(adjustment, approver_id=getattr(attacker.people, role).id, decision=decision)


def test_a_disabled_supervisor_decides_nothing(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    attacker.run("UPDATE person SET active = FALSE WHERE id = ?", attacker.people.other_supervisor.id)
    with attacker.refused("not-allowed"):
        attacker.approve(adjustment)


# --- approving: what, and how much


def test_what_is_signed_is_what_was_shown(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    with attacker.refused("approval-other-record"):
        attacker.approve(adjustment, shown_hash="b" * 64)


def test_an_adjustment_is_decided_once(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    attacker.approve(adjustment, decision="rejected")
    for verb in ("INSERT", "INSERT OR REPLACE"):
        with attacker.refused("append-only"):
            attacker.approve(adjustment, verb)


def test_only_a_proposal_is_decided(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    attacker.state(adjustment, "withdrawn")
    with attacker.refused("adjustment-state"):
        attacker.approve(adjustment)
    with attacker.refused("adjustment-state"):
        attacker.approve(4711, cumulated_value=0)


def test_a_decision_is_not_older_than_its_proposal(attacker: Attacker) -> None:
    adjustment = attacker.proposed(proposed_at=attacker.now + 1)
    with attacker.refused("adjustment-state"):
        attacker.approve(adjustment)


def test_nothing_is_proposed_or_decided_yesterday(attacker: Attacker) -> None:
    with attacker.refused("back-dated"):
        attacker.propose(proposed_at=attacker.now - DAY)
    adjustment = attacker.proposed()
    with attacker.refused("back-dated"):
        attacker.approve(adjustment, at=attacker.now - DAY)


def test_a_decision_is_yes_or_no(attacker: Attacker) -> None:
    with attacker.refused("approval-decision"):
        attacker.approve(attacker.proposed(), decision="perhaps")


@pytest.mark.parametrize("column", ["tier", "limit_value", "cumulated_value", "approver_id", "at"])
@pytest.mark.parametrize("value", ["zzz", 1e30, None])
def test_an_approval_holds_whole_numbers_only(attacker: Attacker, column: str, value: object) -> None:
    adjustment = attacker.proposed()
    attacker.keeps_whole("approval", partial(attacker.approve, adjustment), **{column: value})


def test_approving_against_open_documents_needs_a_reason(attacker: Attacker) -> None:
    adjustment = attacker.proposed(guard='["receipt 4711"]', guard_reason="another item")
    for reason in ("", "  "):
        with attacker.refused("guard-reason-missing"):
            attacker.approve(adjustment, guard_reason=reason)
    attacker.approve(adjustment, guard_reason="the receipt is for another item")


def test_a_supervisor_signs_tier_1_only(attacker: Attacker) -> None:
    adjustment = attacker.proposed(tier=2)
    with attacker.refused("approval-limit"):
        attacker.approve(adjustment, tier=2)
    with attacker.refused("adjustment-tier"):
        attacker.approve(adjustment, tier=1)


def test_a_limit_cannot_be_invented(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    with attacker.refused("approval-limit"):
        attacker.approve(adjustment, limit_value=251 * SCALE)


def test_an_approval_stays_within_its_limit(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    with attacker.refused("approval-limit"):
        attacker.approve(adjustment, limit_value=39 * SCALE)


def test_splitting_a_correction_does_not_stay_under_the_limit(attacker: Attacker) -> None:
    first = attacker.proposed(quantity=100 * SCALE)
    attacker.approve(first)
    second = attacker.proposed(quantity=100 * SCALE)
    with attacker.refused("approval-cumulated"):
        attacker.approve(second, cumulated_value=100 * COST)
    with attacker.refused("adjustment-tier"):
        attacker.approve(second)
    with attacker.refused("approval-limit"):
        attacker.approve(second, tier=2)
    attacker.approve(second, tier=2, approver_id=attacker.people.manager.id, limit_value=LARGEST)


def test_a_plus_and_a_minus_do_not_cancel_out_under_the_limit(attacker: Attacker) -> None:
    attacker.approve(attacker.proposed(quantity=100 * SCALE))
    second = attacker.proposed(quantity=-100 * SCALE)
    with attacker.refused("approval-cumulated"):
        attacker.approve(second, cumulated_value=0)


def test_another_day_another_proposer_and_another_key_begin_anew(attacker: Attacker) -> None:
    attacker.approve(attacker.proposed(quantity=100 * SCALE))
    small = {"cumulated_value": 100 * COST}
    attacker.approve(
        attacker.proposed(quantity=100 * SCALE, proposed_at=attacker.now + DAY),
        at=attacker.now + DAY,
        **small,
    )
    other = attacker.proposed(quantity=100 * SCALE, proposer_id=attacker.people.other_manager.id)
    attacker.approve(other, **small)
    elsewhere = attacker.propose(quantity=100 * SCALE, key_id=attacker.warehouse.key("ITEM-1", "B-07"))
    attacker.evidence(elsewhere)
    attacker.approve(elsewhere, **small)


def test_what_was_rejected_does_not_count_towards_the_limit(attacker: Attacker) -> None:
    first = attacker.proposed(quantity=100 * SCALE)
    attacker.approve(first, decision="rejected")
    attacker.state(first, "rejected")
    attacker.approve(attacker.proposed(quantity=100 * SCALE), cumulated_value=100 * COST)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_proposal_against_open_documents_needs_a_reason(attacker: Attacker, reason: str) -> None:
    with attacker.refused("guard-reason-missing"):
        attacker.propose(guard='[{"number": "PO-1"}]', guard_reason=reason)


def _open_receipt(attacker: Attacker, quantity: int = 30 * SCALE, **changed: object) -> int:
    """An open receipt of the item; answers its id."""
    number = attacker.one("SELECT count(*) FROM document") + 1
    source = attacker.one("SELECT id FROM source WHERE code = 'wms'")
    document = attacker.insert("document", source_id=source, kind="receipt", number=f"PO-{number}")
    line = {"document_id": document, "line": "1", "item_id": 1, "quantity": quantity, "done_quantity": 0}
    attacker.insert("document_line", **(line | changed))
    return document


def test_a_proposal_names_every_open_document_of_its_moment(attacker: Attacker) -> None:
    first, second = _open_receipt(attacker), _open_receipt(attacker)
    one = f'["receipt",{first},"PO-1","1",30000000,"",""]'
    outdated = f'["receipt",{second},"PO-2","1",29000000,"",""]'
    for guard in ("[]", f"[{one}]", f"[{one},{outdated}]", "rubbish", '["PO-1","PO-2"]'):
        with attacker.refused("guard-incomplete"):
            attacker.propose(guard=guard, guard_reason="not ours")
    both = f'[{one},["receipt",{second},"PO-2","1",30000000,"",""]]'
    attacker.propose(guard=both, guard_reason="not ours")


def test_documents_that_bring_nothing_here_need_not_be_named(attacker: Attacker) -> None:
    _open_receipt(attacker, done_quantity=30 * SCALE)
    _open_receipt(attacker, lot="L-9")
    attacker.propose()
    _open_receipt(attacker)
    attacker.propose(quantity=-5 * SCALE)


def test_a_document_that_came_in_since_needs_a_reason_from_who_approves(attacker: Attacker) -> None:
    adjustment = attacker.proposed()
    _open_receipt(attacker)
    with attacker.refused("guard-reason-missing"):
        attacker.approve(adjustment)
    attacker.approve(adjustment, guard_reason="the receipt is for another customer")
