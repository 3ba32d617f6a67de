"""A person's named filter of one list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SavedView:
    """``view`` names the list ('queue negative'), ``tree`` is JSON made by the window: never SQL."""

    id: int
    person_id: int
    view: str
    name: str
    tree: str
