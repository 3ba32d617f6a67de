"""Import: choose files, match their columns on a preview, load them, mend what was rejected."""

from zeroline.ui.screens.intake.screen import IntakeScreen

__all__ = ["IntakeScreen"]
