"""U3: a supplier's number leads to another item; delivery after delivery came in as that one."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE


def test_every_delivery_since_some_day_came_in_as_the_same_other_item(found):
    """
    here      1/08:00   1/08:05  +40  receipt  PO-1/1
    NUT@B-01  8/08:00   8/08:05  +24  receipt  PO-2/1
    NUT@B-01 15/08:00  15/08:05  +36  receipt  PO-3/1
    here      9/10:00   9/10:01  −30  pick     SO-3
    here     18/10:00  18/10:01  −55  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 24 due 8/12:00
    receipt PO-3/1 36 due 15/12:00
    """
    leading = found.leading
    assert leading.cause == "U3"
    assert (leading.explained, leading.left_over) == (60 * SCALE, 0)
    assert told(leading.evidence)[:2] == ["ordered-this-item PO-3", "came-in-as-other PO-3"]
    assert asked(leading.settle) == "look-at-cross-reference NUT"
    assert {quantity for _, _, quantity in leading.lift} == {24 * SCALE, 36 * SCALE}


def test_once_only_and_right_again_after_it_is_one_receipt_gone_wrong(found):
    """
    here      1/08:00   1/08:05  +40  receipt  PO-1/1
    NUT@B-01  8/08:00   8/08:05  +24  receipt  PO-2/1
    here      9/10:00   9/10:01  −30  pick     SO-3
    here     12/10:00  12/10:01  −25  pick     SO-4
    here     15/08:00  15/08:05  +36  receipt  PO-3/1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 24 due 8/12:00
    receipt PO-3/1 36 done 36 closed due 15/12:00
    """
    assert found.leading.cause == "R2"


def test_an_order_that_was_received_as_ordered_is_no_trace_of_it(found):
    """
    here      1/08:00   1/08:05  +40  receipt  PO-1/1
    NUT@B-01  1/08:00   1/08:05  +24  receipt  PO-1/2
    here      9/10:00   9/10:01  −30  pick     SO-3
    here     18/10:00  18/10:01  −25  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-1/2 24 done 24 closed due 1/12:00 of NUT
    """
    assert not {"U3", "R2"} & set(causes(found))


def test_two_deliveries_of_one_order_came_in_as_an_item_that_it_does_not_ask_for(found):
    """
    here     1/08:00  1/08:05  +50  receipt   PO-1/1
    NUT@B-7  4/08:00  4/08:05  +40  receipt   PO-2/1
    NUT@B-7  6/08:00  6/08:05  +40  receipt   PO-2/1
    here     7/10:00  7/10:01  −75  pick      SO-4
    receipt PO-1/1 50 done 50 closed due 1/12:00
    receipt PO-2/1 80 due 4/12:00
    """
    assert found.leading.cause == "U3"


def test_order_after_order_for_another_item_was_taken_from_this_one(found):
    """
    here had 4
    here 3/10:00  3/10:01  −3  pick  SO-1/1
    here 5/10:00  5/10:01  −5  pick  SO-2/1
    here 8/10:00  8/10:01  −4  pick  SO-3/1
    order SO-1/1 3 due 3/12:00 of NUT
    order SO-2/1 5 due 5/12:00 of NUT
    order SO-3/1 4 due 8/12:00 of NUT
    """
    assert found.leading.cause == "U3"
    assert told(found.leading.evidence)[:2] == ["confirmed-on-this SO-2", "ordered-other SO-2"]
    assert asked(found.leading.settle) == "look-at-cross-reference NUT"


def test_one_order_for_another_item_is_one_pick_gone_wrong(found):
    """
    here had 4
    here 3/10:00  3/10:01  −3  pick  SO-1/1
    here 5/10:00  5/10:01  −5  pick  SO-2/1
    order SO-1/1 3 done 3 closed due 3/12:00
    order SO-2/1 5 due 5/12:00 of NUT
    """
    assert found.leading.cause == "K1"
