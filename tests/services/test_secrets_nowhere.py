"""A plain password is in no file, no log, no audit entry and no error."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from support.warehouse import CHEAP, Warehouse
from zeroline.domain.errors import DomainError
from zeroline.domain.person import Role
from zeroline.services.auditing import Auditing
from zeroline.services.locking import PATIENCE
from zeroline.services.people import People
from zeroline.storage.engine import Database

FIRST, SECOND, WRONG, OLD_WRONG, PIN = (
    "cavern-lantern-71",
    "meadow-thimble-82",
    "gravel-anthem-93",
    "orchid-pewter-64",
    "90817263",
)
SHORT, CUT = "zqxjkw", "velvet\0harbour"


def everything_kept(warehouse: Warehouse) -> bytes:
    """Every byte of the file; of a server every row of every table, and what it keeps of passwords."""
    if not warehouse.owner:
        return b"".join(file.read_bytes() for file in warehouse.path.parent.glob(f"{warehouse.path.name}*"))
    owner = Database(warehouse.owner, warehouse.clock)
    with owner.read() as connection:
        tables = connection.exec_driver_sql(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') "
            "UNION ALL SELECT 'pg_catalog.pg_authid'"
        ).scalars()
        rows = [
            row
            for table in tables.all()
            for row in connection.exec_driver_sql(f"SELECT t::text FROM {table} t")
        ]
    owner.dispose()
    return "\n".join(text for (text,) in rows).encode()


def test_no_password_is_found_anywhere_after_it_was_used(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    people, staff = People(warehouse.database, CHEAP), warehouse.people
    told: list[str] = []

    def refused(work: Callable[[], object]) -> None:
        with pytest.raises(DomainError) as caught:
            work()
        told.append("".join(traceback.format_exception(caught.value, chain=True)))
        told.append(f"{caught.value} {caught.value!r} {caught.value.fields}")

    given = people.add(staff.administrator, "nina", "Nina New", Role.SUPERVISOR, FIRST)
    assert given.waiting is not None
    people.set_secret(staff.other_administrator, staff.other_administrator.id, SECOND)
    refused(lambda: people.confirm(staff.other_administrator, given.waiting.id, WRONG))
    people.confirm(staff.other_administrator, given.waiting.id, SECOND)
    people.sign_in("nina", FIRST)
    people.set_badge(staff.administrator, given.person.id, "NINA", PIN)
    people.sign_in_by_badge("NINA", PIN)
    people.set_secret(given.person, given.person.id, SECOND)
    people.check_secret(given.person.id, SECOND)
    refused(lambda: people.check_secret(given.person.id, OLD_WRONG))
    refused(lambda: people.set_secret(given.person, given.person.id, SHORT))
    refused(lambda: people.set_secret(given.person, given.person.id, CUT))
    refused(lambda: people.add(staff.administrator, "nina", "Again", Role.COUNTER, FIRST))
    refused(lambda: people.sign_in("nobody", WRONG))
    for _ in range(PATIENCE):
        refused(lambda: people.sign_in("nina", WRONG))

    trail = "".join(f"{entry}" for entry in Auditing(warehouse.database).latest(10_000))
    kept = everything_kept(warehouse)
    assert b"nina" in kept
    log = caplog.text + "".join(f"{record.__dict__}" for record in caplog.records)
    for secret in (FIRST, SECOND, WRONG, OLD_WRONG, PIN, SHORT, *CUT.split("\0")):
        assert secret not in trail
        assert secret not in log
        assert secret.encode() not in kept
        assert secret not in "".join(told)
