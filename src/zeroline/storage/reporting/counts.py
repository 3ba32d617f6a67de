"""Planned lines with their counts, as of an instant."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, func, select

from zeroline.domain.count import Judged, standing
from zeroline.domain.quantity import value_of
from zeroline.domain.tolerance import variance_percent
from zeroline.domain.views.key import Reason
from zeroline.domain.views.reporting import Basis, CountOnce, ReconciliationLine, Scope
from zeroline.storage.reporting.keys import costs, key_facts
from zeroline.storage.schema import (
    adjustment,
    adjustment_evidence,
    case_event,
    count_entry,
    count_expectation,
    count_line,
    count_sheet,
    location,
    movement,
    person,
    site,
    stock_key,
)

Found: TypeAlias = Row[*tuple[Any, ...]]


def reconciliation_lines(connection: Connection, scope: Scope, basis: Basis) -> list[ReconciliationLine]:
    """Every line of the sheets in scope, in sheet order: counted, recounted or not counted at all."""
    rows = _planned(connection, scope)
    entries = _entries(connection, scope, [row.id for row in rows])
    facts = key_facts(connection, {row.key_id for row in rows})
    cost = costs(connection, basis.known_by)
    snapshots = _snapshots(connection, rows, basis.last_seq)
    settled = _adjustments(connection, scope, {entry.id for line in entries.values() for entry in line})
    lines = []
    for row in rows:
        counted = entries.get(row.id, [])
        verdicts = [json.loads(entry.tolerance) for entry in counted]
        stand = standing(
            [
                Judged(entry.quantity - entry.book - entry.late, verdict["within"])
                for entry, verdict in zip(counted, verdicts, strict=True)
            ]
        )
        key = facts[row.key_id]
        final = counted[stand.final] if stand.final is not None else None
        verdict = verdicts[stand.final] if stand.final is not None else verdicts[-1] if verdicts else {}
        unit_cost = verdict.get("unit_cost", cost.get(key.item_id, 0))
        expected = final.book + final.late if final is not None else None
        variance = final.quantity - expected if final is not None and expected is not None else None
        found = settled.get(final.id) if final is not None else None
        snapshot = snapshots.get(row.id, 0) if final is not None else None
        lines.append(
            ReconciliationLine(
                sheet=row.number,
                position=row.position,
                key=key,
                unit_cost=unit_cost,
                state="not counted" if not counted and row.reason else stand.state.value,
                reason="" if counted else row.reason,
                found=row.found,
                snapshot=snapshot,
                moved=expected - snapshot if expected is not None and snapshot is not None else None,
                expected=expected,
                first=_once(counted[0]) if counted else None,
                recount=_once(counted[-1]) if len(counted) > 1 else None,
                final=final.quantity if final is not None else None,
                variance=variance,
                percent=variance_percent(expected, final.quantity)
                if final is not None and expected is not None
                else None,
                value=value_of(variance, unit_cost) if variance is not None else None,
                within=bool(verdict.get("within", False)),
                failed=tuple(
                    Reason(reason["code"], reason.get("facts", {})) for reason in verdict.get("reasons", ())
                ),
                cause=found[0].cause if found else "",
                evidence=found[1] if found else (),
                adjustment=found[0].number if found else "",
                before=found[0].book_before if found else None,
                after=found[0].book_before + found[0].quantity if found else None,
            )
        )
    return lines


def _planned(connection: Connection, scope: Scope) -> list[Found]:
    query = (
        select(
            count_line.c.id,
            count_line.c.key_id,
            count_line.c.position,
            count_line.c.reason,
            count_line.c.found,
            count_sheet.c.number,
            count_sheet.c.created_at,
        )
        .join(count_sheet, count_sheet.c.id == count_line.c.sheet_id)
        .join(stock_key, stock_key.c.id == count_line.c.key_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .join(site, site.c.id == location.c.site_id)
        .where(count_sheet.c.created_at <= scope.as_of, count_sheet.c.state != "cancelled")
        .order_by(count_sheet.c.id, count_line.c.position, count_line.c.id)
    )
    if scope.sheet_id is not None:
        query = query.where(count_sheet.c.id == scope.sheet_id)
    else:
        query = query.where(count_sheet.c.created_at >= scope.since)
    if scope.site:
        query = query.where(site.c.code == scope.site)
    return list(connection.execute(query))


def _entries(connection: Connection, scope: Scope, lines: list[int]) -> dict[int, list[Found]]:
    by_line: dict[int, list[Found]] = defaultdict(list)
    query = (
        select(
            count_entry.c.id,
            count_entry.c.line_id,
            count_entry.c.counter_id,
            person.c.name,
            count_entry.c.counted_at,
            count_entry.c.quantity,
            count_expectation.c.book,
            count_expectation.c.late,
            count_expectation.c.tolerance,
        )
        .join(count_expectation, count_expectation.c.entry_id == count_entry.c.id)
        .join(person, person.c.id == count_entry.c.counter_id)
        .where(count_entry.c.submitted_at <= scope.as_of)
        .order_by(count_entry.c.line_id, count_entry.c.round)
    )
    for start in range(0, len(lines), 20_000):
        for row in connection.execute(query.where(count_entry.c.line_id.in_(lines[start : start + 20_000]))):
            by_line[row.line_id].append(row)
    return by_line


def _once(entry: Found) -> CountOnce:
    return CountOnce(entry.id, entry.counter_id, entry.name, entry.counted_at, entry.quantity)


def _snapshots(connection: Connection, rows: list[Found], last_seq: int) -> dict[int, int]:
    """Book balance of each line's key when its sheet was made, by line id."""
    found: dict[int, int] = {}
    lines = [row.id for row in rows]
    for start in range(0, len(lines), 20_000):
        query = (
            select(count_line.c.id, func.sum(movement.c.quantity).label("book"))
            .join(count_sheet, count_sheet.c.id == count_line.c.sheet_id)
            .join(
                movement,
                and_(
                    movement.c.key_id == count_line.c.key_id,
                    movement.c.recorded_at <= count_sheet.c.created_at,
                    movement.c.seq <= last_seq,
                ),
            )
            .where(count_line.c.id.in_(lines[start : start + 20_000]))
            .group_by(count_line.c.id)
        )
        found.update((row.id, int(row.book)) for row in connection.execute(query))
    return found


