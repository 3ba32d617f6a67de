"""Whoever owns the database forges the trail with all triggers off: what the verifier says, and the paper.

A forger with time can make a whole chain of anything, so each forgery that is whole in itself is held against
a head that was printed before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from support.warehouse import Warehouse
from zeroline.domain.audit import GENESIS, AuditEntry, Verdict, entry_hash
from zeroline.services.auditing import Auditing
from zeroline.storage.engine import Database
from zeroline.storage.guard import STATEMENTS, TRIGGERS

COLUMNS = ", ".join(AuditEntry._fields)
AT = 7
"""The entry that the forger is after."""


class Forger:
    """The whole trail taken out, changed in Python, and put back by the owner's hand."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self.chain = self._read()

    @contextmanager
    def _open(self) -> Iterator[Any]:
        owner = self._warehouse.owner
        if owner:
            address = Database(owner, self._warehouse.clock).server
            assert address is not None
            url = address.url
            with psycopg.connect(
                host=url.host,
                port=url.port,
                user=url.username,
                password=url.password,
                dbname=url.database,
                options="-c search_path=zeroline",
            ) as connection:
                yield connection
            return
        with closing(sqlite3.connect(self._warehouse.path)) as connection:
            yield connection
            connection.commit()

    def _read(self) -> list[AuditEntry]:
        with self._open() as connection:
            rows = connection.execute(f"SELECT {COLUMNS} FROM audit_entry ORDER BY seq").fetchall()
        return [AuditEntry(*row) for row in rows]

    def put(self, chain: list[AuditEntry], *, recorded: bool = False) -> None:
        """The trail is this chain from now on, whatever the database's triggers think of it.

        Unless ``recorded``, a server's record of changes to the schema is switched off before.
        """
        mark = "%s" if self._warehouse.owner else "?"
        marks = ", ".join([mark] * len(AuditEntry._fields))
        with self._open() as connection, self._unwatched(connection, recorded), self._unguarded(connection):
            connection.execute("DELETE FROM audit_entry")
            connection.cursor().executemany(f"INSERT INTO audit_entry ({COLUMNS}) VALUES ({marks})", chain)

    @contextmanager
    def _unguarded(self, connection: Any) -> Iterator[None]:
        if not self._warehouse.owner:
            mine = [name for name, made in TRIGGERS.items() if made.event.endswith(" ON audit_entry")]
            for name in mine:
                connection.execute(f"DROP TRIGGER {name}")
            yield
            for name in mine:
                connection.execute(STATEMENTS[name])
            return
        states = connection.execute(
            "SELECT tgname, tgenabled FROM pg_trigger"
            " WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal"
        ).fetchall()
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        yield
        for name, state in states:
            always = "ALWAYS " if state == "A" else ""
            connection.execute(f"ALTER TABLE audit_entry ENABLE {always}TRIGGER {name}")

    @contextmanager
    def _unwatched(self, connection: Any, recorded: bool) -> Iterator[None]:
        watchers = ("zeroline_ddl", "zeroline_ddl_drop") if self._warehouse.owner and not recorded else ()
        for name in watchers:
            connection.execute(f"ALTER EVENT TRIGGER {name} DISABLE")
        yield
        for name in watchers:
            connection.execute(f"ALTER EVENT TRIGGER {name} ENABLE ALWAYS")


def chained(entries: list[AuditEntry], start: int = 1) -> list[AuditEntry]:
    """The entries numbered and chained anew from the position ``start`` on."""
    made = entries[: start - 1]
    for seq, entry in enumerate(entries[start - 1 :], start=start):
        whole = entry._replace(seq=seq, previous=made[-1].hash if made else GENESIS)
        made.append(whole._replace(hash=entry_hash(*whole[:-1])))
    return made


Forgery = Callable[[list[AuditEntry]], list[AuditEntry]]


def edited(chain: list[AuditEntry]) -> list[AuditEntry]:
    return [*chain[: AT - 1], chain[AT - 1]._replace(subject="another"), *chain[AT:]]


def edited_with_its_hash(chain: list[AuditEntry]) -> list[AuditEntry]:
    return [*chained(edited(chain)[:AT], AT), *chain[AT:]]


def dropped(chain: list[AuditEntry]) -> list[AuditEntry]:
    return [*chain[: AT - 1], *chain[AT:]]


def dropped_and_numbered(chain: list[AuditEntry]) -> list[AuditEntry]:
    return [entry._replace(seq=seq) for seq, entry in enumerate(dropped(chain), start=1)]


def put_in(chain: list[AuditEntry]) -> list[AuditEntry]:
    added = [*chain[: AT - 1], chain[2], *chain[AT - 1 :]]
    return [entry._replace(seq=seq) for seq, entry in enumerate(added, start=1)]


def put_in_with_its_hash(chain: list[AuditEntry]) -> list[AuditEntry]:
    forged = chained([*chain[: AT - 1], chain[2]], AT)
    return [*forged, *(entry._replace(seq=entry.seq + 1) for entry in chain[AT - 1 :])]


