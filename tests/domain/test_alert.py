"""What is told, how much of it at once, and when a letter is tried again."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from zeroline.domain.alert import (
    ATTEMPTS,
    TOGETHER,
    AlertKind,
    Occasion,
    address,
    notices,
    shift_ended,
    wait_after,
)
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import HOUR, MINUTE, parse

ENDS = (6 * 60, 14 * 60, 22 * 60)


def negatives(count: int) -> list[Occasion]:
    return [
        Occasion(f"negative case {n} 0", AlertKind.NEGATIVE, f"case {n}", {"item": f"ITEM-{n}"})
        for n in range(count)
    ]


def test_each_occasion_is_a_notice_of_its_own() -> None:
    made = notices(negatives(TOGETHER), frozenset())
    assert [notice.subject for notice in made] == [f"case {n}" for n in range(TOGETHER)]
    assert made[0].occasions == ("negative case 0 0",)


def test_what_was_told_is_not_told_again() -> None:
    assert notices(negatives(2), frozenset({"negative case 0 0", "negative case 1 0"})) == ()


def test_many_of_a_kind_at_once_are_one_notice_that_quotes_the_first() -> None:
    found = [*negatives(TOGETHER + 1), Occasion("count 1", AlertKind.COUNT, "count sheet 1", {})]
    together, sheet = notices(found, frozenset())
    assert (together.subject, together.facts) == ("", {"item": "ITEM-0", "count": TOGETHER + 1})
    assert len(together.occasions) == TOGETHER + 1
    assert sheet.subject == "count sheet 1"


def test_a_letter_waits_twice_as_long_after_each_failure_and_never_more_than_four_hours() -> None:
    assert [wait_after(n) // MINUTE for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert wait_after(ATTEMPTS) == 4 * HOUR
    assert 12 * HOUR < sum(map(wait_after, range(1, ATTEMPTS))) < 24 * HOUR  # a night without a mail server


@pytest.mark.parametrize("given", ["", "  ", "sam@example.com", " s.o'hara+night@mail.example.co "])
def test_an_address_is_kept_as_it_was_given(given: str) -> None:
    assert address(given) == given.strip()


@pytest.mark.parametrize(
    "given",
    [
        *("sam", "sam@", "@example.com", "sam@example", "a@b@example.com", "a b@example.com", "a@x.y, b@x.y"),
        *("sam@example.com\nBcc: all@example.com", "<sam@example.com>", "säm@example.com"),
        f"{'a' * 250}@example.com",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(DomainError, match="address-unusable"):
        address(given)


@pytest.mark.parametrize(
    ("now", "ended"),
    [
        ("2026-03-02T14:00:00Z", "2026-03-02T14:00:00Z"),
        ("2026-03-02T21:59:59Z", "2026-03-02T14:00:00Z"),
        ("2026-03-02T05:59:00Z", "2026-03-01T22:00:00Z"),
    ],
)
def test_a_shift_ended_last_at_the_newest_of_its_times(now: str, ended: str) -> None:
    assert shift_ended(ENDS, parse(now), ZoneInfo("UTC")) == parse(ended)


def test_shifts_end_by_the_clock_on_the_wall_also_when_it_is_put_forward() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert shift_ended(ENDS, parse("2026-03-28T08:00:00Z"), berlin) == parse("2026-03-28T05:00:00Z")
    assert shift_ended(ENDS, parse("2026-03-29T08:00:00Z"), berlin) == parse("2026-03-29T04:00:00Z")
