"""Patterns above single cases: planted ones are found as what they are, chance gives none."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.postings import MONDAY, postings
from zeroline.domain.diagnosis.patterns import Blame, Feature, Found, find_patterns
from zeroline.domain.instant import DAY, HOUR

USERS = ("diaz", "okoye", "lind", "sato", "brandt")
PARTNERS = ("ACME", "Borg", "Cato", "Dorn", "Eyre", "Falk")
ZONES = ("DOCK1", "DOCK2", "DOCK3", "DOCK4")


def receipt(random: Random, number: int, **fixed: Any) -> dict[str, Any]:
    """An ordinary receipt of a month, with nothing particular about it."""
    return {
        "document": f"IN/{number:05d}",
        "user": random.choice(USERS),
        "partner": random.choice(PARTNERS),
        "zone": random.choice(ZONES),
        "item_class": random.choice(("fasteners", "gloves", "bearings")),
        "occurred": MONDAY + random.randrange(28) * DAY + random.randrange(24) * HOUR,
    } | fixed


def month(seed: int = 1, number: int = 600) -> list[dict[str, Any]]:
    random = Random(seed)
    return [receipt(random, one) for one in range(number)]


def blames(rows: list[int], cause: str = "T1") -> list[Blame]:
    return [Blame(100 + row, cause, row + 1) for row in rows]


def features(found: Found) -> list[tuple[Feature, ...]]:
    return [cluster.features for cluster in found.clusters]


def test_a_supplier_behind_most_late_receipts_is_named_with_its_numbers() -> None:
    rows = month()
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"]
    others = [row for row, one in enumerate(rows) if one["partner"] == "Borg"]
    late = [*acme[:11], *others[:3]]
    found = find_patterns(postings(rows), blames(late))
    (cluster,) = found.clusters
    assert cluster.features == (Feature("partner", "ACME"),)
    assert (cluster.cause, cluster.kind) == ("T1", "receipt")
    assert (cluster.shared, cluster.of) == (11, 14)
    assert (cluster.usual, cluster.among) == (len(acme), 600)
    assert cluster.p < cluster.corrected < 0.001
    assert cluster.comparisons == found.comparisons > 100
    assert cluster.cases == tuple(100 + row for row in acme[:11])
    assert found.compared == 14


def test_the_night_shift_of_one_dock_is_named_as_both_where_neither_alone_says_it() -> None:
    rows = month(2, 900)
    night = [
        row
        for row, one in enumerate(rows)
        if one["zone"] == "DOCK3" and (one["occurred"] % DAY < 6 * HOUR or one["occurred"] % DAY >= 22 * HOUR)
    ]
    rest = [row for row in range(900) if row not in night]
    found = find_patterns(postings(rows), blames([*night[:14], *rest[:4]]))
    assert features(found) == [(Feature("shift", "night"), Feature("zone", "DOCK3"))]


def test_two_reasons_of_one_cause_are_two_patterns() -> None:
    rows = month(3)
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"][:18]
    sato = [row for row, one in enumerate(rows) if one["user"] == "sato" and one["partner"] != "ACME"][:18]
    found = find_patterns(postings(rows), blames([*acme, *sato]))
    assert set(features(found)) == {(Feature("partner", "ACME"),), (Feature("user", "sato"),)}


def test_what_only_keeps_a_stronger_pattern_company_is_named_with_it() -> None:
    """ACME always comes to dock 2, which others use too."""
    random = Random(4)
    rows = [receipt(random, one) for one in range(600)]
    for row in rows:
        if row["partner"] == "ACME":
            row["zone"] = "DOCK2"
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"]
    found = find_patterns(postings(rows), blames(acme[:12]))
    (cluster,) = found.clusters
    assert cluster.features == (Feature("partner", "ACME"),)
    assert [(one.feature, one.shared) for one in cluster.company] == [(Feature("zone", "DOCK2"), 12)]


def test_twenty_lines_of_one_late_receipt_are_one_late_receipt() -> None:
    random = Random(5)
    rows = [receipt(random, one) for one in range(300)]
    rows += [receipt(random, 999, user="diaz", partner="ACME", zone="DOCK1") for _ in range(20)]
    found = find_patterns(postings(rows), blames(list(range(300, 320))))
    assert found.clusters == ()


def test_the_same_movement_behind_two_cases_counts_once_and_both_are_its_cases() -> None:
    rows = month(6)
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"][:9]
    twice = [*blames(acme), Blame(1, "T1", acme[0] + 1)]
    (cluster,) = find_patterns(postings(rows), twice).clusters
    assert (cluster.shared, cluster.of) == (9, 9)
    assert len(cluster.cases) == 10


def test_picks_are_compared_with_picks_only() -> None:
    random = Random(7)
    rows = month(7, 400)
    rows += [receipt(random, 400 + one, kind="pick", user="diaz", partner="") for one in range(80)]
    found = find_patterns(postings(rows), blames(list(range(400, 412)), "K1"))
    assert found.clusters == ()  # diaz makes every pick: no wonder that diaz made the wrong ones
    assert found.comparisons > 0


def test_three_cases_are_no_pattern_however_odd_they_are() -> None:
    rows = month(8)
    rows += [receipt(Random(8), 700 + one, user="nobody else") for one in range(3)]
    assert find_patterns(postings(rows), blames([600, 601, 602])).clusters == ()


def test_cases_whose_movement_is_not_of_the_period_are_left_out() -> None:
    found = find_patterns(postings(month(9, 20)), [Blame(1, "T1", 5_000)])
    assert found == Found((), 0, 0)


def test_a_pair_that_adds_nothing_to_its_half_is_not_named() -> None:
    """All of ACME's, spread over shifts as everything is."""
    rows = month(10, 900)
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"]
    assert features(find_patterns(postings(rows), blames(acme[:90]))) == [(Feature("partner", "ACME"),)]


