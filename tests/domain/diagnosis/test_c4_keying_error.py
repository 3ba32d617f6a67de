"""C4: the count was typed wrongly: one slip of the finger makes it of what was expected."""

from __future__ import annotations

from support.answers import asked, causes, named, told
from zeroline.domain.quantity import SCALE


def test_a_digit_was_lost(found):
    """
    here had 165
    here  3/10:00  3/10:01   −18  pick              SO-3
    here  5/07:00  5/07:00  −130  count correction  INV-1  by cora
    here  6/10:00  6/10:01   −24  pick              SO-4
    """
    leading = found.leading
    assert leading.cause == "C4"
    assert (leading.explained, leading.left_over) == (130 * SCALE, 0)
    assert told(leading.evidence) == ["typed INV-1"]
    facts = leading.evidence[0].facts
    assert (facts["expected_quantity"], facts["counted_quantity"]) == (147 * SCALE, 17 * SCALE)
    assert asked(leading.settle) == "count-here here"


def test_two_digits_changed_places(found):
    """
    here had 82
    here  5/07:00  5/07:00  −54  count correction  INV-1
    here  6/10:00  6/10:01  −41  pick              SO-4
    """
    assert found.leading.cause == "C4"


def test_a_digit_was_typed_twice_and_the_variance_taken_back_later(found):
    """
    here had 82
    > here  5/07:00  5/07:00  +740  count correction  INV-1
    here    6/07:00  6/07:00  −740  count correction  INV-2
    """
    assert found.leading.cause == "C4"
    assert found.leading.explained == 740 * SCALE


def test_a_figure_that_no_slip_makes_of_what_was_expected_is_a_miscount(found):
    """
    here had 82
    here  5/07:00  5/07:00  −46  count correction  INV-1
    here  6/10:00  6/10:01  −41  pick              SO-4
    """
    assert named(found)[0] == "C1"
    assert "C4" not in causes(found)


def test_a_part_of_a_piece_and_nothing_are_not_typed_wrongly(found):
    """
    here had 10
    here  5/07:00  5/07:00  −10  count correction  INV-1
    here  6/10:00  6/10:01   −4  pick              SO-4
    """
    assert "C4" not in causes(found)


def test_a_digit_too_many_before_the_point_and_taken_back_by_the_next_count(found):
    """
    here had 25.25
    here    5/07:00  5/07:00  +200  count correction  INV-1
    > here  9/07:00  9/07:00  −200  count correction  INV-2
    """
    assert found.leading.cause == "C4"
