"""Who has what open: rows that are kept up, forgotten soon, and no evidence of anything."""

from __future__ import annotations

from zeroline.domain.views.presence import Onlooker
from zeroline.storage.driver import Texts

_STAY = """INSERT INTO presence (person_id, workstation, subject, since, seen_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (person_id, workstation, subject) DO UPDATE SET seen_at = excluded.seen_at"""
_OTHERS = """SELECT v.person_id, p.name, MIN(v.since)
FROM presence v JOIN person p ON p.id = v.person_id
WHERE v.subject = ? AND v.person_id <> ? AND v.seen_at >= ?
GROUP BY v.person_id, p.name ORDER BY MIN(v.since), v.person_id"""


def stay(upkeep: Texts, person_id: int, workstation: str, subject: str, at: int) -> None:
    """The person has it open as of ``at`` µs, since then if they had not."""
    upkeep.exec_driver_sql(_STAY, (person_id, workstation, subject, at, at))


def leave(upkeep: Texts, workstation: str) -> None:
    """Nobody has anything open at this workstation."""
    upkeep.exec_driver_sql("DELETE FROM presence WHERE workstation = ?", (workstation,))


def leave_others(upkeep: Texts, person_id: int, workstation: str, subject: str) -> None:
    """At this workstation only this one thing of this person is open."""
    upkeep.exec_driver_sql(
        "DELETE FROM presence WHERE workstation = ? AND NOT (person_id = ? AND subject = ?)",
        (workstation, person_id, subject),
    )


def forget(upkeep: Texts, before: int) -> None:
    """Take away who was not seen since ``before`` µs: their window ended without saying so."""
    upkeep.exec_driver_sql("DELETE FROM presence WHERE seen_at < ?", (before,))


def others(connection: Texts, person_id: int, subject: str, since: int) -> tuple[Onlooker, ...]:
    """Who else has it open and was seen after ``since`` µs, longest first."""
    rows = connection.exec_driver_sql(_OTHERS, (subject, person_id, since)).fetchall()
    return tuple(Onlooker(*row) for row in rows)
