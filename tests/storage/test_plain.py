"""SQL as text over the driver alone: the same file, the same promises, the same answers."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import make_url

from support.warehouse import SettableClock, Warehouse
from zeroline.domain.case import Queue
from zeroline.domain.errors import DomainError, Trouble
from zeroline.domain.views.queue import Words, distinguished
from zeroline.storage import guard, people, policies, sites
from zeroline.storage.engine import Database
from zeroline.storage.queries.queue import OWN, queue_table

INSERT = "INSERT INTO setting (key, value) VALUES (?, ?)"


def settings(database: Database) -> list[str]:
    with database.read_plain() as connection:
        return [key for (key,) in connection.exec_driver_sql("SELECT key FROM setting ORDER BY key")]


def keep(database: Database, key: str) -> None:
    with database.write_plain() as work:
        work.connection.exec_driver_sql(INSERT, (key, "1"))
        work.audit("setting changed", f"setting {key}")
        work.changed(everything=True)
        work.commit()


def test_a_write_is_kept_after_commit_and_seen_by_either_side(database: Database) -> None:
    keep(database, "a")
    assert settings(database) == ["a"]
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT key FROM setting").scalars().all() == ["a"]


def test_the_trail_goes_on_where_the_other_side_left_it(database: Database) -> None:
    keep(database, "a")
    with database.write() as work:
        work.audit("nothing", "nothing")
        work.changed(everything=True)
        work.commit()
    keep(database, "b")
    with database.read_plain() as connection:
        entries = connection.exec_driver_sql("SELECT seq, hash, previous FROM audit_entry ORDER BY seq")
        chain = entries.fetchall()
    assert [seq for seq, *_ in chain] == list(range(1, len(chain) + 1))
    assert [previous for *_, previous in chain[1:]] == [hash for _, hash, _ in chain[:-1]]


def test_a_write_without_commit_leaves_nothing(database: Database) -> None:
    with database.write_plain() as work:
        work.connection.exec_driver_sql(INSERT, ("a", "1"))
    assert settings(database) == []


def test_a_write_that_fails_leaves_nothing_and_the_next_one_is_kept(database: Database) -> None:
    with suppress(ZeroDivisionError), database.write_plain() as work:
        work.connection.exec_driver_sql(INSERT, ("a", "1"))
        work.audit("setting changed", "setting a")
        work.changed(everything=True)
        work.commit()
        raise ZeroDivisionError
    keep(database, "b")
    assert settings(database) == ["b"]


def test_nothing_written_on_the_reading_side_is_kept(database: Database) -> None:
    outcome = nullcontext() if database.server is None else pytest.raises(Trouble)
    with outcome, database.read_plain() as connection:
        connection.exec_driver_sql(INSERT, ("a", "1"))
    assert settings(database) == []


def test_a_read_sees_one_state_while_others_write(database: Database) -> None:
    with database.read_plain() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM setting").scalar() == 0
        keep(database, "a")
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM setting").scalar() == 0


def test_a_refusal_of_the_database_comes_as_a_rule(warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", "5")
    with pytest.raises(DomainError) as told, warehouse.database.write_plain() as work:
        work.connection.exec_driver_sql("DELETE FROM movement")
    assert told.value.code == "append-only"


@pytest.mark.sqlite
def test_a_file_that_another_program_writes_to_is_locked(warehouse: Warehouse) -> None:
    impatient = Database(f"sqlite:///{warehouse.path}", warehouse.clock, patience=10_000)
    other = sqlite3.connect(warehouse.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Trouble) as told, impatient.write_plain():
            pytest.fail("the other program is still writing")
        assert told.value.code == "database-locked"
    finally:
        other.close()
        impatient.dispose()


@pytest.mark.sqlite
def test_the_rules_of_the_connection_hold_whoever_uses_it_next(database: Database) -> None:
    asked = ("foreign_keys", "recursive_triggers", "synchronous")
    with database.read_plain() as plain:
        told = [plain.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    with database.read() as connection:
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == told == [1, 1, 2]


@pytest.mark.parametrize("name", ["stock.db", "/var/stock 1#ä.db", "a%20b.db", "C:/stock.db", "x@y:z.db"])
def test_an_address_names_the_same_file_as_for_sqlalchemy(name: str) -> None:
    told = make_url(f"sqlite:///{name}").database
    assert Database(f"sqlite:///{name}", SettableClock()).path == Path(told or "")


def test_an_address_with_more_in_it_is_read_too(tmp_path: Path) -> None:
    database = Database(f"sqlite+pysqlite:///{tmp_path / 'a.db'}?timeout=3", SettableClock())
    assert database.path == tmp_path / "a.db"


@pytest.mark.parametrize("queue", OWN)
def test_a_queue_reads_alike_on_both_sides(warehouse: Warehouse, queue: Queue) -> None:
    for number in range(4):
        warehouse.move(f"ITEM-{number}", "A-01", "5")
        warehouse.move(f"ITEM-{number}", "A-01", str(-6 - number), override=queue is Queue.OVERRIDE)
    database, now = warehouse.database, warehouse.clock.forward(1)
    with database.read() as connection, database.read_plain() as plain:
        ours, theirs = (queue_table(side, queue, now, OWN[queue]) for side in (plain, connection))
        if database.server is None:
            assert guard.missing(plain) == guard.missing(connection) == ()
        assert people.names(plain) == people.names(connection)
        assert people.everybody(plain) == people.everybody(connection)
        assert sites.sites(plain) == sites.sites(connection)
        assert policies.newest(plain) == policies.newest(connection)
    assert [ours.row(row) for row in range(len(ours))] == [theirs.row(row) for row in range(len(theirs))]
    assert len(ours) == (0 if queue is Queue.TRANSIENT else 4)


@pytest.mark.parametrize("numbers", [[], [3], [5, -1, 5, 2, -1, 2**62, -(2**63)]])
def test_different_numbers_are_told_apart_as_numpy_does(numbers: list[int]) -> None:
    column = np.array(numbers, dtype=np.int64)
    distinct, codes = distinguished(column)
    wanted, places = np.unique(column, return_inverse=True)
    assert distinct == wanted.tolist()
    assert codes.tolist() == places.tolist()
    assert [Words.numbers(column, 5).at(row) for row in range(len(column))] == [
        None if number == 5 else number for number in numbers
    ]
