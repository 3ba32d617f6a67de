"""The table of people: who may sign in, with which role, and what they prove themselves with.

All of it is SQL as text: signing in is the first thing anybody waits for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from zeroline.domain.errors import DomainError
from zeroline.domain.person import PROGRAM, Person, Right, Role
from zeroline.domain.person import require as require_of
from zeroline.storage.driver import Texts
from zeroline.storage.unit_of_work import PlainWork

if TYPE_CHECKING:
    from zeroline.domain.views.people import PersonRow

_ACCOUNT = """SELECT id, login, name, role, active, secret_hash, pin_hash, badge, failures, locked_until,
       created_at, version
FROM person"""

SECRET_GIVEN = "('person added', 'secret changed', 'login secret set')"
"""The actions of the audit trail, as an SQL list, with which somebody got a secret from somebody."""


class Account(NamedTuple):
    """A person with what sign-in needs: argon2 texts, failures in a row, locked until (µs, 0: not)."""

    person: Person
    secret_hash: str
    pin_hash: str
    badge: str
    failures: int
    locked_until: int
    created_at: int
    version: int


def by_id(connection: Texts, person_id: int) -> Account | None:
    """The account, or None."""
    return _one(connection, "id", person_id)


def by_login(connection: Texts, login: str) -> Account | None:
    """The account of a login in its stored form, or None."""
    return _one(connection, "login", login)


def by_badge(connection: Texts, badge: str) -> Account | None:
    """The account whose badge was scanned, or None; the empty badge is nobody's."""
    return _one(connection, "badge", badge) if badge else None


def everybody(connection: Texts) -> tuple[PersonRow, ...]:
    """All people by login, the disabled ones too."""
    from zeroline.domain.views.people import PersonRow

    rows = connection.exec_driver_sql(f"{_ACCOUNT} ORDER BY login")
    return tuple(
        PersonRow(found.person, bool(found.badge), found.locked_until, found.created_at, found.version)
        for found in map(_account, rows)
    )


def names(connection: Texts) -> dict[int, str]:
    """Name by id, the program's own under 0."""
    rows = connection.exec_driver_sql("SELECT id, name FROM person").fetchall()
    return {PROGRAM.id: PROGRAM.name} | dict(rows)


def connected(connection: Texts) -> int | None:
    """On a server: the id of who is connected, None if nobody of this database is."""
    found: int | None = connection.exec_driver_sql("SELECT me()").scalar()
    return found


def is_empty(connection: Texts) -> bool:
    """Whether nobody at all is known yet."""
    return connection.exec_driver_sql("SELECT id FROM person LIMIT 1").first() is None


def require(work: PlainWork, right: Right) -> Person:
    """The person this write is made as, as the database knows them now; every write begins here.

    A stale Person in a caller's hand carries no rights. Raises DomainError ``not-allowed`` (right, role).
    """
    actor = current(work)
    require_of(actor, right)
    return actor


def current(work: PlainWork) -> Person:
    """The person this write is made as, read anew; DomainError ``not-allowed`` if unknown or disabled."""
    if work.person_id == PROGRAM.id:
        return PROGRAM
    account = by_id(work.connection, work.person_id)
    if account is None or not account.person.active:
        raise DomainError("not-allowed", right="", role="")
    return account.person


def active_administrators(connection: Texts) -> int:
    """How many people can still look after people."""
    found: int = connection.exec_driver_sql(
        "SELECT COUNT(*) FROM person WHERE role = ? AND active", (Role.ADMINISTRATOR.value,)
    ).scalar()
    return found


def add(work: PlainWork, login: str, name: str, role: Role, secret_hash: str, active: bool = True) -> Person:
    """A new person; DomainError ``login-taken`` (login) if it was ever given to somebody."""
    if by_login(work.connection, login) is not None:
        raise DomainError("login-taken", field="login", login=login)
    made = work.connection.exec_driver_sql(
        "INSERT INTO person (login, name, role, secret_hash, active, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (login, name, role.value, secret_hash, active, work.at),
    )
    return Person(made.scalar(), login, name, role, active)


def secret_from(connection: Texts, person_id: int) -> int:
    """Whose hand last gave somebody a secret: the id of that person, as the audit trail has it."""
    found: int | None = connection.exec_driver_sql(
        f"SELECT e.person_id FROM audit_entry AS e WHERE e.subject = ? AND e.action IN {SECRET_GIVEN}"
        " ORDER BY e.seq DESC LIMIT 1",
        (f"person {person_id}",),
    ).scalar()
    return found or 0


def change(work: PlainWork, person_id: int, **columns: object) -> None:
    """Set columns of one person and count the version up."""
    _set(work, person_id, "version = version + 1", **columns)


def count_failure(work: PlainWork, person_id: int, failures: int, locked_until: int) -> None:
    """Keep how often in a row the proof was wrong and until when nothing is accepted."""
    _set(work, person_id, failures=failures, locked_until=locked_until)


def _set(work: PlainWork, person_id: int, *also: str, **columns: object) -> None:
    settings = ", ".join([*also, *(f"{name} = ?" for name in columns)])
    work.connection.exec_driver_sql(
        f"UPDATE person SET {settings} WHERE id = ?", (*columns.values(), person_id)
    )


def _one(connection: Texts, column: str, value: object) -> Account | None:
    row = connection.exec_driver_sql(f"{_ACCOUNT} WHERE {column} = ?", (value,)).first()
    return None if row is None else _account(row)


def _account(row: Any) -> Account:
    id, login, name, role, active, secret_hash, pin_hash, badge, *rest = row
    person = Person(id, login, name, Role(role), bool(active))
    return Account(person, secret_hash, pin_hash, badge or "", *rest)
