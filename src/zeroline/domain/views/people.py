"""People as the administrator's list shows them."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right
from zeroline.domain.second_hand import WINDOW, Answer, Standing, check_answer, is_leaving


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

    def may_confirm(self, person: Person, now: int) -> bool:
        """Whether this is the second administrator it waits for (``now`` in µs)."""
        try:
            check_answer(
                Answer.CONFIRMED,
                person.id,
                asked_by=self.asked_by.id,
                concerned=self.person.id,
                leaving=self.leaving,
                late=now >= self.ends_at,
            )
        except DomainError:
            return False
        return person.may(Right.PEOPLE)

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
