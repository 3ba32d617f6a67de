"""Negatives and episodes as lists for machines: codes, exact figures, the source's own movement ids."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.diagnosis.hypothesis import Hypothesis


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """One episode. Instants µs; ``depth``, ``unit_days`` micro-units, ``value_days`` micro-currency.

    ``ended_at`` and ``closing_movement`` are None and '' while it is open; then the days reach to the instant
    of the list. Movements are named by the source's own ids.
    """

    item: str
    location: str
    lot: str
    status: str
    started_at: int
    ended_at: int | None
    depth: int
    unit_days: int
    value_days: int
    transient: bool
    opening_movement: str
    closing_movement: str


@dataclass(frozen=True, slots=True)
class NegativeLine:
    """One stock key below zero, with its open episode. Instants µs, quantities micro-units."""

    item: str
    location: str
    lot: str
    status: str
    on_hand: int
    since: int
    episode_depth: int
    unit_days: int
    value_days: int


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    """One shortage and why, likeliest first; ``started_at`` µs: of the crossing, or of the count."""

    item: str
    location: str
    lot: str
    status: str
    started_at: int
    hypotheses: tuple[Hypothesis, ...]
