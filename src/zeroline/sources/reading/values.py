"""Quantities, instants and choices out of a row's texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Factor, Measure
from zeroline.domain.quantity import parse
from zeroline.domain.stock import StockStatus
from zeroline.sources import words
from zeroline.sources.dates import DateReader
from zeroline.sources.lookup import LookupTable
from zeroline.sources.mapping.model import FileRules, UnitRule, factor_of
from zeroline.sources.reading.cells import Fields, refused

Row: TypeAlias = Sequence[str]
_REMEMBERED = 100_000


class Values:
    """What the rules say about numbers, dates, units and words, over the fields of one file."""

    def __init__(self, fields: Fields, rules: FileRules, lookups: Mapping[str, LookupTable]) -> None:
        self._fields = fields
        self._rules = rules
        self._decimal = rules.decimal or "."
        self._thousands = rules.thousands or ""
        self._dates = DateReader(
            rules.dates or ("iso",), ZoneInfo(rules.zone or "UTC"), end_of_day=rules.day == "end"
        )
        # A constant date is written by hand in the mapping, whatever the file's own habit is.
        self._constant_dates = DateReader(
            ("iso", *(rules.dates or ())), ZoneInfo(rules.zone or "UTC"), end_of_day=rules.day == "end"
        )
        self._units = {
            word.casefold(): _unit_reader(word, unit, lookups) for word, unit in rules.units.items()
        }
        self._statuses = {word.casefold(): status.value for word, status in rules.statuses.items()}

    def number(self, field: str, *, required: bool = True) -> Callable[[Row], int | None]:
        """Micro-units of a field, None where it is empty and not required.

        Its reader raises the errors of :func:`zeroline.domain.quantity.parse` with ``field``.
        """
        getter, name = self._fields.get(field), self._fields.name(field)
        known: dict[str, int] = {}
        decimal, thousands = self._decimal, self._thousands

        def read(cells: Row) -> int | None:
            text = getter(cells)
            found = known.get(text)
            if found is not None:
                return found
            if not text and not required:
                return None
            try:
                found = parse(text, decimal, thousands)
            except DomainError as error:
                raise refused(error.code, name, text) from error
            if len(known) < _REMEMBERED:
                known[text] = found
            return found

        return read

    def instant(self, field: str) -> Callable[[Row], int | None]:
        """µs of a field, None where it is empty; raises DomainError ``instant-unreadable`` with ``field``."""
        if field not in self._fields:
            return lambda cells: None
        getter, name = self._fields.get(field), self._fields.name(field)
        dates = self._constant_dates if field in self._rules.constants else self._dates

        def read(cells: Row) -> int | None:
            text = getter(cells)
            if not text:
                return None
            try:
                return dates.read(text)
            except DomainError as error:
                facts = {**error.fields, "value": text[:80], "field": name}
                raise DomainError(error.code, **facts) from error

        return read

    def measure(self, item: Callable[[Row], str]) -> Callable[[Row, int], Measure]:
        """A quantity in the row's unit; ``item`` answers the item code for units that are looked up.

        Raises DomainError ``lookup-nothing`` or ``factor`` with ``field``.
        """
        getter, name = self._fields.code("unit"), self._fields.name("unit")
        whole = self._rules.rounding == "whole"
        units = self._units

        def read(cells: Row, entered: int) -> Measure:
            unit = getter(cells)
            reader = units.get(unit.casefold())
            if reader is None:
                return Measure(entered, unit, None, whole)
            code, factor_for = reader
            try:
                return Measure(entered, code, factor_for(item(cells)), whole)
            except DomainError as error:
                raise DomainError(error.code, **{**error.fields, "field": name}) from error

        return read

    def status(self) -> Callable[[Row], str]:
        """The stock status; raises DomainError ``row-status-unknown`` with ``field``."""
        getter, name = self._fields.get("status"), self._fields.name("status")
        own = self._statuses
        known: dict[str, str] = {}

        def read(cells: Row) -> str:
            text = getter(cells)
            if text in known:
                return known[text]
            status = own.get(text.casefold()) or words.status_of(text)
            if status is None:
                raise refused("row-status-unknown", name, text, known=tuple(s.value for s in StockStatus))
            known[text] = found = str(status)
            return found

        return read

    def flag(self, field: str) -> Callable[[Row], bool]:
        """Yes or no; raises DomainError ``flag-unreadable`` with ``field``."""
        if field not in self._fields:
            return lambda cells: False
        getter, name = self._fields.get(field), self._fields.name(field)

        def read(cells: Row) -> bool:
            text = getter(cells)
            meant = words.yes_or_no(text)
            if meant is None:
                raise refused("flag-unreadable", name, text)
            return meant

        return read


FactorFor: TypeAlias = Callable[[str], Factor | None]


def _unit_reader(word: str, unit: UnitRule, lookups: Mapping[str, LookupTable]) -> tuple[str, FactorFor]:
    code = unit.code or word
    if not unit.lookup:
        return code, lambda item: unit.factor
    table = lookups[unit.lookup]
    place = table.column(unit.value)
    known: dict[str, Factor] = {}

    def factor_for(item: str) -> Factor:
        found = known.get(item)
        if found is None:
            text = table.find(item, place)
            if text is None:
                raise DomainError("lookup-nothing", value=item, lookup=unit.lookup)
            found = known[item] = factor_of(text)
        return found

    return code, factor_for
