"""The one file of a backup: a zip of the data, its manifest, and of a server the login roles. Members are
read by these names only, and never written anywhere by a name of their own."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from zeroline.domain.backup import FORMAT, Manifest, Watch
from zeroline.domain.errors import DomainError
from zeroline.storage.safekeeping.place import refusals

DATA, MANIFEST, ROLES = "data", "manifest.json", "roles.json"
_PIECE = 1 << 20
_LONGEST = 1 << 20
"""Bytes of a manifest; a longer one is none."""
_MOST = 1 << 26
"""Bytes of login roles, some hundred thousand people."""


def digest(file: Path, watch: Watch) -> tuple[str, int]:
    """SHA-256 (hex) and length of a file."""
    made, size, of = hashlib.sha256(), 0, file.stat().st_size
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            made.update(piece)
            size += len(piece)
            watch(size // 2, of, "pack")
    return made.hexdigest(), size


def pack(data: Path, manifest: Manifest, into: Path, watch: Watch, roles: bytes = b"") -> None:
    """Write the backup; a dump of a server is packed already."""
    how = zipfile.ZIP_STORED if manifest.kind == "postgresql" else zipfile.ZIP_DEFLATED
    with refusals(into), zipfile.ZipFile(into, "w", how, compresslevel=1) as package:
        told = json.dumps(manifest.facts(), indent=1, sort_keys=True, ensure_ascii=False)
        package.writestr(MANIFEST, told)
        if manifest.roles:
            package.writestr(ROLES, roles)
        written = 0
        with data.open("rb") as stream, package.open(DATA, "w", force_zip64=True) as member:
            while piece := stream.read(_PIECE):
                member.write(piece)
                written += len(piece)
                watch((manifest.size + written) // 2, manifest.size, "pack")


@contextmanager
def opened(file: Path) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    """A backup and its manifest. Raises DomainError ``backup-unreadable``, ``backup-foreign``,
    ``backup-newer`` and ``backup-altered`` (path), Trouble ``file-unreadable``."""
    try:
        stream: BinaryIO = file.open("rb")
    except OSError as error:
        raise DomainError("backup-unreadable", path=str(file)) from error
    with stream:
        try:
            with zipfile.ZipFile(stream) as package:
                yield _manifest(package, file), package
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise DomainError("backup-altered", path=str(file)) from error


def _manifest(package: zipfile.ZipFile, file: Path) -> Manifest:
    if sorted(package.namelist()) not in ([DATA, MANIFEST], [DATA, MANIFEST, ROLES]):
        raise DomainError("backup-foreign", path=str(file))
    if package.getinfo(MANIFEST).file_size > _LONGEST:
        raise DomainError("backup-foreign", path=str(file))
    try:
        facts = json.loads(package.read(MANIFEST))
    except ValueError as error:
        raise DomainError("backup-altered", path=str(file)) from error
    if isinstance(facts, dict) and type(facts.get("format")) is int and facts["format"] > FORMAT:
        raise DomainError("backup-newer", path=str(file), program=str(facts.get("program", "")))
    manifest = Manifest.of(facts)
    if manifest is None:
        raise DomainError("backup-foreign", path=str(file))
    return manifest


def roles(package: zipfile.ZipFile, manifest: Manifest, file: Path) -> bytes:
    """The login roles as they were packed. Raises DomainError ``backup-altered`` (path) as :func:`unpack`."""
    raw = b""
    if ROLES in package.namelist() and package.getinfo(ROLES).file_size <= _MOST:
        raw = package.read(ROLES)
    if hashlib.sha256(raw).hexdigest() != manifest.roles:
        raise DomainError("backup-altered", path=str(file))
    return raw


def unpack(
    package: zipfile.ZipFile, manifest: Manifest, file: Path, into: Path | None, watch: Watch, step: str
) -> None:
    """Go through the data, writing it ``into`` a file if one is given. Raises DomainError
    ``backup-altered`` (path) unless it is byte by byte what the manifest says."""
    made, size = hashlib.sha256(), 0
    target = into.open("wb") if into is not None else None
    try:
        with package.open(DATA) as member:
            while piece := member.read(_PIECE):
                made.update(piece)
                size += len(piece)
                if size > manifest.size:
                    break
                if target is not None:
                    with refusals(into or file):
                        target.write(piece)
                watch(size, manifest.size, step)
    finally:
        if target is not None:
            with refusals(into or file):
                target.close()
    if size != manifest.size or made.hexdigest() != manifest.sha256:
        raise DomainError("backup-altered", path=str(file))
