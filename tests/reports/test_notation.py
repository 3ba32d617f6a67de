from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain import instant
from zeroline.domain.instant import DAY, HOUR, MINUTE, SECOND
from zeroline.domain.quantity import parse
from zeroline.reports.documents import Kind, Notation

amounts = st.integers(-(10**18), 10**18)


def test_a_quantity_has_a_real_minus_and_grouped_thousands() -> None:
    assert Notation().quantity(-12_345_500_000) == "−12,345.5"


def test_thousands_and_decimals_follow_the_language() -> None:
    written = [Notation(tag).quantity(1_234_567_250_000) for tag in ("en", "de", "de-CH", "fr-FR", "xx")]
    assert written == [
        "1,234,567.25",
        "1.234.567,25",
        "1’234’567.25",
        "1\u00a0234\u00a0567,25",
        "1,234,567.25",
    ]


@given(amounts, st.sampled_from(("en", "de", "fr", "de-CH")))
def test_a_written_quantity_reads_back_as_the_same_number(micro: int, language: str) -> None:
    notation = Notation(language)
    written = notation.quantity(micro).replace("’", "")
    thousands = notation.thousands if notation.thousands in ",." else ""
    assert parse(written, notation.decimal, thousands) == micro


def test_money_has_the_decimals_of_its_currency_and_rounds_half_to_even() -> None:
    assert Notation(currency="EUR").money(-2_345_000) == "−2.34"
    assert Notation(currency="EUR").money(2_355_000) == "2.36"
    assert Notation(currency="JPY").money(1_999_600_000) == "2,000"
    assert Notation(currency="KWD").money(1_234_567) == "1.235"


def test_what_rounds_to_nothing_has_no_minus() -> None:
    assert Notation().money(-1_000) == "0.00"


def test_a_share_is_written_in_per_cent() -> None:
    assert Notation("de").share(973_450) == "97,3\u00a0%"


def test_times_are_those_of_the_site() -> None:
    berlin = Notation(zone="Europe/Berlin")
    noon = instant.parse("2026-07-01T12:00:59Z")
    assert berlin.instant(noon) == "2026-07-01 14:00"
    assert berlin.instant(noon, seconds=True) == "2026-07-01 14:00:59"
    assert berlin.day(instant.parse("2026-07-01T23:30Z")) == "2026-07-02"
    assert berlin.local(noon) == datetime(2026, 7, 1, 14, 0, 59)  # noqa: DTZ001


def test_the_hour_that_comes_twice_says_which_one_it_is() -> None:
    berlin = Notation(zone="Europe/Berlin")
    assert berlin.instant(instant.parse("2026-10-25T00:30Z")) == "2026-10-25 02:30 +02:00"
    assert berlin.instant(instant.parse("2026-10-25T01:30Z")) == "2026-10-25 02:30 +01:00"
    assert berlin.instant(instant.parse("2026-10-25T02:30Z")) == "2026-10-25 03:30"


@given(st.integers(-(10**15), 4 * 10**15), st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kathmandu")))
def test_site_times_agree_with_the_calendar(moment: int, zone: str) -> None:
    notation = Notation(zone=zone)
    local = instant.at(moment, notation.zone)
    assert notation.instant(moment, seconds=True)[:19] == local.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (3 * DAY + 4 * HOUR + 59 * MINUTE, "3 d 04 h"),
        (6 * HOUR + 5 * MINUTE, "6 h 05 min"),
        (12 * MINUTE, "12 min"),
        (40 * SECOND, "40 s"),
        (0, "0 s"),
        (-2 * MINUTE, "−2 min"),
        (1_234 * DAY, "1,234 d 00 h"),
    ],
)
def test_a_duration_is_written_by_its_two_largest_units(length: int, written: str) -> None:
    assert Notation().duration(length).replace("\u00a0", " ") == written


def test_every_kind_has_its_writer() -> None:
    notation = Notation()
    written = [notation.writer(kind)(1_500_000) for kind in Kind]
    assert written[:6] == ["1500000", "1500000", "1.5", "1.50", "1,500,000", "150.0\u00a0%"]
    assert written[6:9] == ["1970-01-01 00:00", "1970-01-01", "1\u00a0s"]
    assert notation.writer(Kind.QUANTITY, decimals=1)(1_250_000) == "1.2"
    assert notation.writer(Kind.INSTANT, seconds=True)(1_500_000) == "1970-01-01 00:00:01"
