"""People as the administrator's list shows them."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.person import Person


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people; ``locked_until`` is an instant in µs, 0 when not locked."""

    person: Person
    has_badge: bool
    locked_until: int
    created_at: int
    version: int
