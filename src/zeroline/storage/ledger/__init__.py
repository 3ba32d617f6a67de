"""The stock ledger in the database: appended to, replayed, and what is derived from it kept up to date.

``movement`` is the truth. ``balance``, ``episode`` and ``ledger_segment`` follow from it: they change in the
transaction that appends, always equal a full replay, and can be rebuilt at any time.
"""

from zeroline.storage.ledger.appending import Appended, NewMovement, append, catch_up
from zeroline.storage.ledger.history import balance_history, key_columns
from zeroline.storage.ledger.keeping import stored_episodes
from zeroline.storage.ledger.reading import horizon
from zeroline.storage.ledger.rebuilding import Difference, rebuild, replay_ledger, verify
from zeroline.storage.ledger.sealing import reseal, seal

__all__ = [
    "Appended",
    "Difference",
    "NewMovement",
    "append",
    "balance_history",
    "catch_up",
    "horizon",
    "key_columns",
    "rebuild",
    "replay_ledger",
    "reseal",
    "seal",
    "stored_episodes",
    "verify",
]
