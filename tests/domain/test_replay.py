"""Replay from movements to episodes."""

from __future__ import annotations

import numpy as np
import pytest

from support.ledger import Row, at, columns, empty_columns, read_ledger
from support.naive_replay import naive_balances
from zeroline.domain.episode import DAY, Episode, Episodes
from zeroline.domain.errors import DomainError
from zeroline.domain.replay import MovementColumns, Opening, Order, book_order, key_history, replay

UNIT = 1_000_000


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> list[Row]:
    return read_ledger(request.function.__doc__)


def episodes_of(rows: list[Row], **wishes) -> list[Episode]:
    return list(replay(columns(rows), **wishes).episodes)


def test_a_shipment_before_its_receipt_makes_an_episode_from_crossing_to_recovery(ledger):
    """
    08:00  08:00   +5  opening
    09:12  09:12  −13  shipment
    16:30  16:30  +30  receipt
    """
    (episode,) = episodes_of(ledger)
    assert (episode.started_at, episode.ended_at) == (at("09:12"), at("16:30"))
    assert (episode.opening_sequence, episode.closing_sequence) == (2, 3)
    assert episode.depth == -8 * UNIT
    assert episode.shortfall == 8 * UNIT * (at("16:30") - at("09:12"))
    assert not episode.transient


def test_a_balance_of_exactly_zero_is_not_an_episode(ledger):
    """
    08:00  08:00   +5  receipt
    09:00  09:00   −5  shipment
    """
    assert episodes_of(ledger) == []


def test_reaching_exactly_zero_ends_an_episode(ledger):
    """
    08:00  08:00   −5  shipment
    09:00  09:00   +5  receipt
    10:00  10:00   −1  shipment
    """
    first, second = episodes_of(ledger)
    assert first.ended_at == at("09:00")
    assert second.started_at == at("10:00")


def test_depth_is_the_lowest_balance_and_unit_days_follow_each_step(ledger):
    """
    1/00:00  1/00:00  −2  shipment
    2/00:00  2/00:00  −3  shipment
    3/00:00  3/00:00  +4  receipt
    5/00:00  5/00:00  +9  receipt
    """
    (episode,) = episodes_of(ledger)
    assert episode.depth == -5 * UNIT
    assert episode.unit_days == (2 + 5 + 1 + 1) * UNIT


def test_an_open_episode_is_measured_to_the_instant_asked_for(ledger):
    """
    1/00:00  1/00:00  −2  shipment
    """
    (episode,) = episodes_of(ledger, as_of=at("4/12:00"))
    assert episode.ended_at is None
    assert episode.closing_sequence is None
    assert episode.measured_to == at("4/12:00")
    assert episode.unit_days == 7 * UNIT


def test_an_open_episode_is_measured_to_its_last_movement_when_that_is_later(ledger):
    """
    1/00:00  1/00:00  −2  shipment
    3/00:00  3/00:00  −2  shipment
    """
    (episode,) = episodes_of(ledger, as_of=at("2/00:00"))
    assert episode.measured_to == at("3/00:00")
    assert episode.unit_days == 4 * UNIT


def test_measuring_an_open_episode_later_equals_replaying_to_that_instant(ledger):
    """
    1/00:00  1/00:00  −2  shipment
    3/00:00  3/00:00  −2  shipment
    """
    (stored,) = episodes_of(ledger)
    (replayed,) = episodes_of(ledger, as_of=at("9/17:31"))
    assert stored.measured(at("9/17:31"), on_hand=-4 * UNIT) == replayed
    assert stored.measured(at("2/00:00"), on_hand=-4 * UNIT) == stored


def test_a_dip_within_one_instant_is_an_episode_of_no_duration(ledger):
    """
    09:00  09:00  −11  shipment
    09:00  09:00  +11  receipt
    """
    (episode,) = episodes_of(ledger)
    assert episode.duration == 0
    assert episode.shortfall == 0
    assert episode.depth == -11 * UNIT
    assert not episode.transient


def test_movements_of_one_instant_follow_their_sequence_whatever_order_they_are_given_in(ledger):
    """
    09:00  09:00   +5  receipt
    09:00  09:00   −5  shipment
    09:00  09:00   +2  receipt
    09:00  09:00   −2  shipment
    """
    assert episodes_of(ledger) == episodes_of(ledger[::-1]) == []


def test_keys_do_not_see_each_other(ledger):
    """
    A1  08:00  08:00  +50  receipt
    B1  09:00  09:00   −3  shipment
    A1  10:00  10:00  −50  shipment
    """
    replayed = replay(columns(ledger))
    assert replayed.balances.key.tolist() == [1, 2]
    assert replayed.balances.on_hand.tolist() == [0, -3 * UNIT]
    assert replayed.balances.movements.tolist() == [2, 1]
    assert replayed.balances.last_sequence.tolist() == [3, 2]
    assert replayed.balances.last_recorded_at.tolist() == [at("10:00"), at("09:00")]
    assert replayed.episodes.key.tolist() == [2]


