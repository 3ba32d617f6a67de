"""Policy: what wins, which tier, and that no policy contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Role
from zeroline.domain.policy import (
    DEFAULT,
    EVERYWHERE,
    PERCENT,
    Flag,
    Limit,
    NegativeRule,
    Policy,
    PolicyChange,
    Rule,
    Scope,
    Target,
    Tier,
    TierVerdict,
    diff,
)
from zeroline.domain.quantity import LARGEST, SCALE
from zeroline.domain.tolerance import NOTHING_PASSES, Tolerance

TARGET = Target(
    item="4711", item_class="screws", abc_class="A", location="A-01", warehouse="WH1", site="MAIN"
)
NAMED = {scope: TARGET.name(scope) for scope in Scope}
MONEY = SCALE


def rule(scope: Scope) -> Rule:
    return Rule(scope, NAMED[scope])


# --- the most specific wins


@given(st.sets(st.sampled_from(list(Scope))))
def test_the_most_specific_scope_wins(scopes: set[Scope]) -> None:
    order = list(Scope)
    policy = replace(
        DEFAULT,
        tolerances={rule(scope): Tolerance(quantity=order.index(scope)) for scope in scopes},
        negatives={rule(scope): NegativeRule.OVERRIDE for scope in scopes},
    )
    most = max((order.index(scope) for scope in scopes), default=None)
    found = policy.tolerance(TARGET)
    assert found == (NOTHING_PASSES if most is None else Tolerance(quantity=most))
    assert policy.negative(TARGET) is (NegativeRule.FORBIDDEN if most is None else NegativeRule.OVERRIDE)


def test_the_order_of_scopes_is_from_the_site_to_the_item() -> None:
    assert [scope.value for scope in Scope] == [
        "everywhere",
        "site",
        "warehouse",
        "class",
        "item class",
        "location",
        "item",
    ]


def test_a_rule_for_something_else_does_not_count() -> None:
    others = {Rule(scope, "other"): NegativeRule.ALLOWED for scope in Scope if scope is not Scope.EVERYWHERE}
    assert replace(DEFAULT, negatives=others).negative(TARGET) is NegativeRule.FORBIDDEN


def test_what_is_not_known_of_a_target_matches_no_rule() -> None:
    policy = replace(DEFAULT, negatives={Rule(Scope.SITE, "MAIN"): NegativeRule.ALLOWED})
    assert policy.negative(Target(item="4711")) is NegativeRule.FORBIDDEN


def test_the_shipped_tolerances_go_by_abc_class() -> None:
    shares = {name: DEFAULT.tolerance(Target(abc_class=name)).percent for name in "ABC"}
    assert shares == {"A": 1 * PERCENT, "B": 3 * PERCENT, "C": 5 * PERCENT}
    assert DEFAULT.tolerance(Target(item="4711")) == NOTHING_PASSES


def test_the_shipped_policy_forbids_negatives_everywhere() -> None:
    assert DEFAULT.negative(TARGET) is NegativeRule.FORBIDDEN


# --- tiers


TIERS = replace(
    DEFAULT,
    tiers=(
        Tier(value=100 * MONEY, quantity=50 * SCALE, percent=10 * PERCENT),
        Tier(value=1000 * MONEY, quantity=500 * SCALE, percent=100 * PERCENT),
    ),
    flags={Flag.THEFT: 3, Flag.UNEXPLAINED: 2, Flag.REVERSAL: 2},
)


@pytest.mark.parametrize(
    ("value", "quantity", "percent", "expected"),
    [
        (100, 50, 10, TierVerdict(1)),
        (-100, -50, 10, TierVerdict(1)),
        (101, 1, 1, TierVerdict(2, ("value",))),
        (-101, -1, 1, TierVerdict(2, ("value",))),
        (1, 51, 1, TierVerdict(2, ("quantity",))),
        (1, 1, 11, TierVerdict(2, ("percent",))),
        (101, 51, 11, TierVerdict(2, ("value", "quantity", "percent"))),
        (1001, 51, 11, TierVerdict(3, ("value",))),
        (1, 501, 101, TierVerdict(3, ("quantity", "percent"))),
    ],
)
def test_the_tier_is_the_lowest_that_the_size_fits(
    value: int, quantity: int, percent: int, expected: TierVerdict
) -> None:
    assert TIERS.tier(value * MONEY, quantity * SCALE, percent * PERCENT) == expected


@pytest.mark.parametrize(
    ("flags", "value", "expected"),
    [
        ({Flag.REVERSAL}, 1, TierVerdict(2, ("reversal",))),
        ({Flag.REVERSAL, Flag.UNEXPLAINED}, 1, TierVerdict(2, ("reversal", "unexplained"))),
        ({Flag.REVERSAL, Flag.THEFT}, 1, TierVerdict(3, ("theft",))),
        ({Flag.REVERSAL}, 101, TierVerdict(2, ("value", "reversal"))),
        ({Flag.REVERSAL}, 1001, TierVerdict(3, ("value",))),
        ({Flag.NO_COUNT}, 1, TierVerdict(1)),
    ],
)
def test_a_flag_lifts_the_tier(flags: set[Flag], value: int, expected: TierVerdict) -> None:
    assert TIERS.tier(value * MONEY, SCALE, 0, frozenset(flags)) == expected


def test_small_ones_together_count_as_one_large() -> None:
    assert TIERS.tier(40 * MONEY, SCALE, 0, cumulated=80 * MONEY) == TierVerdict(1)
    assert TIERS.tier(40 * MONEY, SCALE, 0, cumulated=120 * MONEY) == TierVerdict(2, ("cumulated",))
    assert TIERS.tier(40 * MONEY, SCALE, 0, cumulated=1200 * MONEY) == TierVerdict(3, ("cumulated",))


def test_a_tier_without_limits_lets_nothing_through() -> None:
    assert replace(DEFAULT, tiers=(Tier(), Tier())).tier(0, 0, 0) == TierVerdict(3)
    assert replace(DEFAULT, tiers=(Tier(), Tier(quantity=SCALE))).tier(0, 0, 0).tier == 2
    assert replace(DEFAULT, tiers=(Tier(quantity=SCALE), Tier())).tier(0, 0, 0).tier == 1


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_splitting_never_lowers_the_tier(first: int, second: int, quantity: int) -> None:
    whole = DEFAULT.tier(first + second, quantity, 0).tier
    assert DEFAULT.tier(second, quantity, 0, cumulated=first + second).tier == whole


def test_a_role_without_a_limit_signs_nothing() -> None:
    assert DEFAULT.limit(Role.COUNTER) == Limit(0, 0)
    assert DEFAULT.limit(Role.SUPERVISOR) == Limit(1, 250 * MONEY)
    assert DEFAULT.limit(Role.MANAGER) == Limit(3, LARGEST)


# --- one text for one policy

CHANGED = replace(
    TIERS,
    tolerances={Rule(Scope.ITEM, "a:b/c"): Tolerance(1, 2, 3), EVERYWHERE: Tolerance(value=0)},
    negatives={Rule(Scope.SITE, "NORTH"): NegativeRule.ALLOWED},
    limits={Role.MANAGER: Limit(2, 5)},
    counts_per_year={"A": 12, "": 1},
    abc_shares=(70 * PERCENT, 100 * PERCENT),
    due_hours={"high": 1},
    watch_window_days=7,
    idle_lock_seconds=60,
    shift_ends=(0, 23 * 60 + 59),
)


@pytest.mark.parametrize("policy", [DEFAULT, TIERS, CHANGED])
def test_a_policy_survives_being_written_and_read(policy: Policy) -> None:
    again = Policy.from_json(policy.to_json())
    assert again == policy
    assert hash(again) == hash(policy)
    assert again.to_json() == policy.to_json()


def test_what_an_older_version_did_not_know_has_its_default() -> None:
    assert Policy.from_json('{"watch_window_days": 7}') == replace(DEFAULT, watch_window_days=7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nonsense",
        '{"unheard_of": 1}',
        '{"watch_window_days": "soon"}',
        '{"watch_window_days": 7.5}',
        '{"limits": {"manager": {"tier": true, "value": 1}}}',
        '{"tiers": 3}',
        '{"tiers": [{"value": 1.5, "quantity": 1, "percent": 1}]}',
        '{"tolerances": {"item:4711": {}}}',
        '{"tolerances": {"item:4711": {"percent": 0.5, "quantity": null, "value": null}}}',
        '{"negatives": {"everywhere": "sometimes"}}',
        '{"limits": {"king": {"tier": 1, "value": 1}}}',
    ],
)
def test_a_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="policy-unreadable"):
        Policy.from_json(text)


@pytest.mark.parametrize("text", ["planet:Mars", "everywhere:MAIN", "site", "site:"])
def test_a_place_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="policy-scope"):
        Rule.read(text)


def test_nothing_in_a_policy_can_be_changed_in_place() -> None:
    with pytest.raises(TypeError):
        DEFAULT.limits[Role.COUNTER] = Limit(3, 1)  # type: ignore[index]


# --- contradictions


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"watch_window_days": 0}, "policy-number"),
        ({"idle_lock_seconds": -1}, "policy-number"),
        ({"counts_per_year": {"A": 0}}, "policy-number"),
        ({"due_hours": {"high": 0}}, "policy-number"),
        ({"tiers": (Tier(value=1),)}, "policy-tiers"),
        ({"tiers": (Tier(value=2), Tier(value=1))}, "policy-tiers"),
        ({"tiers": (Tier(quantity=-1), Tier())}, "policy-limit-negative"),
        ({"flags": {Flag.THEFT: 4}}, "policy-tiers"),
        ({"limits": {Role.COUNTER: Limit(1, 1)}}, "policy-limit"),
        ({"limits": {Role.MANAGER: Limit(4, 1)}}, "policy-limit"),
        ({"limits": {Role.MANAGER: Limit(3, -1)}}, "policy-limit"),
        ({"limits": {Role.MANAGER: Limit(3, LARGEST + 1)}}, "policy-limit"),
        ({"abc_shares": (95 * PERCENT, 80 * PERCENT)}, "policy-shares"),
        ({"shift_ends": ()}, "policy-shifts"),
        ({"shift_ends": (840, 360)}, "policy-shifts"),
        ({"shift_ends": (360, 360)}, "policy-shifts"),
        ({"shift_ends": (24 * 60,)}, "policy-shifts"),
        ({"abc_shares": (0, 80 * PERCENT)}, "policy-shares"),
        ({"abc_shares": (80 * PERCENT, 101 * PERCENT)}, "policy-shares"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError, match=code):
        replace(DEFAULT, **change)


# --- before and after


def test_two_equal_policies_do_not_differ() -> None:
    assert diff(DEFAULT, Policy.from_json(DEFAULT.to_json())) == ()


def test_a_difference_names_the_value_before_and_after() -> None:
    after = replace(
        DEFAULT,
        idle_lock_seconds=60,
        tolerances={**DEFAULT.tolerances, Rule(Scope.ITEM, "4711"): Tolerance(quantity=SCALE)},
        negatives={},
    )
    assert diff(DEFAULT, after) == (
        PolicyChange("idle_lock_seconds", "300", "60"),
        PolicyChange("negatives/everywhere", "forbidden", ""),
        PolicyChange("tolerances/item:4711/percent", "", "–"),
        PolicyChange("tolerances/item:4711/quantity", "", "1000000"),
        PolicyChange("tolerances/item:4711/value", "", "–"),
    )


def test_a_difference_in_a_list_is_numbered_from_one() -> None:
    after = replace(DEFAULT, tiers=(DEFAULT.tiers[0], replace(DEFAULT.tiers[1], percent=PERCENT)))
    assert diff(DEFAULT, after) == (PolicyChange("tiers/2/percent", "–", "10000"),)
