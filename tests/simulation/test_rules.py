"""What nobody could do is done by a hand with plain SQL, and the watch says which rule it breaks."""

from __future__ import annotations

import pytest

from simulation.places import Place
from simulation.planted import PLANTED, Plant, plant
from simulation.rules import ALL, RULES
from simulation.watch import Watch


def test_a_file_that_was_played_on_breaks_no_rule(played: Place) -> None:
    assert {name: rule(played, ALL) for name, rule in RULES.items()} == {name: [] for name in RULES}
    Watch(played).whole()


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_the_watch_finds(planted: Plant, played: Place) -> None:
    watch = Watch(played)
    watch.whole()
    plant(played, planted)
    with pytest.raises(AssertionError, match=f"rule {planted.rule} is broken on sqlite"):
        watch.whole() if planted.old else watch.step()


def test_each_of_the_ten_rules_is_broken_at_least_once() -> None:
    broken = {planted.rule for planted in PLANTED}
    assert broken == {str(number) for number in range(1, 11)} | set(RULES)
