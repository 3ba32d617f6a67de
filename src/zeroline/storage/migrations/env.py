"""Alembic's way in: the connection, with its transaction, is handed over by ``zeroline.storage.migrate``."""

from alembic import context

from zeroline.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
