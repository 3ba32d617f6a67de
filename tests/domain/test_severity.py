"""How much a case hurts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.quantity import SCALE, half_even, value_of
from zeroline.domain.severity import (
    LEVELS,
    REASONS,
    Level,
    Reason,
    grown_unit_days,
    severities,
    values_of,
)


def judged(below=True, orders=0, value_days=0, age=HOUR, otherwise=Reason.ABOVE_ZERO):
    found = severities(
        np.array([below]), np.array([orders]), np.array([value_days]), np.array([age]), otherwise
    )
    return LEVELS[found.rank[0]], REASONS[found.reason[0]], int(found.score[0])


def test_an_order_at_risk_is_high():
    assert judged(orders=1)[:2] == (Level.HIGH, Reason.ORDERS_AT_RISK)


def test_five_hundred_value_days_are_high():
    assert judged(value_days=500 * SCALE)[:2] == (Level.HIGH, Reason.VALUE_DAYS)


def test_a_week_below_zero_is_high():
    assert judged(age=7 * DAY)[:2] == (Level.HIGH, Reason.AGE)


def test_anything_else_below_zero_is_medium():
    assert judged()[:2] == (Level.MEDIUM, Reason.AGE)


@pytest.mark.parametrize("otherwise", [Reason.DIFFERENCE, Reason.FORCED])
def test_differences_and_forced_movements_are_medium(otherwise):
    assert judged(below=False, otherwise=otherwise)[:2] == (Level.MEDIUM, otherwise)


@pytest.mark.parametrize("otherwise", [Reason.TRANSIENT, Reason.ABOVE_ZERO, Reason.REPEATS])
def test_where_nothing_is_missing_now_it_is_low(otherwise):
    assert judged(below=False, orders=3, value_days=10**15, otherwise=otherwise)[:2] == (Level.LOW, otherwise)


def test_within_a_level_value_days_decide_and_then_age():
    assert judged(value_days=9 * SCALE)[2] > judged(value_days=8 * SCALE, age=6 * DAY)[2]
    assert judged(value_days=8 * SCALE, age=2 * DAY)[2] > judged(value_days=8 * SCALE)[2]


def test_no_worth_lifts_a_case_over_its_level():
    assert judged(orders=1)[2] > judged(value_days=499 * SCALE, age=6 * DAY)[2]


amounts = st.integers(-(10**18), 10**18)
costs = st.integers(0, 10**13)


@given(st.lists(st.tuples(amounts, costs), max_size=6))
def test_values_in_bulk_are_the_values_one_by_one(pairs):
    fitting = [(q, c) for q, c in pairs if abs(value_of(q, c)) < 2**63]
    quantities = np.array([q for q, _ in fitting], dtype=np.int64)
    unit_costs = np.array([c for _, c in fitting], dtype=np.int64)
    assert values_of(quantities, unit_costs).tolist() == [value_of(q, c) for q, c in fitting]


@given(st.integers(0, 10**12), st.integers(-(10**13), 10**13), st.integers(0, 90 * DAY))
def test_an_open_episode_grows_while_the_balance_holds(unit_days, on_hand, elapsed):
    grown = grown_unit_days(np.array([unit_days]), np.array([on_hand]), np.array([1_000]), 1_000 + elapsed)
    assert grown.tolist() == [unit_days + half_even(max(-on_hand, 0) * elapsed, DAY)]


def test_what_was_measured_later_than_asked_keeps_what_it_has():
    assert grown_unit_days(np.array([7]), np.array([-SCALE]), np.array([2 * DAY]), DAY).tolist() == [7]


def test_nothing_grows_from_nothing():
    none = np.zeros(0, np.int64)
    assert len(grown_unit_days(none, none, none, 5)) == 0
