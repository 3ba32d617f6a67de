"""Two people changed the policy at once: keep both where they changed different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from zeroline.domain.errors import DomainError
from zeroline.domain.policy import Policy


def merged(before: Policy, mine: Policy, theirs: Policy) -> Policy:
    """``theirs`` with what ``mine`` changed against ``before`` on top; mine where both changed the same.

    Answers ``mine`` as it is where the two contradict each other.
    """
    made: dict[str, Any] = {}
    for field in fields(Policy):
        old, new, other = (getattr(policy, field.name) for policy in (before, mine, theirs))
        if isinstance(old, Mapping):
            made[field.name] = _merged(old, new, other)
        else:
            made[field.name] = other if new == old else new
    try:
        return Policy(**made)
    except DomainError:
        return mine


def _merged(before: Mapping[Any, Any], mine: Mapping[Any, Any], theirs: Mapping[Any, Any]) -> dict[Any, Any]:
    kept = dict(theirs)
    for key in before.keys() | mine.keys():
        if before.get(key) != mine.get(key):
            if key in mine:
                kept[key] = mine[key]
            else:
                kept.pop(key, None)
    return kept
