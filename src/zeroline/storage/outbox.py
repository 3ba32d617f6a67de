"""A file of one workstation to which lines are added, each safe on the disk before it counts as kept.

A line is a JSON object that ends with ``"sum"``, a check value over the rest. A last line without its end is
what a crash left of one that was never acknowledged: it is dropped. Every program that adds or empties holds
a lock on the file, so that two windows never write into each other.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

_OWN = 0o600  # nobody but the user of the operating system
_LOCKED_AT = 1 << 40  # a byte that no file reaches: on Windows what is locked cannot be read

Row = dict[str, Any]


class Read(NamedTuple):
    """The lines of a file in order, and how many of them are damaged."""

    rows: tuple[Row, ...]
    unreadable: int


class OutboxFile:
    """One such file; made, with its folder, by the first :meth:`add`. Raises OSError of the file system."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Read:
        """Everything that was ever acknowledged and not emptied since."""
        try:
            return _rows(self.path.read_bytes())
        except FileNotFoundError:
            return Read((), 0)

    def add(self, make: Callable[[Sequence[Row]], Sequence[Mapping[str, Any]]]) -> tuple[Row, ...]:
        """Add what ``make`` answers to the rows that are there; when this returns it is on the disk.

        After an error the file is as before.
        """
        with self._locked() as (file, data):
            added = tuple(dict(row) for row in make(_rows(data).rows))
            end = _end(data)
            try:
                os.ftruncate(file, end)
                _write(file, end, b"".join(map(_line, added)))
            except OSError:
                with suppress(OSError):
                    os.ftruncate(file, end)
                raise
            return added

    def empty_if(self, done: Callable[[Sequence[Row]], bool], *, damaged_too: bool = False) -> None:
        """Empty the file where nothing in it is needed any more; damaged lines only if that is wanted."""
        with self._locked() as (file, data):
            found = _rows(data)
            if (damaged_too or not found.unreadable) and done(found.rows):
                os.ftruncate(file, 0)
                os.fsync(file)

    @contextmanager
    def _locked(self) -> Iterator[tuple[int, bytes]]:
        """The open file, alone among those that write to it, and all that is in it."""
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not self.path.exists()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        file = os.open(self.path, flags, _OWN)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(file, _OWN)
            if fresh:
                _keep_name(folder)
            _lock(file)
            with os.fdopen(os.dup(file), "rb") as reader:
                reader.seek(0)
                data = reader.read()
            yield file, data
        finally:
            os.close(file)  # which gives the lock back


if sys.platform == "win32":

    def _lock(file: int) -> None:
        import msvcrt

        os.lseek(file, _LOCKED_AT, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)

else:

    def _lock(file: int) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def _keep_name(folder: Path) -> None:
    """Make the name of a new file as safe as its content, where folders can be opened."""
    if sys.platform != "win32":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _write(file: int, at: int, data: bytes) -> None:
    os.lseek(file, at, os.SEEK_SET)
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)


def _end(data: bytes) -> int:
    """Where the last whole line ends."""
    return data.rfind(b"\n") + 1


def _rows(data: bytes) -> Read:
    lines = data[: _end(data)].splitlines()
    rows = [row for row in map(_row, lines) if row is not None]
    return Read(tuple(rows), len(lines) - len(rows))


def _line(row: Mapping[str, Any]) -> bytes:
    text = json.dumps(row, ensure_ascii=True, separators=(",", ":"))
    return f'{text[:-1]},"sum":{zlib.crc32(text.encode())}}}\n'.encode()


def _row(line: bytes) -> Row | None:
    """The object of a line; None where it is damaged."""
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            return None
        found = row.pop("sum", None)
    except ValueError:
        return None
    text = json.dumps(row, ensure_ascii=True, separators=(",", ":"))
    return row if found == zlib.crc32(text.encode()) else None
