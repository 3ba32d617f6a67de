"""Rule 5: tolerance is safe at and below zero."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.errors import DomainError
from zeroline.domain.policy import PERCENT
from zeroline.domain.quantity import SCALE
from zeroline.domain.tolerance import (
    NOTHING_PASSES,
    Tolerance,
    Verdict,
    judge,
    measure,
    percentage_applies,
    variance_percent,
)

amounts = st.integers(-(10**13), 10**13)
counts = st.integers(0, 10**13)
costs = st.integers(0, 10**10)
limits = st.none() | st.integers(0, 10**12)
tolerances = st.builds(Tolerance, st.none() | st.integers(0, 2 * SCALE), limits, limits)
ONE = SCALE


def test_a_variance_within_all_limits_passes() -> None:
    tolerance = Tolerance(percent=5 * PERCENT, quantity=3 * ONE, value=10 * ONE)
    verdict = judge(100 * ONE, 97 * ONE, 2 * ONE, tolerance)
    assert verdict == Verdict(True, ("percent", "quantity", "value"), ())


@pytest.mark.parametrize(
    ("tolerance", "failed"),
    [
        (Tolerance(percent=2 * PERCENT, quantity=3 * ONE, value=6 * ONE), ("percent",)),
        (Tolerance(percent=3 * PERCENT, quantity=3 * ONE - 1, value=6 * ONE), ("quantity",)),
        (Tolerance(percent=3 * PERCENT, quantity=3 * ONE, value=6 * ONE - 1), ("value",)),
        (Tolerance(quantity=0, value=0), ("quantity", "value")),
    ],
)
def test_every_limit_that_is_set_must_hold(tolerance: Tolerance, failed: tuple[str, ...]) -> None:
    verdict = judge(100 * ONE, 97 * ONE, 2 * ONE, tolerance)
    assert (verdict.passes, verdict.failed) == (False, failed)


def test_no_limit_set_means_nothing_passes() -> None:
    assert judge(100 * ONE, 100 * ONE + 1, 0, NOTHING_PASSES) == Verdict(False, (), ("no limit",))


def test_a_line_without_variance_passes_even_without_a_limit() -> None:
    assert judge(7 * ONE, 7 * ONE, ONE, NOTHING_PASSES) == Verdict(True)
    assert judge(0, 0, ONE, NOTHING_PASSES) == Verdict(True)


@pytest.mark.parametrize(("book", "counted"), [(-ONE, 0), (-1, 1), (-100 * ONE, 100 * ONE), (0, 1)])
def test_a_negative_book_or_something_found_where_nothing_was_never_passes_on_percentage(
    book: int, counted: int
) -> None:
    assert judge(book, counted, 0, Tolerance(percent=10**9)).failed == ("percent",)


def test_a_negative_book_may_pass_on_quantity_and_value() -> None:
    assert judge(-ONE, 0, 2 * ONE, Tolerance(quantity=ONE, value=2 * ONE)).passes


@pytest.mark.parametrize(
    ("book", "counted", "shown"),
    [
        (100 * ONE, 99 * ONE, 1 * PERCENT),
        (99 * ONE, 100 * ONE, 1 * PERCENT),
        (-8 * ONE, 12 * ONE, Fraction(20, 12)),
        (0, 3 * ONE, 100 * PERCENT),
        (ONE // 10, 0, 10 * PERCENT),  # a tenth of a unit is measured against one unit
        (0, 0, 0),
    ],
)
def test_a_variance_is_a_share_of_the_larger_of_book_count_and_one_unit(
    book: int, counted: int, shown: int | Fraction
) -> None:
    expected = round(shown * SCALE) if isinstance(shown, Fraction) else shown
    assert variance_percent(book, counted) == expected


def test_a_tolerance_is_never_negative() -> None:
    with pytest.raises(DomainError, match="policy-limit-negative"):
        Tolerance(quantity=-1)


def test_the_verdict_can_be_kept_with_the_count() -> None:
    facts = judge(100 * ONE, 97 * ONE, 0, Tolerance(quantity=ONE, value=0)).facts()
    assert facts == {"passes": False, "held": ["value"], "failed": ["quantity"]}


@given(amounts, counts, costs, tolerances)
def test_the_verdict_equals_the_rule_in_exact_fractions(
    book: int, counted: int, cost: int, tolerance: Tolerance
) -> None:
    distance = Fraction(abs(counted - book))
    share = distance / max(abs(book), abs(counted), ONE)
    sound = book > 0 or (book == 0 and counted == 0)
    holds = [
        sound and share <= Fraction(tolerance.percent, SCALE) if tolerance.percent is not None else None,
        distance <= tolerance.quantity if tolerance.quantity is not None else None,
        distance * cost / SCALE <= tolerance.value if tolerance.value is not None else None,
    ]
    stated = [one for one in holds if one is not None]
    expected = distance == 0 or (bool(stated) and all(stated))
    assert judge(book, counted, cost, tolerance).passes == expected


@given(amounts, counts, costs, tolerances)
def test_a_wider_limit_never_refuses_what_a_narrower_one_let_pass(
    book: int, counted: int, cost: int, tolerance: Tolerance
) -> None:
    wider = Tolerance(
        *(
            None if limit is None else limit * 2 + 1
            for limit in (tolerance.percent, tolerance.quantity, tolerance.value)
        )
    )
    assert judge(book, counted, cost, wider).passes >= judge(book, counted, cost, tolerance).passes


@given(amounts, counts, costs, tolerances)
def test_every_limit_that_is_set_is_reported_once(
    book: int, counted: int, cost: int, tolerance: Tolerance
) -> None:
    verdict = judge(book, counted, cost, tolerance)
    stated = {name for name in ("percent", "quantity", "value") if getattr(tolerance, name) is not None} or {
        "no limit"
    }
    reported = [*verdict.held, *verdict.failed]
    assert sorted(reported) == (sorted(stated) if book != counted else [])


@given(amounts, counts)
def test_the_share_is_never_above_two_and_measured_against_at_least_one_unit(book: int, counted: int) -> None:
    assert measure(book, counted) >= ONE
    assert 0 <= variance_percent(book, counted) <= 2 * SCALE
    assert variance_percent(book, counted) <= SCALE or not percentage_applies(book, counted)
