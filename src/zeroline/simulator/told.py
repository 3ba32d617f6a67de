"""What the simulated sources tell: the simulation as record sources that intake can load."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from zeroline.domain.incoming import (
    BalanceRow,
    Batch,
    DocumentRow,
    ItemRow,
    LocationRow,
    Measure,
    MovementRow,
    Record,
    RecordKind,
    ReservationRow,
)
from zeroline.domain.movement import Movement
from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import StockKey
from zeroline.simulator.papers import DocumentLine
from zeroline.simulator.warehouse import Simulation

_BATCH = 5_000


@dataclass(frozen=True)
class Told:
    """Ready records under a name, as if they had been read from a file."""

    kind: RecordKind
    file_name: str
    records: Sequence[Record]
    mapping: str = "simulator"
    derive: bool = False
    combine: bool = False
    time_zone: str = "UTC"
    header: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """A hash of the name: the same plan tells the same records under the same name."""
        return hashlib.sha256(self.file_name.encode()).hexdigest()

    def batches(self) -> Iterator[Batch]:
        """The records in order."""
        for start in range(0, len(self.records), _BATCH):
            part = self.records[start : start + _BATCH]
            yield Batch(len(part), part, (), share=(start + len(part)) / len(self.records))


def items(simulation: Simulation) -> Told:
    """Items with their cost, further units and barcodes: one row for each unit beside the base unit."""
    rows: list[Record] = []
    for item in simulation.items:
        barcode, barcode_unit = item.barcodes[0] if item.barcodes else ("", "")
        for place, unit in enumerate(item.units or ()):
            rows.append(
                ItemRow(
                    row=len(rows) + 1,
                    item=item.code,
                    description=item.description,
                    base_unit=item.base_unit,
                    unit_cost=item.unit_cost,
                    abc_class=item.abc_class,
                    item_class=item.item_class,
                    decimals=item.decimals,
                    unit=unit.code,
                    factor=(unit.numerator, unit.denominator),
                    barcode=barcode if place == 0 else "",
                    barcode_unit=barcode_unit if place == 0 else "",
                )
            )
    return Told(RecordKind.ITEMS, "items of the demo warehouse", rows)


def locations(simulation: Simulation) -> Told:
    """Locations with the site they belong to."""
    sites = {site.code: site for site in simulation.sites}
    return Told(
        RecordKind.LOCATIONS,
        "locations of the demo warehouse",
        [
            LocationRow(
                row=row,
                location=place.code,
                site=place.site,
                site_name=sites[place.site].name,
                time_zone=sites[place.site].zone,
                currency="EUR",
                warehouse=place.warehouse,
                zone=place.zone,
                kind=place.kind.value,
            )
            for row, place in enumerate(simulation.locations, 1)
        ],
    )


def movements(rows: Sequence[Movement], name: str) -> Told:
    """Some movements of the ledger, in order of recording."""
    return Told(
        RecordKind.MOVEMENTS,
        name,
        [
            MovementRow(
                row=number,
                item=row.key.item,
                location=row.key.location,
                lot=row.key.lot,
                status=row.key.status,
                measure=_measure(row),
                kind=row.kind,
                occurred_at=row.occurred_at,
                recorded_at=row.recorded_at,
                time_basis=row.time_basis,
                reference=row.reference,
                document=row.document,
                document_line=row.document_line,
                user=row.user,
                override=row.override,
                source=row.source,
            )
            for number, row in enumerate(rows, 1)
        ],
    )


def _measure(row: Movement) -> Measure:
    """As entered where the factor is whole, so that the case shows '3 CS'; else as it came to the base."""
    if row.entered_quantity and row.quantity % row.entered_quantity == 0:
        return Measure(row.entered_quantity, row.entered_unit, (row.quantity // row.entered_quantity, 1))
    return Measure(row.quantity)


def balances(simulation: Simulation, random: Random, as_of: int) -> Told:
    """The stored balances of some keys as the old system has them; one in twelve is wrong."""
    books: dict[StockKey, int] = {}
    for row in simulation.movements:
        if row.recorded_at <= as_of:
            books[row.key] = books.get(row.key, 0) + row.quantity
    rows: list[Record] = []
    for number, key in enumerate(random.sample(sorted(books), min(72, len(books))), 1):
        wrong = random.randrange(1, 9) * SCALE if number % 12 == 0 else 0
        rows.append(
            BalanceRow(
                row=number,
                item=key.item,
                location=key.location,
                lot=key.lot,
                status=key.status,
                measure=Measure(books[key] + wrong),
                as_of=as_of,
                source="erp",
            )
        )
    return Told(RecordKind.BALANCES, "stored balances of the demo warehouse", rows)


def documents(lines: Sequence[DocumentLine], name: str = "documents of the demo warehouse") -> Told:
    """Orders, receipts due and the like, open and closed."""
    return Told(
        RecordKind.DOCUMENTS,
        name,
        [
            DocumentRow(
                row=number,
                kind=line.kind,
                document=line.number,
                line=line.line,
                item=line.item,
                location=line.location,
                lot="",
                quantity=Measure(line.quantity),
                done=Measure(line.done),
                state=line.state,
                due_at=line.due_at,
                partner=line.partner,
                source=line.source,
            )
            for number, line in enumerate(lines, 1)
        ],
    )


def reservations(lines: Sequence[DocumentLine]) -> Told:
    """Stock promised to the open orders."""
    return Told(
        RecordKind.RESERVATIONS,
        "reservations of the demo warehouse",
        [
            ReservationRow(
                row=number,
                reference=f"{line.number}-{line.line}",
                item=line.item,
                location=line.location,
                lot="",
                measure=Measure(line.quantity - line.done),
                document=line.number,
                due_at=line.due_at,
                source="erp",
            )
            for number, line in enumerate(lines, 1)
            if line.kind == "order" and line.state == "open" and line.done < line.quantity
        ],
    )
