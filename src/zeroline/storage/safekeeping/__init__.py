"""Backups: one file that proves what it holds, and the way back from it."""

from zeroline.storage.safekeeping.keeping import back_up, check, kind_of, restore

__all__ = ["back_up", "check", "kind_of", "restore"]
