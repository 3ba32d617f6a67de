"""What a write touched, so that every visible screen can decide whether to reload; and news of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple, Protocol

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what one committed write touched; every field is a set of record ids of that kind."""

    ledger: frozenset[int] = _NONE  # stock key ids whose movements, balance or episodes changed
    cases: frozenset[int] = _NONE
    counts: frozenset[int] = _NONE  # count sheet ids
    adjustments: frozenset[int] = _NONE
    people: frozenset[int] = _NONE
    policy: frozenset[int] = _NONE  # policy versions
    imports: frozenset[int] = _NONE
    views: frozenset[int] = _NONE  # saved filters
    presence: frozenset[int] = _NONE  # case ids that somebody opened or left
    alerts: frozenset[int] = _NONE  # people who were told or have seen something, letters sent again
    everything: bool = False  # an import or restore touched too much to list

    def __or__(self, other: Changes) -> Changes:
        return Changes(**{f.name: getattr(self, f.name) | getattr(other, f.name) for f in fields(self)})

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


class Heard(NamedTuple):
    """What somebody at another workstation did: Changes, and for people who did what to what, and when (µs).

    ``action`` is that of the audit trail (``case assigned``), '' where there is nothing to say (presence).
    """

    changes: Changes
    person_id: int = 0
    name: str = ""
    action: str = ""
    subject: str = ""
    at: int = 0


class News(Protocol):
    """A source of news over a connection of its own. One thread begins and waits; any thread may stop it."""

    def begin(self) -> None:
        """Connect: what happens from now on is news. Raises Trouble while the database cannot be asked."""

    def wait(self, timeout: int) -> Sequence[Heard]:
        """What others did since the last call, as soon as there is any; nothing after ``timeout`` µs.

        Own writes are left out. Raises Trouble while the database cannot be asked; what was missed since the
        beginning comes with the first call that succeeds.
        """

    def stop(self) -> None:
        """Let :meth:`wait` answer at once, now and from now on."""

    def close(self) -> None:
        """Close the connection; by the thread that waited."""
