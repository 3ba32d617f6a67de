"""A move from a file to a server: how far it is, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from zeroline.domain.errors import DomainError

Watch: TypeAlias = Callable[[int, int, str, str], None]
"""Told rows done, rows in all, which of STEPS, and the table; raises Cancelled to stop."""

STEPS = ("check", "copy", "compare", "finish")


class Compared(NamedTuple):
    """One table on both sides: rows, and SHA-256 over the text of all rows in the order of their key.

    ``differs`` names the first row that is not the same (``seq 17``), '' where all are.
    """

    table: str
    rows_before: int
    rows_after: int
    digest_before: str
    digest_after: str
    differs: str = ""

    @property
    def same(self) -> bool:
        """Whether both sides hold the same."""
        counted, digested = self.rows_before == self.rows_after, self.digest_before == self.digest_after
        return counted and digested and not self.differs


class Planned(NamedTuple):
    """What a move will do: logins of the active ``administrators``; ``problems`` is why logins cannot be
    carried over (with any of them a move refuses); ``begun`` is whether it goes on with one that stopped."""

    administrators: tuple[str, ...]
    problems: tuple[DomainError, ...]
    begun: bool


class Moved(NamedTuple):
    """What a move came to. It is ``finished`` unless a table differs; then the server's database stays shut.

    ``head`` is the file's last audit entry as ``17:ab12…``. ``waiting`` are logins that have no password yet,
    ``kept`` those that keep the one they have on the server.
    """

    tables: tuple[Compared, ...]
    head: str
    waiting: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether everything arrived."""
        return all(one.same for one in self.tables)

    @property
    def rows(self) -> int:
        """Rows of all tables of the file."""
        return sum(one.rows_before for one in self.tables)
