"""What a search or a scan found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HitKind(StrEnum):
    """What a hit leads to."""

    ITEM = "item"
    LOCATION = "location"
    DOCUMENT = "document"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Hit:
    """One find. ``target`` is an item, location or case id; for a document its number is ``label``.

    ``detail`` is data beside the label (description, zone, kind of document, item and bin of a case);
    ``case_ids`` open cases that belong to it, most recent first.
    """

    kind: HitKind
    target: int
    label: str
    detail: str
    case_ids: tuple[int, ...] = ()
    state: str = ""


class ScanKind(StrEnum):
    """What a scanned code is."""

    ITEM = "item"
    LOCATION = "location"
    BADGE = "badge"
    SHEET = "sheet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned code understood. ``target`` is the item, location, person or sheet id, 0 when unknown.

    ``label`` the item, location or sheet code (a person's name for a badge) · ``unit`` and ``quantity``
    (micro-units of that unit, None when the code holds none), ``lot``, ``serial``, ``expires`` (ISO date or
    '') from a GS1 code or the barcode's unit · ``gtin`` '' when it was none.
    """

    kind: ScanKind
    text: str
    target: int = 0
    label: str = ""
    unit: str = ""
    lot: str = ""
    serial: str = ""
    expires: str = ""
    gtin: str = ""
    quantity: int | None = None
