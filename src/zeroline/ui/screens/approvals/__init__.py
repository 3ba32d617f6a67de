"""Approvals: adjustments that wait for a decision, each with everything on one page."""

from zeroline.ui.screens.approvals.screen import ApprovalsScreen

__all__ = ["ApprovalsScreen"]
