"""Timestamps across systems: how late each source tells, who tells in the wrong order, whose clock is off.

Openings and corrections are left out: they say what somebody found, not what moved. Of the rest, only
movements of which the source told both times (when it happened, when it was recorded) can say anything.
All lengths are whole µs; medians and percentiles are observed values (nearest rank), never in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from zeroline.domain.diagnosis.neighbourhood import CORRECTIONS
from zeroline.domain.diagnosis.patterns import Blame
from zeroline.domain.diagnosis.postings import Ints, Mask, Postings
from zeroline.domain.instant import HOUR
from zeroline.domain.movement import MovementKind as Kind

STAGES: Final[tuple[Mapping[str, int], ...]] = (
    {Kind.RECEIPT: 0, Kind.PUTAWAY: 1, Kind.PICK: 2, Kind.SHIPMENT: 3},
    {Kind.TRANSFER_OUT: 0, Kind.TRANSFER_IN: 1},
)
"""What physics says: of one document and item, an earlier stage happens before a later one."""

_FOUND = CORRECTIONS | {Kind.OPENING}

LEAST_PAIRS = 5
"""Fewer observations say nothing about a clock."""

_ODD_ONES = 50  # one observation in so many may be wrong (a mistyped time) without deciding anything


@dataclass(frozen=True, slots=True)
class Lags:
    """How long after they happened movements were recorded.

    ``middle``: median, ``high``: 95th percentile (µs) · ``late``: recorded more than an hour after ·
    ``ahead``: recorded before they happened, as only a clock that is ahead can say; ``furthest`` by how much
    at most · ``cases``: those that a movement among these is to blame for, ``ahead_cases`` one of the latter.
    """

    count: int
    middle: int
    high: int
    late: int
    ahead: int
    furthest: int
    cases: tuple[int, ...]
    ahead_cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of movement of one source: over the whole period, and by week (Monday, local µs)."""

    source: str
    kind: str
    whole: Lags
    weeks: tuple[tuple[int, Lags], ...]


@dataclass(frozen=True, slots=True)
class Inversion:
    """Movements of one document or stock key that ``late`` recorded after ``early`` had recorded what came
    after them.

    ``pairs`` in the wrong order; ``movements`` of ``late`` in them, ``among`` those that touch what the other
    source touches too; ``middle``: by how much, median µs.
    """

    late: str
    early: str
    pairs: int
    movements: int
    among: int
    middle: int
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """How far the clock of ``other`` can be ahead of the clock of ``one`` (µs; negative: behind).

    From ``pairs`` of movements of one document and item seen by both, of which physics says the order:
    ``against`` of them stand the wrong way round. ``low`` ≤ offset ≤ ``high`` where they say so (None: not
    bounded from that side); ``middle``: median of later − earlier. ``fits``: one offset can explain them all.
    """

    one: str
    other: str
    pairs: int
    against: int
    middle: int
    low: int | None
    high: int | None
    cases: tuple[int, ...]

    @property
    def fits(self) -> bool:
        """Whether one constant offset explains what was seen."""
        return self.low is None or self.high is None or self.low <= self.high

    @property
    def least(self) -> int:
        """By how much at least the clocks differ (µs; above 0: ``other`` is ahead); 0: they may agree."""
        if not self.fits:
            return 0
        if self.low is not None and self.low > 0:
            return self.low
        return self.high if self.high is not None and self.high < 0 else 0


@dataclass(frozen=True, slots=True)
class Clocks:
    """All that the timestamps of a period say. ``untimed``: movements of which only one time is known."""

    streams: tuple[Stream, ...]
    inversions: tuple[Inversion, ...]
    offsets: tuple[ClockOffset, ...]
    timed: int
    untimed: int


def read_clocks(postings: Postings, blames: Iterable[Blame] = ()) -> Clocks:
    """``blames``: cases that a wrong time is to blame for, with the movement."""
    given = sorted(set(blames))
    rows = postings.places([blame.seq for blame in given]).tolist()
    blamed: dict[int, list[int]] = defaultdict(list)
    for blame, row in zip(given, rows, strict=True):
        if row >= 0:
            blamed[row].append(blame.case)
    moved = np.array([kind not in _FOUND for kind in postings.kind.values], dtype=np.bool_)
    real = moved[postings.kind.codes] if len(postings) else np.zeros(0, dtype=np.bool_)
    timed = np.flatnonzero(postings.timed & real)
    return Clocks(
        _streams(postings, timed, blamed),
        _inversions(postings, timed, blamed),
        _offsets(postings, timed, blamed),
        len(timed),
        int(real.sum()) - len(timed),
    )


