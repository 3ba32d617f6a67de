"""Fixtures of the stories."""

from support.console import console

__all__ = ["console"]
