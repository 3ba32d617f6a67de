"""A connection that notices when its server no longer answers.

TCP notices a dead peer, not a silent one: a proxy or a firewall may hold the line open and pass nothing on. A
query that takes long and a line that is dead look the same from here, so after a while of silence a second
connection asks the server whether it is still at work on what was sent.
"""

from __future__ import annotations

from collections.abc import Generator
from threading import Event
from time import monotonic_ns
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready

if TYPE_CHECKING:
    from psycopg.abc import PQGen

QUIET = 5_000
"""ms of silence before the server is asked; every answer is good for as long again."""
PROBE = 3_000
"""ms that the asking may take."""
GRACE = 1_000
"""ms that an answer may still be on its way once the server has said it sent it."""

_AT_WORK = """SELECT 1 FROM pg_stat_activity
WHERE pid = %s AND state = 'active' AND wait_event IS DISTINCT FROM 'ClientWrite'"""


def _now() -> int:
    return monotonic_ns() // 1_000_000


class Attentive(psycopg.Connection[Any]):
    """Raises psycopg.OperationalError, closed, once the server does not answer any more."""

    hurry: Event | None = None
    """Set when the window closes: reads are then given up at once, and writes are asked after sooner."""
    reached_by: dict[str, Any] | None = None
    """How another connection to the same server is made; None: this one is the asking one, at most PROBE."""

    def wait(self, gen: PQGen[Any], *args: Any, **kwargs: Any) -> Any:
        """As psycopg's, with an eye on the time."""
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: PQGen[Any]) -> Generator[Any, Any, Any]:
        heard = asked = _now()
        doubted = False
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                now = _now()
                if ready != Ready.NONE:
                    heard = asked = now
                    doubted = False
                elif self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                    if self._given_up() or (self.reached_by is None and now - heard > PROBE):
                        self._lose()
                    if doubted and now - asked > GRACE:
                        self._lose()
                    if not doubted and self.reached_by is not None and now - asked > self._quiet():
                        doubted = not self._at_work()
                        asked = _now()
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _given_up(self) -> bool:
        return self.hurry is not None and self.hurry.is_set() and bool(self.read_only)

    def _quiet(self) -> int:
        return GRACE if self.hurry is not None and self.hurry.is_set() else QUIET

    def _at_work(self) -> bool:
        """Whether the server is reached, and busy with what this connection sent."""
        assert self.reached_by is not None
        how = self.reached_by | {"connect_timeout": str(PROBE // 1_000), "autocommit": True}
        try:
            with Attentive.connect(**how) as asking:
                return asking.execute(_AT_WORK, (self.pgconn.backend_pid,)).fetchone() is not None
        except psycopg.Error:
            return False

    def _lose(self) -> None:
        self.pgconn.finish()
        raise psycopg.OperationalError("the server does not answer any more")
