"""S4: the balance carried over from the old system was wrong or missing."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, named, told, weak
from zeroline.domain.quantity import SCALE


def test_too_little_was_carried_over_and_nothing_came_since(found):
    """
    here  1/00:00  1/00:00  +20  opening
    here  3/10:00  3/10:01   −8  pick  SO-3
    here  6/10:00  6/10:01   −9  pick  SO-4
    here  8/10:00  8/10:01   −7  pick  SO-5
    here  9/10:00  9/10:01   −6  pick  SO-6
    """
    assert named(found)[0] == "S4"
    leading = hypothesis(found, "S4")
    assert (leading.explained, leading.left_over) == (10 * SCALE, 0)
    assert told(leading.evidence) == ["carried-over opening", "crossed SO-5"]
    assert asked(leading.settle) == "look-at-old-system here"


def test_nothing_was_carried_over_for_this_place_while_others_were_opened(found):
    """
    A-02  1/00:00  1/00:00  +2  opening
    here  2/10:00  2/10:01  −8  pick  SO-3
    here  3/10:00  3/10:01  −9  pick  SO-4
    """
    leading = found.leading
    assert leading.cause == "S4"
    assert leading.explained == 17 * SCALE
    assert told(leading.evidence) == ["nothing-carried-over SO-3"]


def test_a_count_since_the_opening_has_put_it_right(found):
    """
    here  1/00:00  1/00:00  +20  opening
    here  3/07:00  3/07:00   −3  count correction  INV-1
    here  6/10:00  6/10:01  −19  pick  SO-4
    """
    assert "S4" not in causes(found)


def test_a_year_of_receipts_after_the_opening_it_is_not_the_opening(found):
    """
    here   1/00:00   1/00:00  +20  opening
    here   2/08:00   2/08:05  +40  receipt  PO-*  ×9 every 30 days
    here   3/10:00   3/10:01  −45  pick     SO-*  ×9 every 30 days
    """
    assert weak(found, "S4")


def test_a_ledger_that_goes_further_back_says_nothing_of_its_opening(found):
    """
    here had 20
    here  3/10:00  3/10:01  −28  pick  SO-3
    """
    assert "S4" not in causes(found)


def test_nothing_was_carried_over_for_a_place_that_was_filled_since(found):
    """
    A-02  1/00:00  1/00:00   +2  opening
    here  2/10:00  2/10:01  +10  receipt  PO-1
    here  3/10:00  3/10:01  −14  pick     SO-4
    """
    assert told(hypothesis(found, "S4").evidence) == ["nothing-carried-over PO-1", "crossed SO-4"]


def test_a_count_of_zerolines_own_shows_no_opening(found):
    """
    here  1/00:00  1/00:00  +20  opening
    > count here 3/07:00 expected 20 counted 26 by Cora
    """
    assert "S4" not in causes(found)
