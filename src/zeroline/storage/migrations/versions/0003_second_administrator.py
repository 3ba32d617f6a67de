"""What one administrator asks for somebody, and what a second one answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLE = "role IN ('counter', 'supervisor', 'manager', 'auditor', 'administrator')"


def upgrade() -> None:
    """Create the requests and their answers; who has a role keeps it."""
    op.create_table(
        "role_request",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=True, name="active"), nullable=False),
        sa.Column("role_before", sa.String(), nullable=False),
        sa.Column("active_before", sa.Boolean(create_constraint=True, name="active_before"), nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.CheckConstraint(ROLE, name=op.f("ck_role_request_role")),
        sa.CheckConstraint(
            "role <> role_before OR active <> active_before", name=op.f("ck_role_request_change")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_role_request_asked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    op.create_index(op.f("ix_role_request_person_id"), "role_request", ["person_id"], unique=False)
    op.create_table(
        "role_answer",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("request_id", BIG, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('confirmed', 'refused', 'withdrawn')", name=op.f("ck_role_answer_answer")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_answer_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["role_request.id"], name=op.f("fk_role_answer_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_answer")),
        sa.UniqueConstraint("request_id", name=op.f("uq_role_answer_request_id")),
    )
