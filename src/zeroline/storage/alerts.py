"""Alerts of people: told once, seen once. Addresses that people are written to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import uuid4

from zeroline.domain.alert import HOUSE, Channel, Notice
from zeroline.domain.audit import canonical
from zeroline.domain.person import Person, Role
from zeroline.domain.views.alerting import AlertRow, Alerts
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork

COLUMNS = "a.id, a.kind, a.subject, a.facts, a.at, a.seen_at"

_TOLD = """SELECT occasion FROM alert_occasion
WHERE person_id = ? AND occasion IN (SELECT CAST(value AS TEXT) FROM json_each(?))"""
_OCCASIONS = """INSERT INTO alert_occasion (person_id, occasion, alert_id)
SELECT ?, o.occasion, o.alert_id FROM (
  SELECT CAST(json_extract(value, '$[0]') AS TEXT) AS occasion,
         CAST(json_extract(value, '$[1]') AS BIGINT) AS alert_id FROM json_each(?)) AS o
WHERE NOT EXISTS (SELECT 1 FROM alert_occasion AS t WHERE t.person_id = ? AND t.occasion = o.occasion)
ORDER BY o.occasion ON CONFLICT DO NOTHING RETURNING occasion"""
"""In one order whoever writes, so that of two at once never each waits for the other."""

_LETTER = """INSERT INTO letter (channel, person_id, token, made_at, next_at) VALUES (?, ?, ?, ?, ?)
RETURNING id"""
_ALERT = """INSERT INTO alert (person_id, kind, subject, facts, at, letter_id) VALUES (?, ?, ?, ?, ?, ?)
RETURNING id"""


class Recipient(NamedTuple):
    """Somebody who can be told; ``email`` '' for nobody who is written to, ``sites`` empty for all."""

    person: Person
    email: str
    sites: frozenset[int]


class ToldMeanwhile(Exception):
    """Another console was faster: nothing of what was being told may be kept."""


def recipients(connection: Texts, with_sites: bool) -> tuple[Recipient, ...]:
    """Everybody active that this connection may see, with their addresses and (if wanted) their sites."""
    sites: dict[int, set[int]] = {}
    if with_sites:
        for person_id, site_id in connection.exec_driver_sql(
            "SELECT person_id, site_id FROM person_site"
        ).fetchall():
            sites.setdefault(person_id, set()).add(site_id)
    rows = connection.exec_driver_sql(
        "SELECT p.id, p.login, p.name, p.role, COALESCE(c.email, '') FROM person AS p"
        " LEFT JOIN contact AS c ON c.person_id = p.id WHERE p.active ORDER BY p.id"
    ).fetchall()
    return tuple(
        Recipient(Person(id, login, name, Role(role)), email, frozenset(sites.get(id, ())))
        for id, login, name, role, email in rows
    )


def zones(connection: Texts) -> dict[int, str]:
    """The time zone of each site, in the order in which they were made."""
    rows = connection.exec_driver_sql("SELECT id, zone FROM site ORDER BY id").fetchall()
    return {row[0]: row[1] for row in rows}


def told(connection: Texts, person_id: int, occasions: Iterable[str]) -> frozenset[str]:
    """Those of the occasions that a person was told of before."""
    rows = connection.exec_driver_sql(_TOLD, (person_id, json.dumps(sorted(occasions)))).fetchall()
    return frozenset(row[0] for row in rows)


def tell(upkeep: Texts, person_id: int, notices: Sequence[Notice], at: int, channel: Channel | None) -> None:
    """Tell somebody (0: the house), and have one letter carry all of it if there is a channel.

    Raises ToldMeanwhile where one of the occasions was told since they were looked for.
    """
    letter_id: int | None = None
    if channel is not None:
        given = (channel.value, person_id, uuid4().hex, at, at)
        letter_id = upkeep.exec_driver_sql(_LETTER, given).scalar()
    wanted: list[tuple[str, int]] = []
    for notice in notices:
        values = (person_id, notice.kind.value, notice.subject, canonical(dict(notice.facts)), at, letter_id)
        alert_id: int = upkeep.exec_driver_sql(_ALERT, values).scalar()
        wanted += [(occasion, alert_id) for occasion in notice.occasions]
    taken = upkeep.exec_driver_sql(_OCCASIONS, (person_id, json.dumps(wanted), person_id)).fetchall()
    if len(taken) < len(wanted):
        raise ToldMeanwhile


def of_person(connection: Texts, person_id: int, most: int) -> Alerts:
    """What somebody was told, newest first."""
    rows = connection.exec_driver_sql(
        f"SELECT {COLUMNS} FROM alert AS a WHERE a.person_id = ? ORDER BY a.at DESC, a.id DESC LIMIT ?",
        (person_id, most),
    ).fetchall()
    return Alerts(tuple(map(row_of, rows)), unseen(connection, person_id))


def unseen(connection: Texts, person_id: int) -> int:
    """How much of what somebody was told they have not seen."""
    found: int = connection.exec_driver_sql(
        "SELECT COUNT(*) FROM alert WHERE person_id = ? AND seen_at IS NULL", (person_id,)
    ).scalar()
    return found


def unshown(connection: Texts, person_id: int) -> bool:
    """Whether there is something that was neither seen nor shown outside the window."""
    sql = "SELECT 1 FROM alert WHERE person_id = ? AND seen_at IS NULL AND shown_at IS NULL LIMIT 1"
    return connection.exec_driver_sql(sql, (person_id,)).first() is not None


def show(upkeep: Texts, person_id: int, at: int) -> tuple[AlertRow, ...]:
    """What is to be shown outside the window, newest first; no other console shows it too."""
    rows = upkeep.exec_driver_sql(
        "UPDATE alert SET shown_at = ? WHERE person_id = ? AND seen_at IS NULL AND shown_at IS NULL"
        " RETURNING id, kind, subject, facts, at, seen_at",
        (at, person_id),
    ).fetchall()
    return tuple(sorted(map(row_of, rows), reverse=True, key=lambda row: row.id))


def row_of(row: Sequence[object]) -> AlertRow:
    """An alert from its ``COLUMNS``."""
    id, kind, subject, facts, at, seen_at = row
    return AlertRow(id, kind, subject, json.loads(str(facts)), at, seen_at)  # type: ignore[arg-type]


def see(upkeep: Texts, person_id: int, ids: Sequence[int], at: int) -> None:
    """Somebody has seen some of their alerts."""
    upkeep.exec_driver_sql(
        "UPDATE alert SET seen_at = ? WHERE person_id = ? AND seen_at IS NULL"
        " AND id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
        (at, person_id, json.dumps(list(ids))),
    )


def see_all(upkeep: Texts, person_id: int, upto: int, at: int) -> None:
    """Somebody has seen all of their alerts up to one."""
    upkeep.exec_driver_sql(
        "UPDATE alert SET seen_at = ? WHERE person_id = ? AND seen_at IS NULL AND id <= ?",
        (at, person_id, upto),
    )


def email(connection: Texts, person_id: int) -> str:
    """Where somebody is written to, '' for nowhere."""
    found = connection.exec_driver_sql("SELECT email FROM contact WHERE person_id = ?", (person_id,))
    return found.scalar() or ""


def keep_email(work: PlainWork, person_id: int, address: str) -> None:
    """Write to somebody there from now on; '' not at all."""
    work.connection.exec_driver_sql(
        "INSERT INTO contact (person_id, email) VALUES (?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET email = excluded.email",
        (person_id, address),
    )


def channel_of(recipient: Recipient) -> Channel | None:
    """How what somebody is told leaves the house, if it does."""
    if recipient.person.id == HOUSE:
        return Channel.WEBHOOK
    return Channel.MAIL if recipient.email else None
