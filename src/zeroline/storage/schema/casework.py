"""Cases, what happened to them and what was attached."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant

stock_case = Table(
    "stock_case",
    metadata,
    identity(),
    Column("queue", String, nullable=False),  # domain.case.Queue
    reference("key_id", "stock_key"),
    Column("opening_seq", BIG, nullable=False, server_default="0"),  # the episode's; 0 where none
    Column("closing_seq", BIG),  # the episode's when last looked at; NULL while open
    Column("subject", String, nullable=False),  # what makes the case unique in its queue
    Column("state", String, nullable=False, server_default="new"),
    reference("owner_id", "person", nullable=True),
    Column("due_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    text("cause"),
    text("cause_comment"),
    reference("cause_by", "person", nullable=True),  # the investigator
    text("reason"),  # of a dismissal
    Column("reopened", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("queue", "subject"),
    Index(None, "key_id"),
    Index(None, "queue", "state"),
)

case_event = Table(
    "case_event",
    metadata,
    identity(),
    reference("case_id", "stock_case"),
    Column("at", Instant, nullable=False),
    Column("person_id", BIG, nullable=False),
    Column("kind", String, nullable=False),  # opened, assigned, note, state, cause, count, adjustment, …
    text("text"),
    text("facts", "{}"),
    Index(None, "case_id"),
)

attachment = Table(
    "attachment",
    metadata,
    identity(),
    reference("case_id", "stock_case"),
    Column("name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    reference("person_id", "person"),
    Column("at", Instant, nullable=False),
    Index(None, "case_id"),
)

case_evidence = Table(  # what the investigator linked to the cause
    "case_evidence",
    metadata,
    identity(),
    reference("case_id", "stock_case"),
    Column("kind", String, nullable=False),
    Column("target", BIG, nullable=False),
    reference("person_id", "person"),
    Column("at", Instant, nullable=False),
    UniqueConstraint("case_id", "kind", "target"),
    CheckConstraint("kind IN ('count', 'movement', 'document', 'attachment')", name="kind"),
)
