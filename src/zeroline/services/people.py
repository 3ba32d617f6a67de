"""People: sign-in with secret or badge, and the administrator's verbs over accounts."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.instant import HOUR, SECOND
from zeroline.domain.person import Person, Right, Role, require
from zeroline.storage import people as storage
from zeroline.storage.engine import Database
from zeroline.storage.people import Account
from zeroline.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from zeroline.domain.views.people import PersonRow

PATIENCE = 5
"""Wrong proofs in a row that are free; from then on each one locks the account twice as long as the last."""

FIRST_LOCK = 30 * SECOND
LONGEST_LOCK = HOUR
SECRET_LENGTH = 8
PIN_LENGTH = 4


def lock_of(failures: int) -> int:
    """How long (µs) an account stays locked after so many failures in a row: 0, or 30 s doubling to 1 h."""
    if failures < PATIENCE:
        return 0
    return min(LONGEST_LOCK, FIRST_LOCK << min(failures - PATIENCE, 20))


class People:
    """Accounts of one database. ``hasher`` does argon2; its work is always done outside a transaction."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Verified for unknown logins, so that they take as long; not made before somebody signs in."""
        return self._hasher.hash("")

    # --- who is there

    def is_empty(self) -> bool:
        """Whether the first administrator has still to be made."""
        with self._database.read_plain() as connection:
            return storage.is_empty(connection)

    def names(self) -> dict[int, str]:
        """Name of everybody by id; 0 is the program."""
        with self._database.read_plain() as connection:
            return storage.names(connection)

    def list(self, actor: Person) -> tuple[PersonRow, ...]:
        """Everybody by login; anyone who may triage or look after people may see it."""
        if not actor.may(Right.PEOPLE):
            require(actor, Right.READ_BOOK)
        with self._database.read_plain() as connection:
            return storage.everybody(connection)

    # --- proving who one is

    def sign_in(self, login: str, secret: str) -> Person:
        """The person of this login and secret; audited either way.

        Raises DomainError ``sign-in-refused``, ``sign-in-locked`` (until_at) or ``person-disabled``.
        """
        with self._database.read_plain() as connection:
            account = storage.by_login(connection, _login(login))
        return self._prove(account, secret, pin=False, refused="sign-in-refused", action="signed in")

    def sign_in_by_badge(self, badge: str, pin: str) -> Person:
        """The person whose badge was scanned, proven by PIN; raises as :meth:`sign_in`."""
        with self._database.read_plain() as connection:
            account = storage.by_badge(connection, badge.strip())
        return self._prove(account, pin, pin=True, refused="sign-in-refused", action="signed in")

    def check_secret(self, person_id: int, secret: str) -> Person:
        """Prove again who is there, for a signature; answers the person as of now.

        Raises DomainError ``secret-wrong``, ``sign-in-locked`` (until_at) or ``person-disabled``.
        """
        with self._database.read_plain() as connection:
            account = storage.by_id(connection, person_id)
        return self._prove(account, secret, pin=False, refused="secret-wrong", action="")

    def _prove(self, account: Account | None, secret: str, *, pin: bool, refused: str, action: str) -> Person:
        if account is not None:
            _check_open(account, self._database.clock())
        stored = "" if account is None else account.pin_hash if pin else account.secret_hash
        nobody = self._nobody  # made for known logins too: the first unknown one is not told by its time
        proven = self._matches(stored or nobody, secret) and stored != "" and account is not None
        if account is None:
            with self._database.write_plain() as work:
                work.audit("sign-in refused", "person 0")
                work.changed(people={0})
                work.commit()
            raise DomainError(refused)
        renewed = self._hasher.hash(secret) if proven and self._hasher.check_needs_rehash(stored) else ""
        with self._database.write_plain(account.person.id) as work:
            now = storage.by_id(work.connection, account.person.id)
            if now is None:
                raise DomainError(refused)
            _check_open(now, work.at)  # another attempt may have locked it meanwhile
            subject = f"person {now.person.id}"
            if proven:
                if not action and not now.failures and not renewed:
                    return now.person  # nothing to keep: the signature itself is audited by its write
                storage.count_failure(work, now.person.id, 0, 0)
                if renewed:
                    storage.change(work, now.person.id, **{"pin_hash" if pin else "secret_hash": renewed})
                work.audit(action or "proved again", subject, by="badge" if pin else "secret")
            else:
                failures = now.failures + 1
                lock = lock_of(failures)
                storage.count_failure(work, now.person.id, failures, work.at + lock if lock else 0)
                work.audit("sign-in refused", subject, failures=failures, by="badge" if pin else "secret")
            work.changed(people={now.person.id})
            work.commit()
        if not proven:
            raise DomainError(refused)
        return now.person

    def _matches(self, stored: str, secret: str) -> bool:
        try:
            return self._hasher.verify(stored, _secret(secret))
        except (VerificationError, InvalidHashError):
            return False

    # --- looking after accounts

    def create_first_administrator(self, login: str, name: str, secret: str) -> Person:
        """The first person of an empty database; DomainError ``people-exist`` once somebody is there."""
        login, name = _checked_login(login), _checked_name(name)
        secret_hash = self._hash(secret)
        with self._database.write() as work:
            if not storage.is_empty(work.connection):
                raise DomainError("people-exist")
            made = storage.add(work, login, name, Role.ADMINISTRATOR, secret_hash)
            self._note(work, "first administrator made", made.id, login=login, name=name)
            work.commit()
        return made

    def add(self, actor: Person, login: str, name: str, role: Role, secret: str) -> tuple[Person, Changes]:
        """A new person, or ``login-taken``, ``login-unusable``, ``name-missing``, ``secret-short``."""
        require(actor, Right.PEOPLE)
        login, name = _checked_login(login), _checked_name(name)
        secret_hash = self._hash(secret)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            made = storage.add(work, login, name, role, secret_hash)
            self._note(work, "person added", made.id, login=login, name=name, role=role.value)
            return made, work.commit()

    def change_role(self, actor: Person, person_id: int, role: Role, version: int | None = None) -> Changes:
        """Another role from now on; what the person did before still counts against them (rule 3).

        Raises DomainError ``last-administrator`` and ChangedMeanwhile ``changed-meanwhile``.
        """
        require(actor, Right.PEOPLE)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            before = _wanted(work, person_id, version)
            if role is not Role.ADMINISTRATOR:
                _keep_an_administrator(work, before)
            storage.change(work, person_id, role=role.value)
            self._note(work, "role changed", person_id, before=before.person.role.value, after=role.value)
            return work.commit()

    def set_active(self, actor: Person, person_id: int, active: bool, version: int | None = None) -> Changes:
        """Let a person in or keep them out; nobody is ever deleted. Raises as :meth:`change_role`."""
        require(actor, Right.PEOPLE)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            before = _wanted(work, person_id, version)
            if not active:
                _keep_an_administrator(work, before)
            storage.change(work, person_id, active=active, failures=0, locked_until=0)
            self._note(work, "person enabled" if active else "person disabled", person_id)
            return work.commit()

    def rename(self, actor: Person, person_id: int, name: str) -> Changes:
        """Another name to show; the login stays."""
        require(actor, Right.PEOPLE)
        name = _checked_name(name)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            before = _wanted(work, person_id, None)
            storage.change(work, person_id, name=name)
            self._note(work, "person renamed", person_id, before=before.person.name, after=name)
            return work.commit()

    def set_secret(self, actor: Person, person_id: int, secret: str) -> Changes:
        """A new secret: one's own, or anybody's for who looks after people. Unlocks the account."""
        if actor.id != person_id:
            require(actor, Right.PEOPLE)
        secret_hash = self._hash(secret)
        with self._database.write(actor.id) as work:
            _own_or_people(work, person_id)
            _wanted(work, person_id, None)
            storage.change(work, person_id, secret_hash=secret_hash, failures=0, locked_until=0)
            self._note(work, "secret changed", person_id)
            return work.commit()

    def set_badge(self, actor: Person, person_id: int, badge: str, pin: str) -> Changes:
        """A badge with its PIN (both empty: none); DomainError ``badge-taken``, ``pin-short``."""
        if actor.id != person_id:
            require(actor, Right.PEOPLE)
        badge = badge.strip()
        if badge and (len(pin) < PIN_LENGTH or not pin.isdecimal()):
            raise DomainError("pin-short", field="pin", least=PIN_LENGTH)
        pin_hash = self._hasher.hash(_secret(pin)) if badge else ""
        with self._database.write(actor.id) as work:
            _own_or_people(work, person_id)
            _wanted(work, person_id, None)
            holder = storage.by_badge(work.connection, badge)
            if holder is not None and holder.person.id != person_id:
                raise DomainError("badge-taken", field="badge", name=holder.person.name)
            storage.change(work, person_id, badge=badge or None, pin_hash=pin_hash)
            self._note(work, "badge set" if badge else "badge taken away", person_id)
            return work.commit()

    def _hash(self, secret: str) -> str:
        if len(secret) < SECRET_LENGTH:
            raise DomainError("secret-short", field="secret", least=SECRET_LENGTH)
        return self._hasher.hash(_secret(secret))

    def _note(self, work: UnitOfWork, action: str, person_id: int, **facts: object) -> None:
        work.audit(action, f"person {person_id}", **facts)
        work.changed(people={person_id})


