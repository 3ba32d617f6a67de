"""Diagnoses of open cases, kept in step with the ledger and its documents.

Runs in the transaction that changed them. A new row is appended only where the guess changed: its cause, its
probability to a per cent, what it explains, or its evidence. Derived, like balances and episodes, so that
it has no entry of its own in the audit trail; what people say to it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection

from zeroline.domain.case import GUESSED, OPEN_STATES, CaseState, Queue
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis import Beliefs, Diagnosis, Stock, SubjectKind, diagnose
from zeroline.domain.diagnosis.recurring import recurring
from zeroline.domain.instant import DAY
from zeroline.storage import elsewhere, ledger, policies
from zeroline.storage.diagnosis import gathering, learning
from zeroline.storage.diagnosis.gathering import Asked
from zeroline.storage.diagnosis.record import StoredDiagnosis, millionths, newest, text_of
from zeroline.storage.unit_of_work import UnitOfWork

LISTED = 2_000
"""More cases than this are announced as 'everything', not one by one."""

_HELD = {CaseState.WAITING_APPROVAL, CaseState.POSTED}  # what is signed rests on the cause that was tagged

# What a person has said stands; guessing on would only cost. A case that came back is guessed anew.
_UNSAID = (
    f"(c.cause_by IS NULL OR c.cause IN ('', '{UNDETERMINED}') OR c.state = '{CaseState.REOPENED.value}')"
)
_FOLLOWED = ", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES - _HELD))
_QUEUES = ", ".join(f"'{queue.value}'" for queue in GUESSED)
_GUESSED = f"(c.opening_seq <> 0 OR c.queue = '{Queue.REPEAT.value}') AND c.queue || '' IN ({_QUEUES})"

_ALL = f"""
SELECT c.id, c.key_id, c.opening_seq, c.queue FROM stock_case c
WHERE {_GUESSED} AND c.state IN ({_FOLLOWED}) AND {_UNSAID}
"""
_OF_ITEMS = f"""
SELECT c.id, c.key_id, c.opening_seq, c.queue
FROM json_each(?) given JOIN stock_key k ON k.item_id = CAST(given.value AS BIGINT)
JOIN stock_case c ON c.key_id = k.id
WHERE {_GUESSED} AND c.state || '' IN ({_FOLLOWED}) AND {_UNSAID}
"""
_ONE = f"SELECT c.id, c.key_id, c.opening_seq, c.queue FROM stock_case c WHERE c.id = ? AND {_GUESSED}"
_ITEMS = "SELECT DISTINCT item_id FROM stock_key WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"

LEFT, TAKEN_UP = "diagnoses left", "diagnoses taken up"
"""Actions of the audit trail: cases of items that have stock at sites hidden from who wrote."""

_LEFT = """
SELECT e.facts FROM audit_entry AS e WHERE e.action = ?
AND e.seq > COALESCE((SELECT MAX(t.seq) FROM audit_entry AS t WHERE t.action = ?), 0)
"""

_INSERT = """
INSERT INTO diagnosis (case_id, at, ledger_seq, cause, probability, explained, missing, hypotheses)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def refresh(work: UnitOfWork, keys: Iterable[int] | None, items: Iterable[int] = ()) -> int:
    """Diagnose the open cases of these stock keys' items (None: every open case) and of ``items``, whose
    documents changed, as long as no person has said why; answers for how many the guess is another one
    now. Again: none.

    A case whose item has stock at sites hidden from who is connected is left as it is: what lies and moves
    there bears on why. What is left so is noted in the trail for :func:`take_up`.
    """
    if keys is None:
        every = work.connection.exec_driver_sql(_ALL).fetchall()
        apart = elsewhere.keys(work.connection, (row[1] for row in every))
        rows: Iterable[Any] = [row for row in every if row[1] not in apart]
    else:
        touched = work.connection.exec_driver_sql(_ITEMS, (json.dumps(list(keys)),)).scalars()
        wanted = sorted({*touched, *items})
        if not wanted:
            return 0
        hidden = elsewhere.items(work.connection, wanted)
        if hidden:
            work.audit(LEFT, "ledger", items=sorted(hidden))
            wanted = sorted(set(wanted) - hidden)
        rows = work.connection.exec_driver_sql(_OF_ITEMS, (json.dumps(wanted),)).fetchall()
    return _keep(work, _Asking.of(rows))


