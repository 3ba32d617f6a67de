"""A month in which one supplier's receipts are posted late, in a real database, each case with a guess."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from support.warehouse import Warehouse
from zeroline.domain.audit import canonical
from zeroline.domain.instant import DAY, HOUR, MINUTE
from zeroline.domain.quantity import SCALE
from zeroline.domain.views.queue import Words
from zeroline.services.lookup import Lookup
from zeroline.storage import casework, schema

PARTNERS = ("Borg", "Cato", "Dorn", "Eyre")


@dataclass(frozen=True)
class Planted:
    """``late``: case ids behind ACME's late receipts; ``other``: that behind somebody else's."""

    late: tuple[int, ...]
    other: int
    receipts: int


def plant(warehouse: Warehouse, late: int = 10, ordinary: int = 60) -> Planted:
    """ACME's receipts happen at eight, are picked from at nine and posted by the erp at four."""
    begin = warehouse.clock()
    crossings: dict[int, int] = {}
    for number in range(ordinary):
        item, at = f"ITEM-{number % 7}", begin + (number % 25) * DAY + 10 * HOUR
        document = f"IN/{number:04d}"
        warehouse.move(
            item, f"A-{number % 9:02d}", 50, at, at - MINUTE,
            document=document, source="erp", user="lind", cases=False,
        )  # fmt: skip
        document_of(warehouse, document, "ACME" if number % 15 == 0 else PARTNERS[number % 4])
    for number in range(late + 1):
        item, location = f"LATE-{number}", f"A-{20 + number}"
        day = begin + (1 + number * 2) * DAY
        pick = warehouse.move(
            item, location, -8, day + 9 * HOUR, day + 9 * HOUR, document=f"OUT/{number:04d}", cases=False
        )
        document = f"IN/9{number:03d}"
        crossings[pick] = warehouse.move(
            item, location, 30, day + 16 * HOUR, day + 8 * HOUR,
            document=document, source="erp", user="lind", cases=False,
        )  # fmt: skip
        document_of(warehouse, document, "ACME" if number < late else "Dorn")
    warehouse.clock.set(begin + 27 * DAY)
    with warehouse.database.write() as work:
        casework.sync(work, None)
        work.audit("test cases", "ledger")
        work.changed(everything=True)
        work.commit()
    cases = guess(warehouse, crossings)
    return Planted(cases[:late], cases[late], ordinary + late + 1)


def guess(warehouse: Warehouse, to_blame: dict[int, int], cause: str = "T1") -> tuple[int, ...]:
    """Keep a guess for the case that each crossing opened; ``to_blame``: crossing → movement (0: none)."""
    with warehouse.database.write() as work:
        by_crossing = {
            row.opening_seq: row.id
            for row in work.connection.exec_driver_sql("SELECT id, opening_seq FROM stock_case")
        }
        for crossing, seq in to_blame.items():
            told = {
                "exact": False,
                "together": [],
                "fixed_wrongly": None,
                "hypotheses": [
                    {
                        "cause": cause,
                        "probability": 920_000,
                        "explained": 30 * SCALE,
                        "left_over": 0,
                        "evidence": [
                            ["document", 1, "IN/1", "recorded-late", {}],
                            *([["movement", seq, "T1", "recorded-late", {}]] if seq else []),
                        ],
                        "against": [],
                        "settle": None,
                        "lift": [],
                    }
                ],
            }
            work.connection.execute(
                insert(schema.diagnosis).values(
                    case_id=by_crossing[crossing],
                    at=work.at,
                    ledger_seq=seq,
                    cause=cause,
                    probability=920_000,
                    explained=30 * SCALE,
                    missing=8 * SCALE,
                    hypotheses=canonical(told),
                )
            )
        work.audit("test guesses", "cases")
        work.changed(everything=True)
        work.commit()
    return tuple(by_crossing[crossing] for crossing in to_blame)


def causes(warehouse: Warehouse, queue: str = "transient") -> dict[int, str]:
    """The tagged cause of each open case of a queue."""
    from zeroline.domain.case import Queue

    table = Lookup(warehouse.database).queue(warehouse.people.supervisor, Queue(queue))
    column = table.columns["cause"]
    assert isinstance(column, Words)
    return {int(id): str(column.at(row)) for row, id in enumerate(table.ids)}


def document_of(warehouse: Warehouse, number: str, partner: str, source: str = "erp") -> None:
    """A receipt's document with who sent it."""
    source_id = warehouse.source(source)
    with warehouse.database.write() as work:
        work.connection.execute(
            insert(schema.document).values(
                source_id=source_id, kind="receipt", number=number, partner=partner
            )
        )
        work.audit("test document", number)
        work.changed(everything=True)
        work.commit()
