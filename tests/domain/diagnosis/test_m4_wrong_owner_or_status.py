"""M4: it lies in this very bin, under another status in the book."""

from __future__ import annotations

from support.answers import asked, causes, silent, told
from zeroline.domain.quantity import SCALE


def test_a_receipt_was_booked_into_this_bin_as_quarantine(found):
    """
    here             1/08:00   1/08:05  +30  receipt  PO-1/1
    here:quarantine  9/08:00   9/08:05  +30  receipt  PO-2/1
    here             3/10:00   3/10:01  −26  pick     SO-3
    here            10/10:00  10/10:01  −12  pick     SO-4
    receipt PO-2/1 30 done 30 closed due 9/12:00
    """
    leading = found.leading
    assert leading.cause == "M4"
    assert (leading.explained, leading.left_over) == (30 * SCALE, 0)
    assert told(leading.evidence) == ["booked-as PO-2", "lies-there here", "ordered PO-2"]
    assert leading.evidence[0].facts["status"] == "quarantine"
    assert asked(leading.settle) == "look-at-status here quarantine"


def test_a_return_booked_so_is_a_return_in_the_wrong_condition(found):
    """
    here             1/08:00   1/08:05  +30  receipt          PO-1/1
    here:damaged     9/08:00   9/08:05   +8  customer return  RMA-2
    here             3/10:00   3/10:01  −26  pick             SO-3
    here            10/10:00  10/10:01  −12  pick             SO-4
    """
    assert found.leading.cause == "N2"
    assert "M4" not in causes(found)


def test_the_same_in_another_bin_is_a_matter_of_place(found):
    """
    B-07#L1     9/08:00   9/08:05  +30  receipt  PO-2/1
    here#L1     1/08:00   1/08:05  +30  receipt  PO-1/1
    here#L1     3/10:00   3/10:01  −26  pick     SO-3
    here#L1    10/10:00  10/10:01  −12  pick     SO-4
    """
    assert "M4" not in causes(found)


def test_what_lies_in_another_bin_under_another_status_is_not_in_this_bin(found):
    """
    B-07:quarantine  9/08:00   9/08:05  +30  receipt  PO-2/1
    here             1/08:00   1/08:05  +30  receipt  PO-1/1
    here             3/10:00   3/10:01  −26  pick     SO-3
    here            10/10:00  10/10:01  −12  pick     SO-4
    """
    assert silent(found)


def test_what_came_back_and_is_held_at_the_returns_desk_may_lie_on_the_shelf_again(found):
    """
    here            1/08:00   1/08:05  +30  receipt          PO-1/1
    RET:quarantine  9/08:00   9/08:05   +8  customer return  RMA-2
    here            3/10:00   3/10:01  −30  pick             SO-3
    here           10/10:00  10/10:01   −8  pick             SO-4
    """
    assert {"N2", "M4"} <= set(causes(found))
