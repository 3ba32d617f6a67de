"""The versions of the policy, newest last; nothing is ever changed in one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, insert, select

from zeroline.domain.errors import DomainError
from zeroline.domain.policy import Policy
from zeroline.storage.engine import Connection
from zeroline.storage.schema import policy_version
from zeroline.storage.unit_of_work import UnitOfWork

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


def newest(connection: Connection) -> StoredPolicy:
    """The version in force."""
    row = connection.exec_driver_sql(
        "SELECT version, at, person_id, reason, content FROM policy_version ORDER BY version DESC LIMIT 1"
    ).one()
    return StoredPolicy(row.version, row.at, row.person_id, row.reason, _policy(row.content))


def current_version(connection: Connection) -> int:
    """Number of the version in force."""
    found: int = connection.execute(select(func.max(policy_version.c.version))).scalar_one()
    return found


def one(connection: Connection, version: int) -> StoredPolicy:
    """One version; DomainError ``policy-unknown`` (version)."""
    row = connection.execute(select(policy_version).where(policy_version.c.version == version)).first()
    if row is None:
        raise DomainError("policy-unknown", version=version)
    return StoredPolicy(row.version, row.at, row.person_id, row.reason, _policy(row.content))


def every(connection: Connection) -> tuple[StoredPolicy, ...]:
    """All versions, oldest first."""
    rows = connection.execute(select(policy_version).order_by(policy_version.c.version))
    return tuple(
        StoredPolicy(row.version, row.at, row.person_id, row.reason, _policy(row.content)) for row in rows
    )


def add(work: UnitOfWork, policy: Policy, reason: str) -> int:
    """A new version in force from now on; answers its number."""
    before: int | None = work.connection.execute(select(func.max(policy_version.c.version))).scalar_one()
    version = (before or 0) + 1
    work.connection.execute(
        insert(policy_version).values(
            version=version, at=work.at, person_id=work.person_id, content=policy.to_json(), reason=reason
        )
    )
    return version
