"""Items, locations, stock keys, and what surrounds the ledger: stored balances, documents, reservations."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy import text as text_of

from zeroline.storage.schema.column import identity, metadata, reference, text
from zeroline.storage.types import BIG, Instant, Micro

site = Table(
    "site",
    metadata,
    identity(),
    Column("code", String, nullable=False, unique=True),
    text("name"),
    text("zone", "UTC"),  # IANA time zone, for screens and paper
    text("currency", "EUR"),
)

item = Table(
    "item",
    metadata,
    identity(),
    Column("code", String, nullable=False, unique=True),
    text("description"),
    text("base_unit", "EA"),
    Column("unit_cost", Micro, nullable=False, server_default="0"),
    text("abc_class"),
    text("item_class"),
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

item_past = Table(  # append-only: what an item was like before a change, for reports as of an instant
    "item_past",
    metadata,
    Column("item_id", BIG, ForeignKey("item.id"), primary_key=True),
    Column("until", Instant, primary_key=True),
    text("description"),
    text("base_unit", "EA"),
    text("abc_class"),
    text("item_class"),
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
    reference("item_id", "item"),
    text("unit"),
)

location = Table(
    "location",
    metadata,
    identity(),
    Column("code", String, nullable=False, unique=True),
    reference("site_id", "site"),
    text("warehouse"),
    text("zone"),
    text("kind", "bin"),
)

location_past = Table(  # append-only, as item_past
    "location_past",
    metadata,
    Column("location_id", BIG, ForeignKey("location.id"), primary_key=True),
    Column("until", Instant, primary_key=True),
    text("warehouse"),
    text("zone"),
)

stock_key = Table(
    "stock_key",
    metadata,
    identity(),
    reference("item_id", "item"),
    reference("location_id", "location"),
    text("lot"),
    text("status", "available"),
    UniqueConstraint("item_id", "location_id", "lot", "status"),
    Index(None, "location_id"),
)

stored_balance = Table(
    "stored_balance",
    metadata,
    identity(),
    reference("source_id", "source"),
    reference("key_id", "stock_key"),
    Column("on_hand", Micro, nullable=False),
    Column("as_of", Instant, nullable=False),
    reference("import_id", "import_run", nullable=True),
    UniqueConstraint("source_id", "key_id", "as_of"),
    Index(None, "key_id"),
)

document = Table(
    "document",
    metadata,
    identity(),
    reference("source_id", "source"),
    Column("kind", String, nullable=False),  # receipt, transfer, production, return, order
    Column("number", String, nullable=False),
    text("state", "open"),  # open, closed
    Column("due_at", Instant),
    text("partner"),
    UniqueConstraint("source_id", "kind", "number"),
    Index("ix_document_number", "number"),
    Index(
        "ix_document_partner",
        "partner",
        sqlite_where=text_of("partner <> ''"),
        postgresql_where=text_of("partner <> ''"),
    ),
)

document_line = Table(
    "document_line",
    metadata,
    identity(),
    reference("document_id", "document"),
    Column("line", String, nullable=False),
    reference("item_id", "item"),
    reference("location_id", "location", nullable=True),
    text("lot"),
    Column("quantity", Micro, nullable=False),
    Column("done_quantity", Micro, nullable=False, server_default="0"),
    UniqueConstraint("document_id", "line"),
    Index(None, "item_id"),
)

reservation = Table(
    "reservation",
    metadata,
    identity(),
    reference("source_id", "source"),
    Column("reference", String, nullable=False),
    reference("item_id", "item"),
    reference("location_id", "location", nullable=True),
    text("lot"),
    Column("quantity", Micro, nullable=False),
    text("document"),
    Column("due_at", Instant),
    UniqueConstraint("source_id", "reference"),
    Index(None, "item_id"),
)
