"""What one shortage is read from: where it began, since when the book is trusted, how much is missing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from support.ledger import at
from support.shortage import read_shortage
from zeroline.domain.diagnosis import Line, Subject, SubjectKind
from zeroline.domain.diagnosis.usual import deciles
from zeroline.domain.instant import HOUR, MINUTE
from zeroline.domain.quantity import SCALE


def documents(rows) -> list[str]:
    return [row.document for row in rows]


# --- where in the ledger


def test_rows_lie_before_inside_and_after_the_crossing(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    2/10:00  2/10:01  −12  pick     SO-1
    3/10:00  3/10:01   −4  pick     SO-2
    4/10:00  4/10:01  +30  receipt  PO-2
    5/10:00  5/10:01   −4  pick     SO-3
    """
    assert documents(shortage.before) == ["PO-1", "SO-1"]
    assert documents(shortage.inside) == ["SO-1", "SO-2", "PO-2"]
    assert documents(shortage.after) == ["SO-2", "PO-2", "SO-3"]
    assert shortage.crossing.document == "SO-1"
    assert shortage.closing.document == "PO-2"
    assert shortage.subject.depth == -6 * SCALE


def test_an_open_shortage_has_no_closing_and_lasts_to_the_end(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    2/10:00  2/10:01  −12  pick     SO-1
    3/10:00  3/10:01   −4  pick     SO-2
    """
    assert shortage.closing is None
    assert documents(shortage.inside) == ["SO-1", "SO-2"]


def test_a_variance_has_nothing_inside_and_its_correction_is_its_crossing(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    > 2/10:00  2/10:01   −2  count correction  INV-1
    3/10:00  3/10:01   −4  pick              SO-2
    """
    assert not shortage.is_episode
    assert shortage.inside == ()
    assert shortage.closing is None
    assert documents(shortage.before) == ["PO-1"]
    assert shortage.crossing.document == "INV-1"


def test_a_count_of_zerolines_own_has_its_place_by_its_instant(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    > count 2/10:00 expected 10 counted 7 by Cora
    3/10:00  3/10:01   −4  pick     SO-2
    """
    assert shortage.crossing is None
    assert shortage.crossing_place == 1
    assert documents(shortage.before) == ["PO-1"]
    assert shortage.missing == -3 * SCALE
    assert shortage.subject.count == 1


def test_a_count_after_the_last_row_has_its_place_past_them(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    > count 2/10:00 expected 10 counted 7 by Cora
    """
    assert shortage.crossing is None
    assert shortage.crossing_place == 1
    assert shortage.root is None


# --- since when the book is trusted


def test_the_book_is_trusted_from_its_last_correction_on(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    2/07:00  2/07:00   −1  count correction  INV-1
    3/10:00  3/10:01   −4  pick              SO-1
    4/10:00  4/10:01   −8  pick              SO-2
    """
    assert shortage.trusted == 2
    assert documents(shortage.since_count) == ["SO-1", "SO-2"]


def test_a_count_of_zerolines_own_that_agreed_makes_the_book_trusted_too(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    3/10:00  3/10:01   −4  pick              SO-1
    count 3/12:00 expected 6 counted 6 by Cora
    count A-02 4/09:00 expected 6 counted 6 by Cora
    4/10:00  4/10:01   −8  pick              SO-2
    """
    assert documents(shortage.since_count) == ["SO-2"]


def test_a_book_never_counted_is_read_from_its_beginning(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    3/10:00  3/10:01  −14  pick              SO-1
    count 5/12:00 expected -4 counted 0 by Cora
    """
    assert shortage.trusted == 0
    assert shortage.since_count == shortage.before


# --- where the shortage began


def test_a_shortage_begins_where_the_book_first_fell_below_zero_since_the_last_count(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    2/10:00  2/10:01  −12  pick     SO-1
    2/15:00  2/15:01   −5  pick     SO-2
    3/10:00  3/10:01  +20  receipt  PO-2
    > 5/10:00  5/10:01  −18  pick     SO-3
    """
    assert shortage.root.document == "SO-1"
    earlier = shortage.at_root
    assert earlier.subject == Subject(SubjectKind.EPISODE, at("2/10:01"), 2, 4, -7 * SCALE)
    assert documents(earlier.inside) == ["SO-1", "SO-2", "PO-2"]
    assert earlier.at_root is None


def test_a_stretch_that_is_still_below_zero_when_it_is_counted_has_no_end(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    2/10:00  2/10:01  −12  pick              SO-1
    > 3/07:00  3/07:00   +1  count correction  INV-1
    """
    earlier = shortage.at_root
    assert earlier.subject.closing is None
    assert earlier.subject.depth == -2 * SCALE


def test_a_count_between_two_stretches_ends_the_earlier_one(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    2/10:00  2/10:01  −12  pick              SO-1
    3/07:00  3/07:00   +9  count correction  INV-1
    > 5/10:00  5/10:01   −8  pick              SO-3
    """
    assert shortage.root == shortage.crossing
    assert shortage.at_root is None


def test_a_book_that_is_too_high_has_no_earlier_stretch_to_go_on(shortage):
    """
    2/10:00  2/10:01   −2  pick              SO-1
    3/10:00  3/10:01  +20  receipt           PO-2
    > 5/07:00  5/07:00   −8  count correction  INV-1
    """
    assert shortage.root.document == "SO-1"
    assert shortage.at_root is None


# --- how much


def test_the_depth_is_the_least_that_can_be_missing_until_a_count_tells(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    2/10:00  2/10:01  −12  pick     SO-1
    """
    assert (shortage.missing, shortage.exact, shortage.low) == (2 * SCALE, False, True)
    assert shortage.correction is None


def test_the_correction_after_it_tells_exactly(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    2/10:00  2/10:01  −12  pick              SO-1
    2/11:00  2/11:01  −0.5  adjustment       ADJ-1
    3/07:00  3/07:00   +9  count correction  INV-1
    """
    assert (shortage.missing, shortage.exact) == (9 * SCALE, True)
    assert shortage.correction.document == "INV-1"


def test_a_variance_is_exact_in_itself(shortage):
    """
    1/08:00  1/08:05  +10  receipt           PO-1
    > 3/07:00  3/07:00   −4  count correction  INV-1
    4/07:00  4/07:00   +4  count correction  INV-2
    """
    assert (shortage.missing, shortage.exact, shortage.low) == (-4 * SCALE, True, False)
    assert shortage.correction is None


# --- stock


def test_balances_run_on_from_before_the_first_row(shortage):
    """
    here had 30
    1/08:00  1/08:05  −20  pick  SO-1
    2/08:00  2/08:05  −11  pick  SO-2
    """
    here = shortage.here
    assert here.balances == (10 * SCALE, -1 * SCALE)
    assert not here.begins
    assert here.at(at("1/00:00")) == 30 * SCALE
    assert here.at(at("1/08:05")) == 10 * SCALE
    assert here.now == -1 * SCALE


def test_a_line_has_nothing_outstanding_once_more_is_done_than_asked():
    line = Line(1, "receipt", "PO-1", "1", 1, "BOLT", "", "", 10, 4, True, None, "")
    assert line.outstanding == 6
    assert line._replace(done=12).outstanding == 0


# --- what is usual


def test_deciles_are_the_median_and_the_ninth_tenth_of_each_name():
    values = [(("ERP", "receipt"), late) for late in (9, 1, 8, 2, 12, 7, 3, 11, 6, 4, 5, 10)]
    assert deciles(values) == {("ERP", "receipt"): (7, 11)}
    too_few = [(("WMS", "pick"), 3)] * 11
    assert deciles([*values, *too_few]) == {("ERP", "receipt"): (7, 11)}
    assert deciles([]) == {}


def test_how_late_rows_usually_are_comes_from_the_whole_ledger_else_from_the_item(shortage):
    """
    usually WMS pick 5 to 40 minutes late
    here  1/08:00  1/08:05  +10  receipt  PO-1
    A-02  1/09:00  1/12:00  +10  receipt  PO-2
    here  2/10:00  2/10:01  −12  pick     SO-1
    """
    pick = shortage.crossing
    assert (shortage.usual_lag(pick), shortage.long_lag(pick)) == (5 * MINUTE, 40 * MINUTE)
    receipt = shortage.here.rows[0]
    unknown = replace(shortage, lags={})
    assert (unknown.usual_lag(receipt), unknown.long_lag(receipt)) == (0, 0)  # two rows make nothing usual
    more = tuple(receipt._replace(seq=100 + n, recorded=receipt.occurred + HOUR) for n in range(12))
    busy = replace(unknown, here=replace(unknown.here, rows=more + unknown.here.rows))
    assert busy.usual_lag(receipt) == HOUR
    assert busy.usual_lag(receipt._replace(source="elsewhere")) == 0


def test_a_row_of_which_only_one_time_is_known_is_not_late(shortage):
    """
    –        1/08:05  +10  receipt  PO-1
    1/07:00  2/10:01  −12  pick     SO-1
    """
    first, second = shortage.here.rows
    assert (first.timed, first.lag) == (False, 0)
    assert second.lag == at("2/10:01") - at("1/07:00")
    assert ("WMS", "receipt") not in shortage.usual_lags


def test_sizes_are_told_by_kind_of_all_places_of_the_item(shortage):
    """
    A-02  1/08:00  1/08:05  +30  receipt  PO-1
    here  2/10:00  2/10:01   −9  pick     SO-1
    A-02  2/11:00  2/11:01   −3  pick     SO-2
    """
    assert shortage.usual_sizes == {"receipt": (30 * SCALE,), "pick": (3 * SCALE, 9 * SCALE)}


def test_lines_of_the_item_are_told_apart_from_the_others_of_the_paper(shortage):
    """
    2/10:00  2/10:01   −9  pick     SO-1/1
    order SO-1/1 9
    order SO-1/2 4 of NUT
    return RMA-1/1 2
    """
    assert [line.line for line in shortage.lines_of("order")] == ["1"]
    assert [line.number for line in shortage.lines_of("order", "return")] == ["SO-1", "RMA-1"]
    assert len(shortage.lines) == 3


# --- the text itself


def test_the_text_gathers_what_the_database_would():
    n = read_shortage(
        """
        CS = 12
        BOX = 5/2
        STAGE is staging
        A-01#L1:quarantine  1/08:00  1/08:05  +10  receipt   PO-1/1  by anna  from ERP  as 4 BOX
        here                2/10:00  2/10:01   −9  pick      SO-*/1  by carl  !  ×2 every 3 days
        NUT@STAGE           2/10:00  2/10:01   +9  pick      SO-1/1
        NUT@A-09            2/11:00  2/11:01   +4  receipt   PO-9
        receipt PO-1/1 10 done 10 closed due 1/12:00 at A-01 partner ACME
        order SO-1/2 5 of NUT
        return RMA-1/1 1 of NUT partner SO-1
        ledger from 1/00:00 to 9/00:00
        """
    )
    assert n.units == {"CS": Fraction(12), "BOX": Fraction(5, 2)}
    assert documents(n.here.rows) == ["SO-1", "SO-2"]
    assert [row.override for row in n.here.rows] == [True, True]
    assert n.here.rows[1].recorded - n.here.rows[0].recorded == at("5/10:01") - at("2/10:01")
    (other,) = n.others
    assert (other.location, other.lot, other.status, other.spot) == ("A-01", "L1", "quarantine", "bin")
    received = other.rows[0]
    assert (received.user, received.source, received.entered, received.unit) == (
        "anna",
        "ERP",
        4 * SCALE,
        "BOX",
    )
    assert {number: documents(rows) for number, rows in n.papers.items()} == {
        "PO-1": ["PO-1"],
        "SO-1": ["SO-1", "SO-1"],
        "SO-2": ["SO-2"],
    }
    assert [line.number for line in n.lines] == ["PO-1", "SO-1", "RMA-1"]
    assert n.names[2] == "NUT"
    assert (n.begins, n.until) == (at("1/00:00"), at("9/00:00"))


def test_what_was_worked_out_of_the_rows_is_kept_when_more_is_known_around_them(shortage):
    """
    1/08:00  1/08:05  +10  receipt  PO-1
    2/10:00  2/10:01  −12  pick     SO-1/1
    order SO-1/1 12
    """
    crossing = shortage.crossing
    more = shortage.surrounded(papers={"SO-1": (crossing,)}, lines=())
    assert more.crossing is crossing
    assert more.papers == {"SO-1": (crossing,)}
    assert more.lines == ()
    assert len(shortage.lines) == 1


# --- what an emptied place tells


def test_a_place_that_comes_back_to_the_same_balance_below_zero_lacks_so_much(shortage):
    """
    here had 10
    2/10:00  2/10:01  −16  pick     SO-1
    3/10:00  3/10:01  +20  receipt  PO-1
    4/10:00  4/10:01  −24  pick     SO-2
    5/10:00  5/10:01  +30  receipt  PO-2
    6/10:00  6/10:01  −30  pick     SO-3
    """
    assert shortage.subject.depth == -6 * SCALE
    assert shortage.floor == 10 * SCALE


def test_it_is_looked_for_until_a_count_puts_the_book_right(shortage):
    """
    here had 10
    2/10:00   2/10:01  −16  pick     SO-1
    3/10:00   3/10:01  +20  receipt  PO-1
    4/10:00   4/10:01  −20  pick     SO-2
    5/10:00   5/10:01   +6  count correction  INV-1
    6/10:00   6/10:01  −26  pick     SO-3
    """
    assert shortage.floor == 6 * SCALE


def test_a_place_that_was_empty_but_once_tells_nothing(shortage):
    """
    here had 10
    2/10:00  2/10:01  −16  pick     SO-1
    3/10:00  3/10:01  +20  receipt  PO-1
    4/10:00  4/10:01  −18  pick     SO-2
    """
    assert shortage.floor == 0


def test_a_count_needs_no_such_sign(shortage):
    """
    here had 10
    > 2/10:00  2/10:01  −6  count correction  INV-1
    """
    assert shortage.floor == 0
