"""U4: production takes a wrong multiple of the component, order after order."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE


def test_from_some_day_on_every_order_takes_twice_as_much_a_piece(found):
    """
    here had 260
    here       1/09:00   1/09:01  −40  component issue     WO-1
    DESK@FG    1/09:00   1/09:01  +10  production receipt  WO-1
    here       3/09:00   3/09:01  −40  component issue     WO-2
    DESK@FG    3/09:00   3/09:01  +10  production receipt  WO-2
    here       5/09:00   5/09:01  −48  component issue     WO-3
    DESK@FG    5/09:00   5/09:01  +12  production receipt  WO-3
    here       8/09:00   8/09:01  −80  component issue     WO-4
    DESK@FG    8/09:00   8/09:01  +10  production receipt  WO-4
    here      10/09:00  10/09:01  −80  component issue     WO-5
    DESK@FG   10/09:00  10/09:01  +10  production receipt  WO-5
    """
    leading = found.leading
    assert leading.cause == "U4"
    assert leading.explained == 80 * SCALE
    assert told(leading.evidence) == ["takes-more WO-5"]
    facts = leading.evidence[0].facts
    assert (facts["usual"], facts["used"], facts["product"]) == ("4", "8", "DESK")
    assert asked(leading.settle) == "look-at-bill-of-material DESK"
    assert [quantity for _, _, quantity in leading.lift] == [-40 * SCALE, -40 * SCALE]


def test_the_order_planned_less_than_was_taken(found):
    """
    here had 60
    here       1/09:00   1/09:01  −40  component issue     WO-1/2
    here       3/09:00   3/09:01  −40  component issue     WO-2/2
    production WO-1/2 40 done 40 closed
    production WO-2/2 20 done 40 closed
    """
    leading = found.leading
    assert leading.cause == "U4"
    assert leading.explained == 20 * SCALE
    assert told(leading.evidence) == ["took-more WO-2", "planned WO-2"]


def test_more_taken_because_more_was_made_is_ordinary(found):
    """
    here had 150
    here       1/09:00   1/09:01  −40  component issue     WO-1
    DESK@FG    1/09:00   1/09:01  +10  production receipt  WO-1
    here       3/09:00   3/09:01  −40  component issue     WO-2
    DESK@FG    3/09:00   3/09:01  +10  production receipt  WO-2
    here       8/09:00   8/09:01  −80  component issue     WO-4
    DESK@FG    8/09:00   8/09:01  +20  production receipt  WO-4
    """
    assert "U4" not in causes(found)


def test_an_order_reported_twice_is_no_wrong_bill_of_material(found):
    """
    here had 100
    here       1/09:00   1/09:01  −40  component issue     WO-1
    DESK@FG    1/09:00   1/09:01  +10  production receipt  WO-1
    here       3/09:00   3/09:01  −40  component issue     WO-2
    DESK@FG    3/09:00   3/09:01  +10  production receipt  WO-2
    here       3/10:00   3/10:01  −40  component issue     WO-2
    DESK@FG    3/10:00   3/10:01  +10  production receipt  WO-2
    """
    assert found.leading.cause == "P3"


def test_an_order_long_before_or_at_another_place_says_nothing(found):
    """
    here had 500
    A-02 had 90
    A-02       1/09:00   1/09:01  −40  component issue     WO-1
    DESK@FG    1/09:00   1/09:01   +5  production receipt  WO-1
    A-02       2/09:00   2/09:01  −40  component issue     WO-2
    DESK@FG    2/09:00   2/09:01  +10  production receipt  WO-2
    here       3/09:00   3/09:01  −36  pick                SO-*  ×14
    """
    assert "U4" not in causes(found)


def test_an_order_reported_in_parts_is_measured_by_the_part_that_belongs_together(found):
    """
    here had 260
    here       1/09:00   1/09:01  −40  component issue     WO-1
    DESK@FG    1/09:00   1/09:01  +10  production receipt  WO-1
    here       3/09:00   3/09:01  −40  component issue     WO-2
    DESK@FG    3/12:00   3/12:01   +4  production receipt  WO-2
    DESK@FG    3/15:00   3/15:01   +6  production receipt  WO-2
    here       8/09:00   8/09:01 −100  component issue     WO-4
    DESK@FG    8/09:00   8/09:01  +10  production receipt  WO-4
    here      10/09:00  10/09:01 −100  component issue     WO-5
    DESK@FG   10/09:00  10/09:01  +10  production receipt  WO-5
    """
    facts = found.leading.evidence[0].facts
    assert found.leading.cause == "U4"
    assert (facts["usual"], facts["used"]) == ("4", "10")


def test_a_bill_that_was_put_right_again_and_a_count_of_what_it_had_taken(found):
    """
    here had 190
    here       1/09:00   1/09:01  −40  component issue     WO-1
    DESK@FG    1/09:00   1/09:01  +10  production receipt  WO-1
    here       3/09:00   3/09:01  −40  component issue     WO-2
    DESK@FG    3/09:00   3/09:01  +10  production receipt  WO-2
    here       8/09:00   8/09:01  −50  component issue     WO-4
    DESK@FG    8/09:00   8/09:01  +10  production receipt  WO-4
    here      10/09:00  10/09:01  −50  component issue     WO-5
    DESK@FG   10/09:00  10/09:01  +10  production receipt  WO-5
    here      12/09:00  12/09:01  −50  component issue     WO-6
    DESK@FG   12/09:00  12/09:01  +10  production receipt  WO-6
    here      14/07:00  14/07:00  +30  count correction    INV-1
    here      16/09:00  16/09:01  −40  component issue     WO-7
    DESK@FG   16/09:00  16/09:01  +10  production receipt  WO-7
    """
    assert found.leading.cause == "U4"
    assert found.leading.explained == found.missing == 30 * SCALE


def test_a_component_ten_times_too_much_for_weeks_while_the_others_are_right(found):
    """
    here had 260
    WOOD@LINE had 900
    here       1/09:00   1/09:01   −10  component issue     WO-1/2
    WOOD@LINE  1/09:00   1/09:01   −20  component issue     WO-1/3
    DESK@FG    1/09:00   1/09:01   +10  production receipt  WO-1/1
    here       3/09:00   3/09:01   −10  component issue     WO-2/2
    WOOD@LINE  3/09:00   3/09:01   −20  component issue     WO-2/3
    DESK@FG    3/09:00   3/09:01   +10  production receipt  WO-2/1
    here       8/09:00   8/09:01  −100  component issue     WO-4/2
    WOOD@LINE  8/09:00   8/09:01   −20  component issue     WO-4/3
    DESK@FG    8/09:00   8/09:01   +10  production receipt  WO-4/1
    here      15/09:00  15/09:01  −150  component issue     WO-5/2
    WOOD@LINE 15/09:00  15/09:01   −30  component issue     WO-5/3
    DESK@FG   15/09:00  15/09:01   +15  production receipt  WO-5/1
    """
    assert found.leading.cause == "U4"


def test_components_issued_at_the_start_are_for_all_that_is_planned(found):
    """
    here had 100
    here       1/09:00   1/09:01  −40  component issue     WO-1/2
    DESK@FG    1/12:00   1/12:01  +10  production receipt  WO-1/1
    here       3/09:00   3/09:01  −40  component issue     WO-2/2
    DESK@FG    3/12:00   3/12:01  +10  production receipt  WO-2/1
    here       8/09:00   8/09:01  −40  component issue     WO-4/2
    DESK@FG    8/12:00   8/12:01   +5  production receipt  WO-4/1
    production WO-4/1 10 done 5 of DESK
    """
    assert "U4" not in causes(found)


def test_the_plans_of_several_orders_together_say_what_was_taken_too_much(found):
    """
    here had 90
    here       1/09:00   1/09:01  −40  component issue     WO-1/2
    here       3/09:00   3/09:01  −40  component issue     WO-2/2
    here       5/09:00   5/09:01  −60  component issue     WO-3/2
    here       9/07:00   9/07:00  +70  count correction    INV-1
    production WO-1/2 20 done 40 closed
    production WO-2/2 20 done 40 closed
    production WO-3/2 30 done 60 closed
    """
    assert found.leading.cause == "U4"
    assert found.leading.explained == found.missing == 70 * SCALE
