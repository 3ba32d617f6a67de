"""Patterns and clocks of a period, with the cases behind them, as one screen shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zeroline.domain.diagnosis.clocks import Clocks
from zeroline.domain.diagnosis.patterns import Found


@dataclass(frozen=True, slots=True)
class PatternCase:
    """A case as the list below a pattern shows it. ``depth`` micro-units, instants µs.

    ``cause`` is the person's tag where there is one (``tagged``), else the leading guess with its
    ``probability`` in millionths. ``open``: it stands in its queue; ``taggable``: its cause can be tagged.
    """

    case_id: int
    queue: str
    state: str
    open: bool
    taggable: bool
    item: str
    description: str
    location: str
    unit: str
    depth: int
    started_at: int
    owner: str
    cause: str
    tagged: bool
    probability: int


@dataclass(frozen=True, slots=True)
class Period:
    """``since`` to ``until`` µs; ``movements`` recorded in it. ``shortened``: it was to begin earlier, but
    the newest movements fill what is looked at. ``undiagnosed``: cases that nothing is known of yet."""

    since: int
    until: int
    movements: int
    shortened: bool
    cases: int
    undiagnosed: int


@dataclass(frozen=True, slots=True)
class PatternsView:
    """What the cases of a period share."""

    period: Period
    found: Found
    cases: Mapping[int, PatternCase]


@dataclass(frozen=True, slots=True)
class ClocksView:
    """What the timestamps of a period say, and the cases that a wrong one caused."""

    period: Period
    clocks: Clocks
    cases: Mapping[int, PatternCase]
