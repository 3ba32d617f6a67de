"""Import runs with their rejected rows, and saved mappings."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, delete, desc, insert, select, update

from zeroline.domain.errors import DomainError
from zeroline.domain.incoming import Problem, RecordSource
from zeroline.domain.views.intake import FileResult, ImportRun, RejectedRow, Rejects, SavedMapping
from zeroline.storage import elsewhere
from zeroline.storage.schema import import_reject, import_run, saved_mapping
from zeroline.storage.unit_of_work import UnitOfWork


def start_run(work: UnitOfWork, source: RecordSource) -> int:
    """Id of a new run; its figures follow with :func:`finish_run`."""
    made = work.connection.execute(
        insert(import_run).values(
            kind=source.kind.value,
            file_name=source.file_name,
            sha256=source.sha256,
            mapping=source.mapping,
            person_id=work.person_id,
            at=work.at,
        )
    ).inserted_primary_key
    return int(made[0]) if made else 0


def store_problems(connection: Connection, import_id: int, problems: Iterable[Problem]) -> None:
    """Keep rejected rows with their cells."""
    rows = [
        {
            "import_id": import_id,
            "row": problem.row,
            "field": problem.field,
            "value": problem.value,
            "code": problem.code,
            "facts": json.dumps(dict(problem.facts), ensure_ascii=False, default=str),
            "cells": json.dumps(problem.cells, ensure_ascii=False),
        }
        for problem in problems
    ]
    if rows:
        connection.execute(insert(import_reject), rows)


def finish_run(work: UnitOfWork, result: FileResult, header: tuple[str, ...]) -> None:
    """Write the figures of a run, once."""
    newest = elsewhere.newest(work.connection, "movement")
    work.connection.execute(
        update(import_run)
        .where(import_run.c.id == result.import_id)
        .values(
            header=json.dumps(header, ensure_ascii=False),
            rows_read=result.read,
            rows_added=result.added + result.changed,
            rows_known=result.known,
            rows_skipped=result.skipped,
            rows_rejected=result.rejected,
            last_seq=newest,
        )
    )


def runs(connection: Connection, limit: int = 1_000) -> tuple[ImportRun, ...]:
    """The newest runs, newest first."""
    return tuple(
        ImportRun(
            row.id,
            row.kind,
            row.file_name,
            row.sha256,
            row.person_id,
            row.at,
            row.rows_read,
            row.rows_added,
            row.rows_known,
            row.rows_skipped,
            row.rows_rejected,
        )
        for row in connection.execute(select(import_run).order_by(desc(import_run.c.id)).limit(limit))
    )


def rejects(connection: Connection, import_id: int) -> Rejects:
    """The rejected rows of a run in file order; DomainError ``import-unknown``."""
    run = connection.execute(select(import_run).where(import_run.c.id == import_id)).first()
    if run is None:
        raise DomainError("import-unknown", id=import_id)
    rows = connection.execute(
        select(import_reject)
        .where(import_reject.c.import_id == import_id)
        .order_by(import_reject.c.row, import_reject.c.id)
    )
    return Rejects(
        run.id,
        run.file_name,
        tuple(json.loads(run.header)),
        tuple(
            RejectedRow(
                row.row, row.field, row.value, row.code, json.loads(row.facts), tuple(json.loads(row.cells))
            )
            for row in rows
        ),
    )


def saved_mappings(connection: Connection) -> tuple[SavedMapping, ...]:
    """Saved mappings by name."""
    return tuple(
        SavedMapping(row.name, row.toml, row.changed_at)
        for row in connection.execute(select(saved_mapping).order_by(saved_mapping.c.name))
    )


def save_mapping(work: UnitOfWork, name: str, toml: str) -> None:
    """Keep a mapping under a name, in place of one that was there."""
    delete_mapping(work, name)
    work.connection.execute(insert(saved_mapping).values(name=name, toml=toml, changed_at=work.at))


def delete_mapping(work: UnitOfWork, name: str) -> bool:
    """Whether there was a mapping of this name, which is gone now."""
    done = work.connection.execute(delete(saved_mapping).where(saved_mapping.c.name == name))
    return bool(done.rowcount)
