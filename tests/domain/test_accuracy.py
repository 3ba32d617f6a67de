"""Accuracy: the formulas of the domain law on figures worked out by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.accuracy import CountedLine, accuracy
from zeroline.domain.quantity import SCALE


def line(expected: int, counted: int, cost: int = 1, within: bool = False) -> CountedLine:
    return CountedLine(expected * SCALE, counted * SCALE, cost * SCALE, within)


def test_plus_five_and_minus_five_are_two_misses() -> None:
    found = accuracy([line(10, 15), line(10, 5)])
    assert (found.lines, found.within, found.record_accuracy) == (2, 0, 0)
    assert (found.net_value, found.gross_value) == (0, 10 * SCALE)


def test_record_accuracy_is_lines_within_tolerance_over_lines() -> None:
    assert (
        accuracy([line(10, 10, within=True), line(3, 4), line(1, 1, within=True)]).record_accuracy == 666_667
    )


def test_unit_accuracy_weighs_deviation_against_the_larger_of_book_and_count() -> None:
    assert accuracy([line(8, 10), line(10, 10)]).unit_accuracy == 900_000


def test_unit_accuracy_never_falls_below_zero() -> None:
    assert accuracy([line(-10, 10)]).unit_accuracy == 0


def test_net_and_gross_shares_stand_side_by_side() -> None:
    found = accuracy([line(100, 90, cost=2), line(50, 55, cost=4)])
    assert found.book_value == 400 * SCALE
    assert found.net_share == 0
    assert found.gross_share == 100_000


def test_nothing_counted_gives_no_shares() -> None:
    found = accuracy([])
    assert (found.record_accuracy, found.unit_accuracy, found.net_share, found.gross_share) == (None,) * 4


def test_empty_shelves_that_the_books_know_to_be_empty_are_fully_accurate() -> None:
    assert accuracy([line(0, 0, within=True)]).unit_accuracy == SCALE


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(0, 99), st.integers(0, 9)), min_size=1))
def test_gross_is_never_smaller_than_net(rows: list[tuple[int, int, int]]) -> None:
    found = accuracy([line(*row) for row in rows])
    assert found.gross_value >= abs(found.net_value)
    assert 0 <= (found.unit_accuracy or 0) <= SCALE
