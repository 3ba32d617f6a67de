"""R1: less was booked in than came (or more): the order asked for another quantity."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told, weak
from zeroline.domain.quantity import SCALE


def test_a_receipt_booked_short_of_its_closed_order_line(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1  by anna
    5/08:00  5/08:05  +36  receipt  PO-2/1  by anna
    6/10:00  6/10:01  −42  pick     SO-3
    7/10:00  7/10:01  −37  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 done 36 closed due 5/12:00
    """
    leading = found.leading
    assert leading.cause == "R1"
    assert (leading.explained, leading.left_over) == (4 * SCALE, 0)
    assert told(leading.evidence) == ["booked-in PO-2", "ordered PO-2"]
    assert asked(leading.settle) == "ask-delivery-note PO-2"


def test_a_count_confirms_what_was_booked_short(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +33  receipt  PO-2/1
    6/10:00  6/10:01  −42  pick     SO-3
    7/10:00  7/10:01  −35  pick     SO-4
    9/07:00  9/07:00   +7  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 done 33 closed due 5/12:00
    """
    assert found.exact
    assert found.leading.cause == "R1"
    assert found.leading.explained == found.missing == 7 * SCALE


def test_more_was_booked_in_than_came_and_a_count_found_less(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +54  receipt  PO-2/1
    6/10:00  6/10:01  −42  pick     SO-3
    > 9/07:00  9/07:00  −14  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 done 54 closed due 5/12:00
    """
    leading = found.leading
    assert leading.cause == "R1"
    assert leading.explained == -14 * SCALE
    assert told(leading.evidence) == ["booked-in PO-2", "ordered PO-2"]


def test_a_line_booked_as_pieces_where_cases_came_is_a_matter_of_the_unit(found):
    """
    CS = 12
    1/08:00  1/08:05  +48  receipt  PO-1/1
    5/08:00  5/08:05   +4  receipt  PO-2/1
    6/10:00  6/10:01  −42  pick     SO-3
    7/10:00  7/10:01  −35  pick     SO-4
    receipt PO-1/1 48 done 48 closed due 1/12:00
    receipt PO-2/1 48 done 4 closed due 5/12:00
    """
    assert found.leading.cause == "U1"


def test_the_rest_of_an_order_that_is_still_to_come_is_not_short(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +36  receipt  PO-2/1
    6/10:00  6/10:01  −42  pick     SO-3
    7/10:00  7/10:01  −37  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 60 done 36 due 9/12:00
    """
    assert "R1" not in causes(found)


def test_without_orders_a_receipt_smaller_than_all_others_is_a_weak_hint_at_most(found):
    """
    1/08:00   1/08:05  +40  receipt  PO-*  ×5 every 3 days
    16/08:00 16/08:05  +24  receipt  PO-9
    2/10:00   2/10:01  −15  pick     SO-* ×16
    """
    assert weak(found, "R1")


def test_half_of_a_line_that_came_on_its_day_is_rather_booked_short_than_still_to_be_booked(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +16  receipt  PO-2/1
    5/10:00  5/10:01  −60  pick     SO-3
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 30 done 16 due 5/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert causes(found)[0] == "R1"
    assert "R4" in causes(found)


def test_a_line_due_later_on_the_day_that_it_came_does_not_wait_for_more(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +34  receipt  PO-2/1
    5/09:00  5/09:01  −80  pick     SO-3
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 done 34 due 5/12:00
    """
    assert found.leading.cause == "R1"


def test_a_delivery_booked_by_its_paper_and_counted_some_days_later(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    > 5/07:00  5/07:00  −3  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    """
    assert causes(found)[0] == "L5"
    assert told(hypothesis(found, "R1").evidence) == ["booked-in PO-1", "booked-as-ordered PO-1"]


def test_a_delivery_of_last_month_was_counted_since(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    > 30/07:00  30/07:00  −3  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    """
    assert "R1" not in causes(found)
