"""Policy: what is in force, how it came about, and a new version of it."""

from zeroline.ui.screens.policy.screen import PolicyScreen

__all__ = ["PolicyScreen"]
