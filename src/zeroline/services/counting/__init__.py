"""Counting: sheets, blind entry, submission with its frozen expectation, recounts, results."""

from zeroline.services.counting.submitting import Counting

__all__ = ["Counting"]
