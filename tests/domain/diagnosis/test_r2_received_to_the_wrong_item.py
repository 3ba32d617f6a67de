"""R2: the delivery was booked in as another item."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told
from zeroline.domain.quantity import SCALE


def test_a_delivery_of_this_item_was_booked_in_as_another(found):
    """
    here      1/08:00  1/08:05  +40  receipt  PO-1/1
    NUT@B-01  5/08:00  5/08:05  +40  receipt  PO-2/1
    here      6/10:00  6/10:01  −30  pick     SO-3
    here      7/10:00  7/10:01  −22  pick     SO-4
    here      9/08:00  9/08:05  +40  receipt  PO-3/1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 due 5/12:00
    receipt PO-3/1 40 done 40 closed due 9/12:00
    """
    leading = found.leading
    assert leading.cause == "R2"
    assert (leading.explained, leading.left_over) == (40 * SCALE, 0)
    assert told(leading.evidence) == ["ordered-this-item PO-2", "came-in-as-other PO-2"]
    assert leading.evidence[1].facts["other"] == "NUT"
    assert asked(leading.settle) == "count-item NUT"


def test_two_lines_of_one_order_were_mixed_up(found):
    """
    here      1/08:00  1/08:05  +40  receipt  PO-1/1
    NUT@B-01  5/08:00  5/08:05  +60  receipt  PO-2/2
    NUT@B-01  5/08:00  5/08:07  +40  receipt  PO-2/2
    here      6/10:00  6/10:01  −30  pick     SO-3
    here      7/10:00  7/10:01  −22  pick     SO-4
    here      9/08:00  9/08:05  +40  receipt  PO-3/1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 due 5/12:00
    receipt PO-2/2 60 done 100 due 5/12:00 of NUT
    receipt PO-3/1 40 done 40 closed due 9/12:00
    """
    assert found.leading.cause == "R2"
    assert told(found.leading.evidence) == ["ordered-this-item PO-2", "came-in-as-other PO-2"]


def test_delivery_after_delivery_as_the_same_other_item_is_the_cross_reference(found):
    """
    here      1/08:00  1/08:05  +40  receipt  PO-1/1
    NUT@B-01  5/08:00  5/08:05  +40  receipt  PO-2/1
    NUT@B-01  8/08:00  8/08:05  +40  receipt  PO-3/1
    here      9/10:00  9/10:01  −30  pick     SO-3
    here     10/10:00 10/10:01  −72  pick     SO-4
    NUT@B-01 12/08:00 12/08:05  +40  receipt  PO-4/1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 due 5/12:00
    receipt PO-3/1 40 due 8/12:00
    receipt PO-4/1 40 due 12/12:00
    """
    assert found.leading.cause == "U3"


def test_the_dock_has_one_item_and_the_shelf_another_under_one_paper(found):
    """
    here is a dock
    here      1/08:00  1/08:05  +40  receipt  PO-1/1
    here      1/09:00  1/09:05  −40  putaway  PO-1/1
    NUT@here  5/08:00  5/08:05  +24  receipt  PO-2/1
    here      5/09:00  5/09:05  −24  putaway  PO-2/1
    A-01      5/09:00  5/09:05  +24  putaway  PO-2/1
    """
    said = hypothesis(found, "R2")
    assert said.explained == 24 * SCALE
    assert told(said.evidence) == ["came-in-as-other PO-2", "crossed PO-2"]
    assert asked(said.settle) == "count-item NUT"


def test_another_item_of_the_same_truck_with_its_own_line_is_nothing(found):
    """
    here      1/08:00  1/08:05  +40  receipt  PO-1/1
    NUT@B-01  5/08:00  5/08:05  +60  receipt  PO-2/2
    here      6/10:00  6/10:01  −30  pick     SO-3
    here      7/10:00  7/10:01  −22  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 due 12/12:00
    receipt PO-2/2 60 done 60 due 5/12:00 of NUT
    """
    assert not {"R2", "U3"} & set(causes(found))
