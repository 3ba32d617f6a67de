"""What people said to guesses, and what the program believes for it: counts by site, to be read and reset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from zeroline.domain.diagnosis import Beliefs
from zeroline.storage.unit_of_work import UnitOfWork

_LAST_WORD = """
v.id > COALESCE((SELECT MAX(r.last_verdict) FROM learning_reset r WHERE r.site_id = v.site_id), 0)
AND NOT EXISTS (SELECT 1 FROM cause_verdict later WHERE later.case_id = v.case_id AND later.id > v.id)
"""
"""Verdicts that count: of each case the last one, said after the site's last reset."""

_CONFIRMED = f"""
SELECT v.site_id, v.cause, COUNT(*) FROM cause_verdict v
WHERE v.cause NOT IN ('', 'Z0') AND {_LAST_WORD} GROUP BY v.site_id, v.cause
"""


def beliefs(connection: Connection) -> dict[int, Beliefs]:
    """What each site's confirmed causes make of the priors, by site id; a site that is not in it has none."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for site_id, cause, count in connection.exec_driver_sql(_CONFIRMED):
        counts[site_id][cause] = count
    return {site_id: Beliefs(confirmed) for site_id, confirmed in counts.items()}


def say(
    work: UnitOfWork, case_id: int, guess: str, probability: int, second: str, cause: str
) -> tuple[int, bool]:
    """Keep what the writing person says of a case: ``cause``, or '' for none of these, where ``guess``
    stood with ``probability`` (millionths); answers the verdict's id and whether it was accepted."""
    accepted = bool(cause) and cause == guess
    made: int = work.connection.exec_driver_sql(
        "INSERT INTO cause_verdict"
        " (case_id, site_id, at, person_id, guess, probability, second, cause, accepted)"
        " SELECT c.id, l.site_id, ?, ?, ?, ?, ?, ?, ? FROM stock_case c JOIN stock_key k ON k.id = c.key_id"
        " JOIN location l ON l.id = k.location_id WHERE c.id = ? RETURNING id",
        (work.at, work.person_id, guess, probability, second, cause, accepted, case_id),
    ).scalar_one()
    return made, accepted


class Word(NamedTuple):
    """What somebody said of a case; ``cause`` '' for none of these."""

    guess: str
    probability: int
    second: str
    cause: str
    at: int
    person_id: int


def last_word(connection: Connection, case_id: int) -> Word | None:
    """The newest verdict of a case."""
    row = connection.exec_driver_sql(
        "SELECT guess, probability, second, cause, at, person_id FROM cause_verdict WHERE case_id = ?"
        " ORDER BY id DESC LIMIT 1",
        (case_id,),
    ).first()
    return None if row is None else Word(*row)


_CONFUSION = f"""
SELECT v.guess, v.cause, COUNT(*) FROM cause_verdict v
WHERE v.site_id = ? AND {_LAST_WORD} GROUP BY v.guess, v.cause ORDER BY v.guess, v.cause
"""


def confusion(connection: Connection, site_id: int) -> list[tuple[str, str, int]]:
    """(guess, cause, how often) of a site since its last reset."""
    return [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(_CONFUSION, (site_id,))]


class Forgotten(NamedTuple):
    """A reset of a site."""

    at: int
    person_id: int
    reason: str


def resets(connection: Connection, site_id: int) -> Sequence[Forgotten]:
    """When a site's counts were reset, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT at, person_id, reason FROM learning_reset WHERE site_id = ? ORDER BY id DESC", (site_id,)
    )
    return [Forgotten(*row) for row in rows]


def reset(work: UnitOfWork, site_id: int, reason: str) -> int:
    """Let what was said at a site so far not count any more; answers its last verdict's id."""
    last: int = work.connection.exec_driver_sql(
        "SELECT COALESCE(MAX(id), 0) FROM cause_verdict WHERE site_id = ?", (site_id,)
    ).scalar_one()
    work.connection.exec_driver_sql(
        "INSERT INTO learning_reset (site_id, at, last_verdict, person_id, reason) VALUES (?, ?, ?, ?, ?)",
        (site_id, work.at, last, work.person_id, reason),
    )
    return last


def site(connection: Connection, code: str) -> int | None:
    """Id of a site by its code."""
    found: int | None = connection.exec_driver_sql("SELECT id FROM site WHERE code = ?", (code,)).scalar()
    return found
