"""Setting policy: versioned, with the reason, audited with before and after."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from support.warehouse import CHEAP, Warehouse
from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Role
from zeroline.domain.policy import DEFAULT, PolicyChange
from zeroline.services.auditing import Auditing
from zeroline.services.people import People
from zeroline.services.policies import Policies

STRICTER = replace(DEFAULT, idle_lock_seconds=60)


@pytest.fixture
def policies(warehouse: Warehouse) -> Policies:
    return Policies(warehouse.database)


def test_a_new_database_has_the_shipped_policy(policies: Policies) -> None:
    assert policies.current() == DEFAULT
    assert policies.current_version() == 1
    [first] = policies.history()
    assert (first.version, first.person_id, first.changed) == (1, 0, ())


def test_a_manager_puts_a_policy_in_force(warehouse: Warehouse, policies: Policies) -> None:
    changes = policies.change(warehouse.people.manager, STRICTER, " shared workstations ", version=1)
    assert changes == Changes(policy=frozenset({2}))
    assert policies.current() == STRICTER
    assert policies.version(1) == DEFAULT
    newest, _ = policies.history()
    assert (newest.version, newest.person_id, newest.at) == (
        2,
        warehouse.people.manager.id,
        warehouse.clock.now,
    )
    assert newest.reason == "shared workstations"
    assert newest.changed == (PolicyChange("idle_lock_seconds", "300", "60"),)


def test_the_trail_shows_before_and_after(warehouse: Warehouse, policies: Policies) -> None:
    policies.change(warehouse.people.manager, STRICTER, "shared workstations")
    [entry] = Auditing(warehouse.database).entries("policy 2")
    assert (entry.action, entry.person_id) == ("policy changed", warehouse.people.manager.id)
    assert json.loads(entry.facts) == {
        "reason": "shared workstations",
        "changed": {"idle_lock_seconds": ["300", "60"]},
    }


@pytest.mark.parametrize("role", ["counter", "supervisor", "auditor", "administrator"])
def test_only_a_manager_sets_policy(warehouse: Warehouse, policies: Policies, role: str) -> None:
    with pytest.raises(DomainError, match="not-allowed"):
        policies.change(getattr(warehouse.people, role), STRICTER, "because")


def test_nobody_sets_policy_with_the_role_they_had_yesterday(
    warehouse: Warehouse, policies: Policies
) -> None:
    manager = warehouse.people.manager
    people = People(warehouse.database, CHEAP)
    people.change_role(warehouse.people.administrator, manager.id, Role.AUDITOR)
    with pytest.raises(DomainError, match="not-allowed"):
        policies.change(manager, STRICTER, "because")
    assert policies.current() == DEFAULT


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_has_a_reason(warehouse: Warehouse, policies: Policies, reason: str) -> None:
    with pytest.raises(DomainError, match="policy-reason-missing"):
        policies.change(warehouse.people.manager, STRICTER, reason)


def test_a_change_changes_something(warehouse: Warehouse, policies: Policies) -> None:
    with pytest.raises(DomainError, match="policy-unchanged"):
        policies.change(warehouse.people.manager, replace(DEFAULT), "because")


def test_a_lost_race_names_who_was_first(warehouse: Warehouse, policies: Policies) -> None:
    policies.change(warehouse.people.other_manager, STRICTER, "first")
    with pytest.raises(ChangedMeanwhile) as told:
        policies.change(warehouse.people.manager, replace(DEFAULT, watch_window_days=1), "second", version=1)
    assert told.value.fields["who"] == "Omar Othermanager"
    assert policies.current() == STRICTER


def test_a_version_that_never_was_is_unknown(policies: Policies) -> None:
    with pytest.raises(DomainError, match="policy-unknown"):
        policies.version(9)
