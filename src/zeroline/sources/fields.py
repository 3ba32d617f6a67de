"""Zeroline's own field names: what columns a file can be mapped to, by kind of record.

They are also the column names of a file that needs no mapping.
"""

from __future__ import annotations

from dataclasses import dataclass

from zeroline.domain.incoming import RecordKind

_KEY = ("item", "location", "lot", "status")

BY_KIND: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.MOVEMENTS: (
        "movement_id",
        *_KEY,
        "quantity",
        "unit",
        "kind",
        "occurred_at",
        "recorded_at",
        "document",
        "document_line",
        "user",
        "source",
        "override",
        "direction",
        "quantity_in",
        "quantity_out",
        "from_location",
        "to_location",
        "transit_days",
        "arrived_at",
    ),
    RecordKind.OPENINGS: (
        "movement_id",
        *_KEY,
        "quantity",
        "unit",
        "occurred_at",
        "recorded_at",
        "as_of",
        "document",
        "document_line",
        "user",
        "source",
    ),
    RecordKind.ITEMS: (
        "item",
        "description",
        "base_unit",
        "unit_cost",
        "abc_class",
        "item_class",
        "decimals",
        "unit",
        "factor",
        "barcode",
        "barcode_unit",
    ),
    RecordKind.LOCATIONS: (
        "location",
        "site",
        "site_name",
        "time_zone",
        "currency",
        "warehouse",
        "zone",
        "location_kind",
    ),
    RecordKind.BALANCES: (*_KEY, "quantity", "unit", "as_of", "source"),
    RecordKind.RESERVATIONS: (
        "reference",
        "item",
        "location",
        "lot",
        "quantity",
        "unit",
        "document",
        "due_at",
        "source",
    ),
    RecordKind.DOCUMENTS: (
        "document_kind",
        "document",
        "document_line",
        "item",
        "location",
        "lot",
        "quantity",
        "done_quantity",
        "unit",
        "state",
        "due_at",
        "partner",
        "source",
    ),
}

_HABITS = frozenset(
    (
        "direction",
        "quantity_in",
        "quantity_out",
        "from_location",
        "to_location",
        "transit_days",
        "arrived_at",
    )
)

OWN: dict[RecordKind, tuple[str, ...]] = {
    kind: tuple(name for name in names if name not in _HABITS) for kind, names in BY_KIND.items()
}
"""The columns of a file that needs no mapping: quantities are signed, a transfer is two rows."""

FIELDS = frozenset(name for names in BY_KIND.values() for name in names)

REQUIRED: dict[RecordKind, tuple[tuple[str, ...], ...]] = {
    RecordKind.MOVEMENTS: (
        ("item",),
        ("location", "from_location", "to_location"),
        ("quantity", "quantity_in", "quantity_out"),
    ),
    RecordKind.OPENINGS: (("item",), ("location",), ("quantity",)),
    RecordKind.ITEMS: (("item",),),
    RecordKind.LOCATIONS: (("location",),),
    RecordKind.BALANCES: (("item",), ("location",), ("quantity",)),
    RecordKind.RESERVATIONS: (("reference",), ("item",), ("quantity",)),
    RecordKind.DOCUMENTS: (("document_kind",), ("document",), ("item",), ("quantity",)),
}
"""For each kind, groups of fields of which one at least must be known."""

TIMES = ("occurred_at", "recorded_at")


@dataclass(frozen=True, slots=True)
class Gap:
    """What a set of known fields lacks: any one of ``fields`` would fill it."""

    fields: tuple[str, ...]


def gaps(kind: RecordKind, known: frozenset[str]) -> tuple[Gap, ...]:
    """The groups of required fields of which none is in ``known``."""
    return tuple(Gap(group) for group in REQUIRED[kind] if not known.intersection(group))
