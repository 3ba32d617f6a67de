"""L1: broken and thrown away; a part of the same accident was booked."""

from __future__ import annotations

from support.answers import asked, causes, named, told, weak
from zeroline.domain.quantity import SCALE


def test_some_of_a_broken_pallet_was_scrapped_and_the_count_misses_the_rest(found):
    """
    here had 90
    here    3/10:00  3/10:01   −8  pick              SO-3
    here    5/14:00  5/14:10  −12  scrap             SC-1  by rita
    > here  7/07:00  7/07:00   −6  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "L1"
    assert leading.explained == found.missing == -6 * SCALE
    assert told(leading.evidence) == ["scrapped SC-1"]
    assert asked(leading.settle) == "ask-who rita SC-1"


def test_some_of_it_lies_in_the_bin_as_damaged(found):
    """
    here had 90
    here:damaged had 4
    here    3/10:00  3/10:01   −8  pick              SO-3
    > here  7/07:00  7/07:00   −6  count correction  INV-1
    """
    said = {h.cause: h for h in found.hypotheses}["L1"]
    assert told(said.evidence) == ["damaged-there here"]
    assert asked(said.settle) == "look-at-status here damaged"


def test_nothing_was_scrapped_so_nobody_knows_why_it_is_gone(found):
    """
    here had 90
    here    3/10:00  3/10:01   −8  pick              SO-3
    > here  7/07:00  7/07:00   −6  count correction  INV-1
    """
    assert named(found)[0] == "L5"
    assert "L1" not in causes(found)


def test_scrap_of_months_ago_is_another_story(found):
    """
    here had 90
    here     5/14:00   5/14:10  −12  scrap             SC-1
    > here  90/07:00  90/07:00   −6  count correction  INV-1
    """
    assert weak(found, "L1")


def test_scrap_takes_away_what_a_shelf_is_short_of_not_what_it_has_too_much(found):
    """
    here had 9
    here  5/14:00  5/14:10   −8  scrap  SC-1
    here  7/10:00  7/10:01   −6  pick   SO-3
    """
    assert "L1" not in causes(found)


def test_scrap_booked_after_the_count_with_just_what_was_missing_is_its_record(found):
    """
    here had 90
    > here  7/07:00  7/07:00  −6  count correction  INV-1
    here    7/15:00  7/15:00  −6  scrap             SC-1
    """
    assert weak(found, "L1")
