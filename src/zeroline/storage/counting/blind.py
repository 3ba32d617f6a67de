"""The blind side of counting: everything a counter reads and types.

No statement in this module names ``balance``, ``movement``, ``episode`` or ``count_expectation``: the book
is neither shown nor fetched. A test captures the statements and holds that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from zeroline.domain.count import COUNTABLE, LineState, SheetState
from zeroline.domain.errors import DomainError
from zeroline.domain.stock import Unit
from zeroline.domain.views.counting import BlindLine, BlindSheet
from zeroline.domain.views.key import KeyFacts
from zeroline.storage.keys import key_facts
from zeroline.storage.schema import (
    count_draft,
    count_line,
    count_sheet,
    item,
    location,
    stock_key,
)
from zeroline.storage.unit_of_work import UnitOfWork

_LINES = """
SELECT id, position, key_id, state, reason, found FROM count_line WHERE sheet_id = ? ORDER BY position, id
"""
_COUNTERS = """
SELECT e.line_id, e.counter_id, e.counted_at FROM count_entry e JOIN count_line n ON n.id = e.line_id
WHERE n.sheet_id = ?
"""
_DRAFTS = """
SELECT d.line_id, d.person_id, d.quantity, d.entered, d.reason, d.counted_at, p.name
FROM count_draft d JOIN person p ON p.id = d.person_id
WHERE d.sheet_id = ? AND NOT d.undone ORDER BY d.id
"""
_DRAFT_OF = """
SELECT d.line_id, d.person_id, d.quantity, d.entered, d.reason, d.counted_at, p.name
FROM count_draft d JOIN person p ON p.id = d.person_id
WHERE d.sheet_id = ? AND d.line_id = ? AND NOT d.undone ORDER BY d.id DESC LIMIT 1
"""
_UNITS = """
SELECT item_id, unit, numerator, denominator FROM item_unit
WHERE item_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
ORDER BY item_id, numerator / denominator, unit
"""
_BARCODES = """
SELECT item_id, barcode, unit FROM item_barcode
WHERE item_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY item_id, barcode
"""
_SHEET = """
SELECT s.id, s.number, s.title, s.state, s.assigned_to, coalesce(p.name, '') AS assigned_name, s.due_at,
       s.created_at, s.submitted_at, s.version
FROM count_sheet s LEFT JOIN person p ON p.id = s.assigned_to WHERE s.id = ?
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """The newest entry of one person for one line that is neither undone nor submitted."""

    line_id: int
    person_id: int
    quantity: int | None  # None: not counted, see reason
    entered: str
    reason: str
    counted_at: int
    person: str


def sheet_row(connection: Connection, sheet_id: int) -> Any:
    """Head of a sheet; DomainError ``count-sheet-unknown``."""
    row = connection.exec_driver_sql(_SHEET, (sheet_id,)).first()
    if row is None:
        raise DomainError("count-sheet-unknown", sheet=sheet_id)
    return row


def drafts(connection: Connection, sheet_id: int) -> dict[int, Draft]:
    """The draft that holds each line of a sheet."""
    rows = connection.exec_driver_sql(_DRAFTS, (sheet_id,))
    return {row[0]: Draft(*row) for row in rows}


def counters(connection: Connection, sheet_id: int) -> dict[int, list[tuple[int, int]]]:
    """Who counted each line of a sheet so far, and when: line id → [(person id, instant), …]."""
    found: dict[int, list[tuple[int, int]]] = {}
    for line_id, counter_id, counted_at in connection.exec_driver_sql(_COUNTERS, (sheet_id,)):
        found.setdefault(line_id, []).append((counter_id, counted_at))
    return found


