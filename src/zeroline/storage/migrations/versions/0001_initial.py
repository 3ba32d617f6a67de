"""The first layout of an inventory database."""

from alembic import op

from zeroline.storage.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
