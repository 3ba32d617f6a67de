"""The sites of people: on a server a person sees and writes only rows of the sites they are limited to."""

from __future__ import annotations

from collections.abc import Collection

from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Person, Right, require
from zeroline.services.people import account_for
from zeroline.storage import people, person_sites
from zeroline.storage import sites as storage
from zeroline.storage.engine import Database


class Limiting:
    """Which sites people work at. Who may read a file reads all of it: there
    is no such limit there, and nothing here is offered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def possible(self) -> bool:
        """Whether the database keeps rows of other sites from people."""
        return self._database.by_login

    def sites(self, actor: Person) -> dict[int, tuple[str, ...]]:
        """Site codes by person, of those who are limited; '' is a site that the actor does not see."""
        if not actor.may(Right.PEOPLE):
            require(actor, Right.READ_BOOK)
        if not self.possible:
            return {}
        with self._database.read_plain() as connection:
            return person_sites.of_people(connection)

    def own(self) -> tuple[str, ...] | None:
        """Codes of the sites that who is connected is limited to; None: of all."""
        if not self.possible:
            return None
        with self._database.read_plain() as connection:
            if person_sites.sees_all(connection):
                return None
            return tuple(sorted(site.code for site in storage.sites(connection)))

    def limit(
        self, actor: Person, person_id: int, sites: Collection[str], version: int | None = None
    ) -> Changes:
        """These sites from now on, by their codes; none: all, those that come later too.

        Raises DomainError ``not-allowed``, ``person-unknown``, ``site-unknown`` (site), ``sites-limited``
        (the actor does not see all sites), ``sites-on-file``, ``sites-own``; ChangedMeanwhile
        ``changed-meanwhile``.
        """
        require(actor, Right.PEOPLE)
        if not self.possible:
            raise DomainError("sites-on-file")
        codes = tuple(sorted(set(sites)))
        with self._database.write(actor.id) as work:
            people.require(work, Right.PEOPLE)
            if person_id == work.person_id:
                raise DomainError("sites-own")
            person_sites.require_all(work.connection)
            account_for(work, person_id, version)
            before = person_sites.of_people(work.connection).get(person_id, ())
            person_sites.place(work, person_id, codes)
            people.change(work, person_id)
            work.audit("sites changed", f"person {person_id}", before=list(before), after=list(codes))
            work.changed(people={person_id})
            return work.commit()
