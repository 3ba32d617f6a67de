"""Alerts as they are shown and as they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class AlertRow(NamedTuple):
    """One alert of a person. ``subject`` ('case 17') is where it is looked at, '' for nowhere in particular;
    ``seen_at`` None: not seen yet."""

    id: int
    kind: str
    subject: str
    facts: Mapping[str, Any]
    at: int
    seen_at: int | None


class Alerts(NamedTuple):
    """What a person was told, newest first, and how much of all of it they have not seen."""

    rows: tuple[AlertRow, ...]
    unseen: int


class Letter(NamedTuple):
    """One letter to be sent. ``token`` names it for ever, however often it is tried; ``address`` is '' where
    nobody can be reached; ``attempts`` so many failed before."""

    id: int
    token: str
    channel: str
    person_id: int
    name: str
    address: str
    made_at: int
    attempts: int
    alerts: tuple[AlertRow, ...]


class DeadLetter(NamedTuple):
    """A letter that was given up; ``name`` is '' for the house, ``trouble`` what went wrong last."""

    id: int
    channel: str
    name: str
    made_at: int
    attempts: int
    trouble: str
    alerts: int


class Outbox(NamedTuple):
    """How the letters of the house stand: so many wait, the oldest since then (µs, None: none); given up."""

    waiting: int
    oldest_at: int | None
    dead: tuple[DeadLetter, ...]
