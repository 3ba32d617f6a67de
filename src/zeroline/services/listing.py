"""Episodes and negatives as lists, replayed from the ledger as of an instant in either order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zeroline.domain.episode import Episode
from zeroline.domain.replay import Order
from zeroline.domain.views.listing import EpisodeLine, NegativeLine
from zeroline.storage import listing
from zeroline.storage.engine import Database
from zeroline.storage.ledger import replay_ledger

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection


class Listing:
    """Lists for nightly jobs and other programs.

    ``as_of`` (µs): movements recorded later are left out, and what is open is measured to it; None: to the
    newest recorded movement. The order of rows is item, location, lot, status, start.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def episodes(self, order: Order = Order.BOOK, as_of: int | None = None) -> tuple[EpisodeLine, ...]:
        """Every episode."""
        with self._database.read() as connection:
            found, _ = _replayed(connection, order, as_of, negative_only=False)
            keys = listing.key_codes(connection, (episode.key for episode in found))
            ends = [e.closing_sequence for e in found if e.closing_sequence is not None]
            names = listing.movement_references(connection, [e.opening_sequence for e in found] + ends)
        lines = [
            EpisodeLine(
                *keys[e.key][:4],
                e.started_at,
                e.ended_at,
                e.depth,
                e.unit_days,
                e.value_days(keys[e.key].unit_cost),
                e.transient,
                names[e.opening_sequence],
                "" if e.closing_sequence is None else names[e.closing_sequence],
            )
            for e in found
        ]
        # episodes of one key come in the order of time, which a stable sort keeps
        return tuple(sorted(lines, key=lambda e: (e.item, e.location, e.lot, e.status, e.started_at)))

    def negatives(self, order: Order = Order.BOOK, as_of: int | None = None) -> tuple[NegativeLine, ...]:
        """Every stock key that is below zero."""
        with self._database.read() as connection:
            found, on_hand = _replayed(connection, order, as_of, negative_only=True)
            keys = listing.key_codes(connection, (episode.key for episode in found))
        lines = [
            NegativeLine(
                *keys[e.key][:4],
                on_hand[e.key],
                e.started_at,
                e.depth,
                e.unit_days,
                e.value_days(keys[e.key].unit_cost),
            )
            for e in found
        ]
        return tuple(sorted(lines, key=lambda e: (e.item, e.location, e.lot, e.status)))


def _replayed(
    connection: Connection, order: Order, as_of: int | None, *, negative_only: bool
) -> tuple[list[Episode], dict[int, int]]:
    """Episodes (only open ones with ``negative_only``) and the balance of keys below zero."""
    until = listing.recorded_to(connection) if as_of is None else as_of
    episodes: list[Episode] = []
    on_hand: dict[int, int] = {}
    for part in replay_ledger(connection, order=order, as_of=until, recorded_to=as_of):
        episodes += [e for e in part.episodes if not negative_only or e.ended_at is None]
        below = part.balances.on_hand < 0
        keys, amounts = part.balances.key[below].tolist(), part.balances.on_hand[below].tolist()
        on_hand.update(zip(keys, amounts, strict=True))
    return episodes, on_hand
