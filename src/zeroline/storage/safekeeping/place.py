"""Files that are written under a name of their own and take their place when they are whole."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zeroline.domain.errors import DomainError, Trouble


@contextmanager
def refusals(file: Path) -> Iterator[None]:
    """Turn what the file system refuses into Trouble ``disk-full`` or ``file-unwritable`` (file, detail)."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Trouble("disk-full") from error
        detail = error.strerror or str(error)
        raise Trouble("file-unwritable", file=str(file), detail=detail) from error


@contextmanager
def unfinished(beside: Path) -> Iterator[Path]:
    """A new empty file beside another, for its owner's eyes only; it is gone afterwards."""
    made = beside.with_name(f".{beside.name[:80]}.{secrets.token_hex(6)}.unfinished")
    with refusals(beside):
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield made
    finally:
        for ending in ("", "-journal"):
            made.with_name(made.name + ending).unlink(missing_ok=True)


def check_free(place: Path, code: str) -> None:
    """DomainError ``code`` (path) where something lies already, a database's log of old included: SQLite
    would take it for the log of what is put there."""
    for ending in ("", "-wal", "-shm", "-journal"):
        found = place.with_name(place.name + ending)
        if found.exists() or found.is_symlink():
            raise DomainError(code, path=str(found))


def put(made: Path, place: Path, code: str) -> None:
    """Give a whole file its name, on the disk before it is seen there. Nothing is ever written over:
    DomainError ``code`` (path), also where another program was first."""
    with refusals(place):
        with made.open("rb+") as stream:
            os.fsync(stream.fileno())
        check_free(place, code)
        try:
            os.link(made, place)
        except FileExistsError as error:
            raise DomainError(code, path=str(place)) from error
        except OSError:  # a file system without links
            made.rename(place)
        if os.name == "posix":
            folder = os.open(place.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