def _check_open(account: Account, now: int) -> None:
    if not account.person.active:
        raise DomainError("person-disabled")
    if account.locked_until > now:
        raise DomainError("sign-in-locked", until_at=account.locked_until)


def _own_or_people(work: UnitOfWork, person_id: int) -> None:
    if work.person_id == person_id:
        storage.current(work)
    else:
        storage.require(work, Right.PEOPLE)


def _wanted(work: UnitOfWork, person_id: int, version: int | None) -> Account:
    account = storage.by_id(work.connection, person_id)
    if account is None:
        raise DomainError("person-unknown")
    if version is not None and version != account.version:
        subject = f"person {person_id}"
        from zeroline.storage.audit_trail import last_hand

        who, at = last_hand(work.connection, subject)
        raise ChangedMeanwhile("changed-meanwhile", what=subject, who=who, changed_at=at)
    return account


def _keep_an_administrator(work: UnitOfWork, account: Account) -> None:
    """The last active administrator can be neither disabled nor given another role."""
    person = account.person
    others = storage.active_administrators(work.connection) - 1
    if person.active and person.role is Role.ADMINISTRATOR and others == 0:
        raise DomainError("last-administrator", name=person.name)


def _login(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def _secret(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _checked_login(text: str) -> str:
    login = _login(text)
    if not login or len(login) > 40 or not all(c.isalnum() or c in "._-@" for c in login):
        raise DomainError("login-unusable", field="login", login=text[:40])
    return login


def _checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 80 or not name.isprintable():
        raise DomainError("name-missing", field="name")
    return name
