"""The machine: the same steps in every place, each held against the rules, and what came of them compared."""

from __future__ import annotations

import uuid
from collections import Counter
from pathlib import Path
from random import Random

from simulation import counting, settling, steps
from simulation.canonical import picture
from simulation.harm import Outcome, broken, kept, killed, lost, told
from simulation.places import Place
from simulation.steps import Numbers, Step, World
from simulation.watch import Watch
from zeroline.domain.errors import DomainError

STEPS: dict[str, tuple[int, Step]] = {
    "import": (16, steps.import_movements), "documents": (5, steps.import_documents),
    "sheet": (12, counting.sheet), "count": (7, counting.count), "submit": (6, counting.submit),
    "count and submit": (24, counting.count_and_submit), "waive": (2, counting.waive),
    "found": (2, counting.found), "draft": (3, counting.draft), "release": (4, counting.release),
    "take up": (1, counting.take_up), "recount": (3, counting.recount), "cancel": (1, counting.cancel),
    "propose": (14, settling.propose), "correct": (6, settling.correct), "renew": (3, settling.renew),
    "approve": (20, settling.approve), "reject": (2, settling.reject), "withdraw": (3, settling.withdraw),
    "post": (10, settling.post), "reverse": (5, settling.reverse),
    "case": (8, steps.case), "attach": (2, steps.attach),
    "people": (2, settling.people), "restore": (3, settling.restore), "policy": (2, settling.policy),
    "clock": (4, steps.clock), "reconnect": (1, steps.reconnect),
}  # fmt: skip
"""How often of all, and what is done."""

ONCE = frozenset(
    (
        "sheet",
        "count",
        "submit",
        "waive",
        "found",
        "draft",
        "propose",
        "correct",
        "renew",
        "approve",
        "reject",
    )
) | {"withdraw", "post", "reverse"}
"""Steps of one verb that is done once: told again after a lost answer they write nothing more."""

_HARMLESS = frozenset(("clock", "reconnect"))
HARM = ("",) * 57 + ("killed", "cut", "lost")
Chosen = tuple[str, Numbers, str]
LARGEST = 9_999
_MARK = uuid.UUID("6f1c5b52-5c0e-4f0e-9d8f-0d5a5a3a9a10")


def chosen(
    random: Random,
    crashes: float = 0.003,
    lacking: frozenset[str] = frozenset(),
    untold: frozenset[str] = frozenset(),
) -> Chosen:
    """The next step of a seed; ``crashes``: how often of all the server is killed. What is ``lacking``
    because it never succeeded yet is tried more often, what is ``untold`` never."""
    names = [name for name in STEPS if name not in untold]
    name = random.choices(names, [STEPS[each][0] * (4 if each in lacking else 1) for each in names])[0]
    first, second, third, fourth, fifth, sixth = (random.randrange(LARGEST + 1) for _ in range(6))
    harm = "crashed" if random.random() < crashes else random.choice(HARM)
    return name, (first, second, third, fourth, fifth, sixth), harm


def done(world: World, step: Chosen, key: str) -> Outcome:
    """What came of a step: ``done`` with an answer, ``refused`` with its code, or ``killed``."""
    name, numbers, harm = step
    place = world.place
    place.clock.forward(1_000)
    try:
        deed = STEPS[name][1](world, numbers)
    except DomainError as error:
        return "refused", error.code
    if not harm or name in _HARMLESS:
        return told(deed, key)
    if harm == "killed":
        return killed(place, deed, key, numbers[5] % 12)
    if harm in ("cut", "crashed"):
        return broken(place, deed, key, numbers[5] % 12, harm == "crashed")[0]
    written: list[int] = []

    def watched_deed() -> object:
        if name in ONCE:
            written.append(kept(place))
        return deed()

    outcome, was = lost(place, watched_deed, key)
    if was and name in ONCE:
        assert outcome[0] == "done", f"{name} was done and then refused: {outcome}"
        assert kept(place) == written[-1], f"{name} was done twice"
    return outcome


class Machine:
    """Plays the same steps in every place, holds each against the rules, and compares what came of them."""

    def __init__(self, places: list[Place], folder: Path) -> None:
        self.worlds = [World(place, _own(folder, place)) for place in places]
        self.watches = [Watch(place) for place in places]
        self.taken: list[tuple[Chosen, Outcome]] = []
        self.came: Counter[tuple[str, str]] = Counter()
        """How often which step came out how; ``harm`` and its name for what broke."""
        for watch in self.watches:
            watch.whole()

    @property
    def lacking(self) -> frozenset[str]:
        """Steps that never succeeded yet."""
        succeeded = {name for (name, how), times in self.came.items() if how == "done" and times}
        return frozenset(STEPS) - succeeded

    def take(self, step: Chosen) -> Outcome:
        """Do one step everywhere."""
        key = str(uuid.uuid5(_MARK, str(len(self.taken))))
        outcomes = [done(world, step, key) for world in self.worlds]
        first = outcomes[0]
        self.taken.append((step, first))
        self.came[step[0], first[0]] += 1
        if first[0] == "refused":
            self.came[step[0], f"refused: {first[1]}"] += 1
        if step[2]:
            self.came["harm", step[2]] += 1
        for watch in self.watches:
            watch.step()
        assert all(outcome == first for outcome in outcomes), f"{step} came out as {outcomes}"
        return first

    def whole(self) -> None:
        """Everything held against the rules, and every place against the first."""
        for watch in self.watches:
            watch.whole()
        if len(self.worlds) == 1:
            return
        first, *others = (picture(world.place) for world in self.worlds)
        for world, other in zip(self.worlds[1:], others, strict=True):
            for table, rows in first.items():
                if rows != other[table]:
                    apart = [pair for pair in zip(rows, other[table], strict=False) if pair[0] != pair[1]][:3]
                    raise AssertionError(
                        f"{table} differs on {world.place.name}: {len(rows)} and {len(other[table])} rows, "
                        f"the first {apart}"
                    )


def _own(folder: Path, place: Place) -> Path:
    own = folder / place.name
    own.mkdir(exist_ok=True)
    return own
