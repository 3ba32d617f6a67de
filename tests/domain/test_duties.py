"""Whose hands must differ (rule 3)."""

from __future__ import annotations

import pytest

from zeroline.domain.duties import Hands


def test_five_different_people_are_in_nobodys_way() -> None:
    assert Hands(3, 1, 2, 3, 3, 4, 5).conflicts() == ()


@pytest.mark.parametrize("hand", ["counter", "recounter", "investigator", "proposer"])
def test_the_approver_is_none_of_the_hands_before(hand: str) -> None:
    assert Hands(1, approver=7, **{hand: 7}).conflicts() == (("approver", hand),)


def test_a_recount_by_the_first_counter_is_a_conflict() -> None:
    assert Hands(1, counter=1, recounter=1).conflicts() == (("recounter", "counter"),)


def test_the_poster_may_be_the_approver_up_to_tier_two_and_not_above() -> None:
    assert Hands(2, approver=4, poster=4).conflicts() == ()
    assert Hands(3, approver=4, poster=4).conflicts() == (("poster", "approver"),)


def test_a_hand_that_never_was_conflicts_with_nobody() -> None:
    assert Hands(3).conflicts() == ()
