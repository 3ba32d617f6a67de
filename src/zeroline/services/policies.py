"""Policy: read the version in force, see how it came about, set a new one."""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.domain.policy import Policy, PolicyChange, diff
from zeroline.storage import elsewhere, people, policies
from zeroline.storage.engine import Database


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version and what it changed against the one before; ``at`` µs, ``person_id`` 0 is the program."""

    version: int
    at: int
    person_id: int
    reason: str
    policy: Policy
    changed: tuple[PolicyChange, ...]


class Policies:
    """The policy of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> Policy:
        """The policy in force."""
        with self._database.read_plain() as connection:
            return policies.newest(connection).policy

    def current_version(self) -> int:
        """Number of the policy in force; hand it back to :meth:`change`."""
        with self._database.read_plain() as connection:
            return policies.current_version(connection)

    def version(self, number: int) -> Policy:
        """One version; DomainError ``policy-unknown`` (version)."""
        with self._database.read_plain() as connection:
            return policies.one(connection, number).policy

    def history(self) -> tuple[PolicyVersion, ...]:
        """All versions, newest first, each with its differences to the one before."""
        with self._database.read_plain() as connection:
            stored = policies.every(connection)
        found = []
        before = None
        for one in stored:
            changed = () if before is None else diff(before.policy, one.policy)
            found.append(PolicyVersion(one.version, one.at, one.person_id, one.reason, one.policy, changed))
            before = one
        return tuple(reversed(found))

    def change(self, actor: Person, policy: Policy, reason: str, version: int | None = None) -> Changes:
        """Put a policy in force, with the reason for it; audited with before and after.

        ``version`` is the one that was shown. Raises DomainError ``policy-reason-missing``,
        ``policy-unchanged``, ``not-allowed``, ``sites-limited`` (it holds at all sites; the actor
        sees only some) and ChangedMeanwhile ``changed-meanwhile``.
        """
        require(actor, Right.POLICY)
        reason = reason.strip()
        if not reason:
            raise DomainError("policy-reason-missing", field="reason")
        with self._database.write(actor.id) as work:
            people.require(work, Right.POLICY)
            elsewhere.require_all(work.connection)
            before = policies.newest(work.connection)
            if version is not None and version != before.version:
                who = people.names(work.connection).get(before.person_id, "")
                raise ChangedMeanwhile("changed-meanwhile", what="policy", who=who, changed_at=before.at)
            changed = diff(before.policy, policy)
            if not changed:
                raise DomainError("policy-unchanged")
            number = policies.add(work, policy, reason)
            work.audit(
                "policy changed",
                f"policy {number}",
                reason=reason,
                changed={one.path: [one.before, one.after] for one in changed},
            )
            work.changed(policy={number})
            return work.commit()
