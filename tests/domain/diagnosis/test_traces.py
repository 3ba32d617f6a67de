"""What several fingerprints look for, where the trace deserves a test of its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from support.ledger import at
from zeroline.domain.diagnosis import traces, wanted
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
    assert fit(80, 80) > fit(80, 79) > fit(80, 60) > fit(80, 7)


def test_what_an_emptied_place_comes_back_to_fits_better_than_more_or_a_part(shortage):
    """
    here had 10
    2/10:00  2/10:01  −18  pick     SO-1
    3/10:00  3/10:01  +20  receipt  PO-1
    4/10:00  4/10:01  −20  pick     SO-2
    """
    exact, more, part = (traces.fit(shortage, q * SCALE) for q in (8, 20, 3))
    assert exact > more > part


def test_single_pieces_that_it_comes_back_to_say_less(shortage):
    """
    here had 10
    2/10:00  2/10:01  −11  pick     SO-1
    3/10:00  3/10:01  +20  receipt  PO-1
    4/10:00  4/10:01  −20  pick     SO-2
    """
    assert traces.fit(shortage, 1 * SCALE) > traces.fit(shortage, 2 * SCALE)


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


# --- counts


def test_a_wrong_count_took_at_least_what_is_missing_within_two_months_or_a_few_rows(shortage):
    """
    here had 90
    1/07:00   1/07:00  −20  count correction  INV-0
    2/08:00   2/08:00   +1  customer return   R-*    ×30 every 2 days
    2/10:00   2/10:00   −1  pick              S-*    ×30 every 2 days
    70/07:00 70/07:00   −2  count correction  INV-1
    80/07:00 80/07:00  −30  adjustment        ADJ-1
    90/07:00 90/07:00  +10  count correction  INV-2
    95/10:00 95/10:01  −60  pick              SO-1
    """
    (wrong,) = traces.wrong_counts(shortage)
    assert wrong.row.document == "ADJ-1"
    assert (wrong.expected, wrong.counted) == (68 * SCALE, 38 * SCALE)
    assert wanted.counts_in_doubt(shortage) == wrong.row


def test_of_a_variance_there_is_no_wrong_count_before_it(shortage):
    """
    here had 90
    > 1/07:00   1/07:00  −20  count correction  INV-0
    """
    assert traces.wrong_counts(shortage) == ()
    assert wanted.counts_in_doubt(shortage).document == "INV-0"


def test_a_report_sent_again_is_the_twin_of_the_one_it_repeats_not_of_the_last_one(shortage):
    """
    here had 140
    1/10:00  1/10:05  −50  component issue  WO-1/2
    1/11:00  1/11:05  −50  component issue  WO-1/2
    1/10:00  1/12:05  −50  component issue  WO-1/2
    """
    twin = traces.twins(shortage)[-1]
    assert (twin.first.recorded, twin.same_instant) == (at("1/10:05"), True)
