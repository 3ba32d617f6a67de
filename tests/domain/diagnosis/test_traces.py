"""What several fingerprints look for, where the trace deserves a test of its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from support.ledger import at
from zeroline.domain.diagnosis import Neighbourhood, traces, wanted
from zeroline.domain.diagnosis.slips import alike, slip
from zeroline.domain.diagnosis.strays import elsewhere, strays
from zeroline.domain.instant import HOUR
from zeroline.domain.quantity import SCALE


def documents(rows) -> list[str]:
    return [row.document for row in rows]


# --- how well a quantity fits


def test_only_stock_of_the_right_sign_explains_a_shortage(shortage):
    """
    here had 4
    2/10:00  2/10:01  −9  pick  SO-1
    """
    assert traces.alone(shortage, 5 * SCALE)
    assert traces.alone(shortage, 50 * SCALE)
    assert not traces.alone(shortage, 4 * SCALE)
    assert not traces.alone(shortage, -5 * SCALE)
    assert traces.fit(shortage, -5 * SCALE) == traces.fit(shortage, 0) < traces.fit(shortage, SCALE)


def test_what_covers_the_least_that_is_missing_fits_better_than_a_part_of_it(shortage):
    """
    here had 4
    2/10:00  2/10:01  −9  pick  SO-1
    """
    exact, more, most, part, little = (
        traces.fit(shortage, int(q * SCALE)) for q in (5, 20, 200, 3, Fraction(1, 2))
    )
    assert exact > more > most > part > little


def test_an_exact_hit_on_what_a_count_says_weighs_the_more_the_larger_it_is(shortage):
    """
    here had 4
    2/10:00  2/10:01  −9  pick              SO-1
    3/07:00  3/07:00  +8  count correction  INV-1
    """

    def fit(missing: int, explained: int) -> float:
        correction = shortage.here.rows[-1]._replace(quantity=missing * SCALE)
        here = replace(shortage.here, rows=(*shortage.here.rows[:-1], correction))
        return traces.fit(replace(shortage, here=here), explained * SCALE)

    assert fit(2, 2) < fit(8, 8) < fit(80, 80)
    assert fit(80, 80) > fit(80, 79) > fit(80, 7)


# --- late


def test_late_is_what_had_happened_when_the_stock_was_taken(shortage):
    """
    here had 4
    2/09:00  2/15:00   +5  receipt           PO-1
    2/11:00  2/15:00   +5  receipt           PO-2
    2/10:00  2/10:01   −9  pick              SO-1
    –        2/15:00   +5  receipt           PO-3
    2/09:00  2/16:00   +5  count correction  INV-1
    2/09:00  2/17:00   −2  pick              SO-2
    """
    assert documents(traces.late_rows(shortage)) == ["PO-1"]
    assert traces.gap(shortage, traces.late_rows(shortage)[0]) == at("2/15:00") - at("2/10:01")


def test_a_count_of_zerolines_own_has_no_late_rows_and_is_its_own_beginning(shortage):
    """
    here had 4
    2/09:00  2/15:00   +5  receipt  PO-1
    > count here 2/10:00 expected 4 counted 9 by Cora
    """
    assert traces.late_rows(shortage) == ()
    assert traces.gap(shortage, shortage.here.rows[0]) == 5 * HOUR


def test_what_a_source_went_on_with_while_a_paper_waited_was_not_held_back(shortage):
    """
    here      1/08:00  1/08:02   +4  receipt  PO-0
    here      2/09:00  2/15:00  +30  receipt  PO-1  from ERP
    here      2/10:00  2/10:01   −9  pick     SO-1
    NUT@B-01  2/11:00  2/11:03   +5  receipt  PO-2  from ERP
    NUT@B-01  2/12:00  2/12:03   +5  receipt  PO-3  from ERP
    NUT@B-01  2/12:00  2/12:03   +5  receipt  PO-4  from WMS
    """
    (late,) = traces.late_rows(shortage)
    assert traces.went_on(shortage, late) == 2
    assert traces.held_back(shortage) == ()


def test_papers_that_came_late_in_the_same_burst_were_held_back(shortage):
    """
    here      2/09:00  2/15:00  +30  receipt  PO-1  from ERP
    here      2/10:00  2/10:01   −9  pick     SO-1
    NUT@B-01  2/11:00  2/15:01   +5  receipt  PO-2  from ERP
    NUT@B-01  2/12:00  2/15:02   +5  receipt  PO-3  from ERP
    NUT@B-01  2/12:00  2/15:02   +5  receipt  PO-3  from ERP
    """
    assert documents(traces.held_back(shortage)) == ["PO-2", "PO-3", "PO-3"]


# --- twice, and taken back


def test_a_booking_is_taken_back_by_its_opposite_under_the_same_paper_once(shortage):
    """
    here had 4
    1/08:00  1/08:05   +5  receipt           PO-1
    1/09:00  1/09:05   −5  receipt           PO-1
    1/10:00  1/10:05   −5  receipt           PO-1
    1/11:00  1/11:05   +3  count correction  INV-1
    1/12:00  1/12:05   −3  count correction  INV-1
    2/10:00  2/10:01   −9  pick              SO-1
    """
    ((booked, taken),) = traces.reversals(shortage)
    assert (booked.seq, taken.seq) == (1, 2)


def test_a_putaway_is_not_taken_back_while_the_dock_had_enough_for_both(shortage):
    """
    DOCK is a dock
    DOCK  1/07:00  1/07:05  +10  receipt  PO-1
    here  1/08:00  1/08:05   +5  putaway  PO-1
    here  1/09:00  1/09:05   −5  putaway  PO-1
    here  2/10:00  2/10:01   −9  pick     SO-1
    """
    ((booked, taken),) = traces.reversals(shortage)
    assert traces.came_for_both(shortage, booked, taken)
    assert not traces.came_for_both(replace(shortage, papers={}), booked, taken)
    assert not traces.came_for_both(shortage, booked._replace(kind="receipt"), taken)


def test_a_row_twice_is_one_of_the_same_paper_line_kind_and_size_within_days(shortage):
    """
    here had 9
    1/08:00   1/08:05  −2  pick  SO-1/1
    2/08:00   2/08:05  −2  pick  SO-1/1
    2/08:00   2/09:05  −2  pick  SO-2/1
    2/08:00   2/09:06  −2  pick  SO-2/2
    2/08:00   2/09:07  −3  pick  SO-2/1
    9/08:00   9/08:05  −2  pick  SO-1/1
    """
    (twin,) = traces.twins(shortage)
    assert (twin.first.seq, twin.second.seq, twin.same_instant) == (1, 2, False)


def test_without_a_paper_only_the_very_same_instant_makes_a_row_twice(shortage):
    """
    here had 9
    1/08:00  1/08:05  −2  pick
    1/08:00  1/08:45  −2  pick
    1/09:00  1/09:05  −2  pick
    1/09:01  1/09:06  −8  pick
    """
    (twin,) = traces.twins(shortage)
    assert (twin.first.seq, twin.second.seq, twin.same_instant) == (1, 2, True)


def test_rows_that_repeat_by_habit_are_doubted_the_more_the_more_they_do(shortage):
    """
    here had 59
    1/08:00  1/08:05  −5  pick  SO-*/1  ×6
    1/09:00  1/09:05  −5  pick  SO-*/1  ×6
    """
    last = traces.twins(shortage)[-1]
    assert 0 < last.habit < 1
    assert 0 < last.doubt <= 4
    assert replace(last, same_instant=True).doubt == 0


# --- sizes


def test_a_size_stands_out_only_where_there_are_enough_to_compare(shortage):
    """
    here had 30
    1/08:00  1/08:05   −4  pick  SO-*  ×7
    9/08:00  9/08:05  −40  pick  SO-9
    """
    assert traces.share_below(shortage, shortage.crossing) == 10
    few = replace(shortage, here=replace(shortage.here, rows=shortage.here.rows[-3:]))
    assert traces.share_below(few, shortage.crossing) == 0


def test_units_below_a_piece_are_no_larger_units(shortage):
    """
    CS = 12
    PAL = 480
    PCS = 1
    HALF = 1/2
    BOX = 12
    1/08:00  1/08:05   −4  pick  SO-1
    """
    assert traces.factors(shortage) == (12, 480)


@pytest.mark.parametrize(
    ("true", "keyed", "wrong"),
    [
        (147, 17, True),
        (17, 147, True),
        (82, 28, True),
        (82, 822, True),
        (82, 820, True),
        (82, 83, False),
        (1234, 2143, False),
        (82, 8200, False),
        (82, 82, False),
        (0, 5, False),
        (12, 345, False),
    ],
)
def test_one_slip_of_the_finger_loses_doubles_adds_or_swaps_a_digit(true, keyed, wrong):
    assert slip(true, keyed) is wrong
    assert slip(-true, keyed) is wrong


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("L2061", "L2601", True),
        ("L2061", "L2062", True),
        ("L2061", "L206", True),
        ("L2061", "L20611", True),
        ("L2061", "L2061", False),
        ("L2061", "L2160", False),
        ("L2061", "L20", False),
        ("L2061", "", False),
        ("", "L2061", False),
    ],
)
def test_lots_are_alike_when_one_slip_of_the_finger_makes_one_of_the_other(one, other, near):
    assert alike(one, other) is near
    assert alike(other, one) is near


# --- stock elsewhere


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


# --- counts


def test_a_wrong_count_took_at_least_what_is_missing_within_two_months(shortage):
    """
    here had 90
    1/07:00   1/07:00  −20  count correction  INV-0
    70/07:00 70/07:00   −2  count correction  INV-1
    80/07:00 80/07:00  −30  adjustment        ADJ-1
    90/07:00 90/07:00  +10  count correction  INV-2
    95/10:00 95/10:01  −60  pick              SO-1
    """
    (wrong,) = traces.wrong_counts(shortage)
    assert wrong.row.document == "ADJ-1"
    assert (wrong.expected, wrong.counted) == (68 * SCALE, 38 * SCALE)
    assert wanted.counts_in_doubt(shortage) == wrong.row


def test_of_a_variance_the_count_itself_is_in_doubt(shortage):
    """
    here had 90
    > 1/07:00   1/07:00  −20  count correction  INV-0
    """
    assert traces.wrong_counts(shortage) == ()
    assert wanted.counts_in_doubt(shortage).document == "INV-0"


# --- what has to be read


def test_papers_are_wanted_that_can_tell_something_of_the_shortage(shortage):
    """
    here had 9
    here  90/08:00   90/08:05   +1  receipt             PO-1
    A-02  91/08:00   91/08:05   −2  transfer out        TR-1
    A-02  91/08:00   91/08:05   −1  pick                SO-9
    A-02  92/08:00   92/08:05   +1  production receipt  WO-1
    here  95/10:00   95/10:01  −12  pick                SO-1
    here  95/11:00   95/11:01   −1  pick
    receipt PO-2/1 5 due 97/12:00
    receipt PO-3/1 5 due 1/12:00
    order SO-7/1 5
    """
    assert wanted.papers_wanted(shortage) == ("PO-1", "PO-2", "SO-1", "SO-7", "TR-1", "WO-1")


def test_what_came_along_is_wanted_of_late_rows_second_bookings_and_receipts_that_take(
    shortage: Neighbourhood,
):
    """
    here had 9
    1/08:00  1/08:05   −1  receipt   PO-0
    1/10:00  1/10:01   −2  pick      SO-0/1
    1/10:00  1/10:31   −2  pick      SO-0/1
    2/08:00  2/15:00   +5  receipt   PO-1
    2/10:00  2/18:00  −12  shipment  SO-1
    2/09:00  2/19:00   +9  receipt   PO-2
    """
    assert documents(wanted.companions_wanted(shortage)) == ["PO-2", "SO-0", "SO-1", "PO-0"]
