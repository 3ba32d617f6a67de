"""N1: a return was announced, stands on the shelf and was never booked."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.cause import AdjustmentRight
from zeroline.domain.quantity import SCALE


def test_an_announced_return_was_sold_again_before_anybody_booked_it(found):
    """
    here had 10
    here  3/10:00  3/10:01  −8  pick  SO-3
    here  8/10:00  8/10:01  −7  pick  SO-4
    return RMA-1/1 6 due 6/12:00 at here partner ACME
    """
    leading = found.leading
    assert leading.cause == "N1"
    assert (leading.explained, leading.left_over) == (6 * SCALE, 0)
    assert told(leading.evidence) == ["return-not-booked RMA-1"]
    assert asked(leading.settle) == "look-at-paper RMA-1"
    assert leading.adjustment is AdjustmentRight.LATER


def test_what_never_came_in_was_taken_from_where_returns_wait(found):
    """
    here is a quarantine
    here  3/10:00  3/10:01  +4  customer return  RMA-1
    here  4/10:00  4/10:01  −4  transfer out     RMA-1
    here  8/10:00  8/10:01  −6  transfer out     RMA-2
    return RMA-2/1 6
    """
    leading = found.leading
    assert leading.cause == "N1"
    assert set(told(leading.evidence)) == {"return-not-booked RMA-2", "crossed RMA-2"}


def test_goods_went_back_to_the_supplier_and_the_count_found_less(found):
    """
    here had 40
    here    3/10:00  3/10:01   −8  pick              SO-3
    > here  8/07:00  8/07:00  −12  count correction  INV-1
    return SR-1/1 12 due 6/12:00 at here partner ACME
    """
    leading = found.leading
    assert leading.cause == "N1"
    assert leading.explained == -12 * SCALE


def test_a_return_booked_under_another_condition_was_not_forgotten(found):
    """
    here had 10
    here          3/10:00  3/10:01  −8  pick             SO-3
    here:damaged  6/10:00  6/10:01  +6  customer return  RMA-1
    here          8/10:00  8/10:01  −7  pick             SO-4
    return RMA-1/1 6 done 6 closed due 6/12:00 at here
    """
    assert found.leading.cause == "N2"
    assert "N1" not in causes(found)


def test_a_return_that_is_still_on_its_way_explains_nothing(found):
    """
    here had 10
    here  3/10:00  3/10:01  −8  pick  SO-3
    here  8/10:00  8/10:01  −7  pick  SO-4
    return RMA-1/1 6 due 14/12:00 at here
    """
    assert "N1" not in causes(found)


def test_a_return_for_another_place_or_booked_since_explains_nothing(found):
    """
    here had 10
    here  3/10:00  3/10:01  −8  pick             SO-3
    here  7/10:00  7/10:01  −7  pick             SO-4
    here  8/10:00  8/10:01  +2  customer return  RMA-2
    return RMA-1/1 6 due 6/12:00 at B-07
    return RMA-2/1 6 done 2 due 6/12:00 at here
    """
    assert "N1" not in causes(found)


def test_a_supplier_return_that_was_booked_is_no_reason_for_a_variance(found):
    """
    here had 40
    here    6/10:00  6/10:01  −10  supplier return   SR-1
    > here  8/07:00  8/07:00  −12  count correction  INV-1
    return SR-1/1 12 done 10 due 6/12:00 at here
    """
    assert "N1" not in causes(found)


def test_a_return_that_never_came_in_was_inspected_before_the_shortage_showed(found):
    """
    QA is quarantine
    QA     2/10:00  2/10:01  +2  customer return  RMA-1/1
    QA     3/10:00  3/10:01  −1  putaway          RMA-2/1
    A-01   3/10:00  3/10:01  +1  putaway          RMA-2/1
    > QA   4/10:00  4/10:01  −2  putaway          RMA-1/1
    return RMA-1/1 2 done 2 closed due 2/12:00 at QA
    return RMA-2/1 1 done 0 due 3/12:00 at QA
    """
    leading = found.leading
    assert leading.cause == "N1"
    assert told(leading.evidence) == ["return-not-booked RMA-2", "taken-on-it RMA-2"]
