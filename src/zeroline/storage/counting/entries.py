"""Submitted counts: the entries, their frozen expectations, and the results read back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from zeroline.domain.audit import canonical
from zeroline.domain.count import Judged, LineState, standing
from zeroline.domain.quantity import value_of
from zeroline.domain.tolerance import variance_percent
from zeroline.domain.views.counting import ArithmeticMovement, CountedEntry, ResultLine
from zeroline.domain.views.key import Reason
from zeroline.storage.counting.arithmetic import Count
from zeroline.storage.counting.blind import Draft
from zeroline.storage.keys import key_facts
from zeroline.storage.schema import count_entry, count_expectation, count_line
from zeroline.storage.unit_of_work import UnitOfWork

_ENTRIES = """
SELECT e.id, e.line_id, e.round, e.counter_id, p.name, e.counted_at, e.entered, e.quantity, x.book,
       x.book_seq, x.late, x.late_movements, x.tolerance, n.key_id
FROM count_entry e JOIN count_expectation x ON x.entry_id = e.id JOIN person p ON p.id = e.counter_id
JOIN count_line n ON n.id = e.line_id
"""
_MOVEMENTS = """
SELECT seq, kind, quantity, occurred_at, recorded_at, document, user_name FROM movement
WHERE seq IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""


def add_entry(work: UnitOfWork, draft: Draft, round: int, count: Count, judged: dict[str, Any]) -> int:
    """Keep a draft as a count, with the expectation it was frozen with and how it was judged; its id."""
    made = work.connection.execute(
        insert(count_entry)
        .values(
            line_id=draft.line_id,
            round=round,
            counter_id=draft.person_id,
            counted_at=draft.counted_at,
            quantity=draft.quantity,
            entered=draft.entered,
            submitted_at=work.at,
        )
        .returning(count_entry.c.id)
    )
    entry_id = int(made.scalar_one())
    add_expectation(work, entry_id, count, judged)
    return entry_id


def add_expectation(work: UnitOfWork, entry_id: int, count: Count, judged: dict[str, Any]) -> None:
    """Keep with a count what was expected when it was made, and how it was judged."""
    work.connection.execute(
        insert(count_expectation).values(
            entry_id=entry_id,
            book=count.rolled.book,
            book_seq=count.book_seq,
            late=count.rolled.late,
            late_movements=canonical([[row.seq, q, why] for row, q, why in count.rolled.late_rows]),
            tolerance=canonical(judged),
        )
    )


_WAITING = """
SELECT e.id, e.line_id, n.sheet_id, n.key_id, n.case_id, e.counted_at, e.quantity
FROM count_entry e JOIN count_line n ON n.id = e.line_id
LEFT JOIN count_expectation x ON x.entry_id = e.id
WHERE x.entry_id IS NULL AND n.state = 'handed in' ORDER BY n.sheet_id, n.position, e.id
"""


def waiting(connection: Connection) -> list[Any]:
    """Counts handed in that nobody has compared with the book yet, by sheet: id, line_id, sheet_id, key_id,
    case_id, counted_at, quantity."""
    return list(connection.exec_driver_sql(_WAITING))


def set_line(work: UnitOfWork, line_id: int, state: LineState, reason: str = "") -> None:
    """Where a line stands now."""
    work.connection.execute(
        update(count_line).where(count_line.c.id == line_id).values(state=state.value, reason=reason)
    )


def unit_costs(connection: Connection, key_ids: Iterable[int]) -> dict[int, int]:
    """Unit cost of the item of each stock key, micro-currency."""
    rows = connection.exec_driver_sql(
        "SELECT k.id, i.unit_cost FROM stock_key k JOIN item i ON i.id = k.item_id "
        "WHERE k.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
        (json.dumps(sorted(set(key_ids))),),
    )
    return {row[0]: row[1] for row in rows}


def lines_to_submit(connection: Connection, sheet_id: int) -> list[Any]:
    """Lines of a sheet that still want a count: id, key_id, state, case_id, position."""
    return list(
        connection.execute(
            select(
                count_line.c.id,
                count_line.c.key_id,
                count_line.c.state,
                count_line.c.case_id,
                count_line.c.position,
            )
            .where(
                count_line.c.sheet_id == sheet_id,
                count_line.c.state.in_([LineState.TO_COUNT, LineState.RECOUNT]),
            )
            .order_by(count_line.c.position)
        )
    )


def judged_of_line(connection: Connection, line_id: int) -> list[Judged]:
    """The counts of a line so far, oldest first, as they were judged."""
    rows = connection.exec_driver_sql(
        "SELECT e.quantity, x.book, x.late, x.tolerance FROM count_entry e "
        "JOIN count_expectation x ON x.entry_id = e.id WHERE e.line_id = ? ORDER BY e.round",
        (line_id,),
    )
    return [Judged(row[0] - row[1] - row[2], bool(json.loads(row[3])["within"])) for row in rows]


