"""T3: the stock had left the other end; the leg that brings it here came late, or not at all."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE


def test_the_arrival_of_a_transfer_was_posted_a_day_late(found):
    """
    RES-1  1/07:00  1/07:02  +200  receipt       PO-1
    RES-1  2/08:00  2/08:05   −48  transfer out  TR-5
    here   2/08:30  3/15:00   +48  transfer in   TR-5
    here   2/10:00  2/10:02   −20  pick          SO-3
    """
    leading = found.leading
    assert leading.cause == "T3"
    assert leading.explained == 48 * SCALE
    assert told(leading.evidence) == ["recorded-late TR-5", "crossed SO-3", "left-there TR-5"]
    assert asked(leading.settle) == "look-at-paper TR-5"


def test_the_arrival_of_a_transfer_was_never_posted(found):
    """
    RES-1  1/07:00  1/07:02  +200  receipt       PO-1
    RES-1  2/08:00  2/08:05   −48  transfer out  TR-5
    here   2/10:00  2/10:02   −20  pick          SO-3
    here   3/10:00  3/10:02   −14  pick          SO-4
    transfer TR-5/1 48 due 2/09:00 at here
    """
    leading = found.leading
    assert leading.cause == "T3"
    assert leading.explained == 48 * SCALE
    assert told(leading.evidence) == ["never-arrived TR-5", "open-transfer TR-5"]
    assert asked(leading.settle) == "look-at-paper TR-5"


def test_without_times_of_happening_the_arrival_that_brings_it_back_is_named(found):
    """
    RES-1 had 200
    here had 4
    RES-1  –  2/08:05   −48  transfer out  TR-5
    here   –  2/10:02   −20  pick          SO-3
    here   –  3/15:00   +48  transfer in   TR-5
    """
    assert found.leading.cause == "T3"
    assert told(found.leading.evidence) == ["brought-back TR-5", "crossed SO-3"]


def test_a_transfer_to_another_bin_is_not_what_is_missing_here(found):
    """
    RES-1  1/07:00  1/07:02  +200  receipt       PO-1
    RES-1  2/08:00  2/08:05   −48  transfer out  TR-5
    here   2/10:00  2/10:02   −20  pick          SO-3
    transfer TR-5/1 48 due 2/09:00 at B-07
    """
    assert "T3" not in causes(found)


def test_a_transfer_that_arrived_before_the_pick_explains_nothing(found):
    """
    RES-1  1/07:00  1/07:02  +200  receipt       PO-1
    RES-1  2/08:00  2/08:05   −12  transfer out  TR-5
    here   2/08:30  2/08:32   +12  transfer in   TR-5
    here   2/10:00  2/10:02   −20  pick          SO-3
    """
    assert "T3" not in causes(found)


def test_a_late_receipt_from_a_supplier_is_no_transfer(found):
    """
    here   1/07:00  1/07:02   +8  receipt  PO-1
    here   2/08:30  3/15:00  +48  receipt  PO-2
    here   2/10:00  2/10:02  −20  pick     SO-3
    """
    assert found.leading.cause == "T1"


def test_a_transfer_of_last_quarter_or_without_a_paper_is_not_on_its_way_here(found):
    """
    RES-1 had 900
    RES-1   1/08:00   1/08:05  −48  transfer out  TR-5
    RES-1  59/08:00  59/08:05  −48  transfer out
    RES-1  62/08:00  62/08:05  −48  transfer out  TR-7
    here had 4
    here   60/10:00  60/10:02  −20  pick          SO-3
    """
    assert "T3" not in causes(found)


def test_a_leg_that_never_arrived_is_remembered_as_long_as_the_shortage_goes_on(found):
    """
    A-01 had 90
    here had 4
    here  1/08:00   1/08:05   +0   count correction  INV-1
    A-01  2/09:00   2/09:01   −20  transfer out      TR-1
    here  3/10:00   3/10:01   −14  pick              SO-1
    here  9/08:00   9/08:05   +12  putaway           PO-2
    here  12/10:00  12/10:01   −8  pick              SO-2
    > here  50/10:00  50/10:01  −6  pick             SO-3
    """
    leading = found.leading
    assert leading.cause == "T3"
    assert told(leading.evidence)[0] == "never-arrived TR-1"
