"""The floor of a test warehouse: people count and settle through the services, as through the window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from support.warehouse import CHEAP, SECRET, SettableClock, Staff, Warehouse
from zeroline.domain.errors import DomainError
from zeroline.domain.instant import MINUTE
from zeroline.domain.person import Person
from zeroline.domain.policy import Policy
from zeroline.domain.quantity import parse as micro
from zeroline.domain.views.counting import ResultLine
from zeroline.domain.views.settlement import Posted, Proposed
from zeroline.services.counting import Counting
from zeroline.services.people import People
from zeroline.services.policies import Policies
from zeroline.services.settlement import Settlement
from zeroline.storage import schema
from zeroline.storage.engine import Database


@dataclass
class Floor:
    """Services over one warehouse, and the road of a count in few words."""

    warehouse: Warehouse
    counting: Counting = field(init=False)
    settlement: Settlement = field(init=False)
    _documents: int = 0

    def __post_init__(self) -> None:
        self.counting = Counting(self.database)
        self.settlement = Settlement(self.database, People(self.database, CHEAP))

    @property
    def database(self) -> Database:
        return self.warehouse.database

    @property
    def people(self) -> Staff:
        return self.warehouse.people

    @property
    def clock(self) -> SettableClock:
        return self.warehouse.clock

    # --- counting

    def sheet(self, *keys: int, by: Person | None = None) -> int:
        """An open sheet over stock keys, made a minute later than now."""
        self.clock.forward(MINUTE)
        return self.counting.create_sheet(by or self.people.supervisor, key_ids=keys).sheet_id

    def lines(self, sheet: int) -> tuple[ResultLine, ...]:
        """The results of a sheet, line by line."""
        return self.counting.results(self.people.supervisor, sheet).lines

    def line(self, sheet: int, position: int = 1) -> int:
        """Id of a line of a sheet."""
        return next(line.line_id for line in self.lines(sheet) if line.position == position)

    def count(self, key: int, first: str, recount: str = "", third: str = "") -> ResultLine:
        """A key counted by the counter and, if wanted, by the other counter; a minute between each."""
        sheet = self.sheet(key)
        staff = self.people
        for person, text in ((staff.counter, first), (staff.other_counter, recount)):
            if text:
                self.clock.forward(MINUTE)
                self.counting.enter(person, self.line(sheet), text)
                self.counting.submit(person, sheet)
        if third:
            self.counting.ask_recount(staff.supervisor, [self.line(sheet)])
            self.clock.forward(MINUTE)
            self.counting.enter(staff.other_supervisor, self.line(sheet), third)
            self.counting.submit(staff.other_supervisor, sheet)
        self.clock.forward(MINUTE)
        return self.lines(sheet)[0]

    # --- settlement

    def propose(self, key: int, shelf: str, cause: str = "K3", **more: Any) -> Proposed:
        """Count twice, find ``shelf``, and have the supervisor propose what differs."""
        line = self.count(key, shelf, shelf)
        assert line.final is not None
        return self.settlement.propose(
            self.people.supervisor, entry_id=line.final.entry_id, cause=cause, **more
        )

    def shown(self, *adjustments: int, to: Person | None = None) -> dict[int, str]:
        """What an approver who looks at adjustments now will sign."""
        reader = to or self.people.other_supervisor
        return {a: self.settlement.approval_view(reader, a).shown_hash for a in adjustments}

    def approve(self, by: Person, *adjustments: int, **more: Any) -> Posted:
        """Look at adjustments and approve them."""
        more.setdefault("shown_hashes", self.shown(*adjustments, to=by))
        return self.settlement.approve(by, adjustments, SECRET, **more)

    def settle(self, key: int, shelf: str, cause: str = "K3") -> int:
        """The whole road from two counts to a posting by a manager; answers the adjustment."""
        made = self.propose(key, shelf, cause)
        self.approve(self.people.manager, made.adjustment_id)
        return made.adjustment_id

    # --- surroundings

    def policy(self, **changed: Any) -> None:
        """Put a policy in force before the test begins (by the other manager, who then stays out of it)."""
        Policies(self.database).change(self.people.other_manager, Policy(**changed), "as the test wants it")
        self.clock.forward(MINUTE)

    def document(
        self, kind: str, item: str, quantity: str, *, location: str = "", lot: str = "", done: str = "0"
    ) -> int:
        """An open document with one line; answers its id."""
        self._documents += 1
        item_id = self.warehouse.item(item)
        location_id = self.warehouse.location(location) if location else None
        with self.database.write() as work:
            document = work.connection.execute(
                insert(schema.document)
                .values(
                    source_id=work.connection.execute(
                        select(schema.source.c.id).order_by(schema.source.c.id).limit(1)
                    ).scalar_one(),
                    kind=kind,
                    number=f"DOC-{self._documents}",
                )
                .returning(schema.document.c.id)
            ).scalar_one()
            work.connection.execute(
                insert(schema.document_line).values(
                    document_id=document,
                    line="1",
                    item_id=item_id,
                    location_id=location_id,
                    lot=lot,
                    quantity=micro(quantity),
                    done_quantity=micro(done),
                )
            )
            work.audit("test document", f"document {document}")
            work.changed(everything=True)
            work.commit()
        return int(document)

    def on_hand(self, key: int) -> int:
        """Book balance now, micro-units."""
        with self.database.read() as connection:
            query = select(schema.balance.c.on_hand).where(schema.balance.c.key_id == key)
            return int(connection.execute(query).scalar() or 0)

    def case_state(self, case_id: int) -> str:
        """State of a case."""
        return str(self.one(f"SELECT state FROM stock_case WHERE id = {case_id}"))

    def case_of(self, key: int) -> int:
        """Id of the newest negative case of a key."""
        return int(self.one(f"SELECT max(id) FROM stock_case WHERE queue = 'negative' AND key_id = {key}"))

    def one(self, sql: str) -> Any:
        """One value of the database."""
        with self.database.read() as connection:
            return connection.exec_driver_sql(sql).scalar_one()

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """All SQL that runs inside."""
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)


@contextmanager
def refused(code: str) -> Iterator[DomainError]:
    """The block is refused with this code; the caught error is filled in for looking at its facts."""
    told = DomainError(code)
    with pytest.raises(DomainError) as caught:
        yield told
    assert caught.value.code == code, f"refused with {caught.value} instead of {code}"
    told.fields = caught.value.fields


@pytest.fixture
def floor(warehouse: Warehouse) -> Floor:
    """Counting and settlement over a fresh warehouse."""
    warehouse.source()
    return Floor(warehouse)
