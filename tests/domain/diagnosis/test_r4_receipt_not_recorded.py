"""R4: the delivery came, was put on the shelf and was never booked."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told
from zeroline.domain.cause import AdjustmentRight
from zeroline.domain.quantity import SCALE


def test_an_order_line_is_open_past_its_date_while_the_shelf_was_picked_below_zero(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    3/10:00  3/10:01  −30  pick     SO-3
    8/10:00  8/10:01  −25  pick     SO-4
    9/10:00  9/10:01  −20  pick     SO-5
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here partner ACME
    receipt PO-2/1 40 due 7/12:00 at here partner ACME
    ledger from 1/00:00 to 20/00:00
    """
    leading = found.leading
    assert leading.cause == "R4"
    assert (leading.explained, leading.left_over) == (40 * SCALE, 0)
    assert told(leading.evidence) == ["open-past-due PO-2"]
    assert asked(leading.settle) == "ask-delivery-note PO-2"
    assert leading.adjustment is AdjustmentRight.LATER


def test_a_putaway_from_the_dock_of_what_never_came_in(found):
    """
    here is a dock
    here  1/08:00  1/08:05  +40  receipt  PO-1/1
    here  1/09:00  1/09:05  −40  putaway  PO-1/1
    here  5/09:00  5/09:05  −24  putaway  PO-2/1
    A-01  5/09:00  5/09:05  +24  putaway  PO-2/1
    """
    leading = found.leading
    assert leading.cause == "R4"
    assert leading.explained == 24 * SCALE
    assert told(leading.evidence) == ["put-away-alone PO-2"]


def test_an_order_booked_short_is_not_an_order_never_booked(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +36  receipt  PO-2/1
    6/10:00  6/10:01  −42  pick     SO-3
    7/10:00  7/10:01  −38  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 done 36 closed due 5/12:00
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "R1"


def test_a_receipt_that_came_in_late_is_not_one_that_never_did(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    7/08:00  9/15:00  +40  receipt  PO-2/1
    8/10:00  8/10:01  −50  pick     SO-4
    receipt PO-2/1 40 done 40 closed due 7/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "T1"
    assert "R4" not in causes(found)


def test_an_order_that_is_due_later_explains_nothing(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    8/10:00  8/10:01  −50  pick     SO-4
    receipt PO-2/1 40 due 14/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert "R4" not in causes(found)


def test_without_orders_a_delivery_that_missed_its_rhythm_is_a_hint(found):
    """
    1/08:00   1/08:05  +70  receipt  PO-*  ×5 every 7 days
    1/10:00   1/10:01   −8  pick     SO-* ×45
    """
    assert told(hypothesis(found, "R4").evidence) == ["last-receipt PO-5"]


def test_the_rest_of_an_order_was_put_away_and_never_received(found):
    """
    here is a dock
    here  1/08:00  1/08:05  +16  receipt  PO-2/1
    here  1/09:00  1/09:05  −16  putaway  PO-2/1
    here  5/09:00  5/09:05  −24  putaway  PO-2/1
    receipt PO-2/1 40 done 16 due 5/08:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "R4"
    assert found.leading.explained == 24 * SCALE


def test_an_order_of_which_a_part_came_after_all_was_only_late(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    8/10:00  8/10:01  −50  pick     SO-4
    9/08:00  9/08:05  +35  receipt  PO-2/1
    receipt PO-2/1 40 done 35 due 7/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert "R4" not in causes(found)


def test_the_goods_of_a_return_are_put_away_without_a_receipt(found):
    """
    here is a dock
    here  2/10:00  2/10:01  −9  putaway  RMA-1
    return RMA-1/1 9
    """
    assert "put-away-alone RMA-1" not in [e for h in found.hypotheses for e in told(h.evidence)]


def test_the_first_part_of_a_delivery_was_never_booked_and_the_second_came_after_it_was_missed(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    8/10:00  8/10:01  −55  pick     SO-4
    9/08:00  9/08:05  +25  receipt  PO-2/1
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 43 done 25 due 7/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "R4"
    assert found.leading.explained == 18 * SCALE


def test_one_of_three_equal_deliveries_was_never_booked(found):
    """
    1/08:00  1/08:05  +12  receipt  PO-2/1
    2/08:00  2/08:05  +12  receipt  PO-2/1
    8/10:00  8/10:01  −36  pick     SO-4
    receipt PO-2/1 36 done 24 due 1/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "R4"
    assert found.leading.explained == 12 * SCALE


def test_a_delivery_came_two_days_early_and_a_count_found_just_that_much(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/10:00  5/10:01  −50  pick     SO-4
    6/07:00  6/07:00  +24  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 24 done 0 due 7/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "R4"


def test_what_is_due_in_two_days_and_fits_no_count_has_not_come(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/10:00  5/10:01  −50  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 24 done 0 due 7/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    assert "R4" not in causes(found)


def test_a_line_two_months_overdue_is_what_is_missing_where_nothing_has_moved_since(found):
    """
    1/08:00   1/08:05   +40  receipt  PO-1/1
    70/10:00  70/10:01  −50  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 24 done 0 due 7/12:00 at here
    ledger from 1/00:00 to 90/00:00
    """
    assert causes(found)[0] == "R4"


def test_a_line_two_months_overdue_is_not_what_is_missing_today(found):
    """
    1/08:00   1/08:05   +80  receipt  PO-1/1
    9/10:00   9/10:01   −1   pick     SO-*  ×40
    70/10:00  70/10:01  −50  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 24 done 0 due 7/12:00 at here
    ledger from 1/00:00 to 90/00:00
    """
    assert "R4" not in causes(found)


def test_an_order_without_a_date_of_which_nothing_was_booked(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    3/10:00  3/10:01  −30  pick     SO-3
    8/10:00  8/10:01  −25  pick     SO-4
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here partner ACME
    receipt PO-2/1 40 at here partner ACME
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "R4"
    assert told(found.leading.evidence) == ["open-without-date PO-2"]


def test_of_many_orders_without_a_date_none_says_much(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    3/10:00  3/10:01  −30  pick     SO-3
    8/10:00  8/10:01  −25  pick     SO-4
    receipt PO-2/1 40 at here partner ACME
    receipt PO-3/1 40 at here partner ACME
    receipt PO-4/1 30 at here partner ACME
    ledger from 1/00:00 to 20/00:00
    """
    assert found.leading.cause == "Z0"
    assert "R4" in causes(found)


def test_the_second_half_of_an_order_was_never_booked(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1/1
    5/08:00  5/08:05  +15  receipt  PO-2/1
    8/10:00  8/10:01  −65  pick     SO-3
    receipt PO-1/1 40 done 40 closed due 1/12:00 at here
    receipt PO-2/1 30 done 15 due 5/12:00 at here
    ledger from 1/00:00 to 20/00:00
    """
    leading = found.leading
    assert leading.cause == "R4"
    assert told(leading.evidence) == ["part-past-due PO-2"]
    assert leading.explained == 15 * SCALE
