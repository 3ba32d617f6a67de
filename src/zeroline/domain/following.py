"""How cases follow their episodes when the ledger is told something late.

Episodes are recomputed whenever movements of their key arrive, and a movement that arrives late can move an
episode's crossing, close it, split it, merge two or make one vanish. The case must stay with the stretch that
it was opened for, so that owner, notes and cause survive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_NEVER = (2**63, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One episode as it is now. Instants µs; ``closing_seq`` and ``ended_at`` None while open."""

    opening_seq: int
    started_at: int
    closing_seq: int | None
    ended_at: int | None
    transient: bool = False

    @property
    def is_open(self) -> bool:
        return self.closing_seq is None

    @property
    def begins(self) -> tuple[int, int]:
        """Place of the crossing movement in book order."""
        return self.started_at, self.opening_seq

    @property
    def ends(self) -> tuple[int, int]:
        """Place of the closing movement in book order; after everything while open."""
        if self.ended_at is None or self.closing_seq is None:
            return _NEVER
        return self.ended_at, self.closing_seq


@dataclass(frozen=True, slots=True)
class Followed:
    """One key's cases and episodes brought together.

    ``pairs``: case id → its episode now · ``vanished``: cases whose stretch is never below zero any more ·
    ``merged``: case id → the case that has its episode · ``unfollowed``: episodes that no case stands for.
    """

    pairs: dict[int, Stretch] = field(default_factory=dict)
    vanished: tuple[int, ...] = ()
    merged: dict[int, int] = field(default_factory=dict)
    unfollowed: tuple[Stretch, ...] = ()


def follow(
    working: Sequence[tuple[int, Stretch]], over: Sequence[tuple[int, Stretch]], now: Sequence[Stretch]
) -> Followed:
    """Bring together one key's cases, each with its episode as last looked at, and the episodes ``now``.

    ``working`` cases choose before those that are ``over`` (closed, dismissed, verified), older ids first.
    A case keeps the episode with its crossing movement, else the open one among those that overlap what it
    was, else the earliest of them. When a movement that came later than an open episode's crossing cuts the
    stretch in two, the case goes with the part that is still below zero. Of cases that are over, those
    without an episode are left alone: they count neither as vanished nor as merged.
    """
    by_opening = {stretch.opening_seq: stretch for stretch in now}
    owner: dict[int, int] = {}  # opening seq → case
    pairs: dict[int, Stretch] = {}
    vanished: list[int] = []
    merged: dict[int, int] = {}

    def take(case_id: int, stretch: Stretch) -> None:
        owner[stretch.opening_seq] = case_id
        pairs[case_id] = stretch

    for cases, is_over in ((sorted(working, key=_id), False), (sorted(over, key=_id), True)):
        loose = []
        for case_id, was in cases:
            same = by_opening.get(was.opening_seq)
            if same is None or same.opening_seq in owner or _is_split(was, same, now):
                loose.append((case_id, was))
            else:
                take(case_id, same)
        for case_id, was in loose:
            near = [stretch for stretch in now if _overlap(was, stretch)]
            free = [stretch for stretch in near if stretch.opening_seq not in owner]
            if free:
                take(case_id, min(free, key=lambda stretch: (not stretch.is_open, stretch.begins)))
            elif is_over:
                continue
            elif near:
                merged[case_id] = owner[min(near, key=lambda stretch: stretch.begins).opening_seq]
            else:
                vanished.append(case_id)
    unfollowed = tuple(stretch for stretch in now if stretch.opening_seq not in owner)
    return Followed(pairs, tuple(vanished), merged, unfollowed)


def _id(case: tuple[int, Stretch]) -> int:
    return case[0]


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one.begins <= other.ends and other.begins <= one.ends


def _is_split(was: Stretch, same: Stretch, now: Sequence[Stretch]) -> bool:
    """Whether what was one open stretch is now ``same`` and, after it, one that is open.

    The later crossing was there already when the closing movement arrived; if it came after, it is a new
    episode and not a part of the old one.
    """
    if not was.is_open or same.closing_seq is None:
        return False
    return any(
        stretch.is_open and stretch.begins > same.begins and stretch.opening_seq < same.closing_seq
        for stretch in now
    )
