"""Diagnoses of open cases, kept in step with the ledger and its documents.

Runs in the transaction that changed them. A new row is appended only where the guess changed: its cause, its
probability to a per cent, what it explains, or its evidence. Derived, like balances and episodes, so that
it has no entry of its own in the audit trail; what people say to it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from zeroline.domain.case import OPEN_STATES, CaseState, Queue
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis import Beliefs, Diagnosis, diagnose
from zeroline.storage.diagnosis import gathering, learning
from zeroline.storage.diagnosis.record import StoredDiagnosis, millionths, newest, text_of
from zeroline.storage.unit_of_work import UnitOfWork

QUEUES = (Queue.NEGATIVE, Queue.TRANSIENT)
"""Queues whose cases stand for an episode, which is what can be diagnosed."""

LISTED = 2_000
"""More cases than this are announced as 'everything', not one by one."""

_HELD = {CaseState.WAITING_APPROVAL, CaseState.POSTED}  # what is signed rests on the cause that was tagged

# What a person has said stands; guessing on would only cost. A case that came back is guessed anew.
_UNSAID = (
    f"(c.cause_by IS NULL OR c.cause IN ('', '{UNDETERMINED}') OR c.state = '{CaseState.REOPENED.value}')"
)
_FOLLOWED = ", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES - _HELD))
_QUEUES = ", ".join(f"'{queue.value}'" for queue in QUEUES)

_ALL = f"""
SELECT c.id, c.key_id, c.opening_seq FROM stock_case c
WHERE c.opening_seq <> 0 AND c.queue IN ({_QUEUES}) AND c.state IN ({_FOLLOWED}) AND {_UNSAID}
"""
_OF_ITEMS = f"""
SELECT c.id, c.key_id, c.opening_seq
FROM json_each(?) given JOIN stock_key k ON k.item_id = given.value JOIN stock_case c ON c.key_id = k.id
WHERE c.opening_seq <> 0 AND +c.queue IN ({_QUEUES}) AND +c.state IN ({_FOLLOWED})
  AND {_UNSAID}
"""
_ITEMS = "SELECT DISTINCT item_id FROM stock_key WHERE id IN (SELECT value FROM json_each(?))"

_INSERT = """
INSERT INTO diagnosis (case_id, at, ledger_seq, cause, probability, explained, missing, hypotheses)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def refresh(work: UnitOfWork, keys: Iterable[int] | None, items: Iterable[int] = ()) -> int:
    """Diagnose the open cases of these stock keys' items (None: every open case) and of ``items``, whose
    documents changed, as long as no person has said why; answers for how many the guess is another one
    now. Again: none."""
    if keys is None:
        rows = work.connection.exec_driver_sql(_ALL).fetchall()
    else:
        touched = work.connection.exec_driver_sql(_ITEMS, (json.dumps(list(keys)),)).scalars()
        wanted = sorted({*touched, *items})
        if not wanted:
            return 0
        rows = work.connection.exec_driver_sql(_OF_ITEMS, (json.dumps(wanted),)).fetchall()
    return _keep(work, {(row.key_id, row.opening_seq): row.id for row in rows})


def refresh_case(work: UnitOfWork, case_id: int) -> StoredDiagnosis | None:
    """The guess for one case as of now, kept if it is another; None for a case without an episode."""
    row = work.connection.exec_driver_sql(
        f"SELECT key_id, opening_seq FROM stock_case WHERE id = ? AND opening_seq <> 0"
        f" AND queue IN ({_QUEUES})",
        (case_id,),
    ).first()
    if row is None:
        return None
    _keep(work, {(row.key_id, row.opening_seq): case_id})
    return newest(work.connection, [case_id]).get(case_id)


def diagnosis_of(connection: Connection, key_id: int, opening_seq: int) -> Diagnosis | None:
    """An episode of a key diagnosed now; None where it is gone."""
    asked = [one for one in gathering.episodes(connection, [opening_seq]) if one.key_id == key_id]
    believed = learning.beliefs(connection)
    for _, n in gathering.neighbourhoods(connection, asked):
        return diagnose(n, believed.get(int(n.here.site), Beliefs()))
    return None


def _keep(work: UnitOfWork, cases: dict[tuple[int, int], int]) -> int:
    if not cases:
        return 0
    connection = work.connection
    asked = [
        one
        for one in gathering.episodes(connection, sorted({seq for _, seq in cases}))
        if (one.key_id, one.subject.crossing) in cases
    ]
    believed = learning.beliefs(connection)
    known = newest(connection, sorted(cases.values()))
    reached = connection.exec_driver_sql("SELECT COALESCE(MAX(seq), 0) FROM movement").scalar_one()
    fresh: list[tuple[Any, ...]] = []
    for one, n in gathering.neighbourhoods(connection, asked):
        case_id = cases[one.key_id, one.subject.crossing]
        found = diagnose(n, believed.get(int(n.here.site), Beliefs()))
        there = known.get(case_id)
        if there is not None and _seen(there.diagnosis) == _seen(found):
            continue
        leading = found.leading
        fresh.append(
            (
                *(case_id, work.at, reached, leading.cause, millionths(leading.probability)),
                *(leading.explained, found.missing, text_of(found)),
            )
        )
    if fresh:
        connection.exec_driver_sql(_INSERT, fresh)
        if len(fresh) > LISTED:
            work.changed(everything=True)
        else:
            work.changed(cases={row[0] for row in fresh})
    return len(fresh)


def _seen(diagnosis: Diagnosis) -> tuple[Any, ...]:
    """What makes a guess another one."""
    leading, wrong = diagnosis.leading, diagnosis.fixed_wrongly
    return (
        leading.cause,
        round(leading.probability * 100),
        leading.explained,
        diagnosis.missing,
        tuple((found.kind, found.target, found.code) for found in leading.evidence),
        diagnosis.together,
        wrong and wrong.target,
    )
