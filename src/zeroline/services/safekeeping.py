"""Backups of one database, and the way back from one."""

from __future__ import annotations

import json
from pathlib import Path

from zeroline.domain import instant
from zeroline.domain.backup import ENDING, Kept, Proven, Watch
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
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

    def suggested(self) -> str:
        """A name for a backup made now."""
        stamp = instant.at(self._database.clock()).strftime("%Y%m%dT%H%M%SZ")
        return f"{Path(self._database.name).stem}-{stamp}{ENDING}"

    def back_up(self, actor: Person, to: Path, watch: Watch) -> tuple[Proven, Changes]:
        """Write a proven backup to the new file ``to`` (in a folder, under :meth:`suggested`).

        The manifest's head is the last entry before the backup's own, which is written once the backup is
        whole and tells that head again: the head stands in the trail of both, at the same position. A
        database opened read-only is backed up without an entry.
        Raises as :func:`zeroline.storage.safekeeping.back_up`.
        """
        require(actor, Right.PEOPLE)
        to = to / self.suggested() if to.is_dir() else to
        made_by = actor.login or actor.name
        proven = Proven(str(to), safekeeping.back_up(self._database, made_by, to, watch))
        if self._database.read_only:
            return proven, Changes()
        with self._database.write(actor.id) as work:
            people.require(work, Right.PEOPLE)
            work.audit(_ACTION, "database", file=str(to), head=proven.head, sha256=proven.manifest.sha256)
            work.changed(people={actor.id})
            return proven, work.commit()

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


def file_of(url: str, clock: Clock) -> Path:
    """The file behind the address of a database that is to be made. Raises Trouble ``database-url``."""
    database = Database(url, clock)
    if database.server is not None:
        raise DomainError("backup-server")
    return database.path


def check(backup: Path, watch: Watch, head: str = "") -> Proven:
    """Prove a backup and keep nothing; raises as :func:`zeroline.storage.safekeeping.restore`."""
    return Proven(str(backup), safekeeping.check(backup, watch, head))


def restore(backup: Path, to: Path, clock: Clock, watch: Watch, head: str = "") -> Proven:
    """Put a proven backup back as the new file ``to``. An older schema is upgraded then, which adds its own
    entry behind the head. Raises as :func:`zeroline.storage.safekeeping.restore` and ``migrate.prepare``."""
    manifest = safekeeping.restore(backup, to, watch, head)
    if manifest.revision != migrate.revisions()[-1]:
        database = Database(f"sqlite:///{to}", clock)
        try:
            migrate.prepare(database)
        finally:
            database.dispose()
    return Proven(str(to), manifest)
