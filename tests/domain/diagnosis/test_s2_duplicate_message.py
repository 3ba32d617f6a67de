"""S2: one message was delivered twice: the same event, at the same instant, under another id."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE


def test_the_same_pick_at_the_same_instant_came_again_half_an_hour_later(found):
    """
    here had 40
    here      2/10:00  2/10:01  −25  pick  SO-3/1  by carl  from WCS
    here      3/10:00  3/10:01   −9  pick  SO-4/1  by carl  from WCS
    NUT@B-01  3/10:10  3/10:11   −4  pick  SO-5/1  by rita  from WCS
    here      3/10:00  3/10:31   −9  pick  SO-4/1  by carl  from WCS
    NUT@B-01  3/10:10  3/10:31   −4  pick  SO-5/1  by rita  from WCS
    """
    leading = found.leading
    assert leading.cause == "S2"
    assert (leading.explained, leading.left_over) == (9 * SCALE, 0)
    assert told(leading.evidence) == ["delivered-again SO-4", "delivered-first SO-4"]
    assert asked(leading.settle).startswith("ask-interface WCS")
    assert leading.lift == ((4, leading.evidence[0].facts["recorded_at"], 0),)


def test_a_production_report_delivered_twice_at_the_same_instant(found):
    """
    here had 60
    here  2/10:00  2/10:01  −35  component issue  WO-1/1  from MES
    here  3/10:00  3/10:01  −20  component issue  WO-2/1  from MES
    here  3/10:00  3/10:12  −20  component issue  WO-2/1  from MES
    """
    assert found.leading.cause == "S2"


def test_a_person_who_confirms_again_a_minute_later_is_no_message(found):
    """
    here had 40
    here  2/10:00  2/10:01  −25  pick  SO-3/1  by carl
    here  3/10:00  3/10:00   −9  pick  SO-4/1  by carl
    here  3/10:01  3/10:01   −9  pick  SO-4/1  by carl
    """
    assert found.leading.cause == "K5"
    assert "S2" not in causes(found)


def test_two_lines_of_one_paper_at_the_same_instant_are_two_lines(found):
    """
    here had 40
    here  2/10:00  2/10:01  −25  pick  SO-3/1
    here  3/10:00  3/10:01   −9  pick  SO-4/1
    here  3/10:00  3/10:01   −9  pick  SO-4/2
    """
    assert "S2" not in causes(found)


def test_a_second_delivery_that_was_taken_back_left_no_trace(found):
    """
    here had 40
    here  2/10:00  2/10:01  −25  pick  SO-3/1
    here  3/10:00  3/10:01   −9  pick  SO-4/1
    here  3/10:00  3/10:31   −9  pick  SO-4/1
    here  3/11:00  3/11:01   +9  pick  SO-4/1
    here  4/10:00  4/10:01   −8  pick  SO-5/1
    """
    assert "S2" not in causes(found)
