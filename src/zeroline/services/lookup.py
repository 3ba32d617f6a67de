"""Looking things up: queues, cases, searches and scans. Everything here is read; nothing is decided.

The queues that a start opens on are imported with this module, every other query when it is first asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zeroline.domain.case import Queue
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.queue import QueueCount, QueueTable
from zeroline.storage.engine import Database
from zeroline.storage.queries.queue import OWN, queue_table

if TYPE_CHECKING:
    from zeroline.domain.views.case import CaseView
    from zeroline.domain.views.found import Hit, HitKind, Scan
    from zeroline.domain.views.stock import KeyLedger, Stock


class Lookup:
    """The read side of the window. All but :meth:`scan` show book quantities or what they lead to and raise
    DomainError ``not-allowed`` for people without the right to read the book: counters count blind."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, actor: Person, queue: Queue, now: int | None = None) -> QueueTable:
        """One queue as columns, most severe first; ``now`` µs (default the clock) is what ages reach to."""
        require(actor, Right.READ_BOOK)
        as_of = self._database.clock() if now is None else now
        own = OWN.get(queue)
        if own is not None:
            with self._database.read_plain() as connection:
                return queue_table(connection, queue, as_of, own)
        from zeroline.storage import policies
        from zeroline.storage.ledger import horizon
        from zeroline.storage.queries import due, rechecked

        with self._database.read() as ordinary:
            policy = policies.newest(ordinary).policy
            if queue is Queue.COUNTS_DUE:
                return due.counts_due(ordinary, as_of, policy)
            return rechecked.rechecked_table(ordinary, queue, as_of, policy, horizon(ordinary, as_of))

    def queue_counts(self, actor: Person, now: int | None = None) -> tuple[QueueCount, ...]:
        """The badge of every queue, in the order of :class:`Queue`."""
        from zeroline.storage import policies
        from zeroline.storage.queries import badges

        require(actor, Right.READ_BOOK)
        as_of = self._database.clock() if now is None else now
        with self._database.read() as connection:
            policy = policies.newest(connection).policy
            found = badges.counts(connection, actor.id, as_of, policy)
        return tuple(QueueCount(queue, *found.get(queue.value, (0, 0, 0, 0))) for queue in Queue)

    def case(self, actor: Person, case_id: int, now: int | None = None) -> CaseView:
        """Everything about one case; DomainError ``case-unknown`` (case)."""
        from zeroline.storage import policies
        from zeroline.storage.ledger import horizon
        from zeroline.storage.queries.case import case_view

        require(actor, Right.READ_BOOK)
        as_of = self._database.clock() if now is None else now
        with self._database.read() as connection:
            policy = policies.newest(connection).policy
            return case_view(connection, case_id, as_of, policy, horizon(connection, as_of))

    def attachment(self, actor: Person, attachment_id: int) -> tuple[str, str, bytes]:
        """Name, media type and content of an attachment; DomainError ``attachment-unknown``."""
        from zeroline.storage.queries import casefile

        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return casefile.attachment(connection, attachment_id)

    def recent_causes(self, actor: Person, most: int = 6) -> tuple[str, ...]:
        """The cause codes that the actor tagged last, newest first, for one-key tagging."""
        from zeroline.storage.casework import recurrence

        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return recurrence.recent_causes(connection, actor.id, most)

    def find(self, actor: Person, text: str) -> tuple[Hit, ...]:
        """Items, locations, documents and cases that a text may mean; the best of each kind first."""
        from zeroline.storage.queries import finding

        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return finding.find(connection, text)

    def stock(self, actor: Person, kind: HitKind, id: int) -> Stock:
        """Every stock key of an item, a location, or the items of a document, with its balance now."""
        from zeroline.storage.queries import stock as stocks

        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return stocks.stock(connection, kind, id)

    def ledger(self, actor: Person, key_id: int) -> KeyLedger:
        """The ledger of one stock key."""
        from zeroline.storage.queries import stock as stocks

        require(actor, Right.READ_BOOK)
        with self._database.read() as connection:
            return stocks.key_ledger(connection, key_id, self._database.clock())

    def scan(self, text: str) -> Scan:
        """What a scanned code is. A code of the house (badge, sheet, location, barcode, item) goes before
        its GS1 meaning; a GTIN that no item has is still told. Never shows a quantity of the book."""
        from zeroline.domain.views.found import Scan, ScanKind
        from zeroline.services.scanning import gs1
        from zeroline.storage.queries import finding

        code = text.strip()
        with self._database.read() as connection:
            plain = finding.plain_code(connection, code) if code else None
            if plain is not None:
                return plain
            content = gs1(code)
            if content is None:
                return Scan(ScanKind.UNKNOWN, code)
            item = finding.item_of_barcode(connection, content.barcodes)
        item_id, label, unit = item or (0, "", "")
        return Scan(
            ScanKind.ITEM if item else ScanKind.UNKNOWN,
            code,
            item_id,
            label,
            unit=content.unit or unit,
            lot=content.lot,
            serial=content.serial,
            expires=content.expires,
            gtin=content.gtin,
            quantity=content.quantity,
        )
