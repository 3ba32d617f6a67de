"""A backup's manifest: what a backup says it holds, so that a restored database can prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeAlias

FORMAT = 1
"""The layout of a backup; a higher one is of a newer program."""

ENDING = ".zeroline-backup"

Watch: TypeAlias = Callable[[int, int, str], None]
"""Told how far the work is (done, of, which of STEPS); raises Cancelled to stop it."""

STEPS = ("copy", "check", "pack", "prove", "unpack", "fill", "compare")


class Logins(NamedTuple):
    """Login roles of a server's people, in a backup or after restoring one.

    ``made`` are in the backup, or were made; ``left`` were on the server already and were left as they are;
    ``strangers`` there are nobody of ours; ``silent`` are those of ``made`` without proof of a password.
    """

    made: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """``head`` is the last audit entry that the data holds; ``made_at`` µs, ``moved`` micro-units.

    ``kind`` is ``sqlite`` or ``postgresql``, ``tables`` the rows of each table, ``movements`` and ``moved``
    the ledger's count and sum of quantities, ``sha256`` and ``size`` (bytes) are those of the data,
    ``roles`` the SHA-256 of a server's login roles ('' for a file, which has none).
    """

    program: str
    revision: str
    kind: str
    database: str
    made_at: int
    made_by: str
    head_seq: int
    head: str
    tables: Mapping[str, int]
    movements: int
    moved: int
    sha256: str
    size: int
    roles: str = ""
    format: int = FORMAT

    def facts(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)

    @classmethod
    def of(cls, facts: Any) -> Manifest | None:
        """The manifest behind decoded JSON, or None if it is none."""
        if not isinstance(facts, dict):
            return None
        try:
            made = cls(**{name: facts[name] for name in cls.__slots__ if name != "roles" or name in facts})
        except KeyError:
            return None
        numbers = (made.made_at, made.head_seq, made.movements, made.moved, made.size, made.format)
        texts = (
            *(made.program, made.revision, made.kind, made.database),
            *(made.made_by, made.head, made.sha256, made.roles),
        )
        sound = (
            all(type(number) is int for number in numbers)
            and all(isinstance(text, str) for text in texts)
            and isinstance(made.tables, dict)
            and all(type(rows) is int for rows in made.tables.values())
        )
        return made if sound else None


@dataclass(frozen=True, slots=True)
class Proven:
    """A backup or a restored database that was gone through: the ``file`` (or a server's database by its
    address without a password), what it is, and of a server its login roles."""

    file: str
    manifest: Manifest
    logins: Logins | None = None

    @property
    def head(self) -> str:
        """The head as it is printed and as ``audit verify --head`` takes it."""
        return f"{self.manifest.head_seq}:{self.manifest.head}"


class Kept(NamedTuple):
    """A backup as the audit trail remembers it: entry, instant (µs), who, which file, its head."""

    seq: int
    at: int
    who: str
    file: str
    head: str
