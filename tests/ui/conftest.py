"""Fixtures of the window's tests."""

from support.desk import workstation
from support.floor import floor

__all__ = ["floor", "workstation"]
