"""Items, locations, sites and sources by code, while an import runs: looked up once, created in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, exists, func, insert, select, update

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Factor
from zeroline.domain.stock import Item, Location
from zeroline.storage import elsewhere
from zeroline.storage.intake.texts import among_texts
from zeroline.storage.schema import (
    item,
    item_barcode,
    item_cost,
    item_past,
    item_unit,
    location,
    location_past,
    movement,
    site,
    source,
    stock_key,
)

ASSUMED_UNIT = Item("").base_unit
"""The base unit of an item that nobody named a unit for."""


@dataclass(slots=True)
class ItemFacts:
    """An item as far as intake needs it. ``id`` 0 until it is written; ``units`` by code without case."""

    code: str
    base_unit: str
    id: int = 0
    decimals: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    units: dict[str, Factor] = field(default_factory=dict)

    def factor(self, unit: str) -> Factor | None:
        """What one of ``unit`` is in base units; None for a unit that the item does not have."""
        if not unit or unit.casefold() == self.base_unit.casefold():
            return (1, 1)
        return self.units.get(unit.casefold())


@dataclass(slots=True)
class LocationFacts:
    """A location. ``id`` 0 until it is written."""

    code: str
    id: int = 0
    values: dict[str, Any] = field(default_factory=dict)


class Catalogue:
    """Master data by code over one write at ``at`` (µs).

    ``time_zone`` is given to sites that must be created.
    """

    def __init__(self, connection: Connection, at: int, time_zone: str = "") -> None:
        self._connection = connection
        self._at = at
        self._limited = elsewhere.limited(connection)
        self._elsewhere: set[str] = set()  # locations of sites hidden from who is connected
        self._told: set[tuple[str, int]] = set()  # whose past is kept, or who has none before this write
        self.time_zone = time_zone
        self._items: dict[str, ItemFacts | None] = {}
        self._locations: dict[str, LocationFacts | None] = {}
        self._new_items: list[ItemFacts] = []
        self._new_locations: list[LocationFacts] = []
        self._sites: dict[str, int] = {}
        self._sources: dict[str, int] = {
            row.code: row.id for row in connection.execute(select(source.c.id, source.c.code))
        }
        self.created_items: list[str] = []
        self.created_locations: list[str] = []

    # --- looking up

    def look_up(self, items: Iterable[str], locations: Iterable[str]) -> None:
        """Make these codes known in two queries, so that :meth:`item` and :meth:`location` need none."""
        codes = {code for code in items if code not in self._items}
        if codes:
            self._items.update(dict.fromkeys(codes))
            by_id: dict[int, ItemFacts] = {}
            for row in self._connection.execute(select(item).where(among_texts(item.c.code, codes))):
                values = {
                    name: getattr(row, name)
                    for name in ("description", "unit_cost", "abc_class", "item_class")
                }
                facts = ItemFacts(row.code, row.base_unit, row.id, row.decimals, values)
                self._items[row.code] = by_id[row.id] = facts
            units = (
                select(item_unit)
                .join(item, item.c.id == item_unit.c.item_id)
                .where(among_texts(item.c.code, codes))
            )
            for row in self._connection.execute(units):
                by_id[row.item_id].units[row.unit.casefold()] = (row.numerator, row.denominator)
        codes = {code for code in locations if code not in self._locations}
        if codes:
            self._locations.update(dict.fromkeys(codes))
            for row in self._connection.execute(select(location).where(among_texts(location.c.code, codes))):
                values = {name: getattr(row, name) for name in ("site_id", "warehouse", "zone", "kind")}
                self._locations[row.code] = LocationFacts(row.code, row.id, values)
            unseen = {code for code in codes if self._locations[code] is None} if self._limited else set()
            if unseen:
                self._elsewhere |= elsewhere.locations(self._connection, unseen)

    def item(self, code: str) -> ItemFacts | None:
        """The item, None if there is none of this code."""
        if code not in self._items:
            self.look_up((code,), ())
        return self._items[code]

    def location(self, code: str) -> LocationFacts | None:
        """The location, None if there is none of this code.

        DomainError ``location-elsewhere`` (location) where its site is hidden from who is connected.
        """
        if code not in self._locations:
            self.look_up((), (code,))
        if code in self._elsewhere:
            raise DomainError("location-elsewhere", field="location", value=code, location=code)
        return self._locations[code]

    def check_location(self, code: str) -> None:
        """Before anything is made for a row there: raise as :meth:`location`, and DomainError
        ``site-elsewhere`` for a location that would come into being at a hidden site."""
        if self.location(code) is None and self._limited:
            self.site(Location("").site)

    # --- creating

    def new_item(self, code: str, base_unit: str, *, named: bool = False) -> ItemFacts:
        """An item that is written by the next :meth:`flush`; ``named`` by master data, not by a movement."""
        facts = self._items[code] = ItemFacts(code, base_unit or ASSUMED_UNIT)
        self._new_items.append(facts)
        if not named:
            self.created_items.append(code)
        return facts

    def new_location(self, code: str, *, named: bool = False) -> LocationFacts:
        """A location (of the default site unless its values say otherwise), as :meth:`new_item`."""
        facts = self._locations[code] = LocationFacts(code)
        self._new_locations.append(facts)
        if not named:
            self.created_locations.append(code)
        return facts

    def flush(self) -> None:
        """Write what was created; every id is known afterwards."""
        if self._new_items:
            rows = [
                {"code": facts.code, "base_unit": facts.base_unit, "decimals": facts.decimals, **facts.values}
                for facts in self._new_items
            ]
            for facts, made in zip(self._new_items, _inserted(self._connection, item, rows), strict=True):
                facts.id = made
                self._told.add(("item", made))
            self._new_items = []
        if self._new_locations:
            home = (
                self.site(Location("").site)
                if any("site_id" not in f.values for f in self._new_locations)
                else 0
            )
            rows = [{"code": facts.code, "site_id": home, **facts.values} for facts in self._new_locations]
            for place, made in zip(
                self._new_locations, _inserted(self._connection, location, rows), strict=True
            ):
                place.id = made
                self._told.add(("location", made))
            self._new_locations = []

    def site(self, code: str, name: str = "", zone: str = "", currency: str = "") -> int:
        """Id of the site, made if there is none; what is named is also set on one that there is.

        Who is limited to sites makes none: DomainError ``site-elsewhere`` (site).
        """
        told = {
            name: value for name, value in (("name", name), ("zone", zone), ("currency", currency)) if value
        }
        if code not in self._sites:
            found = self._connection.execute(select(site.c.id).where(site.c.code == code)).scalar()
            if found is None and self._limited:
                raise DomainError("site-elsewhere", field="site", value=code, site=code)
            if found is None:
                values = {"code": code, "zone": self.time_zone or "UTC", **told}
                made = self._connection.execute(insert(site).values(**values)).inserted_primary_key
                found = int(made[0]) if made else 0
                told = {}
            self._sites[code] = found
        if told:
            self._connection.execute(update(site).where(site.c.id == self._sites[code]).values(**told))
        return self._sites[code]

    def source(self, code: str) -> int:
        """Id of the source system, made if there is none."""
        if code not in self._sources:
            made = self._connection.execute(insert(source).values(code=code, name=code)).inserted_primary_key
            self._sources[code] = int(made[0]) if made else 0
        return self._sources[code]

    # --- changing

    def change_item(self, facts: ItemFacts, values: dict[str, Any]) -> None:
        """Change columns of an item; of one that is not written yet, what will be written."""
        before = {"base_unit": facts.base_unit, **facts.values}
        self._keep_past(item_past, "item", facts.id, before, values)
        facts.base_unit = values.get("base_unit", facts.base_unit)
        facts.decimals = values.get("decimals", facts.decimals)
        facts.values.update({k: v for k, v in values.items() if k not in ("base_unit", "decimals")})
        if facts.id:
            self._connection.execute(update(item).where(item.c.id == facts.id).values(**values))

    def change_location(self, facts: LocationFacts, values: dict[str, Any]) -> None:
        """Change columns of a location."""
        self._keep_past(location_past, "location", facts.id, facts.values, values)
        facts.values.update(values)
        if facts.id:
            self._connection.execute(update(location).where(location.c.id == facts.id).values(**values))

    def _keep_past(
        self, table: Table, name: str, of: int, before: dict[str, Any], values: dict[str, Any]
    ) -> None:
        """Keep what reports print of it as it was, when the first change of this write alters that."""
        printed = [column.name for column in table.columns if column.name not in (f"{name}_id", "until")]
        if not of or (name, of) in self._told:
            return
        if all(values.get(key, before.get(key)) == before.get(key) for key in printed):
            return
        self._told.add((name, of))
        own = table.c[f"{name}_id"]
        last = self._connection.execute(select(func.max(table.c.until)).where(own == of)).scalar()
        until = self._at if last is None else max(self._at, last + 1)
        then = {key: before.get(key, "") for key in printed}
        self._connection.execute(insert(table).values({own: of, table.c.until: until, **then}))

    def note_cost(self, facts: ItemFacts, at: int) -> None:
        """Keep what a written item costs from ``at`` (µs) on, for reports as of an instant."""
        last = self._connection.execute(
            select(func.max(item_cost.c.since)).where(item_cost.c.item_id == facts.id)
        ).scalar()
        since = at if last is None else max(at, last + 1)
        cost = facts.values["unit_cost"]
        self._connection.execute(insert(item_cost).values(item_id=facts.id, since=since, unit_cost=cost))

    def set_unit(self, facts: ItemFacts, unit: str, factor: Factor) -> None:
        """Give a written item a unit or change its factor; movements keep the factor they came with."""
        known = facts.units.get(unit.casefold())
        facts.units[unit.casefold()] = factor
        values = {"numerator": factor[0], "denominator": factor[1]}
        if known is None:
            self._connection.execute(insert(item_unit).values(item_id=facts.id, unit=unit, **values))
        else:
            named = [
                row.unit
                for row in self._connection.execute(
                    select(item_unit.c.unit).where(item_unit.c.item_id == facts.id)
                )
                if row.unit.casefold() == unit.casefold()
            ]
            self._connection.execute(
                update(item_unit)
                .where(item_unit.c.item_id == facts.id, item_unit.c.unit.in_(named))
                .values(**values)
            )

    def barcode_owner(self, barcode: str) -> tuple[str, str] | None:
        """The item's code and the unit that a barcode stands for."""
        query = (
            select(item.c.code, item_barcode.c.unit)
            .join_from(item_barcode, item)
            .where(item_barcode.c.barcode == barcode)
        )
        row = self._connection.execute(query).first()
        return None if row is None else (row.code, row.unit)

    def set_barcode(self, facts: ItemFacts, barcode: str, unit: str, known: bool) -> None:
        """Give a written item a barcode, or change the unit that one of its barcodes stands for."""
        statement = (
            update(item_barcode).where(item_barcode.c.barcode == barcode)
            if known
            else insert(item_barcode).values(barcode=barcode, item_id=facts.id)
        )
        self._connection.execute(statement.values(unit=unit))

    def names_unit(self, facts: ItemFacts) -> bool:
        """Whether any movement of the item was entered in a named unit, so that its base unit is settled; it
        is where movements may be hidden from who is connected."""
        if elsewhere.items(self._connection, (facts.id,)):
            return True
        found = exists().where(
            stock_key.c.item_id == facts.id,
            movement.c.key_id == stock_key.c.id,
            movement.c.entered_unit != "",
        )
        return bool(self._connection.execute(select(found)).scalar())


def _inserted(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows that may name different columns; their ids in the same order."""
    names = sorted({name for row in rows for name in row})
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(tuple(name for name in names if name in row), []).append(place)
    ids = [0] * len(rows)
    for places in groups.values():
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        made = connection.execute(statement, [rows[place] for place in places]).scalars()
        for place, number in zip(places, made, strict=True):
            ids[place] = number
    return ids
