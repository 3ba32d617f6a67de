"""What the program thinks of a case, what people say to it, and the ledger found by document and arrival."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of diagnosis and two indexes of the ledger."""
    op.create_table(
        "diagnosis",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("ledger_seq", BIG, nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("probability", BIG, nullable=False),
        sa.Column("explained", BIG, nullable=False),
        sa.Column("missing", BIG, nullable=False),
        sa.Column("hypotheses", sa.Text(), nullable=False),
        sa.CheckConstraint("probability BETWEEN 0 AND 1000000", name=op.f("ck_diagnosis_probability")),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_diagnosis_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
    )
    op.create_index(op.f("ix_diagnosis_case_id"), "diagnosis", ["case_id"], unique=False)
    op.create_table(
        "cause_verdict",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("site_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("guess", sa.String(), server_default="", nullable=False),
        sa.Column("probability", BIG, server_default="0", nullable=False),
        sa.Column("second", sa.String(), server_default="", nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(create_constraint=True, name="accepted"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_cause_verdict_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cause_verdict_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cause_verdict_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause_verdict")),
    )
    op.create_index(op.f("ix_cause_verdict_case_id"), "cause_verdict", ["case_id"], unique=False)
    op.create_index(op.f("ix_cause_verdict_site_id"), "cause_verdict", ["site_id"], unique=False)
    op.create_table(
        "learning_reset",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("site_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("last_verdict", BIG, server_default="0", nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_learning_reset_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_learning_reset_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_reset")),
    )
    op.create_index(op.f("ix_learning_reset_site_id"), "learning_reset", ["site_id"], unique=False)
    op.create_index(
        "ix_movement_document",
        "movement",
        ["document"],
        unique=False,
        sqlite_where=sa.text("document != ''"),
        postgresql_where=sa.text("document != ''"),
    )
    op.create_index(
        "ix_movement_correction",
        "movement",
        ["quantity", "recorded_at"],
        unique=False,
        sqlite_where=sa.text("kind IN ('count correction', 'adjustment')"),
        postgresql_where=sa.text("kind IN ('count correction', 'adjustment')"),
    )
    op.create_index("ix_document_number", "document", ["number"], unique=False)
    op.create_index(
        "ix_document_partner",
        "document",
        ["partner"],
        unique=False,
        sqlite_where=sa.text("partner <> ''"),
        postgresql_where=sa.text("partner <> ''"),
    )
    op.create_index("ix_movement_arrival", "movement", ["source_id", "recorded_at"], unique=False)