def _cases(rows: Iterable[int], blamed: Mapping[int, list[int]]) -> tuple[int, ...]:
    """Cases that one of the rows is to blame for."""
    return tuple(sorted({case for row in set(rows) & blamed.keys() for case in blamed[row]}))


# --- lags


def _streams(postings: Postings, timed: Ints, blamed: Mapping[int, list[int]]) -> tuple[Stream, ...]:
    lag = (postings.recorded - postings.occurred)[timed]
    kinds = len(postings.kind.values)
    stream = postings.source.codes[timed].astype(np.int64) * kinds + postings.kind.codes[timed]
    made: list[Stream] = []
    for code in np.unique(stream).tolist():
        of_stream = np.flatnonzero(stream == code)
        week = postings.week[timed[of_stream]]
        by_week = [
            (int(monday), _lags(lag, timed, of_stream[week == monday], blamed)) for monday in np.unique(week)
        ]
        made.append(
            Stream(
                postings.source.values[code // kinds],
                postings.kind.values[code % kinds],
                _lags(lag, timed, of_stream, blamed),
                tuple(by_week),
            )
        )
    made.sort(key=lambda one: (-len(one.whole.cases), -one.whole.late, one.source, one.kind))
    return tuple(made)


def _lags(lag: Ints, timed: Ints, chosen: Ints, blamed: Mapping[int, list[int]]) -> Lags:
    own = np.sort(lag[chosen])
    count = len(own)
    return Lags(
        count,
        int(own[(count - 1) // 2]),
        int(own[-(-count * 19 // 20) - 1]),
        int((own > HOUR).sum()),
        int((own < 0).sum()),
        max(0, -int(own[0])),
        _cases(timed[chosen].tolist(), blamed) if blamed else (),
        _cases(timed[chosen[lag[chosen] < 0]].tolist(), blamed) if blamed else (),
    )


# --- told in the wrong order


def _inversions(postings: Postings, timed: Ints, blamed: Mapping[int, list[int]]) -> tuple[Inversion, ...]:
    sources = postings.source.values
    source = postings.source.codes.astype(np.int64)
    named = np.array([bool(number) for number in postings.document.values], dtype=np.bool_)
    papers = timed[named[postings.document.codes[timed]]]
    groups = (
        (papers, postings.document.codes[papers].astype(np.int64)),
        (timed, np.unique(postings.key[timed], return_inverse=True)[1]),
    )
    size = len(postings)
    pairs = np.zeros(0, dtype=np.int64)
    meets: dict[tuple[int, int], list[Ints]] = defaultdict(list)
    for rows, group in groups:
        present = np.zeros((int(group.max(initial=-1)) + 1, len(sources)), dtype=np.bool_)
        present[group, source[rows]] = True
        shared = present[group].sum(axis=1) > 1
        rows, group, both = rows[shared], group[shared], present[group[shared]]
        for here, there in combinations(range(len(sources)), 2):
            for late, early in ((here, there), (there, here)):
                meets[late, early].append(rows[(source[rows] == late) & both[:, early]])
        first, second = _wrong_way_round(postings, rows, group)
        pairs = np.union1d(pairs, first * size + second)
    made: list[Inversion] = []
    first, second = pairs // max(1, size), pairs % max(1, size)
    waited = postings.recorded[first] - postings.recorded[second]
    for (late, early), touched in sorted(meets.items()):
        here = (source[first] == late) & (source[second] == early)
        if not here.any():
            continue
        movements = np.unique(first[here])
        spans = np.sort(waited[here])
        made.append(
            Inversion(
                sources[late],
                sources[early],
                len(spans),
                len(movements),
                len(np.unique(np.concatenate(touched))),
                int(spans[(len(spans) - 1) // 2]),
                _cases(movements.tolist(), blamed),
            )
        )
    made.sort(key=lambda one: (-one.pairs, one.late, one.early))
    return tuple(made)


def _wrong_way_round(postings: Postings, rows: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Pairs of rows of one group and two sources: the first happened before the second and was recorded after
    it. For each row only those are looked at that happened while it waited to be recorded."""
    order = np.lexsort((postings.occurred[rows], group))
    rows, group = rows[order], group[order]
    occurred, recorded, source = postings.occurred[rows], postings.recorded[rows], postings.source.codes[rows]
    found: list[tuple[Ints, Ints]] = []
    waiting = np.arange(len(rows), dtype=np.int64)
    step = 1
    while True:
        waiting = waiting[waiting + step < len(rows)]
        other = waiting + step
        near = (group[waiting] == group[other]) & (occurred[other] < recorded[waiting])
        waiting, other = waiting[near], other[near]
        if not len(waiting):
            break
        hit = (
            (occurred[waiting] < occurred[other])
            & (recorded[other] < recorded[waiting])
            & (source[waiting] != source[other])
        )
        found.append((rows[waiting[hit]], rows[other[hit]]))
        step += 1
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])


# --- clocks against each other


@dataclass(slots=True)
class _Seen:
    """Differences later − earlier (µs) with their rows: ``up`` where the later is of the second source."""

    up: list[tuple[int, int, int]]
    down: list[tuple[int, int, int]]


def _offsets(postings: Postings, timed: Ints, blamed: Mapping[int, list[int]]) -> tuple[ClockOffset, ...]:
    seen: dict[tuple[str, str], _Seen] = defaultdict(lambda: _Seen([], []))
    for ranks in STAGES:
        for steps in _stages(postings, timed, ranks):
            stages = sorted(steps)
            for earlier, later in pairwise(stages):
                for source, (at, row) in steps[earlier].items():
                    for other, (after, after_row) in steps[later].items():
                        if source == other:
                            continue
                        one, two = sorted((source, other))
                        kept = seen[one, two]
                        (kept.up if other == two else kept.down).append((after - at, row, after_row))
    made = [
        _offset(one, two, found, blamed)
        for (one, two), found in sorted(seen.items())
        if len(found.up) + len(found.down) >= LEAST_PAIRS
    ]
    made.sort(key=lambda one: (-one.against, one.one, one.other))
    return tuple(made)


def _stages(
    postings: Postings, timed: Ints, ranks: Mapping[str, int]
) -> Iterable[dict[int, dict[str, tuple[int, int]]]]:
    """For each document and item that two sources saw: by stage, the first time (and row) each saw it."""
    rank = np.array([ranks.get(kind, -1) for kind in postings.kind.values], dtype=np.int64)
    named = np.array([bool(number) for number in postings.document.values], dtype=np.bool_)
    staged: Mask = (rank[postings.kind.codes[timed]] >= 0) & named[postings.document.codes[timed]]
    rows = timed[staged]
    if not len(rows):
        return
    items, item = np.unique(postings.item[rows], return_inverse=True)
    group = np.unique(postings.document.codes[rows] * np.int64(len(items)) + item, return_inverse=True)[1]
    sources = postings.source.codes[rows].astype(np.int64)
    low, high = np.full(group.max() + 1, len(postings.source.values)), np.full(group.max() + 1, -1)
    np.minimum.at(low, group, sources)
    np.maximum.at(high, group, sources)
    steps: dict[int, dict[int, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for place in np.flatnonzero((low < high)[group]).tolist():
        row = int(rows[place])
        by_source = steps[int(group[place])][int(rank[postings.kind.codes[row]])]
        name, at = postings.source.at(row), int(postings.occurred[row])
        if name not in by_source or at < by_source[name][0]:
            by_source[name] = (at, row)
    yield from steps.values()


def _offset(one: str, two: str, found: _Seen, blamed: Mapping[int, list[int]]) -> ClockOffset:
    up, down = sorted(found.up), sorted(found.down)
    everything = sorted(difference for difference, _, _ in (*up, *down))
    against = [pair for pair in (*up, *down) if pair[0] < 0]
    return ClockOffset(
        one,
        two,
        len(everything),
        len(against),
        everything[(len(everything) - 1) // 2],
        -down[len(down) // _ODD_ONES][0] if down else None,
        up[len(up) // _ODD_ONES][0] if up else None,
        _cases((row for _, *rows in against for row in rows), blamed),
    )
