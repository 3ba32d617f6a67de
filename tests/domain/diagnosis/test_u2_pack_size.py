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
    assert told(said.evidence) == ["came-in-cases PO-2", "came-in-cases PO-3"]


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
