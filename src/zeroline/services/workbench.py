"""Every service over one database: wired once, used by the window, the headless verbs and the tests."""

from __future__ import annotations

from argon2 import PasswordHasher

from zeroline.domain.instant import Clock
from zeroline.services.auditing import Auditing
from zeroline.services.casework import Casework
from zeroline.services.counting import Counting
from zeroline.services.intake import Intake
from zeroline.services.lookup import Lookup
from zeroline.services.people import People
from zeroline.services.policies import Policies
from zeroline.services.reporting import Reporting
from zeroline.services.settlement import Settlement
from zeroline.services.sites import Sites
from zeroline.services.views import SavedViews
from zeroline.storage import migrate
from zeroline.storage.engine import Database


class Workbench:
    """Opens the database behind ``url`` and makes every service over it.

    :meth:`prepare` creates or upgrades the schema and must have been called once before anything else.
    Raises Trouble as Database and migrate do.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        hasher: PasswordHasher | None = None,
        read_only: bool = False,
    ) -> None:
        self.database = Database(url, clock, read_only=read_only)
        self.clock = clock
        self.people = People(self.database, hasher)
        self.policies = Policies(self.database)
        self.sites = Sites(self.database)
        self.auditing = Auditing(self.database)
        self.intake = Intake(self.database)
        self.casework = Casework(self.database)
        self.lookup = Lookup(self.database)
        self.counting = Counting(self.database)
        self.settlement = Settlement(self.database, self.people)
        self.reporting = Reporting(self.database)
        self.saved_views = SavedViews(self.database)

    def prepare(self) -> None:
        """Create the schema in a new file, upgrade an older one after a backup, refuse a newer one."""
        migrate.prepare(self.database)

    def dispose(self) -> None:
        """Close every connection."""
        self.database.dispose()
