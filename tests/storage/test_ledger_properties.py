"""Balances and episodes kept batch by batch always equal a full replay, on a real database."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.ledger import Row
from support.ledger_store import append_rows, kept_balances, kept_episodes, make_keys
from support.naive_replay import naive_balances, naive_episodes
from zeroline.domain.quantity import LARGEST
from zeroline.domain.replay import Order
from zeroline.storage.engine import Database
from zeroline.storage.ledger import rebuild, replay_ledger, reseal, verify

KEYS = 4
HOUR = 3_600_000_000


@st.composite
def batches(draw, quantities, instants):
    """Batches of movements: mostly in order, often late, now and then recorded before they happened."""
    sequence = 0
    made = []
    for _ in range(draw(st.integers(1, 5))):
        batch = []
        for _ in range(draw(st.integers(0, 8))):
            sequence += 1
            recorded = draw(instants)
            occurred = draw(st.just(recorded) | instants)
            batch.append(Row(draw(st.integers(1, KEYS)), sequence, occurred, recorded, draw(quantities)))
        made.append(batch)
    return made


@pytest.fixture
def database_with_small_segments(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr("zeroline.storage.ledger.sealing.SEGMENT_ROWS", 7)
    monkeypatch.setattr("zeroline.storage.ledger.rebuilding.RANGE_ROWS", 10)
    monkeypatch.setattr("zeroline.storage.ledger.rebuilding._SAMPLED", 3)
    monkeypatch.setattr("zeroline.storage.postgres.rebuilding.RANGE_ROWS", 10)
    with database.write() as work:
        make_keys(work.connection, KEYS)
        work.audit("test keys", "stock keys")
        work.changed(everything=True)
        work.commit()
    return database


def long_history(random: Random, early: bool) -> list[list[Row]]:
    """A dozen batches of two keys whose clock goes on; many rows late, some ``early``."""
    made, sequence, now = [], 0, 0
    for _ in range(12):
        batch = []
        for _ in range(random.randint(1, 6)):
            sequence += 1
            now += random.choice([0, 0, 1, 1, 2, 5])
            recorded = now - random.choice([0, 0, 0, 0, 1, 3, 12])
            occurred = recorded - random.choice([0, 0, 0, 1, 2, 4, 9, 25])
            if early and random.random() < 0.3:
                occurred = recorded + random.randint(1, 12)
            quantity = random.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3]) * 1_000_000
            batch.append(Row(random.randint(1, 2), sequence, occurred, recorded, quantity))
        made.append(batch)
    return made


def check(database: Database, made: list[list[Row]]) -> None:
    with database.write() as work:  # never committed: every example begins with an empty ledger
        rows: list[Row] = []
        for batch in made:
            rows += batch
            appended = append_rows(work.connection, batch)
            assert appended.keys == {row.key for row in batch}
            assert kept_episodes(work.connection) == naive_episodes(rows)
            assert kept_balances(work.connection) == naive_balances(rows)
            assert verify(work.connection) == []
        kept = kept_episodes(work.connection)
        reseal(work.connection)
        rebuild(work.connection)
        assert kept_episodes(work.connection) == kept
        assert verify(work.connection) == []
        physical = [
            episode
            for replayed in replay_ledger(work.connection, order=Order.PHYSICAL)
            for episode in replayed.episodes
        ]
        assert [
            (episode.key, episode.started_at, episode.ended_at, episode.depth) for episode in physical
        ] == [(row[0], row[1], row[2], row[5]) for row in naive_episodes(rows, physical=True)]


few_units = st.integers(-3, 3).map(lambda units: units * 1_000_000)
usual = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.mark.sqlite
@usual
@given(st.randoms(use_true_random=True), st.booleans())
def test_a_long_life_with_late_and_early_movements_is_kept_like_a_full_replay(
    database_with_small_segments, random, early
):
    check(database_with_small_segments, long_history(random, early))


@pytest.mark.parametrize("backend", ["postgresql"])
@settings(usual, max_examples=8)
@given(random=st.randoms(use_true_random=True), early=st.booleans())
def test_a_server_keeps_a_long_life_like_a_full_replay(database_with_small_segments, random, early):
    check(database_with_small_segments, long_history(random, early))


@usual
@given(batches(few_units, st.integers(0, 9)))
def test_crowded_instants_are_kept_like_a_full_replay(database_with_small_segments, made):
    check(database_with_small_segments, made)


@usual
@given(batches(few_units, st.integers(0, 400).map(lambda hour: hour * HOUR)))
def test_spread_instants_are_kept_like_a_full_replay(database_with_small_segments, made):
    check(database_with_small_segments, made)


@usual
@given(
    batches(
        st.sampled_from([LARGEST, -LARGEST, 1, -1]).map(lambda quantity: quantity // 40), st.integers(0, 30)
    )
)
def test_huge_quantities_are_kept_like_a_full_replay(database_with_small_segments, made):
    check(database_with_small_segments, made)
