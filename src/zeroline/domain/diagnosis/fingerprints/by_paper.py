"""T2 and T6 where no source tells when things happened: what left before it came, by its own paper."""

from __future__ import annotations

from collections.abc import Iterator

from zeroline.domain.diagnosis.hypothesis import Finding, Settle
from zeroline.domain.diagnosis.neighbourhood import Neighbourhood, Row
from zeroline.domain.diagnosis.papers import came_after
from zeroline.domain.diagnosis.traces import fit, gap, movement
from zeroline.domain.instant import HOUR, MINUTE

_BURST = 3 * MINUTE
"""A source that has kept its messages back tells them within so short a time of each other."""

SWAPPED = 40 * MINUTE
"""Up to here a swapped order of posting is likelier than a late document."""


def came_with_many(n: Neighbourhood) -> Iterator[Finding]:
    """T6: what had to come first was recorded after it had left, in one burst with much else of its source,
    which had been silent before."""
    rows = came_after(n)
    documents = max((_burst(n, row) for row in rows), default=0)
    if documents:
        explained = sum(row.quantity for row in rows)
        yield Finding(
            "T6",
            4.6 + min(1.6, 0.05 * documents) + fit(n, explained),
            explained,
            (
                *(movement(row, "came-after", after_span=gap(n, row)) for row in rows[:2]),
                movement(rows[0], "came-in-a-burst", documents=documents),
            ),
            settle=Settle("ask-interface", {"source": rows[0].source, "until_at": rows[0].recorded}),
            lift=_in_order(n, rows),
        )


def came_alone(n: Neighbourhood) -> Iterator[Finding]:
    """T2: what had to come first was recorded after it had left, and nothing else with it."""
    rows = came_after(n)
    if rows and not any(_burst(n, row) for row in rows):
        explained = sum(row.quantity for row in rows)
        yield Finding(
            "T2",
            3.6 + (0.6 if gap(n, rows[0]) <= SWAPPED else -0.6) + fit(n, explained),
            explained,
            tuple(movement(row, "came-after", after_span=gap(n, row)) for row in rows[:2]),
            settle=Settle("nothing-missing"),
            lift=_in_order(n, rows),
        )


def _burst(n: Neighbourhood, row: Row) -> int:
    """How many other documents a row's source recorded together with it after it had been silent; 0 where it
    had not, or where they are few."""
    around = [other for other in n.companions.get(row.seq, ()) if other.document != row.document]
    together = {other.document for other in around if abs(other.recorded - row.recorded) <= _BURST}
    before = {other.document for other in around if _BURST < row.recorded - other.recorded <= HOUR}
    return len(together) if len(together) >= 5 and len(before) * 4 <= len(together) else 0


def _in_order(n: Neighbourhood, rows: tuple[Row, ...]) -> tuple[tuple[int, int, int], ...]:
    """The rows recorded just before what they were for."""
    return tuple((row.seq, n.subject.at - 1, row.quantity) for row in rows)
