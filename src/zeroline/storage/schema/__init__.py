"""The tables. Quantities and money are whole micro-units, instants whole µs UTC.

Names follow the trade. Records that are evidence (movement, count entry, approval, audit entry, …) are
append-only: ``guard`` holds that in the database. ``episode``, ``balance`` and ``ledger_segment`` are
derived from ``movement`` and can be rebuilt at any time.

A change here is a new revision under ``migrations/versions``; a test holds that they lead to these tables.
"""

from __future__ import annotations

from zeroline.storage.schema.alerting import alert, alert_occasion, contact, letter
from zeroline.storage.schema.casework import attachment, case_event, case_evidence, stock_case
from zeroline.storage.schema.column import metadata
from zeroline.storage.schema.counting import (
    count_draft,
    count_entry,
    count_expectation,
    count_line,
    count_sheet,
)
from zeroline.storage.schema.diagnosis import cause_verdict, diagnosis, learning_reset
from zeroline.storage.schema.ledger import (
    balance,
    episode,
    import_reject,
    import_run,
    ledger_segment,
    ledger_state,
    movement,
    saved_mapping,
    source,
)
from zeroline.storage.schema.people import (
    audit_entry,
    command,
    person,
    person_site,
    policy_version,
    presence,
    role_answer,
    role_request,
    saved_view,
    setting,
)
from zeroline.storage.schema.settlement import adjustment, adjustment_evidence, approval
from zeroline.storage.schema.stock import (
    document,
    document_line,
    item,
    item_barcode,
    item_cost,
    item_past,
    item_unit,
    location,
    location_past,
    reservation,
    site,
    stock_key,
    stored_balance,
)

__all__ = [
    "adjustment",
    "adjustment_evidence",
    "alert",
    "alert_occasion",
    "approval",
    "attachment",
    "audit_entry",
    "balance",
    "case_event",
    "case_evidence",
    "cause_verdict",
    "command",
    "contact",
    "count_draft",
    "count_entry",
    "count_expectation",
    "count_line",
    "count_sheet",
    "diagnosis",
    "document",
    "document_line",
    "episode",
    "import_reject",
    "import_run",
    "item",
    "item_barcode",
    "item_cost",
    "item_past",
    "item_unit",
    "learning_reset",
    "ledger_segment",
    "ledger_state",
    "letter",
    "location",
    "location_past",
    "metadata",
    "movement",
    "person",
    "person_site",
    "policy_version",
    "presence",
    "reservation",
    "role_answer",
    "role_request",
    "saved_mapping",
    "saved_view",
    "setting",
    "site",
    "source",
    "stock_case",
    "stock_key",
    "stored_balance",
]
