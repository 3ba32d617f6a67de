"""R5: one delivery was booked in twice; the book promises what is not there."""

from __future__ import annotations

from support.answers import asked, told, weak
from zeroline.domain.quantity import SCALE


def test_a_delivery_booked_in_twice_shows_in_the_count(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1  by anna
    5/08:00  5/08:05  +25  receipt  PO-2/1  by anna
    5/11:00  5/11:05  +25  receipt  PO-2/1  by bert
    6/10:00  6/10:01  −30  pick     SO-3
    > 9/07:00  9/07:00  −25  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 25 done 50 closed due 5/12:00
    """
    leading = found.leading
    assert leading.cause == "R5"
    assert leading.explained == found.missing == -25 * SCALE
    assert told(leading.evidence) == ["booked-again PO-2", "booked-first PO-2"]
    assert asked(leading.settle) == "ask-delivery-note PO-2"


def test_the_second_booking_was_cancelled_only_when_both_had_been_taken_from(found):
    """
    1/08:00  1/08:05   +5  receipt  PO-1/1
    5/08:00  5/08:05  +25  receipt  PO-2/1
    5/11:00  5/11:05  +25  receipt  PO-2/1
    6/10:00  6/10:01  −40  pick     SO-3
    7/09:00  7/09:01  −25  receipt  PO-2/1  by bert
    """
    leading = found.leading
    assert leading.cause == "R5"
    assert set(told(leading.evidence)) == {"taken-back PO-2", "booked-again PO-2", "booked-first PO-2"}


def test_a_receipt_taken_back_that_was_booked_only_once_is_a_changed_document(found):
    """
    1/08:00  1/08:05   +5  receipt  PO-1/1
    5/08:00  5/08:05  +25  receipt  PO-2/1
    6/10:00  6/10:01  −20  pick     SO-3
    7/09:00  7/09:01  −25  receipt  PO-2/1  by bert
    """
    assert found.leading.cause == "T5"


def test_many_documents_of_the_same_hour_twice_at_the_same_instants_are_messages(found):
    """
    here      5/08:00  5/08:05  +25  receipt  PO-2/1  from ERP
    here      5/08:00  5/09:05  +25  receipt  PO-2/1  from ERP
    NUT@B-01  5/08:10  5/08:15  +12  receipt  PO-3/1  from ERP
    NUT@B-01  5/08:10  5/09:06  +12  receipt  PO-3/1  from ERP
    PIN@B-02  5/08:20  5/08:25   +9  receipt  PO-4/1  from ERP
    PIN@B-02  5/08:20  5/09:07   +9  receipt  PO-4/1  from ERP
    here      6/10:00  6/10:01  −10  pick     SO-3
    > 9/07:00  9/07:00  −25  count correction  INV-1
    """
    assert found.leading.cause == "S2"


def test_an_order_delivered_in_two_equal_parts_is_no_duplicate(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +25  receipt  PO-2/1
    6/08:00  6/08:05  +25  receipt  PO-2/1
    6/10:00  6/10:01  −30  pick     SO-3
    > 9/07:00  9/07:00  −6  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 50 done 50 closed due 6/12:00
    """
    assert weak(found, "R5")


def test_a_second_booking_cancelled_months_ago_or_of_a_pick_is_another_story(found):
    """
    1/08:00   1/08:05   +5  receipt  PO-1/1
    5/08:00   5/08:05  +25  receipt  PO-2/1
    5/11:00   5/11:05  +25  receipt  PO-2/1
    7/09:00   7/09:01  −25  receipt  PO-2/1
    60/10:00 60/10:01  −40  pick     SO-3
    """
    assert weak(found, "R5")
