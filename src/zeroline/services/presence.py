"""Who has which case open, at all workstations; kept up by heartbeats, forgotten without them."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import uuid4

from zeroline.domain.changes import Changes
from zeroline.domain.errors import Trouble
from zeroline.domain.instant import SECOND
from zeroline.domain.person import Person, Right, require
from zeroline.domain.views.presence import Onlooker
from zeroline.storage import presence
from zeroline.storage.engine import Database

HEARTBEAT: Final = 20 * SECOND
"""How often (µs) an open case says so again."""

EXPIRY: Final = 60 * SECOND
"""Who did not say so for so long (µs) is taken to be gone."""


class Presence:
    """One workstation: ``workstation`` names this window and no other. It has one case open at most.

    What cannot be written now is left to the next heartbeat; no screen here shows it, so Changes are empty.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.workstation = uuid4().hex

    def open(self, actor: Person, case_id: int) -> Changes:
        """The actor has this case open here and no other; again as a heartbeat. ``not-allowed``."""
        require(actor, Right.READ_BOOK)
        if self._database.read_only:
            return Changes()
        now, subject = self._database.clock(), f"case {case_id}"
        with suppress(Trouble), self._database.upkeep() as upkeep:
            presence.forget(upkeep, now - EXPIRY)
            presence.leave_others(upkeep, actor.id, self.workstation, subject)
            presence.stay(upkeep, actor.id, self.workstation, subject, now)
        return Changes()

    def leave(self) -> Changes:
        """Nothing is open here any more."""
        if not self._database.read_only:
            with suppress(Trouble), self._database.upkeep() as upkeep:
                presence.leave(upkeep, self.workstation)
        return Changes()

    def others(self, actor: Person, case_id: int) -> tuple[Onlooker, ...]:
        """Who else has the case open now, at any workstation; ``not-allowed``."""
        require(actor, Right.READ_BOOK)
        since = self._database.clock() - EXPIRY
        with self._database.read_plain() as connection:
            return presence.others(connection, actor.id, f"case {case_id}", since)
