"""Make a backup, go through one, put one back.

What differs by the kind of database stands in two places: ``_take`` (copy the data) and ``_prove`` (go
through what was unpacked); SQLite's half is :mod:`zeroline.storage.safekeeping.file`.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import gettempdir

from zeroline import __version__
from zeroline.domain.audit import verify
from zeroline.domain.backup import Manifest, Watch
from zeroline.domain.errors import DomainError, Trouble
from zeroline.storage import migrate
from zeroline.storage.engine import Database
from zeroline.storage.safekeeping import file as sqlite_file
from zeroline.storage.safekeeping import package
from zeroline.storage.safekeeping.place import check_free, put, unfinished

_TAKEN = "file-taken"


def back_up(database: Database, made_by: str, to: Path, watch: Watch) -> Manifest:
    """Write a backup of the database as it stands to the new file ``to``, while others work.

    The copy is gone through, and the finished file read back, before it gets its name: there is a whole
    and proven backup or none. Raises DomainError ``file-taken`` (path), ``backup-source-broken`` (seq),
    ``backup-server``; Cancelled; Trouble ``disk-full``, ``file-unwritable`` and those of the database.
    """
    check_free(to, _TAKEN)
    with unfinished(to) as data, unfinished(to) as made:
        kind, found = _take(database, data, watch)
        if found.chain.fault:
            raise DomainError("backup-source-broken", seq=found.chain.fault_seq)
        sha256, size = package.digest(data, watch)
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
        )
        package.pack(data, manifest, made, watch)
        with package.opened(made) as (written, inside):
            package.unpack(inside, written, made, None, watch, "prove")
        put(made, to, _TAKEN)
    return manifest


def _take(database: Database, data: Path, watch: Watch) -> tuple[str, sqlite_file.Found]:
    """Copy the database into the empty file ``data`` by its kind; the kind, and what the copy holds."""
    if database.server is not None:
        raise DomainError("backup-server")
    sqlite_file.copy(database.path, data, watch)
    return "sqlite", sqlite_file.examine(data, watch)


def check(backup: Path, watch: Watch, head: str = "") -> Manifest:
    """Prove a backup as :func:`restore` does, and keep nothing. The data is unpacked beside the backup
    meanwhile, or where that folder is only to be read, where the system keeps what passes."""
    writable = os.access(backup.absolute().parent, os.W_OK)
    with unfinished(backup if writable else Path(gettempdir()) / backup.name) as data:
        return _prove(backup, data, watch, head)


def restore(backup: Path, to: Path, watch: Watch, head: str = "") -> Manifest:
    """Put a backup back as the new file ``to``, proven before it gets its name.

    ``head`` (from paper) must stand in its audit trail, if given. Raises DomainError ``file-taken``,
    ``backup-unreadable``, ``backup-foreign``, ``backup-newer``, ``backup-altered``, ``backup-unsound``,
    ``backup-chain`` (seq), ``backup-head``, ``backup-head-missing`` (all: path), ``backup-server``;
    Cancelled; Trouble ``disk-full``, ``file-unwritable``.
    """
    check_free(to, _TAKEN)
    with unfinished(to) as data:
        manifest = _prove(backup, data, watch, head)
        put(data, to, _TAKEN)
    return manifest


def _prove(backup: Path, data: Path, watch: Watch, head: str) -> Manifest:
    """Unpack a backup into the file ``data`` and hold it against its manifest."""
    path = str(backup)
    with package.opened(backup) as (manifest, inside):
        if manifest.kind != "sqlite":
            raise DomainError("backup-server")
        if manifest.revision not in migrate.revisions():
            raise DomainError("backup-newer", path=path, program=manifest.program)
        package.unpack(inside, manifest, backup, data, watch, "unpack")
    try:
        found = sqlite_file.examine(data, watch)
    except Trouble as trouble:
        raise DomainError("backup-unsound", path=path) from trouble
    if found.chain.fault:
        raise DomainError("backup-chain", path=path, seq=found.chain.fault_seq)
    if (found.chain.entries, found.chain.head) != (manifest.head_seq, manifest.head):
        raise DomainError("backup-head", path=path)
    told = (manifest.revision, manifest.tables, manifest.movements, manifest.moved)
    if told != (found.revision, found.tables, found.movements, found.moved):
        raise DomainError("backup-unsound", path=path)
    if head and verify(sqlite_file.entries(data), "".join(head.split()).lower()).fault:
        raise DomainError("backup-head-missing", path=path)
    return manifest
