"""Zeroline: a desktop console for the people who clear up negative inventory."""

__version__ = "0.1.0"
