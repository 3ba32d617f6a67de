"""Making count sheets and listing them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, insert, select, update

from zeroline.domain.count import YEAR, LineState, SheetState
from zeroline.domain.views.counting import Choice, SheetRow
from zeroline.storage import elsewhere
from zeroline.storage.keys import key_facts
from zeroline.storage.schema import count_line, count_sheet
from zeroline.storage.unit_of_work import UnitOfWork

_ROWS = """
SELECT s.id, s.number, s.title, s.origin, s.state, c.name, s.created_at, s.assigned_to, coalesce(a.name, ''),
       s.due_at, coalesce(b.name, ''), s.submitted_at, count(n.id),
       count(*) FILTER (WHERE n.state = 'to count'), count(*) FILTER (WHERE n.state = 'recount'),
       count(*) FILTER (WHERE n.state = 'accepted'), count(*) FILTER (WHERE n.state = 'variance'),
       count(*) FILTER (WHERE n.state = 'not counted'), s.version
FROM count_sheet s JOIN person c ON c.id = s.created_by LEFT JOIN person a ON a.id = s.assigned_to
LEFT JOIN person b ON b.id = s.submitted_by LEFT JOIN count_line n ON n.sheet_id = s.id
"""
_GROUPED = "GROUP BY s.id, c.name, a.name, b.name"

_OPEN_KEYS = """
SELECT n.key_id, s.number FROM count_line n JOIN count_sheet s ON s.id = n.sheet_id
WHERE s.state IN ('open', 'recount') AND n.state IN ('to count', 'recount')
"""


def sheet_rows(connection: Connection, open_only: bool = False) -> tuple[SheetRow, ...]:
    """All sheets, newest first; ``open_only`` leaves out those that need no counting any more."""
    where = "WHERE s.state IN ('open', 'recount')" if open_only else ""
    rows = connection.exec_driver_sql(f"{_ROWS} {where} {_GROUPED} ORDER BY s.id DESC")
    return tuple(SheetRow(*row) for row in rows)


def sheet_row(connection: Connection, sheet_id: int) -> SheetRow | None:
    """One sheet, or None."""
    row = connection.exec_driver_sql(f"{_ROWS} WHERE s.id = ? {_GROUPED}", (sheet_id,)).first()
    return None if row is None else SheetRow(*row)


def asked_for(connection: Connection) -> dict[int, str]:
    """Stock keys that an open sheet still asks for, with the number of that sheet."""
    return {row[0]: row[1] for row in connection.exec_driver_sql(_OPEN_KEYS)}


def known_keys(connection: Connection, key_ids: Sequence[int]) -> set[int]:
    """Those of the stock keys that exist."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM stock_key WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
        (json.dumps(list(key_ids)),),
    )
    return {row[0] for row in rows}


def add_sheet(
    work: UnitOfWork,
    lines: Mapping[int, int | None],
    title: str,
    origin: str,
    assigned_to: int | None,
    due_at: int | None,
) -> tuple[int, str]:
    """A sheet with one line for each stock key (key → case or None), in walking order; (id, number)."""
    sheet_id = elsewhere.newest(work.connection, "count_sheet") + 1
    number = f"CNT-{sheet_id:06d}"
    work.connection.execute(
        insert(count_sheet).values(
            id=sheet_id,
            number=number,
            title=title,
            origin=origin,
            created_by=work.person_id,
            created_at=work.at,
            assigned_to=assigned_to,
            due_at=due_at,
        )
    )
    facts = key_facts(work.connection, lines)
    walk = sorted(
        facts.values(),
        key=lambda k: (k.site, k.warehouse, k.zone, k.location, k.item, k.lot, k.status),
    )
    work.connection.execute(
        insert(count_line),
        [
            {"sheet_id": sheet_id, "key_id": k.key_id, "position": place, "case_id": lines[k.key_id]}
            for place, k in enumerate(walk, start=1)
        ],
    )
    return sheet_id, number


def cancel_lines(work: UnitOfWork, sheet_id: int, reason: str) -> None:
    """What nobody counted on a cancelled sheet stays visible as not counted; a recount not made stays so."""
    work.connection.execute(
        update(count_line)
        .where(count_line.c.sheet_id == sheet_id, count_line.c.state == LineState.TO_COUNT)
        .values(state="not counted", reason=reason)
    )


def waiting_cases(connection: Connection, line_ids: Sequence[int]) -> list[int]:
    """The cases that are being counted for the stock keys of some lines."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT c.id FROM stock_case c JOIN count_line n ON n.key_id = c.key_id "
        "WHERE c.state = 'counting' AND n.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
        "ORDER BY c.id",
        (json.dumps(list(line_ids)),),
    )
    return [row[0] for row in rows]


def lines_in(connection: Connection, sheet_id: int, state: LineState) -> list[int]:
    """Lines of a sheet in a state."""
    of_sheet = select(count_line.c.id).where(count_line.c.sheet_id == sheet_id)
    return list(connection.execute(of_sheet.where(count_line.c.state == state.value)).scalars())


def state_after(connection: Connection, sheet_id: int) -> SheetState:
    """Where a sheet stands by its lines: open while any is to be counted, then recount, then submitted."""
    states = set(
        connection.execute(
            select(count_line.c.state).where(count_line.c.sheet_id == sheet_id).distinct()
        ).scalars()
    )
    if states & {"to count", "handed in"}:
        return SheetState.OPEN
    return SheetState.RECOUNT if "recount" in states else SheetState.SUBMITTED


def countable(connection: Connection) -> list[tuple[int, str]]:
    """(stock key, ABC class) of every key that holds something or moved in the ledger's last year."""
    rows = connection.exec_driver_sql(
        "SELECT b.key_id, i.abc_class FROM balance b JOIN stock_key k ON k.id = b.key_id "
        "JOIN item i ON i.id = k.item_id WHERE b.on_hand <> 0 OR b.last_recorded_at >= "
        "(SELECT recorded_to FROM ledger_state) - ?",
        (YEAR,),
    )
    return [(row[0], row[1]) for row in rows]


def matching(connection: Connection, chosen: Choice) -> list[int]:
    """Countable stock keys that a choice names, by bin and item; at most ``chosen.most``."""
    rows = connection.exec_driver_sql(
        """
        SELECT b.key_id FROM balance b JOIN stock_key k ON k.id = b.key_id JOIN item i ON i.id = k.item_id
        JOIN location l ON l.id = k.location_id JOIN site s ON s.id = l.site_id
        WHERE (b.on_hand <> 0 OR b.last_recorded_at >= (SELECT recorded_to FROM ledger_state) - :year)
        AND (:site = '' OR s.code = :site) AND (:warehouse = '' OR l.warehouse = :warehouse)
        AND (:zone = '' OR l.zone = :zone) AND (:abc_class = '' OR i.abc_class = :abc_class)
        AND upper(substr(l.code, 1, length(:location))) = upper(:location)
        AND upper(substr(i.code, 1, length(:item))) = upper(:item)
        ORDER BY s.code, l.warehouse, l.zone, l.code, i.code, k.lot, k.status LIMIT :most
        """,
        {"year": YEAR, **asdict(chosen)},
    )
    return [row[0] for row in rows]


def places(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """(site, warehouse, zone) of every zone that has locations."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT s.code, l.warehouse, l.zone FROM location l JOIN site s ON s.id = l.site_id "
        "ORDER BY s.code, l.warehouse, l.zone"
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
