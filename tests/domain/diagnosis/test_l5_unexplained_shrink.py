"""L5: less was counted than the book has, and no record says why."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, silent, told
from zeroline.domain.quantity import SCALE


def test_a_count_found_less_and_nothing_else_speaks(found):
    """
    here had 90
    here    3/10:00  3/10:01   −8  pick              SO-3
    > here  7/07:00  7/07:00   −6  count correction  INV-1
    """
    assert named(found)[0] == "L5"
    leading = hypothesis(found, "L5")
    assert (leading.explained, leading.left_over) == (-6 * SCALE, 0)
    assert told(leading.evidence) == ["counted-less INV-1"]
    assert asked(leading.settle) == "count-here here"


def test_a_count_of_zerolines_own_found_less(found):
    """
    here had 90
    here    3/10:00  3/10:01   −8  pick  SO-3
    > count here 7/07:00 expected 82 counted 76 by Cora
    """
    assert named(found)[0] == "L5"
    assert hypothesis(found, "L5").explained == -6 * SCALE
    assert told(hypothesis(found, "L5").evidence) == []


def test_a_receipt_booked_twice_is_a_better_reason(found):
    """
    here had 9
    here    5/08:00  5/08:05  +25  receipt  PO-2/1
    here    5/11:00  5/11:05  +25  receipt  PO-2/1
    > here  9/07:00  9/07:00  −25  count correction  INV-1
    receipt PO-2/1 25 done 50 closed
    """
    assert found.leading.cause == "R5"


def test_a_count_that_found_more_is_no_loss(found):
    """
    here had 90
    here    3/10:00  3/10:01   −8  pick              SO-3
    > here  7/07:00  7/07:00   +6  count correction  INV-1
    """
    assert "L5" not in causes(found)


def test_a_book_below_zero_is_no_loss(found):
    """
    here had 4
    here    3/10:00  3/10:01   −8  pick              SO-3
    """
    assert silent(found)


def test_what_was_taken_after_the_count_was_not_gone(found):
    """
    here had 60
    > here  5/07:00  5/07:00  −31  count correction  INV-1
    here    9/10:00  9/10:01  −44  pick              SO-4
    """
    assert hypothesis(found, "L5").probability < 0.2
