"""How people prove who they are where this program keeps their secrets itself: argon2 texts in the account.

Everything about secrets that depends on the kind of database is here, and nowhere else in the services: a
database whose people are login roles of the server has another one of these.
"""

from __future__ import annotations

import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person
from zeroline.domain.second_hand import Standing
from zeroline.storage import people as storage
from zeroline.storage.people import Account
from zeroline.storage.unit_of_work import PlainWork

SECRET_LENGTH = 8
PIN_LENGTH = 4


class OwnProof:
    """Proofs and accounts of one database. ``hasher`` does argon2, always outside a transaction.

    ``prepared`` texts are what is kept of a secret or PIN; a plain one goes no further than this.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Verified for unknown logins, so that they take as long; not made before somebody signs in."""
        return self._hasher.hash("")

    # --- proving

    def proven(self, account: Account | None, secret: str, *, pin: bool) -> bool:
        """Whether this is the secret (or PIN) of the account; takes as long where there is none."""
        stored = _stored(account, pin)
        nobody = self._nobody  # made for known logins too: the first unknown one is not told by its time
        return self._matches(stored or nobody, secret) and stored != "" and account is not None

    def renewed(self, account: Account, secret: str, *, pin: bool) -> str:
        """What to keep of a proven secret instead of what is kept, '' where that will do."""
        outdated = self._hasher.check_needs_rehash(_stored(account, pin))
        return self._hasher.hash(normal(secret)) if outdated else ""

    def _matches(self, stored: str, secret: str) -> bool:
        try:
            return self._hasher.verify(stored, normal(secret))
        except (VerificationError, InvalidHashError):
            return False

    # --- keeping

    def prepared(self, login: str, secret: str) -> str:
        """What is kept of a new secret; DomainError ``secret-short`` (least), ``secret-unusable``.

        ``login`` is whose it is, for databases that mix it in.
        """
        checked(secret)
        return self._hasher.hash(normal(secret))

    def prepared_pin(self, pin: str) -> str:
        """What is kept of a new PIN; DomainError ``pin-short`` (least)."""
        if len(pin) < PIN_LENGTH or not pin.isdecimal():
            raise DomainError("pin-short", field="pin", least=PIN_LENGTH)
        return self._hasher.hash(normal(pin))

    def admit(self, work: PlainWork, login: str, name: str, standing: Standing, prepared: str) -> Person:
        """A new account with its secret; DomainError ``login-taken``."""
        return storage.add(work, login, name, standing.role, prepared, standing.active)

    def keep(self, work: PlainWork, account: Account, prepared: str) -> None:
        """Another secret from now on; the account is unlocked."""
        storage.change(work, account.person.id, secret_hash=prepared, failures=0, locked_until=0)

    def renew(self, work: PlainWork, account: Account, prepared: str, *, pin: bool) -> None:
        """What :meth:`renewed` answered takes the place of what was kept."""
        storage.change(work, account.person.id, **{"pin_hash" if pin else "secret_hash": prepared})

    def place(self, work: PlainWork, account: Account, standing: Standing) -> None:
        """Another role, or let in or kept out, from now on; who is let in or kept out is unlocked."""
        moved = standing.active != account.person.active
        unlocked = {"failures": 0, "locked_until": 0} if moved else {}
        storage.change(work, account.person.id, role=standing.role.value, active=standing.active, **unlocked)


def checked(secret: str) -> None:
    """DomainError ``secret-short`` (least) or ``secret-unusable`` for what cannot be a secret."""
    if len(secret) < SECRET_LENGTH:
        raise DomainError("secret-short", field="secret", least=SECRET_LENGTH)
    if "\0" in secret:
        raise DomainError("secret-unusable", field="secret")


def _stored(account: Account | None, pin: bool) -> str:
    return "" if account is None else account.pin_hash if pin else account.secret_hash


def normal(text: str) -> str:
    """A secret in the one form in which it is proven and kept."""
    return unicodedata.normalize("NFC", text)