def entries(connection: Connection, where: str, *values: Any) -> dict[int, list[CountedEntry]]:
    """Counts with what was expected, by line id, oldest first; ``where`` in our own SQL over e, n and x."""
    rows = connection.exec_driver_sql(
        f"{_ENTRIES} WHERE {where} ORDER BY e.line_id, e.round", values
    ).fetchall()
    late = {row.id: json.loads(row.late_movements) for row in rows}
    wanted = json.dumps(sorted({seq for listed in late.values() for seq, _, _ in listed}))
    movements = {
        row.seq: row for row in (connection.exec_driver_sql(_MOVEMENTS, (wanted,)) if wanted != "[]" else ())
    }
    found: dict[int, list[CountedEntry]] = {}
    for row in rows:
        judged = json.loads(row.tolerance)
        expected = row.book + row.late
        found.setdefault(row.line_id, []).append(
            CountedEntry(
                entry_id=row.id,
                round=row.round,
                counter_id=row.counter_id,
                counter=row.name,
                counted_at=row.counted_at,
                entered=row.entered,
                quantity=row.quantity,
                book=row.book,
                late=row.late,
                expected=expected,
                variance=row.quantity - expected,
                percent=variance_percent(expected, row.quantity),
                value=value_of(row.quantity - expected, judged["unit_cost"]),
                within=judged["within"],
                reasons=tuple(Reason(one["code"], one["facts"]) for one in judged["reasons"]),
                movements=tuple(_told(movements[seq], quantity, why) for seq, quantity, why in late[row.id]),
                book_seq=row.book_seq,
            )
        )
    return found


def _told(row: Any, quantity: int, why: str) -> ArithmeticMovement:
    return ArithmeticMovement(
        row.seq, row.kind, quantity, row.occurred_at, row.recorded_at, row.document, row.user_name, why
    )


def final_of(counts: list[CountedEntry]) -> tuple[CountedEntry | None, bool]:
    """The count that stands, and whether another agrees with it."""
    stands = standing([Judged(entry.variance, entry.within) for entry in counts])
    return (None if stands.final is None else counts[stands.final]), stands.agreed


def result_lines(connection: Connection, sheet_id: int) -> tuple[ResultLine, ...]:
    """Every line of a sheet with its counts, the one that stands, and what came of it."""
    rows = connection.exec_driver_sql(
        "SELECT n.id, n.position, n.key_id, n.state, n.reason, n.found, n.case_id, "
        "coalesce(b.on_hand, 0) AS on_hand, i.unit_cost FROM count_line n "
        "JOIN stock_key k ON k.id = n.key_id JOIN item i ON i.id = k.item_id "
        "LEFT JOIN balance b ON b.key_id = n.key_id WHERE n.sheet_id = ? ORDER BY n.position, n.id",
        (sheet_id,),
    ).fetchall()
    counts = entries(connection, "n.sheet_id = ?", sheet_id)
    keys = key_facts(connection, (row.key_id for row in rows))
    settled: dict[int, list[tuple[int, str, str]]] = {}
    for line_id, *facts in connection.exec_driver_sql(
        "SELECT e.line_id, a.id, a.number, a.state FROM adjustment a JOIN count_entry e ON e.id = a.entry_id "
        "JOIN count_line n ON n.id = e.line_id WHERE n.sheet_id = ? ORDER BY a.id",
        (sheet_id,),
    ):
        settled.setdefault(line_id, []).append((facts[0], facts[1], facts[2]))
    made = []
    for row in rows:
        mine = counts.get(row.id, [])
        final, agreed = final_of(mine)
        made.append(
            ResultLine(
                row.id,
                row.position,
                keys[row.key_id],
                row.unit_cost,
                row.state,
                row.reason,
                bool(row.found),
                row.case_id,
                tuple(mine),
                None if row.state == LineState.RECOUNT else final,
                agreed,
                row.on_hand,
                tuple(settled.get(row.id, ())),
            )
        )
    return tuple(made)


def last_counts(connection: Connection) -> dict[int, int]:
    """When each stock key was last counted."""
    rows = connection.execute(
        select(count_line.c.key_id, func.max(count_entry.c.counted_at))
        .join(count_line, count_line.c.id == count_entry.c.line_id)
        .group_by(count_line.c.key_id)
    )
    return {row[0]: row[1] for row in rows}


def settled(connection: Connection, line_id: int) -> bool:
    """Whether an adjustment rests on a count of this line: proposed, approved or posted."""
    row = connection.exec_driver_sql(
        "SELECT 1 FROM adjustment a JOIN count_entry e ON e.id = a.entry_id "
        "WHERE e.line_id = ? AND a.state IN ('proposed', 'approved', 'posted')",
        (line_id,),
    ).first()
    return row is not None
