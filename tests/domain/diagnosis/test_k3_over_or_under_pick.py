"""K3: another quantity was keyed than was taken; the shipment or the order says so."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told
from zeroline.domain.quantity import SCALE


def test_less_left_the_building_than_was_picked(found):
    """
    STAGE is staging
    here   1/08:00  1/08:05  +40  receipt   PO-1
    here   2/10:00  2/10:01  −30  pick      SO-3/1
    here   3/10:00  3/10:01  −18  pick      SO-4/1  by carl
    STAGE  3/10:00  3/10:01  +18  pick      SO-4/1  by carl
    STAGE  3/15:00  3/15:01   −8  shipment  SO-4/1
    """
    leading = found.leading
    assert leading.cause == "K3"
    assert (leading.explained, leading.left_over) == (10 * SCALE, 0)
    assert told(leading.evidence) == ["picked SO-4", "shipped-less SO-4"]
    assert asked(leading.settle) == "ask-who carl SO-4"
    assert leading.lift == ((3, leading.evidence[0].facts["recorded_at"], -8 * SCALE),)


def test_more_was_picked_than_the_whole_order_line(found):
    """
    here  1/08:00  1/08:05  +40  receipt   PO-1
    here  2/10:00  2/10:01  −30  pick      SO-3/1
    here  3/10:00  3/10:01  −18  pick      SO-4/1
    order SO-4/1 13 done 18 closed
    """
    assert found.leading.cause == "K3"
    assert found.leading.explained == 5 * SCALE
    assert told(found.leading.evidence) == ["picked SO-4", "ordered-less SO-4"]


def test_less_left_by_just_the_content_of_a_case_is_a_matter_of_the_unit(found):
    """
    CS = 6
    STAGE is staging
    here   1/08:00  1/08:05  +40  receipt   PO-1
    here   2/10:00  2/10:01  −30  pick      SO-3/1
    here   3/10:00  3/10:01  −18  pick      SO-4/1  as 3 CS
    STAGE  3/15:00  3/15:01   −3  shipment  SO-4/1
    """
    assert found.leading.cause == "U1"


def test_what_was_brought_too_much_stays_on_the_stage(found):
    """
    here is staging
    A-01 had 90
    A-01    3/10:00  3/10:01  −18  pick      SO-4/1  by carl
    here    3/10:00  3/10:01  +18  pick      SO-4/1  by carl
    here    3/15:00  3/15:01   −8  shipment  SO-4/1
    > here  6/07:00  6/07:00  −10  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "K3"
    assert leading.explained == -10 * SCALE
    assert told(leading.evidence) == ["brought-more SO-4"]
    assert asked(leading.settle) == "ask-who carl SO-4"


def test_more_left_the_stage_than_had_been_picked_to_it(found):
    """
    here is staging
    A-01 had 90
    A-01  3/10:00  3/10:01   −8  pick      SO-4/1
    here  3/10:00  3/10:01   +8  pick      SO-4/1
    here  3/15:00  3/15:01  −11  shipment  SO-4/1  by dora
    """
    leading = found.leading
    assert leading.cause == "K3"
    assert leading.explained == 3 * SCALE
    assert told(leading.evidence) == ["left-more SO-4"]


def test_without_papers_a_pick_ten_times_the_usual_stands_out(found):
    """
    1/08:00   1/08:05  +95  receipt  PO-1
    2/10:00   2/10:01   −4  pick     SO-1*  ×9
    12/10:00 12/10:01  −60  pick     SO-2  by carl
    """
    assert named(found)[0] == "K3"
    leading = hypothesis(found, "K3")
    assert told(leading.evidence) == ["stands-out SO-2"]
    assert asked(leading.settle) == "ask-who carl SO-2"


def test_an_order_picked_in_two_parts_that_left_together_is_nothing(found):
    """
    STAGE is staging
    here   1/08:00  1/08:05  +40  receipt   PO-1
    here   2/10:00  2/10:01  −30  pick      SO-3/1
    here   3/10:00  3/10:01   −8  pick      SO-4/1
    here   3/11:00  3/11:01  −10  pick      SO-4/1
    STAGE  3/15:00  3/15:01  −18  shipment  SO-4/1
    order SO-4/1 18 done 18 closed
    """
    assert "K3" not in causes(found)


def test_less_is_missing_than_the_one_record_of_a_shipment_took(found):
    """
    here  1/08:00  1/08:05  +50  receipt   PO-1
    here  2/10:00  2/10:01  −45  shipment  SO-3/1
    here  3/10:00  3/10:01  −29  shipment  SO-4/1  by ann
    here  5/07:00  5/07:00  +27  count correction  INV-1
    """
    said = hypothesis(found, "K3")
    assert causes(found)[1] == "K3"
    assert told(said.evidence) == ["less-is-missing SO-4"]
    assert said.explained == found.missing == 27 * SCALE
    assert [quantity for _, _, quantity in said.lift] == [-2 * SCALE]
