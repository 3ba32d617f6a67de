"""Intake: what sources hand over becomes the ledger and what surrounds it, all of it or nothing."""

from zeroline.services.intake.service import Intake, Progress

__all__ = ["Intake", "Progress"]
