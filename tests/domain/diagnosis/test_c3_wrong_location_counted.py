"""C3: the neighbouring bin was counted: the figure is that bin's, or it was corrected by as much."""

from __future__ import annotations

from support.answers import asked, causes, named, told
from zeroline.domain.quantity import SCALE


def test_the_figure_counted_is_what_the_bin_beside_had(found):
    """
    hero had 17
    here had 60
    hero  1/10:00  1/10:01   −1  pick              SO-1
    here  3/10:00  3/10:01   −8  pick              SO-3
    here  5/07:00  5/07:00  −36  count correction  INV-1
    here  6/10:00  6/10:01  −24  pick              SO-4
    """
    leading = found.leading
    assert leading.cause == "C3"
    assert (leading.explained, leading.left_over) == (36 * SCALE, 0)
    assert told(leading.evidence) == ["counted-too-little INV-1", "had-that-many hero"]
    assert asked(leading.settle) == "count-both here hero"


def test_another_item_stands_in_the_bin_beside(found):
    """
    NUT@hero had 16
    NUT@hero  5/10:00  5/10:01   −2  pick              SO-9
    here had 60
    here      3/10:00  3/10:01   −8  pick              SO-3
    here      5/07:00  5/07:00  −36  count correction  INV-1
    here      6/10:00  6/10:01  −24  pick              SO-4
    """
    assert found.leading.cause == "C3"
    assert told(found.leading.evidence) == ["counted-too-little INV-1", "had-that-many hero"]


def test_one_sheet_found_as_much_less_here_as_more_of_another_item(found):
    """
    here had 60
    here      5/07:00  5/07:00  −36  count correction  INV-1
    NUT@B-01  5/07:10  5/07:10  +36  count correction  INV-1
    here      6/10:00  6/10:01  −32  pick              SO-4
    """
    leading = found.leading
    assert leading.cause == "C3"
    assert told(leading.evidence) == ["counted-too-little INV-1", "counted-as-much-more INV-1"]
    assert leading.evidence[1].facts["other"] == "NUT"
    assert asked(leading.settle) == "count-here here"


def test_a_bin_beside_with_quite_another_quantity_was_not_counted_instead(found):
    """
    hero had 71
    here had 60
    here  3/10:00  3/10:01   −8  pick              SO-3
    here  5/07:00  5/07:00  −36  count correction  INV-1
    here  6/10:00  6/10:01  −24  pick              SO-4
    """
    assert named(found)[0] == "C1"
    assert "C3" not in causes(found)
