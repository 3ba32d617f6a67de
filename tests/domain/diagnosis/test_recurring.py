"""A place that goes wrong again and again: its occasions read together."""

from __future__ import annotations

import pytest

from zeroline.domain.diagnosis import Diagnosis, Evidence, EvidenceKind, Hypothesis, Settle, Stock
from zeroline.domain.diagnosis.recurring import CITED, recurring

HERE = Stock(7, 1, "BRG-6204", "E-02", "", "available", "bin", "E", "1", ())


def because(cause: str, probability: float, seq: int = 0, explained: int = 0) -> Hypothesis:
    cited = (Evidence(EvidenceKind.MOVEMENT, seq, f"OUT/{seq}", "crossed"),) if seq else ()
    lift = ((seq, 1, 0),) if seq else ()
    return Hypothesis(cause, probability, explained, 0, cited, settle=Settle(f"of-{seq}"), lift=lift)


def occasion(*hypotheses: Hypothesis, missing: int = 10) -> Diagnosis:
    return Diagnosis(hypotheses, missing, True)


def test_one_occasion_is_what_it_is():
    once = occasion(because("U2", 0.7, 4), because("Z0", 0.3))
    assert recurring(HERE, [once]) is once


def test_a_cause_is_as_likely_as_the_share_of_occasions_it_accounts_for():
    found = recurring(
        HERE,
        [
            occasion(because("U2", 0.8, 4), because("Z0", 0.2)),
            occasion(because("U2", 0.6, 9), because("K1", 0.4, 9)),
            occasion(because("T1", 0.9, 12), because("U2", 0.1, 11)),
        ],
    )
    assert [(one.cause, pytest.approx(one.probability)) for one in found.hypotheses] == [
        ("U2", 0.5),
        ("T1", 0.3),
        ("K1", 0.4 / 3),
        ("Z0", 0.2 / 3),
    ]


def test_every_occasion_that_fits_is_cited_with_how_many_do():
    found = recurring(
        HERE,
        [
            occasion(because("U2", 0.8, 4, explained=10), because("K1", 0.05, 4)),
            occasion(because("U2", 0.6, 9, explained=6), because("K1", 0.05, 9), missing=8),
            occasion(because("T1", 1.0, 12)),
        ],
    )
    leading = found.leading
    often, *rows = leading.evidence
    assert (often.kind, often.target, often.code) == (EvidenceKind.STOCK, 7, "fits-often")
    assert (often.facts["times"], often.facts["of"]) == (2, 3)
    assert [one.target for one in rows] == [4, 9]
    assert (leading.explained, leading.left_over, found.missing) == (0, 0, 0)  # said of each, not of all
    assert leading.lift == ((4, 1, 0), (9, 1, 0))
    assert leading.settle == Settle("of-4")  # of the surest
    unlikely = next(one for one in found.hypotheses if one.cause == "K1")
    assert unlikely.evidence == ()


def test_of_very_many_occasions_the_surest_are_cited():
    many = [occasion(because("U2", 0.5 + seq / 100, seq)) for seq in range(1, 21)]
    often, *rows = recurring(HERE, many).leading.evidence
    assert (often.facts["times"], often.facts["of"]) == (20, 20)
    assert [one.target for one in rows] == list(range(21 - CITED, 21))


def test_a_correction_that_was_wrong_before_is_still_said():
    wrong = Evidence(EvidenceKind.MOVEMENT, 8, "", "corrected-twice")
    first = Diagnosis((because("T1", 1.0, 4),), 10, True, fixed_wrongly=wrong)
    found = recurring(HERE, [first, occasion(because("T1", 1.0, 9))])
    assert found.fixed_wrongly == wrong
    assert found.exact


def test_where_nothing_is_known_of_any_nothing_is_known_of_all():
    found = recurring(HERE, [occasion(because("Z0", 0.9), because("K1", 0.1, 4)) for _ in range(3)])
    assert not found.enough
    assert found.hypotheses[0].evidence == ()
