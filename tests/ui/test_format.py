"""Numbers and times as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.screen import NOON, form
from zeroline.domain.instant import DAY, HOUR, MINUTE, parse
from zeroline.domain.quantity import LARGEST
from zeroline.domain.quantity import parse as parse_quantity

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en_GB", "−1,234,567.5"),
        ("de_DE", "−1.234.567,5"),
        ("tr_TR", "−1.234.567,5"),
        ("fr_FR", "−1\u202f234\u202f567,5"),
        ("hi_IN", "−12,34,567.5"),
    ],
)
def test_quantities_are_grouped_by_locale_with_a_real_minus_and_their_unit(
    language: str, written: str
) -> None:
    assert form(language).quantity(-1_234_567_500_000, "EA") == f"{written}\u00a0EA"


@given(
    st.integers(-LARGEST, LARGEST), st.sampled_from(["en_GB", "de_DE", "tr_TR", "fr_FR", "ar_EG", "hi_IN"])
)
def test_a_written_quantity_reads_back_exactly(micro: int, language: str) -> None:
    written = form(language)
    assert parse_quantity(written.quantity(micro), written.decimal, written.group) == micro


def test_a_quantity_has_the_decimals_it_needs_and_no_more() -> None:
    english = form()
    assert english.quantity(2_500_000, "kg") == "2.5\u00a0kg"
    assert english.quantity(8_000_000) == "8"
    assert english.quantity(8_000_000, decimals=2) == "8.00"
    assert english.quantity(1) == "0.000001"
    assert english.quantity(None) == ""


def test_a_difference_may_carry_its_plus() -> None:
    assert form().quantity(15_000_000, "EA", sign=True) == "+15\u00a0EA"
    assert form().quantity(0, "EA", sign=True) == "0\u00a0EA"


@pytest.mark.parametrize(
    ("micro", "cents"), [(5_000, "0.00"), (15_000, "0.02"), (25_000, "0.02"), (-15_000, "−0.02")]
)
def test_money_is_rounded_half_to_even(micro: int, cents: str) -> None:
    assert form().scaled(micro, 2) == cents


def test_nothing_is_written_as_minus_zero() -> None:
    assert form().scaled(-1, 2) == "0.00"


def test_money_has_its_currency_in_front_and_the_minus_before_it() -> None:
    assert form().money(-41_870_000_000) == "−€\u00a041,870.00"
    assert form("tr_TR").money(1_500_000, "TRY") == "₺\u00a01,50"
    assert form().money(96_000_000, "CHF", decimals=0) == "CHF\u00a096"


def test_figures_are_latin_whatever_the_locale() -> None:
    assert form("ar_EG").count(1234).translate({0x66C: ","}) == "1,234"


def test_a_percentage_of_nothing_is_nothing() -> None:
    assert form().percent(1, 3) == "33.3\u00a0%"
    assert form("de_DE").percent(923, 1000) == "92,3\u00a0%"
    assert form().percent(1, 0) == ""


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (20 * 1_000_000, "just now"),
        (12 * MINUTE, "12 min ago"),
        (3 * HOUR, "3 h ago"),
        (12 * HOUR, "today 00:00"),
        (DAY, "Wed 12:00"),
        (8 * DAY, "4 Mar 12:00"),
        (400 * DAY, "5 Feb 2025 12:00"),
        (-HOUR, "today 13:00"),
    ],
)
def test_recent_times_are_relative_and_older_ones_are_dates(ago: int, said: str) -> None:
    assert form().when(NOON - ago) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (2 * HOUR, "14:00"),
        (DAY, "tomorrow 12:00"),
        (3 * DAY, "Sun 12:00"),
        (30 * DAY, "11 Apr"),
        (-20 * 1_000_000, "now"),
        (-2 * HOUR, "2\u00a0h late"),
        (-(3 * DAY + 4 * HOUR), "3\u00a0d\u00a004\u00a0h late"),
    ],
)
def test_what_is_due_says_when_or_how_late(ahead: int, said: str) -> None:
    assert form().due(NOON + ahead) == said


def test_the_exact_time_is_in_the_zone_of_the_site() -> None:
    at = parse("2026-03-12T08:12:05Z")
    assert form("de_DE", "Europe/Berlin").exact(at) == "Thu 12 Mar 2026 09:12:05 CET"
    assert form("tr_TR", "Europe/Istanbul").exact(at).startswith("Thu 12 Mar 2026 11:12:05")
    assert form(zone="America/New_York").minute(at) == "2026-03-12 04:12"


def test_today_is_the_day_of_the_site() -> None:
    late = parse("2026-03-12T23:30:00Z")
    assert form(zone="Europe/Berlin", now=parse("2026-03-13T14:00:00Z")).when(late) == "today 00:30"
    assert form(zone="UTC", now=parse("2026-03-13T14:00:00Z")).when(late) == "Thu 23:30"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (40_000_000, "40 s"),
        (12 * MINUTE, "12 min"),
        (6 * HOUR, "6 h"),
        (6 * HOUR + 5 * MINUTE, "6 h 05 min"),
        (3 * DAY + 4 * HOUR, "3 d 04 h"),
        (130 * DAY, "130 d"),
    ],
)
def test_a_length_of_time_names_its_two_largest_units(length: int, said: str) -> None:
    assert form().duration(length).replace("\u00a0", " ") == said
