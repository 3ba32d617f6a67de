"""T4: consumption was reported before its supply was posted, or output after it was used."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told
from zeroline.domain.quantity import SCALE


def test_components_were_used_before_their_supply_was_posted(found):
    """
    1/07:00  1/07:02   +40  receipt          PO-1
    2/06:30  2/13:10  +200  receipt          PO-2
    2/09:00  2/09:01  −120  component issue  WO-8
    """
    leading = found.leading
    assert leading.cause == "T4"
    assert leading.explained == 200 * SCALE
    assert told(leading.evidence) == ["supplied-late PO-2", "crossed WO-8"]
    assert asked(leading.settle) == "look-at-paper PO-2"


def test_the_output_of_an_order_was_reported_after_it_had_been_shipped(found):
    """
    1/07:00  1/07:02  +10  production receipt  WO-7
    2/09:00  2/15:00  +60  production receipt  WO-8
    2/10:30  2/10:31  −40  shipment            SO-3
    """
    leading = found.leading
    assert leading.cause == "T4"
    assert leading.explained == 60 * SCALE
    assert told(leading.evidence) == ["supplied-late WO-8", "crossed SO-3"]


def test_line_supply_posted_within_the_shift_is_production_not_a_late_transfer(found):
    """
    here is production
    STORE  1/07:00  1/07:02  +900  receipt          PO-1
    STORE  2/06:30  2/11:10  −200  transfer out     TR-1
    here   2/06:40  2/11:12  +200  transfer in      TR-1
    here   2/09:00  2/09:01  −120  component issue  WO-8
    """
    assert found.leading.cause == "T4"


def test_a_transfer_days_late_whose_stock_left_in_time_is_a_late_transfer(found):
    """
    STORE  1/07:00  1/07:02  +900  receipt          PO-1
    STORE  2/06:30  2/06:32  −200  transfer out     TR-1
    here   2/06:40  5/11:12  +200  transfer in      TR-1
    here   2/09:00  2/09:01  −120  component issue  WO-8
    """
    assert found.leading.cause == "T3"


def test_a_pick_from_a_shelf_whose_receipt_was_late_is_not_production(found):
    """
    1/07:00  1/07:02   +40  receipt  PO-1
    2/06:30  2/13:10  +200  receipt  PO-2
    2/09:00  2/09:01  −120  pick     SO-8
    """
    assert "T4" not in causes(found)


def test_without_times_output_that_soon_brings_the_book_back_is_named(found):
    """
    –  1/07:00  +10  production receipt  WO-7
    –  2/10:30  −40  shipment            SO-3
    –  2/15:00  +60  production receipt  WO-8
    """
    assert named(found)[0] == "T4"
    assert told(hypothesis(found, "T4").evidence) == ["brought-back WO-8", "crossed SO-3"]


def test_a_count_lifted_the_book_before_the_output_was_reported_on_top(found):
    """
    1/09:00  1/09:01  +10  production receipt  WO-7
    2/09:00  6/15:00  +60  production receipt  WO-8
    2/10:30  2/10:31  −40  shipment            SO-3
    3/07:00  3/07:00  +60  count correction    INV-1
    > 8/07:00 8/07:00 −60  count correction    INV-2
    """
    assert found.leading.cause == "T4"
    assert told(found.leading.evidence) == ["came-on-top WO-8", "corrected-twice INV-1"]


def test_a_plan_booked_its_consumption_before_the_components_were_brought(found):
    """
    BULK  1/08:00  1/08:02  +100  receipt          PO-1
    here  2/09:00  2/09:01   −40  component issue  WO-8
    BULK  2/12:00  2/12:01   −60  transfer out     TR-1
    here  2/12:05  2/12:06   +60  transfer in      TR-1
    """
    leading = found.leading
    assert leading.cause == "T4"
    assert told(leading.evidence) == ["brought-back TR-1", "crossed WO-8"]


def test_what_was_brought_days_after_an_order_was_not_what_it_used(found):
    """
    BULK  1/08:00  1/08:02  +100  receipt          PO-1
    here  2/09:00  2/09:01   −40  component issue  WO-8
    here  5/12:05  5/12:06   +60  receipt          PO-2
    """
    assert "T4" not in causes(found)
