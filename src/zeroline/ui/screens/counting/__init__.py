"""Counting: the sheets, blind entry, and what the counts came to."""

from zeroline.ui.screens.counting.screen import CountingScreen

__all__ = ["CountingScreen"]
