"""L3: an old lot that nobody takes from any more was counted at nothing, while newer ones go."""

from __future__ import annotations

from support.answers import asked, causes, named, told, weak
from zeroline.domain.quantity import SCALE


def test_an_old_lot_was_counted_at_nothing_while_the_newer_one_is_taken(found):
    """
    here#L1     1/08:00   1/08:05   +40  receipt           PO-1
    here#L1     3/10:00   3/10:01    −8  pick              SO-*  ×3
    here#L2     8/08:00   8/08:05  +200  receipt           PO-2
    here#L2    10/10:00  10/10:01    −7  pick              SO-1*  ×9 every 5 days
    > here#L1  60/07:00  60/07:00   −16  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "L3"
    assert leading.explained == found.missing == -16 * SCALE
    assert told(leading.evidence) == ["old-lot PO-1", "newer-lot-goes here"]
    assert leading.evidence[1].facts["lot"] == "L2"
    assert asked(leading.settle) == "look-at-expiry L1"


def test_the_only_lot_there_is_cannot_have_been_left_for_a_newer_one(found):
    """
    here#L1     1/08:00   1/08:05   +40  receipt           PO-1
    here#L1     3/10:00   3/10:01    −8  pick              SO-*  ×3
    > here#L1  60/07:00  60/07:00   −16  count correction  INV-1
    """
    assert named(found)[0] == "L5"
    assert "L3" not in causes(found)


def test_a_lot_that_is_taken_from_every_day_and_counted_a_little_short_has_not_expired(found):
    """
    here#L1     1/08:00   1/08:05  +140  receipt           PO-1
    here#L2     1/08:00   1/08:05  +140  receipt           PO-2
    here#L2    20/10:00  20/10:01    −7  pick              SO-1
    here#L1    19/10:00  19/10:01    −8  pick              SO-2
    > here#L1  21/07:00  21/07:00    −2  count correction  INV-1
    """
    assert weak(found, "L3")


def test_an_item_without_lots_does_not_expire(found):
    """
    here     1/08:00   1/08:05  +40  receipt           PO-1
    > here  60/07:00  60/07:00  −40  count correction  INV-1
    """
    assert weak(found, "L3")
