"""Whose hands an adjustment went through, and which of them may not be the same person's (rule 3)."""

from __future__ import annotations

from dataclasses import dataclass

HANDS = ("counter", "recounter", "investigator", "proposer", "approver", "poster")

_APART = (
    ("recounter", "counter"),
    ("approver", "counter"),
    ("approver", "recounter"),
    ("approver", "investigator"),
    ("approver", "proposer"),
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Person ids of the six hands; None where there was no such hand. ``tier`` of the adjustment."""

    tier: int
    counter: int | None = None
    recounter: int | None = None
    investigator: int | None = None
    proposer: int | None = None
    approver: int | None = None
    poster: int | None = None

    def conflicts(self) -> tuple[tuple[str, str], ...]:
        """Pairs of hands that were one person and must not be (poster and approver: above tier 2)."""
        apart = [*_APART, ("poster", "approver")] if self.tier > 2 else list(_APART)
        return tuple(
            (one, other)
            for one, other in apart
            if getattr(self, one) is not None and getattr(self, one) == getattr(self, other)
        )
