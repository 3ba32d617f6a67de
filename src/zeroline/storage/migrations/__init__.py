"""Alembic revisions of the inventory database, run in process by ``zeroline.storage.migrate``."""
