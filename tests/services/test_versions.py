"""Whoever decides about something that another person changed since it was shown is told so, and nothing is
written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.warehouse import Warehouse
from zeroline.domain.errors import ChangedMeanwhile
from zeroline.domain.person import Person
from zeroline.services.casework import Casework
from zeroline.services.counting import Counting
from zeroline.services.lookup import Lookup

Verb = Callable[[Casework, Person, int, int], Any]

SEVERAL: dict[str, Verb] = {
    "take": lambda work, who, case, at: work.take(who, [case], versions={case: at}),
    "assign": lambda work, who, case, at: work.assign(who, [case], who.id, versions={case: at}),
    "dismiss": lambda work, who, case, at: work.dismiss(who, [case], "why", versions={case: at}),
    "close": lambda work, who, case, at: work.close(who, [case], cause="K2", versions={case: at}),
    "tag several": lambda work, who, case, at: work.tag_causes(who, [case], "K2", versions={case: at}),
    "tag": lambda work, who, case, at: work.tag_cause(who, case, "K2", version=at),
    "wait": lambda work, who, case, at: work.wait_for_document(who, case, "PO-1", version=at),
    "verify": lambda work, who, case, at: work.verify(who, case, version=at),
    "reopen": lambda work, who, case, at: work.reopen(who, case, "why", version=at),
}


@pytest.fixture
def casework(warehouse: Warehouse) -> Casework:
    return Casework(warehouse.database)


@pytest.fixture
def case_id(warehouse: Warehouse) -> int:
    warehouse.move("BRG-6204", "E-02", "-8", "2026-03-01T09:12:00Z")
    with warehouse.database.read_plain() as connection:
        return int(connection.exec_driver_sql("SELECT MAX(id) FROM stock_case").scalar())


def view(warehouse: Warehouse, case_id: int) -> Any:
    return Lookup(warehouse.database).case(warehouse.people.supervisor, case_id)


@pytest.mark.parametrize("verb", SEVERAL)
def test_a_case_that_another_changed_since_is_not_written_over(warehouse, casework, case_id, verb):
    shown = view(warehouse, case_id).version
    casework.assign(warehouse.people.manager, [case_id], warehouse.people.other_supervisor.id)
    with pytest.raises(ChangedMeanwhile) as told:
        SEVERAL[verb](casework, warehouse.people.supervisor, case_id, shown)
    facts = told.value.fields
    assert (facts["who"], facts["events"], facts["owner"], facts["state"]) == (
        "Mara Manager",
        ("assigned",),
        "Olga Othersupervisor",
        "assigned",
    )
    assert view(warehouse, case_id).version == shown + 1


def test_one_case_that_changed_stops_all_of_several(warehouse, casework, case_id):
    warehouse.move("BRG-6205", "E-03", "-8", "2026-03-01T09:12:00Z")
    other = case_id + 1
    shown = {id: view(warehouse, id).version for id in (case_id, other)}
    casework.take(warehouse.people.manager, [other])
    with pytest.raises(ChangedMeanwhile):
        casework.dismiss(warehouse.people.supervisor, [case_id, other], "why", versions=shown)
    assert view(warehouse, case_id).state == "new"


def test_what_one_did_oneself_is_no_news(warehouse, casework, case_id):
    shown = view(warehouse, case_id).version
    casework.take(warehouse.people.supervisor, [case_id])
    casework.dismiss(warehouse.people.supervisor, [case_id], "why", versions={case_id: shown})
    assert view(warehouse, case_id).state == "dismissed"


def test_a_note_of_another_person_stops_nobody(warehouse, casework, case_id):
    shown = view(warehouse, case_id).version
    casework.note(warehouse.people.manager, case_id, "have a look")
    casework.take(warehouse.people.supervisor, [case_id], versions={case_id: shown})
    assert view(warehouse, case_id).owner == "Sam Supervisor"


@pytest.mark.parametrize("verb", ["assign", "cancel"])
def test_a_sheet_that_another_changed_since_is_not_written_over(warehouse, case_id, verb):
    counting, people = Counting(warehouse.database), warehouse.people
    made = counting.create_sheet(people.supervisor, case_ids=[case_id])
    (row,) = counting.sheets(people.supervisor)
    counting.assign(people.manager, made.sheet_id, people.counter.id, None, version=row.version)
    late = {
        "assign": lambda: counting.assign(
            people.supervisor, made.sheet_id, people.other_counter.id, None, version=row.version
        ),
        "cancel": lambda: counting.cancel(people.supervisor, made.sheet_id, "why", version=row.version),
    }[verb]
    with pytest.raises(ChangedMeanwhile) as told:
        late()
    assert (told.value.fields["who"], told.value.fields["events"]) == ("Mara Manager", ("assigned",))
    assert counting.sheets(people.supervisor)[0].assigned_to == "Cora Counter"
