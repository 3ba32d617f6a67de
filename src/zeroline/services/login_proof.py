"""How people prove who they are where they are login roles of a server."""

from __future__ import annotations

from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person
from zeroline.domain.second_hand import Standing
from zeroline.services.proof import OwnProof, checked, normal
from zeroline.storage import people as storage
from zeroline.storage.engine import Database
from zeroline.storage.people import Account
from zeroline.storage.postgres import logins
from zeroline.storage.unit_of_work import PlainWork


class LoginProof(OwnProof):
    """People are login roles of a server: proving is connecting, and the server keeps a verifier.

    What is ``prepared`` is that verifier. Badges have no PIN of their own there.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    def proven(self, account: Account | None, secret: str, *, pin: bool) -> bool:
        """Whether a connection opens with the secret."""
        return account is not None and not pin and self._database.opens(account.person.login, normal(secret))

    def renewed(self, account: Account, secret: str, *, pin: bool) -> str:
        """Nothing: the server keeps it."""
        return ""

    def prepared(self, login: str, secret: str) -> str:
        """The verifier of a new secret; DomainError as OwnProof."""
        checked(secret)
        return self._database.verifier(login, normal(secret))

    def prepared_pin(self, pin: str) -> str:
        """DomainError ``badge-on-server``."""
        raise DomainError("badge-on-server", field="badge")

    def admit(self, work: PlainWork, login: str, name: str, standing: Standing, prepared: str) -> Person:
        """A new account and its login; DomainError ``login-taken`` or ``login-on-server``."""
        made = storage.add(work, login, name, standing.role, "", standing.active)
        logins.keep(work, made.id, prepared)
        return made

    def keep(self, work: PlainWork, account: Account, prepared: str) -> None:
        """Another secret from now on."""
        logins.keep(work, account.person.id, prepared)

    def place(self, work: PlainWork, account: Account, standing: Standing) -> None:
        """Another role, or let in or kept out, whose connections end at once then."""
        super().place(work, account, standing)
        logins.keep(work, account.person.id)
