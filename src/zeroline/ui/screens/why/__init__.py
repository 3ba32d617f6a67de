"""Above single cases: what they share, whose clocks are late, what was learned from people's answers."""

from zeroline.ui.screens.why.screen import WhyScreen

__all__ = ["WhyScreen"]
