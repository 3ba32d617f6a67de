"""U1: one row was booked in cases where pieces moved, or in pieces where cases came."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told
from zeroline.domain.quantity import SCALE


def test_pieces_were_picked_and_cases_were_keyed(found):
    """
    CS = 12
    STAGE is staging
    here   1/08:00  1/08:05  +60  receipt   PO-1
    here   2/10:00  2/10:01  −20  pick      SO-3/1
    here   3/10:00  3/10:01  −60  pick      SO-4/1  by carl  as 5 CS
    STAGE  3/10:00  3/10:01  +60  pick      SO-4/1  by carl  as 5 CS
    STAGE  3/15:00  3/15:01   −5  shipment  SO-4/1
    """
    leading = found.leading
    assert leading.cause == "U1"
    assert (leading.explained, leading.left_over) == (55 * SCALE, 0)
    assert told(leading.evidence) == ["booked-in-larger-unit SO-4", "shipped-less SO-4"]
    assert leading.evidence[0].facts["factor"] == 12
    assert asked(leading.settle) == "ask-who carl SO-4"


def test_the_order_line_asked_for_as_many_pieces_as_cases_were_taken(found):
    """
    CS = 12
    here   1/08:00  1/08:05  +60  receipt   PO-1
    here   2/10:00  2/10:01  −20  pick      SO-3/1
    here   3/10:00  3/10:01  −60  pick      SO-4/1  as 5 CS
    order SO-4/1 5 done 60 closed
    """
    assert found.leading.cause == "U1"
    assert told(found.leading.evidence) == ["booked-in-larger-unit SO-4", "ordered-less SO-4"]


def test_cases_came_and_pieces_were_booked(found):
    """
    CS = 12
    1/08:00  1/08:05  +48  receipt  PO-1/1
    5/08:00  5/08:05   +4  receipt  PO-2/1
    6/10:00  6/10:01  −42  pick     SO-3
    7/10:00  7/10:01  −35  pick     SO-4
    receipt PO-1/1 48 done 48 closed due 1/12:00
    receipt PO-2/1 48 done 4 closed due 5/12:00
    """
    leading = found.leading
    assert leading.cause == "U1"
    assert leading.explained == 44 * SCALE
    assert told(leading.evidence) == ["booked-in-smaller-unit PO-2", "ordered PO-2"]
    assert asked(leading.settle) == "ask-delivery-note PO-2"


def test_without_papers_a_pick_keyed_in_cases_where_nobody_picks_cases(found):
    """
    CS = 12
    usually WMS pick in a larger unit 1 of 900
    1/08:00   1/08:05  +90  receipt  PO-1
    2/10:00   2/10:01   −5  pick     SO-1*  ×9
    12/10:00 12/10:01  −72  pick     SO-2  by carl  as 6 CS
    """
    assert {"U1", "K3"} <= set(causes(found))
    said = hypothesis(found, "U1")
    assert said.explained == 66 * SCALE
    assert told(said.evidence) == ["keyed-in-larger-unit SO-2"]


def test_without_papers_a_receipt_of_a_few_where_cases_always_come(found):
    """
    CS = 12
    1/08:00    1/08:05  +60  receipt  PO-1*  ×9 every 5 days
    46/08:00  46/08:05   +5  receipt  PO-2
    1/10:00    1/10:01  −11  pick     SO-1*  ×51
    """
    assert named(found)[0] == "U1"
    assert told(hypothesis(found, "U1").evidence) == ["booked-in-smaller-unit PO-2"]


def test_what_was_brought_too_much_to_the_stage_is_by_the_content_of_a_case(found):
    """
    here is staging
    A-01 had 90
    CS = 6
    A-01    3/10:00  3/10:01  −18  pick      SO-4/1  as 3 CS
    here    3/10:00  3/10:01  +18  pick      SO-4/1  as 3 CS
    here    3/15:00  3/15:01   −3  shipment  SO-4/1
    > here  6/07:00  6/07:00  −15  count correction  INV-1
    """
    assert found.leading.cause == "U1"
    assert told(found.leading.evidence) == ["brought-more SO-4"]


def test_one_of_two_picks_of_a_line_was_keyed_in_cases(found):
    """
    CS = 12
    STAGE is staging
    here   1/08:00  1/08:05   +60  receipt   PO-1
    here   3/10:00  3/10:01  −108  pick      SO-4/1
    here   3/10:10  3/10:11    −3  pick      SO-4/1
    STAGE  3/15:00  3/15:01   −12  shipment  SO-4/1
    """
    leading = found.leading
    assert leading.cause == "U1"
    assert leading.explained == 99 * SCALE
    assert told(leading.evidence) == ["booked-in-larger-unit SO-4", "shipped-less SO-4"]


def test_a_difference_that_is_no_multiple_of_a_case_is_another_quantity(found):
    """
    CS = 12
    STAGE is staging
    here   1/08:00  1/08:05  +60  receipt   PO-1
    here   2/10:00  2/10:01  −50  pick      SO-3/1
    here   3/10:00  3/10:01  −15  pick      SO-4/1
    STAGE  3/15:00  3/15:01   −5  shipment  SO-4/1
    """
    assert found.leading.cause == "K3"
    assert "U1" not in causes(found)


def test_cases_picked_where_cases_are_picked_every_day_are_ordinary(found):
    """
    CS = 12
    usually WMS pick in a larger unit 1 of 2
    1/08:00   1/08:05  +250  receipt  PO-1
    2/10:00   2/10:01   −24  pick     SO-1*  as 2 CS ×12
    """
    assert found.leading.cause == "Z0"
    assert hypothesis(found, "Z0").probability > 0.7


def test_a_receipt_of_last_quarter_is_no_trace_of_it(found):
    """
    CS = 12
    1/08:00     1/08:05   +4  receipt  PO-1
    100/10:00 100/10:01  −35  pick     SO-4
    receipt PO-1/1 48 done 4 closed due 1/12:00
    """
    assert "U1" not in causes(found)


def test_of_two_lines_brought_too_much_the_one_by_the_case_is_the_unit(found):
    """
    here is staging
    A-01 had 90
    CS = 6
    A-01    2/10:00  2/10:01  −18  pick      SO-4/1  as 3 CS
    here    2/10:00  2/10:01  +18  pick      SO-4/1  as 3 CS
    here    2/15:00  2/15:01   −3  shipment  SO-4/1
    A-01    3/10:00  3/10:01  −20  pick      SO-5/1
    here    3/10:00  3/10:01  +20  pick      SO-5/1
    here    3/15:00  3/15:01   −5  shipment  SO-5/1
    > here  6/07:00  6/07:00  −15  count correction  INV-1
    """
    assert "U1" in causes(found)
