"""Make a backup, go through one, put one back.

What differs by the kind of database stands in two places: ``_take`` (copy the data) and ``_prove`` (go
through what was unpacked); SQLite's half is :mod:`zeroline.storage.safekeeping.file`, a server's
:mod:`zeroline.storage.safekeeping.dump` and, for the way back, :mod:`zeroline.storage.safekeeping.serving`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, NamedTuple

from zeroline import __version__
from zeroline.domain.audit import AuditEntry, verify
from zeroline.domain.backup import Logins, Manifest, Watch
from zeroline.domain.errors import DomainError, Trouble
from zeroline.storage import migrate
from zeroline.storage.engine import Database
from zeroline.storage.safekeeping import file as sqlite_file
from zeroline.storage.safekeeping import package
from zeroline.storage.safekeeping.place import check_free, put, unfinished

if TYPE_CHECKING:
    from zeroline.storage.safekeeping.dump import Roles

_TAKEN = "file-taken"
FILE, SERVER = "sqlite", "postgresql"
_NO_PROGRAM = ("program-missing", "program-too-old")


class _Taken(NamedTuple):
    kind: str
    found: sqlite_file.Found
    roles: Roles | None = None


def back_up(
    database: Database, made_by: str, to: Path, watch: Watch, by: Database | None = None
) -> tuple[Manifest, Logins | None]:
    """Write a backup of the database as it stands to the new file ``to``, while others work.

    The copy is gone through, and the finished file read back, before it gets its name: there is a whole
    and proven backup or none. ``by`` is the same database opened by a login that sees all of it, if the
    other does not. Raises DomainError ``file-taken`` (path), ``backup-source-broken`` (seq), on a server
    ``backup-rows-hidden`` (login); Cancelled; Trouble ``disk-full``, ``file-unwritable``, on a server
    ``program-missing``, ``program-too-old``, ``program-failed``, and those of the database.
    """
    check_free(to, _TAKEN)
    with unfinished(to) as data, unfinished(to) as made:
        kind, found, roles = _take(by or database, data, watch)
        if found.chain.fault:
            raise DomainError("backup-source-broken", seq=found.chain.fault_seq)
        sha256, size = package.digest(data, watch)
        text = roles.text() if roles is not None else b""
        manifest = Manifest(
            program=__version__,
            revision=found.revision,
            kind=kind,
            database=database.name,
            made_at=database.clock(),
            made_by=made_by,
            head_seq=found.chain.entries,
            head=found.chain.head,
            tables=found.tables,
            movements=found.movements,
            moved=found.moved,
            sha256=sha256,
            size=size,
            roles=hashlib.sha256(text).hexdigest() if roles is not None else "",
        )
        package.pack(data, manifest, made, watch, text)
        with package.opened(made) as (written, inside):
            package.unpack(inside, written, made, None, watch, "prove")
        put(made, to, _TAKEN)
    return manifest, _logins(roles)


def _logins(roles: Roles | None) -> Logins | None:
    if roles is None:
        return None
    silent = tuple(one.login for one in roles.logins if not one.verifier)
    return Logins(tuple(one.login for one in roles.logins), silent=silent)


def _take(database: Database, data: Path, watch: Watch) -> _Taken:
    """Copy the database into the empty file ``data`` by its kind; the kind, and what the copy holds."""
    if database.server is None:
        sqlite_file.copy(database.path, data, watch)
        return _Taken(FILE, sqlite_file.examine(data, watch))
    from zeroline.storage.safekeeping import dump

    roles = dump.copy(database, data, watch)
    return _Taken(SERVER, dump.examine(data, roles.server, watch), roles)


def check(backup: Path, watch: Watch, head: str = "") -> tuple[Manifest, Logins | None]:
    """Prove a backup as :func:`restore` does, and keep nothing. The data is unpacked beside the backup
    meanwhile, or where that folder is only to be read, where the system keeps what passes."""
    with _passing(backup) as data:
        manifest, roles = _prove(backup, data, watch, head)
    return manifest, _logins(roles)


def kind_of(backup: Path) -> str:
    """What a backup says it is of; raises as :func:`zeroline.storage.safekeeping.package.opened`."""
    with package.opened(backup) as (manifest, _):
        return manifest.kind


def _passing(backup: Path) -> AbstractContextManager[Path]:
    writable = os.access(backup.absolute().parent, os.W_OK)
    return unfinished(backup if writable else Path(gettempdir()) / backup.name)


def restore(backup: Path, to: Database, watch: Watch, head: str = "") -> tuple[Manifest, Logins | None]:
    """Put a backup back as the new database ``to``, proven before it gets its name.

    ``head`` (from paper) must stand in its audit trail, if given. Raises DomainError ``file-taken`` (path),
    on a server ``database-taken`` (name), ``backup-unreadable``, ``backup-foreign``, ``backup-newer``,
    ``backup-altered``, ``backup-unsound``, ``backup-chain`` (seq), ``backup-head``, ``backup-head-missing``
    (all: path), ``backup-of-server`` for a server's to a file, ``backup-of-file`` for the reverse,
    ``backup-differs``; Cancelled; Trouble ``disk-full``, ``file-unwritable``, and on a server as
    :func:`zeroline.storage.safekeeping.serving.restore`.
    """
    if to.server is not None:
        return _restore_on_server(backup, to, watch, head)
    check_free(to.path, _TAKEN)
    with unfinished(to.path) as data:
        manifest, _ = _prove(backup, data, watch, head, FILE)
        put(data, to.path, _TAKEN)
    return manifest, None


def _restore_on_server(backup: Path, to: Database, watch: Watch, head: str) -> tuple[Manifest, Logins | None]:
    from zeroline.storage.safekeeping import serving

    assert to.server is not None
    serving.check_free(to.server)
    with _passing(backup) as data:
        manifest, roles = _prove(backup, data, watch, head, SERVER)
        assert roles is not None
        return manifest, serving.restore(data, roles, manifest, to.server, to.clock, watch)


def _prove(
    backup: Path, data: Path, watch: Watch, head: str, wanted: str = ""
) -> tuple[Manifest, Roles | None]:
    """Unpack a backup into the file ``data`` and hold it against its manifest."""
    path, roles = str(backup), None
    with package.opened(backup) as (manifest, inside):
        if manifest.kind not in (FILE, SERVER) or manifest.revision not in migrate.revisions():
            raise DomainError("backup-newer", path=path, program=manifest.program)
        if wanted and manifest.kind != wanted:
            raise DomainError("backup-of-server" if manifest.kind == SERVER else "backup-of-file", path=path)
        if manifest.kind == SERVER:
            roles = _roles(package.roles(inside, manifest, backup), path)
        package.unpack(inside, manifest, backup, data, watch, "unpack")
    try:
        found = _examined(data, roles, watch)
    except Trouble as trouble:
        if trouble.code in _NO_PROGRAM:
            raise
        raise DomainError("backup-unsound", path=path) from trouble
    if found.chain.fault:
        raise DomainError("backup-chain", path=path, seq=found.chain.fault_seq)
    if (found.chain.entries, found.chain.head) != (manifest.head_seq, manifest.head):
        raise DomainError("backup-head", path=path)
    told = (manifest.revision, manifest.tables, manifest.movements, manifest.moved)
    if told != (found.revision, found.tables, found.movements, found.moved):
        raise DomainError("backup-unsound", path=path)
    if head and verify(_entries(data, roles), "".join(head.split()).lower()).fault:
        raise DomainError("backup-head-missing", path=path)
    return manifest, roles


def _roles(raw: bytes, path: str) -> Roles:
    from zeroline.storage.safekeeping import dump

    try:
        return dump.Roles.of(raw)
    except ValueError as error:
        raise DomainError("backup-foreign", path=path) from error


def _examined(data: Path, roles: Roles | None, watch: Watch) -> sqlite_file.Found:
    if roles is None:
        return sqlite_file.examine(data, watch)
    from zeroline.storage.safekeeping import dump

    return dump.examine(data, roles.server, watch)


def _entries(data: Path, roles: Roles | None) -> Iterator[AuditEntry]:
    if roles is None:
        return sqlite_file.entries(data)
    from zeroline.storage.safekeeping import dump

    return dump.entries(data, roles.server)
