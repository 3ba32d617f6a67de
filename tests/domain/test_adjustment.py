"""What lifts a tier, what is signed, and that limits cannot be escaped by splitting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.adjustment import (
    SIGNED,
    WAYS,
    AdjustmentKind,
    AdjustmentState,
    Cumulated,
    Next,
    check_way,
    flags_of,
    next_for,
    percent_of,
    record_hash,
    shown_hash,
    tier_of,
)
from zeroline.domain.cause import CATALOGUE
from zeroline.domain.errors import DomainError
from zeroline.domain.movement import MovementKind
from zeroline.domain.policy import DEFAULT, Flag
from zeroline.domain.quantity import SCALE, value_of

KINDS = AdjustmentKind
NONE: frozenset[Flag] = frozenset()


def test_every_timing_cause_waits_and_only_those() -> None:
    waiting = {code for code in CATALOGUE if next_for(code) is Next.WAIT}
    assert waiting == {code for code in CATALOGUE if code.startswith("T")}


def test_an_undetermined_cause_is_looked_for_first() -> None:
    assert next_for("Z0") is Next.FIND


def test_a_missing_record_is_made_before_the_rest_is_adjusted() -> None:
    assert next_for("R4") is Next.RECORD


@pytest.mark.parametrize("cause", ["K3", "", "not a cause"])
def test_other_causes_adjust(cause: str) -> None:
    assert next_for(cause) is Next.ADJUST


def test_only_a_count_correction_posts_as_one() -> None:
    assert {kind: kind.movement for kind in KINDS} == {
        KINDS.COUNT_CORRECTION: MovementKind.COUNT_CORRECTION,
        KINDS.ADJUSTMENT: MovementKind.ADJUSTMENT,
        KINDS.REVERSAL: MovementKind.ADJUSTMENT,
    }


@pytest.mark.parametrize(
    ("kind", "cause", "status", "against", "flag"),
    [
        (KINDS.COUNT_CORRECTION, "L4", "available", False, Flag.THEFT),
        (KINDS.COUNT_CORRECTION, "L5", "available", False, Flag.UNEXPLAINED),
        (KINDS.COUNT_CORRECTION, "K3", "quarantine", False, Flag.RESTRICTED_STATUS),
        (KINDS.COUNT_CORRECTION, "K3", "available", True, Flag.OPEN_DOCUMENTS),
        (KINDS.ADJUSTMENT, "K3", "available", False, Flag.NO_COUNT),
        (KINDS.REVERSAL, "K3", "available", False, Flag.REVERSAL),
    ],
)
def test_each_flag_has_its_ground(
    kind: AdjustmentKind, cause: str, status: str, against: bool, flag: Flag
) -> None:
    assert flags_of(kind, cause, status, against) == {flag}


def test_a_percentage_is_of_the_larger_side_and_of_one_unit_at_least() -> None:
    assert percent_of(12 * SCALE, -3 * SCALE, 9 * SCALE) == 1_333_333
    assert percent_of(SCALE // 2, 0, SCALE // 2) == SCALE // 2


@pytest.mark.parametrize("here", list(AdjustmentState))
@pytest.mark.parametrize("there", list(AdjustmentState))
def test_an_adjustment_goes_only_the_ways_there_are(here: AdjustmentState, there: AdjustmentState) -> None:
    if (here, there) in WAYS:
        check_way(here, there)
    else:
        with pytest.raises(DomainError, match="adjustment-state"):
            check_way(here, there)


def test_what_is_posted_goes_nowhere() -> None:
    assert [way for way in WAYS if way[0] is AdjustmentState.POSTED] == []


# --- splitting does not help (rule 3) ----

amounts = st.lists(st.integers(1, 2_000 * SCALE), min_size=2, max_size=6)


@given(amounts, st.integers(0, 50 * SCALE))
def test_the_last_of_a_split_correction_needs_the_tier_of_the_whole(parts: list[int], cost: int) -> None:
    whole = sum(parts)
    one = tier_of(DEFAULT, value_of(whole, cost), whole, 0, NONE, Cumulated(value_of(whole, cost), whole))
    value = quantity = 0
    tiers = []
    for part in parts:
        value, quantity = value + value_of(part, cost), quantity + part
        tiers.append(tier_of(DEFAULT, value_of(part, cost), part, 0, NONE, Cumulated(value, quantity)).tier)
    rounding = len(parts)  # each part may round half a micro-currency away
    near = any(abs(value - (tier.value or 0)) <= rounding for tier in DEFAULT.tiers)
    assert tiers[-1] >= one.tier or near


@given(amounts, st.integers(0, 50 * SCALE))
def test_more_of_the_same_never_lowers_the_tier(parts: list[int], cost: int) -> None:
    value = quantity = last = 0
    for part in parts:
        value, quantity = value + value_of(part, cost), quantity + part
        tier = tier_of(DEFAULT, value_of(part, cost), part, 0, NONE, Cumulated(value, quantity)).tier
        assert tier >= last
        last = tier


# --- money ----


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**10))
def test_a_value_is_within_half_of_the_smallest_coin_of_the_exact_product(quantity: int, cost: int) -> None:
    assert abs(value_of(quantity, cost) * SCALE - quantity * cost) * 2 <= SCALE


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**10))
def test_a_reversal_takes_back_exactly_the_value_it_reverses(quantity: int, cost: int) -> None:
    assert value_of(quantity, cost) + value_of(-quantity, cost) == 0


# --- what is signed ----

RECORD = dict.fromkeys(SIGNED, 1)


@pytest.mark.parametrize("name", SIGNED)
def test_every_deciding_fact_is_in_the_hash(name: str) -> None:
    assert record_hash(RECORD, []) != record_hash(RECORD | {name: 2}, [])


def test_what_happens_to_an_adjustment_later_is_not_in_its_hash() -> None:
    assert record_hash(RECORD, []) == record_hash(RECORD | {"state": "posted", "poster_id": 4}, [])


def test_evidence_is_in_the_hash_whatever_its_order() -> None:
    one, other = [("count", 1), ("document", 2)], [("document", 2), ("count", 1)]
    assert record_hash(RECORD, one) == record_hash(RECORD, other) != record_hash(RECORD, one[:1])


def test_what_is_shown_beside_the_record_is_in_the_signed_hash() -> None:
    shown = ("a" * 64, "[]", 5, 1, 100)
    others = [
        ("b" * 64, "[]", 5, 1, 100),
        ("a" * 64, "[[1]]", 5, 1, 100),
        ("a" * 64, "[]", 6, 1, 100),
        ("a" * 64, "[]", 5, 2, 100),
        ("a" * 64, "[]", 5, 1, 101),
    ]
    assert len({shown_hash(*shown), *(shown_hash(*other) for other in others)}) == 6
