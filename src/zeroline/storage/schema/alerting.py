"""What people were told, and the letters that carry it out of the house.

Upkeep, not evidence: what an alert is about is recorded elsewhere. It is kept because nobody is told twice.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant

contact = Table(  # where a person is written to
    "contact",
    metadata,
    Column("person_id", BIG, primary_key=True, autoincrement=False),
    text("email"),
)

letter = Table(  # an outbox: what somebody is told at one moment, by one channel
    "letter",
    metadata,
    identity(),
    Column("channel", String, nullable=False),
    Column("person_id", BIG, nullable=False),  # 0: the house
    Column("token", String, nullable=False, unique=True),  # the same however often it is tried
    Column("made_at", Instant, nullable=False),
    Column("state", String, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),  # failed in a row
    Column("next_at", Instant, nullable=False),
    text("trouble"),  # what went wrong last
    text("holder"),  # who took it to send it
    Column("held_until", Instant, nullable=False, server_default="0"),
    Column("sent_at", Instant),
    CheckConstraint("channel IN ('mail', 'webhook')", name="channel"),
    CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="state"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
    Index(None, "state", "next_at"),
)

alert = Table(
    "alert",
    metadata,
    identity(),
    Column("person_id", BIG, nullable=False),  # 0: the house
    Column("kind", String, nullable=False),
    text("subject"),  # 'case 17'
    Column("facts", Text, nullable=False),  # canonical JSON
    Column("at", Instant, nullable=False),
    Column("shown_at", Instant),  # outside the window, by the first console that came to it
    Column("seen_at", Instant),
    reference("letter_id", "letter", nullable=True),
    Index(None, "person_id", "seen_at"),
    Index(None, "letter_id"),
)

alert_occasion = Table(  # append-only: nobody is told of one occasion twice
    "alert_occasion",
    metadata,
    Column("person_id", BIG, nullable=False),
    Column("occasion", String, nullable=False),
    reference("alert_id", "alert"),
    PrimaryKeyConstraint("person_id", "occasion"),
    Index(None, "alert_id"),
)
