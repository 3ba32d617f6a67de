"""S3: the system said that there was not enough, and somebody forced it through."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told
from zeroline.domain.quantity import SCALE


def test_a_pick_was_forced_past_the_check(found):
    """
    here had 10
    here  2/10:00  2/10:01   −8  pick  SO-3  by carl
    here  3/10:00  3/10:01  −12  pick  SO-4  by rita !
    """
    leading = found.leading
    assert leading.cause == "S3"
    assert (leading.explained, leading.left_over) == (12 * SCALE, 0)
    assert told(leading.evidence) == ["forced SO-4"]
    assert asked(leading.settle) == "ask-who rita SO-4"


def test_what_was_forced_shortly_before_took_the_last_of_the_place(found):
    """
    here had 10
    here  3/09:00  3/09:01  −10  pick  SO-3  by rita !
    here  3/16:00  3/16:01   −4  pick  SO-4  by carl
    """
    said = hypothesis(found, "S3")
    assert told(said.evidence) == ["forced-before SO-3"]
    assert asked(said.settle) == "ask-who rita SO-3"


def test_what_was_forced_days_before_or_before_stock_came_says_nothing(found):
    """
    here had 20
    here  1/09:00  1/09:01  −10  pick         SO-1  by rita !
    here  3/09:00  3/09:01  −10  pick         SO-3  by rita !
    here  3/10:00  3/10:01   +5  transfer in  TO-1
    here  3/16:00  3/16:01   −9  pick         SO-4  by carl
    """
    assert "S3" not in causes(found)


def test_what_was_forced_after_the_crossing_speaks_less(found):
    """
    here had 10
    here  2/10:00  2/10:01  −12  pick  SO-3
    here  3/10:00  3/10:01  −12  pick  SO-4  by rita !
    """
    assert told(hypothesis(found, "S3").evidence) == ["forced SO-4"]


def test_forced_because_the_receipt_was_not_posted_yet_is_a_late_receipt(found):
    """
    here had 10
    here  3/08:00  3/16:00  +40  receipt  PO-1
    here  3/10:00  3/10:01  −12  pick     SO-4  by rita !
    """
    assert found.leading.cause == "T1"


def test_an_override_while_there_was_enough_is_another_matter(found):
    """
    here had 20
    here  1/10:00  1/10:01   −2  pick  SO-3  by rita !
    here  3/10:00  3/10:01  −21  pick  SO-4
    """
    assert "S3" not in causes(found)


def test_forcing_says_less_where_most_was_there(found):
    """
    here had 30
    3/10:00  3/10:01  −40  pick  SO-3  !
    """
    sure = hypothesis(found, "S3").probability
    assert 0.5 < sure < 0.85


def test_forcing_past_an_empty_book_says_most(found):
    """
    here had 5
    2/10:00  2/10:01   −5  pick  SO-2
    3/10:00  3/10:01  −40  pick  SO-3  !
    """
    assert found.leading.cause == "S3"
    assert found.leading.probability > 0.8


def test_forcing_says_little_of_what_a_count_found_where_people_force_all_the_time(found):
    """
    here had 5
    2/10:00  2/10:01   −5  pick  SO-2
    3/10:00  3/10:01  −12  pick  SO-3  !
    4/07:00  4/07:00  +12  count correction  INV-1
    of 160 stretches below zero 25 were forced
    """
    assert causes(found)[0] == "Z0"
    assert hypothesis(found, "S3").explained == 12 * SCALE


def test_what_a_count_found_was_forced_where_hardly_anything_is(found):
    """
    here had 5
    2/10:00  2/10:01   −5  pick  SO-2
    3/10:00  3/10:01  −12  pick  SO-3  !
    4/07:00  4/07:00  +12  count correction  INV-1
    of 160 stretches below zero 2 were forced
    """
    assert found.leading.cause == "S3"