def _adjustments(
    connection: Connection, scope: Scope, entries: set[int]
) -> dict[int, tuple[Found, tuple[tuple[str, int], ...]]]:
    """The last adjustment proposed from each count entry by the as-of instant, with its evidence."""
    rows = connection.execute(
        select(
            adjustment.c.id,
            adjustment.c.entry_id,
            adjustment.c.number,
            adjustment.c.cause,
            adjustment.c.quantity,
            adjustment.c.book_before,
        )
        .where(adjustment.c.entry_id.isnot(None), adjustment.c.proposed_at <= scope.as_of)
        .order_by(adjustment.c.id)
    )
    chosen = {row.entry_id: row for row in rows if row.entry_id in entries}
    proofs = evidence(connection, {row.id for row in chosen.values()})
    return {entry: (row, proofs.get(row.id, ())) for entry, row in chosen.items()}


def evidence(connection: Connection, adjustments: set[int]) -> dict[int, tuple[tuple[str, int], ...]]:
    """(kind, target) pairs of each adjustment's evidence."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in connection.execute(select(adjustment_evidence).order_by(adjustment_evidence.c.id)):
        if row.adjustment_id in adjustments:
            found[row.adjustment_id].append((row.kind, row.target))
    return {name: tuple(pairs) for name, pairs in found.items()}


def causes_of_cases(connection: Connection, as_of: int) -> dict[int, str]:
    """The cause each case carried at the instant, from its history."""
    rows = connection.execute(
        select(case_event.c.case_id, case_event.c.facts)
        .where(case_event.c.kind == "cause", case_event.c.at <= as_of)
        .order_by(case_event.c.id)
    )
    return {row.case_id: str(json.loads(row.facts).get("cause", "")) for row in rows}
