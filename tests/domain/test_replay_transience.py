"""Which episodes are transient: nothing is missing, something was posted in the wrong order."""

from __future__ import annotations

import pytest

from support.ledger import Row, at, columns, read_ledger
from zeroline.domain.episode import Episode
from zeroline.domain.replay import replay

UNIT = 1_000_000


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> list[Row]:
    return read_ledger(request.function.__doc__)


def episodes_of(rows: list[Row], **wishes) -> list[Episode]:
    return list(replay(columns(rows), **wishes).episodes)


def test_a_late_posted_receipt_makes_the_episode_transient(ledger):
    """
    08:40  16:30  +30  receipt
    09:12  09:12  −11  shipment
    """
    (episode,) = episodes_of(ledger)
    assert episode.transient


def test_a_receipt_that_really_came_later_is_not_transient(ledger):
    """
    09:12  09:12  −11  shipment
    16:30  16:30  +30  receipt
    """
    (episode,) = episodes_of(ledger)
    assert not episode.transient


def test_a_late_receipt_that_covers_only_a_part_is_not_transient(ledger):
    """
    08:40  16:30  +10  receipt
    09:12  09:12  −11  shipment
    17:00  17:00   +1  adjustment
    """
    (episode,) = episodes_of(ledger)
    assert not episode.transient


def test_an_open_episode_is_never_transient(ledger):
    """
    08:40  16:30  +10  receipt
    09:12  09:12  −11  shipment
    """
    (episode,) = episodes_of(ledger)
    assert not episode.transient


def test_rows_that_were_all_late_in_the_right_order_are_not_transient(ledger):
    """
    08:00  10:00  −11  shipment
    09:00  11:00  +11  receipt
    """
    (episode,) = episodes_of(ledger)
    assert not episode.transient


def test_a_shipment_posted_afterwards_but_made_within_the_episode_denies_that_nothing_is_missing(ledger):
    """
    09:00  09:00  −10  shipment
    08:00  12:00  +10  receipt
    13:00  13:00  +20  receipt
    10:00  14:00   −5  shipment
    """
    (episode,) = episodes_of(ledger)
    assert episode.ended_at == at("12:00")
    assert not episode.transient


def test_a_physical_shortage_before_the_episode_that_is_over_by_then_does_not_count(ledger):
    """
    1/09:00  1/09:00  −10  shipment
    1/10:00  1/10:00  +10  receipt
    2/09:00  2/09:00   −5  shipment
    2/08:00  2/12:00   +5  receipt
    """
    first, second = episodes_of(ledger)
    assert not first.transient
    assert second.transient


def test_a_physical_shortage_that_reaches_into_the_episode_counts(ledger):
    """
    1/09:00  3/00:00  −10  shipment
    1/08:00  4/00:00  +10  receipt
    1/10:00  5/00:00   −1  shipment
    6/00:00  6/00:00   +1  receipt
    """
    first, second = episodes_of(ledger)
    assert (first.transient, second.transient) == (False, False)


def test_a_dip_within_one_instant_is_transient_when_the_receipt_happened_first(ledger):
    """
    08:59  09:00  −11  shipment
    08:00  09:00  +11  receipt
    """
    (episode,) = episodes_of(ledger)
    assert episode.duration == 0
    assert episode.transient


def test_a_physical_order_that_reaches_further_than_64_bits_is_judged_exactly():
    """In book order the balance swings between both ends; in physical order it climbs four times as high."""
    large = 9_000_000_000_000 * UNIT
    swings = [Row(1, i, i % 2, i, -large if i % 2 else large) for i in range(1, 9)]
    rows = [*swings, Row(2, 9, 1, 1, -UNIT), Row(2, 10, 0, 2, UNIT)]
    found = episodes_of(rows)
    assert [episode.key for episode in found] == [1, 1, 1, 1, 2]
    assert all(episode.transient for episode in found)
