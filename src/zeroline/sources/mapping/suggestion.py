"""A first mapping from a file's column names, for files in our own names and for anybody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import RecordKind
from zeroline.sources.fields import BY_KIND, OWN, TIMES, gaps
from zeroline.sources.mapping.model import Cell, Mapping

_WORDS: dict[str, tuple[str, ...]] = {
    "movement_id": ("movement id", "transaction id", "txn id", "trans id", "entry no", "move id", "id"),
    "item": (
        "item", "item code", "item no", "item number", "sku", "product", "product id", "product code",
        "material", "article", "part", "part no", "part number", "stock code",
    ),
    "location": (
        "location", "location code", "bin", "bin code", "warehouse", "warehouse id", "wh", "store",
        "store id", "storage location", "shelf", "place",
    ),
    "lot": ("lot", "lot no", "lot number", "batch", "batch no", "serial", "serial no"),
    "status": ("status", "stock status", "condition", "quality status"),
    "quantity": (
        "quantity", "qty", "qty change", "change", "amount", "units", "on hand", "system qty", "stock qty",
        "qty ordered", "order qty", "delta", "movement qty",
    ),
    "unit": ("unit", "uom", "unit of measure", "units of measure", "um", "entered unit"),
    "kind": (
        "kind", "type", "movement type", "transaction type", "txn type", "trans type", "reason", "entry type",
    ),
    "occurred_at": (
        "occurred at", "occurred", "date", "movement date", "transaction date", "txn date", "order date",
        "posting date", "event time", "timestamp", "time", "effective date", "happened at",
    ),
    "recorded_at": (
        "recorded at", "recorded", "created at", "created", "entry date", "posted at", "modified date",
        "booked at", "system time", "create date", "entered at",
    ),
    "document": (
        "document", "document no", "doc", "doc no", "reference", "ref", "order id", "order no", "voucher",
        "reference order id", "po number", "order number",
    ),
    "document_line": ("document line", "line", "line no", "doc line", "reference order line id", "item line"),
    "user": ("user", "user name", "user id", "employee", "employee id", "operator", "created by"),
    "source": ("source", "system", "source system"),
    "override": ("override", "forced", "negative override"),
    "direction": ("direction", "in out", "sign", "debit credit", "dc"),
    "quantity_in": ("quantity in", "qty in", "in", "in qty", "received", "debit"),
    "quantity_out": ("quantity out", "qty out", "out", "out qty", "issued", "credit"),
    "from_location": ("from location", "from", "from warehouse", "from bin", "source bin", "origin"),
    "to_location": ("to location", "to", "to warehouse", "to bin", "destination bin", "destination"),
    "transit_days": ("transit days", "days in transit", "lead days"),
    "arrived_at": ("arrived at", "arrival date", "received date"),
    "as_of": ("as of", "snapshot date", "date", "stock date", "as at", "count date"),
    "description": ("description", "name", "product name", "item name", "title", "text"),
    "base_unit": ("base unit", "unit", "uom", "stock unit", "unit of measure"),
    "unit_cost": ("unit cost", "cost", "standard cost", "std cost", "average cost", "price"),
    "abc_class": ("abc class", "abc"),
    "item_class": ("item class", "class", "category", "group", "family", "item group"),
    "decimals": ("decimals", "quantity decimals"),
    "factor": ("factor", "conversion", "units per carton", "pack size", "per pack"),
    "barcode": ("barcode", "ean", "gtin", "upc"),
    "barcode_unit": ("barcode unit",),
    "site": ("site", "plant", "branch"),
    "site_name": ("site name", "plant name"),
    "time_zone": ("time zone", "timezone", "tz"),
    "currency": ("currency",),
    "warehouse": ("warehouse", "warehouse id", "wh"),
    "zone": ("zone", "area", "aisle"),
    "location_kind": ("location kind", "location type", "bin type", "kind", "type"),
    "reference": ("reference", "reservation id", "reservation", "id"),
    "due_at": ("due at", "due", "due date", "promised date", "need by", "delivery date"),
    "document_kind": ("document kind", "document type", "doc type", "kind", "type"),
    "done_quantity": ("done quantity", "done", "received qty", "stocked qty", "delivered", "qty received"),
    "state": ("state", "document status", "status"),
    "partner": ("partner", "vendor", "vendor id", "supplier", "supplier id", "customer", "customer id"),
}  # fmt: skip
"""Names people give to each field, likeliest first, in words of lower case."""


def own_mapping(kind: RecordKind, header: Sequence[str], name: str = "") -> Mapping:
    """The mapping of a file in our own column names; case does not matter, other columns are left alone.

    Raises DomainError ``columns-missing`` (``missing``) when a required one is not there.
    """
    here = {column.strip().lower(): column for column in header}
    columns = {field: here[field] for field in OWN[kind] if field in here}
    lacking = gaps(kind, frozenset(columns))
    missing = [" / ".join(name for name in gap.fields if name in OWN[kind]) for gap in lacking]
    if kind in (RecordKind.MOVEMENTS, RecordKind.OPENINGS) and not columns.keys() & set(TIMES):
        missing.append(" / ".join(TIMES))
    if missing:
        raise DomainError("columns-missing", file=name, missing=tuple(missing), columns=tuple(header)[:30])
    return Mapping(kind=kind, columns={field: Cell(column=column) for field, column in columns.items()})


def suggest(header: Sequence[str], kind: RecordKind) -> dict[str, str]:
    """Column by field, as far as the column names tell; each column is used once."""
    columns = {_words(column): column for column in header if column}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for rank in range(max(len(words) for words in _WORDS.values()) + 1):
        for field in BY_KIND[kind]:
            words = (field.replace("_", " "), *_WORDS[field])
            if field in found or rank >= len(words):
                continue
            column = columns.get(words[rank])
            if column is not None and column not in taken:
                found[field] = column
                taken.add(column)
    if "quantity" in found and {"quantity_in", "quantity_out"} <= found.keys():
        del found["quantity"]
    return {field: found[field] for field in BY_KIND[kind] if field in found}


def _words(column: str) -> str:
    """``TxnDate``, ``txn_date`` and ``TXN DATE`` are all ``txn date``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", column.strip())
    return " ".join(re.split(r"[\W_]+", spaced.lower())).strip()
