"""Rows that are items or locations."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Sequence

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import ItemRow, LocationRow
from zeroline.domain.quantity import DECIMALS, SCALE, plain
from zeroline.domain.stock import LocationKind
from zeroline.sources.mapping.model import FileRules, factor_of
from zeroline.sources.reading.cells import Fields, Getter, refused
from zeroline.sources.reading.values import Values

_CLASSES = ("", "A", "B", "C")


def _said(fields: Fields, field: str, getter: Getter) -> Callable[[Sequence[str]], str | None]:
    """The text, None where the file is silent: no such column, or nothing in it."""
    return (lambda cells: getter(cells) or None) if field in fields else (lambda cells: None)


def item_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[int, Sequence[str], tuple[str, ...]], ItemRow]:
    """Reads items; several rows of one item add units and barcodes to it."""
    item = fields.code("item", required=True)
    description = _said(fields, "description", fields.text("description"))
    alone = "factor" not in fields and "base_unit" not in fields  # then the one unit there is, is the base
    base_name = "unit" if alone else "base_unit"
    base_unit = _said(fields, base_name, fields.code(base_name))
    item_class = _said(fields, "item_class", fields.code("item_class"))
    abc, abc_name = fields.get("abc_class"), fields.name("abc_class")
    cost, cost_name = values.number("unit_cost", required=False), fields.name("unit_cost")
    decimals, decimals_name = values.number("decimals", required=False), fields.name("decimals")
    unit = fields.code("unit") if not alone else fields.code("")
    factor, factor_name = fields.get("factor"), fields.name("factor")
    barcode, barcode_unit = fields.code("barcode"), fields.code("barcode_unit")

    def read(number: int, cells: Sequence[str], kept: tuple[str, ...]) -> ItemRow:
        price, places, ranked, times = cost(cells), decimals(cells), abc(cells).upper(), factor(cells)
        if price is not None and price < 0:
            raise refused("cost-negative", cost_name, plain(price))
        if places is not None and places not in range(0, (DECIMALS + 1) * SCALE, SCALE):
            raise refused("decimals-range", decimals_name, plain(places))
        if ranked not in _CLASSES:
            raise refused("abc-unknown", abc_name, ranked)
        try:
            worth = factor_of(times) if times else None
        except DomainError as error:
            raise refused("factor", factor_name, times) from error
        if (worth is None) != (unit(cells) == ""):
            raise refused("unit-and-factor", factor_name, times or unit(cells))
        return ItemRow(
            number,
            item(cells),
            description(cells),
            base_unit(cells),
            price,
            ranked or None,
            item_class(cells),
            None if places is None else places // SCALE,
            unit(cells),
            worth,
            barcode(cells),
            barcode_unit(cells),
            kept,
        )

    return read


def location_reader(
    fields: Fields, values: Values, rules: FileRules
) -> Callable[[int, Sequence[str], tuple[str, ...]], LocationRow]:
    """Reads locations with the site, warehouse and zone they lie in."""
    location = fields.code("location", required=True)
    said = {
        field: _said(fields, field, fields.code(field))
        for field in ("site", "site_name", "currency", "warehouse", "zone", "time_zone")
    }
    kind, kind_name, zone_name = (
        fields.get("location_kind"),
        fields.name("location_kind"),
        fields.name("time_zone"),
    )
    kinds = {kind.value for kind in LocationKind}
    zones = zoneinfo.available_timezones() if "time_zone" in fields else set()

    def read(number: int, cells: Sequence[str], kept: tuple[str, ...]) -> LocationRow:
        word = kind(cells).lower()
        if word and word not in kinds:
            raise refused("location-kind-unknown", kind_name, word, known=tuple(sorted(kinds)))
        time_zone = said["time_zone"](cells)
        if time_zone is not None and time_zone not in zones:
            raise refused("zone-unknown", zone_name, time_zone)
        return LocationRow(
            number,
            location(cells),
            said["site"](cells),
            said["site_name"](cells),
            time_zone,
            said["currency"](cells),
            said["warehouse"](cells),
            said["zone"](cells),
            word or None,
            kept,
        )

    return read
