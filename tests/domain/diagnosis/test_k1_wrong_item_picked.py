"""K1: confirmed on this item, another one was taken."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told, weak
from zeroline.domain.quantity import SCALE


def test_the_order_is_of_another_item_than_the_one_confirmed(found):
    """
    here      1/08:00  1/08:05  +20  receipt  PO-1
    NUT@B-01  1/08:00  1/08:05  +50  receipt  PO-2
    here      2/10:00  2/10:01  −15  pick     SO-3/1
    here      3/10:00  3/10:01   −9  pick     SO-4/1  by carl
    order SO-3/1 15 done 15 closed
    order SO-4/1 9 done 9 closed of NUT
    """
    leading = found.leading
    assert leading.cause == "K1"
    assert (leading.explained, leading.left_over) == (9 * SCALE, 0)
    assert told(leading.evidence) == ["confirmed-on-this SO-4", "ordered-other SO-4"]
    assert asked(leading.settle) == "count-item NUT"
    assert leading.lift == ((4, leading.evidence[0].facts["recorded_at"], 0),)


def test_what_left_the_building_was_another_item(found):
    """
    STAGE is staging
    here       1/08:00  1/08:05  +20  receipt   PO-1
    here       2/10:00  2/10:01  −15  pick      SO-3/1
    here       3/10:00  3/10:01   −9  pick      SO-4/1  by carl
    NUT@STAGE  3/15:00  3/15:01   −9  shipment  SO-4/1
    """
    assert found.leading.cause == "K1"
    assert told(found.leading.evidence) == ["confirmed-on-this SO-4", "shipped-other SO-4"]
    assert asked(found.leading.settle) == "count-item NUT"


def test_the_item_left_the_stage_under_a_line_for_which_another_was_picked(found):
    """
    here is staging
    A-01 had 90
    NUT@B-01  3/10:00  3/10:01  −9  pick      SO-4/1
    NUT@here  3/10:00  3/10:01  +9  pick      SO-4/1
    here      3/15:00  3/15:01  −9  shipment  SO-4/1
    """
    assert found.leading.cause == "K1"
    assert told(found.leading.evidence) == ["left-without-pick SO-4", "picked-other SO-4"]


def test_what_was_brought_to_the_stage_as_another_item_never_left_it(found):
    """
    here is staging
    A-01 had 90
    A-01      3/09:00  3/09:01   −4  pick      SO-4/1
    here      3/09:00  3/09:01   +4  pick      SO-4/1
    NUT@B-01  3/10:00  3/10:01   −9  pick      SO-4/2
    NUT@here  3/10:00  3/10:01   +9  pick      SO-4/2
    here      3/15:00  3/15:01  −13  shipment  SO-4/1
    """
    assert found.leading.cause == "K1"
    assert told(found.leading.evidence) == ["left-without-pick SO-4", "picked-other SO-4"]
    assert found.leading.explained == 9 * SCALE


def test_the_item_stays_on_the_stage_because_another_left_for_it(found):
    """
    here is staging
    A-01      3/10:00  3/10:01  −9  pick      SO-4/1
    here      3/10:00  3/10:01  +9  pick      SO-4/1
    NUT@here  3/15:00  3/15:01  −9  shipment  SO-4/1
    > here    6/07:00  6/07:00  −9  count correction  INV-1
    """
    assert found.leading.cause == "K1"
    assert told(found.leading.evidence) == ["picked SO-4", "shipped-other SO-4"]


def test_two_counts_found_one_item_over_and_the_other_as_much_short(found):
    """
    here      1/08:00  1/08:05  +30  receipt  PO-1
    NUT@B-01  1/08:00  1/08:05  +50  receipt  PO-2
    here      2/10:00  2/10:01  −17  pick     SO-3
    here      3/10:00  3/10:01  −14  pick     SO-4
    NUT@B-01  5/07:00  5/07:00  −17  count correction  INV-1
    here      6/07:00  6/07:00  +17  count correction  INV-2
    """
    said = hypothesis(found, "K1")
    assert causes(found)[1] == "K1"
    assert said.explained == found.missing == 17 * SCALE
    assert told(said.evidence) == ["other-item-short INV-1", "confirmed-on-this SO-3"]
    assert asked(said.settle) == "count-item NUT"


def test_the_customer_sent_another_item_back(found):
    """
    here  1/08:00  1/08:05  +20  receipt  PO-1
    here  2/10:00  2/10:01  −15  pick     SO-3/1
    here  3/10:00  3/10:01   −9  pick     SO-4/1
    order SO-4/1 9 done 9 closed
    return RMA-1/1 9 of NUT partner SO-4
    """
    assert found.leading.cause == "K1"
    assert told(found.leading.evidence) == ["confirmed-on-this SO-4", "sent-back-other RMA-1"]


def test_an_order_of_two_items_picked_as_ordered_is_nothing(found):
    """
    here      1/08:00  1/08:05  +20  receipt  PO-1
    NUT@B-01  1/08:00  1/08:05  +50  receipt  PO-2
    here      2/10:00  2/10:01  −15  pick     SO-3/1
    here      3/10:00  3/10:01   −9  pick     SO-4/1
    NUT@B-01  3/10:02  3/10:03   −9  pick     SO-4/2
    order SO-4/1 9 done 9 closed
    order SO-4/2 9 done 9 closed of NUT
    """
    assert weak(found, "K1")


def test_a_return_of_what_the_order_had_too_or_of_more_than_was_taken_says_nothing(found):
    """
    here      1/08:00  1/08:05  +20  receipt  PO-1
    NUT@B-01  1/08:00  1/08:05  +20  receipt  PO-1
    here      2/10:00  2/10:01  −15  pick     SO-3/1
    here      3/10:00  3/10:01   −9  pick     SO-4/1
    NUT@B-01  3/10:00  3/10:01   −9  pick     SO-4/2
    order SO-4/1 9 done 9 closed
    order SO-4/2 9 done 9 closed of NUT
    return RMA-1/1 9 of NUT partner SO-4
    return RMA-2/1 70 of PIN partner SO-3
    """
    assert weak(found, "K1")


def test_where_no_second_record_says_what_left_another_item_is_thought_of(found):
    """
    here      1/08:00  1/08:05  +20  receipt   PO-1
    here      2/10:00  2/10:01  −15  shipment  SO-3/1
    here      3/10:00  3/10:01   −9  shipment  SO-4/1  by ann
    here      5/07:00  5/07:00   +9  count correction  INV-1
    """
    said = hypothesis(found, "K1")
    assert told(said.evidence) == ["no-second-record SO-4"]
    assert said.explained == 9 * SCALE
    assert asked(said.settle) == "ask-who ann SO-4"


def test_what_was_picked_and_left_alike_is_not_doubted(found):
    """
    STAGE is staging
    here   1/08:00  1/08:05  +20  receipt   PO-1
    here   3/10:00  3/10:01  −29  pick      SO-4/1
    STAGE  3/10:00  3/10:01  +29  pick      SO-4/1
    STAGE  3/12:00  3/12:01  −29  shipment  SO-4/1
    here   5/07:00  5/07:00   +9  count correction  INV-1
    """
    assert not {"K1", "K3"} & set(causes(found))
