"""Exact tails and the correction for many comparisons."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.diagnosis.chance import NEVER, benjamini_hochberg, hypergeometric_tail


def exact(k: int, n: int, m: int, total: int) -> Fraction:
    hits = range(max(k, 0, n + m - total), min(n, m) + 1)
    return Fraction(sum(comb(m, i) * comb(total - m, n - i) for i in hits), comb(total, n))


@given(st.data())
def test_the_tail_is_that_of_whole_numbers(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 400))
    n, m = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    k = data.draw(st.integers(0, total))
    wanted, found = exact(k, n, m, total), hypergeometric_tail(k, n, m, total)
    if wanted == 0:
        assert found == NEVER
    else:
        logarithm = log(wanted.numerator) - log(wanted.denominator)
        assert found == pytest.approx(logarithm, rel=1e-7, abs=1e-7)


def test_a_case_of_a_ledger_can_be_checked_by_hand() -> None:
    """11 of 14 drawn where 12 of 100 are marked."""
    assert exp(hypergeometric_tail(11, 14, 12, 100)) == pytest.approx(float(exact(11, 14, 12, 100)), rel=1e-9)


def test_even_what_no_float_can_hold_keeps_its_logarithm() -> None:
    assert -50_000 < hypergeometric_tail(5_000, 5_000, 6_000, 1_000_000) < -20_000


def test_the_correction_multiplies_by_the_comparisons_and_divides_by_the_rank() -> None:
    logs = [log(0.0001), log(0.004), log(0.0002)]
    assert benjamini_hochberg(logs, 100) == pytest.approx([0.01, 0.4 / 3, 0.01])


def test_a_stronger_one_is_never_corrected_to_more_than_a_weaker_one() -> None:
    assert benjamini_hochberg([log(0.001), log(0.00101)], 10) == pytest.approx([0.00505, 0.00505])


@given(st.lists(st.floats(-40, 0), max_size=30), st.integers(0, 200))
def test_corrected_values_are_ordered_as_the_others_and_never_smaller(logs: list[float], more: int) -> None:
    corrected = benjamini_hochberg(logs, len(logs) + more)
    assert all(exp(p) <= q * (1 + 1e-9) and q <= 1 for p, q in zip(logs, corrected, strict=True))
    ranked = [q for _, q in sorted(zip(logs, corrected, strict=True))]
    assert ranked == sorted(ranked)


def test_nothing_was_compared() -> None:
    assert benjamini_hochberg([], 0) == []
