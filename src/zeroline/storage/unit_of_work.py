"""One write: everything in it or nothing, with its audit entries and what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from zeroline.domain.audit import GENESIS, canonical, entry_hash
from zeroline.domain.changes import Changes
from zeroline.domain.command import current, judged, written
from zeroline.storage.driver import Texts

if TYPE_CHECKING:
    from sqlalchemy import Connection

R = TypeVar("R")

# As texts: every write begins and ends with these, and building them would take longer than running them.
_LAST = "SELECT seq, hash, at FROM audit_entry ORDER BY seq DESC LIMIT 1"
_ENTRY = """INSERT INTO audit_entry (seq, at, person_id, action, subject, facts, previous, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_TOLD = "SELECT person_id, verb, arguments, result FROM command WHERE key = ?"
_KEEP = "INSERT INTO command (key, person_id, verb, arguments, result, at) VALUES (?, ?, ?, ?, ?, ?)"


class PlainWork:
    """A write in progress on ``connection`` (already inside BEGIN IMMEDIATE), at one instant ``at``.

    Nothing is kept unless :meth:`commit` was called; commit demands an audit entry and Changes
    (RuntimeError otherwise: a bug of ours, never a person's).
    """

    def __init__(self, connection: Texts, person_id: int, now: int) -> None:
        self.connection = connection
        self.person_id = person_id
        self.changes = Changes()
        self.committed = False
        self._audited = 0
        self.at = now
        self._begin(now)

    def _begin(self, now: int) -> None:
        """Find the end of the audit trail; a clock set back never turns the trail round."""
        last = self.connection.exec_driver_sql(_LAST).first()
        self._seq: int
        self._head: str
        self._seq, self._head, at = last or (0, GENESIS, now)
        self.at = max(now, at)

    def changed(self, **ids: Any) -> None:
        """Add to what this write touched: ``changed(cases={4}, ledger=keys)`` or ``everything=True``."""
        touched: dict[str, Any] = {
            name: value if isinstance(value, bool) else frozenset(value) for name, value in ids.items()
        }
        self.changes |= Changes(**touched)

    def audit(self, action: str, subject: str, **facts: Any) -> None:
        """Chain one entry: what was done (``adjustment posted``) to what (``adjustment 17``)."""
        self._write_entry(action, subject, canonical(facts))
        self._audited += 1

    def _write_entry(self, action: str, subject: str, facts: str) -> None:
        seq = self._seq + 1
        digest = entry_hash(seq, self.at, self.person_id, action, subject, facts, self._head)
        self.connection.exec_driver_sql(
            _ENTRY, (seq, self.at, self.person_id, action, subject, facts, self._head, digest)
        )
        self._seq, self._head = seq, digest

    @property
    def entries(self) -> range:
        """Sequences of the audit entries of this write."""
        return range(self._seq - self._audited + 1, self._seq + 1)

    def commit(self) -> Changes:
        """Keep everything of this write when the ``with`` block ends; answers what it touched."""
        if not self._audited or not self.changes:
            raise RuntimeError("a write needs an audit entry and its Changes")
        self.committed = True
        return self.changes


class UnitOfWork(PlainWork):
    """A write whose statements may be SQLAlchemy's.

    It carries out the verb that is being told (:mod:`zeroline.domain.command`): raises Repeated where that
    was done before, and DomainError ``command-key-used`` where its key stands for something else.
    """

    connection: Connection

    def __init__(self, connection: Connection, person_id: int, now: int) -> None:
        super().__init__(connection, person_id, now)
        self._command = current()
        if self._command is not None:
            judged(self._command, self.person_id, self._told_before(self._command.key))

    def _told_before(self, key: str) -> tuple[int, str, str, str] | None:
        row = self.connection.exec_driver_sql(_TOLD, (key,)).first()
        return None if row is None else (row[0], row[1], row[2], row[3])

    def refresh_statistics(self) -> None:
        """So much was written that how to find rows is planned anew; SQLite goes by its indexes alone."""

    def answer(self, result: R) -> R:
        """Commit with the answer of the verb, which a second try under the same key then gets."""
        self.commit()
        if self._command is not None:
            key, verb, arguments = self._command
            self.connection.exec_driver_sql(
                _KEEP, (key, self.person_id, verb, arguments, written(result), self.at)
            )
        return result
