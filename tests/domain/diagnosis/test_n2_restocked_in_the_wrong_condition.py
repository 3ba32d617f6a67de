"""N2: a return was booked under another condition than it is picked in."""

from __future__ import annotations

from support.answers import asked, causes, silent, told
from zeroline.domain.quantity import SCALE


def test_a_good_return_stands_in_the_same_bin_as_damaged(found):
    """
    here had 10
    here          3/10:00  3/10:01  −8  pick             SO-3
    here:damaged  6/10:00  6/10:01  +6  customer return  RMA-1
    here          8/10:00  8/10:01  −7  pick             SO-4
    """
    leading = found.leading
    assert leading.cause == "N2"
    assert (leading.explained, leading.left_over) == (6 * SCALE, 0)
    assert told(leading.evidence) == ["returned-as RMA-1", "lies-there here"]
    assert leading.evidence[0].facts["status"] == "damaged"
    assert asked(leading.settle) == "look-at-status here damaged"


def test_the_return_came_in_at_the_dock_and_was_put_away_as_quarantine(found):
    """
    DOCK is a dock
    here had 10
    here             3/10:00  3/10:01  −8  pick             SO-3
    DOCK             6/10:00  6/10:01  +6  customer return  RMA-1
    DOCK             6/11:00  6/11:01  −6  putaway          RMA-1
    here:quarantine  6/11:00  6/11:01  +6  putaway          RMA-1
    here             8/10:00  8/10:01  −7  pick             SO-4
    return RMA-1/1 6 done 6 closed
    """
    assert found.leading.cause == "N2"
    assert told(found.leading.evidence) == ["returned-as RMA-1", "lies-there here"]


def test_a_receipt_from_a_supplier_booked_so_is_not_a_return(found):
    """
    here             1/08:00   1/08:05  +30  receipt  PO-1
    here:quarantine  9/08:00   9/08:05  +30  receipt  PO-2
    here             3/10:00   3/10:01  −26  pick     SO-3
    here            10/10:00  10/10:01  −12  pick     SO-4
    """
    assert found.leading.cause == "M4"
    assert "N2" not in causes(found)


def test_a_return_that_came_back_fit_for_sale_stands_where_it_should(found):
    """
    here had 10
    here  3/10:00  3/10:01  −8  pick             SO-3
    here  6/10:00  6/10:01  +6  customer return  RMA-1
    here  8/10:00  8/10:01  −9  pick             SO-4
    """
    assert "N2" not in causes(found)


def test_a_return_to_another_site_is_not_missing_here(found):
    """
    Z-01 is a bin of site 2
    here had 10
    here          3/10:00  3/10:01  −8  pick             SO-3
    Z-01:damaged  6/10:00  6/10:01  +6  customer return  RMA-1
    here          8/10:00  8/10:01  −7  pick             SO-4
    """
    assert silent(found)
