"""The one next step of a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zeroline.domain.case import CaseState, Queue
from zeroline.domain.next_step import SURE, NextStep, Situation, Step, next_step, presumed
from zeroline.domain.quantity import SCALE

NEGATIVE = Situation(Queue.NEGATIVE, CaseState.NEW, on_hand=-8 * SCALE, below_zero=True)
ABOVE = replace(NEGATIVE, on_hand=22 * SCALE, below_zero=False)
COUNTED = replace(NEGATIVE, counted=True, variance=20 * SCALE)


def step(case: Situation, **changed: object) -> Step:
    return next_step(replace(case, **changed)).code


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.DISMISSED])
def test_what_is_over_needs_nothing(state):
    assert step(NEGATIVE, state=state) is Step.NOTHING


def test_what_is_verified_is_closed():
    assert step(ABOVE, state=CaseState.VERIFIED) is Step.CLOSE


def test_what_was_posted_is_verified():
    assert step(ABOVE, state=CaseState.POSTED) is Step.VERIFY


def test_a_proposal_is_decided():
    assert step(COUNTED, state=CaseState.WAITING_APPROVAL) is Step.DECIDE
    assert step(COUNTED, adjustment_state="proposed") is Step.DECIDE


def test_an_approved_adjustment_is_posted():
    assert step(COUNTED, state=CaseState.WAITING_APPROVAL, adjustment_state="approved") is Step.POST


def test_a_transient_is_closed_without_a_count():
    assert step(ABOVE, queue=Queue.TRANSIENT) is Step.CLOSE_TRANSIENT
    assert step(ABOVE, transient=True) is Step.CLOSE_TRANSIENT


def test_a_self_check_that_agrees_again_is_closed():
    assert step(ABOVE, queue=Queue.SELF_CHECK, differs=False) is Step.CLOSE_AGREES


def test_a_self_check_that_differs_is_taken_and_then_looked_into():
    assert step(ABOVE, queue=Queue.SELF_CHECK, differs=True) is Step.ASSIGN
    assert step(ABOVE, queue=Queue.SELF_CHECK, differs=True, owned=True) is Step.EXAMINE


def test_a_forced_movement_is_taken_looked_into_and_closed_with_its_cause():
    forced = replace(NEGATIVE, queue=Queue.OVERRIDE)
    assert step(forced) is Step.ASSIGN
    assert step(forced, owned=True) is Step.EXAMINE
    assert step(forced, cause="S3") is Step.CLOSE


def test_a_count_out_of_tolerance_is_counted_again_by_somebody_else():
    told = next_step(replace(COUNTED, recount_wanted=True))
    assert told == NextStep(Step.RECOUNT, {"variance_quantity": 20 * SCALE})


def test_a_sheet_that_is_out_is_filled_in():
    assert step(NEGATIVE, on_sheet=True) is Step.ENTER_COUNT
    assert step(NEGATIVE, state=CaseState.COUNTING) is Step.ENTER_COUNT


def test_a_new_negative_is_counted():
    assert step(NEGATIVE) is Step.COUNT


def test_a_new_negative_with_an_open_receipt_waits_for_it():
    told = next_step(replace(NEGATIVE, document="IN/00007", document_due_at=5))
    assert told == NextStep(Step.WAIT_DOCUMENT, {"document": "IN/00007", "due_at": 5})


def test_what_was_counted_gets_its_cause():
    assert step(COUNTED) is Step.TAG_CAUSE
    assert step(COUNTED, cause="Z0") is Step.TAG_CAUSE


def test_what_is_above_zero_again_without_a_cause_gets_one():
    assert step(ABOVE) is Step.TAG_CAUSE


def test_a_repeat_is_counted_while_nobody_knows_why_and_closed_with_its_cause():
    repeat = replace(ABOVE, queue=Queue.REPEAT)
    assert step(repeat) is Step.COUNT
    assert step(repeat, cause="R1") is Step.CLOSE


def test_a_timing_cause_waits_while_below_zero_and_closes_after():
    assert step(NEGATIVE, cause="T1") is Step.WAIT_DOCUMENT
    assert step(ABOVE, cause="T1") is Step.CLOSE


def test_what_is_awaited_says_until_when():
    waiting = replace(
        NEGATIVE, cause="T1", state=CaseState.WAITING_DOCUMENT, waiting_until=9, document="IN/7"
    )
    assert next_step(waiting) == NextStep(Step.WAIT_DOCUMENT, {"document": "IN/7", "due_at": 9})


def test_counted_with_a_cause_the_adjustment_is_proposed():
    told = next_step(replace(COUNTED, cause="K2"))
    assert told == NextStep(Step.PROPOSE, {"variance_quantity": 20 * SCALE})


def test_counted_without_variance_there_is_nothing_to_adjust():
    assert step(replace(ABOVE, counted=True), cause="K2") is Step.CLOSE


def test_counted_as_booked_but_below_zero_is_counted_again():
    assert step(NEGATIVE, counted=True, variance=0, cause="K3") is Step.COUNT


def test_a_cause_that_wants_its_record_first_says_so():
    assert next_step(replace(NEGATIVE, cause="M2")) == NextStep(Step.MAKE_RECORD, {"cause": "M2"})


def test_a_cause_that_wants_an_adjustment_is_counted_first():
    assert step(NEGATIVE, cause="K3") is Step.COUNT


GUESSED = replace(NEGATIVE, guess="T1", probability=920_000)


def test_a_sure_guess_that_speaks_against_adjusting_is_accepted_at_once():
    found = next_step(GUESSED)
    assert found == NextStep(Step.ACCEPT, {"cause": "T1", "probability": 920_000, "adjustment": "no"})
    assert step(GUESSED, document="IN/7") is Step.ACCEPT
    assert step(GUESSED, guess="K2") is Step.ACCEPT


def test_a_guess_that_asks_for_an_adjustment_is_counted_first_and_accepted_after():
    assert step(GUESSED, guess="K5") is Step.COUNT
    assert step(GUESSED, guess="K5", document="IN/7") is Step.COUNT
    assert step(COUNTED, guess="K5", probability=920_000) is Step.ACCEPT
    assert step(GUESSED, guess="K5", on_hand=22 * SCALE, below_zero=False) is Step.ACCEPT


def test_a_guess_that_the_count_speaks_against_is_not_offered():
    """A count found a difference although a late receipt should explain it: a person says why."""
    assert step(COUNTED, guess="T1", probability=920_000) is Step.TAG_CAUSE


def test_an_unsure_guess_changes_nothing():
    assert step(GUESSED, probability=799_999) is Step.COUNT
    assert step(GUESSED, probability=799_999, document="IN/7") is Step.WAIT_DOCUMENT
    assert step(GUESSED, guess="") is Step.COUNT


def test_what_a_person_said_goes_before_any_guess():
    assert step(GUESSED, cause="K3") is Step.COUNT
    assert step(GUESSED, cause="T3") is Step.WAIT_DOCUMENT


def test_a_transient_is_closed_as_what_it_is_guessed_to_be():
    transient = replace(GUESSED, queue=Queue.TRANSIENT, on_hand=22 * SCALE, below_zero=False)
    assert next_step(transient) == NextStep(Step.CLOSE_TRANSIENT, {"cause": "T1", "probability": 920_000})
    assert next_step(replace(transient, cause="T2")) == NextStep(Step.CLOSE_TRANSIENT)
    assert next_step(replace(transient, probability=500_000)) == NextStep(Step.CLOSE_TRANSIENT)


def test_a_transient_with_more_wrong_than_the_order_is_not_just_closed():
    transient = replace(GUESSED, queue=Queue.TRANSIENT, on_hand=22 * SCALE, below_zero=False, guess="S2")
    assert step(transient) is Step.ACCEPT
    assert step(transient, cause="S2") is Step.COUNT


@pytest.mark.parametrize(
    ("guess", "probability", "cause"),
    [("T1", SURE, "T1"), ("T1", SURE - 1, "T2"), ("U2", SCALE, "T2"), ("", 0, "T2"), ("Z0", SCALE, "T2")],
)
def test_a_transient_case_is_presumed_to_be_what_a_sure_guess_says_if_nothing_is_to_be_corrected(
    guess, probability, cause
):
    assert presumed(guess, probability) == cause
