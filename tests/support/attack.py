"""A hand with plain SQL on the database.

``sqlite3`` on the file, as it opens it with nothing switched on; or a connection to the server with the
rights of the program itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import String

from support.warehouse import Warehouse
from zeroline.domain.audit import AuditEntry, entry_hash, verify
from zeroline.domain.quantity import SCALE, value_of
from zeroline.storage import schema
from zeroline.storage.dialect import to_postgres

COST = 2 * SCALE


class Attacker:
    """Writes rows past the program; what the database lets through stays.

    ``propose``, ``evidence``, ``approve``, ``post`` write what an honest road would write, with whatever is
    handed in changed.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        warehouse.item("ITEM-1", cost=COST)
        self.key = warehouse.key("ITEM-1", "A-01")
        warehouse.source("wms")
        self.now = warehouse.clock()
        self.people = warehouse.people
        server = warehouse.database.server
        self.on_server = server is not None
        self.connection: Any = (
            sqlite3.connect(warehouse.path, isolation_level=None) if server is None else server.connection()
        )
        self.update = "UPDATE" if self.on_server else "UPDATE OR REPLACE"
        """The verb that changes rows and pushes out others, where there is one."""
        if self.on_server:
            self.connection.autocommit = True

    def run(self, sql: str, *values: Any) -> Any:
        return self.connection.execute(to_postgres(sql) if self.on_server else sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        return self.run(sql, *values).fetchone()[0]

    def insert(self, table: str, verb: str = "INSERT", **values: Any) -> int:
        """Put a row in; the verb in SQLite's words. A server is asked for the same by ON CONFLICT."""
        marks = ", ".join("?" * len(values))
        if not self.on_server:
            sql = f"{verb} INTO {table} ({', '.join(values)}) VALUES ({marks})"
            return int(self.run(sql, *values.values()).lastrowid or 0)
        sql = (
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks}) {self._instead(table, verb, values)}"
        )
        made = self.run(f"{sql} RETURNING *", *values.values()).fetchone()
        return int(made[0]) if made and isinstance(made[0], int) else 0

    def _instead(self, table: str, verb: str, values: dict[str, Any]) -> str:
        if verb == "INSERT":
            return ""
        if verb == "INSERT OR IGNORE":
            return "ON CONFLICT DO NOTHING"
        key = ", ".join(schema.metadata.tables[table].primary_key.columns.keys())
        put = ", ".join(f"{name} = excluded.{name}" for name in values)
        return f"ON CONFLICT ({key}) DO UPDATE SET {put}"

    def columns(self, table: str) -> list[str]:
        return list(schema.metadata.tables[table].columns.keys())

    def another(self, table: str, column: str) -> str:
        """SQL for another value than the column has."""
        text = isinstance(schema.metadata.tables[table].columns[column].type, String)
        return f"'9' || substr(coalesce({column}, ''), 2)" if text else f"coalesce({column}, 0) + 9"

    def copy(self, table: str, where: str, verb: str = "INSERT OR REPLACE", **changed: Any) -> None:
        """Put a stored row in again, with some of its columns changed."""
        cursor = self.run(f"SELECT * FROM {table} WHERE {where}")
        row = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
        self.insert(table, verb, **(row | changed))

    def refused(self, *codes: str) -> Any:
        """What is done inside is refused by a guard with one of these codes."""
        refusals = (sqlite3.IntegrityError, psycopg.errors.RaiseException)
        return pytest.raises(refusals, match=f"^zeroline:({'|'.join(codes)}): ")

    @contextmanager
    def forging(self, code: str) -> Iterator[None]:
        """What is done inside would bend the audit trail: refused with this code. A server chains every entry
        itself, whatever it claims to be: there it is one more entry of a whole trail."""
        if not self.on_server:
            with self.refused(code):
                yield
            return
        before = self.trail()
        yield
        after = self.trail()
        assert after[: len(before)] == before
        assert verify(AuditEntry(*entry) for entry in after).fault == ""

    def trail(self) -> list[Any]:
        names = ", ".join(AuditEntry._fields)
        return list(self.run(f"SELECT {names} FROM audit_entry ORDER BY seq").fetchall())

    def keeps_whole(self, table: str, put: Callable[..., int], **changed: Any) -> None:
        """A value that is no whole number is refused. A server's own types do it, or round a fraction."""
        if not self.on_server:
            with self.refused("not-a-whole-number"):
                put(**changed)
            return
        before = self.one(f"SELECT count(*) FROM {table}")
        ((column, value),) = changed.items()
        with suppress(
            psycopg.DataError, psycopg.ProgrammingError, psycopg.IntegrityError, psycopg.InternalError
        ):
            put(**changed)
        if self.one(f"SELECT count(*) FROM {table}") > before:
            assert isinstance(value, float), f"{value!r} went into {column}"
            assert all(type(kept) is int for (kept,) in self.run(f"SELECT {column} FROM {table}"))

    # --- an honest road, any step of which can be bent

    def movement(self, verb: str = "INSERT", **changed: Any) -> int:
        number = self.one("SELECT count(*) FROM movement") + 1
        values = {
            "key_id": self.key,
            "quantity": 5 * SCALE,
            "kind": "receipt",
            "occurred_at": self.now,
            "recorded_at": self.now,
            "source_id": self.one("SELECT id FROM source WHERE code = 'wms'"),
            "reference": f"M{number}",
        }
        return self.insert("movement", verb, **(values | changed))

    def case(self, **changed: Any) -> int:
        number = self.one("SELECT count(*) FROM stock_case") + 1
        values = {
            "queue": "negative",
            "key_id": self.key,
            "subject": f"key {number}",
            "opened_at": self.now,
        }
        return self.insert("stock_case", **(values | changed))

    def line(self, state: str = "open", **changed: Any) -> int:
        number = self.one("SELECT count(*) FROM count_sheet") + 1
        sheet = self.insert(
            "count_sheet",
            number=f"CNT-{number:06d}",
            origin="cases",
            state=state,
            created_by=self.people.supervisor.id,
            created_at=self.now,
        )
        return self.insert("count_line", **({"sheet_id": sheet, "key_id": self.key, "position": 1} | changed))

    def entry(self, line: int | None = None, verb: str = "INSERT", **changed: Any) -> int:
        values = {
            "line_id": self.line() if line is None else line,
            "round": 1,
            "counter_id": self.people.counter.id,
            "counted_at": self.now,
            "quantity": 12 * SCALE,
            "submitted_at": self.now,
        }
        return self.insert("count_entry", verb, **(values | changed))

    def propose(self, **changed: Any) -> int:
        number = self.one("SELECT count(*) FROM adjustment") + 1
        quantity = changed.get("quantity", 20 * SCALE)
        values = {
            "number": f"ADJ-{number:06d}",
            "kind": "count correction",
            "key_id": self.key,
            "quantity": quantity,
            "book_before": -8 * SCALE,
            "unit_cost": COST,
            "value": value_of(quantity, COST) if isinstance(quantity, int) else 0,
            "cause": "K3",
            "tier": 1,
            "policy": self.one("SELECT max(version) FROM policy_version"),
            "proposer_id": self.people.supervisor.id,
            "proposed_at": self.now,
            "shown_hash": "a" * 64,
        }
        return self.insert("adjustment", **(values | changed))

    def evidence(self, adjustment: int, entry: int | None = None, **changed: Any) -> int:
        values = {"adjustment_id": adjustment, "kind": "count", "target": entry or self.entry()}
        return self.insert("adjustment_evidence", **(values | changed))

    def proposed(self, **changed: Any) -> int:
        """A proposal with its evidence."""
        entry = self.entry()
        adjustment = self.propose(**({"entry_id": entry, "counter_id": self.people.counter.id} | changed))
        self.evidence(adjustment, entry)
        return adjustment

    def approve(self, adjustment: int, verb: str = "INSERT", **changed: Any) -> int:
        values = {
            "adjustment_id": adjustment,
            "approver_id": self.people.other_supervisor.id,
            "decision": "approved",
            "tier": 1,
            "limit_value": 250 * SCALE,
            "cumulated_value": self.one(
                "SELECT sum(abs(o.value)) FROM adjustment o, adjustment a WHERE a.id = ?"
                " AND o.key_id = a.key_id AND o.proposer_id = a.proposer_id",
                adjustment,
            ),
            "shown_hash": "a" * 64,
            "at": self.now,
        }
        return self.insert("approval", verb, **(values | changed))

    def approved(self, **changed: Any) -> int:
        """An adjustment that is approved and not posted yet."""
        adjustment = self.proposed(**changed)
        self.approve(adjustment)
        self.state(adjustment, "approved")
        return adjustment

    def state(self, adjustment: int, state: str, **changed: Any) -> None:
        columns = "".join(f", {name} = ?" for name in changed)
        self.run(
            f"UPDATE adjustment SET state = ?{columns} WHERE id = ?", state, *changed.values(), adjustment
        )

    def book(self, adjustment: int, **changed: Any) -> int:
        """The movement that posts an adjustment."""
        values = {
            "quantity": self.one("SELECT quantity FROM adjustment WHERE id = ?", adjustment),
            "kind": "count correction",
            "source_id": self.one("SELECT id FROM source WHERE code = 'zeroline'"),
            "reference": f"ADJ-{adjustment}",
            "adjustment_id": adjustment,
        }
        return self.movement(**(values | changed))

    def post(self, adjustment: int, **changed: Any) -> None:
        self.book(adjustment)
        self.finish(adjustment, **changed)

    def finish(self, adjustment: int, **changed: Any) -> None:
        self.state(
            adjustment,
            "posted",
            **({"poster_id": self.people.other_supervisor.id, "posted_at": self.now} | changed),
        )

    def policy(self, **changed: Any) -> int:
        """A new version with the content of the last one."""
        values = {
            "version": self.one("SELECT max(version) FROM policy_version") + 1,
            "at": self.now,
            "person_id": self.people.manager.id,
            "content": self.one("SELECT content FROM policy_version ORDER BY version DESC LIMIT 1"),
        }
        return self.insert("policy_version", **(values | changed))

    def ask(self, person: int, role: str, active: bool = True, **changed: Any) -> int:
        """The first administrator's request that somebody be this."""
        role_before, active_before = self.run(
            "SELECT role, active FROM person WHERE id = ?", person
        ).fetchone()
        values = {
            "person_id": person,
            "role": role,
            "active": active,
            "role_before": role_before,
            "active_before": active_before,
            "asked_by": self.people.administrator.id,
            "asked_at": self.now,
        }
        return self.insert("role_request", **(values | changed))

    def answer(self, request: int, **changed: Any) -> int:
        """The second administrator's yes to it."""
        values = {
            "request_id": request,
            "answer": "confirmed",
            "person_id": self.people.other_administrator.id,
            "at": self.now,
            "version": self.one(
                "SELECT p.version FROM person p JOIN role_request r ON r.person_id = p.id WHERE r.id = ?",
                request,
            ),
        }
        return self.insert("role_answer", **(values | changed))

    def place(self, person: int, role: str, active: bool = True) -> None:
        """The change of the account itself."""
        self.run(
            "UPDATE person SET role = ?, active = ?, version = version + 1 WHERE id = ?", role, active, person
        )

    def give(self, person: int, role: str, active: bool = True, second: int = 0) -> int:
        """Asked, confirmed, done; answers the person."""
        request = self.ask(person, role, active)
        self.answer(request, **({"person_id": second} if second else {}))
        self.place(person, role, active)
        return person

    def audit(self, verb: str = "INSERT", **changed: Any) -> int:
        """The entry that would come next in the chain, correctly hashed."""
        seq, at, previous = self.run(
            "SELECT seq, at, hash FROM audit_entry ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        values = {
            "seq": seq + 1,
            "at": at,
            "person_id": 0,
            "action": "forged",
            "subject": "nothing",
            "facts": "{}",
            "previous": previous,
        } | changed
        parts = (
            values[name] for name in ("seq", "at", "person_id", "action", "subject", "facts", "previous")
        )
        return self.insert("audit_entry", verb, **({"hash": entry_hash(*parts)} | values))


@pytest.fixture
def attacker(warehouse: Warehouse) -> Any:
    """A hand with plain SQL on a staffed warehouse with one item and one bin."""
    hand = Attacker(warehouse)
    yield hand
    hand.connection.close()
