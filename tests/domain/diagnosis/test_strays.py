"""Stock of the item that lies elsewhere, or came in elsewhere."""

from __future__ import annotations

from zeroline.domain.diagnosis.strays import elsewhere, least_left, strays
from zeroline.domain.quantity import SCALE


def test_elsewhere_are_bins_of_the_same_site_lot_status_and_kind_that_had_some_the_fullest_first(shortage):
    """
    DOCK is a dock
    Z-01 is a bin of site 2
    A-01 had 3
    A-02 had 8
    A-03:damaged had 9
    A-04#L1 had 9
    DOCK had 9
    Z-01 had 9
    A-05 had 0
    here had 4
    2/10:00  2/10:01  −9  pick  SO-1
    """
    lies = [(stock.location, quantity // SCALE) for stock, quantity in elsewhere(shortage)]
    assert lies == [("A-02", 8), ("A-01", 3)]


def test_what_strayed_to_another_bin_is_what_still_lies_there(shortage):
    """
    here had 4
    A-01  1/08:00   1/08:05   +9  receipt       PO-1
    A-02  1/08:00   1/08:05   +9  receipt       PO-2
    A-02  1/09:00   1/09:05   −8  pick          SO-0
    A-03  1/08:00   1/08:05   +9  receipt       PO-3
    here  2/10:00   2/10:01   −9  pick          SO-1
    A-03  3/10:00   3/10:01   −9  transfer out  TR-1
    A-04  4/08:00   4/08:05   +9  receipt       PO-4
    """
    found = {stray.other.location: stray for stray in strays(shortage)}
    assert found.keys() == {"A-01", "A-03"}
    assert found["A-01"].lies == 9 * SCALE
    assert found["A-01"].new
    assert found["A-01"].untouched
    assert found["A-03"].taken_back.document == "TR-1"


def test_what_a_count_there_took_away_again_lay_there_until_then(shortage):
    """
    here had 4
    A-01  1/08:00   1/08:05   +9  receipt           PO-1
    A-01  1/09:00   1/09:05   +2  receipt           PO-2
    A-01  2/07:00   2/07:05   −9  count correction  INV-1
    here  3/10:00   3/10:01  −13  pick              SO-1
    """
    stray = strays(shortage)[-1]
    assert stray.row.document == "PO-1"
    assert stray.lies == 9 * SCALE
    assert stray.taken_back.document == "INV-1"


def test_stock_that_was_moved_here_in_an_ordinary_way_did_not_stray(shortage):
    """
    here had 8
    B-07  2/08:00   2/08:05  +30  receipt       PO-2/1
    B-07  4/08:00   4/08:05  −30  transfer out  TR-1
    here  4/08:00   4/08:05  +30  transfer in   TR-1
    here 10/10:00  10/10:01  −42  pick          SO-4
    """
    assert strays(shortage) == ()


def test_what_the_book_elsewhere_never_falls_below_until_it_is_corrected(shortage):
    """
    here had 4
    A-01 had 9
    here  2/10:00  2/10:01  −7  pick              SO-1
    A-01  3/10:00  3/10:01  −6  pick              SO-2
    A-01  4/10:00  4/10:01  +5  receipt           PO-2
    A-01  5/10:00  5/10:01  −8  count correction  INV-1
    """
    (other,) = shortage.others
    assert least_left(shortage, other, 9 * SCALE) == 3 * SCALE


def test_a_bin_that_the_next_count_found_right_has_nothing_of_what_is_missing_here(shortage):
    """
    A-01 had 30
    A-02 had 20
    A-03 had 10
    A-04 had 8
    here had 4
    2/10:00  2/10:01  −9  pick  SO-1
    A-01  3/07:00  3/07:00   0  count correction  INV-1
    A-02  3/07:00  3/07:00  −9  count correction  INV-1
    A-02  4/07:00  4/07:00   0  count correction  INV-2
    count A-03 3/07:00 expected 10 counted 10 by Cora
    count A-04 3/07:00 expected 8 counted 7 by Cora
    """
    assert [stock.location for stock, _ in elsewhere(shortage)] == ["A-02", "A-04"]
