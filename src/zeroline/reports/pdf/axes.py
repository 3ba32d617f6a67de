"""Round steps for the axes of charts, and the thinning of long series to what paper can show."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.reports.documents import Notation

_TIME_STEPS = (
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    182 * DAY,
    364 * DAY,
)


def value_ticks(low: int, high: int, most: int = 6) -> list[int]:
    """Round values (1, 2 or 5 × 10ⁿ apart) covering low to high, zero among them; the ends may lie beyond."""
    low, high = min(low, 0), max(high, 0)
    span = max(high - low, 1)
    step = 1
    while span // step > most:
        for factor in (2, 5, 10):
            if span // (step * factor) <= most:
                break
        step *= factor
    first, last = low // step, -(-high // step)
    if first == last:
        last += 1
    return [number * step for number in range(first, last + 1)]


def time_ticks(start: int, to: int, notation: Notation, most: int = 8) -> list[tuple[int, str]]:
    """(instant, label) at round site times; days as dates, times within a day as hours."""
    span = max(to - start, 1)
    step = next((step for step in _TIME_STEPS if span // step <= most), 0)
    if not step:
        step = -(-span // (most * 364 * DAY)) * 364 * DAY
    offset = notation.offset(start)
    first = -(-(start + offset) // step) * step - offset
    ticks = []
    for nominal in range(first, to + 1, step):
        instant = nominal + offset - notation.offset(nominal)  # a clock change moves the round hour
        text = notation.instant(instant)
        midnight = text[11:16] == "00:00"
        ticks.append((instant, text[:10] if step >= DAY or midnight else text[11:16]))
    return ticks


def thinned(points: Sequence[tuple[float, float]], grain: float = 0.3) -> list[tuple[float, float]]:
    """Points in order of x, at most first, lowest, highest and last within each ``grain`` points of x."""
    if len(points) < 500:
        return list(points)
    kept: list[tuple[float, float]] = []
    bucket: list[tuple[float, float]] = []
    edge = points[0][0] + grain
    for point in points:
        if point[0] >= edge and bucket:
            kept += _ends(bucket)
            bucket = []
            edge = point[0] + grain
        bucket.append(point)
    return kept + _ends(bucket)


def _ends(bucket: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(bucket) <= 4:
        return bucket
    places = {0, len(bucket) - 1}
    places.add(min(range(len(bucket)), key=lambda place: bucket[place][1]))
    places.add(max(range(len(bucket)), key=lambda place: bucket[place][1]))
    return [bucket[place] for place in sorted(places)]
