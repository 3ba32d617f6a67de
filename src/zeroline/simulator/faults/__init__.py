"""Known faults. Each is one small function: it spoils the books in one place and says what it did.

To add one, write a function ``Scene → Committed | None`` (None: no fitting place was found) and list it in
the ``FAULTS`` of its module. A key is used by one fault only, so that no truth hides another, but for pairs.
"""

from __future__ import annotations

from zeroline.simulator.answers import Committed
from zeroline.simulator.faults import (
    counting,
    keeping,
    making,
    master,
    mixed,
    picking,
    placing,
    receiving,
    systems,
    timing,
)
from zeroline.simulator.faults.scene import Fault, Scene
from zeroline.simulator.faults.sheets import write_sheets

BROAD: tuple[Fault, ...] = (timing.interface_delayed, *systems.BROAD)
"""Faults that touch many keys at once: they come first, where nothing is spoilt yet."""

FAULTS: tuple[Fault, ...] = (
    timing.FAULTS
    + receiving.FAULTS
    + picking.FAULTS
    + placing.FAULTS
    + master.FAULTS
    + making.FAULTS
    + keeping.FAULTS
    + counting.FAULTS
    + systems.FAULTS
    + mixed.FAULTS
)


def inject(scene: Scene, times: int) -> list[Committed]:
    """Commit every fault ``times`` times, with what people did about it later."""
    committed: list[Committed] = []
    for fault in BROAD * times:
        made = fault(scene)
        if made is not None:
            committed.append(made)
    for _ in range(times):
        for fault in scene.random.sample(FAULTS, len(FAULTS)):
            made = fault(scene)
            if made is not None:
                committed.append(made)
        committed += mixed.inject_pair(scene)
    for made in committed:
        scene.correct(made, committed)
    write_sheets(scene, list({row.order: row for made in committed for row in made.counts}.values()))
    return committed


__all__ = ["BROAD", "FAULTS", "inject"]
