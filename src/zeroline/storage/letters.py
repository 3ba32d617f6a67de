"""The outbox: letters that wait, are held by one sender at a time, are sent once, or are given up."""

from __future__ import annotations

import json
from collections.abc import Sequence

from zeroline.domain.alert import LetterState
from zeroline.domain.views.alerting import AlertRow, DeadLetter, Letter, Outbox
from zeroline.storage.alerts import COLUMNS, row_of
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork

_TAKE = """UPDATE letter SET holder = ?, held_until = ?
WHERE state = 'waiting' AND held_until <= ? AND id IN (
  SELECT id FROM letter WHERE state = 'waiting' AND next_at <= ? AND held_until <= ?
  AND channel IN (SELECT CAST(value AS TEXT) FROM json_each(?)) ORDER BY next_at, id LIMIT ?)
RETURNING id"""
_LETTERS = """SELECT m.id, m.token, m.channel, m.person_id, COALESCE(p.name, ''),
       CASE WHEN p.active THEN COALESCE(c.email, '') ELSE '' END, m.made_at, m.attempts
FROM letter AS m LEFT JOIN person AS p ON p.id = m.person_id
LEFT JOIN contact AS c ON c.person_id = m.person_id
WHERE m.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY m.next_at, m.id"""
_DEAD = """SELECT m.id, m.channel, COALESCE(p.name, ''), m.made_at, m.attempts, m.trouble,
       (SELECT COUNT(*) FROM alert AS a WHERE a.letter_id = m.id)
FROM letter AS m LEFT JOIN person AS p ON p.id = m.person_id
WHERE m.state = 'dead' ORDER BY m.made_at DESC, m.id DESC"""


def take(
    upkeep: Texts, holder: str, channels: Sequence[str], now: int, until: int, most: int
) -> tuple[int, ...]:
    """Letters that are due and nobody holds are held by ``holder`` up to ``until`` (µs); their ids."""
    rows = upkeep.exec_driver_sql(_TAKE, (holder, until, now, now, now, json.dumps(list(channels)), most))
    return tuple(row[0] for row in rows.fetchall())


def some(connection: Texts, ids: Sequence[int]) -> tuple[Letter, ...]:
    """Letters with what they say, the longest due first."""
    given = (json.dumps(list(ids)),)
    said: dict[int, list[AlertRow]] = {}
    for letter_id, *row in connection.exec_driver_sql(
        f"SELECT a.letter_id, {COLUMNS} FROM alert AS a"
        " WHERE a.letter_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY a.id",
        given,
    ).fetchall():
        said.setdefault(letter_id, []).append(row_of(row))
    rows = connection.exec_driver_sql(_LETTERS, given).fetchall()
    return tuple(Letter._make((*row, tuple(said.get(row[0], ())))) for row in rows)


def sent(upkeep: Texts, letter_id: int, holder: str, at: int) -> None:
    """A letter arrived; nothing if somebody else holds it by now."""
    upkeep.exec_driver_sql(
        "UPDATE letter SET state = 'sent', sent_at = ?, trouble = ''"
        " WHERE id = ? AND state = 'waiting' AND holder = ?",
        (at, letter_id, holder),
    )


def failed(
    upkeep: Texts, letter_id: int, holder: str, state: LetterState, next_at: int, trouble: str
) -> None:
    """A letter did not arrive: it waits up to ``next_at`` (µs) or is dead; nothing if another holds it."""
    upkeep.exec_driver_sql(
        "UPDATE letter SET state = ?, attempts = attempts + 1, next_at = ?, trouble = ?, held_until = 0"
        " WHERE id = ? AND state = 'waiting' AND holder = ?",
        (state.value, next_at, trouble, letter_id, holder),
    )


def give_up_older(upkeep: Texts, made_before: int, trouble: str) -> None:
    """Letters that nobody tried to send in all that time are dead."""
    upkeep.exec_driver_sql(
        "UPDATE letter SET state = 'dead', trouble = ?"
        " WHERE state = 'waiting' AND made_at < ? AND next_at = made_at AND attempts = 0",
        (trouble, made_before),
    )


def outbox(connection: Texts) -> Outbox:
    """What waits and what was given up."""
    waiting, oldest = connection.exec_driver_sql(
        "SELECT COUNT(*), MIN(made_at) FROM letter WHERE state = 'waiting'"
    ).first()
    rows = connection.exec_driver_sql(_DEAD).fetchall()
    return Outbox(waiting, oldest, tuple(DeadLetter(*row) for row in rows))


def again(work: PlainWork, letter_id: int) -> bool:
    """A dead letter waits anew, to be sent at once; whether there was such a one."""
    made = work.connection.exec_driver_sql(
        "UPDATE letter SET state = 'waiting', attempts = 0, next_at = ?, held_until = 0"
        " WHERE id = ? AND state = 'dead' RETURNING id",
        (work.at, letter_id),
    )
    return made.first() is not None
