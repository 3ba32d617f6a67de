"""The ledger's one kind of row: a signed quantity change of one stock key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zeroline.domain.stock import StockKey


class MovementKind(StrEnum):
    """Why stock moved, in the words of the documents."""

    RECEIPT = "receipt"
    PUTAWAY = "putaway"
    PICK = "pick"
    SHIPMENT = "shipment"
    TRANSFER_OUT = "transfer out"
    TRANSFER_IN = "transfer in"
    PRODUCTION_RECEIPT = "production receipt"
    COMPONENT_ISSUE = "component issue"
    SCRAP = "scrap"
    CUSTOMER_RETURN = "customer return"
    SUPPLIER_RETURN = "supplier return"
    ADJUSTMENT = "adjustment"
    COUNT_CORRECTION = "count correction"
    OPENING = "opening"


class TimeBasis(StrEnum):
    """Which of the two times the source really gave; unless BOTH, physical order is unknown."""

    BOTH = "both"
    OCCURRED = "occurred"
    RECORDED = "recorded"
    FILE_ORDER = "file order"


@dataclass(frozen=True, slots=True)
class Movement:
    """One row to be appended to the ledger, before it has a sequence.

    ``reference`` is the source's own id (made from the row's content where the source has none, so that
    importing twice changes nothing: rule 10). Quantities are micro-units of the base unit, signed.
    ``row`` is the 1-based row of the file it came from.
    """

    reference: str
    key: StockKey
    quantity: int
    kind: MovementKind
    occurred_at: int
    recorded_at: int
    time_basis: TimeBasis = TimeBasis.BOTH
    document: str = ""
    document_line: str = ""
    user: str = ""
    entered_quantity: int = 0
    entered_unit: str = ""
    override: bool = False
    source: str = ""
    row: int = 0
