"""K2: one pick was confirmed here and taken from another bin that had it."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told
from zeroline.domain.quantity import SCALE


def test_counts_put_back_here_what_one_pick_took_from_the_bin_beside(found):
    """
    here  1/08:00  1/08:05  +20  receipt  PO-1
    A-02  1/09:00  1/09:05  +50  receipt  PO-2
    A-02  2/09:00  2/09:01   −6  pick     SO-2
    here  3/10:00  3/10:01  −14  pick     SO-3
    here  4/10:00  4/10:01   −9  pick     SO-4  by carl
    A-02  6/07:00  6/07:00   −9  count correction  INV-1
    here  6/07:10  6/07:10   +9  count correction  INV-2
    """
    leading = found.leading
    assert leading.cause == "K2"
    assert (leading.explained, leading.left_over) == (9 * SCALE, 0)
    assert told(leading.evidence) == ["confirmed-here SO-4", "had-it A-02", "corrected-there INV-1"]
    assert asked(leading.settle) == "look-in-bin A-02"


def test_the_order_names_the_bin_beside(found):
    """
    A-02 had 50
    here  1/08:00  1/08:05  +20  receipt  PO-1
    here  3/10:00  3/10:01  −14  pick     SO-3/1
    here  4/10:00  4/10:01   −9  pick     SO-4/1
    order SO-3/1 14 done 14 closed at here
    order SO-4/1 9 done 9 closed at A-02
    """
    assert found.leading.cause == "K2"
    assert told(found.leading.evidence) == ["confirmed-here SO-4", "had-it A-02", "names-that-bin SO-4"]


def test_stock_of_the_bin_beside_is_still_reserved_for_the_pick(found):
    """
    A-02 had 50
    here  1/08:00  1/08:05  +20  receipt  PO-1
    here  3/10:00  3/10:01  −14  pick     SO-3
    here  4/10:00  4/10:01   −9  pick     SO-4
    reservation SO-4 9 at A-02
    """
    assert found.leading.cause == "K2"
    assert told(found.leading.evidence) == ["confirmed-here SO-4", "had-it A-02", "reserved-there SO-4"]
    assert asked(found.leading.settle) == "look-in-bin A-02"


def test_stock_reserved_for_another_order_says_nothing(found):
    """
    A-02 had 50
    here  1/08:00  1/08:05  +20  receipt  PO-1
    here  3/10:00  3/10:01  −14  pick     SO-3
    here  4/10:00  4/10:01   −9  pick     SO-4
    reservation SO-9 9 at A-02
    """
    assert found.leading.cause != "K2"


def test_the_other_side_of_it_shows_in_a_count_of_the_bin_beside(found):
    """
    A-02    1/08:00  1/08:05   +5  receipt  PO-1
    here    1/09:00  1/09:05  +50  receipt  PO-2
    A-02    4/10:00  4/10:01   −9  pick     SO-4
    > here  6/07:00  6/07:00   −9  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "K2"
    assert leading.explained == found.missing == -9 * SCALE
    assert told(leading.evidence) == ["confirmed-there SO-4", "short-there A-02"]


def test_pick_after_pick_from_a_bin_the_book_never_filled_is_an_unrecorded_move(found):
    """
    B-07  1/08:00   1/08:05  +80  receipt  PO-1
    here 20/10:00  20/10:01   −9  pick     SO-1*  ×6
    here 28/07:00  28/07:00  +60  count correction  INV-2
    B-07 28/07:00  28/07:00  −60  count correction  INV-1
    """
    assert found.leading.cause == "M2"


def test_a_single_pick_from_a_bin_the_book_never_filled_is_misplaced_stock(found):
    """
    ledger from 1/00:00 to 60/00:00
    B-07 had 80
    here 20/10:00  20/10:01   −3  pick     SO-1
    """
    assert found.leading.cause == "M1"


def test_an_earlier_pick_of_just_what_the_last_load_was_short_of_may_have_come_from_beside(found):
    """
    A-02 had 50
    here had 40
    here  3/10:00  3/10:01   −9  pick          SO-4  by carl
    here  4/10:00  4/10:01  −40  transfer out  TO-1
    A-03  4/10:00  4/10:05  +40  transfer in   TO-1
    """
    said = hypothesis(found, "K2")
    assert said.explained == 9 * SCALE
    assert told(said.evidence) == ["took-as-much SO-4", "had-it A-02"]
    assert asked(said.settle) == "look-in-bin A-02"


def test_nowhere_else_was_any_to_be_taken_from(found):
    """
    A-02 had 3
    here  1/08:00  1/08:05  +20  receipt  PO-1
    here  3/10:00  3/10:01  −14  pick     SO-3
    here  4/10:00  4/10:01   −9  pick     SO-4
    """
    assert "K2" not in causes(found)


