"""Alerts: told once, seen by whom they are for. Letters: taken, sent, failed, given up, sent again."""

from __future__ import annotations

from collections.abc import Sequence

from zeroline.domain.alert import (
    ATTEMPTS,
    HOUSE,
    LEASE,
    STALE,
    Channel,
    LetterState,
    Notice,
    address,
    notices,
    wait_after,
)
from zeroline.domain.changes import Changes
from zeroline.domain.errors import DomainError
from zeroline.domain.person import PROGRAM, Person, Right, Role, require
from zeroline.domain.views.alerting import AlertRow, Alerts, Letter, Outbox
from zeroline.services.alerting import shifts
from zeroline.services.alerting.finding import look
from zeroline.storage import alerts, letters, people
from zeroline.storage.alerts import Recipient, ToldMeanwhile
from zeroline.storage.engine import Database

SHOWN = 200
"""So many alerts of a person are listed, the newest."""

AT_ONCE = 20
"""A sender takes so many letters at a time: all of them must be sent within the lease."""

LONGEST_TROUBLE = 300

_THE_HOUSE = Recipient(Person(HOUSE, "", "", Role.MANAGER), "", frozenset())


class Alerting:
    """What people are told, over one database.

    Who was told what is upkeep, not evidence: it is in no audit trail. What people decide is: where somebody
    is written to, and that a letter is sent again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- telling

    def notice(self, actor: Person, *, house: bool = False) -> Changes:
        """Find what is new and tell it: the program everybody, a person themselves.

        ``house`` tells the house too (by webhook); the program only. Doing it again, here or at another
        console, tells nobody anything twice. Raises ``not-allowed``.
        """
        if self._database.read_only:
            return Changes()
        now = self._database.clock()
        with self._database.read() as connection:
            whom = self._whom(actor, alerts.recipients(connection, not self._database.by_login))
            found = look(connection, now, book=actor.may(Right.READ_BOOK))
            fresh: list[tuple[Recipient, tuple[Notice, ...]]] = []
            for one in (*whom, _THE_HOUSE) if house else whom:
                occasions = found.occasions(one)
                told = alerts.told(connection, one.person.id, (occasion.key for occasion in occasions))
                fresh.append((one, notices(occasions, told)))
        return self.tell(fresh, now)

    def _whom(self, actor: Person, everybody: Sequence[Recipient]) -> Sequence[Recipient]:
        if actor.id == PROGRAM.id:
            return everybody
        themselves = [one for one in everybody if one.person.id == actor.id]
        if not themselves:
            raise DomainError("not-allowed", right="", role="")
        return themselves

    def tell(self, fresh: Sequence[tuple[Recipient, Sequence[Notice]]], now: int) -> Changes:
        """Keep what each is told, with one letter for all that one is told now; what somebody else told in
        the meantime waits for the next look."""
        told = {one.person.id for one, what in fresh if what and self._told(one, what, now)}
        return Changes(alerts=frozenset(told))

    def _told(self, one: Recipient, what: Sequence[Notice], now: int) -> bool:
        """Whether it was told here; a guard may see before the statement does that it was told already."""
        try:
            with self._database.upkeep() as upkeep:
                alerts.tell(upkeep, one.person.id, what, now, alerts.channel_of(one))
        except ToldMeanwhile:
            return False
        except DomainError as error:
            if error.code != "append-only":
                raise
            return False
        return True

    def end_shift(self, actor: Person) -> Changes:
        """At the end of a shift tell everybody who is written to what is open for them; once for each shift.

        The program's alone: ``not-allowed``. Who has nothing open is told nothing.
        """
        _program(actor)
        now = self._database.clock()
        with self._database.read() as connection:
            everybody = alerts.recipients(connection, True)
            fresh = shifts.ended(connection, [one for one in everybody if one.email], now)
        return self.tell(fresh, now)

    # --- shown

    def mine(self, actor: Person) -> Alerts:
        """What somebody was told, newest first."""
        with self._database.read_plain() as connection:
            return alerts.of_person(connection, actor.id, SHOWN)

    def unseen(self, actor: Person) -> int:
        """How much of what somebody was told they have not seen."""
        with self._database.read_plain() as connection:
            return alerts.unseen(connection, actor.id)

    def to_show(self, actor: Person) -> tuple[AlertRow, ...]:
        """What is to be shown to somebody outside the window, newest first: once, at one console."""
        if self._database.read_only:
            return ()
        with self._database.read_plain() as connection:
            if not alerts.unshown(connection, actor.id):
                return ()
        with self._database.upkeep() as upkeep:
            return alerts.show(upkeep, actor.id, self._database.clock())

    def seen(self, actor: Person, ids: Sequence[int]) -> Changes:
        """Somebody has seen some of their alerts."""
        with self._database.upkeep() as upkeep:
            alerts.see(upkeep, actor.id, ids, self._database.clock())
        return Changes(alerts=frozenset((actor.id,)))

    def seen_all(self, actor: Person, upto: int) -> Changes:
        """Somebody has seen all of their alerts up to the one with this id."""
        with self._database.upkeep() as upkeep:
            alerts.see_all(upkeep, actor.id, upto, self._database.clock())
        return Changes(alerts=frozenset((actor.id,)))

    # --- where people are written to

    def email(self, actor: Person, person_id: int) -> str:
        """Where somebody is written to, '' for nowhere: oneself, or anybody for who looks after people."""
        if actor.id != person_id:
            require(actor, Right.PEOPLE)
        with self._database.read_plain() as connection:
            return alerts.email(connection, person_id)

    def set_email(self, actor: Person, person_id: int, email: str) -> Changes:
        """Write to somebody there from now on, '' for no e-mail. Raises ``address-unusable``,
        ``person-unknown``, ``not-allowed``."""
        plain = address(email)
        if actor.id != person_id:
            require(actor, Right.PEOPLE)
        with self._database.write(actor.id) as work:
            if actor.id == person_id:
                people.current(work)
            else:
                people.require(work, Right.PEOPLE)
            if people.by_id(work.connection, person_id) is None:
                raise DomainError("person-unknown")
            alerts.keep_email(work, person_id, plain)
            work.audit("address set" if plain else "address taken away", f"person {person_id}")
            work.changed(people={person_id})
            return work.commit()

    # --- letters

    def due(
        self, actor: Person, holder: str, channels: Sequence[Channel], most: int = AT_ONCE
    ) -> tuple[Letter, ...]:
        """Letters to be sent now, held by ``holder`` for the lease: no other sender gets them meanwhile.

        What nobody tried to send for days is given up. The program's alone: ``not-allowed``.
        """
        _program(actor)
        now = self._database.clock()
        with self._database.upkeep() as upkeep:
            letters.give_up_older(upkeep, now - STALE, "too-old")
            taken = letters.take(
                upkeep, holder, [channel.value for channel in channels], now, now + LEASE, most
            )
        if not taken:
            return ()
        with self._database.read_plain() as connection:
            return letters.some(connection, taken)

    def sent(self, actor: Person, holder: str, letter: Letter) -> Changes:
        """A letter arrived. ``not-allowed``."""
        _program(actor)
        with self._database.upkeep() as upkeep:
            letters.sent(upkeep, letter.id, holder, self._database.clock())
        return Changes(alerts=frozenset((letter.person_id,)))

    def failed(
        self, actor: Person, holder: str, letter: Letter, trouble: str, *, for_good: bool = False
    ) -> Changes:
        """A letter did not arrive: it is tried again later each time, and dead after the last attempt, or at
        once when trying again cannot help (``for_good``). ``not-allowed``."""
        _program(actor)
        failures = letter.attempts + 1
        dead = for_good or failures >= ATTEMPTS
        state = LetterState.DEAD if dead else LetterState.WAITING
        next_at = self._database.clock() + wait_after(failures)
        with self._database.upkeep() as upkeep:
            letters.failed(upkeep, letter.id, holder, state, next_at, trouble[:LONGEST_TROUBLE])
        return Changes(alerts=frozenset((letter.person_id,)))

    def outbox(self, actor: Person) -> Outbox:
        """What waits to be sent and what was given up; for who looks after people, ``not-allowed``."""
        require(actor, Right.PEOPLE)
        with self._database.read_plain() as connection:
            return letters.outbox(connection)

    def again(self, actor: Person, letter_id: int) -> Changes:
        """A letter that was given up waits anew. Raises ``letter-not-dead``, ``not-allowed``."""
        require(actor, Right.PEOPLE)
        with self._database.write(actor.id) as work:
            people.require(work, Right.PEOPLE)
            if not letters.again(work, letter_id):
                raise DomainError("letter-not-dead")
            work.audit("letter sent again", f"letter {letter_id}")
            work.changed(alerts={letter_id})
            return work.commit()


def _program(actor: Person) -> None:
    if actor.id != PROGRAM.id:
        raise DomainError("not-allowed", right="", role=actor.role.value)
