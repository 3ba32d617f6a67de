"""A short run of the machine; the long one is ``python -m simulation.long`` in tests/."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.machine import HARM, STEPS, Chosen, Machine
from simulation.places import Place, on_sqlite
from simulation.rules import EACH_STEP, Watch
from support.warehouse import Staff

_NUMBERS = st.tuples(*[st.integers(0, 9_999)] * 6)
_ORDERED = [name for name, (often, _) in STEPS.items() for _ in range(often)]
_STEPS = st.lists(st.tuples(st.sampled_from(_ORDERED), _NUMBERS, st.sampled_from(HARM)), max_size=40)


@pytest.fixture
def template_of(request: pytest.FixtureRequest) -> tuple[Path, Staff]:
    """A file with people in it, to be copied."""
    found: tuple[Path, Staff] = request.getfixturevalue("_staffed")
    return found


@pytest.fixture
def place(template_of: tuple[Path, Staff], tmp_path: Path) -> Place:
    """A place of this test's own."""
    return on_sqlite(template_of, tmp_path)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=_STEPS)
def test_no_row_of_steps_breaks_a_rule(
    template_of: tuple[Path, Staff], tmp_path: Path, steps: list[Chosen]
) -> None:
    place = on_sqlite(template_of, tmp_path)
    try:
        machine = Machine([place], tmp_path)
        for step in steps:
            machine.take(step)
        machine.whole()
    finally:
        place.bench.dispose()


def test_the_watch_sees_a_balance_that_is_not_the_sum_of_its_movements(place: Place) -> None:
    watch = Watch(place)
    watch.whole()
    with place.bench.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO balance (key_id, on_hand, movements, last_seq, last_recorded_at) "
            "VALUES (1, 5, 1, 1, 1)"
        )
        work.audit("test record", "balance 1")
        work.changed(everything=True)
        work.commit()
    assert EACH_STEP["balance"](place)
    place.bench.dispose()
