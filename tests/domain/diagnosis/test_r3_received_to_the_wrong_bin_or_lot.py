"""R3: received into another bin, or under another lot, than the one it is taken from."""

from __future__ import annotations

from support.answers import asked, causes, told, weak
from zeroline.domain.quantity import SCALE


def test_a_receipt_meant_for_this_bin_was_booked_into_another(found):
    """
    here  1/08:00   1/08:05  +40  receipt  PO-1/1
    B-07  9/08:00   9/08:05  +40  receipt  PO-2/1
    here  3/10:00   3/10:01  −30  pick     SO-3
    here 10/10:00  10/10:01  −22  pick     SO-4
    here 11/10:00  11/10:01  −20  pick     SO-5
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 40 done 40 closed due 9/12:00 at here
    """
    leading = found.leading
    assert leading.cause == "R3"
    assert (leading.explained, leading.left_over) == (40 * SCALE, 0)
    assert told(leading.evidence) == ["received-elsewhere PO-2", "lies-there B-07"]
    assert asked(leading.settle) == "look-in-bin B-07"


def test_a_receipt_under_a_lot_that_is_almost_this_one(found):
    """
    here#L2610  1/08:00   1/08:05  +40  receipt  PO-1/1
    here#L2160  9/08:00   9/08:05  +40  receipt  PO-2/1
    here#L2610  3/10:00   3/10:01  −30  pick     SO-3
    here#L2610 10/10:00  10/10:01  −22  pick     SO-4
    here#L2610 11/10:00  11/10:01  −20  pick     SO-5
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 40 done 40 closed due 9/12:00 at here
    """
    said = {h.cause: h for h in found.hypotheses}["R3"]
    assert found.leading.cause in ("R3", "U5")
    assert told(said.evidence) == ["received-elsewhere PO-2", "lies-there here"]
    assert said.evidence[0].facts["lot"] == "L2160"


def test_the_same_by_a_putaway_is_the_putaway_not_the_receipt(found):
    """
    DOCK is a dock
    DOCK  9/07:00   9/07:05  +40  receipt  PO-2/1
    DOCK  9/08:00   9/08:05  −40  putaway  PO-2/1
    here  1/08:00   1/08:05  +40  putaway  PO-1/1
    B-07  9/08:00   9/08:05  +40  putaway  PO-2/1
    here  3/10:00   3/10:01  −30  pick     SO-3
    here 10/10:00  10/10:01  −22  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 40 done 40 closed due 9/12:00 at here
    """
    assert found.leading.cause == "M3"


def test_a_bin_that_always_receives_the_item_for_itself_is_not_to_blame(found):
    """
    here   1/08:00   1/08:05  +40  receipt  PO-1
    B-07   1/08:30   1/08:35  +40  receipt  PO-*2  ×5 every 2 days
    B-07   2/11:00   2/11:05  −35  pick     SO-1*  ×5 every 2 days
    here   3/10:00   3/10:01  −30  pick     SO-3
    here  10/10:00  10/10:01  −22  pick     SO-4
    """
    assert weak(found, "R3")


def test_stock_received_there_and_used_up_there_does_not_lie_there(found):
    """
    here   1/08:00   1/08:05  +40  receipt  PO-1
    B-07   5/08:00   5/08:05  +40  receipt  PO-2
    B-07   6/08:00   6/08:05  −40  pick     SO-1
    here   3/10:00   3/10:01  −30  pick     SO-3
    here  10/10:00  10/10:01  −22  pick     SO-4
    """
    assert "R3" not in causes(found)


def test_what_came_months_ago_or_before_the_last_count_is_no_trace(found):
    """
    here   1/08:00   1/08:05  +40  receipt           PO-1
    B-07   2/08:00   2/08:05  +40  receipt           PO-2
    here  90/07:00  90/07:00   −2  count correction  INV-1
    B-07  89/08:00  89/08:05  +20  receipt           PO-3
    here  95/10:00  95/10:01  −45  pick              SO-4
    """
    assert "R3" not in causes(found)


def test_another_lot_made_here_was_not_received_wrongly(found):
    """
    here#L1   1/08:00   1/08:05  +40  receipt             PO-1
    here#L2   9/08:00   9/08:05  +40  production receipt  WO-2
    B-07      9/08:00   9/08:05  +40  transfer in         TR-2
    here#L1  10/10:00  10/10:01  −45  pick                SO-4
    """
    assert "R3" not in causes(found)


def test_a_delivery_meant_for_this_bin_says_nothing_of_its_lot(found):
    """
    A-01#Q44  1/08:00  1/08:05  +40  receipt  PO-1/1
    here#L7  2/08:00  2/08:05   +9  receipt  PO-2/1
    here#K31  3/08:00  3/08:05  +30  receipt  PO-3/1
    > here#L7  6/10:00  6/10:01  −14  pick   SO-3
    receipt PO-3/1 30 done 30 closed due 3/12:00 at here
    """
    assert weak(found, "R3")
