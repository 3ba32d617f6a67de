"""T1: the goods stood on the shelf, and were taken, long before anybody posted their receipt."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told
from zeroline.domain.cause import AdjustmentRight
from zeroline.domain.quantity import SCALE


def test_a_receipt_posted_hours_after_it_was_picked_from_is_late(found, shortage):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/08:40  2/16:30  +30  receipt  PO-7  by anna
    2/09:12  2/09:13  −11  pick     SO-3
    """
    leading = found.leading
    assert leading.cause == "T1"
    assert (found.missing, found.exact) == (5 * SCALE, False)
    assert (leading.explained, leading.left_over) == (30 * SCALE, 0)
    assert told(leading.evidence) == ["recorded-late PO-7", "crossed SO-3"]
    assert asked(leading.settle) == "look-at-paper PO-7"
    assert leading.adjustment is AdjustmentRight.NO
    late = shortage.here.rows[-1]
    assert leading.lift == ((late.seq, late.occurred, late.quantity),)


def test_a_receipt_that_was_posted_days_late_is_late_too(found):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/15:10  5/09:00  +30  receipt  PO-7
    3/09:12  3/09:13   −4  pick     SO-3
    3/11:30  3/11:31   −7  pick     SO-4
    4/10:02  4/10:03   −5  pick     SO-5
    """
    assert found.leading.cause == "T1"
    assert found.missing == 10 * SCALE
    assert told(found.leading.evidence) == ["recorded-late PO-7", "crossed SO-4"]


def test_a_count_lifted_the_book_and_then_the_late_receipt_came_on_top(found):
    """
    1/08:00  1/08:05   +6  receipt           PO-1
    2/08:40  6/10:00  +30  receipt           PO-7
    2/09:12  2/09:13  −11  pick              SO-3
    3/07:00  3/07:00  +30  count correction  INV-1
    > 8/07:00  8/07:00  −30  count correction  INV-2
    """
    leading = found.leading
    assert leading.cause == "T1"
    assert leading.explained == found.missing == -30 * SCALE
    assert told(leading.evidence) == ["came-on-top PO-7", "corrected-twice INV-1"]


def test_minutes_between_pick_and_receipt_are_an_order_of_posting_not_a_late_paper(found):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/09:01  2/09:20  +30  receipt  PO-7
    2/09:12  2/09:13  −11  pick     SO-3
    """
    assert causes(found)[0] == "T2"


def test_a_receipt_that_really_came_after_the_pick_is_no_late_paper(found):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/09:12  2/09:13  −11  pick     SO-3
    2/14:40  2/14:45  +30  receipt  PO-7
    """
    assert "T1" not in causes(found)


def test_without_times_of_happening_a_receipt_that_came_hours_later_is_named(found):
    """
    here had 4
    here  –  5/08:00  −14  pick     SO-3
    here  –  6/15:00  +40  receipt  PO-2/1
    """
    assert named(found)[0] == "T1"


def test_a_source_that_puts_down_the_time_of_keying_twice_says_nothing_of_when_it_happened(found):
    """
    usually WMS receipt 0 to 0 minutes late
    usually WMS pick 0 to 0 minutes late
    1/08:00  1/08:00   +6  receipt  PO-1
    2/09:12  2/09:12  −11  pick     SO-3
    2/16:30  2/16:30  +30  receipt  PO-7
    """
    assert next(cause for cause in causes(found) if cause != "Z0") == "T1"
    assert told(hypothesis(found, "T1").evidence) == ["brought-back PO-7", "crossed SO-3"]
    assert "T2" not in causes(found)