def blind_sheet(connection: Connection, sheet_id: int, person_id: int) -> BlindSheet:
    """The sheet as this person may see it; in a recount only the lines that wait for one."""
    head = sheet_row(connection, sheet_id)
    rows = list(connection.exec_driver_sql(_LINES, (sheet_id,)))
    if head.state == SheetState.RECOUNT:
        rows = [row for row in rows if row.state in COUNTABLE]
    keys = key_facts(connection, (row.key_id for row in rows))
    items = json.dumps(sorted({facts.item_id for facts in keys.values()}))
    units: dict[int, list[Unit]] = {}
    for item_id, unit, numerator, denominator in connection.exec_driver_sql(_UNITS, (items,)):
        units.setdefault(item_id, []).append(Unit(unit, numerator, denominator))
    barcodes: dict[int, list[tuple[str, str]]] = {}
    for item_id, barcode, unit in connection.exec_driver_sql(_BARCODES, (items,)):
        barcodes.setdefault(item_id, []).append((barcode, unit))
    held, counted = drafts(connection, sheet_id), counters(connection, sheet_id)
    lines = tuple(
        _line(
            row,
            held.get(row.id),
            counted.get(row.id, []),
            person_id,
            keys[row.key_id],
            tuple(units.get(keys[row.key_id].item_id, ())),
            tuple(barcodes.get(keys[row.key_id].item_id, ())),
        )
        for row in rows
    )
    log = history(connection, sheet_id, person_id)
    return BlindSheet(
        head.id,
        head.number,
        head.title,
        head.state,
        head.assigned_to,
        head.assigned_name,
        head.due_at,
        lines,
        any(not undone for _, _, undone in log),
        any(undone for _, _, undone in log),
        head.version,
    )


def _line(
    row: Any,
    draft: Draft | None,
    counted: list[tuple[int, int]],
    person_id: int,
    key: KeyFacts,
    units: tuple[Unit, ...],
    barcodes: tuple[tuple[str, str], ...],
) -> BlindLine:
    line = BlindLine(
        row.id, row.position, key, units, barcodes, len(counted) + 1, "to count", found=bool(row.found)
    )
    if row.state not in COUNTABLE:
        done = "not counted" if row.state == LineState.NOT_COUNTED else "done"
        return replace(line, state=done, reason=row.reason)
    if any(counter == person_id for counter, _ in counted):
        return replace(line, blocked="counted-before")
    if draft is None:
        return line
    if draft.person_id != person_id:
        return replace(line, blocked="taken", taken_by=draft.person, taken_by_id=draft.person_id)
    return replace(
        line,
        state="not counted" if draft.quantity is None else "entered",
        entered=draft.entered,
        quantity=draft.quantity,
        reason=draft.reason,
        counted_at=draft.counted_at,
    )


# --- drafts: a log of entries for each person and sheet; undone ones are always the newest ------------


@dataclass(frozen=True, slots=True)
class LineHead:
    """What decides whether a line may be counted now; item units with it. Instants µs."""

    line_id: int
    sheet_id: int
    sheet_number: str
    sheet_state: str
    sheet_created_at: int
    key_id: int
    position: int
    state: str
    found: bool
    item_id: int
    base_unit: str
    units: tuple[Unit, ...]
    counted: tuple[tuple[int, int], ...]  # (person id, instant) of each count so far


_LINE = """
SELECT n.id, n.sheet_id, s.number, s.state AS sheet_state, s.created_at, n.key_id, n.position, n.state,
       n.found, k.item_id, i.base_unit
FROM count_line n JOIN count_sheet s ON s.id = n.sheet_id JOIN stock_key k ON k.id = n.key_id
JOIN item i ON i.id = k.item_id WHERE n.id = ?
"""


def line_head(connection: Connection, line_id: int) -> LineHead:
    """One line; DomainError ``count-line-unknown``."""
    row = connection.exec_driver_sql(_LINE, (line_id,)).first()
    if row is None:
        raise DomainError("count-line-unknown", line=line_id)
    units = connection.exec_driver_sql(_UNITS, (json.dumps([row.item_id]),))
    counted = connection.exec_driver_sql(
        "SELECT counter_id, counted_at FROM count_entry WHERE line_id = ? ORDER BY round", (line_id,)
    )
    return LineHead(
        row.id,
        row.sheet_id,
        row.number,
        row.sheet_state,
        row.created_at,
        row.key_id,
        row.position,
        row.state,
        bool(row.found),
        row.item_id,
        row.base_unit,
        tuple(Unit(*unit[1:]) for unit in units),
        tuple((found[0], found[1]) for found in counted),
    )


def draft_of(connection: Connection, line_id: int, sheet_id: int) -> Draft | None:
    """The draft that holds a line now, whoever made it."""
    row = connection.exec_driver_sql(_DRAFT_OF, (sheet_id, line_id)).first()
    return None if row is None else Draft(*row)


