"""People as the administrator's list shows them."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.changes import Changes
from zeroline.domain.person import Person
from zeroline.domain.second_hand import WINDOW, Standing, is_leaving


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people; ``locked_until`` is an instant in µs, 0 when not locked."""

    person: Person
    has_badge: bool
    locked_until: int
    created_at: int
    version: int


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """What one administrator asked for somebody and nobody has answered yet; instants in µs.

    ``wanted`` is what the person would be. Somebody new is there already, switched off.
    """

    id: int
    person: Person
    wanted: Standing
    asked_by: Person
    asked_at: int

    @property
    def ends_at(self) -> int:
        """Until when a power can be confirmed, or leaving be refused."""
        return self.asked_at + WINDOW

    @property
    def leaving(self) -> bool:
        """Whether an administrator would stop being one: they agree themselves, or say no in time."""
        return is_leaving(Standing(self.person.role, self.person.active), self.wanted)


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a change of an account: done (``waiting`` None), or waiting for a second administrator.

    ``person`` as stored now.
    """

    person: Person
    waiting: RoleRequest | None
    changes: Changes
