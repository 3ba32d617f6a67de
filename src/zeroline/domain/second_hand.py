"""Which changes of accounts need a second administrator, and who may be that one.

Nobody gets the power to approve, or to look after people, from one person alone; and of two administrators
neither gets rid of the other alone, or the one left could appoint a friend and be two again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zeroline.domain.errors import DomainError
from zeroline.domain.instant import DAY
from zeroline.domain.person import RIGHTS, Right, Role

POWERS = frozenset(role for role, rights in RIGHTS.items() if rights & {Right.APPROVE, Right.PEOPLE})
"""Roles that nobody gets from one administrator alone."""

WINDOW = 7 * DAY
"""How long (µs) a grant can be confirmed, and how long an administrator has to say no to leaving."""


class Answer(StrEnum):
    """How a request ended."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do: their role, and whether they are let in."""

    role: Role
    active: bool

    @property
    def administers(self) -> bool:
        """Whether they look after people now."""
        return self.active and Right.PEOPLE in RIGHTS[self.role]


def is_grant(before: Standing | None, after: Standing) -> bool:
    """Whether somebody gets a power they did not have (``before`` None: a new person)."""
    return after.active and after.role in POWERS and before != after


def is_leaving(before: Standing | None, after: Standing) -> bool:
    """Whether an administrator stops being one, for nothing that would be a power too."""
    if before is None or is_grant(before, after):
        return False
    return before.administers and not after.administers


def needs_second(before: Standing | None, after: Standing, administrators: int) -> bool:
    """Whether a change waits for a second administrator; ``administrators``: how many are active now.

    One alone may appoint the second; where two are left, neither leaves without a record of both.
    """
    if is_grant(before, after):
        return administrators > 1 or not after.administers
    return is_leaving(before, after) and administrators == 2


def check_answer(
    answer: Answer, person_id: int, *, asked_by: int, concerned: int, leaving: bool, late: bool
) -> None:
    """Raise DomainError unless this administrator may answer so; ``late``: the window is over.

    Who asked withdraws and nothing else. Who is concerned never confirms a power of their own, but agrees to
    leave, or refuses to; a leaving that nobody answered in time needs no more than an administrator.
    ``second-not-asked``, ``second-late``, ``second-asked``, ``second-concerned``.
    """
    if answer is Answer.WITHDRAWN:
        if person_id != asked_by:
            raise DomainError("second-not-asked")
    elif leaving:
        unopposed = late and answer is Answer.CONFIRMED
        if person_id == asked_by and person_id != concerned and not unopposed:
            raise DomainError("second-asked")
    elif late:
        raise DomainError("second-late")
    elif person_id == asked_by:
        raise DomainError("second-asked")
    elif person_id == concerned:
        raise DomainError("second-concerned")
