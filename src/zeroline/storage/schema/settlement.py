"""Adjustments, their evidence and their approval."""

from __future__ import annotations

from sqlalchemy import (
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

adjustment = Table(
    "adjustment",
    metadata,
    identity(),
    Column("number", String, nullable=False, unique=True),  # ADJ-000017
    Column("kind", String, nullable=False),  # count correction, adjustment, reversal
    reference("key_id", "stock_key"),
    reference("case_id", "stock_case", nullable=True),
    reference("entry_id", "count_entry", nullable=True),
    Column("reversal_of", BIG, ForeignKey("adjustment.id")),
    Column("quantity", Micro, nullable=False),
    Column("book_before", Micro, nullable=False),  # on hand when proposed
    Column("unit_cost", Micro, nullable=False),
    Column("value", Micro, nullable=False),
    Column("arithmetic", Text, nullable=False, server_default="{}"),  # how the quantity came about, JSON
    Column("cause", String, nullable=False),
    text("comment"),
    Column("state", String, nullable=False, server_default="proposed"),
    # proposed, approved, rejected, withdrawn, posted
    Column("tier", Integer, nullable=False),
    text("tier_reasons", "[]"),
    Column("policy", Integer, ForeignKey("policy_version.version"), nullable=False),
    reference("proposer_id", "person"),
    reference("investigator_id", "person", nullable=True),
    reference("counter_id", "person", nullable=True),
    reference("recounter_id", "person", nullable=True),
    Column("proposed_at", Instant, nullable=False),
    text("guard", "[]"),  # open documents that would explain the same shortfall, JSON
    text("guard_reason"),  # typed reason for going on against them
    text("wait_reason"),  # typed reason for not waiting for the document although the cause says so
    Column("shown_hash", String(64), nullable=False),  # of exactly what an approver is shown
    reference("poster_id", "person", nullable=True),
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
    identity(),
    reference("adjustment_id", "adjustment"),
    Column("kind", String, nullable=False),  # count, movement, document, attachment
    Column("target", BIG, nullable=False),  # id of the count entry, movement seq, document, attachment
    UniqueConstraint("adjustment_id", "kind", "target"),
    CheckConstraint("kind IN ('count', 'movement', 'document', 'attachment')", name="kind"),
)

approval = Table(  # append-only; one decision for each adjustment
    "approval",
    metadata,
    identity(),
    Column("adjustment_id", BIG, ForeignKey("adjustment.id"), nullable=False, unique=True),
    reference("approver_id", "person"),
    Column("decision", String, nullable=False),  # approved, rejected
    text("comment"),
    Column("tier", Integer, nullable=False),
    Column("limit_value", Micro, nullable=False),
    Column("cumulated_value", Micro, nullable=False),  # key, proposer and day together (rule 3)
    Column("shown_hash", String(64), nullable=False),
    text("meaning"),  # what the signature means
    text("guard_reason"),
    Column("at", Instant, nullable=False),
    CheckConstraint("decision IN ('approved', 'rejected')", name="decision"),
    Index(None, "approver_id"),
)
