"""Items and locations: made or brought up to date, what a file does not mention stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import ItemRow, LocationRow, Record
from zeroline.domain.stock import Location
from zeroline.services.intake.loading import Import, Tally, problem
from zeroline.storage.intake import ItemFacts, LocationFacts


class ItemLoader:
    """Items, their units and barcodes."""

    def __init__(self, job: Import, tally: Tally) -> None:
        self._job = job
        self._tally = tally
        self._made: set[str] = set()
        self._costs: dict[str, int] = {}  # of each item of this file before it
        self._claimed: dict[str, tuple[str, str | None]] = {}  # barcode: item code, unit it stands for so far

    def take(self, records: Sequence[Record]) -> None:
        """See Loader."""
        rows = [record for record in records if isinstance(record, ItemRow)]
        catalogue = self._job.catalogue
        catalogue.look_up({row.item for row in rows}, ())
        for row in rows:
            known = catalogue.item(row.item)
            self._costs.setdefault(row.item, known.values.get("unit_cost", 0) if known else 0)
        good = []
        for row in rows:
            try:
                self._judge(row)
            except DomainError as error:
                self._tally.problems.append(problem(row, error))
                continue
            good.append(row)
            if catalogue.item(row.item) is None:
                facts = catalogue.new_item(row.item, row.base_unit or "", named=True)
                facts.values.update(_columns(row))
                facts.decimals = row.decimals or 0
                self._made.add(row.item)
        catalogue.flush()  # units and barcodes need the ids
        for row in good:
            self._take(row)

    def finish(self) -> None:
        """Keep the cost of every item whose cost is another now."""
        for code, before in self._costs.items():
            facts = self._job.catalogue.item(code)
            if facts is not None and facts.values.get("unit_cost", 0) != before:
                self._job.catalogue.note_cost(facts, self._job.work.at)

    def _judge(self, row: ItemRow) -> None:
        """Raise DomainError for a row that cannot be taken, before anything is written of it."""
        catalogue = self._job.catalogue
        facts = catalogue.item(row.item)
        base_unit = row.base_unit or (facts.base_unit if facts else "")
        if row.unit and row.unit.casefold() == base_unit.casefold() and row.factor != (1, 1):
            raise DomainError("unit-is-base", field="unit", value=row.unit, item=row.item)
        if facts is not None and facts.id:
            self._changes(row, facts)
        if row.barcode:
            owner = self._claimed.get(row.barcode) or catalogue.barcode_owner(row.barcode)
            if owner is not None and owner[0] != row.item:
                raise DomainError("barcode-taken", field="barcode", value=row.barcode, item=owner[0])
            self._claimed[row.barcode] = (row.item, owner[1] if owner else None)

    def _take(self, row: ItemRow) -> None:
        catalogue = self._job.catalogue
        facts = catalogue.item(row.item)
        assert facts is not None
        new = row.item in self._made
        self._made.discard(row.item)
        changes = self._changes(row, facts)
        changed = bool(changes)
        if changes:
            catalogue.change_item(facts, changes)
        if row.unit and row.factor and facts.factor(row.unit) != row.factor:
            catalogue.set_unit(facts, row.unit, row.factor)
            changed = True
        if row.barcode and self._claimed[row.barcode][1] != row.barcode_unit:
            catalogue.set_barcode(
                facts, row.barcode, row.barcode_unit, self._claimed[row.barcode][1] is not None
            )
            self._claimed[row.barcode] = (row.item, row.barcode_unit)
            changed = True
        self._tally.added += new
        self._tally.changed += changed and not new
        self._tally.known += not (changed or new)

    def _changes(self, row: ItemRow, facts: ItemFacts) -> dict[str, Any]:
        """Columns to change; DomainError ``base-unit-settled`` where quantities would change meaning."""
        changes = {name: value for name, value in _columns(row).items() if facts.values.get(name) != value}
        if row.decimals is not None and row.decimals != facts.decimals:
            changes["decimals"] = row.decimals
        if row.base_unit and row.base_unit != facts.base_unit:
            if row.base_unit.casefold() != facts.base_unit.casefold() and self._job.catalogue.names_unit(
                facts
            ):
                raise DomainError(
                    "base-unit-settled",
                    field="base_unit",
                    value=row.base_unit,
                    unit=facts.base_unit,
                    item=row.item,
                )
            changes["base_unit"] = row.base_unit
        return changes


def _columns(row: ItemRow) -> dict[str, Any]:
    told = {
        "description": row.description,
        "unit_cost": row.unit_cost,
        "abc_class": row.abc_class,
        "item_class": row.item_class,
    }
    return {name: value for name, value in told.items() if value is not None}


class LocationLoader:
    """Locations and the sites they belong to."""

    def __init__(self, job: Import, tally: Tally) -> None:
        self._job = job
        self._tally = tally

    def take(self, records: Sequence[Record]) -> None:
        """See Loader."""
        rows = [record for record in records if isinstance(record, LocationRow)]
        catalogue = self._job.catalogue
        catalogue.look_up((), {row.location for row in rows})
        for row in rows:
            try:
                facts = catalogue.location(row.location)
                values = self._values(row, facts)
            except DomainError as error:
                self._tally.problems.append(problem(row, error))
                continue
            if facts is None:
                catalogue.new_location(row.location, named=True).values.update(values)
                self._tally.added += 1
                continue
            changes = {name: value for name, value in values.items() if facts.values.get(name) != value}
            if changes:
                catalogue.change_location(facts, changes)
                self._tally.changed += 1
            else:
                self._tally.known += 1
        catalogue.flush()

    def finish(self) -> None:
        """See Loader."""

    def _values(self, row: LocationRow, facts: LocationFacts | None) -> dict[str, Any]:
        told: dict[str, Any] = {
            name: value
            for name, value in (("warehouse", row.warehouse), ("zone", row.zone), ("kind", row.kind))
            if value is not None
        }
        if row.site is not None or facts is None or row.time_zone or row.site_name or row.currency:
            code = row.site or Location("").site
            if row.site is None and facts is not None:
                return told  # a site is named by its code only
            told["site_id"] = self._job.catalogue.site(
                code, row.site_name or "", row.time_zone or "", row.currency or ""
            )
        return told
