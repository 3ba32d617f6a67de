"""The audit trail: what was done, by whom, and whether the record of it is whole."""

from __future__ import annotations

from zeroline.domain.audit import AuditEntry, Verdict, verify
from zeroline.domain.changes import Changes
from zeroline.storage import audit_trail, casework, elsewhere, guard, ledger
from zeroline.storage.engine import Database


class Auditing:
    """The audit trail of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> tuple[int, str]:
        """Position and hash of the last entry, to be kept outside (printed on every report)."""
        with self._database.read() as connection:
            return audit_trail.head(connection)

    def verify(self, head: str = "") -> Verdict:
        """Walk the whole chain; ``head`` is a hash from paper, with or without its ``POSITION:``, or ''.

        Without a head from outside, a tail that was cut off cannot be seen.
        """
        with self._database.read() as connection:
            return verify(audit_trail.every(connection), "".join(head.split()).lower())

    def missing_guards(self) -> tuple[str, ...]:
        """Names of the database's guards that were dropped or altered, and of strange triggers."""
        with self._database.read() as connection:
            if self._database.server is None:
                return guard.missing(connection)
            from zeroline.storage.postgres import soundness

            return soundness.missing(connection)

    def kept_wrongly(self) -> tuple[str, ...]:
        """What is kept and a full replay does not give: ``balance 17`` and ``episode 17`` (stock key ids),
        ``segment 65537`` (a first sequence)."""
        with self._database.read() as connection:
            return tuple(f"{found.what} {found.where}" for found in ledger.verify(connection))

    def rebuild(self) -> Changes:
        """Make segments, balances and episodes anew from the movements; cases follow. Audited.

        DomainError ``sites-limited`` where rows are hidden from who is connected.
        """
        with self._database.write() as work:
            elsewhere.require_all(work.connection)
            wrong = [f"{found.what} {found.where}" for found in ledger.verify(work.connection)]
            ledger.reseal(work.connection)
            ledger.rebuild(work.connection)
            casework.sync(work, None)
            work.audit("ledger rebuilt", "ledger", differences=len(wrong), first=wrong[:20])
            work.changed(everything=True)
            return work.commit()

    def entries(self, subject: str = "", case_id: int = 0) -> tuple[AuditEntry, ...]:
        """What was done to one subject (``adjustment 17``) or to a case and all that belongs to it."""
        with self._database.read() as connection:
            if case_id:
                return audit_trail.of_case(connection, case_id)
            return audit_trail.of_subjects(connection, [subject])

    def latest(
        self, size: int = 500, before: int = 0, person_id: int | None = None, text: str = ""
    ) -> tuple[AuditEntry, ...]:
        """The newest entries first, older than position ``before`` (0: from the end), narrowed down."""
        with self._database.read() as connection:
            return audit_trail.latest(connection, size, before, person_id, text)
