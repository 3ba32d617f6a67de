"""From what fingerprints saw to probabilities: priors, what people confirmed, and 'not enough to say'."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.answers import causes, hypothesis, silent, told
from zeroline.domain.cause import CATALOGUE, AdjustmentRight
from zeroline.domain.diagnosis import Beliefs, diagnose
from zeroline.domain.diagnosis.catalogue import FINGERPRINTS, PRIORS
from zeroline.domain.diagnosis.weighing import NAMED, SHOWN, WEIGHT_OF_PRIORS, findings, left_over
from zeroline.domain.quantity import SCALE

counts_by_cause = st.dictionaries(st.sampled_from(sorted(CATALOGUE)), st.integers(0, 500))


# --- the table


def test_every_cause_of_the_table_and_of_the_priors_is_one_of_the_catalogue():
    codes = [code for code, _ in FINGERPRINTS]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= CATALOGUE.keys()
    assert set(PRIORS) <= CATALOGUE.keys()
    assert set(PRIORS) == {*codes, "Z0"}
    assert all(prior > 0 for prior in PRIORS.values())


# --- beliefs


def test_without_confirmations_the_documented_priors_hold():
    total = sum(PRIORS.values())
    assert all(isclose(Beliefs().of(code), prior / total) for code, prior in PRIORS.items())


def test_a_cause_outside_the_table_is_believed_only_once_it_was_confirmed():
    assert Beliefs().of("L4") == 0
    assert Beliefs({"L4": 3}).of("L4") == 3 / (WEIGHT_OF_PRIORS + 3)


def test_as_many_confirmations_as_the_priors_are_worth_meet_them_half_way():
    alone = Beliefs({"K1": int(WEIGHT_OF_PRIORS)})
    assert isclose(alone.of("K1"), (Beliefs().of("K1") + 1) / 2)
    assert isclose(alone.of("T1"), Beliefs().of("T1") / 2)


@given(counts_by_cause)
def test_beliefs_sum_to_one(confirmed):
    assert isclose(sum(Beliefs(confirmed).of(code) for code in CATALOGUE), 1.0)


@given(counts_by_cause, st.sampled_from(sorted(CATALOGUE)), st.integers(1, 50))
def test_a_cause_confirmed_more_often_is_believed_more_and_every_other_no_more(confirmed, code, more):
    before = Beliefs(confirmed)
    after = Beliefs({**confirmed, code: confirmed.get(code, 0) + more})
    assert after.of(code) > before.of(code)
    assert all(after.of(other) <= before.of(other) for other in CATALOGUE if other != code)


# --- probabilities


def test_hypotheses_are_ranked_and_sum_to_one_but_for_what_is_too_small_to_show(found):
    """
    here  1/08:00  1/08:05  +20  receipt  PO-1
    A-02  1/09:00  1/09:05  +50  receipt  PO-2
    here  3/10:00  3/10:01  −14  pick     SO-3
    here  4/10:00  4/10:01   −9  pick     SO-4
    """
    chances = [h.probability for h in found.hypotheses]
    assert len(chances) > 2
    assert chances == sorted(chances, reverse=True)
    assert 1 - len(FINGERPRINTS) * SHOWN < sum(chances) <= 1.0000001
    rest = [h for h in found.hypotheses if h.cause != "Z0"][NAMED - 1 :]
    assert all(h.probability >= SHOWN for h in rest)


def test_where_nothing_is_seen_there_is_not_enough_to_say(found):
    """
    here had 4
    2/10:00  2/10:01  −9  scrap SO-1
    """
    assert silent(found)
    assert found.leading.probability == 1.0
    assert (found.leading.explained, found.leading.left_over) == (0, 5 * SCALE)
    assert not found.enough
    assert found.leading.adjustment is AdjustmentRight.NO


def test_what_is_named_first_is_enough_to_say(found):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/08:40  2/16:30  +30  receipt  PO-7
    2/09:12  2/09:13  −11  pick     SO-3
    """
    assert found.enough
    assert "Z0" in causes(found)


def test_three_are_named_where_three_were_seen_however_unlikely_two_of_them_are(found):
    """
    here      1/08:00  1/08:05  +20  receipt  PO-1
    NUT@B-01  1/08:00  1/08:05  +50  receipt  PO-2
    here      2/10:00  2/10:01  −15  pick     SO-3/1
    here      3/10:00  3/10:01   −9  pick     SO-4/1  by carl
    order SO-3/1 15 done 15 closed
    order SO-4/1 9 done 9 closed of NUT
    """
    assert causes(found) == ["K1", "Z0", "K3"]
    assert hypothesis(found, "K3").probability < SHOWN