def test_physical_order_shows_the_shortage_that_posting_order_hid(ledger):
    """
    09:00  09:00  +11  receipt
    08:00  10:00  −11  shipment
    """
    assert episodes_of(ledger) == []
    (episode,) = episodes_of(ledger, order=Order.PHYSICAL)
    assert (episode.started_at, episode.ended_at) == (at("08:00"), at("09:00"))
    assert (episode.opening_sequence, episode.closing_sequence) == (2, 1)
    assert not episode.transient


def test_no_movements_make_no_balances_and_no_episodes():
    replayed = replay(empty_columns())
    assert len(replayed.balances) == 0
    assert len(replayed.episodes) == 0


def test_three_tenths_taken_and_given_leave_no_phantom_negative(ledger):
    """
    08:00  08:00  −0.1  shipment
    08:01  08:01  −0.1  shipment
    08:02  08:02  −0.1  shipment
    08:03  08:03  +0.3  receipt
    """
    replayed = replay(columns(ledger))
    assert replayed.balances.on_hand.tolist() == [0]
    assert replayed.episodes.depth.tolist() == [-300_000]


def test_the_integral_stays_exact_beyond_64_bits():
    large = 9_000_000_000_000 * UNIT
    years = 40 * 365 * DAY
    rows = [Row(1, 1, 0, 0, -large), Row(1, 2, years + 1, years + 1, large)]
    (episode,) = episodes_of(rows)
    assert episode.shortfall == large * (years + 1)
    assert Episodes.unit_days(replay(columns(rows)).episodes) == [episode.unit_days]


def test_a_balance_beyond_64_bits_is_refused_with_its_key():
    large = 9_000_000_000_000 * UNIT
    rows = [Row(7, 1, 0, 0, large), Row(8, 2, 0, 0, -large), Row(7, 3, 1, 1, large)]
    with pytest.raises(DomainError) as refused:
        replay(columns(rows))
    assert refused.value.code == "balance-too-large"
    assert refused.value.fields == {"key": 7}


def test_large_quantities_that_cancel_each_other_are_not_refused():
    large = 9_000_000_000_000 * UNIT
    rows = [Row(7, i, i, i, large if i % 2 else -large) for i in range(1, 7)]
    assert replay(columns(rows)).balances.on_hand.tolist() == [0]


def test_movements_before_the_beginning_alone_make_nothing(ledger):
    """
    1/08:00  1/08:00  −20  shipment
    """
    one = np.array([1])
    part = replay(columns(ledger), opening=Opening(one, one + at("2/00:00"), one * 0, one * 0))
    assert (len(part.balances), len(part.episodes)) == (0, 0)


