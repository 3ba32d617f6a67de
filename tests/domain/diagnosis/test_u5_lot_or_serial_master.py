"""U5: taken under a lot that never came in; a lot of nearly the same name has the stock."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE


def test_a_lot_that_never_came_in_beside_one_of_nearly_the_same_name(found):
    """
    ledger from 1/00:00 to 60/00:00
    here#L20610 had 80
    here#L20610  20/10:00  20/10:01  −10  pick  SO-1
    here#L20601  30/10:00  30/10:01  −12  pick  SO-2
    here#L20601  32/10:00  32/10:01   −9  pick  SO-3
    """
    leading = found.leading
    assert leading.cause == "U5"
    assert (leading.explained, leading.left_over) == (21 * SCALE, 0)
    assert told(leading.evidence) == ["nearly-this-lot here", "taken-as-lot SO-2"]
    assert leading.evidence[0].facts["lot"] == "L20610"
    assert asked(leading.settle) == "look-in-bin here L20610"


def test_another_lot_of_quite_another_name_is_not_meant(found):
    """
    ledger from 1/00:00 to 60/00:00
    here#L20610 had 80
    here#L77301  30/10:00  30/10:01  −12  pick  SO-2
    """
    assert "U5" not in causes(found)


def test_a_nearly_equal_lot_of_a_late_receipt_is_a_late_receipt(found):
    """
    here#L20610 had 80
    here#L20601  29/10:00  31/10:01  +40  receipt  PO-2
    here#L20601  30/10:00  30/10:01  −12  pick     SO-2
    """
    assert found.leading.cause == "T1"


def test_without_lots_there_is_no_lot_master_to_blame(found):
    """
    A-02 had 80
    here had 4
    here  30/10:00  30/10:01  −12  pick  SO-2
    """
    assert "U5" not in causes(found)


def test_a_lot_that_goes_out_under_its_right_name_as_well_was_not_received_wrongly(found):
    """
    here#L250292  1/08:00   1/08:05  +90  receipt   PO-1
    here#L250292  2/10:00   2/10:01   −9  shipment  SO-1
    > here#250292   3/10:00   3/10:01   −8  shipment  SO-2
    here#L250292  4/10:00   4/10:01   −7  shipment  SO-3
    """
    assert found.leading.cause == "U5"


def test_an_item_kept_in_lots_was_taken_without_one(found):
    """
    here#L250292  1/08:00   1/08:05  +90  receipt  PO-1
    here#L250292  2/10:00   2/10:01   −9  pick     SO-1
    > here  3/10:00   3/10:01   −8  pick  SO-2
    """
    assert found.leading.cause == "U5"
    assert told(found.leading.evidence) == ["only-under-lots here", "taken-without-lot SO-2"]


def test_an_item_that_also_comes_without_lots_may_be_taken_without_one(found):
    """
    here#L250292  1/08:00   1/08:05  +90  receipt  PO-1
    A-02          1/09:00   1/09:05  +20  receipt  PO-2
    > here  3/10:00   3/10:01   −8  pick  SO-2
    """
    assert "taken-without-lot SO-2" not in told(found.leading.evidence)
