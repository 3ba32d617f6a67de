"""One stock key over time, in both orders: what a chart and a ledger view draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zeroline.domain.episode import Ints
from zeroline.domain.replay.balance import running_balances
from zeroline.domain.replay.columns import MovementColumns, Rows
from zeroline.domain.replay.order import book_order, physical_order


@dataclass(frozen=True, slots=True, eq=False)
class KeyHistory:
    """The n movements of one key. Every array has length n.

    ``order``: positions, in the movements given, of book order · ``balance``: book balance after each of
    those, micro-units · ``physical_order``: book positions in physical order · ``physical_balance``: balance
    after each of those, in physical order.
    """

    order: Rows
    balance: Ints
    physical_order: Rows
    physical_balance: Ints


def key_history(movements: MovementColumns, opening: int = 0) -> KeyHistory:
    """Running balances of one key in both orders; ``opening`` is the balance before, micro-units.

    Raises ValueError when the movements belong to more than one key, DomainError ``balance-too-large``.
    """
    everything = np.arange(len(movements))
    if not len(movements):
        nothing = np.zeros(0, np.int64)
        return KeyHistory(everything, nothing, everything, nothing)
    if (movements.key != movements.key[0]).any():
        raise ValueError("a history is of one stock key")
    order = book_order(movements)
    book = movements if order is None else movements.take(order)
    physical = physical_order(book)
    if physical is None:
        physical = everything
    start, before = np.zeros(1, np.intp), np.array([opening], np.int64)
    return KeyHistory(
        everything if order is None else order,
        running_balances(book.quantity, start, before, book.key),
        physical,
        running_balances(book.quantity[physical], start, before, book.key),
    )
