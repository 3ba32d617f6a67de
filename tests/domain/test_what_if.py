"""The balance had it been done right, and what adjusting now would leave too much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zeroline.domain.diagnosis import Diagnosis, Evidence, EvidenceKind, Hypothesis
from zeroline.domain.diagnosis.what_if import TooMuch, too_much, what_if
from zeroline.domain.quantity import SCALE
from zeroline.domain.verdict import Said, refuses, said


def supposed(rows: list[tuple[int, int, int]], lift: Any, opening: int = 0) -> list[tuple[int, int]]:
    """(instant, balance) of rows (seq, recorded, quantity) under a lift."""
    ids, at, quantities = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    found = what_if(ids, at, quantities, opening, lift)
    return list(zip(found.instants.tolist(), found.balances.tolist(), strict=True))


BOOK = [(1, 10, 3), (2, 20, -11), (3, 40, 30)]


def test_nothing_supposed_is_the_book():
    assert supposed(BOOK, ()) == [(10, 3), (20, -8), (40, 22)]


def test_a_receipt_posted_on_time_keeps_the_balance_above_zero():
    """+3 at 10; −11 at 20; +30 at 40, supposed at 15"""
    assert supposed(BOOK, [(3, 15, 30)]) == [(10, 3), (15, 33), (20, 22)]


def test_a_row_booked_twice_counts_once():
    assert supposed([(1, 10, 20), (2, 20, -12), (3, 21, -12)], [(3, 21, 0)]) == [(10, 20), (20, 8), (21, 8)]


def test_a_row_never_booked_comes_in_where_it_belongs():
    assert supposed(BOOK[:2], [(0, 12, 8)], opening=5) == [(10, 8), (12, 16), (20, 5)]


def test_of_equal_instants_the_book_comes_first():
    assert supposed([(1, 10, -5)], [(0, 10, 8)]) == [(10, -5), (10, 3)]


def test_a_row_of_another_key_is_left_out():
    assert supposed(BOOK, [(77, 12, 500)]) == [(10, 3), (20, -8), (40, 22)]


def test_without_a_row_there_is_no_balance():
    empty = np.array([], dtype=np.int64)
    assert what_if(empty, empty, empty, 0, ()).now is None
    assert what_if(empty, empty, empty, 0, [(0, 5, 8)]).now == 8


# --- the guard


def diagnosis(cause: str, explained: int = 8, lift: Any = (), **more: Any) -> Diagnosis:
    given = {"probability": 0.92, "evidence": ()} | more
    hypothesis = Hypothesis(cause, explained=explained * SCALE, left_over=0, lift=lift, **given)
    return Diagnosis((hypothesis, Hypothesis("Z0", 0.08, 0, 8 * SCALE)), 8 * SCALE, False)


def against(found: Diagnosis, adjustment: int = 8, counted: bool = True) -> tuple[TooMuch, ...]:
    return too_much(found, adjustment * SCALE, 1_000, counted=counted)


def test_a_receipt_still_to_be_booked_comes_on_top_of_the_adjustment():
    missing = diagnosis("R4", lift=((0, 5, 30 * SCALE),))
    assert against(missing) == (TooMuch("R4", 920_000, 8 * SCALE, None),)


def test_no_more_is_too_much_than_the_document_brings():
    [found] = against(diagnosis("R4", lift=((0, 5, 8 * SCALE),)), adjustment=20)
    assert found.quantity == 8 * SCALE


def test_a_document_that_is_due_says_from_when():
    line = Evidence(EvidenceKind.DOCUMENT, 4, "PO-7", "open-past-due", {"due_at": 2_000})
    [found] = against(diagnosis("R4", lift=((0, 5, SCALE),), evidence=(line,)))
    assert found.since == 2_000
    past = Evidence(EvidenceKind.DOCUMENT, 4, "PO-7", "open-past-due", {"due_at": 900})
    [found] = against(diagnosis("R4", lift=((0, 5, SCALE),), evidence=(past,)))
    assert found.since is None


def test_a_receipt_that_has_come_is_in_the_count_and_beside_any_other_adjustment_at_once():
    came = diagnosis("T1", lift=((3, 15, 30 * SCALE),))
    assert against(came) == ()
    assert against(came, counted=False) == (TooMuch("T1", 920_000, 8 * SCALE, 1_000),)


def test_a_record_still_to_be_mended_speaks_against_adjusting():
    moved = diagnosis("R3", lift=((0, 5, 8 * SCALE),))
    assert [one.cause for one in against(moved)] == ["R3"]


@pytest.mark.parametrize(
    ("found", "adjustment"),
    [
        (diagnosis("K5"), 8),
        (diagnosis("T1"), -8),
        (diagnosis("T1"), 0),
        (diagnosis("T1", explained=-8), 8),
        (diagnosis("T1", probability=0.05), 8),
    ],
    ids=["an adjustment is right", "taken out", "nothing", "explains the other way", "unlikely"],
)
def test_nothing_speaks_against_it(found: Diagnosis, adjustment: int):
    assert against(found, adjustment) == ()


# --- what people say to a guess


@pytest.mark.parametrize(
    ("guess", "cause", "meaning"),
    [
        ("", "K5", Said.NOTHING),
        ("K5", "K5", Said.ACCEPTED),
        ("K5", "L5", Said.CORRECTED),
        ("K5", "", Said.REJECTED),
        ("K5", "Z0", Said.NOTHING),
        ("Z0", "Z0", Said.ACCEPTED),
        ("Z0", "K5", Said.CORRECTED),
    ],
)
def test_what_a_tag_says_to_a_guess(guess: str, cause: str, meaning: Said):
    assert said(guess, cause) is meaning


def test_a_refusal_covers_the_two_likeliest_until_another_comes_to_the_front():
    assert refuses("T1", "R4", "", "T1")
    assert refuses("T1", "R4", "", "R4")
    assert not refuses("T1", "R4", "", "K5")
    assert not refuses("T1", "R4", "K2", "T1")
    assert not refuses("", "", "", "")
