"""M2: carried from bin to bin without a booking, then taken from the new one."""

from __future__ import annotations

from support.answers import asked, causes, silent, told
from zeroline.domain.quantity import SCALE


def test_a_transfer_was_ordered_and_neither_leg_was_booked(found):
    """
    A-02 had 80
    here  1/10:00   1/10:01  +12  putaway  PO-1
    here  4/10:00   4/10:01   −9  pick     SO-3
    here  9/10:00   9/10:01   −8  pick     SO-4
    here 10/10:00  10/10:01   −7  pick     SO-5
    transfer TR-5/1 24 due 8/12:00 at here
    """
    leading = found.leading
    assert leading.cause == "M2"
    assert (leading.explained, leading.left_over) == (24 * SCALE, 0)
    assert told(leading.evidence) == ["open-transfer TR-5"]
    assert asked(leading.settle) == "look-at-paper TR-5"


def test_two_counts_show_what_was_carried_over_and_then_taken_here(found):
    """
    A-02 had 80
    here  1/10:00   1/10:01  +12  putaway  PO-1
    here  4/10:00   4/10:01   −9  pick     SO-3
    here  9/10:00   9/10:01   −8  pick     SO-4
    here 10/10:00  10/10:01   −7  pick     SO-5
    A-02 14/07:00  14/07:00  −24  count correction  INV-1
    here 14/07:20  14/07:20  +24  count correction  INV-2
    """
    leading = found.leading
    assert leading.cause == "M2"
    assert leading.explained == found.missing == 24 * SCALE
    assert told(leading.evidence)[:2] == ["had-it-in-the-book A-02", "corrected-there INV-1"]
    assert asked(leading.settle) == "look-in-bin A-02"


def test_the_bin_it_was_carried_from_is_short_by_what_the_other_has_too_much(found):
    """
    here had 80
    A-02   1/10:00   1/10:01  +12  putaway  PO-1
    A-02  14/07:00  14/07:00  +24  count correction  INV-1
    > here 14/07:20 14/07:20  −24  count correction  INV-2
    """
    leading = found.leading
    assert leading.cause == "M2"
    assert leading.explained == -24 * SCALE
    assert told(leading.evidence) == ["corrected-there INV-1", "over-there A-02"]


def test_when_the_counts_differ_by_one_pick_only_that_pick_was_made_elsewhere(found):
    """
    A-02 had 80
    here  1/10:00   1/10:01  +12  putaway  PO-1
    A-02  2/10:00   2/10:01   −4  pick     SO-2
    here  4/10:00   4/10:01   −9  pick     SO-3
    here  9/10:00   9/10:01   −8  pick     SO-4
    A-02 14/07:00  14/07:00   −8  count correction  INV-1
    here 14/07:20  14/07:20   +8  count correction  INV-2
    """
    assert found.leading.cause == "K2"


def test_a_transfer_whose_first_leg_was_booked_is_late_not_unrecorded(found):
    """
    A-02 had 80
    A-02  8/08:00   8/08:01  −24  transfer out  TR-5
    here  1/10:00   1/10:01  +12  putaway  PO-1
    here  4/10:00   4/10:01   −9  pick     SO-3
    here  9/10:00   9/10:01   −8  pick     SO-4
    transfer TR-5/1 24 due 8/12:00 at here
    """
    assert found.leading.cause == "T3"


def test_stock_of_another_lot_or_status_is_not_what_was_carried_here(found):
    """
    A-02#L2 had 80
    A-03:quarantine had 80
    here  1/10:00   1/10:01  +12  putaway  PO-1
    here  4/10:00   4/10:01   −9  pick     SO-3
    here  9/10:00   9/10:01   −8  pick     SO-4
    """
    assert silent(found)


def test_the_bin_that_transfers_always_fill_this_one_from_is_looked_at_first(found):
    """
    A-02 had 200
    B-09 had 200
    A-02  2/08:00   2/08:05  −24  transfer out  TR-*  ×3 every 2 days
    here  2/08:30   2/08:35  +24  transfer in   TR-*  ×3 every 2 days
    B-09  2/10:00   2/10:01   −9  pick          SO-*  ×9
    here  2/10:00   2/10:01   −8  pick          SO-1* ×13
    """
    leading = found.leading
    assert leading.cause == "M2"
    assert asked(leading.settle) == "look-in-bin A-02"


def test_a_transfer_due_next_month_has_not_been_made(found):
    """
    here  1/10:00   1/10:01  +12  putaway  PO-1
    here  4/10:00   4/10:01  −14  pick     SO-3
    transfer TR-5/1 24 due 38/12:00 at here
    transfer TR-6/1 24 at here
    """
    assert "M2" not in causes(found)


def test_the_book_of_the_old_place_grows_while_it_is_taken_from_the_new_one(found):
    """
    A-01 had 4
    here  3/10:00   3/10:01   −6  pick     SO-1
    A-01  4/08:00   4/08:01  +30  putaway  PO-4
    here  5/10:00   5/10:01   −6  pick     SO-2
    here  9/10:00   9/10:01   −6  pick     SO-3
    here  12/10:00  12/10:01  −6  pick     SO-4
    """
    leading = found.leading
    assert leading.cause == "M2"
    assert told(leading.evidence)[0] == "piled-up-there A-01"
    assert leading.explained == 24 * SCALE
