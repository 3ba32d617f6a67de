"""Commands told under a key, with what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table of commands."""
    op.create_table(
        "command",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("arguments", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_command_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_command")),
    )
