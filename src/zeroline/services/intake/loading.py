"""What the loaders of one import share: the write, the catalogue of codes, the count of what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Measure, Problem, Record
from zeroline.domain.quantity import LARGEST, SCALE, half_even, plain, to_base
from zeroline.storage.intake import Catalogue, ItemFacts, Keys, References
from zeroline.storage.unit_of_work import UnitOfWork

OWN_SOURCE = "zeroline"
DEFAULT_SOURCE = "file"
"""The source of rows that name none."""


@dataclass(slots=True)
class Tally:
    """How many rows of the file came to what."""

    read: int = 0
    added: int = 0
    changed: int = 0
    known: int = 0
    repeated: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)


class Import:
    """One import in progress: everything in one write; ``largest``: what a row may have, micro-units."""

    def __init__(self, work: UnitOfWork, largest: int = LARGEST) -> None:
        self.work = work
        self.largest = largest
        self.catalogue = Catalogue(work.connection, work.at)
        self.keys = Keys(work.connection)
        self.references = References(work.connection)
        self.touched: set[int] = set()
        self.surrounded: set[int] = set()  # items of which a document changed
        self._unit_open: set[str] = set()  # items that came into being here and whose base unit no row named

    def source(self, code: str) -> int:
        """Id of a row's source. Raises DomainError ``source-reserved`` for the program's own."""
        if code == OWN_SOURCE:
            raise DomainError("source-reserved", field="source", value=code)
        return self.catalogue.source(code or DEFAULT_SOURCE)

    def base_quantity(self, measure: Measure, item: ItemFacts | None, code: str) -> int:
        """Base micro-units of a measure of an item that is known or about to be created.

        Raises DomainError ``unit-unknown`` (unit, item, known), ``quantity-decimals`` or
        ``quantity-too-large``.
        """
        factor = measure.factor
        if factor is None:
            factor = item.factor(measure.unit) if item is not None else (1, 1)
        if factor is None and code in self._unit_open:
            factor = (1, 1)
        if factor is None:
            known = (item.base_unit, *item.units) if item is not None else ()
            raise DomainError(
                "unit-unknown", field="unit", value=measure.unit, unit=measure.unit, item=code, known=known
            )
        if measure.whole:
            pieces = half_even(measure.entered * factor[0], factor[1] * SCALE)
            if abs(pieces) * SCALE > self.largest:
                raise DomainError("quantity-too-large", field="quantity", value=plain(measure.entered))
            return pieces * SCALE
        quantity = measure.entered
        if factor != (1, 1):
            try:
                quantity = to_base(quantity, *factor)
            except DomainError as error:
                raise DomainError(error.code, **error.fields, field="quantity") from error
        if abs(quantity) > self.largest:
            raise DomainError("quantity-too-large", field="quantity", value=plain(measure.entered))
        return quantity

    def item(self, code: str, measure: Measure) -> tuple[ItemFacts, int]:
        """The item, made if there is none, and the measure in its base unit; raises as base_quantity.

        An item nobody knows takes the unit it is first named with for its base unit.
        """
        facts = self.catalogue.item(code)
        quantity = self.base_quantity(measure, facts, code)
        unit = "" if measure.factor is not None else measure.unit
        if facts is None:
            facts = self.catalogue.new_item(code, unit)
            if not unit:
                self._unit_open.add(code)
        elif unit and code in self._unit_open:
            self._unit_open.remove(code)
            self.catalogue.change_item(facts, {"base_unit": unit})
        if quantity % SCALE:
            shown = len(plain(quantity).partition(".")[2])
            if shown > facts.decimals:
                self.catalogue.change_item(facts, {"decimals": shown})
        return facts, quantity

    def location(self, code: str) -> None:
        """Make sure that there is a location of this code."""
        if self.catalogue.location(code) is None:
            self.catalogue.new_location(code)

    def location_id(self, code: str) -> int:
        """Id of a location that was written."""
        found = self.catalogue.location(code)
        assert found is not None
        return found.id


class Loader(Protocol):
    """Takes the records of one file batch by batch."""

    def take(self, records: Sequence[Record]) -> None:
        """Load some records in file order, counting what came of each row."""

    def finish(self) -> None:
        """The file is at its end."""


def problem(record: Record, error: DomainError) -> Problem:
    """The row that could not be taken, with its reason."""
    facts = dict(error.fields)
    field_name, value = str(facts.pop("field", "")), str(facts.get("value", ""))
    return Problem(record.row, field_name, value, error.code, facts, record.cells)
