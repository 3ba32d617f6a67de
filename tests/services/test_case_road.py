"""The road of one case: below zero, counted, corrected, verified, closed; and back when it is reversed."""

from __future__ import annotations

import pytest

from support.floor import Floor
from zeroline.domain.case import Queue
from zeroline.domain.next_step import Step
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.case import CaseView
from zeroline.services.casework import Casework
from zeroline.services.lookup import Lookup


@pytest.fixture
def glove(floor: Floor) -> int:
    """−3 at A-02, one currency unit each"""
    floor.warehouse.item("GLV", cost="1.00", abc_class="C")
    floor.warehouse.move("GLV", "A-02", "-3", document="OUT/1")
    return floor.warehouse.key("GLV", "A-02")


def view(floor: Floor, key_id: int) -> CaseView:
    return Lookup(floor.warehouse.database).case(floor.people.supervisor, floor.case_of(key_id))


def negatives(floor: Floor) -> int:
    return len(Lookup(floor.warehouse.database).queue(floor.people.supervisor, Queue.NEGATIVE))


def test_a_proposal_waits_for_its_decision(floor: Floor, glove: int) -> None:
    floor.propose(glove, "9")
    seen = view(floor, glove)
    assert (seen.state, seen.next_step.code) == ("waiting for approval", Step.DECIDE)
    assert [one.state for one in seen.adjustments] == ["proposed"]


def test_what_was_posted_is_back_above_zero_and_to_be_verified(floor: Floor, glove: int) -> None:
    floor.settle(glove, "9")
    seen = view(floor, glove)
    assert (seen.state, seen.on_hand, seen.next_step.code) == ("posted", 9 * SCALE, Step.VERIFY)
    assert seen.episode is not None
    assert seen.closing is not None
    assert (seen.closing.adjustment, seen.closing.kind) == ("ADJ-000001", "count correction")
    [posted] = seen.adjustments
    assert (posted.proposer, posted.approver, posted.decision) == (
        "Sam Supervisor",
        "Mara Manager",
        "approved",
    )


def test_a_verified_and_closed_case_leaves_the_queue(floor: Floor, glove: int) -> None:
    floor.settle(glove, "9")
    casework = Casework(floor.warehouse.database)
    casework.verify(floor.people.supervisor, floor.case_of(glove))
    assert view(floor, glove).next_step.code is Step.CLOSE
    casework.close(floor.people.supervisor, [floor.case_of(glove)])
    assert view(floor, glove).next_step.code is Step.NOTHING
    assert negatives(floor) == 0


@pytest.mark.parametrize("settled", ["posted", "verified", "closed"])
def test_a_reversal_brings_back_the_case_it_was_posted_for_and_no_other(
    floor: Floor, glove: int, settled: str
) -> None:
    first = floor.settle(glove, "9")
    case_id = floor.case_of(glove)
    casework = Casework(floor.warehouse.database)
    if settled != "posted":
        casework.verify(floor.people.supervisor, case_id)
    if settled == "closed":
        casework.close(floor.people.supervisor, [case_id])
    made = floor.settlement.reverse(floor.people.supervisor, first, cause="C4", comment="wrong bin")
    floor.approve(floor.people.manager, made.adjustment_id)
    seen = Lookup(floor.warehouse.database).case(floor.people.supervisor, case_id)
    assert (seen.state, seen.on_hand, seen.closed_at) == ("reopened", -3 * SCALE, None)
    assert seen.crossing is not None
    assert seen.crossing.adjustment == "ADJ-000002"
    assert negatives(floor) == 1
