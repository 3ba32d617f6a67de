"""Fixtures of the storage tests."""

from support.attack import attacker

__all__ = ["attacker"]
