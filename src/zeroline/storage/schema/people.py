"""People and where they are, policy, the audit trail, saved views and settings."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant

_ROLE = "role IN ('counter', 'supervisor', 'manager', 'auditor', 'administrator')"

person = Table(
    "person",
    metadata,
    identity(),
    Column("login", String, nullable=False, unique=True),  # never reused
    text("name"),
    Column("role", String, nullable=False),
    Column("secret_hash", String, nullable=False),  # argon2
    text("pin_hash"),
    Column("badge", String, unique=True),
    Column("active", Boolean(create_constraint=True, name="active"), nullable=False, server_default="1"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint(_ROLE, name="role"),
)

role_request = Table(  # append-only: one administrator asks what a second one has to confirm
    "role_request",
    metadata,
    identity(),
    reference("person_id", "person"),
    Column("role", String, nullable=False),  # what they would be
    Column("active", Boolean(create_constraint=True, name="active"), nullable=False),
    Column("role_before", String, nullable=False),  # what they were when it was asked
    Column("active_before", Boolean(create_constraint=True, name="active_before"), nullable=False),
    reference("asked_by", "person"),
    Column("asked_at", Instant, nullable=False),
    CheckConstraint(_ROLE, name="role"),
    CheckConstraint("role <> role_before OR active <> active_before", name="change"),
    Index(None, "person_id"),
)

role_answer = Table(  # append-only; one for each request
    "role_answer",
    metadata,
    identity(),
    Column("request_id", BIG, ForeignKey("role_request.id"), nullable=False, unique=True),
    Column("answer", String, nullable=False),  # confirmed, refused, withdrawn
    reference("person_id", "person"),
    Column("at", Instant, nullable=False),
    Column("version", Integer, nullable=False),  # of the account when it was answered: good for one change
    CheckConstraint("answer IN ('confirmed', 'refused', 'withdrawn')", name="answer"),
)

person_site = Table(  # the sites a person works at; none listed: all
    "person_site",
    metadata,
    Column("person_id", BIG, ForeignKey("person.id"), primary_key=True),
    Column("site_id", BIG, ForeignKey("site.id"), primary_key=True),
)

policy_version = Table(
    "policy_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("person_id", BIG, nullable=False),  # 0: shipped default
    Column("content", Text, nullable=False),  # the whole policy as canonical JSON
    text("reason"),
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

presence = Table(  # who has what open; upkeep, not evidence: gone with the window, not audited
    "presence",
    metadata,
    reference("person_id", "person"),
    Column("workstation", String, nullable=False),
    Column("subject", String, nullable=False),  # 'case 17'
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("person_id", "workstation", "subject"),
    Index(None, "subject"),
)

saved_view = Table(
    "saved_view",
    metadata,
    identity(),
    reference("person_id", "person"),
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

command = Table(  # what was told under a key, and what was answered
    "command",
    metadata,
    Column("key", String, primary_key=True),  # a uuid made by who told it
    reference("person_id", "person"),
    Column("verb", String, nullable=False),
    Column("arguments", String, nullable=False),  # SHA-256
    Column("result", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