def reordered(chain: list[AuditEntry]) -> list[AuditEntry]:
    swapped = [*chain[: AT - 1], chain[AT], chain[AT - 1], *chain[AT + 1 :]]
    return [entry._replace(seq=seq) for seq, entry in enumerate(swapped, start=1)]


def another(chain: list[AuditEntry]) -> list[AuditEntry]:
    """A whole chain of as many entries of another database."""
    return chained([entry._replace(at=entry.at - 1) for entry in chain])


def spliced(chain: list[AuditEntry]) -> list[AuditEntry]:
    return [*chain[: AT - 1], *another(chain)[AT - 1 :]]


def spliced_at_the_beginning(chain: list[AuditEntry]) -> list[AuditEntry]:
    return [*another(chain)[: AT - 1], *chain[AT - 1 :]]


SEEN: list[tuple[Forgery, str, int]] = [
    (edited, "edited", AT),
    (edited_with_its_hash, "broken link", AT + 1),
    (dropped, "gap", AT + 1),
    (dropped_and_numbered, "broken link", AT),
    (put_in, "broken link", AT),
    (put_in_with_its_hash, "broken link", AT + 1),
    (reordered, "broken link", AT),
    (spliced, "broken link", AT),
    (spliced_at_the_beginning, "broken link", AT),
]
"""Forgeries that show by themselves, and where."""


def anew(forgery: Forgery) -> Forgery:
    """The same, and everything after it chained anew: whole in itself."""

    def forged(chain: list[AuditEntry]) -> list[AuditEntry]:
        return chained(forgery(chain))

    forged.__name__ = f"{forgery.__name__}_and_chained_anew"
    return forged


def cut(chain: list[AuditEntry]) -> list[AuditEntry]:
    return chain[: AT - 1]


def cut_and_filled(chain: list[AuditEntry]) -> list[AuditEntry]:
    """As long as before, so that the position of the head is the same."""
    return chained([*cut(chain), *[chain[2]] * (len(chain) - AT + 1)], AT)


def emptied(chain: list[AuditEntry]) -> list[AuditEntry]:
    return []


WHOLE: list[Forgery] = [
    anew(edited),
    anew(dropped),
    anew(put_in),
    anew(reordered),
    anew(spliced),
    another,
    cut,
    cut_and_filled,
    emptied,
]
"""Forgeries that only paper gives away."""


@pytest.fixture
def auditing(warehouse: Warehouse) -> Auditing:
    return Auditing(warehouse.database)


def named(value: Any) -> str | None:
    return value.__name__ if callable(value) else None


@pytest.mark.parametrize(("forgery", "fault", "seq"), SEEN, ids=named)
def test_a_forgery_that_is_not_whole_is_found_where_it_begins(
    warehouse: Warehouse, auditing: Auditing, forgery: Forgery, fault: str, seq: int
) -> None:
    forger = Forger(warehouse)
    forger.put(forgery(forger.chain))
    verdict = auditing.verify()
    assert (verdict.fault, verdict.fault_seq) == (fault, seq)
    assert auditing.missing_guards() == ()  # everything was put back as it had been


@pytest.mark.parametrize("forgery", WHOLE, ids=named)
def test_a_forgery_that_is_whole_is_found_by_a_head_from_paper(
    warehouse: Warehouse, auditing: Auditing, forgery: Forgery
) -> None:
    forger = Forger(warehouse)
    position, digest = auditing.head()
    chain = forgery(forger.chain)
    assert chain != forger.chain
    forger.put(chain)
    assert auditing.verify() == Verdict(len(chain), chain[-1].hash if chain else GENESIS)
    for paper in (f"{position}:{digest}", f"{position}:{digest[:16]}", digest):
        assert auditing.verify(paper).fault == "head not found"


def test_older_paper_says_up_to_where_the_trail_is_still_the_old_one(
    warehouse: Warehouse, auditing: Auditing
) -> None:
    forger = Forger(warehouse)
    forger.put(anew(edited)(forger.chain))
    papers = [auditing.verify(f"{one.seq}:{one.hash}").fault for one in forger.chain]
    assert papers == [""] * (AT - 1) + ["head not found"] * (len(forger.chain) - AT + 1)


def test_what_is_written_after_a_forgery_does_not_hide_it(warehouse: Warehouse, auditing: Auditing) -> None:
    forger = Forger(warehouse)
    position, digest = auditing.head()
    forger.put(cut(forger.chain))
    while auditing.head()[0] < position + 2:
        warehouse.item(f"ITEM-{auditing.head()[0]}")
    assert auditing.verify().fault == ""
    assert auditing.verify(f"{position}:{digest}").fault == "head not found"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_chain_cannot_be_switched_off_while_changes_of_the_schema_are_recorded(
    warehouse: Warehouse, auditing: Auditing
) -> None:
    forger = Forger(warehouse)
    before = auditing.head()
    with pytest.raises(psycopg.errors.NotNullViolation):  # its own record could no longer be chained
        forger.put(anew(edited)(forger.chain), recorded=True)
    assert auditing.head() == before
    assert auditing.missing_guards() == ()
