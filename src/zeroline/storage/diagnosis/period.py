"""The movements of a period in columns, and the cases that began in it with the movement to blame."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from sqlalchemy import Connection

from zeroline.domain.case import OPEN_STATES, CaseState, Queue
from zeroline.domain.cause import UNDETERMINED
from zeroline.domain.diagnosis.patterns import Blame
from zeroline.domain.diagnosis.postings import Postings
from zeroline.domain.views.patterns import PatternCase
from zeroline.domain.views.queue import Words

MOST: Final = 400_000
"""Movements looked at; a longer period is shortened to the newest of them."""

_COLUMNS = """m.seq, m.key_id, m.occurred_at, m.recorded_at, m.time_basis = 'both', m.kind, m.source_id,
       m.document, m.user_name, m.entered_unit"""

_OF_PERIOD = f"""
SELECT {_COLUMNS} FROM movement m
WHERE m.source_id = ? AND m.recorded_at BETWEEN ? AND ?
"""
_OF_CASES = f"""
SELECT {_COLUMNS} FROM json_each(?) given JOIN movement m ON m.seq = CAST(given.value AS BIGINT)
WHERE m.recorded_at NOT BETWEEN ? AND ?
"""
_BEGINS = "SELECT recorded_at FROM movement WHERE recorded_at <= ? ORDER BY seq DESC LIMIT 1 OFFSET ?"

_KEYS = """
SELECT k.id, k.item_id, i.item_class, l.code, l.zone, s.code, s.zone
FROM json_each(?) given JOIN stock_key k ON k.id = CAST(given.value AS BIGINT) JOIN item i ON i.id = k.item_id
JOIN location l ON l.id = k.location_id JOIN site s ON s.id = l.site_id
"""
_PARTNERS = """
SELECT DISTINCT number, partner FROM document
WHERE partner <> '' AND number IN (SELECT value FROM json_each(?))
"""


def begins(connection: Connection, since: int, until: int) -> int:
    """Where a period begins that is not to hold more than MOST movements (µs)."""
    newest: int | None = connection.exec_driver_sql(_BEGINS, (until, MOST)).scalar()
    return since if newest is None else max(since, newest)


def postings(connection: Connection, since: int, until: int, seqs: Iterable[int] = ()) -> Postings:
    """All movements recorded in a period, and those with these numbers whenever they were."""
    sources = {row.id: row.code for row in connection.exec_driver_sql("SELECT id, code FROM source")}
    rows: list[Any] = []
    for source_id in sources:
        rows += connection.exec_driver_sql(_OF_PERIOD, (source_id, since, until)).fetchall()
    rows += connection.exec_driver_sql(_OF_CASES, (json.dumps(sorted(set(seqs))), since, until)).fetchall()
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * 10
    seq, key, occurred, recorded, timed, kind, source_id, document, user, unit = columns
    numbers = Words.of(document)
    keys = Words.of(key)
    facts = _keys(connection, keys.values)
    partners = _partners(connection, numbers.values)
    clocks = {fact[4]: _zone(fact[5]) for fact in facts.values()}
    coded = Words.of(source_id)

    def of_key(place: int) -> Words:
        return keys.told(lambda key_id: facts[key_id][place])

    return Postings(
        seq=_whole(seq),
        key=_whole(key),
        item=_whole(facts[key_id][0] for key_id in keys.values)[keys.codes],
        occurred=_whole(occurred),
        recorded=_whole(recorded),
        timed=np.array(timed, dtype=np.bool_),
        kind=Words.of(kind),
        source=Words(coded.codes, tuple(sources[one] for one in coded.values)),
        document=numbers,
        user=Words.of(user),
        unit=Words.of(unit),
        partner=numbers.told(lambda number: partners.get(number, "")),
        item_class=of_key(1),
        location=of_key(2),
        zone=of_key(3),
        site=of_key(4),
        clocks=clocks,
    )


def _whole(values: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(list(values), dtype=np.int64)


def _keys(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    rows = connection.exec_driver_sql(_KEYS, (json.dumps(list(ids)),))
    return {row[0]: tuple(row[1:]) for row in rows}


def _partners(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """The partner of each document number; none where documents of one number have several."""
    given = json.dumps([number for number in numbers if number])
    found: dict[str, set[str]] = defaultdict(set)
    for number, partner in connection.exec_driver_sql(_PARTNERS, (given,)):
        found[number].add(partner)
    return {number: min(partners) for number, partners in found.items() if len(partners) == 1}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


# --- cases

_CASES = f"""
SELECT c.id, c.queue, c.state, c.cause, c.opening_seq, e.started_at, e.depth, e.transient,
       i.code AS item, i.description, i.base_unit, l.code AS location, COALESCE(p.name, '') AS owner,
       d.cause AS guess, COALESCE(d.probability, 0) AS probability, d.hypotheses
FROM stock_case c
JOIN episode e ON e.key_id = c.key_id AND e.opening_seq = c.opening_seq
JOIN stock_key k ON k.id = c.key_id JOIN item i ON i.id = k.item_id JOIN location l ON l.id = k.location_id
LEFT JOIN person p ON p.id = c.owner_id
LEFT JOIN diagnosis d ON d.id = (SELECT MAX(n.id) FROM diagnosis n WHERE n.case_id = c.id)
WHERE c.queue IN ('{Queue.NEGATIVE.value}', '{Queue.TRANSIENT.value}')
  AND c.state <> '{CaseState.DISMISSED.value}' AND e.started_at BETWEEN ? AND ?
ORDER BY c.id
"""


class Cases:
    """Cases that began in a period: ``by_id``, the ``blames`` of those with a cause or a guess, and which of
    them are of the order of time alone (``timing``: transient, or a cause of group T).

    ``taggable``: states in which a cause can be tagged.
    """

    def __init__(
        self, connection: Connection, since: int, until: int, taggable: Container[CaseState] = ()
    ) -> None:
        self._taggable = taggable
        self.by_id: dict[int, PatternCase] = {}
        self.blames: list[Blame] = []
        self.timing: list[Blame] = []
        self.undiagnosed = 0
        for row in connection.exec_driver_sql(_CASES, (since, until)):
            self._take(row)

    def _take(self, row: Any) -> None:
        tagged = row.cause not in ("", UNDETERMINED)
        cause = row.cause if tagged else row.guess or row.cause
        self.by_id[row.id] = PatternCase(
            case_id=row.id,
            queue=row.queue,
            state=row.state,
            open=CaseState(row.state) in OPEN_STATES,
            taggable=CaseState(row.state) in self._taggable,
            item=row.item,
            description=row.description,
            location=row.location,
            unit=row.base_unit,
            depth=row.depth,
            started_at=row.started_at,
            owner=row.owner,
            cause=cause,
            tagged=tagged,
            probability=row.probability,
        )
        if not cause:
            self.undiagnosed += 1
            return
        blame = Blame(row.id, cause, _to_blame(row.hypotheses, cause) or row.opening_seq)
        self.blames.append(blame)
        if row.transient or cause.startswith("T"):
            self.timing.append(blame)


def _to_blame(hypotheses: str | None, cause: str) -> int | None:
    """The first movement among the evidence for a cause."""
    if hypotheses is None:
        return None
    for hypothesis in json.loads(hypotheses)["hypotheses"]:
        if hypothesis["cause"] == cause:
            for kind, target, *_ in hypothesis["evidence"]:
                if kind == "movement":
                    return int(target)
    return None
