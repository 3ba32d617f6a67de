"""Casework in the database: cases follow the ledger, and people's verbs are written with their log."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from zeroline.storage import policies
from zeroline.storage.casework import negatives, overrides, repeats, selfcheck
from zeroline.storage.casework.scope import Scope
from zeroline.storage.diagnosis import keeping
from zeroline.storage.ledger import horizon
from zeroline.storage.unit_of_work import UnitOfWork

__all__ = ["sync"]

ONE_BY_ONE = 20_000
"""With more touched keys than this, looking at every case is cheaper than looking keys up."""


def sync(work: UnitOfWork, keys: Iterable[int] | None, items: Iterable[int] = ()) -> int:
    """Bring cases in line with the ledger for the stock keys ``keys`` (None: every key), then their
    diagnoses, and those of ``items`` whose documents changed.

    To be called in the transaction that changed movements, stored balances, counts or documents, after
    balances and episodes are up to date. Answers how many cases were opened or touched; calling it again
    changes nothing.
    """
    touched = None if keys is None else np.unique(np.fromiter(keys, dtype=np.int64))
    scope = Scope(
        None if touched is None or len(touched) > ONE_BY_ONE else touched,
        policies.newest(work.connection).policy,
        horizon(work.connection, work.at),
    )
    changed = 0
    if scope.keys is None or len(scope.keys):
        changed = sum(part.sync(work, scope) for part in (negatives, overrides, selfcheck, repeats))
    return changed + keeping.refresh(work, None if scope.keys is None else scope.keys.tolist(), items)
