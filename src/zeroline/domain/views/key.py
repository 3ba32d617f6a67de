"""The stock key as people see it: the same block of facts on every screen and page."""

from __future__ import annotations

from dataclasses import dataclass, field

Fact = int | str
"""What a code is filled in with; names end in _quantity, _value, _at or _percent where it is a number."""


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One stock key in words. ``decimals`` are those that quantities of the item show."""

    key_id: int
    item_id: int
    item: str
    description: str
    location: str
    site: str
    warehouse: str
    zone: str
    lot: str
    status: str
    unit: str
    decimals: int
    abc_class: str = ""
    item_class: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code and the facts its sentence quotes; the sentence is made where it is shown."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)
