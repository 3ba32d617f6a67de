"""The versions of the policy, newest last; nothing is ever changed in one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zeroline.domain.errors import DomainError
from zeroline.domain.policy import Policy
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork

_STORED = "SELECT version, at, person_id, reason, content FROM policy_version"
_policy = lru_cache(maxsize=16)(Policy.from_json)
"""A policy is frozen and its text never changes, so it is read once."""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """One version: since when (µs), by whom (0: shipped), why, and the policy itself."""

    version: int
    at: int
    person_id: int
    reason: str
    policy: Policy


def newest(connection: Texts) -> StoredPolicy:
    """The version in force."""
    return _stored(connection.exec_driver_sql(f"{_STORED} ORDER BY version DESC LIMIT 1").first())


def current_version(connection: Texts) -> int:
    """Number of the version in force, 0 before the first."""
    return connection.exec_driver_sql("SELECT MAX(version) FROM policy_version").scalar() or 0


def one(connection: Texts, version: int) -> StoredPolicy:
    """One version; DomainError ``policy-unknown`` (version)."""
    row = connection.exec_driver_sql(f"{_STORED} WHERE version = ?", (version,)).first()
    if row is None:
        raise DomainError("policy-unknown", version=version)
    return _stored(row)


def every(connection: Texts) -> tuple[StoredPolicy, ...]:
    """All versions, oldest first."""
    return tuple(map(_stored, connection.exec_driver_sql(f"{_STORED} ORDER BY version").fetchall()))


def add(work: PlainWork, policy: Policy, reason: str) -> int:
    """A new version in force from now on; answers its number."""
    version = current_version(work.connection) + 1
    work.connection.exec_driver_sql(
        "INSERT INTO policy_version (version, at, person_id, content, reason) VALUES (?, ?, ?, ?, ?)",
        (version, work.at, work.person_id, policy.to_json(), reason),
    )
    return version


def _stored(row: Any) -> StoredPolicy:
    version, at, person_id, reason, content = row
    return StoredPolicy(version, at, person_id, reason, _policy(content))
