"""Count sheets, their lines, and what was counted."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant, Micro

count_sheet = Table(
    "count_sheet",
    metadata,
    identity(),
    Column("number", String, nullable=False, unique=True),  # CNT-000012
    text("title"),
    Column("origin", String, nullable=False),  # cases, filter, overdue, recount
    Column("state", String, nullable=False, server_default="open"),
    # open, recount (waits for somebody else), submitted, cancelled
    reference("created_by", "person"),
    Column("created_at", Instant, nullable=False),
    reference("assigned_to", "person", nullable=True),
    Column("due_at", Instant),
    reference("submitted_by", "person", nullable=True),
    Column("submitted_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
)

count_line = Table(
    "count_line",
    metadata,
    identity(),
    reference("sheet_id", "count_sheet"),
    reference("key_id", "stock_key"),
    Column("position", Integer, nullable=False),
    Column("state", String, nullable=False, server_default="to count"),
    # to count, recount, accepted, variance, not counted
    text("reason"),  # why not counted
    Column("found", Boolean(create_constraint=True, name="found"), nullable=False, server_default="0"),
    reference("case_id", "stock_case", nullable=True),
    UniqueConstraint("sheet_id", "key_id"),
    Index(None, "key_id"),
    Index(None, "case_id"),
)

count_entry = Table(  # append-only: what one person counted, once
    "count_entry",
    metadata,
    identity(),
    reference("line_id", "count_line"),
    Column("round", Integer, nullable=False),  # 1 first count, 2 recount, 3 …
    reference("counter_id", "person"),
    Column("counted_at", Instant, nullable=False),
    Column("quantity", Micro, nullable=False),
    text("entered"),  # as typed, '3cs+4'
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
    text("late_movements", "[]"),  # those, as JSON: [[seq, signed quantity, why], …]
    Column("tolerance", Text, nullable=False, server_default="{}"),  # which limit held or failed
)

count_draft = Table(  # entries before submission; survives kill -9
    "count_draft",
    metadata,
    identity(),
    reference("sheet_id", "count_sheet"),
    reference("line_id", "count_line"),
    reference("person_id", "person"),
    Column("quantity", Micro),  # NULL: nothing counted, see reason
    text("entered"),
    text("reason"),  # why the line was not counted
    Column("counted_at", Instant, nullable=False),
    Column("undone", Boolean(create_constraint=True, name="undone"), nullable=False, server_default="0"),
    Index(None, "sheet_id", "person_id"),
)
