"""Replay against a naive one, on ledgers that nobody would think of."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from support.ledger import Row, columns
from support.naive_replay import in_order, naive_balances, naive_episodes
from zeroline.domain.episode import DAY, Episode, unit_days_of
from zeroline.domain.quantity import LARGEST
from zeroline.domain.replay import Order, key_history, replay

few_instants = st.integers(0, 6)  # ties, back-dating and post-dating all the time
real_instants = st.integers(1_600_000_000_000_000, 1_900_000_000_000_000)
far_instants = st.integers(-60_000_000_000_000_000, 250_000_000_000_000_000)  # years 69 to 9892
few_units = st.integers(-3, 3).map(lambda units: units * 1_000_000)
decimals = st.integers(-5_000_000, 5_000_000)
keys = st.integers(-1, 4) | st.sampled_from([-(2**62), 2**62])


@st.composite
def ledgers(draw, instants, quantities, most=40):
    """Rows in any order; now and then everything is recorded when it happens, as many sources have it."""
    at_once = draw(st.booleans())
    drawn = draw(st.lists(st.tuples(keys, instants, instants, quantities), max_size=most))
    sequences = draw(
        st.just(list(range(1, len(drawn) + 1)))
        | st.permutations(range(1, len(drawn) + 1))
        | st.lists(st.integers(0, 2**40), min_size=len(drawn), max_size=len(drawn), unique=True)
    )
    return [
        Row(key, sequence, occurred, occurred if at_once else recorded, quantity)
        for sequence, (key, occurred, recorded, quantity) in zip(sequences, drawn, strict=True)
    ]


def plain(episode: Episode) -> tuple:
    return (
        episode.key,
        episode.started_at,
        episode.ended_at,
        episode.opening_sequence,
        episode.closing_sequence,
        episode.depth,
        episode.shortfall,
        episode.transient,
    )


def check(rows: list[Row], as_of: int) -> None:
    replayed = replay(columns(rows), as_of=as_of)
    assert [plain(episode) for episode in replayed.episodes] == naive_episodes(rows, as_of)
    assert replayed.episodes.unit_days() == [unit_days_of(s) for s in replayed.episodes.shortfalls()]
    balances = zip(replayed.balances.key.tolist(), replayed.balances.on_hand.tolist(), strict=True)
    assert dict(balances) == naive_balances(rows)
    physical = replay(columns(rows), as_of=as_of, order=Order.PHYSICAL)
    assert [plain(episode) for episode in physical.episodes] == naive_episodes(rows, as_of, physical=True)


@given(ledgers(few_instants, few_units), few_instants)
@settings(max_examples=400)
def test_crowded_ledgers_replay_like_the_naive_one(rows, as_of):
    check(rows, as_of)


@given(ledgers(real_instants, decimals), real_instants)
@settings(max_examples=150)
def test_ledgers_of_our_days_replay_like_the_naive_one(rows, as_of):
    check(rows, as_of)


@given(ledgers(real_instants.map(lambda at: at // DAY * DAY), decimals), real_instants)
@settings(max_examples=150)
def test_ledgers_with_dates_only_replay_like_the_naive_one(rows, as_of):
    check(rows, as_of)


@given(ledgers(far_instants, st.integers(-LARGEST // 40, LARGEST // 40)), far_instants)
@settings(max_examples=150)
def test_huge_quantities_over_thousands_of_years_replay_like_the_naive_one(rows, as_of):
    check(rows, as_of)


@given(ledgers(few_instants, few_units))
@settings(max_examples=100)
def test_a_ledger_replays_the_same_key_by_key_and_all_at_once(rows):
    alone = [
        episode
        for key in sorted({row.key for row in rows})
        for episode in replay(columns([row for row in rows if row.key == key])).episodes
    ]
    assert list(replay(columns(rows)).episodes) == alone


@given(ledgers(few_instants, few_units), few_units)
@settings(max_examples=100)
def test_a_key_history_runs_like_the_naive_one(rows, opening):
    mine = [row for row in rows if row.key == 1]
    history = key_history(columns(mine), opening)
    book = [mine[place] for place in history.order.tolist()]
    assert book == in_order(mine, physical=False)
    physical = [book[place] for place in history.physical_order.tolist()]
    assert physical == in_order(mine, physical=True)
    for ordered, balances in ((book, history.balance), (physical, history.physical_balance)):
        expected, running = [], opening
        for row in ordered:
            running += row.quantity
            expected.append(running)
        assert balances.tolist() == expected