def keep_draft(
    work: UnitOfWork, line: LineHead, quantity: int | None, entered: str, reason: str, counted_at: int
) -> None:
    """Keep what was typed for a line; what was undone before it can no longer be redone."""
    work.connection.execute(
        delete(count_draft).where(
            count_draft.c.sheet_id == line.sheet_id,
            count_draft.c.person_id == work.person_id,
            count_draft.c.undone.is_(True),
        )
    )
    work.connection.execute(
        insert(count_draft).values(
            sheet_id=line.sheet_id,
            line_id=line.line_id,
            person_id=work.person_id,
            quantity=quantity,
            entered=entered,
            reason=reason,
            counted_at=counted_at,
        )
    )


def history(connection: Connection, sheet_id: int, person_id: int) -> list[tuple[int, int, bool]]:
    """(draft id, line id, undone) of one person's entries on a sheet, oldest first."""
    rows = connection.execute(
        select(count_draft.c.id, count_draft.c.line_id, count_draft.c.undone)
        .where(count_draft.c.sheet_id == sheet_id, count_draft.c.person_id == person_id)
        .order_by(count_draft.c.id)
    )
    return [(row.id, row.line_id, row.undone) for row in rows]


def set_undone(work: UnitOfWork, draft_id: int, undone: bool) -> None:
    """Take an entry back, or put it back."""
    work.connection.execute(update(count_draft).where(count_draft.c.id == draft_id).values(undone=undone))


def drop_drafts(work: UnitOfWork, sheet_id: int, person_id: int | None = None) -> int:
    """Throw away the drafts of one person, or of everybody, on a sheet; how many there were."""
    condition = count_draft.c.sheet_id == sheet_id
    if person_id is not None:
        condition &= count_draft.c.person_id == person_id
    return work.connection.execute(delete(count_draft).where(condition)).rowcount


# --- what was found although the sheet does not list it -----------------------------------------------


def master_ids(connection: Connection, item_code: str, location_code: str) -> tuple[int, int]:
    """Ids of an item and a location by code; DomainError ``item-unknown`` or ``location-unknown``."""
    item_id = connection.execute(select(item.c.id).where(item.c.code == item_code)).scalar()
    if item_id is None:
        raise DomainError("item-unknown", field="item", item=item_code)
    location_id = connection.execute(select(location.c.id).where(location.c.code == location_code)).scalar()
    if location_id is None:
        raise DomainError("location-unknown", field="location", location=location_code)
    return item_id, location_id


def key_of(work: UnitOfWork, item_id: int, location_id: int, lot: str, status: str) -> int:
    """The stock key, made if nothing ever lay there under that lot and status."""
    columns = {"item_id": item_id, "location_id": location_id, "lot": lot, "status": status}
    found = work.connection.execute(select(stock_key.c.id).filter_by(**columns)).scalar()
    if found is not None:
        return int(found)
    made = work.connection.execute(insert(stock_key).values(**columns).returning(stock_key.c.id))
    return int(made.scalar_one())


def line_of(connection: Connection, sheet_id: int, key_id: int) -> int | None:
    """The line of a sheet that asks for a key."""
    return connection.execute(
        select(count_line.c.id).where(count_line.c.sheet_id == sheet_id, count_line.c.key_id == key_id)
    ).scalar()


def add_line(work: UnitOfWork, sheet_id: int, key_id: int) -> int:
    """A line for something found, at the end of the sheet."""
    last = work.connection.execute(
        select(func.coalesce(func.max(count_line.c.position), 0)).where(count_line.c.sheet_id == sheet_id)
    ).scalar_one()
    made = work.connection.execute(
        insert(count_line)
        .values(sheet_id=sheet_id, key_id=key_id, position=last + 1, found=True)
        .returning(count_line.c.id)
    )
    return int(made.scalar_one())


def remove_line(work: UnitOfWork, line_id: int) -> None:
    """Take away a found line that nobody counted, with its drafts."""
    work.connection.execute(delete(count_draft).where(count_draft.c.line_id == line_id))
    work.connection.execute(delete(count_line).where(count_line.c.id == line_id))


def touch_sheet(work: UnitOfWork, sheet_id: int, **columns: object) -> None:
    """Set columns of a sheet and count its version up."""
    work.connection.execute(
        update(count_sheet)
        .where(count_sheet.c.id == sheet_id)
        .values(version=count_sheet.c.version + 1, **columns)
    )