@pytest.mark.parametrize(
    ("shortfall", "expected"),
    [(DAY // 2, 0), (DAY // 2 + 1, 1), (DAY * 3 // 2, 2), (DAY * 5 // 2, 2), (DAY * 3 // 2 - 1, 1)],
)
def test_unit_days_are_rounded_half_to_even_from_the_exact_integral(shortfall, expected):
    rows = [Row(1, 1, 0, 0, -1), Row(1, 2, shortfall, shortfall, 1)]
    (episode,) = episodes_of(rows)
    assert episode.unit_days == expected
    assert replay(columns(rows)).episodes.unit_days() == [expected]


@pytest.mark.parametrize("rest", [-1, 0, 1])
def test_huge_unit_days_are_rounded_half_to_even_too(rest):
    whole = 2**62
    episodes = Episodes.none()
    shortfall = whole * DAY + DAY // 2 + rest
    high, low = np.array([shortfall >> 64], np.uint64), np.array([shortfall & (2**64 - 1)], np.uint64)
    one = np.ones(1, np.int64)
    flag = np.zeros(1, np.bool_)
    episodes = Episodes(one, one, one, one, one, -one, high, low, one, flag)
    (episode,) = episodes
    assert episodes.unit_days() == [episode.unit_days] == [whole + (rest > 0)]


def test_value_days_are_rounded_once_from_the_exact_integral(ledger):
    """
    1/00:00  1/00:00  −0.000001  shipment
    1/08:00  1/08:00  +0.000001  receipt
    """
    (episode,) = episodes_of(ledger)
    assert episode.unit_days == 0
    assert episode.value_days(unit_cost=9_000_000) == 3
    assert episode.value(unit_cost=9_000_000) == -9


def test_a_replay_can_begin_later_from_a_known_balance(ledger):
    """
    1/08:00  1/08:00  +20  receipt
    2/08:00  2/08:00  −25  shipment
    1/09:00  2/12:00  +10  receipt
    """
    late = replay(
        columns(ledger[1:]),
        opening=Opening(
            key=np.array([1]),
            since=np.array([at("2/00:00")]),
            book=np.array([20 * UNIT]),
            physical=np.array([20 * UNIT]),
        ),
    )
    assert list(late.episodes) == episodes_of(ledger)
    assert late.episodes.transient.tolist() == [True]
    assert late.balances.on_hand.tolist() == [5 * UNIT]


def test_a_key_without_an_opening_begins_with_nothing(ledger):
    """
    A  1/08:00  1/08:00  −20  shipment
    B  2/08:00  2/08:00  −25  shipment
    """
    one = np.array([2])
    part = replay(columns(ledger), opening=Opening(one, one * 0, one * 0 + 30 * UNIT, one * 0))
    assert part.episodes.key.tolist() == [1]
    assert part.balances.on_hand.tolist() == [-20 * UNIT, 5 * UNIT]


def test_an_opening_that_names_no_key_changes_nothing(ledger):
    """
    08:00  08:00  −20  shipment
    """
    nothing = np.zeros(0, np.int64)
    opening = Opening(nothing, nothing, nothing, nothing)
    assert episodes_of(ledger, opening=opening) == episodes_of(ledger)


@pytest.mark.parametrize(("balance", "order"), [(-1, Order.BOOK), (0, Order.PHYSICAL)])
def test_an_opening_below_zero_or_in_physical_order_is_refused(balance, order):
    one = np.array([1])
    with pytest.raises(ValueError, match="begins"):
        replay(empty_columns(), order=order, opening=Opening(one, one, one * balance, one))


def test_columns_of_different_lengths_are_refused():
    one = np.zeros(1, np.int64)
    with pytest.raises(ValueError, match="one entry a movement"):
        MovementColumns(one, one, one, one, np.zeros(2, np.int64))


def test_quantities_that_are_not_whole_numbers_are_refused():
    one = np.zeros(1, np.int64)
    with pytest.raises(ValueError, match="quantity"):
        MovementColumns(one, one, one, one, np.zeros(1))


def test_a_key_history_has_the_balance_after_every_movement_in_both_orders(ledger):
    """
    08:40  16:30  +30  receipt
    09:12  09:12  −11  shipment
    """
    history = key_history(columns(ledger), opening=2 * UNIT)
    assert history.order.tolist() == [1, 0]
    assert history.balance.tolist() == [-9 * UNIT, 21 * UNIT]
    assert history.physical_order.tolist() == [1, 0]
    assert history.physical_balance.tolist() == [32 * UNIT, 21 * UNIT]


def test_a_key_history_in_one_order_has_equal_lines(ledger):
    """
    08:40  08:40  +30  receipt
    09:12  09:12  −11  shipment
    """
    history = key_history(columns(ledger))
    assert history.order.tolist() == history.physical_order.tolist() == [0, 1]
    assert history.balance.tolist() == history.physical_balance.tolist()


def test_a_key_without_movements_has_an_empty_history():
    assert len(key_history(empty_columns()).balance) == 0


def test_a_history_of_two_keys_is_refused(ledger):
    """
    A  08:00  08:00  +1  receipt
    B  08:00  08:00  +1  receipt
    """
    with pytest.raises(ValueError, match="one stock key"):
        key_history(columns(ledger))


@pytest.mark.parametrize("furthest", [2**40, 2**58, 2**62, 2**63 - 1])
def test_movements_are_put_in_book_order_however_far_their_instants_lie_apart(furthest):
    instants = [furthest, 0, -furthest, 1, furthest, -furthest, furthest - 1]
    rows = [(place % 3, place, 0, instant, 0) for place, instant in enumerate(instants * 3)]
    order = book_order(MovementColumns.of(rows))
    assert [rows[place] for place in order] == sorted(rows, key=lambda row: (row[0], row[3], row[1]))


def test_joining_no_parts_gives_nothing():
    assert len(MovementColumns.join([])) == 0
    assert len(Episodes.join([])) == 0


def test_a_ledger_replayed_in_parts_equals_one_replayed_at_once(monkeypatch):
    rng = np.random.default_rng(7)
    rows = [
        Row(int(k), i, int(t) * UNIT, int(t) * UNIT + int(d), int(q))
        for i, (k, t, d, q) in enumerate(
            zip(
                rng.integers(0, 50, 900),
                rng.integers(0, 500, 900),
                rng.integers(0, 3, 900),
                rng.integers(-9, 10, 900),
                strict=True,
            )
        )
    ]
    whole = replay(columns(rows))
    presorted = columns(sorted(rows, key=lambda row: (row.key, row.recorded_at, row.sequence)))
    monkeypatch.setattr("zeroline.domain.replay.run.PART_ROWS", 100)
    for movements in (columns(rows), presorted):
        parted = replay(movements)
        assert list(parted.episodes) == list(whole.episodes)
        assert parted.balances.key.tolist() == whole.balances.key.tolist()
        assert dict(
            zip(parted.balances.key.tolist(), parted.balances.on_hand.tolist(), strict=True)
        ) == naive_balances(rows)
