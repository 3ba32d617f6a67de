"""From movements to the points of the chart, without Qt. Times are seconds, balances plain units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zeroline.domain.quantity import SCALE
from zeroline.domain.views.history import BalanceHistory, EpisodeBand

Floats = NDArray[np.float64]

SECOND = 1_000_000


@dataclass(frozen=True)
class Steps:
    """A step line: corner points, ready to be joined."""

    x: Floats
    y: Floats


def seconds(instants: NDArray[np.int64]) -> Floats:
    """For drawing only: a float of seconds is exact to the microsecond until the year 2100."""
    return instants / SECOND


def units(micro: NDArray[np.int64]) -> Floats:
    """For drawing only."""
    return micro / SCALE


def steps(times: NDArray[np.int64], balances: NDArray[np.int64], opening: int, start: int, end: int) -> Steps:
    """The line holds each balance until the next movement; from ``start`` at ``opening`` to ``end``."""
    x = np.concatenate(([start], np.repeat(times, 2), [max(end, int(times[-1])) if len(times) else end]))
    y = np.concatenate(([opening, opening], np.repeat(balances, 2)))
    return Steps(seconds(x), units(y))


def whole(history: BalanceHistory) -> tuple[int, int]:
    """First and last instant of everything, with a little room, µs."""
    both = np.concatenate((history.recorded_at, history.occurred_at if history.physical_known else []))
    if not len(both):
        return history.as_of - 86_400 * SECOND, history.as_of
    first, last = int(both.min()), max(int(both.max()), history.as_of)
    room = max((last - first) // 20, 600 * SECOND)
    return first - room, last + room


def around(history: BalanceHistory, episode: EpisodeBand) -> tuple[int, int]:
    """The stretch that shows an episode: it and a third of its length on both sides, and what in physical
    order belongs to its first and last movement."""
    end = episode.ended_at if episode.ended_at is not None else max(history.as_of, episode.started_at)
    times = [episode.started_at, end]
    if history.physical_known:
        for movement in (episode.opening_movement, episode.closing_movement):
            place = history.position(movement) if movement is not None else None
            if place is not None:
                times.append(int(history.occurred_at[place]))
    first, last = min(times), max(times)
    room = max((last - first) // 3, 1_800 * SECOND)
    return first - room, last + room


def bounds(lines: list[Steps], left: float, right: float) -> tuple[float, float]:
    """Lowest and highest balance between two times, zero included, with room for the markers."""
    low = high = 0.0
    for line in lines:
        inside = (line.x >= left) & (line.x <= right)
        before = int(np.searchsorted(line.x, left, "right")) - 1
        seen = line.y[inside]
        if 0 <= before < len(line.y):
            seen = np.append(seen, line.y[before])
        if len(seen):
            low, high = min(low, float(seen.min())), max(high, float(seen.max()))
    room = max((high - low) * 0.12, 0.5)
    return low - room, high + room
