"""Movements packed into a BLOB and unpacked again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zeroline.domain.replay import MovementColumns
from zeroline.storage.ledger.segment import Segment, pack

small = st.integers(-3, 3)
whole = st.integers(-(2**63), 2**63 - 1)
instants = st.integers(-(2**61), 2**61)
scaled = st.integers(-9, 9).map(lambda number: number * 10**12)


def rows_of(movements: MovementColumns) -> list[tuple]:
    columns = (getattr(movements, name).tolist() for name in MovementColumns.__slots__)
    return list(zip(*columns, strict=True))


@st.composite
def movements(draw, most: int = 30):
    numbers = draw(st.sampled_from([small, whole, scaled]))
    times = draw(st.sampled_from([small, instants, scaled]))
    return [
        (draw(numbers), sequence, draw(times), draw(times), draw(numbers))
        for sequence in range(draw(st.integers(1, most)))
    ]


@given(movements())
def test_what_was_packed_comes_back_in_book_order(rows):
    unpacked = Segment(pack(MovementColumns.of(rows)), len(rows)).movements()
    assert rows_of(unpacked) == sorted(rows, key=lambda row: (row[0], row[3], row[1]))


def test_columns_from_one_end_of_64_bits_to_the_other_come_back():
    rows = [(-(2**63), 1, 0, 0, 2**63 - 1), (2**63 - 1, 2, 0, 0, -(2**63))]
    assert rows_of(Segment(pack(MovementColumns.of(rows)), 2).movements()) == rows


@given(movements(), small | whole, small | whole)
def test_a_range_of_keys_is_what_a_filter_would_find(rows, low, high):
    segment = Segment(pack(MovementColumns.of(rows)), len(rows))
    found = rows_of(segment.movements(low, high))
    expected = [row for row in rows if low <= row[0] < high]
    assert found == sorted(expected, key=lambda row: (row[0], row[3], row[1]))


@given(movements(), st.integers(1, 5))
def test_every_so_many_th_key_is_looked_at(rows, step):
    segment = Segment(pack(MovementColumns.of(rows)), len(rows))
    assert segment.keys(step).tolist() == sorted(row[0] for row in rows)[::step]


def test_an_ordinary_ledger_takes_some_fifteen_bytes_a_movement():
    random = np.random.default_rng(1)
    count = 10_000
    recorded = np.sort(random.integers(0, 86_400, count)) * 1_000_000 + 1_700_000_000_000_000
    ordinary = MovementColumns(
        random.integers(1, 1_000_000, count),
        np.arange(count),
        recorded - random.integers(0, 2, count) * 3_600_000_000,
        recorded,
        random.integers(-50, 50, count) * 1_000_000,
    )
    assert len(pack(ordinary)) < 15 * count
