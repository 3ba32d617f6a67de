"""Planned lines with their counts, as of an instant."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, func, or_, select

from zeroline.domain.count import Judged, standing
from zeroline.domain.quantity import value_of
from zeroline.domain.tolerance import variance_percent
from zeroline.domain.views.explanation import Explained
from zeroline.domain.views.key import Reason
from zeroline.domain.views.reporting import Basis, CountOnce, ReconciliationLine, Scope, SheetThen
from zeroline.storage.keys import key_facts
from zeroline.storage.reporting.costs import costs
from zeroline.storage.reporting.evidence import evidence
from zeroline.storage.reporting.explanations import Explanations
from zeroline.storage.reporting.standing import before_posting, states
from zeroline.storage.schema import (
    adjustment,
    audit_entry,
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


def reconciliation_lines(
    connection: Connection, scope: Scope, basis: Basis, causes: Explanations
) -> list[ReconciliationLine]:
    """Every line of the sheets in scope, in sheet order: counted, recounted or not counted at all."""
    planned = _planned(connection, scope)
    entries = _entries(connection, scope, [row.id for row in planned])
    reasons = _not_counted(connection, scope.as_of, planned)
    # What was found belongs to the sheet from the moment it is counted.
    rows = [row for row in planned if not row.found or row.id in entries or row.id in reasons]
    facts = key_facts(connection, {row.key_id for row in rows}, basis.known_by)
    cost = costs(connection, basis.known_by)
    snapshots = _snapshots(connection, rows, basis.last_seq)
    settled = _adjustments(
        connection, scope, {entry.id for line in entries.values() for entry in line}, causes
    )
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
        reason = "" if counted else reasons.get(row.id, "")
        lines.append(
            ReconciliationLine(
                sheet=row.number,
                position=row.position,
                key=key,
                unit_cost=unit_cost,
                state="not counted" if reason else stand.state.value,
                reason=reason,
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
                cause=found.cause if found else "",
                why=found.why if found else None,
                evidence=found.evidence if found else (),
                adjustment=found.number if found else "",
                adjustment_state=found.state if found else "",
                before=found.before if found else None,
                after=found.after if found else None,
            )
        )
    return lines


def sheets(connection: Connection, scope: Scope) -> list[SheetThen]:
    """The count sheets in scope as they stood, by number."""
    chosen = {row.sheet_id for row in _planned(connection, scope)}
    cancelled = _cancelled(connection, scope.as_of)
    return [
        SheetThen(
            number=row.number,
            title=row.title,
            origin=row.origin,
            created_by=row.name,
            created_at=row.created_at,
            submitted_at=row.submitted_at
            if row.submitted_at is not None and row.submitted_at <= scope.as_of
            else None,
            cancelled=cancelled.get(row.id, ""),
        )
        for row in connection.execute(
            select(count_sheet, person.c.name)
            .join(person, person.c.id == count_sheet.c.created_by)
            .order_by(count_sheet.c.id)
        )
        if row.id in chosen
    ]


def _planned(connection: Connection, scope: Scope) -> list[Found]:
    query = (
        select(
            count_line.c.id,
            count_line.c.key_id,
            count_line.c.position,
            count_line.c.reason,
            count_line.c.found,
            count_line.c.sheet_id,
            count_sheet.c.submitted_at,
            count_sheet.c.number,
            count_sheet.c.created_at,
        )
        .join(count_sheet, count_sheet.c.id == count_line.c.sheet_id)
        .join(stock_key, stock_key.c.id == count_line.c.key_id)
        .join(location, location.c.id == stock_key.c.location_id)
        .join(site, site.c.id == location.c.site_id)
        .where(count_sheet.c.created_at <= scope.as_of)
        .order_by(count_sheet.c.id, count_line.c.position, count_line.c.id)
    )
    if scope.sheet_id is not None:
        query = query.where(count_sheet.c.id == scope.sheet_id)
    else:  # made in the period, or counted in it
        counted = (
            select(count_line.c.sheet_id)
            .join(count_entry, count_entry.c.line_id == count_line.c.id)
            .where(count_entry.c.submitted_at.between(scope.since, scope.as_of))
        )
        query = query.where(or_(count_sheet.c.created_at >= scope.since, count_sheet.c.id.in_(counted)))
    if scope.site:
        query = query.where(site.c.code == scope.site)
    return list(connection.execute(query))


def _cancelled(connection: Connection, as_of: int) -> dict[int, str]:
    """Why sheets had been cancelled by the instant, by sheet id."""
    return {
        int(row.subject.rpartition(" ")[2]): str(json.loads(row.facts).get("reason", ""))
        for row in connection.execute(
            select(audit_entry.c.subject, audit_entry.c.facts).where(
                audit_entry.c.action == "count sheet cancelled", audit_entry.c.at <= as_of
            )
        )
    }


def _not_counted(connection: Connection, as_of: int, rows: list[Found]) -> dict[int, str]:
    """Why lines had been given up by the instant, by line id: what was submitted says so, or cancelling."""
    given: dict[int, str] = {}
    for facts in connection.scalars(
        select(audit_entry.c.facts)
        .where(audit_entry.c.action == "count submitted", audit_entry.c.at <= as_of)
        .order_by(audit_entry.c.seq)
    ):
        given.update(json.loads(facts).get("given_up", ()))
    cancelled = _cancelled(connection, as_of)
    return given | {
        row.id: f"sheet cancelled: {cancelled[row.sheet_id]}"
        for row in rows
        if row.sheet_id in cancelled and row.id not in given
    }


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


@dataclass(frozen=True, slots=True)
class _Settled:
    number: str
    state: str
    cause: str
    why: Explained | None
    evidence: tuple[tuple[str, str], ...]
    before: int
    after: int | None


def _adjustments(
    connection: Connection, scope: Scope, entries: set[int], causes: Explanations
) -> dict[int, _Settled]:
    """The adjustment proposed last from each count entry by the as-of instant."""
    rows = connection.execute(
        select(adjustment)
        .where(adjustment.c.entry_id.isnot(None), adjustment.c.proposed_at <= scope.as_of)
        .order_by(adjustment.c.id)
    )
    chosen = {row.entry_id: row for row in rows if row.entry_id in entries}
    proofs = evidence(connection, {row.id for row in chosen.values()})
    why = causes.of_adjustments(chosen.values())
    standing = states(connection, scope.as_of)
    posted = before_posting(connection)
    found = {}
    for entry, row in chosen.items():
        state = standing[row.id]
        before = posted.get(row.id, row.book_before) if state == "posted" else row.book_before
        after = None if state in ("rejected", "withdrawn") else before + row.quantity
        found[entry] = _Settled(
            row.number, state, row.cause, why.get(row.id), proofs.get(row.id, ()), before, after
        )
    return found
