"""What a source hands over: rows of the trade not yet looked up in the database, and what was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as _field
from enum import StrEnum
from typing import Protocol, TypeAlias

from zeroline.domain.movement import MovementKind, TimeBasis

Factor: TypeAlias = tuple[int, int]
"""(numerator, denominator), both above zero: one of the unit is numerator / denominator base units."""


class RecordKind(StrEnum):
    """What the rows of one file are."""

    ITEMS = "items"
    LOCATIONS = "locations"
    DOCUMENTS = "documents"
    RESERVATIONS = "reservations"
    MOVEMENTS = "movements"
    OPENINGS = "openings"
    BALANCES = "balances"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row was not taken. ``code`` and ``facts`` are those of a DomainError; ``value`` is as read.

    ``row`` is the line of a text file (of its first line, if it has several) or the row of a sheet, from 1;
    ``field`` the column as the file names it; ``cells`` the whole row as read.
    """

    row: int
    field: str
    value: str
    code: str
    facts: Mapping[str, object] = _field(default_factory=dict)
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity as written: micro-units of ``unit`` ('' the base unit), signed.

    ``factor`` when the mapping knows it, else the item's units decide. ``whole`` rounds the base quantity to
    whole base units, half to even, which only a mapping can ask for.
    """

    entered: int
    unit: str = ""
    factor: Factor | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement as the source tells it; '' and None where it is silent. ``moves`` names its stock key.

    ``reference`` '' asks for one made from the content. With both times None file order is all there is.
    """

    row: int
    item: str
    location: str
    lot: str
    status: str
    measure: Measure
    kind: MovementKind
    occurred_at: int | None
    recorded_at: int | None
    time_basis: TimeBasis
    reference: str = ""
    document: str = ""
    document_line: str = ""
    user: str = ""
    override: bool = False
    source: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One row of the file that is two movements: both are taken or neither."""

    row: int
    legs: tuple[MovementRow, MovementRow]
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Master data of an item; None where the file is silent. ``unit`` with ``factor`` adds another unit."""

    row: int
    item: str
    description: str | None = None
    base_unit: str | None = None
    unit_cost: int | None = None
    abc_class: str | None = None
    item_class: str | None = None
    decimals: int | None = None
    unit: str = ""
    factor: Factor | None = None
    barcode: str = ""
    barcode_unit: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocationRow:
    """Master data of a location; None where the file is silent. The site is created with its time zone."""

    row: int
    location: str
    site: str | None = None
    site_name: str | None = None
    time_zone: str | None = None
    currency: str | None = None
    warehouse: str | None = None
    zone: str | None = None
    kind: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a source says is on hand at ``as_of`` (µs; None: now), for the self-check or to derive openings.

    ``opening_at`` µs is when a derived opening balance is booked.
    """

    row: int
    item: str
    location: str
    lot: str
    status: str
    measure: Measure
    as_of: int | None
    opening_at: int | None = None
    source: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A line of a document (order, receipt, transfer, production order, return) as it stands now."""

    row: int
    kind: str
    document: str
    line: str
    item: str
    location: str
    lot: str
    quantity: Measure
    done: Measure
    state: str = ""  # open, closed; '' open while less is done than ordered
    due_at: int | None = None
    partner: str = ""
    source: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """Stock promised to somebody; a quantity of zero releases it."""

    row: int
    reference: str
    item: str
    location: str
    lot: str
    measure: Measure
    document: str = ""
    due_at: int | None = None
    source: str = ""
    cells: tuple[str, ...] = ()


Record: TypeAlias = (
    MovementRow | TransferRow | ItemRow | LocationRow | BalanceRow | DocumentRow | ReservationRow
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file in file order: ``read`` = taken into ``records`` + ``problems`` + ``skipped``.

    ``repeated`` rows are exact copies of earlier rows that the mapping says to drop. ``share`` is how much
    of the file is read so far, 0 to 1.
    """

    read: int
    records: Sequence[Record]
    problems: Sequence[Problem]
    skipped: int = 0
    repeated: int = 0
    share: float = 0.0


class RecordSource(Protocol):
    """One file (or another system) as rows of one kind; reading it twice gives the same rows.

    ``batches`` raises DomainError when nothing of it can be read (empty, damaged, a wrong sheet, a column
    that is not there): such a source is refused as a whole.
    """

    @property
    def kind(self) -> RecordKind:
        """What its rows are."""

    @property
    def file_name(self) -> str:
        """What it is called."""

    @property
    def sha256(self) -> str:
        """Hash of its content, hex."""

    @property
    def mapping(self) -> str:
        """Name of the mapping it is read by."""

    @property
    def derive(self) -> bool:
        """Openings are derived from its balances."""

    @property
    def combine(self) -> bool:
        """Its rows are summed by key before they are taken."""

    @property
    def time_zone(self) -> str:
        """IANA zone its times are meant in."""

    @property
    def header(self) -> tuple[str, ...]:
        """The column names as read; known once ``batches`` has begun."""

    def batches(self) -> Iterator[Batch]:
        """The rows from the first on."""
