"""One case on one screen."""

from zeroline.ui.screens.case.screen import CaseScreen

__all__ = ["CaseScreen"]
