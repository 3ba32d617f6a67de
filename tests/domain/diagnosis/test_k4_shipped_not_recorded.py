"""K4: it left the building and the book still has it, or a shipment was booked without its pick."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told
from zeroline.domain.quantity import SCALE


def test_what_was_picked_to_the_stage_and_never_shipped_is_no_longer_there(found):
    """
    here is staging
    A-01 had 90
    A-01    3/10:00  3/10:01  −18  pick      SO-4/1
    here    3/10:00  3/10:01  +18  pick      SO-4/1
    A-01    3/11:00  3/11:01   −7  pick      SO-5/1
    here    3/11:00  3/11:01   +7  pick      SO-5/1
    here    3/15:00  3/15:01   −7  shipment  SO-5/1
    > here  6/07:00  6/07:00  −18  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "K4"
    assert leading.explained == found.missing == -18 * SCALE
    assert told(leading.evidence) == ["never-shipped SO-4"]
    assert asked(leading.settle) == "ask-delivery-note SO-4"


def test_an_order_past_its_date_that_nobody_booked_may_have_left(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1
    2/10:00  2/10:01  −12  pick     SO-3/1
    > 6/07:00  6/07:00  −18  count correction  INV-1
    order SO-3/1 12 done 12 closed due 2/12:00
    order SO-4/1 18 due 4/12:00
    """
    leading = found.leading
    assert leading.cause == "K4"
    assert told(leading.evidence) == ["order-open-past-due SO-4"]
    assert asked(leading.settle) == "ask-delivery-note SO-4"


def test_a_shipment_from_the_stage_without_its_pick(found):
    """
    here is staging
    A-01 had 90
    A-01  2/10:00  2/10:01  −12  pick      SO-3/1
    here  2/10:00  2/10:01  +12  pick      SO-3/1
    here  2/15:00  2/15:01  −12  shipment  SO-3/1
    here  3/15:00  3/15:01   −8  shipment  SO-4/1  by dora
    """
    leading = found.leading
    assert leading.cause == "K4"
    assert leading.explained == 8 * SCALE
    assert told(leading.evidence) == ["shipped-without-pick SO-4"]
    assert asked(leading.settle) == "ask-who dora SO-4"


def test_more_shipped_than_picked_is_another_quantity_not_a_missing_pick(found):
    """
    here is staging
    A-01 had 90
    A-01  3/10:00  3/10:01   −8  pick      SO-4/1
    here  3/10:00  3/10:01   +8  pick      SO-4/1
    here  3/15:00  3/15:01  −11  shipment  SO-4/1
    """
    assert found.leading.cause == "K3"
    assert "K4" not in causes(found)


def test_what_was_brought_to_the_stage_an_hour_ago_is_still_to_be_shipped(found):
    """
    here is staging
    A-01 had 90
    A-01    6/06:00  6/06:01  −18  pick      SO-4/1
    here    6/06:00  6/06:01  +18  pick      SO-4/1
    > here  6/07:00  6/07:00  −18  count correction  INV-1
    """
    assert "K4" not in causes(found)


def test_an_order_that_is_due_next_week_has_not_left(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1
    > 6/07:00  6/07:00  −18  count correction  INV-1
    order SO-4/1 18 due 14/12:00
    """
    assert named(found)[0] == "L5"
    assert hypothesis(found, "L5").explained == -18 * SCALE
