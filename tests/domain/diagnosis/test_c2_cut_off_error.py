"""C2: a pick had left the shelf but not the book when it was counted; its booking came after."""

from __future__ import annotations

from support.answers import asked, causes, named, told
from zeroline.domain.quantity import SCALE


def test_a_pick_of_before_the_count_was_booked_after_it(found):
    """
    here had 60
    here  5/06:40  5/09:30  −27  pick              SO-4  by carl
    here  5/07:00  5/07:05  −27  count correction  INV-1
    here  6/10:00  6/10:01  −14  pick              SO-5
    """
    leading = found.leading
    assert leading.cause == "C2"
    assert (leading.explained, leading.left_over) == (27 * SCALE, 0)
    assert told(leading.evidence) == ["counted-between INV-1", "booked-after-count SO-4"]
    assert asked(leading.settle) == "ask-who carl SO-4"


def test_the_same_seen_from_the_variance(found):
    """
    here had 60
    here    5/06:40  5/09:30  −27  pick              SO-4  by carl
    > here  5/07:00  5/07:05  −27  count correction  INV-1
    """
    assert found.leading.cause == "C2"
    assert found.leading.explained == found.missing == -27 * SCALE


def test_a_pick_made_after_the_count_has_nothing_to_do_with_it(found):
    """
    here had 60
    here  5/07:00  5/07:05  −43  count correction  INV-1
    here  5/08:10  5/08:11  −21  pick              SO-4
    """
    assert named(found)[0] == "C1"
    assert "C2" not in causes(found)


def test_a_paper_entered_days_later_is_a_back_dated_document(found):
    """
    here had 60
    here    4/15:00  8/09:30  −27  shipment          SO-4
    > here  5/07:00  5/07:05  −27  count correction  INV-1
    """
    assert found.leading.cause == "T5"


def test_a_pick_booked_between_the_count_and_its_posting(found):
    """
    here had 60
    here  5/09:00  5/09:40  −12  pick              SO-3
    here  5/09:20  5/09:55  −12  count correction  INV-1
    here  9/10:00  9/10:01  −41  pick              SO-4
    """
    assert found.leading.cause == "C2"
    assert found.leading.explained == 12 * SCALE


def test_without_its_time_nobody_knows_whether_a_pick_was_made_before_the_count(found):
    """
    here had 60
    here  –       5/09:40  −12  pick              SO-3
    here  5/09:20  5/09:55  −12  count correction  INV-1
    here  9/10:00  9/10:01  −41  pick              SO-4
    """
    assert "C2" not in causes(found)
