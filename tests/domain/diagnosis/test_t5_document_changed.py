"""T5: a document was taken back and entered again, or an old one was entered late."""

from __future__ import annotations

from support.answers import asked, causes, silent, told
from zeroline.domain.quantity import SCALE


def test_a_receipt_was_taken_back_and_entered_again_with_its_old_date(found):
    """
    1/08:00  1/08:05   +5  receipt  PO-1
    2/08:00  2/08:05  +30  receipt  PO-7  by anna
    2/10:00  2/10:01  −20  pick     SO-3
    3/09:00  3/09:01  −30  receipt  PO-7  by bert
    2/08:00  3/14:00  +30  receipt  PO-7  by bert
    """
    leading = found.leading
    assert leading.cause == "T5"
    assert leading.explained == 30 * SCALE
    assert told(leading.evidence) == ["taken-back PO-7", "entered-again PO-7", "booked-before PO-7"]
    assert asked(leading.settle) == "ask-who bert PO-7"


def test_a_receipt_was_deleted_after_it_had_been_picked_from(found):
    """
    1/08:00  1/08:05   +5  receipt  PO-1
    2/08:00  2/08:05  +30  receipt  PO-7  by anna
    2/10:00  2/10:01  −20  pick     SO-3
    3/09:00  3/09:01  −30  receipt  PO-7  by bert
    """
    leading = found.leading
    assert leading.cause == "T5"
    assert told(leading.evidence) == ["taken-back PO-7", "booked-before PO-7"]


def test_an_issue_entered_three_days_after_its_date_stands_alone(found):
    """
    1/08:00  1/08:05  +40  receipt   PO-1
    2/10:00  5/17:00  −15  shipment  SO-2  by carl
    3/10:00  3/10:01  −18  pick      SO-3
    4/10:00  4/10:01  −16  pick      SO-4
    """
    leading = found.leading
    assert leading.cause == "T5"
    assert leading.explained == 15 * SCALE
    assert told(leading.evidence) == ["back-dated SO-2"]
    assert asked(leading.settle) == "ask-who carl SO-2"


def test_a_count_found_less_because_an_issue_was_entered_only_after_it(found):
    """
    1/08:00  1/08:05   +40  receipt           PO-1
    2/10:00  7/17:00   −15  shipment          SO-2  by carl
    > 5/07:00  5/07:00  −15  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "T5"
    assert leading.explained == found.missing == -15 * SCALE
    assert told(leading.evidence) == ["back-dated SO-2"]


def test_an_issue_entered_the_same_hour_is_nothing_unusual(found):
    """
    1/08:00  1/08:05  +40  receipt   PO-1
    3/10:00  3/10:01  −28  pick      SO-3
    4/10:00  4/10:40  −16  pick      SO-4
    """
    assert "T5" not in causes(found)


def test_a_return_to_the_supplier_is_not_a_document_taken_back(found):
    """
    1/08:00  1/08:05  +30  receipt          PO-1
    2/10:00  2/10:01  −20  pick             SO-3
    3/09:00  3/09:01  −30  supplier return  SR-1
    """
    assert "T5" not in causes(found)


def test_a_receipt_taken_back_two_months_ago_is_another_story(found):
    """
    1/08:00   1/08:05  +40  receipt  PO-1
    2/08:00   2/08:05  +30  receipt  PO-7
    3/09:00   3/09:01  −30  receipt  PO-7
    70/10:00 70/10:01  −44  pick     SO-4
    """
    assert silent(found)


def test_an_issue_that_came_late_with_many_others_is_not_one_old_paper(found):
    """
    here had 20
    here       2/10:00  4/17:00  −24  shipment  SO-*0
    NUT@B-01   2/10:00  4/17:01   +5  receipt   PO-1
    NUT@B-02   2/10:00  4/17:01   +5  receipt   PO-2
    NUT@B-03   2/10:00  4/17:01   +5  receipt   PO-3
    NUT@B-04   2/10:00  4/17:01   +5  receipt   PO-4
    """
    assert "T5" not in causes(found)


def test_an_old_paper_took_again_what_a_count_had_already_missed(found):
    """
    here had 60
    4/15:00  8/09:30  −27  shipment          SO-4  by carl
    5/07:00  5/07:05  −27  count correction  INV-1
    6/10:00  6/10:01  −14  pick              SO-5
    """
    leading = found.leading
    assert leading.cause == "T5"
    assert leading.explained == 27 * SCALE
    assert told(leading.evidence)[0] == "back-dated SO-4"


def test_an_old_issue_entered_alone_took_what_is_missing_now(found):
    """
    here had 60
    here   2/10:00  20/07:00  −12  shipment  SO-1
    here  21/10:00  21/10:01  −30  shipment  SO-2
    here  22/10:00  22/10:01  −28  shipment  SO-3
    here  23/07:00  23/07:00  +12  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "T5"
    assert leading.explained == 12 * SCALE
    assert told(leading.evidence) == ["back-dated SO-1"]
