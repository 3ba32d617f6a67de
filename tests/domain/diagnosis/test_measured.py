"""What measuring adds to the judged strength of a trace, and how it is measured."""

from __future__ import annotations

from math import isclose

from benchmarks.measure_weights import ENOUGH, Case, measured
from zeroline import wording
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis.catalogue import PRIORS
from zeroline.domain.diagnosis.hypothesis import Finding
from zeroline.domain.diagnosis.measured import MEASURED, corrected
from zeroline.domain.diagnosis.traces import movement

NOTHING = (UNDETERMINED, "not-counted")


def shortages(cause: str, code: str, *, right: int, chance: int) -> list[Case]:
    """So many shortages with the trace of a cause that was true, and so many where it was there by chance."""
    said = (((cause, code), 3.0), (NOTHING, 0.0))
    true, none = Case(frozenset({cause}), 1.0, said), Case(frozenset({UNDETERMINED}), 1.0, said)
    return [true] * right + [none] * chance


def test_every_entry_is_a_cause_with_a_prior_and_a_sentence_that_is_said():
    for cause, code in MEASURED:
        assert cause in PRIORS
        assert cause == UNDETERMINED or code in wording.catalogue("evidence")


def test_a_finding_is_corrected_by_its_leading_evidence(found, shortage):
    """
    here  1/08:00  1/08:05  +20  receipt  PO-1
    here  3/10:00  3/10:01  −29  pick     SO-4
    """
    row = shortage.here.rows[0]
    (cause, code), value = next((key, v) for key, v in MEASURED.items() if key[0] != UNDETERMINED)
    known = Finding(cause, 2.0, 0, (movement(row, code), movement(row, "crossed")))
    assert isclose(corrected(known), 2.0 + value)
    assert corrected(Finding(cause, 2.0, 0, (movement(row, "crossed"), movement(row, code)))) == 2.0
    assert corrected(Finding(cause, 2.0, 0, ())) == 2.0


def test_a_trace_that_is_mostly_there_by_chance_is_worth_less_and_a_sure_one_more():
    found = measured(
        [
            *shortages("K2", "by-chance", right=20, chance=200),
            *shortages("T1", "sure", right=200, chance=20),
        ]
    )
    assert found["K2", "by-chance"] < -1
    assert found["T1", "sure"] > 0.2


def test_of_a_trace_whose_cause_was_hardly_ever_true_nothing_is_said():
    found = measured(
        [
            *shortages("K2", "rare", right=ENOUGH - 1, chance=300),
            *shortages("T1", "sure", right=200, chance=20),
        ]
    )
    assert ("K2", "rare") not in found
