"""The first layout of an inventory database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "audit_entry",
        sa.Column("seq", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), server_default="", nullable=False),
        sa.Column("file_name", sa.String(), server_default="", nullable=False),
        sa.Column("sha256", sa.String(), server_default="", nullable=False),
        sa.Column("mapping", sa.String(), server_default="", nullable=False),
        sa.Column("header", sa.String(), server_default="[]", nullable=False),
        sa.Column("person_id", BIG, server_default="0", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("rows_read", BIG, server_default="0", nullable=False),
        sa.Column("rows_added", BIG, server_default="0", nullable=False),
        sa.Column("rows_known", BIG, server_default="0", nullable=False),
        sa.Column("rows_skipped", BIG, server_default="0", nullable=False),
        sa.Column("rows_rejected", BIG, server_default="0", nullable=False),
        sa.Column("last_seq", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "item",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("base_unit", sa.String(), server_default="EA", nullable=False),
        sa.Column("unit_cost", BIG, server_default="0", nullable=False),
        sa.Column("abc_class", sa.String(), server_default="", nullable=False),
        sa.Column("item_class", sa.String(), server_default="", nullable=False),
        sa.Column("decimals", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("unit_cost >= 0", name=op.f("ck_item_cost")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    op.create_table(
        "ledger_segment",
        sa.Column("first_seq", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("row_count", BIG, nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first_seq", name=op.f("pk_ledger_segment")),
    )
    op.create_table(
        "ledger_state",
        sa.Column("id", BIG, nullable=False),
        sa.Column("applied_seq", BIG, server_default="0", nullable=False),
        sa.Column("recorded_to", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_state_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_state")),
    )
    op.create_table(
        "person",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), server_default="", nullable=False),
        sa.Column("badge", sa.String(), nullable=True),
        sa.Column(
            "active", sa.Boolean(create_constraint=True, name="active"), server_default="1", nullable=False
        ),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", BIG, server_default="0", nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "role IN ('counter', 'supervisor', 'manager', 'auditor', 'administrator')",
            name=op.f("ck_person_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("badge", name=op.f("uq_person_badge")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "policy_version",
        sa.Column("version", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_version")),
    )
    op.create_table(
        "saved_mapping",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("toml", sa.Text(), nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_mapping")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "site",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("zone", sa.String(), server_default="UTC", nullable=False),
        sa.Column("currency", sa.String(), server_default="EUR", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    op.create_table(
        "source",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("code", name=op.f("uq_source_code")),
    )
    op.create_table(
        "count_sheet",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("assigned_to", BIG, nullable=True),
        sa.Column("due_at", BIG, nullable=True),
        sa.Column("submitted_by", BIG, nullable=True),
        sa.Column("submitted_at", BIG, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["person.id"], name=op.f("fk_count_sheet_assigned_to")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_count_sheet_created_by")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_count_sheet_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_sheet")),
        sa.UniqueConstraint("number", name=op.f("uq_count_sheet_number")),
    )
    op.create_table(
        "document",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("due_at", BIG, nullable=True),
        sa.Column("partner", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_document_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("source_id", "kind", "number", name=op.f("uq_document_source_id_kind_number")),
    )
    op.create_table(
        "import_reject",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("row", BIG, nullable=False),
        sa.Column("field", sa.String(), server_default="", nullable=False),
        sa.Column("value", sa.String(), server_default="", nullable=False),
        sa.Column("code", sa.String(), server_default="", nullable=False),
        sa.Column("facts", sa.String(), server_default="{}", nullable=False),
        sa.Column("cells", sa.String(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_import_reject_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_reject")),
    )
    op.create_index(op.f("ix_import_reject_import_id"), "import_reject", ["import_id"], unique=False)
    op.create_table(
        "item_barcode",
        sa.Column("barcode", sa.String(), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("unit", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_barcode_item_id")),
        sa.PrimaryKeyConstraint("barcode", name=op.f("pk_item_barcode")),
    )
    op.create_table(
        "item_cost",
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.Column("unit_cost", BIG, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_cost_item_id")),
        sa.PrimaryKeyConstraint("item_id", "since", name=op.f("pk_item_cost")),
    )
    op.create_table(
        "item_past",
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("base_unit", sa.String(), server_default="EA", nullable=False),
        sa.Column("abc_class", sa.String(), server_default="", nullable=False),
        sa.Column("item_class", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_past_item_id")),
        sa.PrimaryKeyConstraint("item_id", "until", name=op.f("pk_item_past")),
    )
    op.create_table(
        "item_unit",
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("numerator", BIG, nullable=False),
        sa.Column("denominator", BIG, server_default="1", nullable=False),
        sa.CheckConstraint("numerator > 0 AND denominator > 0", name=op.f("ck_item_unit_factor")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_unit_item_id")),
        sa.PrimaryKeyConstraint("item_id", "unit", name=op.f("pk_item_unit")),
    )
    op.create_table(
        "location",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("site_id", BIG, nullable=False),
        sa.Column("warehouse", sa.String(), server_default="", nullable=False),
        sa.Column("zone", sa.String(), server_default="", nullable=False),
        sa.Column("kind", sa.String(), server_default="bin", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_location_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("code", name=op.f("uq_location_code")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("view", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "view", "name", name=op.f("uq_saved_view_person_id_view_name")),
    )
    op.create_table(
        "document_line",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=True),
        sa.Column("lot", sa.String(), server_default="", nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("done_quantity", BIG, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_line_document_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_document_line_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_document_line_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_line")),
        sa.UniqueConstraint("document_id", "line", name=op.f("uq_document_line_document_id_line")),
    )
    op.create_index(op.f("ix_document_line_item_id"), "document_line", ["item_id"], unique=False)
    op.create_table(
        "location_past",
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.Column("warehouse", sa.String(), server_default="", nullable=False),
        sa.Column("zone", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_location_past_location_id")),
        sa.PrimaryKeyConstraint("location_id", "until", name=op.f("pk_location_past")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=True),
        sa.Column("lot", sa.String(), server_default="", nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("document", sa.String(), server_default="", nullable=False),
        sa.Column("due_at", BIG, nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_reservation_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_reservation_location_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_reservation_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("source_id", "reference", name=op.f("uq_reservation_source_id_reference")),
    )
    op.create_index(op.f("ix_reservation_item_id"), "reservation", ["item_id"], unique=False)
    op.create_table(
        "stock_key",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("location_id", BIG, nullable=False),
        sa.Column("lot", sa.String(), server_default="", nullable=False),
        sa.Column("status", sa.String(), server_default="available", nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stock_key_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stock_key_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_key")),
        sa.UniqueConstraint(
            "item_id",
            "location_id",
            "lot",
            "status",
            name=op.f("uq_stock_key_item_id_location_id_lot_status"),
        ),
    )
    op.create_index(op.f("ix_stock_key_location_id"), "stock_key", ["location_id"], unique=False)
    op.create_table(
        "balance",
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("on_hand", BIG, nullable=False),
        sa.Column("movements", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.Column("last_recorded_at", BIG, nullable=False),
        sa.Column("ahead", BIG, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_balance_key_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_balance")),
    )
    op.create_table(
        "episode",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("opening_seq", BIG, nullable=False),
        sa.Column("closing_seq", BIG, nullable=True),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.Column("depth", BIG, nullable=False),
        sa.Column("unit_days", BIG, nullable=False),
        sa.Column("unit_days_rest", BIG, server_default="0", nullable=False),
        sa.Column("measured_to", BIG, nullable=False),
        sa.Column("transient", sa.Boolean(create_constraint=True, name="transient"), nullable=False),
        sa.CheckConstraint("(closing_seq IS NULL) = (ended_at IS NULL)", name=op.f("ck_episode_closing")),
        sa.CheckConstraint("depth < 0", name=op.f("ck_episode_depth")),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_episode_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("key_id", "opening_seq", name=op.f("uq_episode_key_id_opening_seq")),
    )
    op.create_index(
        "ix_episode_open",
        "episode",
        ["key_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_episode_started_at"), "episode", ["started_at"], unique=False)
    op.create_table(
        "stock_case",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("opening_seq", BIG, server_default="0", nullable=False),
        sa.Column("closing_seq", BIG, nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="new", nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("due_at", BIG, nullable=True),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("cause", sa.String(), server_default="", nullable=False),
        sa.Column("cause_comment", sa.String(), server_default="", nullable=False),
        sa.Column("cause_by", BIG, nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("reopened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["cause_by"], ["person.id"], name=op.f("fk_stock_case_cause_by")),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_stock_case_key_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_stock_case_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_case")),
        sa.UniqueConstraint("queue", "subject", name=op.f("uq_stock_case_queue_subject")),
    )
    op.create_index(op.f("ix_stock_case_key_id"), "stock_case", ["key_id"], unique=False)
    op.create_index(op.f("ix_stock_case_queue_state"), "stock_case", ["queue", "state"], unique=False)
    op.create_table(
        "stored_balance",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("on_hand", BIG, nullable=False),
        sa.Column("as_of", BIG, nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_stored_balance_import_id")),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_stored_balance_key_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_stored_balance_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_balance")),
        sa.UniqueConstraint(
            "source_id", "key_id", "as_of", name=op.f("uq_stored_balance_source_id_key_id_as_of")
        ),
    )
    op.create_index(op.f("ix_stored_balance_key_id"), "stored_balance", ["key_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_attachment_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attachment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("facts", sa.String(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_case_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"], unique=False)
    op.create_table(
        "case_evidence",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint(
            "kind IN ('count', 'movement', 'document', 'attachment')", name=op.f("ck_case_evidence_kind")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_case_evidence_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_evidence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_evidence")),
        sa.UniqueConstraint("case_id", "kind", "target", name=op.f("uq_case_evidence_case_id_kind_target")),
    )
    op.create_table(
        "count_line",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("sheet_id", BIG, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), server_default="to count", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column(
            "found", sa.Boolean(create_constraint=True, name="found"), server_default="0", nullable=False
        ),
        sa.Column("case_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_count_line_case_id")),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_count_line_key_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["count_sheet.id"], name=op.f("fk_count_line_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_line")),
        sa.UniqueConstraint("sheet_id", "key_id", name=op.f("uq_count_line_sheet_id_key_id")),
    )
    op.create_index(op.f("ix_count_line_case_id"), "count_line", ["case_id"], unique=False)
    op.create_index(op.f("ix_count_line_key_id"), "count_line", ["key_id"], unique=False)
    op.create_table(
        "count_draft",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("sheet_id", BIG, nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=True),
        sa.Column("entered", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("counted_at", BIG, nullable=False),
        sa.Column(
            "undone", sa.Boolean(create_constraint=True, name="undone"), server_default="0", nullable=False
        ),
        sa.ForeignKeyConstraint(["line_id"], ["count_line.id"], name=op.f("fk_count_draft_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_count_draft_person_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["count_sheet.id"], name=op.f("fk_count_draft_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_draft")),
    )
    op.create_index(
        op.f("ix_count_draft_sheet_id_person_id"), "count_draft", ["sheet_id", "person_id"], unique=False
    )
    op.create_table(
        "count_entry",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("line_id", BIG, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("counter_id", BIG, nullable=False),
        sa.Column("counted_at", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("entered", sa.String(), server_default="", nullable=False),
        sa.Column("submitted_at", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_count_entry_quantity")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_count_entry_round")),
        sa.ForeignKeyConstraint(["counter_id"], ["person.id"], name=op.f("fk_count_entry_counter_id")),
        sa.ForeignKeyConstraint(["line_id"], ["count_line.id"], name=op.f("fk_count_entry_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_entry")),
        sa.UniqueConstraint("line_id", "counter_id", name=op.f("uq_count_entry_line_id_counter_id")),
        sa.UniqueConstraint("line_id", "round", name=op.f("uq_count_entry_line_id_round")),
    )
    op.create_table(
        "adjustment",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("entry_id", BIG, nullable=True),
        sa.Column("reversal_of", BIG, nullable=True),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("book_before", BIG, nullable=False),
        sa.Column("unit_cost", BIG, nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.Column("arithmetic", sa.Text(), server_default="{}", nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="proposed", nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("tier_reasons", sa.String(), server_default="[]", nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("proposer_id", BIG, nullable=False),
        sa.Column("investigator_id", BIG, nullable=True),
        sa.Column("counter_id", BIG, nullable=True),
        sa.Column("recounter_id", BIG, nullable=True),
        sa.Column("proposed_at", BIG, nullable=False),
        sa.Column("guard", sa.String(), server_default="[]", nullable=False),
        sa.Column("guard_reason", sa.String(), server_default="", nullable=False),
        sa.Column("wait_reason", sa.String(), server_default="", nullable=False),
        sa.Column("shown_hash", sa.String(length=64), nullable=False),
        sa.Column("poster_id", BIG, nullable=True),
        sa.Column("posted_at", BIG, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reversal_of IS NOT NULL)", name=op.f("ck_adjustment_reversal")
        ),
        sa.CheckConstraint("cause <> ''", name=op.f("ck_adjustment_cause")),
        sa.CheckConstraint("quantity <> 0 OR kind = 'count correction'", name=op.f("ck_adjustment_quantity")),
        sa.CheckConstraint("tier BETWEEN 1 AND 3", name=op.f("ck_adjustment_tier")),
        sa.ForeignKeyConstraint(["case_id"], ["stock_case.id"], name=op.f("fk_adjustment_case_id")),
        sa.ForeignKeyConstraint(["counter_id"], ["person.id"], name=op.f("fk_adjustment_counter_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["count_entry.id"], name=op.f("fk_adjustment_entry_id")),
        sa.ForeignKeyConstraint(
            ["investigator_id"], ["person.id"], name=op.f("fk_adjustment_investigator_id")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_adjustment_key_id")),
        sa.ForeignKeyConstraint(["policy"], ["policy_version.version"], name=op.f("fk_adjustment_policy")),
        sa.ForeignKeyConstraint(["poster_id"], ["person.id"], name=op.f("fk_adjustment_poster_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_adjustment_proposer_id")),
        sa.ForeignKeyConstraint(["recounter_id"], ["person.id"], name=op.f("fk_adjustment_recounter_id")),
        sa.ForeignKeyConstraint(["reversal_of"], ["adjustment.id"], name=op.f("fk_adjustment_reversal_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("number", name=op.f("uq_adjustment_number")),
    )
    op.create_index(op.f("ix_adjustment_case_id"), "adjustment", ["case_id"], unique=False)
    op.create_index(op.f("ix_adjustment_key_id"), "adjustment", ["key_id"], unique=False)
    op.create_index(op.f("ix_adjustment_state"), "adjustment", ["state"], unique=False)
    op.create_table(
        "count_expectation",
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("book", BIG, nullable=False),
        sa.Column("book_seq", BIG, nullable=False),
        sa.Column("late", BIG, nullable=False),
        sa.Column("late_movements", sa.String(), server_default="[]", nullable=False),
        sa.Column("tolerance", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["count_entry.id"], name=op.f("fk_count_expectation_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_count_expectation")),
    )
    op.create_table(
        "adjustment_evidence",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("adjustment_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", BIG, nullable=False),
        sa.CheckConstraint(
            "kind IN ('count', 'movement', 'document', 'attachment')",
            name=op.f("ck_adjustment_evidence_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["adjustment_id"], ["adjustment.id"], name=op.f("fk_adjustment_evidence_adjustment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment_evidence")),
        sa.UniqueConstraint(
            "adjustment_id", "kind", "target", name=op.f("uq_adjustment_evidence_adjustment_id_kind_target")
        ),
    )
    op.create_table(
        "approval",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("adjustment_id", BIG, nullable=False),
        sa.Column("approver_id", BIG, nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), server_default="", nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("limit_value", BIG, nullable=False),
        sa.Column("cumulated_value", BIG, nullable=False),
        sa.Column("shown_hash", sa.String(length=64), nullable=False),
        sa.Column("meaning", sa.String(), server_default="", nullable=False),
        sa.Column("guard_reason", sa.String(), server_default="", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint("decision IN ('approved', 'rejected')", name=op.f("ck_approval_decision")),
        sa.ForeignKeyConstraint(["adjustment_id"], ["adjustment.id"], name=op.f("fk_approval_adjustment_id")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_approval_approver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("adjustment_id", name=op.f("uq_approval_adjustment_id")),
    )
    op.create_index(op.f("ix_approval_approver_id"), "approval", ["approver_id"], unique=False)
    op.create_table(
        "movement",
        sa.Column("seq", BIG, autoincrement=True, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occurred_at", BIG, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("time_basis", sa.String(), server_default="both", nullable=False),
        sa.Column("document", sa.String(), server_default="", nullable=False),
        sa.Column("document_line", sa.String(), server_default="", nullable=False),
        sa.Column("user_name", sa.String(), server_default="", nullable=False),
        sa.Column("entered_quantity", BIG, server_default="0", nullable=False),
        sa.Column("entered_unit", sa.String(), server_default="", nullable=False),
        sa.Column(
            "override",
            sa.Boolean(create_constraint=True, name="override"),
            server_default="0",
            nullable=False,
        ),
        sa.Column("adjustment_id", BIG, nullable=True),
        sa.Column("import_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["adjustment_id"], ["adjustment.id"], name=op.f("fk_movement_adjustment_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_movement_import_id")),
        sa.ForeignKeyConstraint(["key_id"], ["stock_key.id"], name=op.f("fk_movement_key_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_movement_source_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_movement")),
        sa.UniqueConstraint("source_id", "reference", name=op.f("uq_movement_source_id_reference")),
    )
    op.create_index(
        "ix_movement_adjustment",
        "movement",
        ["adjustment_id"],
        unique=True,
        sqlite_where=sa.text("adjustment_id IS NOT NULL"),
        postgresql_where=sa.text("adjustment_id IS NOT NULL"),
    )
    op.create_index("ix_movement_book", "movement", ["key_id", "recorded_at", "seq"], unique=False)
    op.create_index(
        "ix_movement_override",
        "movement",
        ["key_id"],
        unique=False,
        sqlite_where=sa.text("override IS 1"),
        postgresql_where=sa.text("override"),
    )
