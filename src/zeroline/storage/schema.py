"""The tables. Quantities and money are whole micro-units, instants whole µs UTC.

Names follow the trade. Records that are evidence (movement, count entry, approval, audit entry, …) are
append-only: ``guard`` holds that in the database. ``episode``, ``balance`` and ``ledger_segment`` are
derived from ``movement`` and can be rebuilt at any time.

Until the first release a change here goes into the one initial migration, which
``python -m support.initial_migration`` (in ``tests/``) writes anew; afterwards it is a new revision.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from zeroline.storage.types import BIG, Instant, Micro

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BIG, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, nullable: bool = False) -> Column[int]:
    return Column(name, BIG, ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, String, nullable=False, server_default=default)


# --- master data -------------------------------------------------------------------------------------

site = Table(
    "site",
    metadata,
    _id(),
    Column("code", String, nullable=False, unique=True),
    _text("name"),
    _text("zone", "UTC"),  # IANA time zone, for screens and paper
    _text("currency", "EUR"),
)

item = Table(
    "item",
    metadata,
    _id(),
    Column("code", String, nullable=False, unique=True),
    _text("description"),
    _text("base_unit", "EA"),
    Column("unit_cost", Micro, nullable=False, server_default="0"),
    _text("abc_class"),
    _text("item_class"),
    Column("decimals", Integer, nullable=False, server_default="0"),
    CheckConstraint("unit_cost >= 0", name="cost"),
)

item_cost = Table(  # append-only: what an item cost from then on, for reports as of an instant
    "item_cost",
    metadata,
    Column("item_id", BIG, ForeignKey("item.id"), primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("unit_cost", Micro, nullable=False),
)

item_unit = Table(
    "item_unit",
    metadata,
    Column("item_id", BIG, ForeignKey("item.id"), primary_key=True),
    Column("unit", String, primary_key=True),
    Column("numerator", Micro, nullable=False),  # one unit is numerator / denominator base units
    Column("denominator", Micro, nullable=False, server_default="1"),
    CheckConstraint("numerator > 0 AND denominator > 0", name="factor"),
)

item_barcode = Table(
    "item_barcode",
    metadata,
    Column("barcode", String, primary_key=True),
    _ref("item_id", "item"),
    _text("unit"),
)

location = Table(
    "location",
    metadata,
    _id(),
    Column("code", String, nullable=False, unique=True),
    _ref("site_id", "site"),
    _text("warehouse"),
    _text("zone"),
    _text("kind", "bin"),
)

stock_key = Table(
    "stock_key",
    metadata,
    _id(),
    _ref("item_id", "item"),
    _ref("location_id", "location"),
    _text("lot"),
    _text("status", "available"),
    UniqueConstraint("item_id", "location_id", "lot", "status"),
    Index(None, "location_id"),
)

# --- sources and imports -----------------------------------------------------------------------------

source = Table(
    "source",
    metadata,
    _id(),
    Column("code", String, nullable=False, unique=True),  # 'zeroline' is the program's own postings
    _text("name"),
)

import_run = Table(
    "import_run",
    metadata,
    _id(),
    _text("kind"),  # movements, items, locations, openings, balances, reservations, documents
    _text("file_name"),
    _text("sha256"),
    _text("mapping"),
    _text("header", "[]"),  # the file's column names as JSON, for the export of its rejects
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
    _id(),
    _ref("import_id", "import_run"),
    Column("row", BIG, nullable=False),
    _text("field"),
    _text("value"),
    _text("code"),  # a DomainError code
    _text("facts", "{}"),  # its fields as JSON
    _text("cells", "[]"),  # the row as read, as JSON, so that it can be exported, mended, imported again
    Index(None, "import_id"),
)

saved_mapping = Table(
    "saved_mapping",
    metadata,
    Column("name", String, primary_key=True),
    Column("toml", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

# --- the ledger --------------------------------------------------------------------------------------

movement = Table(
    "movement",
    metadata,
    Column("seq", BIG, primary_key=True, autoincrement=True),  # arrival order; ties in time go by it
    _ref("key_id", "stock_key"),
    Column("quantity", Micro, nullable=False),
    Column("kind", String, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    _ref("source_id", "source"),
    Column("reference", String, nullable=False),
    _text("time_basis", "both"),
    _text("document"),
    _text("document_line"),
    _text("user_name"),
    Column("entered_quantity", Micro, nullable=False, server_default="0"),
    _text("entered_unit"),
    Column("override", Boolean(create_constraint=True, name="override"), nullable=False, server_default="0"),
    _ref("adjustment_id", "adjustment", nullable=True),  # the origin of Zeroline's own postings
    _ref("import_id", "import_run", nullable=True),
    UniqueConstraint("source_id", "reference"),
    Index("ix_movement_book", "key_id", "recorded_at", "seq"),
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
    _id(),
    _ref("key_id", "stock_key"),
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
    Index("ix_episode_open", "key_id", sqlite_where=Column("ended_at").is_(None)),
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

# --- what surrounds the ledger -----------------------------------------------------------------------

stored_balance = Table(
    "stored_balance",
    metadata,
    _id(),
    _ref("source_id", "source"),
    _ref("key_id", "stock_key"),
    Column("on_hand", Micro, nullable=False),
    Column("as_of", Instant, nullable=False),
    _ref("import_id", "import_run", nullable=True),
    UniqueConstraint("source_id", "key_id", "as_of"),
    Index(None, "key_id"),
)

document = Table(
    "document",
    metadata,
    _id(),
    _ref("source_id", "source"),
    Column("kind", String, nullable=False),  # receipt, transfer, production, return, order
    Column("number", String, nullable=False),
    _text("state", "open"),  # open, closed
    Column("due_at", Instant),
    _text("partner"),
    UniqueConstraint("source_id", "kind", "number"),
)

document_line = Table(
    "document_line",
    metadata,
    _id(),
    _ref("document_id", "document"),
    Column("line", String, nullable=False),
    _ref("item_id", "item"),
    _ref("location_id", "location", nullable=True),
    _text("lot"),
    Column("quantity", Micro, nullable=False),
    Column("done_quantity", Micro, nullable=False, server_default="0"),
    UniqueConstraint("document_id", "line"),
    Index(None, "item_id"),
)

reservation = Table(
    "reservation",
    metadata,
    _id(),
    _ref("source_id", "source"),
    Column("reference", String, nullable=False),
    _ref("item_id", "item"),
    _ref("location_id", "location", nullable=True),
    _text("lot"),
    Column("quantity", Micro, nullable=False),
    _text("document"),
    Column("due_at", Instant),
    UniqueConstraint("source_id", "reference"),
    Index(None, "item_id"),
)

# --- people, policy, audit ---------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _id(),
    Column("login", String, nullable=False, unique=True),  # never reused
    _text("name"),
    Column("role", String, nullable=False),
    Column("secret_hash", String, nullable=False),  # argon2
    _text("pin_hash"),
    Column("badge", String, unique=True),
    Column("active", Boolean(create_constraint=True, name="active"), nullable=False, server_default="1"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("role IN ('counter', 'supervisor', 'manager', 'auditor', 'administrator')", name="role"),
)

policy_version = Table(
    "policy_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("person_id", BIG, nullable=False),  # 0: shipped default
    Column("content", Text, nullable=False),  # the whole policy as canonical JSON
    _text("reason"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("seq", BIG, primary_key=True),  # 1, 2, 3 … without a gap
    Column("at", Instant, nullable=False),
    Column("person_id", BIG, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),  # 'adjustment 17'
    Column("facts", Text, nullable=False),  # canonical JSON
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "subject"),
)

saved_view = Table(
    "saved_view",
    metadata,
    _id(),
    _ref("person_id", "person"),
    Column("view", String, nullable=False),
    Column("name", String, nullable=False),
    Column("tree", Text, nullable=False),  # JSON
    UniqueConstraint("person_id", "view", "name"),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

# --- casework ----------------------------------------------------------------------------------------

stock_case = Table(
    "stock_case",
    metadata,
    _id(),
    Column("queue", String, nullable=False),  # domain.case.Queue
    _ref("key_id", "stock_key"),
    Column("opening_seq", BIG, nullable=False, server_default="0"),  # the episode's; 0 where none
    Column("closing_seq", BIG),  # the episode's when last looked at; NULL while open
    Column("subject", String, nullable=False),  # what makes the case unique in its queue
    Column("state", String, nullable=False, server_default="new"),
    _ref("owner_id", "person", nullable=True),
    Column("due_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    _text("cause"),
    _text("cause_comment"),
    _ref("cause_by", "person", nullable=True),  # the investigator
    _text("reason"),  # of a dismissal
    Column("reopened", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("queue", "subject"),
    Index(None, "key_id"),
    Index(None, "queue", "state"),
)

case_event = Table(
    "case_event",
    metadata,
    _id(),
    _ref("case_id", "stock_case"),
    Column("at", Instant, nullable=False),
    Column("person_id", BIG, nullable=False),
    Column("kind", String, nullable=False),  # opened, assigned, note, state, cause, count, adjustment, …
    _text("text"),
    _text("facts", "{}"),
    Index(None, "case_id"),
)

attachment = Table(
    "attachment",
    metadata,
    _id(),
    _ref("case_id", "stock_case"),
    Column("name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    _ref("person_id", "person"),
    Column("at", Instant, nullable=False),
    Index(None, "case_id"),
)

# --- counting ----------------------------------------------------------------------------------------

count_sheet = Table(
    "count_sheet",
    metadata,
    _id(),
    Column("number", String, nullable=False, unique=True),  # CNT-000012
    _text("title"),
    Column("origin", String, nullable=False),  # cases, filter, overdue, recount
    Column("state", String, nullable=False, server_default="open"),
    # open, recount (waits for somebody else), submitted, cancelled
    _ref("created_by", "person"),
    Column("created_at", Instant, nullable=False),
    _ref("assigned_to", "person", nullable=True),
    Column("due_at", Instant),
    _ref("submitted_by", "person", nullable=True),
    Column("submitted_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
)

count_line = Table(
    "count_line",
    metadata,
    _id(),
    _ref("sheet_id", "count_sheet"),
    _ref("key_id", "stock_key"),
    Column("position", Integer, nullable=False),
    Column("state", String, nullable=False, server_default="to count"),
    # to count, recount, accepted, variance, not counted
    _text("reason"),  # why not counted
    Column("found", Boolean(create_constraint=True, name="found"), nullable=False, server_default="0"),
    _ref("case_id", "stock_case", nullable=True),
    UniqueConstraint("sheet_id", "key_id"),
    Index(None, "key_id"),
    Index(None, "case_id"),
)

count_entry = Table(  # append-only: what one person counted, once
    "count_entry",
    metadata,
    _id(),
    _ref("line_id", "count_line"),
    Column("round", Integer, nullable=False),  # 1 first count, 2 recount, 3 …
    _ref("counter_id", "person"),
    Column("counted_at", Instant, nullable=False),
    Column("quantity", Micro, nullable=False),
    _text("entered"),  # as typed, '3cs+4'
    Column("submitted_at", Instant, nullable=False, server_default="0"),
    UniqueConstraint("line_id", "round"),
    UniqueConstraint("line_id", "counter_id"),  # a recount is made by another person (rule 3)
    CheckConstraint("quantity >= 0", name="quantity"),
    CheckConstraint("round >= 1", name="round"),
)

count_expectation = Table(  # kept apart from the entry: a counter's reads never touch it
    "count_expectation",
    metadata,
    Column("entry_id", BIG, ForeignKey("count_entry.id"), primary_key=True),
    Column("book", Micro, nullable=False),  # book order balance at counted_at
    Column("book_seq", BIG, nullable=False),  # highest seq recorded at or before that instant
    Column("late", Micro, nullable=False),  # too late less too early in the book, as known when frozen
    _text("late_movements", "[]"),  # those, as JSON: [[seq, signed quantity, why], …]
    Column("tolerance", Text, nullable=False, server_default="{}"),  # which limit held or failed
)

count_draft = Table(  # entries before submission; survives kill -9
    "count_draft",
    metadata,
    _id(),
    _ref("sheet_id", "count_sheet"),
    _ref("line_id", "count_line"),
    _ref("person_id", "person"),
    Column("quantity", Micro),  # NULL: nothing counted, see reason
    _text("entered"),
    _text("reason"),  # why the line was not counted
    Column("counted_at", Instant, nullable=False),
    Column("undone", Boolean(create_constraint=True, name="undone"), nullable=False, server_default="0"),
    Index(None, "sheet_id", "person_id"),
)

# --- settlement --------------------------------------------------------------------------------------

adjustment = Table(
    "adjustment",
    metadata,
    _id(),
    Column("number", String, nullable=False, unique=True),  # ADJ-000017
    Column("kind", String, nullable=False),  # count correction, adjustment, reversal
    _ref("key_id", "stock_key"),
    _ref("case_id", "stock_case", nullable=True),
    _ref("entry_id", "count_entry", nullable=True),
    Column("reversal_of", BIG, ForeignKey("adjustment.id")),
    Column("quantity", Micro, nullable=False),
    Column("book_before", Micro, nullable=False),  # on hand when proposed
    Column("unit_cost", Micro, nullable=False),
    Column("value", Micro, nullable=False),
    Column("arithmetic", Text, nullable=False, server_default="{}"),  # how the quantity came about, JSON
    Column("cause", String, nullable=False),
    _text("comment"),
    Column("state", String, nullable=False, server_default="proposed"),
    # proposed, approved, rejected, withdrawn, posted
    Column("tier", Integer, nullable=False),
    _text("tier_reasons", "[]"),
    Column("policy", Integer, ForeignKey("policy_version.version"), nullable=False),
    _ref("proposer_id", "person"),
    _ref("investigator_id", "person", nullable=True),
    _ref("counter_id", "person", nullable=True),
    _ref("recounter_id", "person", nullable=True),
    Column("proposed_at", Instant, nullable=False),
    _text("guard", "[]"),  # open documents that would explain the same shortfall, JSON
    _text("guard_reason"),  # typed reason for going on against them
    _text("wait_reason"),  # typed reason for not waiting for the document although the cause says so
    Column("shown_hash", String(64), nullable=False),  # of exactly what an approver is shown
    _ref("poster_id", "person", nullable=True),
    Column("posted_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("quantity <> 0 OR kind = 'count correction'", name="quantity"),
    CheckConstraint("cause <> ''", name="cause"),
    CheckConstraint("(kind = 'reversal') = (reversal_of IS NOT NULL)", name="reversal"),
    CheckConstraint("tier BETWEEN 1 AND 3", name="tier"),
    Index(None, "key_id"),
    Index(None, "case_id"),
    Index(None, "state"),
)

adjustment_evidence = Table(  # append-only
    "adjustment_evidence",
    metadata,
    _id(),
    _ref("adjustment_id", "adjustment"),
    Column("kind", String, nullable=False),  # count, movement, document, attachment
    Column("target", BIG, nullable=False),  # id of the count entry, movement seq, document, attachment
    UniqueConstraint("adjustment_id", "kind", "target"),
    CheckConstraint("kind IN ('count', 'movement', 'document', 'attachment')", name="kind"),
)

approval = Table(  # append-only; one decision for each adjustment
    "approval",
    metadata,
    _id(),
    Column("adjustment_id", BIG, ForeignKey("adjustment.id"), nullable=False, unique=True),
    _ref("approver_id", "person"),
    Column("decision", String, nullable=False),  # approved, rejected
    _text("comment"),
    Column("tier", Integer, nullable=False),
    Column("limit_value", Micro, nullable=False),
    Column("cumulated_value", Micro, nullable=False),  # key, proposer and day together (rule 3)
    Column("shown_hash", String(64), nullable=False),
    _text("meaning"),  # what the signature means
    _text("guard_reason"),
    Column("at", Instant, nullable=False),
    CheckConstraint("decision IN ('approved', 'rejected')", name="decision"),
    Index(None, "approver_id"),
)

case_evidence = Table(  # what the investigator linked to the cause
    "case_evidence",
    metadata,
    _id(),
    _ref("case_id", "stock_case"),
    Column("kind", String, nullable=False),
    Column("target", BIG, nullable=False),
    _ref("person_id", "person"),
    Column("at", Instant, nullable=False),
    UniqueConstraint("case_id", "kind", "target"),
    CheckConstraint("kind IN ('count', 'movement', 'document', 'attachment')", name="kind"),
)
