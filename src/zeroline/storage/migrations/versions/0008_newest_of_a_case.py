"""The newest diagnosis and verdict of a case by an index of their own."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Put the order into the index."""
    for table in ("diagnosis", "cause_verdict"):
        op.drop_index(f"ix_{table}_case_id", table_name=table)
        op.create_index(f"ix_{table}_case_id_id", table, ["case_id", "id"], unique=False)
