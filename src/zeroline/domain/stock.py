"""What lies where: items with their units, locations, and the stock key that a balance belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class StockStatus(StrEnum):
    """Condition of stock; part of the stock key."""

    AVAILABLE = "available"
    ON_HOLD = "on hold"
    QUARANTINE = "quarantine"
    DAMAGED = "damaged"
    RECALLED = "recalled"


class LocationKind(StrEnum):
    """What a location is for."""

    BIN = "bin"
    DOCK = "dock"
    STAGING = "staging"
    TRANSIT = "transit"
    PRODUCTION = "production"
    QUARANTINE = "quarantine"
    VIRTUAL = "virtual"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of an item: one of it is ``numerator / denominator`` base units."""

    code: str
    numerator: int = 1
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """An article. ``unit_cost`` in micro-currency per base unit; ``decimals`` that quantities show."""

    code: str
    description: str = ""
    base_unit: str = "EA"
    unit_cost: int = 0
    abc_class: str = ""  # "A", "B", "C" or "" when not yet ranked
    item_class: str = ""  # family or commodity group; policy can be set for it
    decimals: int = 0
    units: tuple[Unit, ...] = ()
    barcodes: tuple[tuple[str, str], ...] = field(default=())  # (barcode, unit code)


@dataclass(frozen=True, slots=True)
class Location:
    """A bin within zone, warehouse and site. ``code`` is unique in the whole database and scannable."""

    code: str
    site: str = "MAIN"
    warehouse: str = ""
    zone: str = ""
    kind: LocationKind = LocationKind.BIN


@dataclass(frozen=True, slots=True, order=True)
class StockKey:
    """Item × location × lot × status: what one balance belongs to."""

    item: str
    location: str
    lot: str = ""
    status: str = StockStatus.AVAILABLE.value
