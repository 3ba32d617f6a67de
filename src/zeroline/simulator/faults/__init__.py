"""Known faults. Each is one small function: it spoils the books in one place and says what it did.

To add one, write a function ``Scene → Truth | None`` (None: no fitting place was found) and list it in the
``FAULTS`` of its module. A place is used by one fault only, so that no truth hides another.
"""

from __future__ import annotations

from zeroline.simulator.books import Truth
from zeroline.simulator.faults import documents, handling, timing
from zeroline.simulator.faults.scene import Fault, Scene

FAULTS: tuple[Fault, ...] = timing.FAULTS + handling.FAULTS + documents.FAULTS


def inject(scene: Scene, times: int) -> list[Truth]:
    """Commit every fault ``times`` times; answers the truth in the order of committing."""
    truths: list[Truth] = []
    for _ in range(times):
        for fault in FAULTS:
            truth = fault(scene)
            if truth is not None:
                truths.append(truth)
    return truths
