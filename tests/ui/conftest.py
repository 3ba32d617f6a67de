"""Fixtures of the window's tests."""

from support.console import console
from support.desk import workstation
from support.floor import floor

__all__ = ["console", "floor", "workstation"]