def test_chance_gives_hardly_any_pattern() -> None:
    """200 months whose cases were drawn blindly; at 1 % about two of them may show something."""
    fooled = 0
    for seed in range(200):
        random = Random(1_000 + seed)
        rows = [receipt(random, one) for one in range(250)]
        drawn = random.sample(range(250), 24)
        found = find_patterns(postings(rows), blames(drawn[:16]) + blames(drawn[16:], "R1"))
        fooled += bool(found.clusters)
        assert found.comparisons > 100
    assert fooled <= 5


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 25), st.sampled_from(PARTNERS))
def test_what_is_said_adds_up_whatever_was_planted(seed: int, planted: int, partner: str) -> None:
    rows = month(seed, 200)
    own = [row for row, one in enumerate(rows) if one["partner"] == partner][:planted]
    given_blames = blames(own) + blames([row for row in range(10) if row not in own], "R1")
    found = find_patterns(postings(rows), given_blames)
    for cluster in found.clusters:
        assert 4 <= cluster.shared <= min(cluster.of, cluster.usual)
        assert max(cluster.of, cluster.usual) <= cluster.among
        assert cluster.shared * cluster.among > cluster.of * cluster.usual
        assert cluster.p <= cluster.corrected <= 0.01
        assert len(cluster.cases) >= cluster.shared
        assert set(cluster.cases) <= {one.case for one in given_blames if one.cause == cluster.cause}
        for feature in cluster.features:
            name = feature.name.replace(" ", "_")
            values = {rows[case - 100].get(name) for case in cluster.cases if name in rows[0]}
            assert values <= {feature.value}
    again = find_patterns(postings(rows), list(reversed(given_blames)))
    assert again == found


@pytest.mark.parametrize("level", [1e-12, 1e-3])
def test_a_stricter_level_keeps_less(level: float) -> None:
    rows = month(11)
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"]
    late = [*acme[:11], *[row for row in range(600) if row not in acme][:3]]
    found = find_patterns(postings(rows), blames(late), level=level)
    assert bool(found.clusters) is (level == 1e-3)


def test_a_bin_says_all_that_its_zone_says_and_is_not_paired_with_it() -> None:
    """Aisle R-07 lies in zone R: 'zone R and aisle R-07' is no comparison of its own."""
    random = Random(12)
    rows = []
    for one in range(600):
        zone = "R" if one % 9 > 4 else "S"
        rows.append(receipt(random, one, zone=zone, location=f"{zone}-{one % 9:02d}-1"))
    here = [row for row in range(600) if row % 9 == 7]
    found = find_patterns(postings(rows), blames(here[:12]))
    assert features(found) == [(Feature("aisle", "R-07"),)]


def test_a_pair_that_only_echoes_a_stronger_one_is_not_told_again() -> None:
    """ACME comes to dock 3 nearly always: 'ACME by night' is 'dock 3 by night' once more."""
    rows = month(14, 1_200)
    dock = [row for row, one in enumerate(rows) if one["zone"] == "DOCK3"]
    for row, one in enumerate(rows):
        if one["zone"] == "DOCK3" and row % 12:
            one["partner"] = "ACME"
        elif one["partner"] == "ACME" and row % 5:
            one["partner"] = "Borg"
    night = [row for row in dock if not 6 * HOUR <= rows[row]["occurred"] % DAY < 22 * HOUR]
    found = find_patterns(postings(rows), blames(night[:40]))
    assert features(found) == [(Feature("shift", "night"), Feature("zone", "DOCK3"))]


def test_a_feature_that_only_some_of_them_have_is_not_called_their_company() -> None:
    """sato takes in most of ACME's and little else: the user explains nothing that ACME does not."""
    rows = month(13, 900)
    for row, one in enumerate(rows):
        one["user"] = "sato" if (one["partner"] == "ACME") == (row % 10 < 6) else "diaz"
    for row, one in enumerate(rows):
        if one["partner"] != "ACME" and row % 10 != 1:
            one["user"] = "diaz"
    acme = [row for row, one in enumerate(rows) if one["partner"] == "ACME"]
    sato = sum(rows[row]["user"] == "sato" for row in acme[:40])
    found = find_patterns(postings(rows), blames(acme[:40]))
    assert 20 <= sato < 32
    assert features(found) == [(Feature("partner", "ACME"),)]
    assert found.clusters[0].company == ()


def test_what_one_breakdown_did_is_told_as_its_day_not_as_a_weekday() -> None:
    rows = month(15)
    broken = [row for row, one in enumerate(rows) if (one["occurred"] - MONDAY) // DAY == 7][:12]
    found = find_patterns(postings(rows), blames(broken, "T6"))
    assert features(found) == [(Feature("day", "2026-03-09"),)]
    assert [one.feature.name for one in found.clusters[0].company if one.feature.name == "weekday"] == []


def test_two_mondays_are_no_weekday_and_four_are() -> None:
    rows = month(16, 900)
    monday = [
        [row for row, one in enumerate(rows) if (one["occurred"] - MONDAY) // DAY == 7 * week][:4]
        for week in range(4)
    ]
    two = find_patterns(postings(rows), blames([*monday[0], *monday[1]]))
    four = find_patterns(postings(rows), blames([row for rows in monday for row in rows]))
    assert Feature("weekday", "Monday") not in {one for found in features(two) for one in found}
    assert features(four) == [(Feature("weekday", "Monday"),)]