def left(connection: Connection) -> set[int]:
    """Items whose cases were left by who does not see all of them, since anybody took them up."""
    found: set[int] = set()
    for (facts,) in connection.exec_driver_sql(_LEFT, (LEFT, TAKEN_UP)):
        with suppress(ValueError):  # an entry can be written by hand
            told = json.loads(facts)
            items = told.get("items") if isinstance(told, dict) else None
            found |= {item for item in items or () if isinstance(item, int)}
    return found


def take_up(work: UnitOfWork) -> int:
    """Diagnose the cases of what is :func:`left`; as :func:`refresh`, by who sees all sites."""
    elsewhere.require_all(work.connection)
    items = left(work.connection)
    changed = refresh(work, (), items)
    work.audit(TAKEN_UP, "ledger", items=len(items), changed=changed)
    return changed


def refresh_case(work: UnitOfWork, case_id: int) -> StoredDiagnosis | None:
    """The guess for one case as of now, kept if it is another; None for a case about which there is none."""
    _keep(work, _Asking.of(_whole(work.connection, case_id)))
    return newest(work.connection, [case_id]).get(case_id)


def diagnosis_of(connection: Connection, case_id: int, now: int) -> Diagnosis | None:
    """A case diagnosed ``now`` (µs); None where nothing can be guessed about it, or its episode is gone. What
    was kept where the item has stock at sites hidden from who is connected."""
    if elsewhere.keys(connection, (row[1] for row in connection.exec_driver_sql(_ONE, (case_id,)))):
        kept = newest(connection, [case_id]).get(case_id)
        return None if kept is None else kept.diagnosis
    asking = _Asking.of(_whole(connection, case_id))
    return next((found for _, found in _diagnosed(connection, asking, now)), None)


def _whole(connection: Connection, case_id: int) -> list[Any]:
    """The case, unless its item has stock at sites hidden from who is connected."""
    rows = connection.exec_driver_sql(_ONE, (case_id,)).fetchall()
    hidden = elsewhere.keys(connection, (row[1] for row in rows))
    return [row for row in rows if row[1] not in hidden]


@dataclass(frozen=True, slots=True)
class _Asking:
    """Cases that are asked about: of episodes by key and crossing movement, of repeats by key."""

    episodes: Mapping[tuple[int, int], int]
    repeats: Mapping[int, int]

    @classmethod
    def of(cls, rows: Iterable[Any]) -> Self:
        """From rows of case, key, crossing movement and queue."""
        episodes, repeats = {}, {}
        for case_id, key_id, opening_seq, queue in rows:
            if queue == Queue.REPEAT.value:
                repeats[key_id] = case_id
            else:
                episodes[key_id, opening_seq] = case_id
        return cls(episodes, repeats)


def _diagnosed(connection: Connection, asking: _Asking, now: int) -> Iterator[tuple[int, Diagnosis]]:
    """The cases with their diagnoses; what goes wrong repeatedly behind what went wrong once."""
    crossings = sorted({seq for _, seq in asking.episodes})
    asked = [
        one
        for one in (gathering.episodes(connection, crossings) if crossings else ())
        if (one.key_id, one.subject.crossing) in asking.episodes
    ]
    again: dict[Asked, None] = {}
    if asking.repeats:
        until = ledger.horizon(connection, now)
        since = until - policies.newest(connection).policy.repeat_window_days * DAY
        again = dict.fromkeys(gathering.occasions(connection, asking.repeats, since, until))
    believed = learning.beliefs(connection)
    of_places: dict[int, tuple[Stock, dict[Asked, Diagnosis]]] = {}
    for one, n in gathering.neighbourhoods(connection, dict.fromkeys((*asked, *again))):
        found = diagnose(n, believed.get(int(n.here.site), Beliefs()))
        if one.subject.kind is SubjectKind.EPISODE:
            case_id = asking.episodes.get((one.key_id, one.subject.crossing))
            if case_id is not None:
                yield case_id, found
        if one in again:
            of_places.setdefault(one.key_id, (n.here, {}))[1][one] = found
    for key_id, (here, occasions) in of_places.items():
        in_time = sorted(occasions, key=lambda one: (one.subject.at, one.subject.crossing))
        yield asking.repeats[key_id], recurring(here, [occasions[one] for one in in_time])


def _keep(work: UnitOfWork, asking: _Asking) -> int:
    case_ids = sorted({*asking.episodes.values(), *asking.repeats.values()})
    if not case_ids:
        return 0
    connection = work.connection
    known = newest(connection, case_ids)
    reached = elsewhere.newest(connection, "movement")
    fresh: list[tuple[Any, ...]] = []
    for case_id, found in _diagnosed(connection, asking, work.at):
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
