"""Dates as people write them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain import instant
from zeroline.domain.errors import DomainError
from zeroline.sources.dates import DateReader, compile_format

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("form", "text", "meant"),
    [
        ("iso", "2026-03-01T09:12:00Z", "2026-03-01T09:12:00Z"),
        ("iso", "2026-03-01 09:12:00.250+02:00", "2026-03-01T07:12:00.250000Z"),
        ("iso", "2026-03-01", "2026-03-01T00:00:00Z"),
        ("%d/%m/%Y", "01/07/2024", "2024-07-01T00:00:00Z"),
        ("%d-%b-%y", "01-Jul-24", "2024-07-01T00:00:00Z"),
        ("%d %B %Y", "1 JULY 2024", "2024-07-01T00:00:00Z"),
        ("%m/%d/%Y %I:%M %p", "07/01/2024  12:05 am", "2024-07-01T00:05:00Z"),
        ("%m/%d/%Y %I:%M %p", "07/01/2024 3:05 PM", "2024-07-01T15:05:00Z"),
        ("%Y%m%d%H%M%S", "20240701153000", "2024-07-01T15:30:00Z"),
        ("%d.%m.%Y %H:%M:%S.%f%z", "01.07.2024 15:30:00.5+0200", "2024-07-01T13:30:00.500000Z"),
        ("%Y-%m-%dT%H:%M%z", "2024-07-01T15:30Z", "2024-07-01T15:30:00Z"),
        ("%d-%b-%y", "01-Jul-69", "1969-07-01T00:00:00Z"),
        ("excel", "45474", "2024-07-01T00:00:00Z"),
        ("excel", "45474.5", "2024-07-01T12:00:00Z"),
        ("epoch", "1719792000.25", "2024-07-01T00:00:00.250000Z"),
        ("epoch-ms", "1719792000250", "2024-07-01T00:00:00.250000Z"),
    ],
)
def test_each_way_of_writing_is_read(form: str, text: str, meant: str) -> None:
    assert instant.iso(DateReader([form], UTC).read(text)) == meant


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d/%m/%Y", "31/02/2024"),
        ("%d/%m/%Y", "2024-07-01"),
        ("%I:%M %p %d/%m/%Y", "13:00 pm 01/07/2024"),
        ("iso", "yesterday"),
        ("iso", "x" * 10_000),
        ("excel", "1e99"),
        ("excel", "99999999"),
        ("epoch", "-5"),
        ("epoch-ms", "12:00"),
        ("%Y-%m-%d %H:%M:%S%z", "2024-07-01 10:00:00+99:00"),
    ],
)
def test_what_is_no_date_is_refused(form: str, text: str) -> None:
    with pytest.raises(DomainError, match="instant-unreadable"):
        DateReader([form], UTC).read(text)


@pytest.mark.parametrize("form", ["%Q", "%Y-%m", "%Y-%Y-%d", "%", "day month year"])
def test_a_format_that_names_no_day_is_no_format(form: str) -> None:
    with pytest.raises(ValueError, match="not a date format"):
        compile_format(form)


def test_the_first_format_that_fits_decides() -> None:
    reader = DateReader(["%d/%m/%Y", "%m/%d/%Y"], UTC)
    assert instant.iso(reader.read("02/03/2026")) == "2026-03-02T00:00:00Z"
    assert instant.iso(reader.read("12/31/2026")) == "2026-12-31T00:00:00Z"


def test_a_time_without_a_zone_is_of_the_files_zone() -> None:
    reader = DateReader(["iso"], ZoneInfo("Africa/Lagos"))
    assert instant.iso(reader.read("2024-07-01")) == "2024-06-30T23:00:00Z"


def test_the_end_of_a_day_is_its_last_moment_on_a_short_day_too() -> None:
    reader = DateReader(["iso"], ZoneInfo("Europe/Berlin"), end_of_day=True)
    assert instant.iso(reader.read("2026-03-29")) == "2026-03-29T21:59:59.999999Z"  # 23 hours long
    assert instant.iso(reader.read("2026-03-29T10:00:00")) == "2026-03-29T08:00:00Z"


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    reader = DateReader(["iso", "excel", "epoch", "%d-%b-%y", "%d/%m/%Y %H:%M"], UTC)
    code = "instant-unreadable"
    try:
        reader.read(text)
    except DomainError as error:
        code = error.code
    assert code in ("instant-unreadable", "instant-range")
