"""T2: issue and receipt were posted in the wrong order, minutes apart; nothing was ever short."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, silent, told
from zeroline.domain.cause import AdjustmentRight
from zeroline.domain.quantity import SCALE


def test_a_receipt_posted_minutes_after_the_issue_it_covered_was_only_out_of_order(found, shortage):
    """
    1/08:00  1/08:02   +4  receipt   PO-1
    2/09:00  2/09:18  +30  receipt   PO-7
    2/09:10  2/09:11  −11  shipment  SO-3
    """
    leading = found.leading
    assert leading.cause == "T2"
    assert (leading.explained, leading.left_over) == (30 * SCALE, 0)
    assert told(leading.evidence) == ["recorded-after PO-7", "crossed SO-3"]
    assert asked(leading.settle) == "nothing-missing"
    assert leading.adjustment is AdjustmentRight.NO
    late = shortage.here.rows[-1]
    assert leading.lift == ((late.seq, late.occurred, late.quantity),)


def test_an_issue_posted_before_it_happened_took_what_was_still_to_come(found):
    """
    1/08:00  1/08:02   +4  receipt   PO-1
    2/11:10  2/09:11  −11  shipment  SO-3
    2/10:40  2/10:44  +30  receipt   PO-7
    """
    assert found.leading.cause == "T2"
    assert told(found.leading.evidence) == ["recorded-after PO-7", "crossed SO-3"]


def test_without_times_of_happening_minutes_apart_speak_for_the_order_of_posting(found):
    """
    –  1/08:02   +4  receipt   PO-1
    –  2/09:11  −11  shipment  SO-3
    –  2/09:16  +30  receipt   PO-7
    """
    assert found.leading.cause == "T2"
    assert told(found.leading.evidence) == ["brought-back PO-7", "crossed SO-3"]


def test_a_working_day_between_them_is_a_late_receipt(found):
    """
    1/08:00  1/08:02   +4  receipt   PO-1
    2/09:00  2/17:45  +30  receipt   PO-7
    2/09:10  2/09:11  −11  shipment  SO-3
    """
    assert found.leading.cause == "T1"
    assert hypothesis(found, "T1").probability > 2 * sum(
        h.probability for h in found.hypotheses if h.cause == "T2"
    )


def test_two_papers_minutes_apart_in_the_right_order_are_a_real_shortage(found):
    """
    1/08:00  1/08:02   +4  receipt   PO-1
    2/09:10  2/09:11  −11  shipment  SO-3
    2/09:20  2/09:21  +30  receipt   PO-7
    """
    assert "T2" not in causes(found)


def test_without_times_a_receipt_a_week_later_says_nothing_of_the_order_of_posting(found):
    """
    –  1/08:02   +4  receipt   PO-1
    –  2/09:11  −11  shipment  SO-3
    –  9/09:16  +30  receipt   PO-7
    """
    assert silent(found)


def test_without_times_a_count_that_brings_the_book_back_is_no_receipt(found):
    """
    –  1/08:02   +4  receipt           PO-1
    –  2/09:11  −11  shipment          SO-3
    –  2/09:16   +7  count correction  INV-1
    """
    assert not {"T1", "T2"} & set(causes(found))
