"""A case as its audit trail on paper tells it; quantities in micro-units, instants µs UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zeroline.domain.episode import Episode
from zeroline.domain.views.explanation import Explained, GuessThen, WordThen
from zeroline.domain.views.key import KeyFacts


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of a case's audit trail: position and hash in the chain, who, when, what."""

    seq: int
    at: int
    person: str
    action: str
    subject: str
    facts: str
    hash: str


@dataclass(frozen=True, slots=True)
class MovementThen:
    """A movement of the case's key with the balance after it."""

    reference: str
    kind: str
    document: str
    user: str
    quantity: int
    balance: int
    recorded_at: int
    occurred_at: int
    crossing: bool


@dataclass(frozen=True, slots=True)
class EventThen:
    """A line of the log: person '' is the program."""

    at: int
    person: str
    kind: str
    text: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseThen:
    """A case as it stood at the as-of instant, re-derived from its log, the audit trail and the ledger.

    ``book`` and ``physical``: (instant, balance) steps of the whole key; ``physical`` is empty where the
    order in which things happened is not known. ``movements`` are those around the crossing.
    """

    case_id: int
    queue: str
    state: str
    owner: str
    cause: str
    key: KeyFacts
    on_hand: int
    episode: Episode | None
    events: tuple[EventThen, ...]
    movements: tuple[MovementThen, ...]
    left_out: int  # movements of the key that are not listed
    book: tuple[tuple[int, int], ...]
    physical: tuple[tuple[int, int], ...]
    bands: tuple[tuple[int, int | None, bool], ...]  # (from, to, transient)
    why: Explained
    guess: GuessThen | None
    words: tuple[WordThen, ...]
