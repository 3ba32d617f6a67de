"""Backups of one database, and the way back from one."""

from __future__ import annotations

import json
from pathlib import Path

from zeroline.domain import instant
from zeroline.domain.backup import ENDING, Kept, Proven, Watch
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.instant import Clock
from zeroline.domain.person import PROGRAM, Person, Right, require
from zeroline.storage import audit_trail, migrate, people, safekeeping
from zeroline.storage.engine import Database

_ACTION = "database backed up"


class Safekeeping:
    """Makes backups of one database. A backup holds everything, everybody's proof of their secret with it:
    only who looks after people may make one (``not-allowed``), a manager may not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def on_server(self) -> bool:
        """Whether the database is on a server, where a backup is made by a login that sees all rows."""
        return self._database.server is not None

    @property
    def beside(self) -> str:
        """A name for a restored database: beside the open one on its server; '' beside a file."""
        return f"{self._database.address}_restored" if self.on_server else ""

    def suggested(self) -> str:
        """A name for a backup made now."""
        stamp = instant.at(self._database.clock()).strftime("%Y%m%dT%H%M%SZ")
        server = self._database.server
        name = Path(self._database.name).stem if server is None else str(server.url.database)
        return f"{name}-{stamp}{ENDING}"

    def back_up(
        self, actor: Person, to: Path, watch: Watch, by: tuple[str, str] | None = None
    ) -> tuple[Proven, Changes]:
        """Write a proven backup to the new file ``to`` (in a folder, under :meth:`suggested`).

        The manifest's head is the last entry before the backup's own, which is written once the backup is
        whole and tells that head again: the head stands in the trail of both, at the same position. A
        database opened read-only is backed up without an entry. On a server ``by`` is a login that sees all
        rows and its password, where the actor's own does not.
        Raises as :func:`zeroline.storage.safekeeping.back_up`.
        """
        require(actor, Right.PEOPLE)
        to = to / self.suggested() if to.is_dir() else to
        made_by = actor.login or actor.name
        other = self._opened(by) if by is not None else None
        try:
            manifest, logins = safekeeping.back_up(self._database, made_by, to, watch, other)
        finally:
            if other is not None:
                other.dispose()
        proven = Proven(str(to), manifest, logins)
        if self._database.read_only:
            return proven, Changes()
        with self._database.write(actor.id) as work:
            people.require(work, Right.PEOPLE)
            facts = {"roles": manifest.roles} if manifest.roles else {}
            work.audit(
                _ACTION, "database", file=str(to), head=proven.head, sha256=proven.manifest.sha256, **facts
            )
            work.changed(people={actor.id})
            return proven, work.commit()

    def _opened(self, by: tuple[str, str]) -> Database:
        """The server's database once more, as another login."""
        other = Database(self._database.url, self._database.clock)
        assert other.server is not None
        other.server.become(*by)
        return other

    def latest(self, actor: Person) -> tuple[Kept, ...]:
        """The last fifty backups that were made, newest first."""
        require(actor, Right.PEOPLE)
        with self._database.read() as connection:
            entries = audit_trail.latest(connection, 50, text=_ACTION)
            numbers = {one.person_id for one in entries}
            makers = {number: people.by_id(connection, number) for number in numbers}
        names = {number: one.person.name if one else PROGRAM.name for number, one in makers.items()}
        facts = [json.loads(one.facts) for one in entries]
        return tuple(
            Kept(one.seq, one.at, names[one.person_id], str(fact.get("file")), str(fact.get("head")))
            for one, fact in zip(entries, facts, strict=True)
        )


def check(backup: Path, watch: Watch, head: str = "") -> Proven:
    """Prove a backup and keep nothing; raises as :func:`zeroline.storage.safekeeping.restore`."""
    return Proven(str(backup), *safekeeping.check(backup, watch, head))


def kind_of(backup: Path) -> str:
    """``sqlite`` or ``postgresql``, by what a backup says of itself; '' where it is none that can be read."""
    try:
        return safekeeping.kind_of(backup)
    except (DomainError, Trouble):
        return ""


def restore(
    backup: Path,
    to: Path | str,
    clock: Clock,
    watch: Watch,
    head: str = "",
    by: tuple[str, str] | None = None,
) -> Proven:
    """Put a proven backup back as a new file, or as the new database at an address: on a server with its
    people's logins. ``by`` is a login that may make databases and roles there, and its password, where the
    address names none.

    An older schema is upgraded, which adds its own entry behind the head. Raises Trouble ``database-url``
    and as :func:`zeroline.storage.safekeeping.restore` and ``migrate.prepare``.
    """
    database = Database(to if isinstance(to, str) else f"sqlite:///{to}", clock)
    try:
        if database.server is not None:
            if by is not None:
                database.server.become(*by)
            database.server.by_machine_user()
        manifest, logins = safekeeping.restore(backup, database, watch, head)
        if database.server is None and manifest.revision != migrate.revisions()[-1]:
            migrate.prepare(database)
        return Proven(database.address, manifest, logins)
    finally:
        database.dispose()