def test_what_people_confirmed_at_a_site_moves_the_balance_between_two_causes(shortage):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/08:40  2/10:20  +30  receipt  PO-7
    2/09:12  2/09:13  −11  pick     SO-3
    """
    plain = diagnose(shortage)
    late, swapped = (diagnose(shortage, Beliefs({code: 200})) for code in ("T1", "T2"))
    chance = [hypothesis(d, "T1").probability for d in (swapped, plain, late)]
    assert chance == sorted(chance)
    assert chance[0] < chance[1] < chance[2]
    assert hypothesis(late, "T1").evidence == hypothesis(plain, "T1").evidence


def test_every_fingerprint_speaks_for_its_own_cause_only(shortage):
    """
    here had 9
    A-02 had 40
    here  3/10:00  3/10:01  −14  pick     SO-3  !
    here  3/09:00  3/12:01  +20  receipt  PO-3
    """
    seen = 0
    for code, look in FINGERPRINTS:
        for finding in look(shortage):
            assert finding.cause == code
            seen += 1
    assert seen > 3


# --- how much is explained


@pytest.mark.parametrize(("explained", "rest"), [(0, 5), (3, 2), (5, 0), (30, 0), (-5, 10)])
def test_what_is_left_over_is_what_a_quantity_does_not_explain(shortage, explained, rest):
    """
    here had 4
    2/10:00  2/10:01  −9  pick  SO-1
    """
    assert left_over(shortage, explained * SCALE) == rest * SCALE


def test_two_causes_may_explain_it_only_together(found):
    """
    1/08:00  1/08:05  +40  receipt           PO-1/1
    5/08:00  5/08:05  +33  receipt           PO-2/1
    6/10:00  6/10:00  −18  pick              SO-3/1  by carl
    6/10:02  6/10:02  −18  pick              SO-3/1  by carl
    7/10:00  7/10:01  −42  pick              SO-4/1
    9/07:00  9/07:00  +25  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 done 33 closed due 5/12:00
    """
    assert found.missing == 25 * SCALE
    assert set(found.together) == {"R1", "K5"}
    assert sum(hypothesis(found, code).explained for code in found.together) == 25 * SCALE
    assert {hypothesis(found, code).left_over for code in found.together} == {7 * SCALE, 18 * SCALE}


def test_one_cause_that_explains_it_alone_needs_no_other(found):
    """
    1/08:00  1/08:05   +6  receipt  PO-1
    2/08:40  2/16:30  +30  receipt  PO-7
    2/09:12  2/09:13  −11  pick     SO-3
    """
    assert found.together == ()


def test_two_readings_of_the_same_rows_are_not_two_causes(found, shortage):
    """
    here      1/08:00  1/08:05  +40  receipt           PO-1/1
    NUT@B-01  5/08:00  5/08:05  +40  receipt           PO-2/1
    here      6/10:00  6/10:00   −6  pick              SO-3/1  by carl
    here      6/10:02  6/10:02   −6  pick              SO-3/1  by carl
    here      7/10:00  7/10:01  −42  pick              SO-4/1
    here      9/07:00  9/07:00  +75  count correction  INV-1
    receipt PO-1/1 40 done 40 closed due 1/12:00
    receipt PO-2/1 40 due 5/12:00
    """
    strong = {finding.cause: finding.explained for finding in findings(shortage) if finding.strength >= 1.5}
    assert (strong["R2"], strong["U3"]) == (40 * SCALE, 40 * SCALE)
    assert found.together == ()


# --- an earlier stretch that nobody corrected


def test_what_made_an_earlier_stretch_that_no_count_corrected_goes_on(found):
    """
    1/08:00   1/08:05  +40  receipt  PO-1
    2/10:00   2/10:01  −28  pick     SO-3/1  by carl
    3/10:00   3/10:00  −18  pick     SO-4/1  by carl
    3/10:01   3/10:01  −18  pick     SO-4/1  by carl
    5/08:00   5/08:05  +40  receipt  PO-2
    > 6/10:00 6/10:01  −19  pick     SO-5/1  by anna
    """
    assert found.leading.cause == "K5"
    assert told(found.leading.evidence) == ["confirmed-again SO-4", "confirmed-first SO-4"]


def test_an_old_paper_entered_late_that_made_an_earlier_stretch_goes_on_too(found):
    """
    here had 20
    4/10:00   4/10:01  −16  pick      SO-1
    2/10:00   5/17:00  −15  shipment  SO-2  by rita
    6/08:00   6/08:05  +14  receipt   PO-2
    > 7/10:00 7/10:01   −9  pick      SO-3
    """
    assert found.leading.cause == "T5"
    assert told(found.leading.evidence) == ["back-dated SO-2"]


def test_a_late_paper_that_made_an_earlier_stretch_is_over(found):
    """
    1/08:00   1/08:05  +10  receipt  PO-1
    2/08:00   2/16:00  +20  receipt  PO-2
    2/10:00   2/10:01  −28  pick     SO-3
    > 6/10:00 6/10:01  −19  pick     SO-5
    """
    assert not {"T1", "T2"} & set(causes(found))


def test_a_stronger_trace_here_is_not_weakened_by_the_earlier_stretch(shortage):
    """
    here had 10
    2/10:00   2/10:01  −14  pick     SO-3  by rita !
    4/10:00   4/10:01   +9  receipt  PO-2
    > 6/10:00 6/10:01  −19  pick     SO-5  by rita !
    """
    said = next(finding for finding in findings(shortage) if finding.cause == "S3")
    alone = [f for code, look in FINGERPRINTS if code == "S3" for f in look(shortage)]
    assert said.strength >= max(f.strength for f in alone)


# --- a wrong earlier fix


def test_a_correction_before_the_late_paper_came_is_shown_as_the_wrong_fix(found):
    """
    1/08:00  1/08:05   +6  receipt     PO-1
    2/08:40  4/16:30  +30  receipt     PO-7
    2/09:12  2/09:13  −11  pick        SO-3
    3/09:00  3/09:00   +5  adjustment  ADJ-1
    """
    assert found.leading.cause == "T1"
    assert told([found.fixed_wrongly]) == ["corrected-twice ADJ-1"]


def test_a_correction_after_the_paper_came_is_no_wrong_fix(found):
    """
    1/08:00  1/08:05   +6  receipt     PO-1
    2/08:40  2/16:30  +30  receipt     PO-7
    2/09:12  2/09:13  −11  pick        SO-3
    3/09:00  3/09:00   +5  adjustment  ADJ-1
    """
    assert found.fixed_wrongly is None


def test_without_a_late_paper_nothing_was_fixed_twice(found):
    """
    here had 4
    2/09:12  2/09:13  −11  pick        SO-3
    3/09:00  3/09:00   +7  adjustment  ADJ-1
    """
    assert found.fixed_wrongly is None
