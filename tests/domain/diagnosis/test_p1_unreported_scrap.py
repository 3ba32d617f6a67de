"""P1: pieces were spoilt at the line and thrown away; the book still has them."""

from __future__ import annotations

from support.answers import asked, hypothesis, named, told, weak
from zeroline.domain.quantity import SCALE


def test_a_place_that_feeds_the_line_was_counted_short_soon_after_an_order(found):
    """
    here had 500
    here    1/09:00  1/09:01  −40  component issue   WO-*  by otto ×6
    > here  7/07:00  7/07:00   −9  count correction  INV-1
    production WO-6/1 40 done 40 closed
    """
    leading = found.leading
    assert leading.cause == "P1"
    assert leading.explained == found.missing == -9 * SCALE
    assert told(leading.evidence) == ["used-before WO-6", "planned WO-6"]
    assert asked(leading.settle) == "ask-production WO-6 otto"


def test_the_output_of_an_order_was_counted_short(found):
    """
    here    1/09:00  1/09:01  +60  production receipt  WO-1  by otto
    here    3/09:00  3/09:01  +60  production receipt  WO-2  by otto
    > here  4/07:00  4/07:00   −5  count correction    INV-1
    """
    assert found.leading.cause == "P1"
    assert told(found.leading.evidence) == ["made-before WO-2"]


def test_a_shelf_without_production_was_counted_short_for_no_known_reason(found):
    """
    here    1/09:00  1/09:01  +60  receipt           PO-1
    here    3/09:00  3/09:01  −20  pick              SO-1
    > here  4/07:00  4/07:00   −5  count correction  INV-1
    """
    assert named(found)[0] == "L5"
    assert weak(found, "P1")


def test_an_order_of_half_a_year_ago_says_nothing_about_todays_count(found):
    """
    here      1/09:00    1/09:01  +60  production receipt  WO-1
    > here  150/07:00  150/07:00   −5  count correction    INV-1
    """
    assert weak(found, "P1")


def test_more_missing_than_was_ever_made_is_not_the_scrap_of_that_order(found):
    """
    here had 500
    here    3/09:00  3/09:01  +20  production receipt  WO-2
    > here  4/07:00  4/07:00  −75  count correction    INV-1
    """
    assert hypothesis(found, "L5").probability > 0.5
    assert weak(found, "P1")
