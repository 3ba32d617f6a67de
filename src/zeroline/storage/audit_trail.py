"""Reading the audit trail; it is written by the unit of work only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, Row, cast, desc, func, or_, select

from zeroline.domain.audit import GENESIS, AuditEntry
from zeroline.domain.person import PROGRAM
from zeroline.storage.dialect import on_server
from zeroline.storage.schema import adjustment, audit_entry, count_line, person

if TYPE_CHECKING:
    from zeroline.storage.engine import Connection

_COLUMNS = tuple(audit_entry.c[name] for name in AuditEntry._fields)


def head(connection: Connection) -> tuple[int, str]:
    """Sequence and hash of the last entry; (0, GENESIS) while there is none."""
    row = connection.execute(
        select(audit_entry.c.seq, audit_entry.c.hash).order_by(desc(audit_entry.c.seq)).limit(1)
    ).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def every(connection: Connection) -> Iterator[AuditEntry]:
    """The whole trail in order, streamed, as it lies in the file whatever was done to it there.

    Texts are read as bytes: one that is no longer UTF-8 comes with surrogates in it instead of failing.
    """
    columns = [
        column
        if on_server(connection) or column.name in ("seq", "at", "person_id")
        else cast(column, LargeBinary).label(column.name)
        for column in _COLUMNS
    ]
    query = select(*columns).order_by(audit_entry.c.seq).execution_options(yield_per=2000)
    with connection.execute(query) as rows:  # closed even by who stops half way
        for row in rows:
            yield AuditEntry(*(_text(value) for value in row))


def of_subjects(connection: Connection, subjects: Sequence[str]) -> tuple[AuditEntry, ...]:
    """What was done to these subjects, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(audit_entry.c.subject.in_(subjects)).order_by(audit_entry.c.seq)
    )
    return tuple(map(_entry, rows))


def of_case(connection: Connection, case_id: int) -> tuple[AuditEntry, ...]:
    """What was done to a case, its adjustments and its count lines with their sheets, oldest first."""
    lines = connection.execute(
        select(count_line.c.id, count_line.c.sheet_id).where(count_line.c.case_id == case_id)
    ).all()
    adjustments = connection.execute(select(adjustment.c.id).where(adjustment.c.case_id == case_id)).scalars()
    subjects = [f"case {case_id}"]
    subjects += [f"adjustment {number}" for number in adjustments]
    subjects += [f"count line {row.id}" for row in lines]
    subjects += sorted({f"count sheet {row.sheet_id}" for row in lines})
    return of_subjects(connection, subjects)


def last_hand(connection: Connection, subject: str) -> tuple[str, int]:
    """Name of who last did something to a subject, and when (µs); ('', 0) if nobody did."""
    row = connection.execute(
        select(person.c.name, audit_entry.c.person_id, audit_entry.c.at)
        .outerjoin(person, person.c.id == audit_entry.c.person_id)
        .where(audit_entry.c.subject == subject)
        .order_by(desc(audit_entry.c.seq))
        .limit(1)
    ).first()
    return (row.name or PROGRAM.name, row.at) if row else ("", 0)


def latest(
    connection: Connection, size: int, before: int = 0, person_id: int | None = None, text: str = ""
) -> tuple[AuditEntry, ...]:
    """The last ``size`` entries, newest first, older than sequence ``before`` (0: from the end on).

    ``person_id`` and ``text`` (within action or subject, any case) narrow it down.
    """
    query = select(*_COLUMNS).order_by(desc(audit_entry.c.seq)).limit(size)
    if before:
        query = query.where(audit_entry.c.seq < before)
    if person_id is not None:
        query = query.where(audit_entry.c.person_id == person_id)
    if text:
        places = (audit_entry.c.action, audit_entry.c.subject)
        query = query.where(or_(*(func.instr(func.lower(place), text.lower()) > 0 for place in places)))
    return tuple(map(_entry, connection.execute(query)))


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(*tuple(row))


def _text(value: Any) -> Any:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
