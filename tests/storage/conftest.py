"""Fixtures of the storage tests, which run on both databases."""

from support.attack import attacker
from support.warehouse import on_both as pytest_generate_tests

__all__ = ["attacker", "pytest_generate_tests"]
