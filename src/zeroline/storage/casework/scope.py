"""Which stock keys a synchronisation looks at, under which policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement

from zeroline.domain.episode import Ints
from zeroline.domain.policy import Policy
from zeroline.storage.ledger.reading import among, listed


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """``keys`` int64 ascending, or None for every key; ``horizon`` µs: the newest the ledger can speak of.

    The horizon is now, or the newest movement where the whole ledger is older: windows counted back from
    now would be empty over a ledger that was imported years later.
    """

    keys: Ints | None
    policy: Policy
    horizon: int

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """``column`` is one of the keys."""
        assert self.keys is not None
        return among(column, np.asarray(self.keys, dtype=np.int64))

    @property
    def narrow(self) -> bool:
        """Whether there are keys to look at, not every one: which of two ready-made statements to run."""
        return self.keys is not None

    def bound(self) -> dict[str, Any]:
        """The keys as ``among_listed`` wants them bound; nothing for every key."""
        return {} if self.keys is None else dict(listed(np.asarray(self.keys, dtype=np.int64)))
