"""P4: the line used another item; the book took the planned one, of which there was none."""

from __future__ import annotations

from support.answers import asked, causes, hypothesis, told, weak
from zeroline.domain.quantity import SCALE


def test_the_book_used_what_it_had_not_and_a_count_of_another_item_is_as_much_short(found):
    """
    here had 30
    NUT@LINE had 90
    here      1/09:00  1/09:01  −24  component issue   WO-1  by otto
    here      3/09:00  3/09:01  −24  component issue   WO-2  by otto
    NUT@LINE  6/07:00  6/07:00  −24  count correction  INV-1
    here      6/07:10  6/07:10  +24  count correction  INV-2
    production WO-2/1 24 done 24 closed
    """
    leading = found.leading
    assert leading.cause == "P4"
    assert leading.explained == found.missing == 24 * SCALE
    assert told(leading.evidence) == ["used-though-none WO-2", "planned WO-2", "other-item-short INV-1"]
    assert asked(leading.settle) == "ask-production WO-2 otto"


def test_the_item_that_was_used_instead_is_counted_short(found):
    """
    here had 90
    NUT@LINE had 30
    here      1/09:00  1/09:01  −24  component issue   WO-1
    NUT@LINE  3/09:00  3/09:01  −24  component issue   WO-2
    NUT@LINE  6/07:00  6/07:00  +24  count correction  INV-1
    > here    6/07:10  6/07:10  −24  count correction  INV-2
    """
    leading = hypothesis(found, "P4")
    assert causes(found)[:2] == ["P1", "P4"]
    assert told(leading.evidence) == ["other-item-over INV-1"]
    assert asked(leading.settle) == "count-item NUT"


def test_a_pick_and_a_count_of_another_item_as_much_short_is_a_wrong_pick(found):
    """
    here had 30
    NUT@B-01 had 90
    here      1/09:00  1/09:01  −24  pick              SO-1
    here      3/09:00  3/09:01  −24  pick              SO-2
    NUT@B-01  6/07:00  6/07:00  −24  count correction  INV-1
    here      6/07:10  6/07:10  +24  count correction  INV-2
    """
    assert causes(found)[1] == "K1"
    assert "P4" not in causes(found)


def test_supply_that_was_only_posted_late_was_no_substitute(found):
    """
    here had 30
    here  1/09:00  1/09:01  −24  component issue  WO-1
    here  3/09:00  3/09:01  −24  component issue  WO-2
    here  3/07:00  3/14:00  +60  receipt          PO-2
    """
    assert found.leading.cause == "T4"


def test_all_that_one_order_used_of_it_was_another_item(found):
    """
    here had 30
    here      2/09:00  2/09:01  −24  component issue   WO-2/2
    here      3/09:00  3/09:01  −12  component issue   WO-3/2  by otto
    here      3/10:00  3/10:01  −12  component issue   WO-3/2  by otto
    production WO-2/2 24 done 24 closed
    production WO-3/2 24 done 24 closed
    """
    said = hypothesis(found, "P4")
    assert said.explained == 24 * SCALE
    assert len(said.lift) == 2


def test_an_item_that_was_named_as_a_substitute_was_not_booked_for_another(found):
    """
    here had 30
    here      2/09:00  2/09:01  −24  component issue   WO-2/2
    here      3/09:00  3/09:01  −24  component issue   WO-3/2
    production WO-3/2 24 done 24 closed of NUT
    """
    assert weak(found, "P4")


def test_what_was_short_before_production_took_any_was_not_substituted(found):
    """
    here had 30
    here      1/09:00  1/09:01  −34  pick              SO-1
    here      2/08:00  2/08:05  +20  receipt           PO-1
    > here    3/09:00  3/09:01  −24  component issue   WO-3/2
    """
    assert weak(found, "P4")
