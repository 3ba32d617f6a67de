"""Every service over one database: wired once, used by the window, the headless verbs and the tests."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from zeroline.domain.errors import Trouble
from zeroline.domain.instant import MINUTE, SECOND, Clock
from zeroline.domain.person import PROGRAM, Person
from zeroline.services.people import People
from zeroline.services.sites import Sites
from zeroline.storage import migrate
from zeroline.storage.engine import Database

if TYPE_CHECKING:
    from pathlib import Path

    from argon2 import PasswordHasher

    from zeroline.domain.changes import News
    from zeroline.services.alerting import Alerting
    from zeroline.services.auditing import Auditing
    from zeroline.services.casework import Casework
    from zeroline.services.counting import Counting
    from zeroline.services.diagnosing import Diagnosing
    from zeroline.services.intake import Intake
    from zeroline.services.limiting import Limiting
    from zeroline.services.lookup import Lookup
    from zeroline.services.outbox import Outbox
    from zeroline.services.policies import Policies
    from zeroline.services.presence import Presence
    from zeroline.services.reporting import Reporting
    from zeroline.services.safekeeping import Safekeeping
    from zeroline.services.settlement import Settlement
    from zeroline.services.surveying import Surveying
    from zeroline.services.views import SavedViews


_APART = 2 * MINUTE
"""How far a workstation's clock may be from the server's without a word."""


class Workbench:
    """Opens the database behind ``url`` and makes every service over it.

    :meth:`prepare` creates or upgrades the schema and must have been called once before anything else.
    Services that no start needs are imported when they are first asked for. Raises Trouble as Database and
    migrate do.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        hasher: PasswordHasher | None = None,
        read_only: bool = False,
        outbox: Path | None = None,
    ) -> None:
        self.database = Database(url, clock, read_only=read_only)
        self._outbox_in = outbox
        self.clock = clock
        self.people = People(self.database, hasher)
        self.sites = Sites(self.database)

    @cached_property
    def policies(self) -> Policies:
        """The policy in force, and how it came about."""
        from zeroline.services.policies import Policies

        return Policies(self.database)

    @cached_property
    def auditing(self) -> Auditing:
        """The audit trail: read and verified."""
        from zeroline.services.auditing import Auditing

        return Auditing(self.database)

    @cached_property
    def safekeeping(self) -> Safekeeping:
        """Backups."""
        from zeroline.services.safekeeping import Safekeeping

        return Safekeeping(self.database)

    @cached_property
    def intake(self) -> Intake:
        """Ledgers and master data brought in."""
        from zeroline.services.intake import Intake

        return Intake(self.database)

    @cached_property
    def casework(self) -> Casework:
        """Cases: assigned, explained, closed."""
        from zeroline.services.casework import Casework

        return Casework(self.database)

    @cached_property
    def limiting(self) -> Limiting:
        """Which sites people work at, on a server."""
        from zeroline.services.limiting import Limiting

        return Limiting(self.database)

    @cached_property
    def lookup(self) -> Lookup:
        """Queues, cases and what is found."""
        from zeroline.services.lookup import Lookup

        return Lookup(self.database)

    @cached_property
    def diagnosing(self) -> Diagnosing:
        """Why a balance went below zero."""
        from zeroline.services.diagnosing import Diagnosing

        return Diagnosing(self.database)

    @cached_property
    def surveying(self) -> Surveying:
        """Above single cases: patterns and clocks."""
        from zeroline.services.surveying import Surveying

        return Surveying(self.database)

    @cached_property
    def counting(self) -> Counting:
        """Count sheets and what was counted."""
        from zeroline.services.counting import Counting

        return Counting(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        """Counts kept on this workstation while the database cannot be reached."""
        from zeroline.services.outbox import Outbox

        return Outbox(self.database, self.counting, self._outbox_in)

    @cached_property
    def settlement(self) -> Settlement:
        """Adjustments: proposed, decided, posted."""
        from zeroline.services.settlement import Settlement

        return Settlement(self.database, self.people)

    @cached_property
    def reporting(self) -> Reporting:
        """What reports are made of."""
        from zeroline.services.reporting import Reporting

        return Reporting(self.database)

    @cached_property
    def saved_views(self) -> SavedViews:
        """Lists as people kept them."""
        from zeroline.services.views import SavedViews

        return SavedViews(self.database)

    @cached_property
    def alerting(self) -> Alerting:
        """What people are told."""
        from zeroline.services.alerting import Alerting

        return Alerting(self.database)

    def identify(self) -> None:
        """Without a window: on a server this machine's user connects, unless another login is named."""
        if self.database.server is not None:
            self.database.server.by_machine_user()

    def actor(self) -> Person:
        """Who a verb without a window acts as: whoever connected to a server, else the program."""
        if not self.database.by_login:
            return PROGRAM
        return self.people.connected()

    def first_administrator(self, login: str, name: str, secret: str) -> Person:
        """The first administrator, on a server with a login of their own.

        Raises as :meth:`People.create_first_administrator`, and DomainError ``login-on-server``.
        """
        if self.database.server is None:
            return self.people.create_first_administrator(login, name, secret)
        from zeroline.services.login_proof import LoginProof

        by_login = People(self.database, proof=LoginProof(self.database))
        return by_login.create_first_administrator(login, name, secret)

    @cached_property
    def presence(self) -> Presence:
        """Who else has a case open."""
        from zeroline.services.presence import Presence

        return Presence(self.database)

    def news(self) -> News:
        """What other workstations do from now on, to be waited for in a thread."""
        return self.database.news()

    def prepare(self) -> None:
        """Create the schema in a new file, upgrade an older one after a backup, refuse a newer one.

        A server's is only looked at, as soon as somebody has connected: :meth:`set_up` makes and upgrades it.
        """
        server = self.database.server
        if server is None or server.url.username is not None:
            migrate.prepare(self.database)

    def set_up(self, *, beside_others: bool = False) -> None:
        """Create or upgrade the schema; on a server with its roles, rights and guards, by who may do that.

        Raises as :meth:`prepare`, and Trouble ``database-holds-others`` (tables) unless ``beside_others``.
        """
        if self.database.server is None:
            self.prepare()
            return
        from zeroline.storage.postgres import setting_up

        setting_up.set_up(self.database, beside_others=beside_others)

    def clock_trouble(self, *, as_program: bool | None = None) -> Trouble | None:
        """What is to be said of this workstation's clock: None as long as it goes with the server's.

        ``clock-ahead`` or ``clock-behind`` (apart_span, server_at), for the program itself, whose own time is
        recorded, ``clock-ahead-of-server`` or ``clock-behind-server``. A file has no other clock.
        ``as_program`` says who will write where the database cannot be asked yet.
        """
        if self.database.server is None:
            return None
        from zeroline.storage.postgres.server import now

        before = self.clock()
        with self.database.read() as connection:
            there = now(connection)
        apart = (before + self.clock()) // 2 - there
        if abs(apart) < _APART:
            return None
        there -= there % SECOND  # for people
        if self.database.by_login if as_program is None else not as_program:
            return Trouble("clock-ahead" if apart > 0 else "clock-behind", apart_span=apart, server_at=there)
        code = "clock-ahead-of-server" if apart > 0 else "clock-behind-server"
        return Trouble(code, apart_span=apart, server_at=there)

    def warm(self) -> None:
        """Import what most people's first steps need, SQLAlchemy with it, before somebody waits for it."""
        from zeroline.storage.queries import case  # noqa: F401

        _ = self.lookup, self.casework, self.settlement, self.database.engine

    def knock(self) -> None:
        """Ask the database for an answer. Raises Trouble as long as it cannot be reached."""
        with self.database.read() as connection:
            connection.exec_driver_sql("SELECT 1").scalar()

    def give_up(self) -> None:
        """Wait for a server that has fallen silent no longer: the window is closing."""
        self.database.give_up()

    @property
    def hands_in(self) -> bool:
        """Whether counters hand in without a look at the book, so that others take their counts up."""
        return self.database.by_login

    def dispose(self) -> None:
        """Close every connection: at the end, and whenever somebody locks the window or leaves it. The next
        read opens new ones."""
        self.database.dispose()
