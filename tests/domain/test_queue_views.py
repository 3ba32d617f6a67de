"""Columns of a queue, and the pattern of transients."""

from __future__ import annotations

import numpy as np
import pytest

from zeroline.domain.case import CaseState, Queue, check_transition
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY, HOUR
from zeroline.domain.pattern import document_type, lag_code
from zeroline.domain.views.queue import QueueTable, Words


def test_words_repeat_by_code():
    words = Words.of(["A", "B", "A"])
    assert (words.codes.tolist(), words.values, len(words), words.at(2)) == ([0, 1, 0], ("A", "B"), 3, "A")


def test_numbers_can_be_missing():
    words = Words.numbers(np.array([5, -1, 5]), -1)
    assert [words.at(row) for row in range(3)] == [5, None, 5]


def test_a_row_reads_back_whole_with_the_reason_for_its_place():
    table = QueueTable(
        Queue.NEGATIVE,
        99,
        np.array([4]),
        {"reason": Words.of(["age"]), "since": np.array([7])},
    )
    assert len(table) == 1
    assert table.row(0) == {"id": 4, "reason": "age", "since": 7}
    assert table.severity_reason(0) == ("age", {"since": 7, "as_of": 99})


@pytest.mark.parametrize(
    ("number", "letters"), [("OUT/00033", "OUT"), ("in-7", "IN"), ("4711", ""), ("", ""), ("_X", "")]
)
def test_a_document_type_is_the_letters_its_number_begins_with(number, letters):
    assert document_type(number) == letters


@pytest.mark.parametrize(
    ("lag", "code"),
    [(0, "minutes"), (HOUR, "hours"), (8 * HOUR, "shifts"), (DAY, "days"), (7 * DAY, "weeks")],
)
def test_a_lag_has_a_word(lag, code):
    assert lag_code(lag) == code


def test_a_closed_case_does_not_go_back_to_counting():
    with pytest.raises(DomainError) as refused:
        check_transition(CaseState.CLOSED, CaseState.COUNTING)
    assert refused.value.code == "case-state"


def test_a_verified_case_closes():
    check_transition(CaseState.VERIFIED, CaseState.CLOSED)
