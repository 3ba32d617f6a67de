"""Cases as stored: reading one, changing it under its version, and its log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, desc, insert, select, update

from zeroline.domain.audit import canonical
from zeroline.domain.case import CaseState, EventKind, Queue
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import case_event, person, stock_case
from zeroline.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredCase:
    """One case. ``opening_seq`` is 0 where it has no episode (any more); instants µs."""

    id: int
    queue: Queue
    key_id: int
    opening_seq: int
    closing_seq: int | None
    subject: str
    state: CaseState
    owner_id: int | None
    due_at: int | None
    opened_at: int
    closed_at: int | None
    cause: str
    cause_comment: str
    cause_by: int | None
    reason: str
    reopened: int
    version: int


def one(connection: Connection, case_id: int) -> StoredCase:
    """The case; DomainError ``case-unknown`` (case)."""
    row = connection.execute(select(stock_case).where(stock_case.c.id == case_id)).first()
    if row is None:
        raise DomainError("case-unknown", case=case_id)
    return stored(row)


def some(connection: Connection, case_ids: Iterable[int]) -> tuple[StoredCase, ...]:
    """The cases, by id; DomainError ``case-unknown`` (case) for the first that is not there."""
    wanted = sorted(set(case_ids))
    given = among(stock_case.c.id, np.array(wanted, dtype=np.int64))
    rows = connection.execute(select(stock_case).where(given).order_by(stock_case.c.id))
    found = tuple(map(stored, rows))
    for case_id, case in zip(wanted, found, strict=False):
        if case.id != case_id:
            raise DomainError("case-unknown", case=case_id)
    if len(found) < len(wanted):
        raise DomainError("case-unknown", case=wanted[len(found)])
    return found


def stored(row: Row[Any]) -> StoredCase:
    """A row of the table as a value."""
    return StoredCase(
        row.id,
        Queue(row.queue),
        row.key_id,
        row.opening_seq,
        row.closing_seq,
        row.subject,
        CaseState(row.state),
        row.owner_id,
        row.due_at,
        row.opened_at,
        row.closed_at,
        row.cause,
        row.cause_comment,
        row.cause_by,
        row.reason,
        row.reopened,
        row.version,
    )


def check_version(connection: Connection, case: StoredCase, version: int | None) -> None:
    """ChangedMeanwhile ``changed-meanwhile`` (what, who, changed_at) unless it is the version shown."""
    if version is None or case.version == version:
        return
    last = connection.execute(
        select(case_event.c.at, case_event.c.person_id, person.c.name)
        .join_from(case_event, person, person.c.id == case_event.c.person_id, isouter=True)
        .where(case_event.c.case_id == case.id)
        .order_by(desc(case_event.c.id))
        .limit(1)
    ).first()
    who, at = (last.name or "", last.at) if last else ("", case.opened_at)
    raise ChangedMeanwhile("changed-meanwhile", what=f"case {case.id}", who=who, changed_at=at)


def change(
    work: UnitOfWork,
    case: StoredCase,
    kind: EventKind,
    text: str = "",
    facts: Mapping[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Set columns of a case, count its version up, and write the line of its log and of the audit trail."""
    work.connection.execute(
        update(stock_case)
        .where(stock_case.c.id == case.id)
        .values(version=stock_case.c.version + 1, **columns)
    )
    log(work, case.id, kind, text, facts)
    told = {k: v for k, v in columns.items() if k != "subject"} | dict(facts or {})
    if text:
        told["text"] = text
    work.audit(f"case {kind.value}", f"case {case.id}", **told)
    work.changed(cases={case.id})


def log(
    work: UnitOfWork, case_id: int, kind: EventKind, text: str = "", facts: Mapping[str, Any] | None = None
) -> int:
    """Write one line of a case's log; answers its id. The caller audits and announces."""
    made: int = work.connection.execute(
        insert(case_event)
        .values(
            case_id=case_id,
            at=work.at,
            person_id=work.person_id,
            kind=kind.value,
            text=text,
            facts=canonical(dict(facts or {})),
        )
        .returning(case_event.c.id)
    ).scalar_one()
    return made
