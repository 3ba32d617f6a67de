"""M1: taken (or counted) in a place where the book never had the item: somebody found misplaced stock."""

from __future__ import annotations

from support.answers import asked, causes, told, weak
from zeroline.domain.quantity import SCALE


def test_a_pick_from_a_bin_that_never_had_the_item_while_another_has_it(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02 had 80
    A-02  2/10:00   2/10:01  −5  pick  SO-2*  ×12 every 3 days
    here 40/10:00  40/10:01  −3  pick  SO-1
    """
    leading = found.leading
    assert leading.cause == "M1"
    assert (leading.explained, leading.left_over) == (3 * SCALE, 0)
    assert told(leading.evidence) == ["never-there-before SO-1", "had-it A-02"]
    assert asked(leading.settle) == "count-here here"


def test_a_count_found_some_in_a_bin_that_never_had_the_item(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02 had 80
    A-02    2/10:00   2/10:01  −5  pick  SO-2*  ×12 every 3 days
    > here 40/07:00  40/07:00  +7  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "M1"
    assert leading.explained == 7 * SCALE
    assert told(leading.evidence) == ["found-here INV-1"]


def test_the_bin_that_is_short_by_what_was_found_in_a_new_place(found):
    """
    here had 80
    B-07   40/06:00  40/06:00  +7  count correction  INV-1
    > here 40/07:00  40/07:00  −7  count correction  INV-2
    """
    leading = found.leading
    assert leading.cause == "M1"
    assert leading.explained == -7 * SCALE
    assert told(leading.evidence) == ["corrected-there INV-1", "over-there B-07"]
    assert asked(leading.settle) == "look-in-bin B-07"


def test_a_bin_taken_from_again_and_again_was_filled_by_an_unrecorded_move(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02 had 80
    here 40/10:00  40/10:01  −3  pick  SO-*  ×6
    """
    assert found.leading.cause == "M2"


def test_a_new_bin_while_no_other_has_any_is_not_called_misplaced(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02  2/10:00   2/10:01  +9  receipt  PO-1
    A-02  3/10:00   3/10:01  −9  pick     SO-2
    here 40/10:00  40/10:01  −3  pick     SO-1
    """
    assert weak(found, "M1")


def test_a_bin_that_had_the_item_before_is_no_find(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02 had 80
    here  2/10:00   2/10:01  +9  putaway  PO-1
    here  3/10:00   3/10:01  −9  pick     SO-2
    here 40/10:00  40/10:01  −3  pick     SO-1
    """
    assert "M1" not in causes(found)


def test_a_transfer_out_of_a_bin_that_never_had_any_is_no_find(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02 had 80
    here 40/10:00  40/10:01  −3  transfer out  TR-1
    """
    assert "M1" not in causes(found)


def test_a_count_of_another_bin_is_short_of_what_was_taken_from_the_new_place(found):
    """
    ledger from 1/00:00 to 60/00:00
    A-02 had 80
    here 40/10:00  40/10:01   −7  pick  SO-1
    here 44/07:00  44/07:00   +7  count correction  INV-1
    A-02 45/07:00  45/07:00   −7  count correction  INV-2
    """
    assert found.leading.cause == "M1"
    assert told(found.leading.evidence) == ["never-there-before SO-1", "had-it A-02", "corrected-there INV-2"]


def test_what_is_taken_again_and_again_was_carried_there_not_found(found):
    """
    A-01 had 90
    here  3/10:00  3/10:01  −6  pick  SO-1
    here  5/10:00  5/10:01  −4  pick  SO-2
    here  9/10:00  9/10:01  −5  pick  SO-3
    """
    assert found.leading.cause == "M2"
    assert weak(found, "M1")
