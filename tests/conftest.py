"""Fixtures that every part of the suite may use."""

from support.warehouse import _staffed, clock, database, template, warehouse

__all__ = ["_staffed", "clock", "database", "template", "warehouse"]
