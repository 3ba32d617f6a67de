"""M3: put away here, booked on another bin, where it still stands in the book."""

from __future__ import annotations

from support.answers import asked, causes, told, weak
from zeroline.domain.quantity import SCALE


def test_a_putaway_meant_for_this_bin_stands_on_another(found):
    """
    B-07 had 0
    DOCK is a dock
    here  1/08:00   1/08:05  +30  putaway  PO-1/1
    DOCK  9/07:00   9/07:05  +30  receipt  PO-2/1
    DOCK  9/08:00   9/08:05  −30  putaway  PO-2/1
    B-07  9/08:00   9/08:05  +30  putaway  PO-2/1
    here  3/10:00   3/10:01  −26  pick     SO-3
    here 10/10:00  10/10:01  −12  pick     SO-4
    receipt PO-1/1 30 done 30 closed due 1/12:00 at here
    receipt PO-2/1 30 done 30 closed due 9/12:00 at here
    """
    leading = found.leading
    assert leading.cause == "M3"
    assert (leading.explained, leading.left_over) == (30 * SCALE, 0)
    assert told(leading.evidence) == ["booked-elsewhere PO-2", "lies-there B-07"]
    assert asked(leading.settle) == "look-in-bin B-07"


def test_two_counts_show_the_putaway_on_the_wrong_bin(found):
    """
    here  1/08:00   1/08:05  +30  putaway  PO-1/1
    B-07  9/08:00   9/08:05  +30  putaway  PO-2/1
    here  3/10:00   3/10:01  −26  pick     SO-3
    here 10/10:00  10/10:01  −12  pick     SO-4
    B-07 14/07:00  14/07:00  −30  count correction  INV-1
    here 14/07:20  14/07:20  +30  count correction  INV-2
    """
    assert found.leading.cause == "M3"
    assert found.leading.explained == found.missing == 30 * SCALE


def test_goods_received_straight_into_another_bin_are_a_matter_of_the_receipt(found):
    """
    here  1/08:00   1/08:05  +30  receipt  PO-1/1
    B-07  9/08:00   9/08:05  +30  receipt  PO-2/1
    here  3/10:00   3/10:01  −26  pick     SO-3
    here 10/10:00  10/10:01  −12  pick     SO-4
    receipt PO-1/1 30 done 30 closed due 1/12:00 at here
    receipt PO-2/1 30 done 30 closed due 9/12:00 at here
    """
    assert found.leading.cause == "R3"
    assert "M3" not in causes(found)


def test_a_putaway_of_weeks_ago_that_was_picked_from_there_is_where_it_belongs(found):
    """
    B-07 had 10
    here  1/08:00   1/08:05  +30  putaway  PO-1
    B-07  2/08:00   2/08:05  +30  putaway  PO-*0  ×4 every 9 days
    B-07  3/11:00   3/11:05  −14  pick     SO-*0  ×7 every 5 days
    here  3/10:00   3/10:01  −26  pick     SO-3
    here 40/10:00  40/10:01  −12  pick     SO-4
    """
    assert weak(found, "M3")


def test_a_putaway_at_another_site_is_not_this_bin_s(found):
    """
    B-07 is a bin of site 2
    here  1/08:00   1/08:05  +30  putaway  PO-1
    B-07  9/08:00   9/08:05  +30  putaway  PO-2
    here  3/10:00   3/10:01  −26  pick     SO-3
    here 10/10:00  10/10:01  −12  pick     SO-4
    """
    assert "M3" not in causes(found)
