"""The mapping: how a source's files are to be understood, as it stands in TOML.

A mapping holds settings for all of its files, and ``[[files]]`` tables that add to or override them for one
file each: plain settings replace, tables (columns, kinds, …) are merged entry by entry. Without ``[[files]]``
the settings hold for whatever file is given.
"""

from __future__ import annotations

import zoneinfo
from math import gcd
from typing import Annotated, Literal, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Factor, RecordKind
from zeroline.domain.movement import MovementKind
from zeroline.domain.quantity import SCALE, parse
from zeroline.domain.stock import StockStatus
from zeroline.sources.dates import compile_format
from zeroline.sources.fields import BY_KIND, FIELDS

Sign = Literal["signed", "reverse", "+", "-"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=4_000)


def _refuse(code: str, **facts: str) -> NoReturn:
    raise PydanticCustomError(code, code, facts)


def factor_of(text: str) -> Factor:
    """A factor written as ``12``, ``0.5`` or ``1/12``, in lowest terms; raises DomainError ``factor``."""
    above, _, below = text.partition("/")
    try:
        numerator, denominator = parse(above), parse(below) if below else SCALE
    except DomainError as error:
        raise DomainError("factor", value=text[:40]) from error
    if numerator <= 0 or denominator <= 0:
        raise DomainError("factor", value=text[:40])
    shared = gcd(numerator, denominator)
    return numerator // shared, denominator // shared


def _factor(value: object) -> object:
    if value is None or isinstance(value, tuple):
        return value
    try:
        return factor_of(str(value))
    except DomainError:
        _refuse("mapping-factor", value=str(value)[:40])


class Cell(_Table):
    """Where one field comes from: a column, several columns joined, or a constant; then what is done to it.

    The order of the steps: join, strip, change, look up, translate (``*`` is any other text), prefix and
    suffix, default if empty.
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    join: str = "-"
    constant: str | None = None
    change: tuple[Literal["upper", "lower"], ...] = ()
    translate: dict[str, str] = Field(default_factory=dict)
    lookup: str = ""
    value: str = ""
    prefix: str = ""
    suffix: str = ""
    default: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> Cell:
        origins = bool(self.column) + bool(self.columns) + (self.constant is not None)
        if origins != 1:
            _refuse("mapping-cell-origin")
        if bool(self.lookup) != bool(self.value):
            _refuse("mapping-lookup-value")
        return self


def _cell(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class KindRule(_Table):
    """What a source's word for a movement means. ``sign`` '-' makes a quantity that is always written
    without a sign an outgoing one."""

    kind: MovementKind
    sign: Sign = "signed"


def _kind(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class UnitRule(_Table):
    """What a source's unit is: our code for it, and its factor, fixed or looked up by item.

    ``lookup`` names a lookup whose key is the item code, ``value`` the column that holds the factor.
    """

    code: str = ""
    factor: Annotated[Factor | None, BeforeValidator(_factor)] = None
    lookup: str = ""
    value: str = ""

    @model_validator(mode="after")
    def _complete(self) -> UnitRule:
        if bool(self.lookup) != bool(self.value):
            _refuse("mapping-lookup-value")
        if self.lookup and self.factor is not None:
            _refuse("mapping-unit-factor")
        return self


def _unit(value: object) -> object:
    return {"code": value} if isinstance(value, str) else value


class Skip(_Table):
    """Rows that are left out: those whose ``column`` holds one of ``equals`` (or is empty)."""

    column: str
    equals: tuple[str, ...] = ()
    empty: bool = False

    @field_validator("equals", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _something(self) -> Skip:
        if not self.equals and not self.empty:
            _refuse("mapping-skip")
        return self


class Lookup(_Table):
    """A side file, read whole: ``key`` is the column it is searched by."""

    file: str
    key: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


class FileRules(_Table):
    """The settings that hold for a file. '' and None mean: as for all files, or the default."""

    kind: RecordKind | None = None
    source: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1, le=1_000)
    zone: str | None = None
    dates: tuple[str, ...] | None = None
    day: Literal["start", "end"] | None = None
    decimal: Literal[".", ","] | None = None
    thousands: str | None = Field(default=None, max_length=3)
    sign: Sign | None = None
    rounding: Literal["exact", "whole"] | None = None
    duplicates: Literal["keep", "drop"] | None = None
    missing_time: Literal["reject", "file order"] | None = None
    combine: bool | None = None
    derive_from: Literal["balance"] | None = None
    columns: dict[str, Annotated[Cell, BeforeValidator(_cell)]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    kinds: dict[str, Annotated[KindRule, BeforeValidator(_kind)]] = Field(default_factory=dict)
    directions: dict[str, Literal["+", "-"]] = Field(default_factory=dict)
    statuses: dict[str, StockStatus] = Field(default_factory=dict)
    units: dict[str, Annotated[UnitRule, BeforeValidator(_unit)]] = Field(default_factory=dict)
    skip: tuple[Skip, ...] | None = None

    @field_validator("dates", mode="before")
    @classmethod
    def _dates(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("dates")
    @classmethod
    def _known_dates(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for form in value or ():
            try:
                compile_format(form)
            except ValueError:
                _refuse("mapping-date-format", value=form)
        return value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value:
            try:
                zoneinfo.ZoneInfo(value)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
                _refuse("mapping-zone", value=value)
        return value

    @field_validator("columns", "constants")
    @classmethod
    def _known_fields(cls, value: dict[str, object]) -> dict[str, object]:
        for name in value:
            if name not in FIELDS:
                _refuse("mapping-field", value=name)
        return value

    @model_validator(mode="after")
    def _marks_differ(self) -> FileRules:
        if self.decimal is not None and self.decimal in (self.thousands or ""):
            _refuse("mapping-marks")
        return self


class FilePart(FileRules):
    """``file`` is a name or a pattern such as ``sales_*.csv``, beside or below what is imported."""

    file: str


class Mapping(FileRules):
    """A whole mapping. ``lookups`` are shared by all files."""

    name: str = ""
    lookups: dict[str, Lookup] = Field(default_factory=dict)
    files: tuple[FilePart, ...] = ()

    @model_validator(mode="after")
    def _lookups_exist(self) -> Mapping:
        for rules in (self, *self.files):
            for where, wanted in (
                *((f"columns.{name}", cell.lookup) for name, cell in rules.columns.items()),
                *((f"units.{name}", unit.lookup) for name, unit in rules.units.items()),
            ):
                if wanted and wanted not in self.lookups:
                    _refuse("mapping-lookup-missing", where=where, value=wanted)
        return self

    def rules(self, part: FilePart | None = None) -> FileRules:
        """The settings for one file: the common ones, overridden by its own.

        Common columns and constants that records of the file's kind do not have are left out.
        """
        common = {name: getattr(self, name) for name in FileRules.model_fields}
        if part is None:
            return FileRules.model_construct(**common)
        kind = part.kind or self.kind
        names = FIELDS if kind is None else frozenset(BY_KIND[kind])
        own_names = part.columns.keys() | part.constants.keys()
        for table in ("columns", "constants"):
            common[table] = {
                name: value
                for name, value in common[table].items()
                if name in names and name not in own_names
            }
        for name in FileRules.model_fields:
            own = getattr(part, name)
            if isinstance(own, dict):
                common[name] = {**common[name], **own}
            elif own is not None:
                common[name] = own
        return FileRules.model_construct(**common)
