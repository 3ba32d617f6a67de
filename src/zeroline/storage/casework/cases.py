"""Cases as stored: reading one, changing it under its version, and its log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, bindparam, desc, select

from zeroline.domain.audit import canonical
from zeroline.domain.case import CaseState, EventKind, Queue
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import PROGRAM
from zeroline.storage.ledger.reading import among
from zeroline.storage.schema import case_event, person, stock_case
from zeroline.storage.unit_of_work import UnitOfWork

AUDITED_SINGLY = 200
"""More cases than this that follow the ledger at once share one entry of the audit trail."""


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


_ONE = select(stock_case).where(stock_case.c.id == bindparam("of_id"))


def one(connection: Connection, case_id: int) -> StoredCase:
    """The case; DomainError ``case-unknown`` (case)."""
    row = connection.execute(_ONE, {"of_id": case_id}).first()
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


_WITHOUT_VERSION = (EventKind.NOTE, EventKind.ATTACHMENT, EventKind.EVIDENCE)
"""Lines of the log that leave the version of the case as it is."""


def check_version(connection: Connection, case: StoredCase, version: int | None, by: int = 0) -> None:
    """Raises ChangedMeanwhile ``case-changed`` unless it is the version shown, or only ``by`` changed it.

    Its facts: what, who, changed_at, ``events`` since then (EventKind values), and how the case is now:
    state, and where there are any owner and cause.
    """
    if version is None or case.version == version:
        return
    since = connection.execute(
        select(case_event.c.at, case_event.c.person_id, case_event.c.kind, person.c.name)
        .join_from(case_event, person, person.c.id == case_event.c.person_id, isouter=True)
        .where(case_event.c.case_id == case.id, case_event.c.kind.not_in(_WITHOUT_VERSION))
        .order_by(desc(case_event.c.id))
        .limit(max(1, case.version - version))
    ).all()
    if by and since and all(event.person_id == by for event in since):
        return
    owner = connection.execute(select(person.c.name).where(person.c.id == case.owner_id)).scalar()
    raise ChangedMeanwhile(
        "case-changed",
        what=f"case {case.id}",
        who=(since[0].name or PROGRAM.name) if since else "",
        changed_at=since[0].at if since else case.opened_at,
        events=tuple(event.kind for event in reversed(since)),
        state=case.state.value,
        **({"owner": owner} if owner else {}),
        **({"cause": case.cause} if case.cause else {}),
    )


def change(
    work: UnitOfWork,
    case: StoredCase,
    kind: EventKind,
    text: str = "",
    facts: Mapping[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Set columns of a case, count its version up, and write the line of its log and of the audit trail."""
    names = "".join(f", {name} = ?" for name in columns)
    work.connection.exec_driver_sql(
        f"UPDATE stock_case SET version = version + 1{names} WHERE id = ?", (*columns.values(), case.id)
    )
    log(work, case.id, kind, text, facts)
    _audit(work, case.id, kind, text, columns, facts)
    work.changed(cases={case.id})


def log(
    work: UnitOfWork, case_id: int, kind: EventKind, text: str = "", facts: Mapping[str, Any] | None = None
) -> int:
    """Write one line of a case's log; answers its id. The caller audits and announces."""
    made: int = work.connection.exec_driver_sql(
        "INSERT INTO case_event (case_id, at, person_id, kind, text, facts) VALUES (?, ?, ?, ?, ?, ?) "
        "RETURNING id",
        (case_id, work.at, work.person_id, kind.value, text, canonical(dict(facts or {}))),
    ).scalar_one()
    return made


@dataclass(frozen=True, slots=True)
class Follow:
    """What the ledger did to one case: the line of its log, and the columns that change with it."""

    case: StoredCase
    kind: EventKind
    facts: Mapping[str, Any]
    columns: Mapping[str, Any]


def change_many(work: UnitOfWork, follows: Sequence[Follow]) -> None:
    """:func:`change` for many cases at once, in a few statements.

    More than ``AUDITED_SINGLY`` get one audit entry that lists them by kind; what happened to each stands in
    its own log, which is append-only too.
    """
    groups: dict[tuple[str, ...], list[Follow]] = {}
    for follow in follows:
        groups.setdefault(tuple(sorted(follow.columns)), []).append(follow)
    for names, group in groups.items():
        changed = "".join(f", {name} = ?" for name in names)
        work.connection.exec_driver_sql(
            f"UPDATE stock_case SET version = version + 1{changed} WHERE id = ?",
            [(*(follow.columns[name] for name in names), follow.case.id) for follow in group],
        )
    if not follows:
        return
    work.connection.exec_driver_sql(
        "INSERT INTO case_event (case_id, at, person_id, kind, text, facts) VALUES (?, ?, ?, ?, '', ?)",
        [
            (follow.case.id, work.at, work.person_id, follow.kind.value, canonical(dict(follow.facts)))
            for follow in follows
        ],
    )
    work.changed(cases={follow.case.id for follow in follows})
    if len(follows) <= AUDITED_SINGLY:
        for follow in follows:
            _audit(work, follow.case.id, follow.kind, "", follow.columns, follow.facts)
        return
    listed: dict[str, list[int]] = {}
    for follow in follows:
        listed.setdefault(follow.kind.value, []).append(follow.case.id)
    work.audit("cases followed", "ledger", **listed)


def _audit(
    work: UnitOfWork,
    case_id: int,
    kind: EventKind,
    text: str,
    columns: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
) -> None:
    told = dict(facts or {}) | {name: value for name, value in columns.items() if name != "subject"}
    if text:
        told["text"] = text
    work.audit(f"case {kind.value}", f"case {case_id}", **told)
