"""What movements share: shift, weekday and week on the floor's own clock, the neighbourhood of a bin."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from support.postings import MONDAY, postings
from zeroline.domain.diagnosis.postings import FEATURES, aisle, offsets
from zeroline.domain.instant import DAY, HOUR, parse


@pytest.mark.parametrize(
    ("location", "zone", "near"),
    [
        ("E-02", "", "E"),
        ("E-02", "E", ""),
        ("A-01-03", "A", "A-01"),
        ("WH1.A.07.2", "A", "WH1-A-07"),
        ("B117", "", "B"),
        ("DOCK", "", ""),
        ("117", "", ""),
        ("", "", ""),
    ],
)
def test_the_neighbourhood_of_a_bin_is_its_code_without_the_last_part(
    location: str, zone: str, near: str
) -> None:
    assert aisle(location, zone) == near


def test_shift_and_weekday_are_those_of_the_floor_not_of_utc() -> None:
    rows = [
        {"occurred": parse("2026-03-02T23:30:00Z"), "site": "EAST"},  # Tuesday 08:30 there
        {"occurred": parse("2026-03-02T23:30:00Z"), "site": "MAIN"},
        {"occurred": parse("2026-03-02T14:00:00Z"), "site": "MAIN"},
        {"occurred": parse("2026-03-02T05:59:00Z"), "site": "NOWHERE"},
    ]
    made = postings(rows, {"EAST": ZoneInfo("Asia/Tokyo"), "MAIN": ZoneInfo("UTC")})
    shift, weekday = made.features["shift"], made.features["weekday"]
    assert [shift.at(row) for row in range(4)] == ["early", "night", "late", "night"]
    assert [weekday.at(row) for row in range(4)] == ["Tuesday", "Monday", "Monday", "Monday"]


def test_where_only_the_recording_is_known_it_tells_the_shift() -> None:
    made = postings([{"occurred": MONDAY, "recorded": MONDAY + 15 * HOUR, "timed": False}])
    assert made.features["shift"].at(0) == "late"


def test_weeks_begin_on_monday_midnight_of_the_floor() -> None:
    zone = ZoneInfo("Europe/Berlin")
    sunday_night = parse("2026-03-08T22:30:00Z")  # 23:30 on Sunday there
    made = postings(
        [{"occurred": sunday_night}, {"occurred": sunday_night + HOUR}, {"occurred": MONDAY}], {"MAIN": zone}
    )
    assert made.week.tolist() == [MONDAY, MONDAY + 7 * DAY, MONDAY]


def test_a_change_to_summer_time_moves_the_clock_of_the_floor() -> None:
    zone, change = ZoneInfo("Europe/Berlin"), parse("2026-03-29T01:00:00Z")
    assert offsets(np.array([change - 1, change]), zone).tolist() == [HOUR, 2 * HOUR]


def test_the_lines_of_one_document_are_one_act_and_bare_movements_each_their_own() -> None:
    rows = [
        {"document": "IN/1"},
        {"document": "IN/1"},
        {"document": "IN/1", "source": "erp"},
        {"document": "IN/1", "kind": "putaway"},
        {},
        {},
    ]
    acts = postings(rows).unit_of_posting.tolist()
    assert acts[0] == acts[1]
    assert len(set(acts)) == 5


def test_every_feature_has_its_column_and_a_movement_is_found_by_its_number() -> None:
    made = postings([{"seq": 7, "document": "IN/7", "location": "E-02"}, {"seq": 3}])
    assert tuple(made.features) == FEATURES
    assert made.features["document type"].at(0) == "IN"
    assert made.features["aisle"].at(0) == "E"
    assert made.places([3, 7, 5]).tolist() == [1, 0, -1]


def test_a_period_without_movements_has_nothing_to_share() -> None:
    made = postings([])
    assert made.places([1]).tolist() == [-1]
    assert len(made.unit_of_posting) == 0
    assert all(len(words) == 0 for words in made.features.values())
