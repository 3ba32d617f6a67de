"""Sources and imports, the ledger and what is derived from it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as text_of

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant, Micro

source = Table(
    "source",
    metadata,
    identity(),
    Column("code", String, nullable=False, unique=True),  # 'zeroline' is the program's own postings
    text("name"),
)

import_run = Table(
    "import_run",
    metadata,
    identity(),
    text("kind"),  # movements, items, locations, openings, balances, reservations, documents
    text("file_name"),
    text("sha256"),
    text("mapping"),
    text("header", "[]"),  # the file's column names as JSON, for the export of its rejects
    Column("person_id", BIG, nullable=False, server_default="0"),
    Column("at", Instant, nullable=False),
    Column("rows_read", BIG, nullable=False, server_default="0"),
    Column("rows_added", BIG, nullable=False, server_default="0"),
    Column("rows_known", BIG, nullable=False, server_default="0"),
    Column("rows_skipped", BIG, nullable=False, server_default="0"),  # left out by the mapping's own rule
    Column("rows_rejected", BIG, nullable=False, server_default="0"),
    Column("last_seq", BIG, nullable=False, server_default="0"),  # of its movements; for reports as of then
)

import_reject = Table(
    "import_reject",
    metadata,
    identity(),
    reference("import_id", "import_run"),
    Column("row", BIG, nullable=False),
    text("field"),
    text("value"),
    text("code"),  # a DomainError code
    text("facts", "{}"),  # its fields as JSON
    text("cells", "[]"),  # the row as read, as JSON, so that it can be exported, mended, imported again
    Index(None, "import_id"),
)

saved_mapping = Table(
    "saved_mapping",
    metadata,
    Column("name", String, primary_key=True),
    Column("toml", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

movement = Table(
    "movement",
    metadata,
    Column("seq", BIG, primary_key=True, autoincrement=True),  # arrival order; ties in time go by it
    reference("key_id", "stock_key"),
    Column("quantity", Micro, nullable=False),
    Column("kind", String, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    reference("source_id", "source"),
    Column("reference", String, nullable=False),
    text("time_basis", "both"),
    text("document"),
    text("document_line"),
    text("user_name"),
    Column("entered_quantity", Micro, nullable=False, server_default="0"),
    text("entered_unit"),
    Column("override", Boolean(create_constraint=True, name="override"), nullable=False, server_default="0"),
    reference("adjustment_id", "adjustment", nullable=True),  # the origin of Zeroline's own postings
    reference("import_id", "import_run", nullable=True),
    UniqueConstraint("source_id", "reference"),
    Index("ix_movement_book", "key_id", "recorded_at", "seq"),
    Index(
        "ix_movement_document",
        "document",
        sqlite_where=Column("document") != "",
        postgresql_where=Column("document") != "",
    ),
    Index(  # counts that show one mistake from both sides
        "ix_movement_correction",
        "quantity",
        "recorded_at",
        sqlite_where=text_of("kind IN ('count correction', 'adjustment')"),
        postgresql_where=text_of("kind IN ('count correction', 'adjustment')"),
    ),
    Index("ix_movement_arrival", "source_id", "recorded_at"),  # what else came from there at that time
    Index(
        "ix_movement_override",
        "key_id",
        sqlite_where=Column("override").is_(True),
        postgresql_where=Column("override").is_(True),
    ),
    Index(
        "ix_movement_adjustment",
        "adjustment_id",
        unique=True,
        sqlite_where=Column("adjustment_id").isnot(None),
        postgresql_where=Column("adjustment_id").isnot(None),
    ),
)

balance = Table(
    "balance",
    metadata,
    Column("key_id", BIG, ForeignKey("stock_key.id"), primary_key=True),
    Column("on_hand", Micro, nullable=False),
    Column("movements", BIG, nullable=False),
    Column("last_seq", BIG, nullable=False),  # last in book order
    Column("last_recorded_at", Instant, nullable=False),
    Column("ahead", Instant, nullable=False, server_default="0"),  # most µs anything was recorded too early
)

episode = Table(
    "episode",
    metadata,
    identity(),
    reference("key_id", "stock_key"),
    Column("opening_seq", BIG, nullable=False),
    Column("closing_seq", BIG),  # NULL while open
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),  # NULL while open
    Column("depth", Micro, nullable=False),  # lowest balance, below zero
    Column("unit_days", Micro, nullable=False),  # up to ended_at, or to measured_to while open
    Column("unit_days_rest", BIG, nullable=False, server_default="0"),  # what rounding left, micro-units × µs
    Column("measured_to", Instant, nullable=False),
    Column("transient", Boolean(create_constraint=True, name="transient"), nullable=False),
    UniqueConstraint("key_id", "opening_seq"),
    CheckConstraint("depth < 0", name="depth"),
    CheckConstraint("(closing_seq IS NULL) = (ended_at IS NULL)", name="closing"),
    Index(
        "ix_episode_open",
        "key_id",
        sqlite_where=Column("ended_at").is_(None),
        postgresql_where=Column("ended_at").is_(None),
    ),
    Index(None, "started_at"),
)

ledger_segment = Table(
    "ledger_segment",
    metadata,
    Column("first_seq", BIG, primary_key=True),
    Column("last_seq", BIG, nullable=False),
    Column("row_count", BIG, nullable=False),
    Column("columns", LargeBinary, nullable=False),
)

ledger_state = Table(
    "ledger_state",
    metadata,
    Column("id", BIG, primary_key=True),
    Column("applied_seq", BIG, nullable=False, server_default="0"),  # balances and episodes hold up to here
    Column("recorded_to", Instant, nullable=False, server_default="0"),  # newest recorded_at
    CheckConstraint("id = 1", name="one"),
)
