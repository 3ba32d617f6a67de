"""K5: one pick was confirmed twice by the same person, moments apart."""

from __future__ import annotations

from support.answers import asked, causes, told, weak
from zeroline.domain.quantity import SCALE


def test_a_pick_confirmed_twice_within_a_minute_by_one_person(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1
    2/10:00  2/10:01  −25  pick     SO-3/1  by carl
    3/10:00  3/10:00   −9  pick     SO-4/1  by carl
    3/10:01  3/10:01   −9  pick     SO-4/1  by carl
    order SO-4/1 9 done 18 closed
    """
    leading = found.leading
    assert leading.cause == "K5"
    assert (leading.explained, leading.left_over) == (9 * SCALE, 0)
    assert told(leading.evidence) == ["confirmed-again SO-4", "confirmed-first SO-4"]
    assert asked(leading.settle) == "ask-who carl SO-4"
    assert leading.lift == ((4, leading.evidence[0].facts["recorded_at"], 0),)


def test_the_same_before_the_book_fell_below_zero(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1
    2/10:00  2/10:00   −9  pick     SO-3/1  by carl
    2/10:02  2/10:02   −9  pick     SO-3/1  by carl
    3/10:00  3/10:01  −14  pick     SO-4/1  by anna
    4/10:00  4/10:01  −13  pick     SO-5/1  by anna
    6/07:00  6/07:00   +9  count correction  INV-1
    """
    assert found.leading.cause == "K5"
    assert found.leading.explained == found.missing == 9 * SCALE
    assert told(found.leading.evidence) == ["confirmed-again SO-3", "confirmed-first SO-3"]


def test_the_same_event_at_the_same_instant_is_a_message_delivered_twice(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1
    2/10:00  2/10:01  −25  pick     SO-3/1  by carl
    3/10:00  3/10:01   −9  pick     SO-4/1  by carl
    3/10:00  3/10:41   −9  pick     SO-4/1  by carl
    """
    assert found.leading.cause == "S2"


def test_two_lines_of_one_order_of_the_same_size_are_two_picks(found):
    """
    1/08:00  1/08:05  +40  receipt  PO-1
    2/10:00  2/10:01  −25  pick     SO-3/1  by carl
    3/10:00  3/10:00   −9  pick     SO-4/1  by carl
    3/10:01  3/10:01   −9  pick     SO-4/2  by carl
    """
    assert "K5" not in causes(found)


def test_orders_that_are_always_picked_in_equal_parts_are_no_duplicates(found):
    """
    1/08:00  1/08:05  +89  receipt  PO-1
    2/10:00  2/10:00   −9  pick     SO-*/1  by carl ×5
    2/10:01  2/10:01   −9  pick     SO-*/1  by carl ×5
    order SO-5/1 18 done 18 closed
    """
    assert weak(found, "K5")


def test_a_line_confirmed_twice_of_which_one_left_was_no_wrong_quantity(found):
    """
    STAGE is staging
    here   1/08:00  1/08:05  +20  receipt   PO-1
    here   3/10:00  3/10:01  −14  pick      SO-4/1  by carl
    here   3/10:02  3/10:03  −14  pick      SO-4/1  by carl
    STAGE  3/15:00  3/15:01  −14  shipment  SO-4/1
    """
    assert found.leading.cause == "K5"
    assert found.leading.explained == 14 * SCALE
    assert weak(found, "K3")


def test_where_takes_carry_no_paper_a_stranger_booked_the_same_again_within_the_hour(found):
    """
    here had 70
    here   1/09:00   1/10:00   −5  shipment     by ann  ×14
    here  20/08:00  20/08:05   +6  transfer in  TO-2
    here  21/11:00  21/12:00   −6  shipment     by ben
    here  21/11:40  21/12:10   −6  shipment     by zoe
    here  25/07:00  25/07:00   +6  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "K5"
    assert (leading.explained, leading.left_over) == (6 * SCALE, 0)
    assert [one.code for one in leading.evidence] == ["taken-again", "taken-first"]


def test_where_the_same_is_taken_again_and_again_by_all_another_take_says_nothing(found):
    """
    here  1/08:00  1/08:05  +90  receipt   PO-1
    here  2/09:00  2/09:01   −6  shipment  by ann
    here  2/09:40  2/09:41   −6  shipment  by ben
    here  3/09:00  3/09:01   −6  shipment  by ann
    here  3/09:40  3/09:41   −6  shipment  by ben
    here  4/09:00  4/09:01  −60  shipment  by cem
    here  4/09:40  4/09:41   −6  shipment  by ben
    here  4/10:00  4/10:01   −6  shipment  by ann
    """
    assert weak(found, "K5")
