"""Short runs of the machine; the long one is ``python -m simulation.long`` in tests/."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from simulation.canonical import picture
from simulation.logins import AT_ONE_SITE, on_logins
from simulation.long import play
from simulation.machine import HARM, STEPS, Machine, chosen
from simulation.places import Place, on_sqlite
from simulation.steps import Numbers
from support.warehouse import Served, Staff

SEED, STEPS_ON_A_FILE = 1, 340
SEED_ON_BOTH, STEPS_ON_BOTH = 2, 140
STEPS_WITH_LOGINS = 140


def test_no_row_of_steps_breaks_a_rule(staffed_file: tuple[Path, Staff]) -> None:
    ordered = [name for name, (often, _) in STEPS.items() for _ in range(often)]

    class Played(RuleBasedStateMachine):
        """A short day; Hypothesis looks for the shortest that goes wrong."""

        def __init__(self) -> None:
            super().__init__()
            self._stack = ExitStack()
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
            place = self._stack.enter_context(on_sqlite(staffed_file, folder / "file"))
            self._machine = Machine([place], folder)

        @rule(
            name=st.sampled_from(ordered),
            numbers=st.tuples(*[st.integers(0, 9_999)] * 6),
            harm=st.sampled_from(HARM),
        )
        def step(self, name: str, numbers: Numbers, harm: str) -> None:
            self._machine.take((name, numbers, harm))

        @precondition(lambda self: self._machine.taken)
        @rule()
        def whole(self) -> None:
            self._machine.whole()

        def teardown(self) -> None:
            self._stack.close()

    run_state_machine_as_test(Played, settings=settings(max_examples=4, stateful_step_count=30))


def test_a_day_on_a_file_reaches_everything(fresh_file: Callable[[], Place], tmp_path: Path) -> None:
    machine = Machine([fresh_file()], tmp_path)
    play(machine, SEED, STEPS_ON_A_FILE, STEPS_ON_A_FILE, "sqlite", crashes=0.01)
    assert not machine.lacking, f"seed {SEED} never came to these"
    broke = {how for (name, how), times in machine.came.items() if name == "harm" and times}
    assert broke == {"killed", "cut", "crashed", "lost"}
    (states,) = [{row[0] for row in machine.worlds[0].place.rows("SELECT state FROM adjustment")}]
    assert states >= {"posted", "withdrawn", "rejected"}


def test_the_same_day_on_a_file_and_on_a_server_comes_out_the_same(
    fresh_file: Callable[[], Place], fresh_database: Place, tmp_path: Path
) -> None:
    machine = Machine([fresh_file(), fresh_database], tmp_path)
    play(machine, SEED_ON_BOTH, STEPS_ON_BOTH, STEPS_ON_BOTH, "both", crashes=0.01)
    broke = {how for (name, how), times in machine.came.items() if name == "harm" and times}
    assert broke == {"killed", "cut", "crashed", "lost"}


def test_a_day_of_people_with_logins_and_sites_breaks_no_rule(own_served: Served, tmp_path: Path) -> None:
    with on_logins(own_served) as place:
        machine = Machine([place], tmp_path)
        play(machine, SEED, STEPS_WITH_LOGINS, STEPS_WITH_LOGINS, "logins")
        assert place.rows("SELECT COUNT(*) FROM person_site")[0][0] == len(AT_ONE_SITE)
    assert "import" not in machine.lacking


def test_a_seed_does_the_same_again(fresh_file: Callable[[], Place], tmp_path: Path) -> None:
    pictures = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        place, random = fresh_file(), Random(SEED)
        machine = Machine([place], folder)
        came = [machine.take(chosen(random, lacking=machine.lacking)) for _ in range(60)]
        pictures.append((came, picture(place)))
    assert pictures[0] == pictures[1]


def test_what_broke_says_how_to_see_it_again(
    fresh_file: Callable[[], Place], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = fresh_file()
    machine = Machine([place], tmp_path)
    with place.bench.database.write() as work:
        work.connection.exec_driver_sql(
            "INSERT INTO balance (key_id, on_hand, movements, last_seq, last_recorded_at) "
            "VALUES (1, 5, 1, 1, 1)"
        )
        work.audit("test record", "balance 1")
        work.changed(everything=True)
        work.commit()
    with pytest.raises(AssertionError, match="rule balance is broken on sqlite"):
        play(machine, SEED, 10, 10, "sqlite")
    assert f"python -m simulation.long --seed {SEED} --steps" in capsys.readouterr().out
