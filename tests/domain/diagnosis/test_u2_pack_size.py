"""U2: for some time a case was taken to hold another quantity than it holds."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told, weak
from zeroline.domain.quantity import SCALE


def test_the_last_deliveries_were_booked_at_the_old_pack_size(found):
    """
    CS = 12
    1/08:00    1/08:05  +60  receipt  PO-1  as 5 CS
    8/08:00    8/08:05  +50  receipt  PO-2  as 5 CS
    15/08:00  15/08:05  +50  receipt  PO-3  as 5 CS
    2/10:00    2/10:01   −8  pick     SO-*  ×21
    """
    leading = found.leading
    assert leading.cause == "U2"
    assert (leading.explained, leading.left_over) == (20 * SCALE, 0)
    assert told(leading.evidence) == ["converted-by PO-2", "converted-by PO-3"]
    assert (leading.evidence[0].facts["used"], leading.evidence[0].facts["right"]) == ("10", "12")
    assert asked(leading.settle) == "measure-pack CS"


def test_two_sizes_of_one_unit_without_a_word_of_the_master(found):
    """
    1/08:00    1/08:05  +60  receipt  PO-1  as 5 CS
    8/08:00    8/08:05  +60  receipt  PO-2  as 5 CS
    15/08:00  15/08:05  +50  receipt  PO-3  as 5 CS
    2/10:00    2/10:01   −8  pick     SO-*  ×22
    """
    assert found.leading.cause == "U2"
    assert told(found.leading.evidence) == ["converted-by PO-3"]


def test_each_case_since_the_last_count_held_one_less(found):
    """
    CS = 12
    1/07:00    1/07:00  +60  count correction  INV-1
    8/08:00    8/08:05  +240  receipt  PO-2  as 20 CS
    15/08:00  15/08:05  +240  receipt  PO-3  as 20 CS
    10/10:00  10/10:01   −60  pick     SO-*  ×6
    > 20/07:00  20/07:00  −40  count correction  INV-2
    """
    said = hypothesis(found, "U2")
    assert not weak(found, "U2")
    assert said.explained == found.missing == -40 * SCALE
    assert told(said.evidence) == ["same-for-each-case PO-2", "same-for-each-case PO-3"]


def test_deliveries_at_the_size_the_master_says_are_no_trace_of_it(found):
    """
    CS = 12
    1/08:00   1/08:05  +60  receipt  PO-1  as 5 CS
    8/08:00   8/08:05  +60  receipt  PO-2  as 5 CS
    2/10:00   2/10:01   −8  pick     SO-1  ×16
    """
    assert weak(found, "U2")


def test_goods_that_come_in_pieces_have_no_pack_size(found):
    """
    1/08:00   1/08:05  +60  receipt  PO-1
    8/08:00   8/08:05  +50  receipt  PO-2
    2/10:00   2/10:01   −8  pick     SO-*  ×14
    """
    assert "U2" not in causes(found)


def test_cases_that_came_before_the_last_count_say_nothing_of_this_one(found):
    """
    CS = 12
    1/08:00   1/08:05  +60  receipt           PO-1  as 5 CS
    5/07:00   5/07:00   −4  count correction  INV-1
    > 9/07:00 9/07:00   −5  count correction  INV-2
    """
    assert "U2" not in causes(found)


def test_delivery_after_delivery_is_short_of_its_order_by_whole_cases(found):
    """
    CS = 10
    here   1/08:00   1/08:05  +10  putaway  PO-1
    here   8/08:00   8/08:05  +50  putaway  PO-2
    here   9/10:00   9/10:01  −85  transfer out  MV-1
    receipt PO-1/1 20 done 10 due 1/12:00
    receipt PO-2/1 80 done 50 due 8/12:00
    """
    leading = found.leading
    assert leading.cause == "U2"
    assert leading.explained == 40 * SCALE
    assert told(leading.evidence) == ["ordered PO-1", "ordered PO-2"]
    assert asked(leading.settle) == "measure-pack CS"


def test_one_short_delivery_among_whole_ones_says_nothing_of_cases(found):
    """
    CS = 10
    here   1/08:00   1/08:05  +10  putaway  PO-1
    here   4/08:00   4/08:05  +20  putaway  PO-2
    here   5/08:00   5/08:05  +20  putaway  PO-3
    here   8/08:00   8/08:05  +50  putaway  PO-4
    here   9/10:00   9/10:01  −115  transfer out  MV-1
    receipt PO-1/1 20 done 10 closed due 1/12:00
    receipt PO-2/1 20 done 20 closed due 4/12:00
    receipt PO-3/1 20 done 20 closed due 5/12:00
    receipt PO-4/1 80 done 50 closed due 8/12:00
    """
    assert "U2" not in causes(found)


def test_short_deliveries_before_the_last_count_were_met_by_it(found):
    """
    CS = 10
    here   1/08:00   1/08:05  +10  putaway  PO-1
    here   8/08:00   8/08:05  +50  putaway  PO-2
    here   9/07:00   9/07:00   +5  count correction  INV-1
    here   9/10:00   9/10:01  −85  transfer out  MV-1
    receipt PO-1/1 20 done 10 due 1/12:00
    receipt PO-2/1 80 done 50 due 8/12:00
    """
    assert "U2" not in causes(found)


def test_a_case_that_was_taken_for_one_piece(found):
    """
    CS = 2
    1/08:00    1/08:05   +8  receipt  PO-1  as 4 CS
    8/08:00    8/08:05   +4  receipt  PO-2  as 4 CS
    15/08:00  15/08:05   +4  receipt  PO-3  as 4 CS
    2/10:00    2/10:01   −1  pick     SO-*  ×18
    """
    assert found.leading.cause == "U2"
    assert (found.leading.evidence[0].facts["used"], found.leading.evidence[0].facts["right"]) == ("1", "2")


def test_every_count_finds_the_same_share_of_every_case_missing(found):
    """
    CS = 20
    here had 40
    1/08:00    1/08:05  +100  receipt  PO-1  as 5 CS
    2/10:00    2/10:01  −150  shipment SO-1
    3/07:00    3/07:00   +25  count correction  INV-1
    4/08:00    4/08:05  +200  receipt  PO-2  as 10 CS
    5/10:00    5/10:01  −240  shipment SO-2
    6/07:00    6/07:00   +50  count correction  INV-2
    7/08:00    7/08:05  +120  receipt  PO-3  as 6 CS
    > 8/10:00  8/10:01  −170  shipment SO-3
    """
    assert found.leading.cause == "U2"


def test_it_falls_lower_each_time_since_it_comes_in_cases(found):
    """
    CS = 20
    here had 5
    1/08:00    1/08:05   +40  receipt  PO-1
    2/10:00    2/10:01   −40  shipment SO-1
    3/08:00    3/08:05   +30  receipt  PO-2
    3/10:00    3/10:01   −30  shipment SO-2
    4/08:00    4/08:05   +60  receipt  PO-3  as 3 CS
    5/10:00    5/10:01   −70  shipment SO-3
    6/08:00    6/08:05   +40  receipt  PO-4  as 2 CS
    7/10:00    7/10:01   −50  shipment SO-4
    8/08:00    8/08:05   +60  receipt  PO-5  as 3 CS
    9/10:00    9/10:01   −70  shipment SO-5
    """
    assert found.leading.cause == "U2"


def test_a_count_that_found_all_right_and_a_shortage_before_cases_came_speak_against_it(found):
    """
    CS = 20
    here had 30
    1/08:00    1/08:05   +40  receipt  PO-1
    2/10:00    2/10:01   −75  shipment SO-1
    3/08:00    3/08:05   +60  receipt  PO-3  as 3 CS
    4/07:00    4/07:00    +0  count correction  INV-1
    5/08:00    5/08:05   +40  receipt  PO-4  as 2 CS
    > 6/10:00  6/10:01  −120  shipment SO-3
    """
    assert weak(found, "U2")


def test_a_place_that_comes_back_to_the_same_balance_has_no_case_that_grows(found):
    """
    CS = 20
    here had 5
    4/08:00    4/08:05   +60  receipt  PO-3  as 3 CS
    5/10:00    5/10:01   −70  shipment SO-3
    6/08:00    6/08:05   +40  receipt  PO-4  as 2 CS
    7/10:00    7/10:01   −40  shipment SO-4
    """
    assert weak(found, "U2")


def test_what_is_missing_is_no_share_of_the_cases(found):
    """
    CS = 20
    here had 5
    4/08:00    4/08:05  +600  receipt  PO-3  as 30 CS
    5/10:00    5/10:01  −607  shipment SO-3
    6/07:00    6/07:00    +7  count correction  INV-1
    """
    assert weak(found, "U2")


def test_after_it_was_counted_it_falls_lower_in_its_own_time(found):
    """
    CS = 20
    here had 5
    4/08:00    4/08:05   +60  receipt  PO-3  as 3 CS
    5/10:00    5/10:01   −70  shipment SO-3
    6/07:00    6/07:00   +20  count correction  INV-1
    7/08:00    7/08:05   +40  receipt  PO-4  as 2 CS
    > 8/10:00  8/10:01   −58  shipment SO-4
    9/08:00    9/08:05   +60  receipt  PO-5  as 3 CS
    10/07:00  10/07:00    +9  count correction  INV-2
    """
    assert "short-since-cases PO-4" in told(hypothesis(found, "U2").evidence)


def test_a_third_of_every_case_is_a_likely_share(found):
    """
    CS = 20
    here had 5
    4/08:00    4/08:05   +60  receipt  PO-3  as 3 CS
    5/10:00    5/10:01   −70  shipment SO-3
    6/07:00    6/07:00   +20  count correction  INV-1
    """
    assert hypothesis(found, "U2").explained == 20 * SCALE
