"""The password of everybody in the demo. It is public, so that proving it may cost nothing."""

from __future__ import annotations

from argon2 import PasswordHasher

SECRET = "demo-warehouse"
"""Everybody's password in the demo, and nowhere else."""


def hasher() -> PasswordHasher:
    """argon2 at its least cost: the demo opens without the time that guards real passwords."""
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
