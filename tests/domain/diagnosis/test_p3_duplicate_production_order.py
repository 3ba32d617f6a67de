"""P3: one production order was reported twice; its components went twice."""

from __future__ import annotations

from support.answers import asked, hypothesis, named, told, weak
from zeroline.domain.quantity import SCALE


def test_an_order_was_reported_a_second_time_an_hour_later(found):
    """
    here had 100
    here       1/09:00  1/09:01  −40  component issue     WO-1/1
    GLUE@LINE  1/09:00  1/09:01   −2  component issue     WO-1/2
    here       2/09:00  2/09:01  −35  component issue     WO-2/1  by otto
    GLUE@LINE  2/09:00  2/09:01   −3  component issue     WO-2/2  by otto
    here       2/10:00  2/10:01  −35  component issue     WO-2/1  by otto
    GLUE@LINE  2/10:00  2/10:01   −3  component issue     WO-2/2  by otto
    """
    leading = found.leading
    assert leading.cause == "P3"
    assert (leading.explained, leading.left_over) == (35 * SCALE, 0)
    assert told(leading.evidence) == ["reported-again WO-2", "reported-first WO-2"]
    assert asked(leading.settle) == "ask-production WO-2 otto"


def test_the_same_order_was_reported_under_two_numbers(found):
    """
    here had 130
    here       1/09:00  1/09:01  −40  component issue     WO-1
    GLUE@LINE  1/09:00  1/09:01   −2  component issue     WO-1
    PIN@LINE   1/09:00  1/09:01   −8  component issue     WO-1
    here       4/09:00  4/09:01  −55  component issue     WO-2
    GLUE@LINE  4/09:00  4/09:01   −4  component issue     WO-2
    PIN@LINE   4/09:00  4/09:01  −16  component issue     WO-2
    DESK@FG    4/09:00  4/09:01   +8  production receipt  WO-2
    here       4/13:00  4/13:01  −55  component issue     WO-3
    GLUE@LINE  4/13:00  4/13:01   −4  component issue     WO-3
    PIN@LINE   4/13:00  4/13:01  −16  component issue     WO-3
    DESK@FG    4/13:00  4/13:01   +8  production receipt  WO-3
    """
    assert named(found)[0] == "P3"
    leading = hypothesis(found, "P3")
    assert leading.explained == 55 * SCALE
    assert told(leading.evidence) == ["reported-again WO-3", "reported-first WO-2"]


def test_the_same_event_at_the_same_instant_is_a_message_delivered_twice(found):
    """
    here had 100
    here       1/09:00  1/09:01  −40  component issue     WO-1/1  from MES
    here       2/09:00  2/09:01  −35  component issue     WO-2/1  from MES
    here       2/09:00  2/09:31  −35  component issue     WO-2/1  from MES
    GLUE@LINE  2/09:10  2/09:11   −3  component issue     WO-9/2  from MES
    GLUE@LINE  2/09:10  2/09:32   −3  component issue     WO-9/2  from MES
    """
    assert found.leading.cause == "S2"


def test_an_order_that_is_reported_in_equal_parts_as_always_is_no_duplicate(found):
    """
    here had 400
    here  1/09:00  1/09:01  −40  component issue  WO-*/1  ×6
    here  1/12:00  1/12:01  −40  component issue  WO-*/1  ×6
    """
    assert weak(found, "P3")


def test_every_order_of_the_week_is_alike(found):
    """
    here had 210
    here       1/09:00  1/09:01  −40  component issue     WO-*  ×6
    GLUE@LINE  1/09:00  1/09:01   −2  component issue     WO-*  ×6
    DESK@FG    1/09:00  1/09:01   +8  production receipt  WO-*  ×6
    """
    assert weak(found, "P3")


def test_a_report_of_a_product_booked_twice_leaves_too_much_of_it(found):
    """
    here had 10
    here       2/09:00  2/09:01  +35  production receipt  WO-2/1
    GLUE@LINE  2/09:00  2/09:01   −3  component issue     WO-2/2
    here       2/10:00  2/10:01  +35  production receipt  WO-2/1
    GLUE@LINE  2/10:00  2/10:01   −3  component issue     WO-2/2
    > here     4/07:00  4/07:00  −35  count correction    INV-1
    """
    assert found.leading.cause == "P3"
    assert found.leading.explained == found.missing == -35 * SCALE
