"""What people are told, and the letters that carry it out."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "contact",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
    )
    op.create_table(
        "letter",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.Column("trouble", sa.String(), server_default="", nullable=False),
        sa.Column("holder", sa.String(), server_default="", nullable=False),
        sa.Column("held_until", BIG, server_default="0", nullable=False),
        sa.Column("sent_at", BIG, nullable=True),
        sa.CheckConstraint("channel IN ('mail', 'webhook')", name=op.f("ck_letter_channel")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dead')", name=op.f("ck_letter_state")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_letter_sent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("token", name=op.f("uq_letter_token")),
    )
    op.create_index(op.f("ix_letter_state_next_at"), "letter", ["state", "next_at"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("shown_at", BIG, nullable=True),
        sa.Column("seen_at", BIG, nullable=True),
        sa.Column("letter_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_alert_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index(op.f("ix_alert_person_id_seen_at"), "alert", ["person_id", "seen_at"], unique=False)
    op.create_index(op.f("ix_alert_letter_id"), "alert", ["letter_id"], unique=False)
    op.create_table(
        "alert_occasion",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("alert_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_occasion_alert_id")),
        sa.PrimaryKeyConstraint("person_id", "occasion", name=op.f("pk_alert_occasion")),
    )
    op.create_index(op.f("ix_alert_occasion_alert_id"), "alert_occasion", ["alert_id"], unique=False)
