"""C1: too little was counted; the correction took from the book what stands on the shelf."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told
from zeroline.domain.quantity import SCALE


def test_picks_went_on_after_a_count_that_found_almost_nothing(found):
    """
    here had 60
    here  3/10:00  3/10:01   −8  pick              SO-3
    here  5/07:00  5/07:00  −43  count correction  INV-1  by cora
    here  6/10:00  6/10:01  −14  pick              SO-4
    here  7/10:00  7/10:01  −11  pick              SO-5
    """
    assert named(found)[0] == "C1"
    leading = hypothesis(found, "C1")
    assert (leading.explained, leading.left_over) == (43 * SCALE, 0)
    assert told(leading.evidence) == ["counted-too-little INV-1"]
    facts = leading.evidence[0].facts
    assert (facts["expected_quantity"], facts["counted_quantity"]) == (52 * SCALE, 9 * SCALE)
    assert asked(leading.settle) == "count-here here"


def test_a_later_count_found_it_again(found):
    """
    here had 60
    here  3/10:00  3/10:01   −8  pick              SO-3
    here  5/07:00  5/07:00  −43  count correction  INV-1
    here  6/10:00  6/10:01  −14  pick              SO-4
    here  8/07:00  8/07:00  +43  count correction  INV-2
    """
    assert found.leading.cause == "C1"
    assert told(found.leading.evidence) == ["counted-too-little INV-1", "found-again INV-2"]


def test_a_count_of_zerolines_own_found_it_again(found):
    """
    here had 60
    here  5/07:00  5/07:00  −43  count correction  INV-1
    here  6/10:00  6/10:01  −24  pick              SO-4
    count here 8/07:00 expected -7 counted 36 by Cora
    """
    assert found.leading.cause == "C1"


def test_the_variance_of_a_count_that_the_next_one_takes_back(found):
    """
    here had 60
    here    3/10:00  3/10:01   −8  pick              SO-3
    > here  5/07:00  5/07:00  −31  count correction  INV-1
    here    9/07:00  9/07:00  +31  count correction  INV-2
    """
    assert found.leading.cause == "C1"
    assert found.leading.explained == found.missing == -31 * SCALE


def test_a_count_long_ago_did_not_make_todays_shortage_where_much_has_moved_since(found):
    """
    here had 70
    here   5/07:00   5/07:00  −43  count correction  INV-1
    here   6/10:00   6/10:00   +1  customer return   R-*   ×40 every 2 days
    here   6/12:00   6/12:00   −1  pick              S-*   ×40 every 2 days
    here  99/10:00  99/10:01  −34  pick              SO-4
    """
    assert "C1" not in causes(found)


def test_a_count_long_ago_is_still_the_last_word_of_a_quiet_place(found):
    """
    here had 60
    here   5/07:00   5/07:00  −43  count correction  INV-1
    here  99/10:00  99/10:01  −24  pick              SO-4
    """
    assert "C1" in causes(found)


def test_the_next_count_finds_it_again_but_for_a_piece_or_two(found):
    """
    here had 200
    here   5/07:00   5/07:00  −102  count correction  INV-1
    here  30/10:00  30/10:01  −150  pick              SO-4
    here  60/07:00  60/07:00  +104  count correction  INV-2
    """
    assert found.leading.cause == "C1"


def test_a_count_that_found_more_did_not_make_a_shortage(found):
    """
    here had 10
    here  5/07:00  5/07:00   +6  count correction  INV-1
    here  6/10:00  6/10:01  −24  pick              SO-4
    """
    assert "C1" not in causes(found)


def test_the_variance_that_takes_back_an_earlier_one(found):
    """
    here had 60
    here    3/10:00  3/10:01   −8  pick              SO-3
    here    5/07:00  5/07:00  −31  count correction  INV-1
    > here  9/07:00  9/07:00  +31  count correction  INV-2
    """
    assert found.leading.cause == "C1"
    assert found.leading.explained == found.missing == 31 * SCALE
    assert told(found.leading.evidence)[0] == "counted-too-little INV-1"


def test_one_piece_more_and_one_less_are_the_noise_of_counting(found):
    """
    here had 60
    here    5/07:00  5/07:00  +1  count correction  INV-1
    > here  9/07:00  9/07:00  −1  count correction  INV-2
    """
    assert found.leading.cause == "L5"


def test_the_book_fell_below_zero_after_a_count_had_taken_from_it(found):
    """
    here had 60
    > here  5/07:00  5/07:00  −31  count correction  INV-1
    here    9/10:00  9/10:01  −44  pick              SO-4
    """
    assert found.leading.cause == "C1"


def test_a_count_of_three_months_ago_is_in_doubt_only_if_just_that_was_found_again(found):
    """
    here had 60
    here   5/07:00   5/07:00  −31  count correction  INV-1
    here  80/10:00  80/10:01  −44  pick              SO-4
    here  90/07:00  90/07:00  +31  count correction  INV-2
    """
    assert found.leading.cause == "C1"
