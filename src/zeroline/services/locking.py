"""How long an account stays locked after wrong proofs."""

from __future__ import annotations

from zeroline.domain.instant import HOUR, SECOND

PATIENCE = 5
"""Wrong proofs in a row that are free; from then on each one locks the account twice as long as the last."""

FIRST_LOCK = 30 * SECOND
LONGEST_LOCK = HOUR


def lock_of(failures: int) -> int:
    """How long (µs) an account stays locked after so many failures in a row: 0, or 30 s doubling to 1 h."""
    if failures < PATIENCE:
        return 0
    return min(LONGEST_LOCK, FIRST_LOCK << min(failures - PATIENCE, 20))
