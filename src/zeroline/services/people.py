"""People: sign-in with secret or badge, and the administrator's verbs over accounts.

Who is to approve, or to look after people, needs a second administrator (``domain.second_hand``): the change
is asked for by one and takes effect when another one confirms it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from zeroline.domain.changes import Changes
from zeroline.domain.errors import ChangedMeanwhile, DomainError
from zeroline.domain.person import Person, Right, Role, require
from zeroline.services.locking import lock_of
from zeroline.services.names import as_login, checked_login, checked_name
from zeroline.services.proof import OwnProof
from zeroline.storage import people as storage
from zeroline.storage.engine import Database
from zeroline.storage.people import Account
from zeroline.storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from zeroline.domain.second_hand import Answer, Standing
    from zeroline.domain.views.people import Given, PersonRow, RoleRequest


class People:
    """Accounts of one database. ``proof`` is how its people prove who they are, and where their secrets are
    kept; without one argon2 does it (``hasher``), always outside a transaction.
    """

    def __init__(
        self, database: Database, hasher: PasswordHasher | None = None, proof: OwnProof | None = None
    ) -> None:
        self._database = database
        self._own = proof or OwnProof(hasher)
        self._by_login: OwnProof | None = None

    @property
    def _proof(self) -> OwnProof:
        if not self._database.by_login:
            return self._own
        if self._by_login is None:
            from zeroline.services.login_proof import LoginProof

            self._by_login = LoginProof(self._database)
        return self._by_login

    # --- who is there

    def is_empty(self) -> bool:
        """Whether the first administrator has still to be made; on a server setting up makes that one."""
        if self._database.by_login:
            return False
        with self._database.read_plain() as connection:
            return storage.is_empty(connection)

    def names(self) -> dict[int, str]:
        """Name of everybody by id; 0 is the program."""
        with self._database.read_plain() as connection:
            return storage.names(connection)

    def now(self, person_id: int) -> Person | None:
        """Somebody as the database knows them now, the disabled too; None where there is nobody such."""
        with self._database.read_plain() as connection:
            account = storage.by_id(connection, person_id)
        return None if account is None else account.person

    def connected(self) -> Person:
        """Who is connected to a server; DomainError ``person-disabled`` where nobody of this database is."""
        with self._database.read() as connection:
            person_id = storage.connected(connection)
        found = None if person_id is None else self.now(person_id)
        if found is None:
            raise DomainError("person-disabled")
        return found

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
        if self._database.by_login:
            return self._connect(as_login(login), secret)
        with self._database.read_plain() as connection:
            account = storage.by_login(connection, as_login(login))
        return self._prove(account, secret, pin=False, refused="sign-in-refused", action="signed in")

    def _connect(self, login: str, secret: str) -> Person:
        """On a server who signs in is who connects; the server itself refuses and counts wrong attempts."""
        from zeroline.storage import migrate

        person_id = self._database.sign_in(login, unicodedata.normalize("NFC", secret))
        try:
            migrate.prepare(self._database)
            with self._database.write_plain(person_id) as work:
                account = storage.by_id(work.connection, person_id)
                if account is None:
                    raise DomainError("sign-in-refused")
                work.audit("signed in", f"person {person_id}", by="login")
                work.changed(people={person_id})
                work.commit()
        except BaseException:
            self._database.sign_out()
            raise
        return account.person

    def leave(self) -> None:
        """Sign out: on a server every connection is closed and the secret forgotten."""
        self._database.sign_out()

    def sign_in_by_badge(self, badge: str, pin: str) -> Person:
        """The person whose badge was scanned, proven by PIN; raises as :meth:`sign_in`."""
        if self._database.by_login:
            raise DomainError("badge-on-server")
        with self._database.read_plain() as connection:
            account = storage.by_badge(connection, badge.strip())
        return self._prove(account, pin, pin=True, refused="sign-in-refused", action="signed in")

    def check_secret(self, person_id: int, secret: str) -> Person:
        """Prove again who is there, for a signature; answers the person as of now.

        Raises DomainError ``secret-wrong``, ``sign-in-locked`` (until_at) or ``person-disabled``.
        """
        with self._database.read_plain() as connection:
            account = storage.by_id(connection, person_id)
        if self._database.by_login:
            if account is None or not self._proof.proven(account, secret, pin=False):
                raise DomainError("secret-wrong")
            return account.person
        return self._prove(account, secret, pin=False, refused="secret-wrong", action="")

    def _prove(self, account: Account | None, secret: str, *, pin: bool, refused: str, action: str) -> Person:
        if account is not None:
            _check_open(account, self._database.clock())
        proven = self._proof.proven(account, secret, pin=pin)
        if self._database.read_only:  # looking only: nothing is kept of it, and nothing can be signed
            if account is None or not proven:
                raise DomainError(refused)
            return account.person
        if account is None:
            with self._database.write_plain() as work:
                work.audit("sign-in refused", "person 0")
                work.changed(people={0})
                work.commit()
            raise DomainError(refused)
        renewed = self._proof.renewed(account, secret, pin=pin) if proven else ""
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
                    self._proof.renew(work, now, renewed, pin=pin)
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

    # --- looking after accounts

    def create_first_administrator(self, login: str, name: str, secret: str) -> Person:
        """The first person of an empty database; DomainError ``people-exist`` once somebody is there."""
        from zeroline.domain.second_hand import Standing

        login, name = checked_login(login), checked_name(name)
        prepared = self._proof.prepared(login, secret)
        with self._database.write() as work:
            if not storage.is_empty(work.connection):
                raise DomainError("people-exist")
            made = self._proof.admit(work, login, name, Standing(Role.ADMINISTRATOR, True), prepared)
            self._note(work, "first administrator made", made.id, login=login, name=name)
            work.commit()
        return made

    def add(self, actor: Person, login: str, name: str, role: Role, secret: str) -> Given:
        """A new person, or one who waits, switched off, for a second administrator.

        Raises DomainError ``login-taken``, ``login-unusable``, ``name-missing``, ``secret-short``.
        """
        from zeroline.domain.second_hand import Standing, needs_second

        require(actor, Right.PEOPLE)
        login, name = checked_login(login), checked_name(name)
        prepared = self._proof.prepared(login, secret)
        wanted = Standing(role, True)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            waits = needs_second(None, wanted, storage.active_administrators(work.connection))
            made = self._proof.admit(work, login, name, Standing(role, not waits), prepared)
            self._note(work, "person added", made.id, login=login, name=name, role=role.value)
            return self._given(work, made.id, wanted if waits else None)

    def change_role(self, actor: Person, person_id: int, role: Role, version: int | None = None) -> Given:
        """Another role from now on; what the person did before still counts against them (rule 3).

        Raises DomainError ``last-administrator``, ``second-waiting`` (name) and ChangedMeanwhile
        ``changed-meanwhile``.
        """
        return self._change(actor, person_id, version, role=role)

    def set_active(self, actor: Person, person_id: int, active: bool, version: int | None = None) -> Given:
        """Let a person in or keep them out; nobody is ever deleted. Raises as :meth:`change_role`."""
        return self._change(actor, person_id, version, active=active)

    def _change(
        self,
        actor: Person,
        person_id: int,
        version: int | None,
        *,
        role: Role | None = None,
        active: bool | None = None,
    ) -> Given:
        from zeroline.domain.second_hand import Answer, Standing, is_leaving, needs_second
        from zeroline.storage import role_requests

        require(actor, Right.PEOPLE)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            account = account_for(work, person_id, version)
            before = Standing(account.person.role, account.person.active)
            wanted = Standing(
                before.role if role is None else role, before.active if active is None else active
            )
            if not wanted.administers:
                _keep_an_administrator(work, account)
            if not needs_second(before, wanted, storage.active_administrators(work.connection)):
                self._place(work, account, wanted)
                return self._given(work, person_id, None)
            waiting = role_requests.of_person(work.connection, person_id, work.at)
            agreed = person_id == work.person_id and is_leaving(before, wanted)
            if waiting is not None and not (agreed and waiting.wanted == wanted):
                raise DomainError("second-waiting", name=account.person.name)
            if not agreed:
                return self._given(work, person_id, wanted)
            asked = role_requests.ask(work, person_id, before, wanted) if waiting is None else waiting.id
            role_requests.answer(work, asked, Answer.CONFIRMED, account.version)
            self._place(work, account, wanted)
            return self._given(work, person_id, None)

    def _place(self, work: UnitOfWork, account: Account, wanted: Standing, **facts: object) -> None:
        before, id = account.person, account.person.id
        self._proof.place(work, account, wanted)
        if before.role is not wanted.role or before.active == wanted.active:
            self._note(work, "role changed", id, before=before.role.value, after=wanted.role.value, **facts)
        if before.active != wanted.active:
            self._note(work, "person enabled" if wanted.active else "person disabled", id, **facts)

    def _given(self, work: UnitOfWork, person_id: int, asked: Standing | None) -> Given:
        """Commit; with ``asked`` it waits for a second administrator."""
        from zeroline.domain.second_hand import Standing
        from zeroline.domain.views.people import Given
        from zeroline.storage import role_requests

        person = account_for(work, person_id, None).person
        waiting: RoleRequest | None = None
        if asked is not None:
            id = role_requests.ask(work, person_id, Standing(person.role, person.active), asked)
            self._note(
                work, "role asked for", person_id, request=id, role=asked.role.value, active=asked.active
            )
            waiting = role_requests.one(work.connection, id)
        return Given(person, waiting, work.commit())

    # --- the second administrator

    def requests(self, actor: Person) -> tuple[RoleRequest, ...]:
        """What waits for a second administrator, the oldest first."""
        from zeroline.storage import role_requests

        require(actor, Right.PEOPLE)
        with self._database.read_plain() as connection:
            return role_requests.waiting(connection, self._database.clock())

    def confirm(self, actor: Person, request_id: int, secret: str) -> Given:
        """Sign for what another administrator asked: it takes effect now.

        Raises what :meth:`check_secret` raises; DomainError ``second-asked``, ``second-concerned``,
        ``second-late``, ``second-outdated``, ``second-secret`` (name), ``second-unknown``; ChangedMeanwhile
        ``second-answered`` (who, answer).
        """
        from zeroline.domain.second_hand import Answer

        require(actor, Right.PEOPLE)
        self.check_secret(actor.id, secret)
        with self._database.write(actor.id) as work:
            request, account = self._answer(work, request_id, Answer.CONFIRMED)
            facts = {"asked_by": request.asked_by.id, "request": request_id}
            self._place(work, account, request.wanted, **facts)
            return self._given(work, account.person.id, None)

    def refuse(self, actor: Person, request_id: int) -> Changes:
        """Say no to what another administrator asked. Raises as :meth:`confirm`."""
        from zeroline.domain.second_hand import Answer

        return self._end(actor, request_id, Answer.REFUSED)

    def withdraw(self, actor: Person, request_id: int) -> Changes:
        """Take back what one asked; DomainError ``second-not-asked``, and as :meth:`confirm`."""
        from zeroline.domain.second_hand import Answer

        return self._end(actor, request_id, Answer.WITHDRAWN)

    def _end(self, actor: Person, request_id: int, answer: Answer) -> Changes:
        require(actor, Right.PEOPLE)
        with self._database.write(actor.id) as work:
            _, account = self._answer(work, request_id, answer)
            self._note(work, f"role request {answer.value}", account.person.id, request=request_id)
            return work.commit()

    def _answer(self, work: UnitOfWork, request_id: int, answer: Answer) -> tuple[RoleRequest, Account]:
        from zeroline.domain.second_hand import Answer, check_answer
        from zeroline.storage import role_requests

        storage.require(work, Right.PEOPLE)
        request = role_requests.one(work.connection, request_id)
        asked_by = request.asked_by
        check_answer(
            answer,
            work.person_id,
            asked_by=asked_by.id,
            concerned=request.person.id,
            leaving=request.leaving,
            late=work.at >= request.ends_at,
        )
        other = answer is Answer.CONFIRMED and asked_by.id != work.person_id
        if other and storage.secret_from(work.connection, work.person_id) == asked_by.id:
            raise DomainError("second-secret", name=asked_by.name)
        account = account_for(work, request.person.id, None)
        role_requests.answer(work, request_id, answer, account.version)
        return request, account

    # --- names, secrets, badges

    def rename(self, actor: Person, person_id: int, name: str) -> Changes:
        """Another name to show; the login stays."""
        require(actor, Right.PEOPLE)
        name = checked_name(name)
        with self._database.write(actor.id) as work:
            storage.require(work, Right.PEOPLE)
            before = account_for(work, person_id, None)
            storage.change(work, person_id, name=name)
            self._note(work, "person renamed", person_id, before=before.person.name, after=name)
            return work.commit()

    def set_secret(self, actor: Person, person_id: int, secret: str) -> Changes:
        """A new secret: one's own, or anybody's for who looks after people. Unlocks the account."""
        if actor.id != person_id:
            require(actor, Right.PEOPLE)
        prepared = self._proof.prepared(self._login_of(person_id), secret)
        with self._database.write(actor.id) as work:
            _own_or_people(work, person_id)
            self._proof.keep(work, account_for(work, person_id, None), prepared)
            self._note(work, "secret changed", person_id)
            return work.commit()

    def set_badge(self, actor: Person, person_id: int, badge: str, pin: str) -> Changes:
        """A badge with its PIN (both empty: none); DomainError ``badge-taken``, ``pin-short``."""
        if actor.id != person_id:
            require(actor, Right.PEOPLE)
        badge = badge.strip()
        pin_hash = self._proof.prepared_pin(pin) if badge else ""
        with self._database.write(actor.id) as work:
            _own_or_people(work, person_id)
            account_for(work, person_id, None)
            holder = storage.by_badge(work.connection, badge)
            if holder is not None and holder.person.id != person_id:
                raise DomainError("badge-taken", field="badge", name=holder.person.name)
            storage.change(work, person_id, badge=badge or None, pin_hash=pin_hash)
            self._note(work, "badge set" if badge else "badge taken away", person_id)
            return work.commit()

    def _login_of(self, person_id: int) -> str:
        with self._database.read_plain() as connection:
            account = storage.by_id(connection, person_id)
        if account is None:
            raise DomainError("person-unknown")
        return account.person.login

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


def account_for(work: UnitOfWork, person_id: int, version: int | None) -> Account:
    """The account a write is about, unless somebody changed it since ``version``; ``person-unknown``."""
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
