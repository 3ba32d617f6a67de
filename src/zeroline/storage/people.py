"""The table of people: who may sign in, with which role, and what they prove themselves with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, select, update

from zeroline.domain.errors import DomainError
from zeroline.domain.person import PROGRAM, Person, Right, Role
from zeroline.domain.person import require as require_of
from zeroline.domain.views.people import PersonRow
from zeroline.storage.engine import Connection
from zeroline.storage.schema import person
from zeroline.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what sign-in needs: argon2 texts, failures in a row, locked until (µs, 0: not)."""

    person: Person
    secret_hash: str
    pin_hash: str
    badge: str
    failures: int
    locked_until: int
    created_at: int
    version: int


_BY_ID = select(person).where(person.c.id == bindparam("of_id"))  # every write asks it


def by_id(connection: Connection, person_id: int) -> Account | None:
    """The account, or None."""
    row = connection.execute(_BY_ID, {"of_id": person_id}).first()
    return None if row is None else _account(row)


def by_login(connection: Connection, login: str) -> Account | None:
    """The account of a login in its stored form, or None."""
    return _one(connection, person.c.login == login)


def by_badge(connection: Connection, badge: str) -> Account | None:
    """The account whose badge was scanned, or None; the empty badge is nobody's."""
    return _one(connection, person.c.badge == badge) if badge else None


def everybody(connection: Connection) -> tuple[PersonRow, ...]:
    """All people by login, the disabled ones too."""
    rows = connection.execute(select(person).order_by(person.c.login))
    return tuple(
        PersonRow(found.person, bool(found.badge), found.locked_until, found.created_at, found.version)
        for found in map(_account, rows)
    )


def names(connection: Connection) -> dict[int, str]:
    """Name by id, the program's own under 0."""
    rows = connection.execute(select(person.c.id, person.c.name))
    return {PROGRAM.id: PROGRAM.name} | {row.id: row.name for row in rows}


def is_empty(connection: Connection) -> bool:
    """Whether nobody at all is known yet."""
    return connection.execute(select(person.c.id).limit(1)).first() is None


def require(work: UnitOfWork, right: Right) -> Person:
    """The person this write is made as, as the database knows them now; every write begins here.

    A stale Person in a caller's hand carries no rights. Raises DomainError ``not-allowed`` (right, role).
    """
    actor = current(work)
    require_of(actor, right)
    return actor


def current(work: UnitOfWork) -> Person:
    """The person this write is made as, read anew; DomainError ``not-allowed`` if unknown or disabled."""
    if work.person_id == PROGRAM.id:
        return PROGRAM
    account = by_id(work.connection, work.person_id)
    if account is None or not account.person.active:
        raise DomainError("not-allowed", right="", role="")
    return account.person


def active_administrators(connection: Connection) -> int:
    """How many people can still look after people."""
    return connection.execute(
        select(func.count()).where(person.c.role == Role.ADMINISTRATOR.value, person.c.active.is_(True))
    ).scalar_one()


def add(work: UnitOfWork, login: str, name: str, role: Role, secret_hash: str) -> Person:
    """A new active person; DomainError ``login-taken`` (login) if it was ever given to somebody."""
    if by_login(work.connection, login) is not None:
        raise DomainError("login-taken", field="login", login=login)
    made = work.connection.execute(
        insert(person)
        .values(login=login, name=name, role=role.value, secret_hash=secret_hash, created_at=work.at)
        .returning(person.c.id)
    )
    return Person(made.scalar_one(), login, name, role)


def change(work: UnitOfWork, person_id: int, **columns: object) -> None:
    """Set columns of one person and count the version up."""
    work.connection.execute(
        update(person).where(person.c.id == person_id).values(version=person.c.version + 1, **columns)
    )


def count_failure(work: UnitOfWork, person_id: int, failures: int, locked_until: int) -> None:
    """Keep how often in a row the proof was wrong and until when nothing is accepted."""
    work.connection.execute(
        update(person).where(person.c.id == person_id).values(failures=failures, locked_until=locked_until)
    )


def _one(connection: Connection, condition: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(person).where(condition)).first()
    return None if row is None else _account(row)


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        Person(row.id, row.login, row.name, Role(row.role), bool(row.active)),
        row.secret_hash,
        row.pin_hash,
        row.badge or "",
        row.failures,
        row.locked_until,
        row.created_at,
        row.version,
    )
