"""What the program thought of a case, what people said to it, and from when on that counts."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, String, Table, Text

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant, Micro

diagnosis = Table(  # append-only: a case's newest row counts; older ones are for reports as of then
    "diagnosis",
    metadata,
    identity(),
    reference("case_id", "stock_case"),
    Column("at", Instant, nullable=False),
    Column("ledger_seq", BIG, nullable=False),  # the ledger reached so far
    Column("cause", String, nullable=False),  # of the leading hypothesis; Z0: not enough to say
    Column("probability", Micro, nullable=False),  # millionths
    Column("explained", Micro, nullable=False),
    Column("missing", Micro, nullable=False),
    Column("hypotheses", Text, nullable=False),  # all of them with evidence, canonical JSON
    CheckConstraint("probability BETWEEN 0 AND 1000000", name="probability"),
    Index(None, "case_id", "id"),  # the newest of a case
)

cause_verdict = Table(  # append-only: what a person said to a guess; what the priors learn from
    "cause_verdict",
    metadata,
    identity(),
    reference("case_id", "stock_case"),
    reference("site_id", "site"),
    Column("at", Instant, nullable=False),
    reference("person_id", "person"),
    text("guess"),  # the leading cause then, '' where there was no diagnosis
    Column("probability", Micro, nullable=False, server_default="0"),
    text("second"),  # the next likely
    Column("cause", String, nullable=False),  # what the person tagged; '' for none of these
    Column("accepted", Boolean(create_constraint=True, name="accepted"), nullable=False),
    Index(None, "case_id", "id"),  # the newest of a case
    Index(None, "site_id"),
)

learning_reset = Table(  # append-only: verdicts at a site before it do not count any more
    "learning_reset",
    metadata,
    identity(),
    reference("site_id", "site"),
    Column("at", Instant, nullable=False),
    Column("last_verdict", BIG, nullable=False, server_default="0"),
    reference("person_id", "person"),
    text("reason"),
    Index(None, "site_id"),
)
