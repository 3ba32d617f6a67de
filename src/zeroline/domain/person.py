"""People, their roles, and what each role may do (the table 'Who uses it' of the domain law)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zeroline.domain.errors import DomainError


class Role(StrEnum):
    """One person has one role at a time; duties are separated by person, not by role (rule 3)."""

    COUNTER = "counter"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """One thing a person may do."""

    COUNT = "count"
    TRIAGE = "triage"
    PROPOSE = "propose"
    APPROVE = "approve"
    POLICY = "policy"
    IMPORT = "import"
    READ_BOOK = "read book"
    REPORT = "report"
    PEOPLE = "people"
    ENTITY = "name whose books these are"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.COUNTER: frozenset({Right.COUNT}),
    Role.SUPERVISOR: frozenset(
        {
            Right.COUNT,
            Right.TRIAGE,
            Right.PROPOSE,
            Right.APPROVE,
            Right.IMPORT,
            Right.READ_BOOK,
            Right.REPORT,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Right.COUNT,
            Right.TRIAGE,
            Right.PROPOSE,
            Right.APPROVE,
            Right.POLICY,
            Right.ENTITY,
            Right.IMPORT,
            Right.READ_BOOK,
            Right.REPORT,
        }
    ),
    Role.AUDITOR: frozenset({Right.READ_BOOK, Right.REPORT}),
    Role.ADMINISTRATOR: frozenset({Right.IMPORT, Right.READ_BOOK, Right.REPORT, Right.PEOPLE, Right.ENTITY}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in. ``id`` 0 is the program itself (imports and nightly jobs without a person)."""

    id: int
    login: str
    name: str
    role: Role
    active: bool = True

    def may(self, right: Right) -> bool:
        """Whether the role gives the right."""
        return self.active and right in RIGHTS[self.role]


PROGRAM = Person(0, "", "Zeroline", Role.ADMINISTRATOR)
"""Who acts in imports and nightly jobs that nobody signed in for; never counts, proposes or approves."""


def require(actor: Person, right: Right) -> None:
    """Raise DomainError ``not-allowed`` (right, role) unless the actor is active and has the right.

    A first check on what the caller believes; every write asks the database again who the actor is now
    (``zeroline.storage.people.require``).
    """
    if not actor.may(right):
        raise DomainError("not-allowed", right=right.value, role=actor.role.value)
