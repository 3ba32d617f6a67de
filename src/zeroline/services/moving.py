"""Moving up: from the file of one workstation to a server for all of them."""

from __future__ import annotations

from zeroline.domain.errors import DomainError
from zeroline.domain.instant import Clock
from zeroline.domain.views.moving import Moved, Planned, Watch
from zeroline.services.login_proof import LoginProof
from zeroline.services.workbench import Workbench
from zeroline.storage.postgres.moving import move as storage
from zeroline.storage.postgres.moving.table import ROWS


class Moving:
    """The way of one file (``source``, ``sqlite:///…``) to one server (``target``, ``postgresql://…``).

    Whoever connects to the server owns the database there, which is new or one that nobody has worked in.
    ``rows`` are copied in one step. Raises DomainError ``move-from``, ``move-to``; Trouble as Workbench.
    """

    def __init__(
        self, source: str, target: str, clock: Clock, *, same_people: bool = False, rows: int = ROWS
    ) -> None:
        self._file, self._server = Workbench(source, clock, read_only=True), Workbench(target, clock)
        self._same_people = same_people
        self._rows = rows
        try:
            if self._file.database.server is not None:
                raise DomainError("move-from")
            if self._server.database.server is None:
                raise DomainError("move-to")
            self._server.identify()
            self._file.prepare()
        except BaseException:
            self.dispose()
            raise

    def plan(self) -> Planned:
        """What will be done; nothing is written. Raises as :meth:`move` before it writes."""
        return storage.plan(self._file.database, self._server.database, same_people=self._same_people)

    def move(self, watch: Watch, administrator: str, secret: str, *, beside_others: bool = False) -> Moved:
        """Carry everything over, compare both sides, and open the server's database where they are the same.

        The ``administrator``, one of the plan's ('' only where there is none), can sign in with ``secret``
        from then on and gives the others theirs. A move that stopped goes on. Raises DomainError
        ``move-administrator`` (logins), ``secret-short``, ``secret-unusable`` and as
        :func:`zeroline.storage.postgres.moving.move.move`.
        """
        administrators = self.plan().administrators
        if administrator not in administrators and (administrator or administrators):
            raise DomainError("move-administrator", logins=administrators)
        proof = LoginProof(self._server.database)
        verifier = proof.prepared(administrator, secret) if administrator else ""
        return storage.move(
            self._file.database,
            self._server.database,
            watch,
            administrator=administrator,
            verifier=verifier,
            same_people=self._same_people,
            beside_others=beside_others,
            rows=self._rows,
        )

    def dispose(self) -> None:
        """Close both."""
        self._file.dispose()
        self._server.dispose()