def test_another_lot_came_to_the_stage_than_the_one_confirmed(found):
    """
    STAGE is staging
    here#L1 had 10
    A-02#L7 had 40
    here#L1   3/10:00  3/10:01   −8  pick  SO-3/1
    here#L1   4/10:00  4/10:01   −6  pick  SO-4/1
    STAGE#L7  4/10:02  4/10:03   +6  pick  SO-4/1
    """
    leading = found.leading
    assert leading.cause == "K2"
    assert told(leading.evidence) == ["confirmed-this-lot SO-4", "staged-other-lot SO-4"]
    assert leading.evidence[1].facts["lot"] == "L7"
    assert asked(leading.settle) == "look-in-bin here L7"


def test_a_bin_is_short_of_what_was_taken_here_long_before_the_book_ran_out(found):
    """
    here  1/08:00   1/08:05  +90  receipt  PO-1
    A-02  1/09:00   1/09:05  +90  receipt  PO-2
    here  3/10:00   3/10:01  −47  pick     SO-3
    A-02  5/07:00   5/07:00  −47  count correction  INV-1
    here  9/10:00   9/10:01  −90  scrap    SC-1
    """
    leading = found.leading
    assert leading.cause == "K2"
    assert leading.explained == 47 * SCALE
    assert told(leading.evidence) == ["booked-here SO-3", "corrected-there INV-1"]


def test_a_few_picks_after_one_another_came_from_the_bin_that_is_short_of_them(found):
    """
    here had 11
    A-02 had 90
    here  3/10:00   3/10:01  −11  pick     SO-3
    here  4/10:00   4/10:01   −8  pick     SO-4
    here  4/11:00   4/11:01   −6  pick     SO-5
    here  4/12:00   4/12:05  +40  transfer in  MV-1
    A-02  4/12:00   4/12:01  −40  transfer out  MV-1
    A-02  9/07:00   9/07:00  −14  count correction  INV-1
    """
    assert "booked-here SO-4" in told(hypothesis(found, "K2").evidence)
    assert hypothesis(found, "K2").explained == 14 * SCALE


def test_less_than_a_case_was_taken_from_the_reserve_not_carried_over(found):
    """
    CS = 12
    A-02 had 90
    A-02   1/12:00   1/12:01  −12  transfer out  MV-1
    here   1/12:00   1/12:05  +12  transfer in   MV-1
    A-02   2/12:00   2/12:01  −24  transfer out  MV-2
    here   2/12:00   2/12:05  +24  transfer in   MV-2
    here   3/10:00   3/10:01  −35  pick     SO-3
    here   4/10:00   4/10:01   −1  pick     SO-4
    here   4/11:00   4/11:01   −4  pick     SO-5
    here   4/13:00   4/13:01   −3  pick     SO-6
    here   5/12:00   5/12:05  +12  transfer in   MV-3
    A-02   5/12:00   5/12:01  −12  transfer out  MV-3
    here   9/07:00   9/07:00   +5  count correction  INV-2
    A-02   9/07:00   9/07:00   −5  count correction  INV-1
    """
    assert found.leading.cause == "K2"
    assert found.leading.explained == 5 * SCALE


def test_a_lot_that_ran_out_was_confirmed_while_another_one_was_in_use(found):
    """
    A-02#L2 had 40
    here#L1    1/08:00   1/08:05  +10  receipt   PO-1
    here#L1    2/10:00   2/10:01  −10  shipment  SO-3
    A-02#L2   20/10:00  20/10:01   −4  shipment  SO-4
    > here#L1  22/10:00  22/10:01   −3  shipment  SO-5
    here#L2   20/08:00  20/08:05   +2  receipt   PO-2
    """
    leading = found.leading
    assert leading.cause == "K2"
    assert told(leading.evidence) == ["had-run-out SO-5", "had-it A-02"]


def test_what_leaves_the_stage_was_not_picked_from_another_bin(found):
    """
    STAGE-2 had 20
    here     3/10:00  3/10:01  +9  pick      SO-3
    here     3/12:00  3/12:01  −9  shipment  SO-3
    > here   3/12:00  3/12:09  −9  shipment  SO-3
    STAGE-2  5/07:00  5/07:00  −9  count correction  INV-1
    """
    assert "K2" not in causes(found)


def test_a_transfer_was_ordered_from_the_bin_beside(found):
    """
    A-02  1/08:00  1/08:05  +50  receipt       PO-2
    here  1/08:00  1/08:05  +20  receipt       PO-1
    here  3/10:00  3/10:01  −14  pick          SO-3
    here  4/10:00  4/10:01   −9  transfer out  TR-4/1
    B-01  4/10:30  4/10:31   +9  transfer in   TR-4/1
    transfer TR-4/1 9 done 9 closed at B-01 partner A-02
    """
    assert found.leading.cause == "K2"
    assert asked(found.leading.settle) == "look-in-bin A-02"
