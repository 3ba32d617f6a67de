"""What a typed count makes, which count stands, and the exactness of rolling forward."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.count import (
    Judged,
    LedgerRow,
    LineState,
    due_at,
    judgement,
    parse_entry,
    roll_forward,
    standing,
    variance,
)
from zeroline.domain.errors import DomainError
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import Unit
from zeroline.domain.tolerance import Tolerance

CASE = Unit("CS", 12)
THIRD = Unit("TH", 1, 3)


def made(text: str, **marks: str) -> int:
    return parse_entry(text, "EA", (CASE, THIRD), **marks).quantity


def refused(text: str, **marks: str) -> str:
    with pytest.raises(DomainError) as caught:
        made(text, **marks)
    assert caught.value.fields["field"] == "entry"
    return caught.value.code


def test_a_bare_number_is_in_base_units() -> None:
    assert made("12") == 12 * SCALE


def test_cases_and_singles_are_summed_in_base_units() -> None:
    assert made("3cs+4") == 40 * SCALE


def test_an_entry_names_each_part_with_the_unit_as_the_item_writes_it() -> None:
    parts = parse_entry(" 3 cs + 4 ", "EA", (CASE,)).parts
    assert [(part.unit, part.entered, part.quantity) for part in parts] == [
        ("CS", 3 * SCALE, 36 * SCALE),
        ("EA", 4 * SCALE, 4 * SCALE),
    ]


def test_a_decimal_comma_is_read_where_the_locale_has_one() -> None:
    assert made("2,5", decimal=",", thousands=".") == 2_500_000


def test_a_decimal_comma_never_turns_two_and_a_half_into_twenty_five() -> None:
    assert refused("2,5", decimal=".", thousands=",") == "count-unreadable"


def test_a_thousands_mark_between_groups_of_three_is_read() -> None:
    assert made("1,234.5", decimal=".", thousands=",") == 1234_500_000


def test_a_thousands_mark_in_the_wrong_place_is_refused() -> None:
    assert refused("12,34", decimal=".", thousands=",") == "count-unreadable"


def test_nothing_typed_is_not_zero() -> None:
    assert refused("  ") == "count-empty"


def test_zero_is_a_count() -> None:
    assert made("0") == 0


@pytest.mark.parametrize("text", ["-4", "−4", "4-", "12+-3"])
def test_a_shelf_cannot_hold_less_than_nothing(text: str) -> None:
    assert refused(text) == "count-negative"


@pytest.mark.parametrize("text", ["abc", "+", "4+", "1..2", "4\x00", "٣", "9" * 90, "1.2.3", "()"])
def test_what_is_no_count_is_refused(text: str) -> None:
    assert refused(text) == "count-unreadable"


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DomainError) as caught:
        made("3 pallets")
    assert caught.value.code == "count-unit-unknown"
    assert caught.value.fields["units"] == ("CS", "EA", "TH")


def test_a_third_of_a_piece_is_never_rounded() -> None:
    assert refused("1th") == "quantity-decimals"


def test_more_than_a_ledger_can_hold_is_refused() -> None:
    assert refused("9000000000000+1") == "quantity-too-large"


def test_a_scan_in_scientific_notation_is_no_count() -> None:
    assert refused("1e9") == "count-unit-unknown"


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_cases_and_singles_make_exactly_their_sum(cases: int, singles: int) -> None:
    assert made(f"{cases}cs+{singles}") == (12 * cases + singles) * SCALE


# --- rule 6 ----


def row(seq: int, quantity: int, occurred: int, recorded: int) -> LedgerRow:
    return LedgerRow(seq, quantity, occurred, recorded)


def test_a_receipt_that_happened_before_the_count_and_was_recorded_after_it_is_expected() -> None:
    """Book at 100 is 5; a receipt of 8 happened at 90 and was recorded at 120."""
    rolled = roll_forward(5, 1, 100, [row(2, 8, 90, 120)])
    assert (rolled.expected, rolled.since) == (13, 0)
    assert rolled.late_rows[0][2] == "recorded-later"


def test_a_pick_after_the_count_changes_what_is_on_hand_but_not_the_expectation() -> None:
    rolled = roll_forward(5, 1, 100, [row(2, -3, 110, 110)])
    assert (rolled.expected, rolled.since) == (5, -3)
    assert rolled.late_rows == ()


def test_a_movement_that_reached_the_ledger_after_the_book_was_read_is_expected() -> None:
    rolled = roll_forward(5, 1, 100, [row(2, -2, 80, 80)])
    assert rolled.expected == 3
    assert rolled.late_rows[0][2] == "arrived-later"


def test_a_movement_posted_ahead_of_the_count_is_taken_out_of_the_expectation() -> None:
    """A pick of 2 is in the book at 100 but happens at 130: the counter still saw the two pieces."""
    rolled = roll_forward(5, 2, 100, [row(2, -2, 130, 95)])
    assert (rolled.expected, rolled.since) == (7, -2)
    assert rolled.late_rows[0][1:] == (2, "posted-ahead")


def test_a_movement_at_the_very_instant_of_the_count_belongs_to_the_expectation() -> None:
    assert roll_forward(5, 1, 100, [row(2, 1, 100, 101)]).expected == 6


instants = st.integers(0, 200)
ledgers = st.lists(st.tuples(st.integers(-50, 50), instants, instants), max_size=30)


@given(ledgers, st.integers(0, 200), st.integers(0, 30), st.integers(-60, 60))
def test_after_posting_the_book_holds_what_the_shelf_holds(
    moves: list[tuple[int, int, int]], counted_at: int, known: int, unrecorded: int
) -> None:
    """Any movements, recorded and happening in any order, some arriving only after the book was read; the
    shelf differs from the ledger by ``unrecorded`` since before the count, and the count was right."""
    rows = [row(seq, *move) for seq, move in enumerate(moves, 1)]
    arrived = rows[:known]
    in_book = [r for r in arrived if r.recorded_at <= counted_at]
    book, book_seq = sum(r.quantity for r in in_book), max((r.seq for r in in_book), default=0)
    counted = sum(r.quantity for r in rows if r.occurred_at <= counted_at) + unrecorded
    rolled = roll_forward(book, book_seq, counted_at, rows)
    adjustment = variance(counted, rolled.expected)
    shelf_now = sum(r.quantity for r in rows) + unrecorded
    assert sum(r.quantity for r in rows) + adjustment == shelf_now
    assert counted + rolled.since == shelf_now


@given(ledgers, st.integers(0, 200))
def test_rows_that_do_not_matter_may_be_left_out(moves: list[tuple[int, int, int]], counted_at: int) -> None:
    rows = [row(seq, *move) for seq, move in enumerate(moves, 1)]
    in_book = [r for r in rows if r.recorded_at <= counted_at]
    book, book_seq = sum(r.quantity for r in in_book), max((r.seq for r in in_book), default=0)
    needed = [r for r in rows if r.recorded_at > counted_at or r.occurred_at > counted_at or r.seq > book_seq]
    assert roll_forward(book, book_seq, counted_at, rows) == roll_forward(book, book_seq, counted_at, needed)


# --- which count stands ----


def test_nothing_counted_stays_to_be_counted() -> None:
    assert standing([]).state is LineState.TO_COUNT


def test_a_first_count_within_tolerance_stands() -> None:
    assert standing([Judged(0, True)]).final == 0
    assert standing([Judged(0, True)]).state is LineState.ACCEPTED


def test_a_first_count_out_of_tolerance_demands_a_recount() -> None:
    result = standing([Judged(4, False)])
    assert (result.state, result.final) == (LineState.RECOUNT, None)


def test_a_recount_that_agrees_confirms_the_variance() -> None:
    result = standing([Judged(4, False), Judged(4, False)])
    assert (result.state, result.final, result.agreed) == (LineState.VARIANCE, 1, True)


def test_a_recount_that_disagrees_outweighs_the_first_count() -> None:
    result = standing([Judged(4, False), Judged(0, True)])
    assert (result.state, result.final, result.agreed) == (LineState.ACCEPTED, 1, False)


def test_a_third_count_decides_between_two_that_disagree() -> None:
    result = standing([Judged(4, False), Judged(9, False), Judged(4, False)])
    assert (result.state, result.final, result.agreed) == (LineState.VARIANCE, 2, True)


def test_two_counts_that_agree_outweigh_a_newer_one_that_does_not() -> None:
    result = standing([Judged(4, False), Judged(4, False), Judged(9, False)])
    assert (result.final, result.agreed) == (1, True)


# --- due ----


def test_a_key_that_was_never_counted_is_due_at_once() -> None:
    assert due_at(None, 4) == 0


def test_a_key_is_due_a_share_of_the_year_after_its_last_count() -> None:
    assert due_at(1000, 4) == 1000 + 365 * 86_400 * 1_000_000 // 4


def test_a_class_without_counts_is_never_due() -> None:
    assert due_at(None, 0) is None


# --- tolerance (rule 5) ----


def failed(book: int, late: int, counted: int, tolerance: Tolerance, cost: int = SCALE) -> list[str]:
    judged = judgement(book * SCALE, late * SCALE, counted * SCALE, cost, tolerance)
    assert judged["within"] == (not judged["reasons"])
    return [reason["code"] for reason in judged["reasons"]]


TEN_PERCENT = Tolerance(percent=100_000)


def test_a_count_is_judged_against_book_and_late_movements_together() -> None:
    assert failed(0, 100, 95, TEN_PERCENT) == []


def test_a_book_below_zero_passes_no_percentage_even_when_late_movements_lift_it() -> None:
    assert failed(-100, 200, 99, TEN_PERCENT) == ["tolerance-below-zero"]


def test_a_book_below_zero_may_still_pass_on_quantity_and_value() -> None:
    assert failed(-3, 0, 0, Tolerance(quantity=5 * SCALE, value=5 * SCALE)) == []


def test_no_variance_is_within_every_tolerance() -> None:
    assert failed(-3, 3, 0, TEN_PERCENT) == []
    assert failed(5, 0, 5, Tolerance()) == []


def test_something_counted_where_nothing_was_expected_passes_no_percentage() -> None:
    assert failed(0, 0, 1, Tolerance(percent=SCALE)) == ["tolerance-below-zero"]


def test_every_limit_that_failed_is_named_with_what_it_was() -> None:
    tight = Tolerance(percent=10_000, quantity=SCALE, value=SCALE)
    judged = judgement(100 * SCALE, 0, 90 * SCALE, SCALE, tight)
    assert judged["reasons"] == [
        {"code": "tolerance-percent", "facts": {"limit_percent": 10_000}},
        {"code": "tolerance-quantity", "facts": {"limit_quantity": SCALE}},
        {"code": "tolerance-value", "facts": {"limit_value": SCALE}},
    ]
    assert (judged["percent"], judged["unit_cost"], judged["held"]) == (100_000, SCALE, [])


def test_the_limits_that_held_are_kept_too() -> None:
    judged = judgement(100 * SCALE, 0, 99 * SCALE, SCALE, Tolerance(percent=10_000, quantity=1))
    assert (judged["held"], judged["within"]) == (["percent"], False)


def test_without_a_tolerance_nothing_passes() -> None:
    assert failed(100, 0, 99, Tolerance()) == ["tolerance-none"]
