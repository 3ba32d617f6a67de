"""P2: the goods were made and put on the shelf; nobody reported them."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told
from zeroline.domain.quantity import SCALE


def test_the_components_of_an_order_went_and_its_output_never_came(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    WOOD@LINE  5/09:00   5/09:01   −80  component issue     WO-2/2  by otto
    here       6/09:00   6/09:01   −50  shipment            SO-1
    here       7/09:00   7/09:01   −30  shipment            SO-2
    production WO-1/1 60 done 60 closed
    production WO-2/1 40
    """
    leading = found.leading
    assert leading.cause == "P2"
    assert (leading.explained, leading.left_over) == (40 * SCALE, 0)
    assert told(leading.evidence) == ["output-missing WO-2", "components-used WO-2"]
    assert asked(leading.settle) == "ask-production WO-2 otto"


def test_an_order_reported_in_full_lacks_no_output(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    here       7/09:00   7/09:01   −75  shipment            SO-2
    production WO-1/1 60 done 60 closed
    """
    assert "P2" not in causes(found)


def test_an_order_that_has_not_begun_lacks_no_output(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    here       7/09:00   7/09:01   −75  shipment            SO-2
    production WO-1/1 60 done 60 closed
    production WO-2/1 40
    """
    assert "P2" not in causes(found)


def test_output_reported_hours_after_it_was_shipped_is_late_not_missing(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    WOOD@LINE  5/09:00   5/09:01   −80  component issue     WO-2/2
    here       5/10:00   6/17:00   +40  production receipt  WO-2/1
    here       6/09:00   6/09:01   −75  shipment            SO-1
    production WO-1/1 60 done 60 closed
    production WO-2/1 40 done 40 closed
    """
    assert found.leading.cause == "T4"


def test_a_part_of_a_closed_order_was_never_reported(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    WOOD@LINE  5/09:00   5/09:01   −80  component issue     WO-2/2
    here       5/10:00   5/10:01   +25  production receipt  WO-2/1
    here       6/09:00   6/09:01   −90  shipment            SO-1
    here       9/07:00   9/07:00   +15  count correction    INV-1
    production WO-1/1 60 done 60 closed
    production WO-2/1 40 done 25 closed
    """
    leading = found.leading
    assert leading.cause == "P2"
    assert leading.explained == found.missing == 15 * SCALE


def test_the_first_order_of_a_product_was_never_reported(found):
    """
    here had 10
    WOOD@LINE  5/09:00   5/09:01   −80  component issue     WO-2/2
    here       6/09:00   6/09:01   −30  shipment            SO-1
    production WO-2/1 40
    """
    assert found.leading.cause == "P2"


def test_an_order_for_another_place_or_of_long_ago_lacks_no_output_here(found):
    """
    here had 10
    WOOD@LINE   5/09:00   5/09:01   −80  component issue     WO-2/2
    WOOD@LINE 129/09:00 129/09:01   −80  component issue     WO-3/2
    here      130/09:00 130/09:01   −30  shipment            SO-1
    production WO-2/1 40
    production WO-3/1 40 at FG-02
    """
    assert "P2" not in causes(found)


def test_components_went_for_more_than_an_order_has_reported(found):
    """
    here       1/09:00   1/09:01    +5  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01   −10  component issue     WO-1/2
    IRON@LINE  1/09:00   1/09:01    −5  component issue     WO-1/3
    here       3/09:00   3/09:01    +4  production receipt  WO-2/1
    WOOD@LINE  3/09:00   3/09:01    −8  component issue     WO-2/2
    IRON@LINE  3/09:00   3/09:01    −4  component issue     WO-2/3
    WOOD@LINE  3/11:00   3/11:01    −8  component issue     WO-2/2
    IRON@LINE  3/11:00   3/11:01    −4  component issue     WO-2/3
    here       6/09:00   6/09:01   −12  transfer out        MV-1
    here       9/07:00   9/07:00    +4  count correction    INV-1
    production WO-2/1 8 done 4
    """
    leading = found.leading
    assert leading.cause == "P2"
    assert leading.explained == found.missing == 4 * SCALE
    assert told(leading.evidence) == ["output-missing WO-2", "components-used WO-2"]


def test_without_plans_an_order_that_took_the_same_components_and_reported_nothing(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    IRON@LINE  1/09:00   1/09:01   −60  component issue     WO-1/3
    WOOD@LINE  5/09:00   5/09:01   −80  component issue     WO-2/2  by otto
    IRON@LINE  5/09:00   5/09:01   −40  component issue     WO-2/3
    WOOD@LINE  5/10:00   5/10:01   −80  component issue     WO-3/2
    here       6/09:00   6/09:01   −50  shipment            SO-1
    here       7/09:00   7/09:01   −30  shipment            SO-2
    """
    leading = found.leading
    assert leading.cause == "P2"
    assert leading.explained == 40 * SCALE
    assert told(leading.evidence) == ["components-used WO-2"]


def test_an_order_that_has_only_begun_or_is_for_another_place_lacks_nothing_here(found):
    """
    here       1/09:00   1/09:01   +60  production receipt  WO-1/1
    WOOD@LINE  1/09:00   1/09:01  −120  component issue     WO-1/2
    WOOD@LINE  6/08:00   6/08:01   −80  component issue     WO-2/2
    WOOD@LINE  5/08:00   5/08:01   −80  component issue     WO-3/2
    here       6/09:00   6/09:01   −75  shipment            SO-1
    production WO-2/1 40
    production WO-3/1 40 at FG-02
    """
    assert told(hypothesis(found, "P2").evidence) == ["output-missing WO-2", "components-used WO-2"]
