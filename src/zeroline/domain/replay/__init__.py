"""Replay: from the movements of whole stock keys to their balances and episodes.

Pure functions over arrays, without I/O and without a clock: whoever holds all movements of some keys can
replay those keys, whatever other keys exist, so a ledger can be replayed part by part.

Orders
    *Book order* of a key is recorded_at, then sequence. *Physical order* is occurred_at, then recorded_at,
    then sequence. The sequence is the arrival order in the ledger and never repeats, so both orders are
    total: movements of one instant have one order, the same on every machine.

Exactness
    Quantities, balances and depth are int64 micro-units. A balance that leaves int64 raises DomainError
    ``balance-too-large``; it never wraps around. The integral of the shortfall is exact to 126 bits.
"""

from zeroline.domain.replay.columns import MovementColumns
from zeroline.domain.replay.history import KeyHistory, key_history
from zeroline.domain.replay.order import book_order, physical_order
from zeroline.domain.replay.run import BalanceColumns, Opening, Order, Replayed, replay

__all__ = [
    "BalanceColumns",
    "KeyHistory",
    "MovementColumns",
    "Opening",
    "Order",
    "Replayed",
    "book_order",
    "key_history",
    "physical_order",
    "replay",
]
