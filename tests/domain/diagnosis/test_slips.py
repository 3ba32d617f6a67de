"""Slips of the finger: in a figure, and in the name of a lot."""

from __future__ import annotations

import pytest

from zeroline.domain.diagnosis.slips import alike, slip


@pytest.mark.parametrize(
    ("true", "keyed", "wrong"),
    [
        (147, 17, True),
        (17, 147, True),
        (82, 28, True),
        (82, 822, True),
        (82, 820, True),
        (82, 83, False),
        (1234, 2143, False),
        (82, 8200, False),
        (82, 82, False),
        (0, 5, False),
        (12, 345, False),
    ],
)
def test_one_slip_of_the_finger_loses_doubles_adds_or_swaps_a_digit(true, keyed, wrong):
    assert slip(true, keyed) is wrong
    assert slip(-true, keyed) is wrong


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("L2061", "L2601", True),
        ("L2061", "L2062", True),
        ("L2061", "L206", True),
        ("L2061", "L20611", True),
        ("L2061", "L2061", False),
        ("L2061", "L2160", False),
        ("L2061", "L20", False),
        ("L2061", "", False),
        ("", "L2061", False),
    ],
)
def test_lots_are_alike_when_one_slip_of_the_finger_makes_one_of_the_other(one, other, near):
    assert alike(one, other) is near
    assert alike(other, one) is near
