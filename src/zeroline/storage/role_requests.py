"""What one administrator asks for somebody, and what a second one answers; both are never changed."""

from __future__ import annotations

from typing import Any

from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Role
from zeroline.domain.second_hand import Answer, Standing
from zeroline.domain.views.people import RoleRequest
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork

_OPEN = f"""SELECT r.id, r.role, r.active, r.asked_at,
       p.id, p.login, p.name, p.role, p.active, b.id, b.login, b.name, b.role, b.active
FROM role_request AS r
JOIN person AS p ON p.id = r.person_id AND p.role = r.role_before
    AND p.active IS NOT DISTINCT FROM r.active_before
JOIN person AS b ON b.id = r.asked_by AND b.active AND b.role = '{Role.ADMINISTRATOR.value}'
WHERE NOT EXISTS (SELECT 1 FROM role_answer AS d WHERE d.request_id = r.id)"""


def waiting(connection: Texts, now: int) -> tuple[RoleRequest, ...]:
    """Requests that can still be answered at ``now`` (µs), the oldest first.

    One whose account was changed meanwhile, whose asker is no administrator any more, or whose time is over
    counts no more; an administrator's leaving waits until it is answered.
    """
    rows = connection.exec_driver_sql(f"{_OPEN} ORDER BY r.asked_at, r.id").fetchall()
    return tuple(request for request in map(_request, rows) if request.leaving or now < request.ends_at)


def of_person(connection: Texts, person_id: int, now: int) -> RoleRequest | None:
    """The request for somebody that can still be answered, or None."""
    found = [request for request in waiting(connection, now) if request.person.id == person_id]
    return found[0] if found else None


def one(connection: Texts, request_id: int) -> RoleRequest:
    """A request that nobody has answered, of somebody who may ask, whose account is what it was.

    Raises DomainError ``second-unknown``, ``second-outdated``; ChangedMeanwhile ``second-answered`` (who,
    answer).
    """
    row = connection.exec_driver_sql(f"{_OPEN} AND r.id = ?", (request_id,)).first()
    if row is not None:
        return _request(row)
    answered = connection.exec_driver_sql(
        "SELECT p.name, d.answer FROM role_answer AS d JOIN person AS p ON p.id = d.person_id"
        " WHERE d.request_id = ?",
        (request_id,),
    ).first()
    if answered is not None:
        raise ChangedMeanwhile("second-answered", who=answered[0], answer=answered[1])
    known = connection.exec_driver_sql("SELECT id FROM role_request WHERE id = ?", (request_id,)).first()
    raise DomainError("second-unknown" if known is None else "second-outdated")


def ask(work: PlainWork, person_id: int, before: Standing, wanted: Standing) -> int:
    """Keep what the person of this write asks for; answers its id."""
    made: int = work.connection.exec_driver_sql(
        "INSERT INTO role_request (person_id, role, active, role_before, active_before, asked_by, asked_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            person_id,
            wanted.role.value,
            wanted.active,
            before.role.value,
            before.active,
            work.person_id,
            work.at,
        ),
    ).scalar()
    return made


def answer(work: PlainWork, request_id: int, said: Answer, version: int) -> None:
    """Keep the answer of the person of this write; ``version`` of the account it was given for."""
    work.connection.exec_driver_sql(
        "INSERT INTO role_answer (request_id, answer, person_id, at, version) VALUES (?, ?, ?, ?, ?)",
        (request_id, said.value, work.person_id, work.at, version),
    )


def _request(row: Any) -> RoleRequest:
    id, role, active, asked_at, *people = row
    wanted = Standing(Role(role), bool(active))
    return RoleRequest(id, _person(people[:5]), wanted, _person(people[5:]), asked_at)


def _person(row: Any) -> Person:
    id, login, name, role, active = row
    return Person(id, login, name, Role(role), bool(active))
