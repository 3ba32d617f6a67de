"""Fixtures of the stories."""

from support.console import console
from support.floor import floor

__all__ = ["console", "floor"]
