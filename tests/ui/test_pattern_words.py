"""Patterns and clocks in sentences."""

from __future__ import annotations

import pytest

from support.screen import form
from zeroline.domain.diagnosis.clocks import ClockOffset, Inversion, Lags, Stream
from zeroline.domain.diagnosis.patterns import Cluster, Company, Feature
from zeroline.domain.instant import HOUR, MINUTE
from zeroline.domain.views.patterns import PatternCase
from zeroline.ui.text.clocks import ClockWords
from zeroline.ui.text.patterns import PatternWords, chance

WORDS, CLOCKS = PatternWords(form()), ClockWords(form())


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def cluster(
    *features: Feature, kind: str = "receipt", cause: str = "T1", company: tuple[Company, ...] = ()
) -> Cluster:
    return Cluster(cause, kind, features, 11, 14, 24, 200, 2e-9, 2e-7, 1_800, tuple(range(13)), company)


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.5, "0.500"),
        (0.00412, "0.004"),
        (2.2e-7, "2 × 10⁻⁷"),
        (9.7e-12, "1 × 10⁻¹¹"),
        (0.0, "0"),
        (1e-310, "1 × 10⁻³¹⁰"),
    ],
)
def test_a_chance_has_one_figure_and_its_size(p: float, said: str) -> None:
    assert plain(chance(p)) == said


@pytest.mark.parametrize(
    ("kind", "feature", "said"),
    [
        ("receipt", Feature("partner", "ACME"), "receipts came from ACME"),
        ("pick", Feature("partner", "ACME"), "picks went to ACME"),
        ("scrap", Feature("partner", "ACME"), "scrap postings are of ACME"),
        ("transfer in", Feature("user", "diaz"), "transfers in were posted by diaz"),
        ("receipt", Feature("shift", "night"), "receipts happened in the night shift"),
        ("receipt", Feature("document type", "IN"), "receipts have IN documents"),
        ("receipt", Feature("day", "2026-03-09"), "receipts happened on 9 Mar"),
        ("receipt", Feature("weekday", "Monday"), "receipts happened on a Monday"),
        ("receipt", Feature("unit", "CS"), "receipts were entered in CS"),
    ],
)
def test_every_feature_has_its_verb(kind: str, feature: Feature, said: str) -> None:
    assert WORDS.headline(cluster(feature, kind=kind)) == f"11 of 14 {said}"


def test_both_halves_of_a_pair_are_said_in_one_breath() -> None:
    found = cluster(Feature("shift", "night"), Feature("zone", "DOCK3"))
    assert WORDS.happened(found) == (
        "11 of the 14 receipts behind T1 Receipt posted late happened in the night shift and touched zone "
        "DOCK3."
    )
    assert plain(WORDS.compared(found)) == (
        "Of all 200 receipts of the period 12 % do (24). A document counts once: these 11 are behind 13 "
        "cases."
    )
    assert plain(WORDS.tested(found)) == (
        "Fisher's exact test, one-sided: p = 2 × 10⁻⁹; 2 × 10⁻⁷ after correction for 1,800 comparisons "
        "(Benjamini–Hochberg, 1 % false discoveries)."
    )
    assert WORDS.company(found) == ""


def test_company_is_said_as_such_and_what_is_unexplained_too() -> None:
    found = cluster(Feature("user", "roe"), cause="Z0", company=(Company(Feature("zone", "A"), 10),))
    assert WORDS.company(found) == "Of these, 10 touched zone A: that goes with it and says nothing more."
    assert "behind cases that nothing explains yet were posted by roe" in WORDS.happened(found)


def case(cause: str = "T1", *, tagged: bool = False, taggable: bool = True) -> PatternCase:
    return PatternCase(
        *(1, "negative", "new", True, taggable, "I", "", "A-01", "EA", -1, 0, "", cause, tagged, 0)
    )


def test_tagging_says_in_numbers_what_it_will_do() -> None:
    cases = [
        case(),
        case("T3", tagged=True),
        case("K1", tagged=True),
        case(tagged=True),
        case(taggable=False),
    ]
    assert plain(WORDS.tagging("K1", cases)) == (
        "3 cases get the cause K1 Wrong item picked. 2 of them have another cause now, which is replaced. "
        "1 case has it already. 1 case stays as it is: closed, or a correction rests on the cause."
    )


def offset(low: int | None, high: int | None, against: int = 4) -> str:
    return plain(CLOCKS.offset(ClockOffset("erp", "wms", 40, against, 0, low, high, ())))


def test_clocks_are_said_to_differ_only_where_they_must() -> None:
    tail = "4 of 40 pairs of one document stand the wrong way round."
    assert offset(20 * MINUTE, 34 * MINUTE) == f"The clock of wms is ahead of erp by 20 min to 34 min: {tail}"
    assert offset(20 * MINUTE, None) == f"The clock of wms is ahead of erp by at least 20 min: {tail}"
    assert offset(None, -20 * MINUTE) == f"The clock of wms is behind erp by at least 20 min: {tail}"
    assert offset(-5 * MINUTE, 9 * MINUTE) == (
        f"The clocks of erp and wms may agree (wms is anywhere from 5 min behind to 9 min ahead): {tail}"
    )
    assert "(wms is at most 9 min ahead)" in offset(None, 9 * MINUTE)
    assert "(wms is at most 9 min behind)" in offset(-9 * MINUTE, None)
    assert "contradict each other" in offset(9 * MINUTE, 2 * MINUTE)


def test_lags_and_orders_are_told_with_their_numbers() -> None:
    lags = Lags(1_200, 12 * MINUTE, 2 * HOUR, 60, 1, 3 * MINUTE, (1,), (1,))
    stream = Stream("erp", "receipt", lags, ())
    assert plain(CLOCKS.stream(stream)) == (
        "Half of the 1,200 receipts that erp told were recorded within 12 min, 95 % within 2 h; 60 (5.0 %) "
        "took over an hour."
    )
    assert plain(CLOCKS.ahead(stream)) == (
        "1 movement (receipts of erp) was recorded before it happened: the clock that says when it happened "
        "is ahead, once by 3 min."
    )
    assert plain(CLOCKS.inversion(Inversion("erp", "wms", 9, 5, 60, HOUR, ()))) == (
        "erp told 5 of 60 movements after wms had told what came after them, half of them by more than 1 h."
    )
    assert plain(CLOCKS.lag(-90 * MINUTE)) == "−1 h 30 min"
