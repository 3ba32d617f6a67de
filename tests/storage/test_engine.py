"""What the surroundings can do to a database, and how it is told."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from support.warehouse import SettableClock, Warehouse
from zeroline.domain.errors import DomainError, Trouble
from zeroline.storage import schema
from zeroline.storage.driver import PAGE
from zeroline.storage.engine import Database


def setting(database: Database, key: str, value: str) -> None:
    with database.write() as work:
        work.connection.execute(insert(schema.setting).values(key=key, value=value))
        work.audit("setting changed", f"setting {key}")
        work.changed(everything=True)
        work.commit()


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done inside meets trouble of the surroundings."""
    with pytest.raises(Trouble, check=lambda told: told.code == code):
        yield


def settings(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(schema.setting.c.key)).scalars())


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.mark.parametrize("address", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://h/db", ""])
def test_an_address_that_is_no_sqlite_file_is_refused(address: str) -> None:
    with pytest.raises(Trouble) as told:
        Database(address, SettableClock())
    assert told.value.code == "database-url"


def test_a_write_is_kept_after_commit(database: Database) -> None:
    setting(database, "a", "1")
    assert settings(database) == ["a"]


def test_a_write_without_commit_leaves_nothing(database: Database) -> None:
    with database.write() as work:
        work.connection.execute(insert(schema.setting).values(key="a", value="1"))
    assert settings(database) == []


def test_a_write_that_fails_after_commit_leaves_nothing(database: Database) -> None:
    with suppress(ZeroDivisionError), database.write() as work:
        work.connection.execute(insert(schema.setting).values(key="a", value="1"))
        work.audit("setting changed", "setting a")
        work.changed(everything=True)
        work.commit()
        raise ZeroDivisionError
    assert settings(database) == []


def test_a_write_without_audit_entry_cannot_commit(database: Database) -> None:
    with database.write() as work:
        work.changed(everything=True)
        with pytest.raises(RuntimeError):
            work.commit()


def test_a_write_without_changes_cannot_commit(database: Database) -> None:
    with database.write() as work:
        work.audit("nothing", "nothing")
        with pytest.raises(RuntimeError):
            work.commit()


def test_the_trail_never_turns_back_when_the_clock_is_set_back(
    database: Database, clock: SettableClock
) -> None:
    setting(database, "a", "1")
    before = clock.now
    clock.set(before - 1_000_000)
    with database.write() as work:
        assert work.at == before


def test_a_read_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(select(schema.setting.c.key)).all() == []
        setting(database, "a", "1")
        assert connection.execute(select(schema.setting.c.key)).all() == []
    assert settings(database) == ["a"]


def test_nothing_written_on_the_reading_side_is_kept(database: Database) -> None:
    outcome = nullcontext() if database.server is None else refused("database-read-only")
    with outcome, database.read() as connection:
        connection.execute(insert(schema.setting).values(key="a", value="1"))
    assert settings(database) == []


def test_a_database_that_another_program_writes_to_is_locked(warehouse: Warehouse) -> None:
    other = Database(warehouse.url, warehouse.clock)
    impatient = Database(warehouse.url, warehouse.clock, patience=10_000)
    with other.write():
        with refused("database-locked"), impatient.write():
            pytest.fail("the other program is still writing")
        assert settings(impatient) == []
    impatient.dispose()
    other.dispose()


@pytest.mark.sqlite
def test_a_file_that_another_program_writes_to_is_locked(warehouse: Warehouse) -> None:
    impatient = Database(url(warehouse.path), warehouse.clock, patience=10_000)
    other = sqlite3.connect(warehouse.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with refused("database-locked"), impatient.write():
            pytest.fail("the other program is still writing")
        assert settings(impatient) == []
    finally:
        other.close()
        impatient.dispose()


def test_the_address_of_a_database_opens_it_again(database: Database) -> None:
    setting(database, "a", "1")
    again = Database(database.url, database.clock)
    assert settings(again) == ["a"]
    again.dispose()


@pytest.mark.sqlite
def test_a_full_disk_keeps_nothing_half_written(database: Database) -> None:
    with refused("disk-full"), database.write() as work:
        pages = work.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        work.audit("setting changed", "setting big")
        work.connection.execute(insert(schema.setting).values(key="small", value="1"))
        work.connection.execute(insert(schema.setting).values(key="big", value="x" * 100_000))
    assert settings(database) == []


def test_a_database_opened_for_reading_cannot_be_written(warehouse: Warehouse) -> None:
    reading = Database(warehouse.url, warehouse.clock, read_only=True)
    assert settings(reading) == []
    with refused("database-read-only"):
        setting(reading, "a", "1")
    reading.dispose()


@pytest.mark.sqlite
def test_a_file_in_a_place_that_may_only_be_read_is_told(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everywhere
    with refused("database-read-only"), Database(url(warehouse.path), warehouse.clock).read():
        pytest.fail("nothing can be written beside it")
    reading = Database(url(warehouse.path), warehouse.clock, read_only=True)
    assert settings(reading) == []
    reading.dispose()


def test_opening_for_reading_makes_no_file(tmp_path: Path, clock: SettableClock) -> None:
    missing = tmp_path / "missing.db"
    with refused("database-cannot-open"), Database(url(missing), clock, read_only=True).read():
        pytest.fail("there is nothing to read")
    assert not missing.exists()


def test_a_folder_that_is_not_there_cannot_be_opened(tmp_path: Path, clock: SettableClock) -> None:
    with refused("database-cannot-open"), Database(url(tmp_path / "no" / "x.db"), clock).read():
        pytest.fail("there is nothing to read")


def test_a_file_that_is_no_database_is_told(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 200)
    with refused("database-not-a-database"), Database(url(path), clock).read():
        pytest.fail("there is nothing to read")


@pytest.mark.sqlite
def test_a_damaged_file_is_told(warehouse: Warehouse) -> None:
    warehouse.database.dispose()
    content = bytearray(warehouse.path.read_bytes())
    content[PAGE * 2 :] = b"\xff" * (len(content) - PAGE * 2)
    warehouse.path.write_bytes(content)
    damaged = Database(url(warehouse.path), warehouse.clock)
    with refused("database-damaged"), damaged.read() as connection:
        for table in schema.metadata.sorted_tables:
            connection.execute(select(table)).all()
    damaged.dispose()


def test_a_name_with_signs_that_mean_something_in_an_address_is_opened(
    template: Path, tmp_path: Path, clock: SettableClock
) -> None:
    odd = tmp_path / "stock 100% #1 äöü.db"
    odd.write_bytes(template.read_bytes())
    database = Database(url(odd), clock)
    setting(database, "a", "1")
    database.dispose()
    assert sqlite3.connect(odd).execute("SELECT key FROM setting").fetchall() == [("a",)]


def test_a_refusal_of_the_database_comes_as_a_rule(warehouse: Warehouse) -> None:
    warehouse.move("ITEM-1", "A-01", "5")
    with pytest.raises(DomainError) as told, warehouse.database.write() as work:
        work.connection.execute(text("DELETE FROM movement"))
    assert told.value.code == "append-only"
    assert told.value.fields == {"detail": "a movement is never deleted"}


def test_an_error_of_our_own_is_not_dressed_up(database: Database) -> None:
    setting(database, "a", "1")
    with pytest.raises(IntegrityError):
        setting(database, "a", "2")


@pytest.mark.sqlite
def test_the_program_itself_cannot_replace_in_silence_either(database: Database) -> None:
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.parametrize("value", [1.0, True, "1"])
def test_a_quantity_is_stored_as_a_whole_number_or_not_at_all(warehouse: Warehouse, value: object) -> None:
    with pytest.raises(Exception, match="a whole number is stored here"), warehouse.database.write() as work:
        work.connection.execute(
            insert(schema.reservation).values(source_id=1, reference="R", item_id=1, quantity=value)
        )
